//! What photos are compared by: one row a check-in, and whether it was compared with everybody's.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, execute_many, fetch, fetch_each, statements::statements};
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
    // Of those that wait, the ones whose picture data or fix somebody else sent too: nearly always none.
    SHARED = "SELECT w.checkin_id FROM fingerprints w
        WHERE w.searched_at IS NULL AND (w.recorded_at, w.checkin_id) > ($1, $2) AND (w.recorded_at, w.checkin_id) <= ($3, $4)
            AND (EXISTS (SELECT 1 FROM fingerprints o
                    WHERE o.content_sha256 = w.content_sha256 AND o.person_id <> w.person_id)
                OR EXISTS (SELECT 1 FROM positions p JOIN positions q ON q.fix_key = p.fix_key AND q.person_id <> p.person_id
                    WHERE p.checkin_id = w.checkin_id))
        ORDER BY w.recorded_at, w.checkin_id";
    SEARCHED_ALL = "UPDATE fingerprints SET searched_at = $1
        FROM (VALUES ($2)) AS done WHERE checkin_id = done.column1 AND searched_at IS NULL",
        "UPDATE fingerprints SET searched_at = $1
        FROM (VALUES (CAST($2 AS UUID))) AS done WHERE checkin_id = done.column1 AND searched_at IS NULL";
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
pub async fn insert(tx: &mut Tx, rows: &[&PrintsRow]) -> Result<(), StoreError> {
    execute_many!(tx, INSERT, [], rows, row =>
        row.checkin_id, row.person_id, row.work_date, row.slot, row.recorded_at, row.content_sha256.clone(),
        row.prints.clone(), row.searched_at);
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

/// The same picture data, as [`same_content`], and the prints of the person's other photos, as [`of_person`].
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn known(
    tx: &mut Tx,
    content_sha256: &[u8; 32],
    until: Timestamp,
    (person_id, work_date, slot): (PersonId, WorkDate, Slot),
    limit: i64,
) -> Result<(Vec<PrintsRow>, String), StoreError> {
    let (same, digits) = fetch_each!(
        tx,
        PrintsRow, SAME_CONTENT, [content_sha256.to_vec(), person_id, work_date, slot, until, limit];
        (String,), OF_PERSON, [person_id, work_date, slot];
    );
    Ok((same, digits.into_iter().next().unwrap_or_default().0))
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

/// Of the rows that wait from behind one point up to another, those whose picture data or fix somebody else sent too.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn shared(
    tx: &mut Tx,
    after: (Timestamp, CheckinId),
    to: (Timestamp, CheckinId),
) -> Result<Vec<CheckinId>, StoreError> {
    let rows = fetch!(fetch_all, (CheckinId,), tx, SHARED, after.0, after.1, to.0, to.1)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Notes of several that they were compared with everybody's; says of how many that was not known.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn searched_all(tx: &mut Tx, ids: &[CheckinId], at: Timestamp) -> Result<u64, StoreError> {
    Ok(execute_many!(tx, SEARCHED_ALL, [at], ids, id => *id))
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
