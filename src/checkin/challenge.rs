//! Challenges: the server's one-time token for one capture, bound to a person and a slot.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::{
    app::App,
    model::{
        ids::{CheckinId, PersonId},
        time::Timestamp,
        words::Slot,
    },
    store::{
        StoreError, Tx,
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
    /// When it stops being good.
    pub expires_at: Timestamp,
}

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
    let expires_at = now.plus_seconds(app.config.challenge_s);
    let mut tx = app.store.write().await?;
    let open = challenges::count_open(&mut tx, person_id, now).await?;
    if open >= app.config.challenge_open_max {
        return Err(IssueError::TooMany { open });
    }
    let token_sha256 = hash(&token).to_vec();
    let row =
        ChallengeRow { token_sha256, person_id, slot, created_at: now, expires_at, spent_at: None, spent_by: None };
    challenges::insert(&mut tx, &row).await?;
    tx.commit().await?;
    Ok(Issued { token, slot, expires_at })
}

/// Whether a challenge would be taken now; the spending itself happens with the record.
///
/// # Errors
/// The database's; the refusal is inside.
pub async fn check(
    tx: &mut Tx,
    token: &str,
    person_id: PersonId,
    slot: Slot,
    at: Timestamp,
) -> Result<Result<(), Refused>, StoreError> {
    let found = challenges::by_hash(tx, &hash(token)).await?;
    let Some(row) = found.filter(|row| row.person_id == person_id) else { return Ok(Err(Refused::Unknown)) };
    Ok(if row.slot != slot {
        Err(Refused::OtherSlot(row.slot))
    } else if row.spent_at.is_some() {
        Err(Refused::Spent)
    } else if row.expires_at <= at {
        Err(Refused::Expired)
    } else {
        Ok(())
    })
}

/// Uses a challenge up in the transaction that records the check-in; false when another check-in was first.
///
/// # Errors
/// The database's.
pub async fn spend(
    tx: &mut Tx,
    token: &str,
    by: CheckinId,
    person_id: PersonId,
    slot: Slot,
    now: Timestamp,
) -> Result<bool, StoreError> {
    challenges::spend(tx, &hash(token), by, person_id, slot, now).await
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
