//! Receiving a check-in: two parts in order, counted byte by byte, hashed on the way, cut off when they stand still.

use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{HttpRequest, http::header, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use tokio::time::{Instant, timeout_at};

use crate::config::Config;

/// Boundaries and part headers of an honest form, bytes.
const FRAMING_MAX: usize = 4096;
/// A photo whose size is not announced starts with this much room, bytes.
const FIRST_ROOM: usize = 256 * 1024;

/// What an upload is held against.
#[derive(Clone, Copy, Debug)]
pub struct UploadLimits {
    /// Largest photo, bytes.
    pub photo_bytes: usize,
    /// Largest `checkin` part, bytes.
    pub checkin_bytes: usize,
    /// Longest pause.
    pub idle: Duration,
    /// Longest time in all.
    pub total: Duration,
}

/// What arrived.
pub struct Received {
    /// The `checkin` part.
    pub checkin: Vec<u8>,
    /// The photo.
    pub photo: Bytes,
    /// SHA-256 of the photo.
    pub sha256: [u8; 32],
}

/// Why nothing usable arrived.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// A part or the whole is too large.
    #[error("{part} is larger than {limit} bytes")]
    TooLarge {
        /// Which part.
        part: &'static str,
        /// What is allowed.
        limit: usize,
    },
    /// Nothing came for too long.
    #[error("nothing more arrived within {seconds} s")]
    Stalled {
        /// How long was waited.
        seconds: u64,
    },
    /// It kept coming, but too slowly.
    #[error("the upload was not complete after {seconds} s")]
    Slow {
        /// How long it may take.
        seconds: u64,
    },
    /// The body ended inside a part.
    #[error("the body ended before the last part did")]
    Incomplete,
    /// Not the form that is expected.
    #[error("{0}")]
    Malformed(String),
}

impl UploadLimits {
    /// The limits of the settings.
    pub fn new(config: &Config) -> Self {
        Self {
            photo_bytes: config.photo_max_bytes,
            checkin_bytes: config.checkin_max_bytes,
            idle: Duration::from_secs(config.upload_idle_s),
            total: Duration::from_secs(config.upload_total_s),
        }
    }

    /// Bytes to make room for, by the announced length.
    ///
    /// # Errors
    /// [`UploadError::TooLarge`] before a byte of the body is read.
    pub fn room_for(&self, request: &HttpRequest) -> Result<usize, UploadError> {
        let limit = self.photo_bytes + self.checkin_bytes + FRAMING_MAX;
        let announced =
            request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        match announced {
            Some(length) if length > limit => Err(UploadError::TooLarge { part: "the body", limit }),
            Some(length) => Ok(length),
            None => Ok(limit),
        }
    }
}

/// Reads the two parts of a check-in.
///
/// # Errors
/// [`UploadError`]; what had arrived is dropped.
pub async fn receive(
    request: &HttpRequest,
    body: web::Payload,
    limits: &UploadLimits,
) -> Result<Received, UploadError> {
    let mut reader =
        Reader { form: Multipart::new(request.headers(), body), ends: Instant::now() + limits.total, limits };
    let checkin = reader.checkin().await?;
    let (photo, sha256) = reader.photo().await?;
    reader.nothing_more().await?;
    Ok(Received { checkin, photo, sha256 })
}

struct Reader<'a> {
    form: Multipart,
    ends: Instant,
    limits: &'a UploadLimits,
}

impl Reader<'_> {
    async fn checkin(&mut self) -> Result<Vec<u8>, UploadError> {
        let mut part = self.part("checkin").await?;
        let limit = self.limits.checkin_bytes;
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk(&mut part).await? {
            if bytes.len() + chunk.len() > limit {
                return Err(UploadError::TooLarge { part: "the checkin part", limit });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    async fn photo(&mut self) -> Result<(Bytes, [u8; 32]), UploadError> {
        let mut part = self.part("photo").await?;
        let limit = self.limits.photo_bytes;
        let (mut bytes, mut hash) = (BytesMut::with_capacity(FIRST_ROOM), Sha256::new());
        while let Some(chunk) = self.chunk(&mut part).await? {
            if bytes.len() + chunk.len() > limit {
                return Err(UploadError::TooLarge { part: "the photo", limit });
            }
            hash.update(&chunk);
            bytes.extend_from_slice(&chunk);
        }
        Ok((bytes.freeze(), hash.finalize().into()))
    }

    async fn nothing_more(&mut self) -> Result<(), UploadError> {
        match self.next().await? {
            None => Ok(()),
            Some(part) => Err(UploadError::Malformed(format!("there is a further part `{}`", name(&part)))),
        }
    }

    /// The next part, which has to have this name.
    async fn part(&mut self, expected: &str) -> Result<Field, UploadError> {
        let Some(part) = self.next().await? else {
            return Err(UploadError::Malformed(format!("the part `{expected}` is missing")));
        };
        if name(&part) == expected {
            return Ok(part);
        }
        Err(UploadError::Malformed(format!("the part `{expected}` has to come here, not `{}`", name(&part))))
    }

    async fn next(&mut self) -> Result<Option<Field>, UploadError> {
        let until = self.patience();
        let next = timeout_at(until, self.form.next()).await.map_err(|_| self.stalled())?;
        next.transpose().map_err(|error| broken(&error))
    }

    async fn chunk(&mut self, part: &mut Field) -> Result<Option<Bytes>, UploadError> {
        let until = self.patience();
        let next = timeout_at(until, part.next()).await.map_err(|_| self.stalled())?;
        next.transpose().map_err(|error| broken(&error))
    }

    fn patience(&self) -> Instant {
        (Instant::now() + self.limits.idle).min(self.ends)
    }

    fn stalled(&self) -> UploadError {
        if Instant::now() >= self.ends {
            return UploadError::Slow { seconds: self.limits.total.as_secs() };
        }
        UploadError::Stalled { seconds: self.limits.idle.as_secs() }
    }
}

fn name(part: &Field) -> &str {
    part.name().unwrap_or("(no name)")
}

fn broken(error: &MultipartError) -> UploadError {
    match error {
        MultipartError::Incomplete | MultipartError::Payload(_) => UploadError::Incomplete,
        other => UploadError::Malformed(other.to_string()),
    }
}
