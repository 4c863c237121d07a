//! Versions of a place: what one more does to those there are. Shapes are never changed, only the last day of a version.

use super::vault::{self, PLACE_SHAPE, VaultError};
use crate::{
    app::App,
    evidence::location::shape::Shape,
    model::{
        ids::{PersonId, PlaceId, PlaceRequestId},
        time::WorkDate,
        words::PlaceKind,
    },
    store::{
        StoreError, Tx,
        places::{self, PlaceRow},
    },
};

/// One more version.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// Whose.
    pub person_id: PersonId,
    /// What kind.
    pub kind: PlaceKind,
    /// Its fence.
    pub shape: &'a Shape,
    /// Uncertainty of its position, metres.
    pub sigma_m: f64,
    /// First day.
    pub from: WorkDate,
    /// Last day.
    pub to: Option<WorkDate>,
    /// The request it comes from.
    pub request_id: Option<PlaceRequestId>,
}

/// Why there is no new version.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// Another home begins inside the days of this one.
    #[error("another home begins on {0}, inside the days of this one; choose other days")]
    Overlap(WorkDate),
    /// The seal.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds a version; the person has to be held. Of homes exactly one holds on a day: the one before ends the day before,
/// and goes on behind a new one that has an end. Homes that begin inside the new days are in the way, or, with
/// `supersede`, end before they began and go on behind.
///
/// # Errors
/// [`VersionError`]; the transaction must then not be committed.
pub async fn add(app: &App, tx: &mut Tx, new: &New<'_>, supersede: bool) -> Result<PlaceId, VersionError> {
    let mut existing = places::of_person(tx, new.person_id).await?;
    existing.retain(|row| row.kind == new.kind);
    let version = existing.iter().map(|row| row.version).max().unwrap_or(0) + 1;
    let mut goes_on = None;
    if new.kind == PlaceKind::Home {
        for row in existing.iter().filter(|row| touches(row, new)) {
            if row.valid_from >= new.from && !supersede {
                return Err(VersionError::Overlap(row.valid_from));
            }
            // One that begins later ends before it began: it never holds, and stays to be seen.
            let last = new.from.max(row.valid_from).plus_days(-1);
            places::set_end(tx, row.id, Some(last.min(row.valid_to.unwrap_or(last)))).await?;
            if let Some(to) = new.to.filter(|to| row.valid_to.is_none_or(|last| last > *to)) {
                goes_on = Some((row, to.plus_days(1)));
            }
        }
    }
    let id = insert(app, tx, new, version).await?;
    if let Some((row, from)) = goes_on {
        let shape: Shape = vault::open(app, PLACE_SHAPE, row.id.0, &row.shape)?;
        let again = New { shape: &shape, sigma_m: row.sigma_m, from, to: row.valid_to, ..*new };
        insert(app, tx, &again, version + 1).await?;
    }
    Ok(id)
}

/// Whether a version that holds on some day holds on a day of the new one.
fn touches(row: &PlaceRow, new: &New<'_>) -> bool {
    let holds = row.valid_to.is_none_or(|last| last >= row.valid_from);
    holds && row.valid_to.is_none_or(|last| last >= new.from) && new.to.is_none_or(|to| row.valid_from <= to)
}

async fn insert(app: &App, tx: &mut Tx, new: &New<'_>, version: i64) -> Result<PlaceId, VersionError> {
    let now = app.now();
    let id = PlaceId::new(now, &app.chance);
    let row = PlaceRow {
        id,
        person_id: new.person_id,
        kind: new.kind,
        version,
        shape: vault::seal(app, PLACE_SHAPE, id.0, new.shape)?,
        cell_key: Some(vault::cell_key(app, new.shape.middle())),
        sigma_m: new.sigma_m,
        valid_from: new.from,
        valid_to: new.to,
        created_at: now,
        request_id: new.request_id,
    };
    places::insert(tx, &row).await?;
    Ok(id)
}
