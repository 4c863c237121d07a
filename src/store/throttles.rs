//! Failed sign-ins, counted a bucket.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::time::Timestamp;

statements! {
    BY_BUCKET = "SELECT bucket, failures, blocked_until, updated_at FROM sign_in_throttles WHERE bucket = $1";
    UPSERT = "INSERT INTO sign_in_throttles (bucket, failures, blocked_until, updated_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (bucket) DO UPDATE SET failures = excluded.failures, blocked_until = excluded.blocked_until,
            updated_at = excluded.updated_at";
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

/// Writes a bucket.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn upsert(tx: &mut Tx, row: &ThrottleRow) -> Result<(), StoreError> {
    execute!(tx, UPSERT, row.bucket.clone(), row.failures, row.blocked_until, row.updated_at)?;
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
