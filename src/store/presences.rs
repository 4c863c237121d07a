//! Presences: the state of (person, work date, slot).

use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::{StoreError, Tx, execute, execute_many, fetch, statements::statements};
use crate::model::{
    ids::{CheckinId, PersonId, UnitId},
    time::{Timestamp, WorkDate},
    words::{Decision, PresenceState, Slot, Timing, Verdict},
};

statements! {
    // One more attempt: the best verdict and the earliest time win, and an earlier rejection is open again.
    // Touches no row when its number is not the next one.
    RECORD = "INSERT INTO presences (person_id, work_date, slot, unit_id, state, verdict, timing, first_received_at,
            best_checkin_id, attempts)
        VALUES ($1, $2, $3, $4, 'received', $5, $6, $7, $8, $9)
        ON CONFLICT (person_id, work_date, slot) DO UPDATE SET
            attempts = excluded.attempts,
            best_checkin_id = CASE WHEN presences.verdict <> 'accepted' AND excluded.verdict = 'accepted'
                THEN excluded.best_checkin_id ELSE presences.best_checkin_id END,
            verdict = CASE WHEN presences.verdict = 'accepted' OR excluded.verdict = 'accepted' THEN 'accepted'
                WHEN presences.verdict = 'examining' OR excluded.verdict = 'examining' THEN 'examining'
                ELSE 'flagged' END,
            timing = CASE WHEN excluded.first_received_at < presences.first_received_at
                THEN excluded.timing ELSE presences.timing END,
            first_received_at = CASE WHEN excluded.first_received_at < presences.first_received_at
                THEN excluded.first_received_at ELSE presences.first_received_at END,
            decision = CASE WHEN presences.decision = 'accept' THEN presences.decision ELSE NULL END,
            state = CASE WHEN presences.decision = 'accept' THEN presences.state ELSE 'received' END
        WHERE presences.attempts = excluded.attempts - 1";
    OF_DAY = "SELECT person_id, work_date, slot, unit_id, state, verdict, timing, first_received_at, best_checkin_id,
            attempts, decision
        FROM presences WHERE person_id = $1 AND work_date = $2 ORDER BY slot";
    // What counts once stays: rejecting one attempt takes nothing from another that was accepted.
    SETTLE = "UPDATE presences SET state = 'settled',
            decision = CASE WHEN verdict = 'accepted' OR decision = 'accept' THEN 'accept' ELSE $4 END
        WHERE person_id = $1 AND work_date = $2 AND slot = $3";
    OF_SLOT = "SELECT state, verdict, decision, attempts FROM presences WHERE person_id = $1 AND work_date = $2 AND slot = $3";
    RESTORE = "UPDATE presences SET state = $4, verdict = $5, decision = $6
        WHERE person_id = $1 AND work_date = $2 AND slot = $3";
    BETWEEN = "SELECT person_id, work_date, slot, unit_id, state, verdict, timing, first_received_at, best_checkin_id,
            attempts, decision
        FROM presences WHERE person_id = $1 AND work_date >= $2 AND work_date < $3 ORDER BY work_date, first_received_at, slot";
    // Whoever changes a slot holds it first, so that what is read afterwards stays true.
    HOLD = "UPDATE presences SET attempts = attempts WHERE person_id = $1 AND work_date = $2 AND slot = $3";
    // Only when no other attempt of the slot was accepted without a case of its own, and nobody decided yet.
    DOUBT = "UPDATE presences SET verdict = 'flagged'
        WHERE person_id = $1 AND work_date = $2 AND slot = $3 AND decision IS NULL
            AND NOT EXISTS (SELECT 1 FROM checkins c WHERE c.person_id = $1 AND c.work_date = $2 AND c.slot = $3
                AND c.id <> $4 AND c.verdict = 'accepted'
                AND NOT EXISTS (SELECT 1 FROM review_attempts a WHERE a.checkin_id = c.id))";
}

