//! Display copies: small, upright, without metadata; made when somebody first looks at a photo, then kept under seal.

use std::sync::Arc;

use aws_lc_rs::hmac;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::{
    app::App,
    blobs::{BlobError, BlobKey},
    evidence::photo::{decode::Undecodable, rendition},
    work::WorkError,
};

/// Longer sides of the copies, pixels, largest first; both are made at once, because decoding is most of the work.
pub const SIDES_PX: [u32; 2] = [1280, 320];

/// Length of the seal behind a copy.
const TAG_BYTES: usize = 32;

/// A kept photo.
#[derive(Clone, Debug)]
pub struct Original {
    /// Where it is kept.
    pub key: BlobKey,
    /// SHA-256 of the bytes that were received.
    pub sha256: Vec<u8>,
}

/// Why a photo cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum DisplayError {
    /// The object is gone although its row is there.
    #[error("the photo {0} is not in the photo store")]
    Missing(String),
    /// The stored bytes are not those that were received.
    #[error("the photo {0} is not the one that was received")]
    Altered(String),
    /// No copy can be made of it.
    #[error(transparent)]
    Undecodable(#[from] Undecodable),
    /// The machine is busy.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// The photo store failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
}

impl Original {
    /// From what a row holds.
    ///
    /// # Errors
    /// [`DisplayError::Missing`] when its key is none of ours.
    pub fn new(key: &str, sha256: &[u8]) -> Result<Self, DisplayError> {
        let key = BlobKey::parse(key).ok_or_else(|| DisplayError::Missing(key.to_owned()))?;
        Ok(Self { key, sha256: sha256.to_vec() })
    }

    /// The bytes as they were received.
    ///
    /// # Errors
    /// [`DisplayError`] when they are gone, or are others.
    pub async fn bytes(&self, app: &App) -> Result<Bytes, DisplayError> {
        let bytes = app.blobs.get(&self.key).await?.ok_or_else(|| DisplayError::Missing(self.key.to_string()))?;
        if Sha256::digest(&bytes).as_slice() != self.sha256 {
            tracing::error!(photo = %self.key, "the stored photo is not the one that was received");
            return Err(DisplayError::Altered(self.key.to_string()));
        }
        Ok(bytes)
    }

    /// A copy of it as JPEG bytes; `side_px` is one of [`SIDES_PX`].
    ///
    /// # Errors
    /// [`DisplayError`].
    pub async fn copy(&self, app: &App, side_px: u32) -> Result<Bytes, DisplayError> {
        let key = &self.key;
        if let Some(kept) = kept(app, &key.copy(side_px)).await? {
            return Ok(kept);
        }
        // Of all who ask at the same time one makes the copies; the others find them afterwards.
        let _turn = app.work.one_at_a_time(key.as_str()).await;
        if let Some(kept) = kept(app, &key.copy(side_px)).await? {
            return Ok(kept);
        }
        let original = self.bytes(app).await?;
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
        asked.ok_or_else(|| DisplayError::Missing(key.to_string()))
    }
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
