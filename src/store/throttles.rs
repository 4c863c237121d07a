//! Failed sign-ins, counted a bucket.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::time::Timestamp;

statements! {
    BY_BUCKET = "SELECT bucket, failures, blocked_until, updated_at FROM sign_in_throttles WHERE bucket = $1";
    // Counts an attempt before it is looked at, so that many at once are counted too. Touches no row while blocked; nobody is
    // blocked beyond $3, so a clock that was ahead blocks nobody.
    COUNT = "INSERT INTO sign_in_throttles (bucket, failures, blocked_until, updated_at) VALUES ($1, 1, $2, $2)
        ON CONFLICT (bucket) DO UPDATE SET failures = sign_in_throttles.failures + 1, updated_at = excluded.updated_at
        WHERE sign_in_throttles.blocked_until <= $2 OR sign_in_throttles.blocked_until > $3
        RETURNING failures";
    BLOCK = "UPDATE sign_in_throttles SET blocked_until = $2 WHERE bucket = $1";
    DELETE = "DELETE FROM sign_in_throttles WHERE bucket = $1";
    FORGET = "DELETE FROM sign_in_throttles WHERE updated_at < $1";
}

/// A bucket as stored.
#[derive(Clone, Debug, FromRow)]
pub struct ThrottleRow {
    /// Which account, or which known device of it.
    pub bucket: String,
    /// Failures in a row.
    pub failures: i64,
    /// Until when attempts are not looked at.
    pub blocked_until: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

/// One bucket.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_bucket(tx: &mut Tx, bucket: &str) -> Result<Option<ThrottleRow>, StoreError> {
    Ok(fetch!(fetch_optional, ThrottleRow, tx, BY_BUCKET, bucket.to_owned())?)
}

/// Counts an attempt; gives how many there were in a row, or nothing while the bucket is blocked, which is never beyond
/// `longest`.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn count(tx: &mut Tx, bucket: &str, now: Timestamp, longest: Timestamp) -> Result<Option<i64>, StoreError> {
    let row = fetch!(fetch_optional, (i64,), tx, COUNT, bucket.to_owned(), now, longest)?;
    Ok(row.map(|(failures,)| failures))
}

/// Blocks a bucket until an instant.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn block(tx: &mut Tx, bucket: &str, until: Timestamp) -> Result<(), StoreError> {
    execute!(tx, BLOCK, bucket.to_owned(), until)?;
    Ok(())
}

/// Clears a bucket after a good sign-in.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn delete(tx: &mut Tx, bucket: &str) -> Result<(), StoreError> {
    execute!(tx, DELETE, bucket.to_owned())?;
    Ok(())
}

/// Drops buckets nobody touched since `before`; says how many.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET, before)?)
}
