//! Photos that were found not to be as a row promises, until they are again.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::time::Timestamp;

statements! {
    NOTE = "INSERT INTO photo_faults (photo_key, photo_sha256, what, found_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (photo_key) DO UPDATE SET what = excluded.what WHERE photo_faults.what <> excluded.what";
    ALL = "SELECT photo_key, photo_sha256, what, found_at FROM photo_faults ORDER BY found_at, photo_key LIMIT $1";
    FORGET = "DELETE FROM photo_faults WHERE photo_key = $1";
}

/// A photo that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct FaultRow {
    /// Where it should be.
    pub photo_key: String,
    /// SHA-256 its bytes should have.
    pub photo_sha256: Vec<u8>,
    /// `missing` or `altered`.
    pub what: String,
    /// Since when that is known.
    pub found_at: Timestamp,
}

/// Notes a fault; false when it was known.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn note(tx: &mut Tx, row: &FaultRow) -> Result<bool, StoreError> {
    let FaultRow { photo_key, photo_sha256, what, found_at } = row.clone();
    Ok(execute!(tx, NOTE, photo_key, photo_sha256, what, found_at)? == 1)
}

/// Those that are known, the oldest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn all(tx: &mut Tx, limit: i64) -> Result<Vec<FaultRow>, StoreError> {
    Ok(fetch!(fetch_all, FaultRow, tx, ALL, limit)?)
}

/// Forgets one: the photo is as it should be.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn forget(tx: &mut Tx, key: &str) -> Result<(), StoreError> {
    execute!(tx, FORGET, key.to_owned())?;
    Ok(())
}
