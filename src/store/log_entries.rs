//! Entries of the log.

use sqlx::FromRow;

use super::{StoreError, Tx, execute_many, fetch, statements::statements};
use crate::model::{ids::EntryId, time::Timestamp, words::EntryKind};

statements! {
    INSERT = "INSERT INTO log_entries (id, kind, recorded_at, salt, record, entry_sha256) VALUES ($1, $2, $3, $4, $5, $6)";
    BY_ID = "SELECT id, kind, recorded_at, salt, record, entry_sha256 FROM log_entries WHERE id = $1";
    NEWEST = "SELECT recorded_at FROM log_entries ORDER BY id DESC LIMIT 1";
    COUNT = "SELECT COUNT(*) FROM log_entries WHERE kind = $1";
}

/// An entry as stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct EntryRow {
    /// Id.
    pub id: EntryId,
    /// What it is about.
    pub kind: EntryKind,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// 32 random bytes; without them the hash tells nothing about the record.
    pub salt: Vec<u8>,
    /// The record, as it was hashed.
    pub record: Vec<u8>,
    /// The commitment.
    pub entry_sha256: Vec<u8>,
}

/// Appends entries.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn insert(tx: &mut Tx, rows: &[&EntryRow]) -> Result<(), StoreError> {
    execute_many!(tx, INSERT, [], rows, row =>
        row.id, row.kind, row.recorded_at, row.salt.clone(), row.record.clone(), row.entry_sha256.clone());
    Ok(())
}

/// One entry.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_id(tx: &mut Tx, id: EntryId) -> Result<Option<EntryRow>, StoreError> {
    Ok(fetch!(fetch_optional, EntryRow, tx, BY_ID, id)?)
}

/// How many entries of a kind there are.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn count(tx: &mut Tx, kind: EntryKind) -> Result<i64, StoreError> {
    let (count,) = fetch!(fetch_one, (i64,), tx, COUNT, kind)?;
    Ok(count)
}

/// When the newest entry was recorded.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn newest(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    Ok(fetch!(fetch_optional, (Timestamp,), tx, NEWEST)?.map(|(at,)| at))
}
