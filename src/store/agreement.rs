//! Decisions that were made twice, and routine looks: what reviewers agree about, and what passes unseen.

use sqlx::FromRow;

use super::{StoreError, Tx, fetch, lines::supervised, queue::Asker, statements::statements};
use crate::model::{
    ids::ReviewId,
    time::{Timestamp, WorkDate},
    words::{Decision, Slot},
};

statements! {
    // Of what is supervised, or of everything.
    PAIRS = concat!("SELECT r.second_of AS first_id, r.id AS second_id, r.work_date, r.slot, p.name AS person_name,
            r.first_decision, r.decision AS second_decision
        FROM reviews r JOIN people p ON p.id = r.person_id
        WHERE r.origin = 'second' AND r.state = 'decided' AND r.decided_at >= $3 AND r.decided_at < $4
            AND ($5 = 1 OR r.unit_id IN (", supervised!("$1", "$2"), ")) AND r.person_id <> $1
        ORDER BY r.decided_at, r.id");
    ROUTINE = concat!("SELECT COUNT(*), COUNT(CASE WHEN r.decision = 'reject' THEN 1 END) FROM reviews r
        WHERE r.origin = 'routine' AND r.state = 'decided' AND r.decided_at >= $3 AND r.decided_at < $4
            AND ($5 = 1 OR r.unit_id IN (", supervised!("$1", "$2"), ")) AND r.person_id <> $1");
}

/// A case that two people decided without knowing of each other.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PairRow {
    /// The case decided first.
    pub first_id: ReviewId,
    /// The second look at it.
    pub second_id: ReviewId,
    /// Of which day.
    pub work_date: WorkDate,
    /// Which slot.
    pub slot: Slot,
    /// Whose.
    pub person_name: String,
    /// What was decided first.
    pub first_decision: Decision,
    /// And then.
    pub second_decision: Decision,
}

/// Second looks that were decided in a span of time, of what the asker supervises, or of everything.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn pairs(
    tx: &mut Tx,
    asker: Asker,
    (from, until): (Timestamp, Timestamp),
    everything: bool,
) -> Result<Vec<PairRow>, StoreError> {
    let Asker { person_id, today, .. } = asker;
    Ok(fetch!(fetch_all, PairRow, tx, PAIRS, person_id, today, from, until, i64::from(everything))?)
}

/// Routine looks that were decided in a span of time, and how many of them ended with a rejection.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn routine(
    tx: &mut Tx,
    asker: Asker,
    (from, until): (Timestamp, Timestamp),
    everything: bool,
) -> Result<(i64, i64), StoreError> {
    let Asker { person_id, today, .. } = asker;
    Ok(fetch!(fetch_one, (i64, i64), tx, ROUTINE, person_id, today, from, until, i64::from(everything))?)
}
