//! Looking at a photo: a small copy without metadata, made when somebody first looks, and each look is logged.

use std::sync::Arc;

use aws_lc_rs::hmac;
use bytes::Bytes;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::permit::{Permit, Relation};
use crate::{
    app::App,
    blobs::{BlobError, BlobKey},
    evidence::photo::{decode::Undecodable, rendition},
    log::{self, LogError},
    model::{
        ids::{CheckinId, PersonId},
        words::EntryKind,
    },
    store::StoreError,
    work::WorkError,
};

/// Longer sides of the copies, pixels, largest first; both are made at once, because decoding is most of the work.
pub const SIDES_PX: [u32; 2] = [1280, 320];

/// Length of the seal behind a copy.
const TAG_BYTES: usize = 32;

/// Why a photo cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// The object is gone although its row is there.
    #[error("the photo of check-in {0} is not in the photo store")]
    Missing(CheckinId),
    /// The stored bytes are not those that were received.
    #[error("the photo of check-in {0} is not the one that was received")]
    Altered(CheckinId),
    /// No copy can be made of it.
    #[error(transparent)]
    Undecodable(#[from] Undecodable),
    /// The machine is busy.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// The photo store failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed; then nothing is shown.
    #[error(transparent)]
    Log(#[from] LogError),
}

#[derive(Serialize)]
struct Look {
    checkin_id: CheckinId,
    viewer: PersonId,
    own: bool,
    side_px: u32,
}

/// A copy of a check-in's photo as JPEG bytes; the look is in the log before the first byte is shown.
///
/// # Errors
/// [`PhotoError`].
pub async fn look(app: &App, permit: &Permit, viewer: PersonId, side_px: u32) -> Result<Bytes, PhotoError> {
    let copy = copy(app, permit, side_px).await?;
    let look = Look { checkin_id: permit.checkin().id, viewer, own: permit.relation() == Relation::Own, side_px };
    let mut tx = app.store.write().await?;
    log::append(&mut tx, EntryKind::EvidenceViewed, &look, app.now(), &app.chance).await?;
    tx.commit().await?;
    Ok(copy)
}

async fn copy(app: &App, permit: &Permit, side_px: u32) -> Result<Bytes, PhotoError> {
    let checkin = permit.checkin();
    let key = BlobKey::parse(&checkin.photo_key).ok_or(PhotoError::Missing(checkin.id))?;
    if let Some(kept) = kept(app, &key.copy(side_px)).await? {
        return Ok(kept);
    }
    // Of all who ask at the same time one makes the copies; the others find them afterwards.
    let _turn = app.work.one_at_a_time(key.as_str()).await;
    if let Some(kept) = kept(app, &key.copy(side_px)).await? {
        return Ok(kept);
    }
    let original = app.blobs.get(&key).await?.ok_or(PhotoError::Missing(checkin.id))?;
    if Sha256::digest(&original).as_slice() != checkin.photo_sha256 {
        tracing::error!(checkin = %checkin.id, "the stored photo is not the one that was received");
        return Err(PhotoError::Altered(checkin.id));
    }
    let examiner = Arc::clone(&app.examiner);
    let made = app.work.decode(move || rendition::copies(&original, &SIDES_PX, &examiner.limits)).await??;
    app.metrics.copies_made.inc();
    let mut asked = None;
    for (side, made) in SIDES_PX.into_iter().zip(made) {
        let (copy_key, made) = (key.copy(side), Bytes::from(made));
        let sealed = seal(&app.keys.copies, &copy_key, &made);
        let sha256 = Sha256::digest(&sealed).into();
        app.blobs.put(&copy_key, sealed, &sha256).await?;
        asked = if side == side_px { Some(made) } else { asked };
    }
    asked.ok_or(PhotoError::Missing(checkin.id))
}

/// A copy that was made before; nothing when there is none, or when it is not as it was made.
async fn kept(app: &App, copy_key: &BlobKey) -> Result<Option<Bytes>, BlobError> {
    let kept = app.blobs.get(copy_key).await?;
    Ok(kept.and_then(|sealed| unseal(&app.keys.copies, copy_key, &sealed)))
}

/// `copy || HMAC-SHA-256(key of the object || copy)`: only this service makes copies that it shows.
fn seal(key: &hmac::Key, name: &BlobKey, copy: &[u8]) -> Bytes {
    let tag = hmac::sign(key, &[name.as_str().as_bytes(), copy].concat());
    Bytes::from([copy, tag.as_ref()].concat())
}

/// The copy of a sealed object; nothing when it is not sealed by us under this name.
fn unseal(key: &hmac::Key, name: &BlobKey, sealed: &Bytes) -> Option<Bytes> {
    let length = sealed.len().checked_sub(TAG_BYTES)?;
    let (copy, tag) = sealed.split_at(length);
    hmac::verify(key, &[name.as_str().as_bytes(), copy].concat(), tag).ok()?;
    Some(sealed.slice(..length))
}
