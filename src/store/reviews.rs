//! Reviews: the cases that flagged attempts open, and their append-only history.

use serde_json::Value;
use sqlx::FromRow;

use super::{Json, StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{CheckinId, PersonId, ReviewEventId, ReviewId, UnitId},
    time::{Timestamp, WorkDate},
    words::{Decision, ReasonCode, ReviewEventKind, ReviewState, Slot},
};

statements! {
    // One open case a slot: a further flagged attempt joins it and can only make it more urgent. Whoever holds the case
    // has not seen that attempt, so the lease ends.
    OPEN = "INSERT INTO reviews (id, person_id, unit_id, work_date, slot, state, urgency, opened_at)
        VALUES ($1, $2, $3, $4, $5, 'open', $6, $7)
        ON CONFLICT (person_id, work_date, slot) WHERE state IN ('open', 'asked') DO UPDATE SET
            urgency = CASE WHEN excluded.urgency < reviews.urgency THEN excluded.urgency ELSE reviews.urgency END,
            claimed_by = NULL, claim_expires_at = NULL
        RETURNING id";
    ADD_ATTEMPT = "INSERT INTO review_attempts (review_id, checkin_id) VALUES ($1, $2)
        ON CONFLICT (review_id, checkin_id) DO NOTHING";
    CALM = "UPDATE reviews SET urgency = 2
        WHERE person_id = $1 AND work_date = $2 AND slot = $3 AND state IN ('open', 'asked') AND urgency = 1";
    BY_ID = "SELECT id, person_id, unit_id, work_date, slot, state, urgency, opened_at, claimed_by, claim_expires_at,
            decided_by, decided_at, decision, reason_code, note, question, asked_by, asked_at, due_at, appeal, appealed_at,
            appealed_from
        FROM reviews WHERE id = $1";
    OF_PERSON = "SELECT r.id, r.person_id, r.unit_id, r.work_date, r.slot, r.state, r.urgency, r.opened_at, r.claimed_by,
            r.claim_expires_at, r.decided_by, r.decided_at, r.decision, r.reason_code, r.note, r.question, r.asked_by,
            r.asked_at, r.due_at, r.appeal, r.appealed_at, r.appealed_from, p.name AS decided_by_name
        FROM reviews r LEFT JOIN people p ON p.id = r.decided_by
        WHERE r.person_id = $1 ORDER BY r.opened_at DESC, r.id DESC LIMIT $2";
    COUNT_ASKED = "SELECT COUNT(*) FROM reviews WHERE person_id = $1 AND state = 'asked'";
    OF_CHECKIN = "SELECT r.id, r.person_id, r.unit_id, r.work_date, r.slot, r.state, r.urgency, r.opened_at, r.claimed_by,
            r.claim_expires_at, r.decided_by, r.decided_at, r.decision, r.reason_code, r.note, r.question, r.asked_by,
            r.asked_at, r.due_at, r.appeal, r.appealed_at, r.appealed_from, p.name AS decided_by_name
        FROM reviews r JOIN review_attempts a ON a.review_id = r.id LEFT JOIN people p ON p.id = r.decided_by WHERE a.checkin_id = $1 ORDER BY r.opened_at, r.id";
    QUEUE = "WITH RECURSIVE supervised (id) AS (
            SELECT unit_id FROM role_assignments WHERE person_id = $1 AND role = 'supervisor'
                AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)
            UNION SELECT u.id FROM units u JOIN supervised s ON u.parent_id = s.id)
        SELECT r.id, r.person_id, r.unit_id, r.work_date, r.slot, r.state, r.urgency, r.opened_at, r.claimed_by,
            r.claim_expires_at, r.decided_by, r.decided_at, r.decision, r.reason_code, r.note, r.question, r.asked_by,
            r.asked_at, r.due_at, r.appeal, r.appealed_at, r.appealed_from,
            p.nip, p.name AS person_name, n.code AS unit_code, n.name AS unit_name
        FROM reviews r JOIN people p ON p.id = r.person_id JOIN units n ON n.id = r.unit_id
        WHERE (r.state IN ($3, $9) OR (r.state = $10 AND r.due_at <= $11)) AND r.unit_id IN (SELECT id FROM supervised) AND r.person_id <> $1
            AND (r.appealed_from IS NULL OR r.appealed_from <> $1 OR r.state = 'decided')
            AND (r.work_date, r.urgency, r.opened_at, r.id) > ($4, $5, $6, $7)
        ORDER BY r.work_date, r.urgency, r.opened_at, r.id LIMIT $8";
    CLAIM = "UPDATE reviews SET claimed_by = $2, claim_expires_at = $3
        WHERE id = $1 AND state <> 'decided' AND (claimed_by IS NULL OR claimed_by = $2 OR claim_expires_at <= $4)";
    RELEASE = "UPDATE reviews SET claimed_by = NULL, claim_expires_at = NULL
        WHERE id = $1 AND state <> 'decided' AND claimed_by = $2";
    DECIDE = "UPDATE reviews SET state = 'decided', decided_by = $2, decided_at = $3, decision = $4, reason_code = $5,
            note = $6
        WHERE id = $1 AND claimed_by = $2 AND claim_expires_at > $3
            AND (state IN ('open', 'appealed') OR (state = 'asked' AND due_at <= $3))
            AND (appealed_from IS NULL OR appealed_from <> $2)";
    // The case goes back: nobody has to hold it while its person thinks.
    ASK = "UPDATE reviews SET state = 'asked', question = $4, asked_by = $2, asked_at = $3, due_at = $5,
            claimed_by = NULL, claim_expires_at = NULL
        WHERE id = $1 AND state = 'open' AND claimed_by = $2 AND claim_expires_at > $3";
    // Whoever holds the case has not read the answer, so the lease ends.
    ANSWERED = "UPDATE reviews SET state = CASE WHEN state = 'asked' THEN 'open' ELSE state END,
            claimed_by = NULL, claim_expires_at = NULL
        WHERE id = $1 AND person_id = $2 AND state <> 'decided'";
    APPEAL = "UPDATE reviews SET state = 'appealed', appeal = $3, appealed_at = $4, appealed_from = decided_by,
            claimed_by = NULL, claim_expires_at = NULL
        WHERE id = $1 AND person_id = $2 AND state = 'decided' AND decision = 'reject' AND appealed_at IS NULL
            AND decided_at > $5";
    // The case's row is locked by whoever adds a step, so the numbers have no gap and no twin.
    ADD_EVENT = "INSERT INTO review_events (id, review_id, ordinal, kind, actor_id, at, detail)
        VALUES ($1, $2, (SELECT COUNT(*) + 1 FROM review_events WHERE review_id = $2), $3, $4, $5, $6)";
    EVENTS = "SELECT e.id, e.review_id, e.kind, e.actor_id, p.name AS actor_name, e.at, e.detail
        FROM review_events e LEFT JOIN people p ON p.id = e.actor_id WHERE e.review_id = $1 ORDER BY e.ordinal, e.id";
}

