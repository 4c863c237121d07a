//! Sign-ins of the console: an opaque secret in a cookie, kept only as its hash. It ends when nobody used it for a while,
//! and after a working day in any case.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use super::{SignedIn, sign_in, sign_in::SignInError, signed_in};
use crate::{
    app::App,
    model::{
        ids::{PersonId, SessionId},
        time::Timestamp,
    },
    store::{
        StoreError,
        sessions::{self, SessionRow},
    },
};

/// How often a sign-in that is used is noted as used, seconds.
const NOTED_EVERY_S: f64 = 60.0;
const ID_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;

/// What a signed-in browser holds.
pub struct Cookies {
    /// Names and proves the sign-in.
    pub session: String,
    /// Marks the browser as known at the next sign-in.
    pub device: String,
    /// Who signed in.
    pub person_id: PersonId,
}

/// Signs a person in to the console.
///
/// # Errors
/// [`SignInError`], as on a phone.
pub async fn open(app: &App, nip: &str, typed: &str, device: Option<&str>) -> Result<Cookies, SignInError> {
    let (person_id, device) = sign_in::check(app, nip, typed, device).await?;
    let now = app.now();
    let id = SessionId::new(now, &app.chance);
    let secret: [u8; SECRET_BYTES] = app.chance.bytes();
    let row = SessionRow {
        id,
        person_id,
        generation: 0,
        created_at: now,
        rotated_at: now,
        expires_at: now.plus_seconds(app.config.console_session_s),
        revoked_at: None,
        cookie_sha256: Some(hash(&secret)),
        seen_at: Some(now),
    };
    let mut tx = app.store.write().await?;
    sessions::insert(&mut tx, &row).await?;
    tx.commit().await?;
    let session = URL_SAFE_NO_PAD.encode([id.0.as_bytes().as_slice(), &secret].concat());
    Ok(Cookies { session, device, person_id })
}

/// Looks up who stands behind a cookie now; nothing when it is none of ours, was revoked, is over, or lay idle too long.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn resolve(app: &App, cookie: &str) -> Result<Option<SignedIn>, StoreError> {
    let Some((id, secret_sha256)) = read(cookie) else { return Ok(None) };
    let now = app.now();
    let used_since = now.plus_seconds(-app.config.console_idle_s);
    let mut tx = app.store.glance().await?;
    let Some(seen_at) = sessions::console(&mut tx, id, &secret_sha256, used_since).await? else { return Ok(None) };
    let found = signed_in(&sessions::holder(&mut tx, id, now).await?, id, now);
    drop(tx);
    if found.is_some() && now.seconds_since(seen_at) >= NOTED_EVERY_S {
        note(app, id, now).await?;
    }
    Ok(found)
}

async fn note(app: &App, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    let mut tx = app.store.write().await?;
    sessions::seen(&mut tx, id, now).await?;
    tx.commit().await
}

fn hash(secret: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, secret).as_ref().to_vec()
}

fn read(cookie: &str) -> Option<(SessionId, Vec<u8>)> {
    let bytes = URL_SAFE_NO_PAD.decode(cookie).ok()?;
    let (id, secret) = bytes.split_at_checked(ID_BYTES)?;
    (secret.len() == SECRET_BYTES).then_some((SessionId(Uuid::from_slice(id).ok()?), hash(secret)))
}
