//! Photos that are examined after the acknowledgement: which wait, and who examines them.

use serde_json::Value;
use sqlx::FromRow;

use super::{
    Json, StoreError, Tx,
    checkins::{self, CheckinRow},
    execute_many, fetch, fetch_each,
    positions::{self, PositionRow},
    statements::statements,
};
use crate::model::{
    ids::{CheckinId, PersonId},
    time::{Timestamp, WorkDate},
    words::{Slot, Verdict},
};

statements! {
    INSERT = "INSERT INTO examinations (checkin_id, queued_at, known, held_until) VALUES ($1, $2, $3, $4)";
    // Several replicas take some at once, each those that no other has; who falls silent is not waited for, nor a clock that
    // was ahead.
    TAKE = "UPDATE examinations SET held_until = $1
            WHERE checkin_id IN (SELECT checkin_id FROM examinations WHERE held_until <= $2 OR held_until > $1
                ORDER BY queued_at, checkin_id LIMIT $3)
            RETURNING checkin_id, queued_at, known, held_until",
        "WITH free AS MATERIALIZED (SELECT checkin_id FROM examinations WHERE held_until <= $2 OR held_until > $1
                ORDER BY queued_at, checkin_id LIMIT $3 FOR UPDATE SKIP LOCKED)
            UPDATE examinations e SET held_until = $1 FROM free WHERE e.checkin_id = free.checkin_id
            RETURNING e.checkin_id, e.queued_at, e.known, e.held_until";
    DONE = "DELETE FROM examinations WHERE checkin_id IN (VALUES ($1))",
        "DELETE FROM examinations WHERE checkin_id IN (VALUES (CAST($1 AS UUID)))";
    WAITS = "SELECT checkin_id FROM examinations WHERE checkin_id = $1";
    BACKLOG = "SELECT COUNT(*) AS waiting, MIN(queued_at) AS oldest FROM examinations";
    ZONE = "SELECT u.time_zone FROM checkins c JOIN units u ON u.id = c.unit_id WHERE c.id = $1";
    // The slots are locked first, as a check-in does. The best attempt stands for its slot; as long as another one is examined,
    // it is not decided that a person has to look.
    SETTLE_SLOT = "UPDATE presences SET
            best_checkin_id = CASE WHEN verdict <> 'accepted' AND settled.column5 = 'accepted' THEN settled.column4
                ELSE best_checkin_id END,
            verdict = CASE WHEN verdict = 'accepted' OR settled.column5 = 'accepted' THEN 'accepted'
                WHEN EXISTS (SELECT 1 FROM checkins c WHERE c.person_id = presences.person_id
                    AND c.work_date = presences.work_date AND c.slot = presences.slot
                    AND c.id <> settled.column4 AND c.verdict = 'examining') THEN 'examining'
                ELSE 'flagged' END
        FROM (VALUES ($1, $2, $3, $4, $5)) AS settled
        WHERE person_id = settled.column1 AND work_date = settled.column2 AND slot = settled.column3",
        "UPDATE presences SET
            best_checkin_id = CASE WHEN verdict <> 'accepted' AND settled.column5 = 'accepted' THEN settled.column4
                ELSE best_checkin_id END,
            verdict = CASE WHEN verdict = 'accepted' OR settled.column5 = 'accepted' THEN 'accepted'
                WHEN EXISTS (SELECT 1 FROM checkins c WHERE c.person_id = presences.person_id
                    AND c.work_date = presences.work_date AND c.slot = presences.slot
                    AND c.id <> settled.column4 AND c.verdict = 'examining') THEN 'examining'
                ELSE 'flagged' END
        FROM (VALUES (CAST($1 AS UUID), CAST($2 AS DATE), CAST($3 AS TEXT), CAST($4 AS UUID), CAST($5 AS TEXT))) AS settled
        WHERE person_id = settled.column1 AND work_date = settled.column2 AND slot = settled.column3";
    SETTLE_CHECKIN = "UPDATE checkins SET verdict = settled.column2, rules_version = settled.column3
        FROM (VALUES ($1, $2, $3)) AS settled WHERE id = settled.column1 AND verdict = 'examining'",
        "UPDATE checkins SET verdict = settled.column2, rules_version = settled.column3
        FROM (VALUES (CAST($1 AS UUID), CAST($2 AS TEXT), CAST($3 AS TEXT))) AS settled
        WHERE id = settled.column1 AND verdict = 'examining'";
}