/// A review as stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ReviewRow {
    /// Id.
    pub id: ReviewId,
    /// Whose check-in.
    pub person_id: PersonId,
    /// The person's unit then.
    pub unit_id: UnitId,
    /// Of which day.
    pub work_date: WorkDate,
    /// Which slot.
    pub slot: Slot,
    /// Where it stands.
    pub state: ReviewState,
    /// 0 is worst.
    pub urgency: i64,
    /// When the first flagged attempt arrived.
    pub opened_at: Timestamp,
    /// Who holds it, if the lease still runs.
    pub claimed_by: Option<PersonId>,
    /// End of the lease.
    pub claim_expires_at: Option<Timestamp>,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What.
    pub decision: Option<Decision>,
    /// Why.
    pub reason_code: Option<ReasonCode>,
    /// In the reviewer's words.
    pub note: Option<String>,
    /// What the person was asked last.
    pub question: Option<String>,
    /// By whom.
    pub asked_by: Option<PersonId>,
    /// When.
    pub asked_at: Option<Timestamp>,
    /// Until when an answer is waited for.
    pub due_at: Option<Timestamp>,
    /// Why the person does not agree with the decision.
    pub appeal: Option<String>,
    /// Since when.
    pub appealed_at: Option<Timestamp>,
    /// Whose decision that was; somebody else decides the appeal.
    pub appealed_from: Option<PersonId>,
}

/// A review, with the name of who decided it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct NamedReview {
    /// The review.
    #[sqlx(flatten)]
    pub review: ReviewRow,
    /// Who decided.
    pub decided_by_name: Option<String>,
}

/// A review in the queue, with the names a reviewer needs.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct QueuedReview {
    /// The review.
    #[sqlx(flatten)]
    pub review: ReviewRow,
    /// Staff number of the person.
    pub nip: String,
    /// Name of the person.
    pub person_name: String,
    /// Code of the unit.
    pub unit_code: String,
    /// Name of the unit.
    pub unit_name: String,
}

/// A point in the queue after which a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueuePoint {
    /// Work date of the last case seen.
    pub work_date: WorkDate,
    /// Its urgency.
    pub urgency: i64,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Its id.
    pub id: ReviewId,
}

/// One step of a review's history.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct ReviewEventRow {
    /// Id.
    pub id: ReviewEventId,
    /// Of which review.
    pub review_id: ReviewId,
    /// What happened.
    pub kind: ReviewEventKind,
    /// Who did it; none for the service.
    pub actor_id: Option<PersonId>,
    /// The name of that person; not stored with the event.
    #[sqlx(default)]
    pub actor_name: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Particulars.
    pub detail: Json<Value>,
}

/// Opens the case of a slot, or finds the open one and raises its urgency; gives its id.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn open(tx: &mut Tx, row: &ReviewRow) -> Result<ReviewId, StoreError> {
    let (id, person_id, unit_id, urgency) = (row.id, row.person_id, row.unit_id, row.urgency);
    let (found,) = fetch!(
        fetch_one,
        (ReviewId,),
        tx,
        OPEN,
        id,
        person_id,
        unit_id,
        row.work_date,
        row.slot,
        urgency,
        row.opened_at
    )?;
    Ok(found)
}

