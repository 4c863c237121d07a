//! A check-in on a map without coordinates, for whoever reviews it; the look is logged first.

use serde::Serialize;

use super::{
    draft::Draft,
    permit::{Permit, Relation},
    positions,
};
use crate::{
    app::App,
    evidence::location::{assess::LocationEvidence, fix},
    log::{self, LogError, looks::Look},
    model::{
        geo::Position,
        ids::{CheckinId, PersonId},
        words::{LookKind, PlaceKind},
    },
    places::{
        drawing::{self, Drawing},
        vault::{self, VaultError},
    },
    store::{StoreError, checkins, places, positions as store_positions},
};

/// Why no map is shown.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    /// There is nothing to draw: no place, no position, or it is the person's own.
    #[error("there is no map of this check-in for you")]
    Nothing,
    /// The seal.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed; then nothing is shown.
    #[error(transparent)]
    Log(#[from] LogError),
}

#[derive(Serialize)]
struct LogRecord {
    checkin_id: CheckinId,
    viewer: PersonId,
    what: &'static str,
}

/// The fence it fits best and its fixes. Not for the person: who knows where they stood could read the exact
/// centre off it.
///
/// # Errors
/// [`MapError`].
pub async fn look(app: &App, permit: &Permit, viewer: PersonId) -> Result<Drawing, MapError> {
    if permit.relation() == Relation::Own {
        return Err(MapError::Nothing);
    }
    let id = permit.checkin().id;
    let mut tx = app.store.write().await?;
    let evidence = checkins::evidence(&mut tx, id).await?.ok_or(MapError::Nothing)?;
    let evidence: LocationEvidence = serde_json::from_value(evidence.location.0).map_err(|_| MapError::Nothing)?;
    let judged = evidence.judged.ok_or(MapError::Nothing)?;
    let place = places::by_id(&mut tx, judged.best.place_id).await?.ok_or(MapError::Nothing)?;
    let fence = vault::fence(app, &place)?;
    let medical = matches!(place.kind, PlaceKind::Hospital | PlaceKind::Isolation);
    let row = store_positions::by_checkin(&mut tx, id).await?.ok_or(MapError::Nothing)?;
    let sealed = positions::open(app, id, &row.sealed)?;
    let fixes: Vec<(Position, f64)> = Draft::parse(sealed.request.as_bytes())
        .map(|draft| draft.fixes.iter().filter_map(|fix| fix::usable(fix, draft.made_at()).ok()).collect::<Vec<_>>())
        .unwrap_or_default()
        .into_iter()
        .map(|fix| (fix.position, fix.accuracy_m))
        .collect();
    let drawing = drawing::draw(&fence.shape, !medical, &fixes);
    let look = Look { checkin_id: id, viewer, what: LookKind::Map };
    log::looks::append(&mut tx, &look, &LogRecord { checkin_id: id, viewer, what: "map" }, app.now(), &app.chance)
        .await?;
    tx.commit().await.map_err(MapError::Store)?;
    Ok(drawing)
}
