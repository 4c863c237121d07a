//! Challenges: one-time tokens, kept by their hash.

use sqlx::FromRow;

use super::{StoreError, Tx, checkins::CheckinRow, execute, execute_many, fetch, statements::statements};
use crate::model::{
    ids::{CheckinId, PersonId},
    time::Timestamp,
    words::Slot,
};

statements! {
    BY_HASH = "SELECT token_sha256, person_id, slot, created_at, expires_at, spent_at, spent_by
        FROM challenges WHERE token_sha256 = $1";
    INSERT = "INSERT INTO challenges (token_sha256, person_id, slot, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    COUNT_OPEN = "SELECT COUNT(CASE WHEN created_at > $3 THEN 1 END) AS fresh, COUNT(*) AS live
        FROM challenges WHERE person_id = $1 AND expires_at > $2 AND spent_at IS NULL";
    // A list of rows gives its columns these names on both engines.
    SPEND = "UPDATE challenges SET spent_at = used.column2, spent_by = used.column3
        FROM (VALUES ($1, $2, $3, $4, $5)) AS used
        WHERE token_sha256 = used.column1 AND spent_at IS NULL AND person_id = used.column4 AND slot = used.column5",
        "UPDATE challenges SET spent_at = used.column2, spent_by = used.column3
        FROM (VALUES (CAST($1 AS BYTEA), CAST($2 AS TIMESTAMPTZ), CAST($3 AS UUID), CAST($4 AS UUID), CAST($5 AS TEXT))) AS used
        WHERE token_sha256 = used.column1 AND spent_at IS NULL AND person_id = used.column4 AND slot = used.column5";
    FORGET = "DELETE FROM challenges WHERE expires_at < $1";
}

/// A challenge as stored.
#[derive(Clone, Debug, FromRow)]
pub struct ChallengeRow {
    /// SHA-256 of the token the phone holds.
    pub token_sha256: Vec<u8>,
    /// Its owner.
    pub person_id: PersonId,
    /// The slot it is for.
    pub slot: Slot,
    /// When it was given out.
    pub created_at: Timestamp,
    /// When it stops being good, also for what is delivered late.
    pub expires_at: Timestamp,
    /// When it was used.
    pub spent_at: Option<Timestamp>,
    /// By which check-in.
    pub spent_by: Option<CheckinId>,
}

/// The challenge with this hash.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_hash(tx: &mut Tx, token_sha256: &[u8; 32]) -> Result<Option<ChallengeRow>, StoreError> {
    Ok(fetch!(fetch_optional, ChallengeRow, tx, BY_HASH, token_sha256.to_vec())?)
}

/// Adds a challenge.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn insert(tx: &mut Tx, row: &ChallengeRow) -> Result<(), StoreError> {
    execute!(tx, INSERT, row.token_sha256.clone(), row.person_id, row.slot, row.created_at, row.expires_at)?;
    Ok(())
}

/// How many unused challenges of a person were fetched since, and how many are still good.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn count_open(
    tx: &mut Tx,
    person_id: PersonId,
    now: Timestamp,
    since: Timestamp,
) -> Result<(i64, i64), StoreError> {
    Ok(fetch!(fetch_one, (i64, i64), tx, COUNT_OPEN, person_id, now, since)?)
}

/// Uses up the challenges of check-ins, each of the person and slot it was given for; says how many, without those used
/// before.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn spend(tx: &mut Tx, by: &[([u8; 32], &CheckinRow)]) -> Result<u64, StoreError> {
    Ok(execute_many!(tx, SPEND, [], by, used =>
        used.0.to_vec(), used.1.received_at, used.1.id, used.1.person_id, used.1.slot))
}

/// Drops challenges that ended before `before`; says how many.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET, before)?)
}
