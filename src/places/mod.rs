//! Places: where a person may check in on a day, and how a place comes and goes.
//!
//! A home is registered by being there ([`readings`], [`registration`]), asked for ([`request`]) and approved by somebody
//! else ([`decision`]), who reads what [`overview`] says and opens no map without a trace. Versions are never changed.

pub mod areas;
pub mod decision;
pub mod drawing;
pub mod geojson;
pub mod overview;
pub mod readings;
pub mod registration;
pub mod request;
pub mod reseal;
pub mod transfer;
pub mod vault;
pub mod versions;

use crate::{
    app::App,
    evidence::location::fence::Fence,
    model::{ids::PersonId, time::WorkDate},
    store::{
        StoreError, Tx,
        places::{self, PlaceRow},
    },
};

/// What is in force on a day.
pub struct InForce {
    /// The fences that could be opened.
    pub fences: Vec<Fence>,
    /// How many could not: changed, or sealed by a key that is gone.
    pub unreadable: usize,
}

/// The fences of a person in force on a day.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn in_force(app: &App, tx: &mut Tx, person_id: PersonId, on: WorkDate) -> Result<InForce, StoreError> {
    Ok(opened(app, &places::in_force(tx, person_id, on).await?))
}

/// The fences of places that are known to be in force.
pub fn opened<'a>(app: &App, rows: impl IntoIterator<Item = &'a PlaceRow>) -> InForce {
    let mut found = InForce { fences: Vec::new(), unreadable: 0 };
    for row in rows {
        match vault::fence(app, row) {
            Ok(fence) => found.fences.push(fence),
            Err(error) => {
                tracing::error!(place = %row.id, %error, "a place cannot be read");
                found.unreadable += 1;
            }
        }
    }
    found
}
