//! OUTBOUND EDGE for photos: a local folder, an S3 server, or memory behind one trait.
//!
//! The key holds the check-in's id and the photo's hash, so a repeat can only write the same bytes, and nothing relies
//! on conditional writes, which real servers ignore.

pub mod fs;
pub mod memory;
pub mod s3;

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use uuid::Uuid;

use crate::model::{
    ids::{AnswerId, CheckinId},
    time::{Timestamp, WorkDate},
};

/// `WORK-DATE/CHECKIN-ID-SHA256`, or an answer's id in its place, with `.SIDE.jpg` behind it for a display copy.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct BlobKey(String);

impl BlobKey {
    /// The key of a check-in's photo.
    pub fn photo(work_date: WorkDate, id: CheckinId, sha256: &[u8; 32]) -> Self {
        Self(format!("{work_date}/{id}-{}", hex::encode(sha256)))
    }

    /// The key of a photo beside an answer in a case.
    pub fn answer(work_date: WorkDate, id: AnswerId, sha256: &[u8; 32]) -> Self {
        Self(format!("{work_date}/{id}-{}", hex::encode(sha256)))
    }

    /// The key of a display copy of this photo.
    #[must_use]
    pub fn copy(&self, side_px: u32) -> Self {
        Self(format!("{}.{side_px}.jpg", self.0))
    }

    /// Takes a key that was stored, or found in a listing; nothing when it is none of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_once('/')?;
        date.parse::<WorkDate>().ok()?;
        let (id, hash) = (rest.get(..36)?, rest.get(37..101)?);
        id.parse::<CheckinId>().ok()?;
        let tail = &rest[101..];
        let sound = rest.as_bytes().get(36) == Some(&b'-')
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
            && (tail.is_empty() || (tail.starts_with('.') && !tail.contains('/')));
        sound.then(|| Self(text.to_owned()))
    }

    /// The id of the check-in or the answer the object belongs to.
    pub fn owner(&self) -> Option<Uuid> {
        self.0.split_once('/')?.1.get(..36)?.parse().ok()
    }

    /// Whether it is the key of a display copy.
    pub fn is_copy(&self) -> bool {
        self.0.rsplit('/').next().is_some_and(|name| name.contains('.'))
    }

    /// The key of the photo that this is, or is a copy of.
    pub fn original(&self) -> &str {
        self.0.split_once('.').map_or(&self.0, |(photo, _)| photo)
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An object found in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: BlobKey,
    /// When it was written.
    pub modified: Timestamp,
}

/// Why an object could not be kept or found.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The folder or the server failed.
    #[error("the photo store failed to {doing} {key}")]
    Failed {
        /// What was tried.
        doing: &'static str,
        /// With which object.
        key: String,
        /// What it answered.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// After a doubtful write the object was read back, and is something else.
    #[error("the photo store holds other bytes under {0} than were sent")]
    OtherBytes(String),
}

impl BlobError {
    pub(crate) fn failed(
        doing: &'static str,
        key: impl fmt::Display,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Failed { doing, key: key.to_string(), source: source.into() }
    }
}

/// Keeps objects durably.
#[async_trait]
pub trait Blobs: Send + Sync {
    /// Keeps the bytes; when it returns, a power cut cannot lose them. Repeating it with the same key is harmless.
    async fn put(&self, key: &BlobKey, bytes: Bytes, sha256: &[u8; 32]) -> Result<(), BlobError>;

    /// The bytes, or nothing when there is no such object. The caller compares the hash.
    async fn get(&self, key: &BlobKey) -> Result<Option<Bytes>, BlobError>;

    /// Removes the object; not an error when there is none.
    async fn delete(&self, key: &BlobKey) -> Result<(), BlobError>;

    /// Every object of a work date.
    async fn list(&self, work_date: WorkDate) -> Result<Vec<Listed>, BlobError>;

    /// Whether it would answer now.
    async fn ready(&self) -> Result<(), BlobError>;

    /// Its name, for people and metrics.
    fn name(&self) -> &'static str;
}
