//! Schedules: which slot is open when, for which unit and dates.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{ScheduleId, UnitId},
    time::WorkDate,
    words::Slot,
};

statements! {
    ALL = "SELECT id, unit_id, slot, valid_from, valid_to, weekdays, opens_minute, closes_minute, grace_minutes
        FROM schedules ORDER BY unit_id, slot, valid_from, id";
    FOR_UNIT = "SELECT s.id, s.unit_id, s.slot, s.valid_from, s.valid_to, s.weekdays, s.opens_minute, s.closes_minute,
            s.grace_minutes, l.distance AS depth
        FROM unit_lines l JOIN schedules s ON s.unit_id = l.above_id
        WHERE l.unit_id = $1 AND s.valid_from <= $3 AND (s.valid_to IS NULL OR s.valid_to >= $2)
        ORDER BY l.distance, s.slot, s.valid_from, s.id";
    INSERT = "INSERT INTO schedules
        (id, unit_id, slot, valid_from, valid_to, weekdays, opens_minute, closes_minute, grace_minutes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    UPDATE = "UPDATE schedules SET valid_to = $2, weekdays = $3, opens_minute = $4, closes_minute = $5, grace_minutes = $6
        WHERE id = $1";
    TOUCHING = "SELECT id, unit_id, slot, valid_from, valid_to, weekdays, opens_minute, closes_minute, grace_minutes
        FROM schedules WHERE valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $1) ORDER BY unit_id, slot, valid_from, id";
}

/// One slot of one unit for a range of dates.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ScheduleRow {
    /// Id.
    pub id: ScheduleId,
    /// The unit it is for, with all units below that have none of their own.
    pub unit_id: UnitId,
    /// Which slot.
    pub slot: Slot,
    /// First date.
    pub valid_from: WorkDate,
    /// Last date; none is open-ended.
    pub valid_to: Option<WorkDate>,
    /// Bit 0 is Monday, bit 6 Sunday.
    pub weekdays: i64,
    /// Minutes after local midnight.
    pub opens_minute: i64,
    /// Minutes after local midnight.
    pub closes_minute: i64,
    /// Minutes after the close in which a check-in counts as late.
    pub grace_minutes: i64,
}

/// A schedule found for a unit, with how many levels above it was found.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct InheritedSchedule {
    /// The schedule.
    #[sqlx(flatten)]
    pub schedule: ScheduleRow,
    /// 0 is the unit's own.
    pub depth: i64,
}

/// Every schedule.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<ScheduleRow>, StoreError> {
    Ok(fetch!(fetch_all, ScheduleRow, tx, ALL)?)
}

/// The schedules of a unit and of those above it that touch the dates `from..=to`, nearest unit first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn for_unit(
    tx: &mut Tx,
    unit_id: UnitId,
    from: WorkDate,
    to: WorkDate,
) -> Result<Vec<InheritedSchedule>, StoreError> {
    Ok(fetch!(fetch_all, InheritedSchedule, tx, FOR_UNIT, unit_id, from, to)?)
}

/// Adds a schedule.
///
/// # Errors
/// [`StoreError`] when the unit is unknown.
pub async fn insert(tx: &mut Tx, row: &ScheduleRow) -> Result<(), StoreError> {
    let (opens, closes, grace) = (row.opens_minute, row.closes_minute, row.grace_minutes);
    execute!(
        tx,
        INSERT,
        row.id,
        row.unit_id,
        row.slot,
        row.valid_from,
        row.valid_to,
        row.weekdays,
        opens,
        closes,
        grace
    )?;
    Ok(())
}

/// Changes everything but unit, slot and first date.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn update(tx: &mut Tx, row: &ScheduleRow) -> Result<(), StoreError> {
    let (opens, closes, grace) = (row.opens_minute, row.closes_minute, row.grace_minutes);
    execute!(tx, UPDATE, row.id, row.valid_to, row.weekdays, opens, closes, grace)?;
    Ok(())
}

/// The schedules of all units that touch the dates `from..=to`.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn touching(tx: &mut Tx, from: WorkDate, to: WorkDate) -> Result<Vec<ScheduleRow>, StoreError> {
    Ok(fetch!(fetch_all, ScheduleRow, tx, TOUCHING, from, to)?)
}
