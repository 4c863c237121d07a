//! Photos that nothing refers to, from when they were found until they are removed.

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::time::Timestamp;

statements! {
    NOTE = "INSERT INTO orphans (photo_key, found_at) VALUES ($1, $2) ON CONFLICT (photo_key) DO NOTHING";
    FOUND_BEFORE = "SELECT photo_key FROM orphans WHERE found_at <= $1 ORDER BY found_at, photo_key LIMIT $2";
    FORGET = "DELETE FROM orphans WHERE photo_key = $1";
    COUNT = "SELECT COUNT(*) FROM orphans";
}

/// Notes that an object was found without a row; false when it was noted before.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn note(tx: &mut Tx, key: &str, now: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, NOTE, key.to_owned(), now)? == 1)
}

/// Those found until a moment, the oldest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn found_before(tx: &mut Tx, moment: Timestamp, limit: i64) -> Result<Vec<String>, StoreError> {
    let keys = fetch!(fetch_all, (String,), tx, FOUND_BEFORE, moment, limit)?;
    Ok(keys.into_iter().map(|(key,)| key).collect())
}

/// Forgets one: it is removed, or belongs to somebody after all.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn forget(tx: &mut Tx, key: &str) -> Result<(), StoreError> {
    execute!(tx, FORGET, key.to_owned())?;
    Ok(())
}

/// How many are kept now.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    let (count,) = fetch!(fetch_one, (i64,), tx, COUNT)?;
    Ok(count)
}
