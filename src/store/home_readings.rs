//! Readings a person takes at home, to register it from.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{PersonId, PlaceRequestId, ReadingId},
    time::{Timestamp, WorkDate},
};

statements! {
    INSERT = "INSERT INTO home_readings (id, person_id, work_date, taken_at, accuracy_m, sealed, request_id)
        VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    UNUSED = "SELECT id, person_id, work_date, taken_at, accuracy_m, sealed, request_id FROM home_readings
        WHERE person_id = $1 AND taken_at >= $2 AND request_id IS NULL ORDER BY taken_at, id";
    OF_REQUEST = "SELECT id, person_id, work_date, taken_at, accuracy_m, sealed, request_id FROM home_readings
        WHERE person_id = $1 AND request_id = $2 ORDER BY taken_at, id";
    USE = "UPDATE home_readings SET request_id = $3 WHERE person_id = $1 AND taken_at >= $2 AND request_id IS NULL";
    RELEASE = "UPDATE home_readings SET request_id = NULL WHERE person_id = $1 AND request_id = $2";
    FORGET = "DELETE FROM home_readings WHERE person_id = $1 AND request_id IS NULL";
    AFTER = "SELECT id, person_id, work_date, taken_at, accuracy_m, sealed, request_id FROM home_readings
        WHERE id > $1 ORDER BY id LIMIT $2";
    SEAL = "UPDATE home_readings SET sealed = $2 WHERE id = $1";
}

/// A reading as stored.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct ReadingRow {
    /// Id.
    pub id: ReadingId,
    /// Whose.
    pub person_id: PersonId,
    /// The civil date in the unit's zone.
    pub work_date: WorkDate,
    /// Server time.
    pub taken_at: Timestamp,
    /// Stated accuracy, metres.
    pub accuracy_m: f64,
    /// The fix, sealed.
    pub sealed: Vec<u8>,
    /// The request it was used for.
    pub request_id: Option<PlaceRequestId>,
}

/// Adds a reading.
///
/// # Errors
/// [`StoreError`] when the person is unknown.
pub async fn insert(tx: &mut Tx, row: &ReadingRow) -> Result<(), StoreError> {
    execute!(tx, INSERT, row.id, row.person_id, row.work_date, row.taken_at, row.accuracy_m, row.sealed.clone())?;
    Ok(())
}

/// A person's readings since an instant that no request has used, oldest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn unused(tx: &mut Tx, person_id: PersonId, since: Timestamp) -> Result<Vec<ReadingRow>, StoreError> {
    Ok(fetch!(fetch_all, ReadingRow, tx, UNUSED, person_id, since)?)
}

/// The readings of a request, oldest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_request(
    tx: &mut Tx,
    person_id: PersonId,
    request_id: PlaceRequestId,
) -> Result<Vec<ReadingRow>, StoreError> {
    Ok(fetch!(fetch_all, ReadingRow, tx, OF_REQUEST, person_id, request_id)?)
}

/// Marks the readings since an instant as used by a request.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn use_for(
    tx: &mut Tx,
    person_id: PersonId,
    since: Timestamp,
    request_id: PlaceRequestId,
) -> Result<u64, StoreError> {
    Ok(execute!(tx, USE, person_id, since, request_id)?)
}

/// Makes the readings of a request good for another one.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn release(tx: &mut Tx, person_id: PersonId, request_id: PlaceRequestId) -> Result<u64, StoreError> {
    Ok(execute!(tx, RELEASE, person_id, request_id)?)
}

/// Drops a person's readings that no request has used; says how many.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn forget(tx: &mut Tx, person_id: PersonId) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET, person_id)?)
}

/// Rows behind an id, in order of their ids.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn after(tx: &mut Tx, id: ReadingId, limit: i64) -> Result<Vec<ReadingRow>, StoreError> {
    Ok(fetch!(fetch_all, ReadingRow, tx, AFTER, id, limit)?)
}

/// Puts the same fix under another seal.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn seal(tx: &mut Tx, id: ReadingId, sealed: &[u8]) -> Result<(), StoreError> {
    execute!(tx, SEAL, id, sealed.to_vec())?;
    Ok(())
}
