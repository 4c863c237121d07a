//! The day of many people at once: who is where, and what was received. No statement runs once a person.

use sqlx::FromRow;

use super::{StoreError, Tx, fetch, statements::statements};
use crate::model::{
    ids::{CheckinId, PersonId, ReviewId, UnitId},
    time::{Timestamp, WorkDate},
    words::{Decision, Duty, Slot, Timing, Verdict},
};

statements! {
    // The shortest roster row that covers the date is the exception to the others, as for one person. The plus keeps
    // SQLite on the index by the end: what is over long ago is not read.
    PEOPLE = "SELECT p.id, p.nip, p.name,
            (SELECT r.duty FROM rosters r WHERE r.person_id = p.id AND +r.valid_from <= $2 AND r.valid_to >= $2
                ORDER BY julianday(r.valid_to) - julianday(r.valid_from), r.valid_from DESC, r.id DESC LIMIT 1) AS duty
        FROM people p WHERE p.unit_id = $1 AND p.active = $3 ORDER BY p.name, p.id",
        "SELECT p.id, p.nip, p.name,
            (SELECT r.duty FROM rosters r WHERE r.person_id = p.id AND r.valid_from <= $2 AND r.valid_to >= $2
                ORDER BY r.valid_to - r.valid_from, r.valid_from DESC, r.id DESC LIMIT 1) AS duty
        FROM people p WHERE p.unit_id = $1 AND p.active = $3 ORDER BY p.name, p.id";
    PRESENCES = "SELECT s.person_id, s.slot, s.timing, s.verdict, s.decision, s.first_received_at, s.best_checkin_id
        FROM people p JOIN presences s ON s.person_id = p.id AND s.work_date = $2
        WHERE p.unit_id = $1 AND p.active = $3 ORDER BY s.person_id, s.slot";
    OPEN_CASES = "SELECT r.person_id, r.slot, r.id FROM reviews r JOIN people p ON p.id = r.person_id
        WHERE r.state <> 'decided' AND r.work_date = $2 AND p.unit_id = $1 AND r.person_id <> $3
        ORDER BY r.opened_at, r.id";
    // First everybody by duty, then what was received. Each duty is looked up once (MATERIALIZED), and SQLite goes from
    // the units to their people and on (CROSS JOIN).
    COUNTS = "WITH heads AS MATERIALIZED (
            SELECT p.id, p.unit_id,
                (SELECT r.duty FROM rosters r WHERE r.person_id = p.id AND +r.valid_from <= $2 AND r.valid_to >= $2
                    ORDER BY julianday(r.valid_to) - julianday(r.valid_from), r.valid_from DESC, r.id DESC LIMIT 1) AS duty
            FROM unit_lines b CROSS JOIN people p WHERE b.above_id = $1 AND p.unit_id = b.unit_id AND p.active = $3)
        SELECT unit_id, duty, NULL AS slot, NULL AS timing, NULL AS verdict, NULL AS decision, COUNT(*) AS people
        FROM heads GROUP BY unit_id, duty
        UNION ALL
        SELECT h.unit_id, h.duty, s.slot, s.timing, s.verdict, s.decision, COUNT(*) AS people
        FROM heads h CROSS JOIN presences s WHERE s.person_id = h.id AND s.work_date = $2
        GROUP BY h.unit_id, h.duty, s.slot, s.timing, s.verdict, s.decision",
        "WITH heads AS MATERIALIZED (
            SELECT p.id, p.unit_id,
                (SELECT r.duty FROM rosters r WHERE r.person_id = p.id AND r.valid_from <= $2 AND r.valid_to >= $2
                    ORDER BY r.valid_to - r.valid_from, r.valid_from DESC, r.id DESC LIMIT 1) AS duty
            FROM unit_lines b CROSS JOIN people p WHERE b.above_id = $1 AND p.unit_id = b.unit_id AND p.active = $3)
        SELECT unit_id, duty, NULL AS slot, NULL AS timing, NULL AS verdict, NULL AS decision, COUNT(*) AS people
        FROM heads GROUP BY unit_id, duty
        UNION ALL
        SELECT h.unit_id, h.duty, s.slot, s.timing, s.verdict, s.decision, COUNT(*) AS people
        FROM heads h CROSS JOIN presences s WHERE s.person_id = h.id AND s.work_date = $2
        GROUP BY h.unit_id, h.duty, s.slot, s.timing, s.verdict, s.decision";
    CASES = "SELECT unit_id, work_date, slot, COUNT(*) FROM reviews
        WHERE state <> 'decided' AND work_date >= $2 AND work_date <= $3
            AND unit_id IN (SELECT unit_id FROM unit_lines WHERE above_id = $1)
        GROUP BY unit_id, work_date, slot ORDER BY unit_id, work_date, slot";
}