/// A photo that waits.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct ExaminationRow {
    /// Of which check-in.
    pub checkin_id: CheckinId,
    /// When it was acknowledged.
    pub queued_at: Timestamp,
    /// What was known before the photo was looked at.
    pub known: Json<Value>,
    /// Until when somebody examines it; over when nobody does.
    pub held_until: Timestamp,
}

/// Puts photos into the queue.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn insert(tx: &mut Tx, rows: &[&ExaminationRow]) -> Result<(), StoreError> {
    execute_many!(tx, INSERT, [], rows, row => row.checkin_id, row.queued_at, row.known.clone(), row.held_until);
    Ok(())
}

/// Takes some that nobody examines, for so long; the oldest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn take(
    tx: &mut Tx,
    until: Timestamp,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<ExaminationRow>, StoreError> {
    let mut rows = fetch!(fetch_all, ExaminationRow, tx, TAKE, until, now, limit)?;
    rows.sort_by_key(|row| (row.queued_at, row.checkin_id));
    Ok(rows)
}

/// Whether a photo waits.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn waits(tx: &mut Tx, id: CheckinId) -> Result<bool, StoreError> {
    Ok(fetch!(fetch_optional, (CheckinId,), tx, WAITS, id)?.is_some())
}

/// How many wait, and since when the oldest does.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn backlog(tx: &mut Tx) -> Result<(i64, Option<Timestamp>), StoreError> {
    Ok(fetch!(fetch_one, (i64, Option<Timestamp>), tx, BACKLOG)?)
}

/// A verdict after an examination.
#[derive(Clone, Debug)]
pub struct Settled {
    /// Of which check-in.
    pub checkin_id: CheckinId,
    /// The slot it answers.
    pub slot: (PersonId, WorkDate, Slot),
    /// The verdict.
    pub verdict: Verdict,
    /// By which rules.
    pub rules_version: String,
}

/// Takes check-ins of different slots out of the queue and counts their verdicts, for themselves and for their slots; false
/// when one of them has a verdict already. The transaction then has to be rolled back.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn settle(tx: &mut Tx, all: &[Settled]) -> Result<bool, StoreError> {
    let mut all: Vec<_> = all.iter().collect();
    all.sort_by_key(|one| one.slot);
    execute_many!(tx, SETTLE_SLOT, [], &all[..], one =>
        one.slot.0, one.slot.1, one.slot.2, one.checkin_id, one.verdict);
    let taken = execute_many!(tx, DONE, [], &all[..], one => one.checkin_id);
    let settled = execute_many!(tx, SETTLE_CHECKIN, [], &all[..], one =>
        one.checkin_id, one.verdict, one.rules_version.clone());
    Ok((taken, settled) == (all.len() as u64, all.len() as u64))
}

/// What is needed to examine the photo of a check-in.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn subject(
    tx: &mut Tx,
    id: CheckinId,
) -> Result<(Option<CheckinRow>, Option<String>, Option<PositionRow>), StoreError> {
    let (checkins, zones, positions) = fetch_each!(
        tx,
        CheckinRow, checkins::BY_ID, [id];
        (String,), ZONE, [id];
        PositionRow, positions::BY_CHECKIN, [id];
    );
    let zone = zones.into_iter().next().map(|(zone,)| zone);
    Ok((checkins.into_iter().next(), zone, positions.into_iter().next()))
}
