//! Signing in with staff number and password.

use super::{access, password, refresh, throttle};
use crate::{
    app::App,
    model::ids::{PersonId, SessionId},
    store::{StoreError, people},
    work::WorkError,
};

/// Longest staff number; NIPs have 18 digits.
pub const NIP_MAX: usize = 32;

/// What a phone gets.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Short-lived, for every request.
    pub access_token: String,
    /// Good once, for the next pair.
    pub refresh_token: String,
    /// Marks this device as known; shown at the next sign-in.
    pub device_token: Option<String>,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Staff number or password is wrong; it is not said which.
    #[error("staff number or password is wrong")]
    Wrong,
    /// Too many failures; attempts are not looked at for a while.
    #[error("too many failed attempts; wait {seconds} s")]
    Throttled {
        /// How long.
        seconds: i64,
    },
    /// Not a refresh token that is good now.
    #[error("the sign-in is over")]
    Over,
    /// An old refresh token came back.
    #[error("the sign-in was ended because an old token came back")]
    Reused,
    /// The machine is busy.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The library refused to sign.
    #[error(transparent)]
    Signing(#[from] access::SigningError),
}

/// Signs a person in on a phone.
///
/// # Errors
/// [`SignInError`].
pub async fn sign_in(app: &App, nip: &str, typed: &str, device_token: Option<&str>) -> Result<Tokens, SignInError> {
    let (person_id, device_token) = check(app, nip, typed, device_token).await?;
    let (session_id, refresh_token) = refresh::open(app, person_id).await?;
    Ok(Tokens {
        access_token: access_token(app, person_id, session_id)?,
        refresh_token,
        device_token: Some(device_token),
    })
}

/// Whose staff number and password these are, and a mark for the device that knew them.
pub(super) async fn check(
    app: &App,
    nip: &str,
    typed: &str,
    device_token: Option<&str>,
) -> Result<(PersonId, String), SignInError> {
    if !is_nip(nip) {
        return Err(SignInError::Wrong);
    }
    let now = app.now();
    let bucket = throttle::bucket(app, nip, device_token);
    if let Err(seconds) = throttle::begin(app, &bucket, now).await? {
        return Err(SignInError::Throttled { seconds });
    }
    let mut tx = app.store.glance().await?;
    let person = people::by_nip(&mut tx, nip).await?.filter(|person| person.active);
    drop(tx);
    let hash = person.as_ref().and_then(|person| person.password_hash.clone());
    let matches = password::verify(&app.work, typed, hash).await?;
    let person = person.filter(|_| matches).ok_or(SignInError::Wrong)?;
    throttle::succeeded(app, &bucket).await?;
    Ok((person.id, throttle::new_device_token(app, nip)))
}

/// Whether a text can be a staff number.
pub fn is_nip(text: &str) -> bool {
    let sound = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    sound && !text.is_empty() && text.len() <= NIP_MAX
}

/// Exchanges a refresh token for a new pair.
///
/// # Errors
/// [`SignInError::Over`] or [`SignInError::Reused`] when the person has to sign in again.
pub async fn renew(app: &App, refresh_token: &str) -> Result<Tokens, SignInError> {
    match refresh::exchange(app, refresh_token).await? {
        refresh::Outcome::Next { person_id, session_id, refresh_token } => {
            Ok(Tokens { access_token: access_token(app, person_id, session_id)?, refresh_token, device_token: None })
        }
        refresh::Outcome::Invalid => Err(SignInError::Over),
        refresh::Outcome::Reused => Err(SignInError::Reused),
    }
}

fn access_token(app: &App, person_id: PersonId, session_id: SessionId) -> Result<String, access::SigningError> {
    access::issue(&app.keys.access, person_id, session_id, app.now(), app.config.access_token_s)
}
