//! Passwords: argon2id with the parameters OWASP names as the minimum (19 MiB, 2 passes), off the request threads.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};

use crate::{
    model::chance::Chance,
    work::{Work, WorkError},
};

/// Shortest password that can be set.
pub const MIN_CHARACTERS: usize = 8;
/// Longest password that is looked at: hashing a megabyte would be a gift to an attacker.
pub const MAX_BYTES: usize = 256;

/// A hash nobody knows the password of, so that an unknown staff number costs the same time as a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$aGFkaXItbm9ib2R5LXNhbHQ$3FyzVYRmmWbcbXKMFp6EZVOsGPNLHxg5FZ9nZ2NfYGg";

/// Why a password cannot be set.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too short or too long.
    #[error("a password has to have at least {MIN_CHARACTERS} characters and at most {MAX_BYTES} bytes")]
    Length,
    /// The library refused.
    #[error("the password could not be hashed")]
    Hashing,
    /// No turn, or lost.
    #[error(transparent)]
    Work(#[from] WorkError),
}

/// Hashes a new password into the PHC text format.
///
/// # Errors
/// [`PasswordError`] when its length is wrong or the machine is busy.
pub async fn hash(work: &Work, chance: &Chance, password: &str) -> Result<String, PasswordError> {
    if password.chars().count() < MIN_CHARACTERS || password.len() > MAX_BYTES {
        return Err(PasswordError::Length);
    }
    let (password, salt) = (password.to_owned(), chance.bytes::<16>());
    work.password(move || {
        let hashed = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        hashed.map(|hash| hash.to_string()).map_err(|_| PasswordError::Hashing)
    })
    .await?
}

/// Whether the password belongs to the hash; without a hash it takes as long and is false.
///
/// # Errors
/// [`WorkError`] when the machine is busy.
pub async fn verify(work: &Work, password: &str, hash: Option<String>) -> Result<bool, WorkError> {
    if password.len() > MAX_BYTES {
        return Ok(false);
    }
    let password = password.to_owned();
    work.password(move || {
        let known = hash.is_some();
        let text = hash.unwrap_or_else(|| NOBODY.to_owned());
        let matches = PasswordHash::new(&text)
            .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
        known && matches
    })
    .await
}
