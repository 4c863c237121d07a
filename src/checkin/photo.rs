//! Looking at a check-in's photo: each look is logged before the first byte is shown.

use bytes::Bytes;
use serde::Serialize;

use super::permit::{Permit, Relation};
use crate::{
    app::App,
    display::{DisplayError, Original},
    log::{self, LogError, looks::Look},
    model::{
        ids::{CheckinId, PersonId},
        words::LookKind,
    },
    store::StoreError,
};

/// Why a photo cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// There is no copy of it.
    #[error(transparent)]
    Display(#[from] DisplayError),
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
    own: bool,
    side_px: u32,
}

/// A copy of a check-in's photo as JPEG bytes.
///
/// # Errors
/// [`PhotoError`].
pub async fn look(app: &App, permit: &Permit, viewer: PersonId, side_px: u32) -> Result<Bytes, PhotoError> {
    let checkin = permit.checkin();
    let copy = async { Original::new(&checkin.photo_key, &checkin.photo_sha256)?.copy(app, side_px).await }.await;
    // What passes by itself is asked for again.
    if let Err(DisplayError::Work(_) | DisplayError::Blob(_)) = &copy {
        return Ok(copy?);
    }
    let own = permit.relation() == Relation::Own;
    let record = LogRecord { checkin_id: checkin.id, viewer, own, side_px };
    let mut tx = app.store.write().await?;
    // Whoever tried has done what can be done: a photo that cannot be shown keeps no case from being decided.
    let what = if copy.is_ok() { LookKind::Photo } else { LookKind::PhotoUnavailable };
    let look = Look { checkin_id: checkin.id, viewer, what };
    log::looks::append(&mut tx, &look, &record, app.now(), &app.chance).await?;
    tx.commit().await?;
    Ok(copy?)
}
