//! Refresh tokens: each is good once. The token of a generation is computed from a key, so none is stored, and a lost
//! answer can be repeated with the same successor.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::{
    app::App,
    model::{
        ids::{PersonId, SessionId},
        time::Timestamp,
    },
    store::{
        StoreError, people,
        sessions::{self, SessionRow},
    },
};

/// For this long the same successor is given again: the answer was lost, or two tabs asked at once.
pub const REPEAT_SECONDS: f64 = 30.0;

/// What comes of showing a refresh token.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Good; here is the next.
    Next {
        /// Whose.
        person_id: PersonId,
        /// Of which sign-in.
        session_id: SessionId,
        /// The successor.
        refresh_token: String,
    },
    /// Not a token of ours, or its session is over.
    Invalid,
    /// An old token came back: somebody has a copy. The whole session is revoked.
    Reused,
}

/// Opens a session and gives its first token.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn open(app: &App, person_id: PersonId) -> Result<(SessionId, String), StoreError> {
    let now = app.now();
    let id = SessionId::new(now, &app.chance);
    let expires_at = now.plus_seconds(app.config.session_days * 86_400);
    let row = SessionRow {
        id,
        person_id,
        generation: 1,
        created_at: now,
        rotated_at: now,
        expires_at,
        revoked_at: None,
        cookie_sha256: None,
        seen_at: None,
    };
    let mut tx = app.store.write().await?;
    sessions::insert(&mut tx, &row).await?;
    tx.commit().await?;
    Ok((id, token(&app.keys.refresh, id, 1)))
}

/// Exchanges a token for its successor.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn exchange(app: &App, text: &str) -> Result<Outcome, StoreError> {
    let Some((id, shown)) = read(&app.keys.refresh, text) else { return Ok(Outcome::Invalid) };
    let now = app.now();
    let mut tx = app.store.write().await?;
    let Some(session) = sessions::by_id(&mut tx, id).await?.filter(|session| is_open(session, now)) else {
        return Ok(Outcome::Invalid);
    };
    let person = people::by_id(&mut tx, session.person_id).await?;
    if !person.is_some_and(|person| person.active) {
        return Ok(Outcome::Invalid);
    }
    let next = |generation| Outcome::Next {
        person_id: session.person_id,
        session_id: id,
        refresh_token: token(&app.keys.refresh, id, generation),
    };
    let repeated = shown + 1 == session.generation && now.seconds_since(session.rotated_at) <= REPEAT_SECONDS;
    if shown == session.generation {
        // Two replicas may get here at once: the one that finds the row moved on gives the same successor.
        sessions::rotate(&mut tx, id, shown, now).await?;
        tx.commit().await?;
        return Ok(next(shown + 1));
    }
    if repeated {
        return Ok(next(session.generation));
    }
    sessions::revoke(&mut tx, id, now).await?;
    tx.commit().await?;
    tracing::warn!(session = %id, "an old refresh token came back; the session is revoked");
    Ok(Outcome::Reused)
}

/// Ends a session.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn close(app: &App, id: SessionId) -> Result<(), StoreError> {
    let mut tx = app.store.write().await?;
    sessions::revoke(&mut tx, id, app.now()).await?;
    tx.commit().await
}

/// Ends every session of a person.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn close_all(app: &App, person_id: PersonId) -> Result<(), StoreError> {
    let mut tx = app.store.write().await?;
    sessions::revoke_all(&mut tx, person_id, app.now()).await?;
    tx.commit().await
}

fn is_open(session: &SessionRow, now: Timestamp) -> bool {
    session.revoked_at.is_none() && session.expires_at > now && session.cookie_sha256.is_none()
}

/// `session id (16) || generation (8) || HMAC-SHA-256 of both (32)`, in URL-safe base64.
fn token(key: &hmac::Key, id: SessionId, generation: i64) -> String {
    let mut bytes = Vec::with_capacity(56);
    bytes.extend_from_slice(id.0.as_bytes());
    bytes.extend_from_slice(&generation.to_be_bytes());
    let tag = hmac::sign(key, &bytes);
    bytes.extend_from_slice(tag.as_ref());
    URL_SAFE_NO_PAD.encode(bytes)
}

fn read(key: &hmac::Key, text: &str) -> Option<(SessionId, i64)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (message, tag) = bytes.split_at_checked(24)?;
    hmac::verify(key, message, tag).ok()?;
    let (id, generation) = message.split_at_checked(16)?;
    Some((SessionId(Uuid::from_slice(id).ok()?), i64::from_be_bytes(generation.try_into().ok()?)))
}