/// Adds a flagged attempt to a case.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn add_attempt(tx: &mut Tx, id: ReviewId, checkin_id: CheckinId) -> Result<(), StoreError> {
    execute!(tx, ADD_ATTEMPT, id, checkin_id)?;
    Ok(())
}

/// Moves the open case of a slot behind the others once an attempt of the slot was accepted. A case with a reason of
/// high severity stays where it is.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn calm(tx: &mut Tx, person_id: PersonId, work_date: WorkDate, slot: Slot) -> Result<(), StoreError> {
    execute!(tx, CALM, person_id, work_date, slot)?;
    Ok(())
}

/// One review.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_id(tx: &mut Tx, id: ReviewId) -> Result<Option<ReviewRow>, StoreError> {
    Ok(fetch!(fetch_optional, ReviewRow, tx, BY_ID, id)?)
}

/// The cases a check-in belongs to.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_checkin(tx: &mut Tx, id: CheckinId) -> Result<Vec<NamedReview>, StoreError> {
    Ok(fetch!(fetch_all, NamedReview, tx, OF_CHECKIN, id)?)
}

/// The next page of the queue of everything `person_id` supervises on a day, oldest day first and worst first within it.
/// A person's own cases are never in it.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn queue(
    tx: &mut Tx,
    person_id: PersonId,
    (on, now): (WorkDate, Timestamp),
    state: ReviewState,
    after: QueuePoint,
    limit: i64,
) -> Result<Vec<QueuedReview>, StoreError> {
    let QueuePoint { work_date, urgency, opened_at, id } = after;
    // Who waits for a second decision waits in the same queue, and so does a question nobody answered in time.
    let (too, overdue) = match state {
        ReviewState::Open => (ReviewState::Appealed, ReviewState::Asked),
        other => (other, other),
    };
    let rows = fetch!(
        fetch_all,
        QueuedReview,
        tx,
        QUEUE,
        person_id,
        on,
        state,
        work_date,
        urgency,
        opened_at,
        id,
        limit,
        too,
        overdue,
        now
    )?;
    Ok(rows)
}

/// Takes or renews the lease; false when somebody else holds it or the case is decided.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn claim(
    tx: &mut Tx,
    id: ReviewId,
    by: PersonId,
    until: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, CLAIM, id, by, until, now)? == 1)
}

/// Gives the case back; false when the person did not hold it.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn release(tx: &mut Tx, id: ReviewId, by: PersonId) -> Result<bool, StoreError> {
    Ok(execute!(tx, RELEASE, id, by)? == 1)
}

/// Decides a case its holder still has the lease of; false otherwise.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn decide(
    tx: &mut Tx,
    id: ReviewId,
    by: PersonId,
    now: Timestamp,
    (decision, reason_code): (Decision, ReasonCode),
    note: Option<&str>,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, DECIDE, id, by, now, decision, reason_code, note.map(str::to_owned))? == 1)
}

/// Waits for the person's words; false when the asker does not hold the open case.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn ask(
    tx: &mut Tx,
    id: ReviewId,
    by: PersonId,
    now: Timestamp,
    question: &str,
    due_at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, ASK, id, by, now, question.to_owned(), due_at)? == 1)
}

/// The person said something: the case is open again; false when it is none of theirs, or decided.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn answered(tx: &mut Tx, id: ReviewId, person_id: PersonId) -> Result<bool, StoreError> {
    Ok(execute!(tx, ANSWERED, id, person_id)? == 1)
}

/// Asks for a second decision about a rejection that is younger than `decided_after`; once a case.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn appeal(
    tx: &mut Tx,
    id: ReviewId,
    person_id: PersonId,
    words: &str,
    now: Timestamp,
    decided_after: Timestamp,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, APPEAL, id, person_id, words.to_owned(), now, decided_after)? == 1)
}

/// A person's latest cases, newest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_person(tx: &mut Tx, person_id: PersonId, limit: i64) -> Result<Vec<NamedReview>, StoreError> {
    Ok(fetch!(fetch_all, NamedReview, tx, OF_PERSON, person_id, limit)?)
}

/// How many of a person's cases wait for their words.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn count_asked(tx: &mut Tx, person_id: PersonId) -> Result<i64, StoreError> {
    let (count,) = fetch!(fetch_one, (i64,), tx, COUNT_ASKED, person_id)?;
    Ok(count)
}

/// Appends a step to the history.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn add_event(tx: &mut Tx, event: &ReviewEventRow) -> Result<(), StoreError> {
    execute!(tx, ADD_EVENT, event.id, event.review_id, event.kind, event.actor_id, event.at, event.detail.clone())?;
    Ok(())
}

/// The history of a review, in order.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn events(tx: &mut Tx, id: ReviewId) -> Result<Vec<ReviewEventRow>, StoreError> {
    Ok(fetch!(fetch_all, ReviewEventRow, tx, EVENTS, id)?)
}
