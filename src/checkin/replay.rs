//! Judges a stored check-in's position again, from what is stored: the same fix, the same place versions, the same
//! parameters have to give the same answer, whatever happened to the person's places since.

use super::{draft::Draft, positions};
use crate::{
    app::App,
    evidence::location::{
        assess::LocationEvidence,
        fence::{self, Judged, MODEL},
        fix,
    },
    model::ids::CheckinId,
    places::vault::{self, VaultError},
    store::{StoreError, Tx, checkins, places, positions as store_positions},
};

/// Why a decision cannot be made again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// There is no such check-in, or nothing was kept of it.
    #[error("there is nothing to judge again")]
    Nothing,
    /// It was decided by a model of another release.
    #[error("it was judged by {0}, this release knows {MODEL}")]
    OtherModel(String),
    /// What was kept cannot be read.
    #[error("what was kept of it cannot be read")]
    Unreadable,
    /// The seal.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The decision as it was kept, and as it comes out now.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    /// Then; none when there was no position or no place.
    pub kept: Option<Judged>,
    /// Now.
    pub again: Option<Judged>,
}

/// Judges the position of a check-in again.
///
/// # Errors
/// [`ReplayError`].
pub async fn judge(app: &App, tx: &mut Tx, id: CheckinId) -> Result<Replayed, ReplayError> {
    let evidence = checkins::evidence(tx, id).await?.ok_or(ReplayError::Nothing)?;
    let evidence: LocationEvidence =
        serde_json::from_value(evidence.location.0).map_err(|_| ReplayError::Unreadable)?;
    if evidence.model != MODEL {
        return Err(ReplayError::OtherModel(evidence.model));
    }
    let row = store_positions::by_checkin(tx, id).await?.ok_or(ReplayError::Nothing)?;
    let sealed = positions::open(app, id, &row.sealed)?;
    // From the phone's own words, not from what was taken out of them then.
    let draft = Draft::parse(sealed.request.as_bytes()).map_err(|_| ReplayError::Unreadable)?;
    let checked: Vec<_> = draft.fixes.iter().map(|reported| fix::usable(reported, draft.made_at())).collect();
    let Some(kept) = evidence.judged else { return Ok(Replayed { kept: None, again: None }) };
    let mut fences = Vec::new();
    for standing in &kept.standings {
        let place = places::by_id(tx, standing.place_id).await?.ok_or(ReplayError::Nothing)?;
        fences.push(vault::fence(app, &place)?);
    }
    let again =
        fix::best(&checked).and_then(|(_, fix)| fence::judge_by(fix, draft.accuracy_basis, &fences, kept.parameters));
    Ok(Replayed { kept: Some(kept), again })
}
