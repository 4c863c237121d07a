//! Places: where a person may check in on a day.

use crate::{
    evidence::location::fence::Fence,
    model::{geo::Position, ids::PersonId, time::WorkDate},
    store::{StoreError, Tx, places},
};

/// The fences of a person in force on a day.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn fences(tx: &mut Tx, person_id: PersonId, on: WorkDate) -> Result<Vec<Fence>, StoreError> {
    let rows = places::in_force(tx, person_id, on).await?;
    let fence = |row: &places::PlaceRow| {
        let centre = Position::new(row.latitude, row.longitude).ok()?;
        Some(Fence { place_id: row.id, kind: row.kind, centre, radius_m: row.radius_m, sigma_m: row.sigma_m })
    };
    Ok(rows.iter().filter_map(fence).collect())
}
