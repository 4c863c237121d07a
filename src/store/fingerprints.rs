//! What photos are compared by: one row a check-in, and whether it was compared with everybody's.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{CheckinId, PersonId},
    time::{Timestamp, WorkDate},
    words::Slot,
};

statements! {
    INSERT = "INSERT INTO fingerprints (checkin_id, person_id, work_date, slot, recorded_at, content_sha256, prints, searched_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (checkin_id) DO NOTHING";
    BY_CHECKIN = "SELECT checkin_id, person_id, work_date, slot, recorded_at, content_sha256, prints, searched_at
        FROM fingerprints WHERE checkin_id = $1";
    AT = "SELECT checkin_id, person_id, work_date, slot, recorded_at, content_sha256, prints, searched_at
        FROM fingerprints WHERE recorded_at = $1 ORDER BY checkin_id";
    // Other people's first: nobody hides a copy behind many of their own.
    SAME_CONTENT = "SELECT checkin_id, person_id, work_date, slot, recorded_at, content_sha256, prints, searched_at
        FROM fingerprints
        WHERE content_sha256 = $1 AND NOT (person_id = $2 AND work_date = $3 AND slot = $4) AND recorded_at <= $5
        ORDER BY CASE WHEN person_id = $2 THEN 1 ELSE 0 END, recorded_at, checkin_id LIMIT $6";
    // One row for all of a person's: id and straight prints (128 bytes) of each, in hexadecimal digits.
    OF_PERSON = "SELECT COALESCE(group_concat(hex(checkin_id) || hex(substr(prints, 1, 128)), ''), '') FROM fingerprints
            WHERE person_id = $1 AND prints IS NOT NULL AND NOT (work_date = $2 AND slot = $3)",
        "SELECT COALESCE(string_agg(encode(uuid_send(checkin_id), 'hex') || encode(substr(prints, 1, 128), 'hex'), ''), '') FROM fingerprints
            WHERE person_id = $1 AND prints IS NOT NULL AND NOT (work_date = $2 AND slot = $3)";
    AFTER = "SELECT checkin_id, person_id, recorded_at, prints FROM fingerprints
        WHERE (recorded_at, checkin_id) > ($1, $2) AND prints IS NOT NULL ORDER BY recorded_at, checkin_id LIMIT $3";
    WAITING = "SELECT checkin_id, person_id, work_date, slot, recorded_at, content_sha256, prints, searched_at
        FROM fingerprints WHERE searched_at IS NULL AND (recorded_at, checkin_id) > ($1, $2) AND recorded_at <= $3
        ORDER BY recorded_at, checkin_id LIMIT $4";
    SEARCHED = "UPDATE fingerprints SET searched_at = $2 WHERE checkin_id = $1 AND searched_at IS NULL";
    COUNT = "SELECT COUNT(*) FROM fingerprints WHERE prints IS NOT NULL";
}

/// What a photo is compared by.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PrintsRow {
    /// Of which check-in.
    pub checkin_id: CheckinId,
    /// Whose.
    pub person_id: PersonId,
    /// Of which day.
    pub work_date: WorkDate,
    /// Of which slot.
    pub slot: Slot,
    /// When the row was written.
    pub recorded_at: Timestamp,
    /// SHA-256 over what the pixels depend on.
    pub content_sha256: Vec<u8>,
    /// The fingerprints of the whole and of its crops; none when there is nothing to compare.
    pub prints: Option<Vec<u8>>,
    /// When it was compared with everybody's; none while that is to come.
    pub searched_at: Option<Timestamp>,
}

/// What the index in memory keeps of a row.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct IndexRow {
    /// Of which check-in.
    pub checkin_id: CheckinId,
    /// Whose.
    pub person_id: PersonId,
    /// When the row was written.
    pub recorded_at: Timestamp,
    /// The fingerprints.
    pub prints: Vec<u8>,
}

/// Adds a row, unless the check-in has one.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn insert(tx: &mut Tx, row: &PrintsRow) -> Result<(), StoreError> {
    let row = row.clone();
    execute!(
        tx,
        INSERT,
        row.checkin_id,
        row.person_id,
        row.work_date,
        row.slot,
        row.recorded_at,
        row.content_sha256,
        row.prints,
        row.searched_at
    )?;
    Ok(())
}

/// The row of a check-in.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_checkin(tx: &mut Tx, id: CheckinId) -> Result<Option<PrintsRow>, StoreError> {
    Ok(fetch!(fetch_optional, PrintsRow, tx, BY_CHECKIN, id)?)
}

/// The rows written at an instant.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn at(tx: &mut Tx, recorded_at: Timestamp) -> Result<Vec<PrintsRow>, StoreError> {
    Ok(fetch!(fetch_all, PrintsRow, tx, AT, recorded_at)?)
}

/// Rows with the same picture data recorded until then, other people's first, without those of one slot of one person.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn same_content(
    tx: &mut Tx,
    content_sha256: &[u8; 32],
    until: Timestamp,
    except: (PersonId, WorkDate, Slot),
    limit: i64,
) -> Result<Vec<PrintsRow>, StoreError> {
    let (person_id, work_date, slot) = except;
    Ok(fetch!(
        fetch_all,
        PrintsRow,
        tx,
        SAME_CONTENT,
        content_sha256.to_vec(),
        person_id,
        work_date,
        slot,
        until,
        limit
    )?)
}

/// Id and straight prints of all photos of a person but those of one slot, as hexadecimal digits one after the other.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_person(
    tx: &mut Tx,
    person_id: PersonId,
    work_date: WorkDate,
    slot: Slot,
) -> Result<String, StoreError> {
    let (digits,) = fetch!(fetch_one, (String,), tx, OF_PERSON, person_id, work_date, slot)?;
    Ok(digits)
}

/// Rows behind a point, in the order they were written.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn after(tx: &mut Tx, point: (Timestamp, CheckinId), limit: i64) -> Result<Vec<IndexRow>, StoreError> {
    Ok(fetch!(fetch_all, IndexRow, tx, AFTER, point.0, point.1, limit)?)
}

/// Rows behind a point and up to an instant that were not compared with everybody's yet.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn waiting(
    tx: &mut Tx,
    point: (Timestamp, CheckinId),
    until: Timestamp,
    limit: i64,
) -> Result<Vec<PrintsRow>, StoreError> {
    Ok(fetch!(fetch_all, PrintsRow, tx, WAITING, point.0, point.1, until, limit)?)
}

/// Writes down that a photo was compared with everybody's; false when somebody was faster.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn searched(tx: &mut Tx, id: CheckinId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, SEARCHED, id, at)? == 1)
}

/// How many photos can be compared.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    let (count,) = fetch!(fetch_one, (i64,), tx, COUNT)?;
    Ok(count)
}