/// A person of a unit, with the duty of the roster.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct BoardPerson {
    /// Id.
    pub id: PersonId,
    /// Staff number.
    pub nip: String,
    /// Name.
    pub name: String,
    /// Where the person works on the date; none is at home.
    pub duty: Option<Duty>,
}

/// What was received from a person for a slot.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct BoardPresence {
    /// Whose.
    pub person_id: PersonId,
    /// For which slot.
    pub slot: Slot,
    /// Timing of the earliest attempt.
    pub timing: Timing,
    /// Best verdict of all attempts.
    pub verdict: Verdict,
    /// What stands after the reviews so far.
    pub decision: Option<Decision>,
    /// The earliest attempt.
    pub first_received_at: Timestamp,
    /// The attempt that stands for it.
    pub best_checkin_id: CheckinId,
}

/// How many people of a unit have the same duty and, where something was received, the same in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Count {
    /// Which unit.
    pub unit_id: UnitId,
    /// Which duty; none is at home.
    pub duty: Option<Duty>,
    /// Which slot; none counts everybody of the duty.
    pub slot: Option<Slot>,
    /// Timing of the earliest attempt.
    pub timing: Option<Timing>,
    /// Best verdict of all attempts.
    pub verdict: Option<Verdict>,
    /// What stands after the reviews so far.
    pub decision: Option<Decision>,
    /// How many.
    pub people: i64,
}

/// The active people of exactly one unit, by name.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn people(tx: &mut Tx, unit_id: UnitId, date: WorkDate) -> Result<Vec<BoardPerson>, StoreError> {
    Ok(fetch!(fetch_all, BoardPerson, tx, PEOPLE, unit_id, date, true)?)
}

/// What was received from the active people of exactly one unit.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn presences(tx: &mut Tx, unit_id: UnitId, date: WorkDate) -> Result<Vec<BoardPresence>, StoreError> {
    Ok(fetch!(fetch_all, BoardPresence, tx, PRESENCES, unit_id, date, true)?)
}

/// The cases of a date that wait, of people of exactly one unit but not of `viewer`, oldest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn open_cases(
    tx: &mut Tx,
    unit_id: UnitId,
    date: WorkDate,
    viewer: PersonId,
) -> Result<Vec<(PersonId, Slot, ReviewId)>, StoreError> {
    Ok(fetch!(fetch_all, (PersonId, Slot, ReviewId), tx, OPEN_CASES, unit_id, date, viewer)?)
}

/// How many active people a unit and each below it have by duty, and what was received from them.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn counts(tx: &mut Tx, top: UnitId, date: WorkDate) -> Result<Vec<Count>, StoreError> {
    Ok(fetch!(fetch_all, Count, tx, COUNTS, top, date, true)?)
}

/// The cases that wait in a unit and in those below it, counted by unit, date and slot.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn cases(
    tx: &mut Tx,
    top: UnitId,
    from: WorkDate,
    to: WorkDate,
) -> Result<Vec<(UnitId, WorkDate, Slot, i64)>, StoreError> {
    Ok(fetch!(fetch_all, (UnitId, WorkDate, Slot, i64), tx, CASES, top, from, to)?)
}
