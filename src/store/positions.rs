//! Positions: where a phone said it was, sealed, beside what can be compared without opening.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, execute_many, fetch, fetch_each, statements::statements};
use crate::model::{
    ids::{CheckinId, PersonId},
    time::{Timestamp, WorkDate},
    words::Slot,
};

statements! {
    INSERT = "INSERT INTO positions (checkin_id, person_id, work_date, slot, received_at, sealed, fix_key, point_key,
            accuracy_m, plain, on_home_point)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    BY_CHECKIN = "SELECT checkin_id, person_id, work_date, slot, received_at, sealed, fix_key, point_key, accuracy_m, plain,
            on_home_point
        FROM positions WHERE checkin_id = $1";
    OTHERS_WITH_FIX = "SELECT checkin_id, received_at FROM positions
        WHERE fix_key = $1 AND person_id <> $2 AND received_at <= $3 ORDER BY received_at, checkin_id LIMIT $4";
    // Of all these only the last one with a fix that counts is opened, so only that one comes with its seal.
    SINCE = "SELECT checkin_id, work_date, slot, received_at, fix_key, point_key, accuracy_m, plain, on_home_point,
            CASE WHEN checkin_id = (SELECT l.checkin_id FROM positions l
                    WHERE l.person_id = $1 AND l.received_at >= $2 AND l.received_at < $3 AND l.accuracy_m IS NOT NULL
                    ORDER BY l.received_at DESC, l.checkin_id DESC LIMIT 1)
                THEN sealed END AS sealed
        FROM positions WHERE person_id = $1 AND received_at >= $2 AND received_at < $3 ORDER BY received_at, checkin_id";
    AFTER = "SELECT checkin_id, person_id, work_date, slot, received_at, sealed, fix_key, point_key, accuracy_m, plain,
            on_home_point
        FROM positions WHERE checkin_id > $1 ORDER BY checkin_id LIMIT $2";
    SEAL = "UPDATE positions SET sealed = $2 WHERE checkin_id = $1";
}

/// What a check-in said of its position.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct PositionRow {
    /// Of which check-in.
    pub checkin_id: CheckinId,
    /// Whose.
    pub person_id: PersonId,
    /// Of which day.
    pub work_date: WorkDate,
    /// What it answers.
    pub slot: Slot,
    /// Server time.
    pub received_at: Timestamp,
    /// The phone's own words, and the coordinates, sealed.
    pub sealed: Vec<u8>,
    /// Keyed hash of coordinates, accuracy and fix time; none without a fix that counts or without its time.
    pub fix_key: Option<Vec<u8>>,
    /// Keyed hash of the coordinates to 7 decimals; none without a fix that counts.
    pub point_key: Option<Vec<u8>>,
    /// Stated accuracy of the fix that counts, metres.
    pub accuracy_m: Option<f64>,
    /// Whether height, speed and heading were not there.
    pub plain: bool,
    /// Whether it lay on the centre of a registered home.
    pub on_home_point: bool,
}

/// The parts of an earlier position that are compared.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct EarlierRow {
    /// Of which check-in.
    pub checkin_id: CheckinId,
    /// Of which day.
    pub work_date: WorkDate,
    /// What it answers.
    pub slot: Slot,
    /// Server time.
    pub received_at: Timestamp,
    /// As in [`PositionRow`].
    pub fix_key: Option<Vec<u8>>,
    /// As in [`PositionRow`].
    pub point_key: Option<Vec<u8>>,
    /// As in [`PositionRow`].
    pub accuracy_m: Option<f64>,
    /// As in [`PositionRow`].
    pub plain: bool,
    /// As in [`PositionRow`].
    pub on_home_point: bool,
    /// As in [`PositionRow`]; of the last one with a fix that counts only.
    pub sealed: Option<Vec<u8>>,
}

/// Adds one.
///
/// # Errors
/// [`StoreError`] when the check-in is unknown.
pub async fn insert(tx: &mut Tx, rows: &[&PositionRow]) -> Result<(), StoreError> {
    execute_many!(tx, INSERT, [], rows, row =>
        row.checkin_id, row.person_id, row.work_date, row.slot, row.received_at, row.sealed.clone(), row.fix_key.clone(),
        row.point_key.clone(), row.accuracy_m, row.plain, row.on_home_point);
    Ok(())
}

/// That of a check-in.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_checkin(tx: &mut Tx, id: CheckinId) -> Result<Option<PositionRow>, StoreError> {
    Ok(fetch!(fetch_optional, PositionRow, tx, BY_CHECKIN, id)?)
}

/// Other people's check-ins with the same fix that had arrived by then, and when, earliest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn others_with_fix(
    tx: &mut Tx,
    fix_key: &[u8],
    person_id: PersonId,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<(CheckinId, Timestamp)>, StoreError> {
    Ok(fetch!(fetch_all, (CheckinId, Timestamp), tx, OTHERS_WITH_FIX, fix_key.to_vec(), person_id, until, limit)?)
}

/// Other people's check-ins with the same fix, as [`others_with_fix`], and the person's own positions of a period, as
/// [`between`].
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn around(
    tx: &mut Tx,
    fix_key: Option<&[u8]>,
    person_id: PersonId,
    (from, until): (Timestamp, Timestamp),
    limit: i64,
) -> Result<(Vec<(CheckinId, Timestamp)>, Vec<EarlierRow>), StoreError> {
    // No fix is like no other.
    let key = fix_key.unwrap_or_default().to_vec();
    Ok(fetch_each!(
        tx,
        (CheckinId, Timestamp), OTHERS_WITH_FIX, [key.clone(), person_id, until, limit];
        EarlierRow, SINCE, [person_id, from, until];
    ))
}

/// A person's positions of a period, oldest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn between(
    tx: &mut Tx,
    person_id: PersonId,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<EarlierRow>, StoreError> {
    Ok(fetch!(fetch_all, EarlierRow, tx, SINCE, person_id, from, until)?)
}

/// Rows behind an id, in order of their ids.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn after(tx: &mut Tx, id: CheckinId, limit: i64) -> Result<Vec<PositionRow>, StoreError> {
    Ok(fetch!(fetch_all, PositionRow, tx, AFTER, id, limit)?)
}

/// Puts the same words under another seal.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn seal(tx: &mut Tx, id: CheckinId, sealed: &[u8]) -> Result<(), StoreError> {
    execute!(tx, SEAL, id, sealed.to_vec())?;
    Ok(())
}
