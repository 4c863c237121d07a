//! Challenges: the server's one-time token for one capture, bound to a person and a slot.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use super::receipt;
use crate::{
    app::App,
    model::{ids::PersonId, time::Timestamp, words::Slot},
    store::{
        StoreError,
        challenges::{self, ChallengeRow},
    },
};

/// A challenge that was given out.
#[derive(Clone, Debug)]
pub struct Issued {
    /// What the phone sends back.
    pub token: String,
    /// The slot it is for.
    pub slot: Slot,
    /// Until when it is good for a capture that is sent at once.
    pub expires_at: Timestamp,
    /// Until when it is good for a capture that is delivered late.
    pub offline_until: Timestamp,
    /// Its short form, which the page draws on the photo.
    pub code: String,
}

/// A challenge that would be taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Good {
    /// When it was given out.
    pub created_at: Timestamp,
}

/// So many times as many challenges may be held for captures to come as may be fetched in the life of one.
const LIVE_FACTOR: i64 = 3;
/// Letters of the short form: enough that nobody has the right one by chance, few enough to read off a photo.
const CODE_LETTERS: u32 = 4;

/// Why no challenge was given out.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// Too many unused ones.
    #[error("there are {open} unused challenges already")]
    TooMany {
        /// How many.
        open: i64,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a challenge is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// None of ours, or somebody else's: it is not said which.
    #[error("this challenge was not given to you")]
    Unknown,
    /// For another slot.
    #[error("this challenge is for the {0} slot")]
    OtherSlot(Slot),
    /// Too old.
    #[error("this challenge expired")]
    Expired,
    /// Used before.
    #[error("this challenge was used before")]
    Spent,
}

/// Gives out a challenge.
///
/// # Errors
/// [`IssueError::TooMany`] when the person holds the allowed number of unused ones.
pub async fn issue(app: &App, person_id: PersonId, slot: Slot) -> Result<Issued, IssueError> {
    let now = app.now();
    let token = URL_SAFE_NO_PAD.encode(app.chance.bytes::<32>());
    let (fresh_until, expires_at) = (now.plus_seconds(app.config.challenge_s), now.plus_seconds(app.config.delivery_s));
    let mut tx = app.store.write().await?;
    let since = now.plus_seconds(-app.config.challenge_s);
    let (fresh, live) = challenges::count_open(&mut tx, person_id, now, since).await?;
    let most = app.config.challenge_open_max;
    // Nobody needs a stock of codes for moments to come.
    if fresh >= most || live >= most.saturating_mul(LIVE_FACTOR) {
        return Err(IssueError::TooMany { open: live });
    }
    let token_sha256 = hash(&token).to_vec();
    let row =
        ChallengeRow { token_sha256, person_id, slot, created_at: now, expires_at, spent_at: None, spent_by: None };
    challenges::insert(&mut tx, &row).await?;
    tx.commit().await?;
    let code = code(&token);
    Ok(Issued { token, slot, expires_at: fresh_until, offline_until: expires_at, code })
}

/// The short form of a challenge: whoever sees the photo can hold it against what the server gave out.
pub fn code(token: &str) -> String {
    let hash = Sha256::new().chain_update(b"hadir/photo code/v1\0").chain_update(token.as_bytes()).finalize();
    receipt::letters(u128::from(u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])), CODE_LETTERS)
}

/// Whether a challenge would be taken now; the spending itself happens with the record. A capture that says when it was
/// made may have waited for a network; another one has to be sent while the challenge is fresh.
///
/// # Errors
/// Why it is not taken.
pub fn check(
    app: &App,
    found: Option<ChallengeRow>,
    person_id: PersonId,
    slot: Slot,
    at: Timestamp,
    waited: bool,
) -> Result<Good, Refused> {
    let row = found.filter(|row| row.person_id == person_id).ok_or(Refused::Unknown)?;
    let fresh_until = row.created_at.plus_seconds(app.config.challenge_s);
    if row.slot != slot {
        Err(Refused::OtherSlot(row.slot))
    } else if row.spent_at.is_some() {
        Err(Refused::Spent)
    } else if row.expires_at <= at || (fresh_until <= at && !waited) {
        Err(Refused::Expired)
    } else {
        Ok(Good { created_at: row.created_at })
    }
}

/// By which it is kept.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
