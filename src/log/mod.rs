//! The append-only log: an entry for every write that matters and for every look at evidence.
//!
//! An entry commits to its record without telling it: the hash covers a random salt, so it cannot be guessed back, and
//! the record is kept as the bytes that were hashed. Entries are written in the transaction of what they record.

pub mod looks;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{
    model::{chance::Chance, ids::EntryId, time::Timestamp, words::EntryKind},
    store::{
        StoreError, Tx,
        log_entries::{self, EntryRow},
    },
};

/// Separates these hashes from all others.
const DOMAIN: &[u8] = b"hadir/log/entry/v1\0";

/// An entry that was appended.
#[derive(Clone, Copy, Debug)]
pub struct Appended {
    /// Its id.
    pub id: EntryId,
    /// Its commitment.
    pub sha256: [u8; 32],
}

/// Why nothing was appended.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The record cannot be written down.
    #[error("a log record could not be encoded")]
    Encoding(#[from] serde_json::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Appends an entry to the transaction at hand.
///
/// # Errors
/// [`LogError`]; the caller's transaction must then not be committed.
pub async fn append(
    tx: &mut Tx,
    kind: EntryKind,
    record: &impl Serialize,
    now: Timestamp,
    chance: &Chance,
) -> Result<Appended, LogError> {
    let (row, appended) = entry(kind, record, now, chance)?;
    log_entries::insert(tx, &[&row]).await?;
    Ok(appended)
}

/// An entry that is not appended yet.
///
/// # Errors
/// When the record cannot be written as JSON.
pub fn entry(
    kind: EntryKind,
    record: &impl Serialize,
    now: Timestamp,
    chance: &Chance,
) -> Result<(EntryRow, Appended), serde_json::Error> {
    let record = serde_json::to_vec(record)?;
    let salt: [u8; 32] = chance.bytes();
    let sha256 = commitment(kind, &salt, &record);
    let id = EntryId::new(now, chance);
    let row = EntryRow { id, kind, recorded_at: now, salt: salt.to_vec(), record, entry_sha256: sha256.to_vec() };
    Ok((row, Appended { id, sha256 }))
}

/// `SHA-256(domain || length of kind || kind || salt || record)`.
pub fn commitment(kind: EntryKind, salt: &[u8; 32], record: &[u8]) -> [u8; 32] {
    let name = kind.as_str().as_bytes();
    let mut hash = Sha256::new();
    hash.update(DOMAIN);
    hash.update([u8::try_from(name.len()).unwrap_or(u8::MAX)]);
    hash.update(name);
    hash.update(salt);
    hash.update(record);
    hash.finalize().into()
}
