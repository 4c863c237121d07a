//! Receiving a check-in: two parts in order, counted byte by byte, hashed on the way, cut off when they stand still.

use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{HttpRequest, http::header, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use tokio::time::{Instant, timeout_at};

use crate::{config::Config, session::device_key::TOKEN_MAX};

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
    /// The `signature` part.
    pub signature: Option<String>,
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
        let limit = self.photo_bytes + self.checkin_bytes + TOKEN_MAX + FRAMING_MAX;
        let announced =
            request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        match announced {
            Some(length) if length > limit => Err(UploadError::TooLarge { part: "the body", limit }),
            Some(length) => Ok(length),
            None => Ok(limit),
        }
    }
}

/// An answer in a case that arrived.
pub struct ReceivedAnswer {
    /// The `answer` part.
    pub answer: Vec<u8>,
    /// The photo beside it, with its SHA-256.
    pub photo: Option<(Bytes, [u8; 32])>,
}

/// Reads an answer in a case: what it says, and a photo where there is one.
///
/// # Errors
/// [`UploadError`]; what had arrived is dropped.
pub async fn receive_answer(
    request: &HttpRequest,
    body: web::Payload,
    limits: &UploadLimits,
) -> Result<ReceivedAnswer, UploadError> {
    let mut reader = Reader::new(request, body, limits);
    let part = reader.part("answer").await?;
    let answer = reader.short(part, "the answer part", limits.checkin_bytes).await?;
    let photo = match reader.next().await? {
        Some(part) if name(&part) == "photo" => Some(reader.photo(part).await?),
        Some(part) => return Err(unexpected(&part)),
        None => None,
    };
    reader.nothing_more().await?;
    Ok(ReceivedAnswer { answer, photo })
}

/// Reads the parts of a check-in: `checkin`, a `signature` where there is one, `photo`.
///
/// # Errors
/// [`UploadError`]; what had arrived is dropped.
pub async fn receive(
    request: &HttpRequest,
    body: web::Payload,
    limits: &UploadLimits,
) -> Result<Received, UploadError> {
    let mut reader = Reader::new(request, body, limits);
    let part = reader.part("checkin").await?;
    let checkin = reader.short(part, "the checkin part", limits.checkin_bytes).await?;
    let mut part = reader.next().await?.ok_or_else(|| missing("photo"))?;
    let mut signature = None;
    if name(&part) == "signature" {
        let bytes = reader.short(part, "the signature part", TOKEN_MAX).await?;
        // What is no text is no signature of anybody's.
        signature = Some(String::from_utf8(bytes).unwrap_or_default());
        part = reader.next().await?.ok_or_else(|| missing("photo"))?;
    }
    if name(&part) != "photo" {
        return Err(wrong("photo", &part));
    }
    let (photo, sha256) = reader.photo(part).await?;
    reader.nothing_more().await?;
    Ok(Received { checkin, signature, photo, sha256 })
}

struct Reader<'a> {
    form: Multipart,
    ends: Instant,
    limits: &'a UploadLimits,
}

impl<'a> Reader<'a> {
    fn new(request: &HttpRequest, body: web::Payload, limits: &'a UploadLimits) -> Self {
        Self { form: Multipart::new(request.headers(), body), ends: Instant::now() + limits.total, limits }
    }

    async fn short(&mut self, mut part: Field, called: &'static str, limit: usize) -> Result<Vec<u8>, UploadError> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk(&mut part).await? {
            if bytes.len() + chunk.len() > limit {
                return Err(UploadError::TooLarge { part: called, limit });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    async fn photo(&mut self, mut part: Field) -> Result<(Bytes, [u8; 32]), UploadError> {
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
            Some(part) => Err(unexpected(&part)),
        }
    }

    /// The next part, which has to have this name.
    async fn part(&mut self, expected: &str) -> Result<Field, UploadError> {
        let part = self.next().await?.ok_or_else(|| missing(expected))?;
        if name(&part) == expected { Ok(part) } else { Err(wrong(expected, &part)) }
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

fn missing(expected: &str) -> UploadError {
    UploadError::Malformed(format!("the part `{expected}` is missing"))
}

fn wrong(expected: &str, part: &Field) -> UploadError {
    UploadError::Malformed(format!("the part `{expected}` has to come here, not `{}`", name(part)))
}

fn unexpected(part: &Field) -> UploadError {
    UploadError::Malformed(format!("there is a further part `{}`", name(part)))
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