/// A presence as stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PresenceRow {
    /// Whose.
    pub person_id: PersonId,
    /// Of which day.
    pub work_date: WorkDate,
    /// Which slot.
    pub slot: Slot,
    /// The person's unit then.
    pub unit_id: UnitId,
    /// Where it stands.
    pub state: PresenceState,
    /// The best verdict of all attempts.
    pub verdict: Verdict,
    /// Timing of the earliest attempt.
    pub timing: Timing,
    /// The earliest attempt.
    pub first_received_at: Timestamp,
    /// The attempt that stands for the presence.
    pub best_checkin_id: CheckinId,
    /// How many attempts there were.
    pub attempts: i64,
    /// What stands after the reviews so far.
    pub decision: Option<Decision>,
}

/// How a slot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct Standing {
    /// Where it stands.
    pub state: PresenceState,
    /// The best verdict of all attempts.
    pub verdict: Verdict,
    /// What stands after the reviews so far.
    pub decision: Option<Decision>,
    /// How many attempts there were.
    pub attempts: i64,
}

/// One attempt to record.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// Whose.
    pub person_id: PersonId,
    /// The person's unit.
    pub unit_id: UnitId,
    /// Of which day.
    pub work_date: WorkDate,
    /// Which slot.
    pub slot: Slot,
    /// What policy made of it.
    pub verdict: Verdict,
    /// Its timing.
    pub timing: Timing,
    /// Its time.
    pub received_at: Timestamp,
    /// The check-in.
    pub checkin_id: CheckinId,
    /// 1 for the first of its slot.
    pub number: i64,
}

impl Attempt {
    /// Whether an open case of its slot has less to decide now: it was accepted after another one.
    pub fn calms(&self) -> bool {
        self.number > 1 && self.verdict == Verdict::Accepted
    }

    /// Names its slot.
    pub fn slot_key(&self) -> (PersonId, WorkDate, Slot) {
        (self.person_id, self.work_date, self.slot)
    }
}

/// Counts attempts of different slots in, each of which has to be the next one of its slot; says how many were.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn record(tx: &mut Tx, attempts: &[&Attempt]) -> Result<u64, StoreError> {
    Ok(execute_many!(tx, RECORD, [], attempts, one =>
        one.person_id, one.work_date, one.slot, one.unit_id, one.verdict, one.timing, one.received_at, one.checkin_id,
        one.number))
}

/// A person's presences of one day.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_day(tx: &mut Tx, person_id: PersonId, work_date: WorkDate) -> Result<Vec<PresenceRow>, StoreError> {
    Ok(fetch!(fetch_all, PresenceRow, tx, OF_DAY, person_id, work_date)?)
}

/// Holds a slot against everybody else and says how it stands; none when nothing was received.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn hold(
    tx: &mut Tx,
    person_id: PersonId,
    work_date: WorkDate,
    slot: Slot,
) -> Result<Option<Standing>, StoreError> {
    execute!(tx, HOLD, person_id, work_date, slot)?;
    Ok(fetch!(fetch_optional, Standing, tx, OF_SLOT, person_id, work_date, slot)?)
}

/// Makes a slot stand as it stood.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn restore(
    tx: &mut Tx,
    person_id: PersonId,
    work_date: WorkDate,
    slot: Slot,
    standing: Standing,
) -> Result<(), StoreError> {
    let Standing { state, verdict, decision, .. } = standing;
    execute!(tx, RESTORE, person_id, work_date, slot, state, verdict, decision)?;
    Ok(())
}

/// A person's presences from a day up to, and without, another; oldest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn between(
    tx: &mut Tx,
    person_id: PersonId,
    from: WorkDate,
    until: WorkDate,
) -> Result<Vec<PresenceRow>, StoreError> {
    Ok(fetch!(fetch_all, PresenceRow, tx, BETWEEN, person_id, from, until)?)
}

/// Writes down what a reviewer decided.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn settle(
    tx: &mut Tx,
    person_id: PersonId,
    work_date: WorkDate,
    slot: Slot,
    decision: Decision,
) -> Result<(), StoreError> {
    execute!(tx, SETTLE, person_id, work_date, slot, decision)?;
    Ok(())
}

/// An accepted attempt turned out to need a look: unless another one stands, its slot does too.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn doubt(
    tx: &mut Tx,
    person_id: PersonId,
    work_date: WorkDate,
    slot: Slot,
    checkin_id: CheckinId,
) -> Result<(), StoreError> {
    execute!(tx, HOLD, person_id, work_date, slot)?;
    execute!(tx, DOUBT, person_id, work_date, slot, checkin_id)?;
    Ok(())
}
