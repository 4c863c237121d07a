//! Reviews: the cases that flagged attempts open, and their append-only history.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::{Json, StoreError, Tx, execute, execute_many, fetch, presences::Standing, statements::statements};
use crate::model::{
    ids::{CheckinId, PersonId, ReviewId, UnitId},
    time::{Timestamp, WorkDate},
    words::{Decision, ReasonCode, ReviewOrigin, ReviewState, Slot},
};

/// Every column of a review, as [`ReviewRow`] reads them.
macro_rules! columns {
    () => {
        "r.id, r.person_id, r.unit_id, r.work_date, r.slot, r.state, r.urgency, r.opened_at, r.claimed_by,
            r.claim_expires_at, r.decided_by, r.decided_at, r.decision, r.reason_code, r.note, r.question, r.asked_by,
            r.asked_at, r.due_at, r.appeal, r.appealed_at, r.appealed_from, r.version, r.origin, r.deciding_unit_id,
            r.target_at, r.escalations, r.barred_id, r.cause, r.before_decision, r.second_of, r.first_decision,
            r.second_at"
    };
}
pub(super) use columns;

/// The reviews of some check-ins `c`, as far as their person knows of them: not blind second ones, and routine looks only
/// when they came to something.
macro_rules! outcomes {
    ($of:literal) => {
        concat!(
            "SELECT c.id AS checkin_id, ",
            $crate::store::reviews::columns!(),
            ", p.name AS decided_by_name
        FROM checkins c JOIN review_attempts a ON a.checkin_id = c.id JOIN reviews r ON r.id = a.review_id
            LEFT JOIN people p ON p.id = r.decided_by
        WHERE ",
            $of,
            " AND (r.origin = 'flagged' OR (r.origin = 'routine'
            AND (r.asked_at IS NOT NULL OR (r.state <> 'open' AND r.decision = 'reject'))))
        ORDER BY c.attempt, c.id, r.opened_at, r.id"
        )
    };
}
pub(super) use outcomes;

statements! {
    // One open case a slot: a further flagged attempt joins it and can only make it more urgent. Whoever holds the case
    // has not seen that attempt, so the lease ends.
    OPEN = "INSERT INTO reviews (id, person_id, unit_id, work_date, slot, state, urgency, opened_at, origin,
            deciding_unit_id, target_at, cause)
        VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10, $11)
        ON CONFLICT (person_id, work_date, slot) WHERE state IN ('open', 'asked') AND origin <> 'second' DO UPDATE SET
            urgency = CASE WHEN excluded.urgency < reviews.urgency THEN excluded.urgency ELSE reviews.urgency END,
            origin = CASE WHEN excluded.origin = 'flagged' THEN excluded.origin ELSE reviews.origin END,
            cause = CASE WHEN excluded.cause LIKE 'position:%' THEN excluded.cause
                ELSE COALESCE(reviews.cause, excluded.cause) END,
            version = reviews.version + 1, claimed_by = NULL, claim_expires_at = NULL
        RETURNING id";
    // What the first decision was about, for somebody who does not know it.
    OPEN_SECOND = "INSERT INTO reviews (id, person_id, unit_id, work_date, slot, state, urgency, opened_at, origin,
            deciding_unit_id, target_at, barred_id, second_of, first_decision)
        VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, 'second', $8, $9, $10, $11, $12)";
    COPY_ATTEMPTS = "INSERT INTO review_attempts (review_id, checkin_id)
        SELECT $1, checkin_id FROM review_attempts WHERE review_id = $2";
    COPY_REASONS = "INSERT INTO review_reasons (review_id, code) SELECT $1, code FROM review_reasons WHERE review_id = $2";
    ADD_ATTEMPT = "INSERT INTO review_attempts (review_id, checkin_id) VALUES ($1, $2)
        ON CONFLICT (review_id, checkin_id) DO NOTHING";
    ADD_REASON = "INSERT INTO review_reasons (review_id, code) VALUES ($1, $2) ON CONFLICT (review_id, code) DO NOTHING";
    REASONS = "SELECT code FROM review_reasons WHERE review_id = $1 ORDER BY code";
    CALM = "UPDATE reviews SET urgency = 2 FROM (VALUES ($1, $2, $3)) AS calmed
        WHERE person_id = calmed.column1 AND work_date = calmed.column2 AND slot = calmed.column3
            AND state IN ('open', 'asked') AND origin <> 'second' AND urgency = 1",
        "UPDATE reviews SET urgency = 2 FROM (VALUES (CAST($1 AS UUID), CAST($2 AS DATE), CAST($3 AS TEXT))) AS calmed
        WHERE person_id = calmed.column1 AND work_date = calmed.column2 AND slot = calmed.column3
            AND state IN ('open', 'asked') AND origin <> 'second' AND urgency = 1";
    OPEN_OF_SLOT = "SELECT id FROM reviews WHERE person_id = $1 AND work_date = $2 AND slot = $3
        AND state IN ('open', 'asked') AND origin <> 'second'";
    BY_ID = concat!("SELECT ", columns!(), " FROM reviews r WHERE r.id = $1");
    // A second look is not the person's own business, and neither is a routine one that led to nothing.
    OF_PERSON = concat!("SELECT ", columns!(), ", p.name AS decided_by_name
        FROM reviews r LEFT JOIN people p ON p.id = r.decided_by
        WHERE r.person_id = $1 AND (r.origin = 'flagged' OR (r.origin = 'routine'
            AND (r.asked_at IS NOT NULL OR (r.state <> 'open' AND r.decision = 'reject'))))
        ORDER BY r.opened_at DESC, r.id DESC LIMIT $2");
    COUNT_ASKED = "SELECT COUNT(*) FROM reviews WHERE person_id = $1 AND state = 'asked'";
    OF_CHECKIN = outcomes!("c.id = $1");
    CLAIM = "UPDATE reviews SET claimed_by = $2, claim_expires_at = $3
        WHERE id = $1 AND state <> 'decided' AND (claimed_by IS NULL OR claimed_by = $2 OR claim_expires_at <= $4)";
    RELEASE = "UPDATE reviews SET claimed_by = NULL, claim_expires_at = NULL
        WHERE id = $1 AND state <> 'decided' AND claimed_by = $2";
    DECIDE = "UPDATE reviews SET state = 'decided', decided_by = $2, decided_at = $3, decision = $4, reason_code = $5,
            note = $6, before_decision = $7, second_at = $8, version = version + 1
        WHERE id = $1 AND claimed_by = $2 AND claim_expires_at > $3
            AND (state IN ('open', 'appealed') OR (state = 'asked' AND due_at <= $3))
            AND (barred_id IS NULL OR barred_id <> $2)";
    // Whoever takes a decision back holds the case again.
    UNDO = "UPDATE reviews SET state = CASE WHEN appealed_at IS NULL THEN 'open' ELSE 'appealed' END, decided_by = $4,
            decided_at = $5, decision = $6, reason_code = $7, note = $8, before_decision = NULL, second_at = NULL,
            claimed_by = $2, claim_expires_at = $9, version = version + 1
        WHERE id = $1 AND state = 'decided' AND decided_by = $2 AND decided_at > $3 AND before_decision IS NOT NULL";
    // The case goes back: nobody has to hold it while its person thinks, and its clock stands still.
    ASK = "UPDATE reviews SET state = 'asked', question = $4, asked_by = $2, asked_at = $3, due_at = $5, target_at = $6,
            claimed_by = NULL, claim_expires_at = NULL, version = version + 1
        WHERE id = $1 AND state = 'open' AND origin <> 'second' AND claimed_by = $2 AND claim_expires_at > $3";
    // Whoever changes a case by what stands in it holds it first.
    HOLD = "UPDATE reviews SET version = version WHERE id = $1";
    // Whoever holds the case has not read the answer, so the lease ends.
    ANSWERED = "UPDATE reviews SET state = CASE WHEN state = 'asked' THEN 'open' ELSE state END, target_at = $3,
            claimed_by = NULL, claim_expires_at = NULL, version = version + 1
        WHERE id = $1 AND person_id = $2 AND state <> 'decided'";
    APPEAL = "UPDATE reviews SET state = 'appealed', appeal = $3, appealed_at = $4, appealed_from = decided_by,
            barred_id = decided_by, deciding_unit_id = $6, target_at = $7, before_decision = NULL, second_at = NULL,
            claimed_by = NULL, claim_expires_at = NULL, version = version + 1
        WHERE id = $1 AND person_id = $2 AND state = 'decided' AND decision = 'reject' AND appealed_at IS NULL
            AND decided_at > $5 AND origin <> 'second'";
    // Flagged cases of a unit and those below it, or of everybody, with an attempt captured in a span of time.
    CAUSE_IN_WINDOW = "UPDATE reviews SET cause = $5
        WHERE state <> 'decided' AND origin = 'flagged' AND cause IS NULL
            AND ($4 = 1 OR unit_id IN (SELECT unit_id FROM unit_lines WHERE above_id = $3))
            AND id IN (SELECT a.review_id FROM review_attempts a JOIN checkins c ON c.id = a.checkin_id
                WHERE COALESCE(c.captured_at, c.received_at) >= $1 AND COALESCE(c.captured_at, c.received_at) < $2
                    AND a.review_id = reviews.id)";
    // Nobody who holds the case loses it: both desks may decide.
    ESCALATE = "UPDATE reviews SET deciding_unit_id = $3, target_at = $4, escalations = escalations + 1
        WHERE id = $1 AND target_at = $2 AND state <> 'decided'";
    MOVE = "UPDATE reviews SET deciding_unit_id = $2 WHERE id = $1 AND state <> 'decided' AND escalations = 0";
    WAITING_TOO_LONG = concat!("SELECT ", columns!(), " FROM reviews r
        WHERE r.state <> 'decided' AND r.target_at <= $1 AND (r.state <> 'asked' OR r.due_at <= $1)
        ORDER BY r.target_at, r.id LIMIT $2");
    DESKS = "SELECT DISTINCT unit_id, deciding_unit_id FROM reviews WHERE state <> 'decided' AND escalations = 0";
    AT_DESK = concat!("SELECT ", columns!(), " FROM reviews r
        WHERE r.state <> 'decided' AND r.escalations = 0 AND r.unit_id = $1
            AND (r.deciding_unit_id = $2 OR (r.deciding_unit_id IS NULL AND $2 = $3)) ORDER BY r.id");
    SECONDS_DUE = concat!("SELECT ", columns!(), " FROM reviews r
        WHERE r.second_at IS NOT NULL AND r.second_at <= $1 AND r.state = 'decided' ORDER BY r.second_at, r.id LIMIT $2");
    SECOND_OPENED = "UPDATE reviews SET second_at = NULL WHERE id = $1 AND second_at IS NOT NULL AND state = 'decided'";
    // Flagged attempts whose photo this person has not opened; what was never examined cannot be shown.
    UNSEEN = "SELECT a.checkin_id FROM review_attempts a WHERE a.review_id = $1
        AND NOT EXISTS (SELECT 1 FROM looks l WHERE l.checkin_id = a.checkin_id AND l.viewer_id = $2
            AND l.what IN ('photo', 'photo_unavailable'))
        AND NOT EXISTS (SELECT 1 FROM findings f WHERE f.checkin_id = a.checkin_id AND f.code = 'photo.not_examined')
        ORDER BY a.checkin_id LIMIT 1";
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
    /// Counts what changed in the case itself; a lease changes nothing.
    pub version: i64,
    /// How it became a case.
    pub origin: ReviewOrigin,
    /// The unit whose supervisors decide it now; none while nobody can.
    pub deciding_unit_id: Option<UnitId>,
    /// When it goes to those above.
    pub target_at: Timestamp,
    /// How often its time was over.
    pub escalations: i64,
    /// Who may not decide it, having decided it before.
    pub barred_id: Option<PersonId>,
    /// What it has in common with others.
    pub cause: Option<String>,
    /// What taking the decision back restores.
    pub before_decision: Option<Json<BeforeDecision>>,
    /// The case that this is a second look at.
    pub second_of: Option<ReviewId>,
    /// What was decided there.
    pub first_decision: Option<Decision>,
    /// When a second look at this one is to be opened.
    pub second_at: Option<Timestamp>,
}

impl ReviewRow {
    /// Whether its person is told of it: not of second looks, and of a routine one only once something follows from it.
    pub fn is_told(&self) -> bool {
        match self.origin {
            ReviewOrigin::Flagged => true,
            ReviewOrigin::Routine => {
                let rejected = self.state != ReviewState::Open && self.decision == Some(Decision::Reject);
                self.asked_at.is_some() || rejected
            }
            ReviewOrigin::Second => false,
        }
    }
}

/// What stood before a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeforeDecision {
    /// The presence; none when the decision did not touch it.
    pub presence: Option<Standing>,
    /// What the decision made of it: when more has come since, nothing is restored.
    pub left: Option<Standing>,
    /// The decision that was appealed against.
    pub ruling: Option<EarlierRuling>,
}

/// A decision that an appeal asks to be made again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierRuling {
    /// Who decided.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub decision: Decision,
    /// Why.
    pub reason_code: ReasonCode,
    /// In the reviewer's words.
    pub note: Option<String>,
}

/// A case about to be opened.
#[derive(Clone, Debug)]
pub struct NewCase {
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
    /// 0 is worst.
    pub urgency: i64,
    /// Now.
    pub opened_at: Timestamp,
    /// How it becomes one.
    pub origin: ReviewOrigin,
    /// Whose supervisors decide it.
    pub deciding_unit_id: Option<UnitId>,
    /// When it goes to those above.
    pub target_at: Timestamp,
    /// What it has in common with others.
    pub cause: Option<String>,
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

/// Opens the case of a slot, or finds the open one and raises its urgency; gives its id.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn open(tx: &mut Tx, case: &NewCase) -> Result<ReviewId, StoreError> {
    let NewCase { id, person_id, unit_id, work_date, slot, urgency, opened_at, origin, .. } = *case;
    let (found,) = fetch!(
        fetch_one,
        (ReviewId,),
        tx,
        OPEN,
        id,
        person_id,
        unit_id,
        work_date,
        slot,
        urgency,
        opened_at,
        origin,
        case.deciding_unit_id,
        case.target_at,
        case.cause.clone()
    )?;
    Ok(found)
}

/// Opens a second look at a case that `first` decided, with the same attempts and reasons.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn open_second(
    tx: &mut Tx,
    case: &NewCase,
    of: ReviewId,
    (first, decision): (PersonId, Decision),
) -> Result<(), StoreError> {
    let NewCase { id, person_id, unit_id, work_date, slot, urgency, opened_at, .. } = *case;
    execute!(
        tx,
        OPEN_SECOND,
        id,
        person_id,
        unit_id,
        work_date,
        slot,
        urgency,
        opened_at,
        case.deciding_unit_id,
        case.target_at,
        first,
        of,
        decision
    )?;
    execute!(tx, COPY_ATTEMPTS, id, of)?;
    execute!(tx, COPY_REASONS, id, of)?;
    Ok(())
}

/// Adds a flagged attempt to a case.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn add_attempt(tx: &mut Tx, id: ReviewId, checkin_id: CheckinId) -> Result<(), StoreError> {
    execute!(tx, ADD_ATTEMPT, id, checkin_id)?;
    Ok(())
}

/// Adds a reason why a person has to look.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn add_reason(tx: &mut Tx, id: ReviewId, code: &str) -> Result<(), StoreError> {
    execute!(tx, ADD_REASON, id, code.to_owned())?;
    Ok(())
}

/// The codes of the findings for which a person has to look.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn reasons(tx: &mut Tx, id: ReviewId) -> Result<Vec<String>, StoreError> {
    Ok(fetch!(fetch_all, (String,), tx, REASONS, id)?.into_iter().map(|(code,)| code).collect())
}

/// The open case of a slot.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn open_of_slot(
    tx: &mut Tx,
    person_id: PersonId,
    work_date: WorkDate,
    slot: Slot,
) -> Result<Option<ReviewId>, StoreError> {
    let found = fetch!(fetch_optional, (ReviewId,), tx, OPEN_OF_SLOT, person_id, work_date, slot)?;
    Ok(found.map(|(id,)| id))
}

/// Moves the open cases of slots behind the others once an attempt of the slot was accepted. A case with a reason of high
/// severity stays where it is.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn calm(tx: &mut Tx, slots: &[(PersonId, WorkDate, Slot)]) -> Result<(), StoreError> {
    execute_many!(tx, CALM, [], slots, slot => slot.0, slot.1, slot.2);
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

/// A decision about to be written down.
#[derive(Clone, Debug)]
pub struct Ruled {
    /// Who decides.
    pub by: PersonId,
    /// Now.
    pub at: Timestamp,
    /// What.
    pub decision: Decision,
    /// Why.
    pub reason_code: ReasonCode,
    /// In the reviewer's words.
    pub note: Option<String>,
    /// What taking it back restores; none when it cannot be taken back.
    pub before: Option<BeforeDecision>,
    /// When a second look at it is to be opened, if it was drawn.
    pub second_at: Option<Timestamp>,
}

/// Decides a case its holder still has the lease of; false otherwise.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn decide(tx: &mut Tx, id: ReviewId, ruled: &Ruled) -> Result<bool, StoreError> {
    let Ruled { by, at, decision, reason_code, second_at, .. } = *ruled;
    let (note, before) = (ruled.note.clone(), ruled.before.clone().map(Json));
    Ok(execute!(tx, DECIDE, id, by, at, decision, reason_code, note, before, second_at)? == 1)
}

/// Takes back what `by` decided after `since`, restoring the ruling of before; the case is held until `until`. False when
/// there is no such decision.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn undo(
    tx: &mut Tx,
    id: ReviewId,
    by: PersonId,
    (since, until): (Timestamp, Timestamp),
    earlier: Option<&EarlierRuling>,
) -> Result<bool, StoreError> {
    let (decided_by, decided_at) = earlier.map(|ruling| (ruling.by, ruling.at)).unzip();
    let (decision, reason_code) = earlier.map(|ruling| (ruling.decision, ruling.reason_code)).unzip();
    let note = earlier.and_then(|ruling| ruling.note.clone());
    Ok(execute!(tx, UNDO, id, by, since, decided_by, decided_at, decision, reason_code, note, until)? == 1)
}

/// A question about to be asked.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Who asks.
    pub by: PersonId,
    /// Now.
    pub at: Timestamp,
    /// What is asked.
    pub question: &'a str,
    /// Until when an answer is waited for.
    pub due_at: Timestamp,
    /// When the case goes to those above, with its clock standing still meanwhile.
    pub target_at: Timestamp,
}

/// Waits for the person's words; false when the asker does not hold the open case.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn ask(tx: &mut Tx, id: ReviewId, asking: &Asking<'_>) -> Result<bool, StoreError> {
    let Asking { by, at, question, due_at, target_at } = *asking;
    Ok(execute!(tx, ASK, id, by, at, question.to_owned(), due_at, target_at)? == 1)
}

/// Holds a case against everybody else and reads it.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn hold(tx: &mut Tx, id: ReviewId) -> Result<Option<ReviewRow>, StoreError> {
    execute!(tx, HOLD, id)?;
    by_id(tx, id).await
}

/// The person said something: the case is open again and its clock runs on; false when it is none of theirs, or decided.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn answered(
    tx: &mut Tx,
    id: ReviewId,
    person_id: PersonId,
    target_at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, ANSWERED, id, person_id, target_at)? == 1)
}

/// An appeal about to be made.
#[derive(Clone, Copy, Debug)]
pub struct Appealing<'a> {
    /// Whose case it is.
    pub person_id: PersonId,
    /// Why they do not agree.
    pub words: &'a str,
    /// Now.
    pub at: Timestamp,
    /// Decisions up to this moment stand.
    pub decided_after: Timestamp,
    /// Whose supervisors decide again.
    pub deciding_unit_id: Option<UnitId>,
    /// When it goes to those above.
    pub target_at: Timestamp,
}

/// Asks for a second decision about a rejection; once a case.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn appeal(tx: &mut Tx, id: ReviewId, appealing: &Appealing<'_>) -> Result<bool, StoreError> {
    let Appealing { person_id, words, at, decided_after, deciding_unit_id, target_at } = *appealing;
    let words = words.to_owned();
    Ok(execute!(tx, APPEAL, id, person_id, words, at, decided_after, deciding_unit_id, target_at)? == 1)
}

/// Says what flagged cases have in common that have nothing yet, with an attempt captured in a span of time, of a unit and
/// those below it, or of everybody; gives how many.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn cause_in_window(
    tx: &mut Tx,
    unit_id: Option<UnitId>,
    (from, until): (Timestamp, Timestamp),
    cause: &str,
) -> Result<u64, StoreError> {
    let (id, everybody) = (unit_id.unwrap_or(UnitId(uuid::Uuid::nil())), i64::from(unit_id.is_none()));
    Ok(execute!(tx, CAUSE_IN_WINDOW, from, until, id, everybody, cause.to_owned())?)
}

/// Gives a case whose time was over to another desk, or leaves it where there is none above, until the next target; false when somebody did so
/// before, or it was decided.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn escalate(
    tx: &mut Tx,
    review: &ReviewRow,
    desk: Option<UnitId>,
    target_at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, ESCALATE, review.id, review.target_at, desk, target_at)? == 1)
}

/// Gives a case to another desk, because of who supervises today.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn move_to(tx: &mut Tx, id: ReviewId, desk: Option<UnitId>) -> Result<(), StoreError> {
    execute!(tx, MOVE, id, desk)?;
    Ok(())
}

/// Cases that waited past their target; those whose person still has time to answer are not among them.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn waiting_too_long(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<ReviewRow>, StoreError> {
    Ok(fetch!(fetch_all, ReviewRow, tx, WAITING_TOO_LONG, now, limit)?)
}

/// Units that cases come from, and the desks they lie on.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn desks(tx: &mut Tx) -> Result<Vec<(UnitId, Option<UnitId>)>, StoreError> {
    Ok(fetch!(fetch_all, (UnitId, Option<UnitId>), tx, DESKS)?)
}

/// The cases from a unit that lie on a desk and never went further up.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn at_desk(tx: &mut Tx, unit_id: UnitId, desk: Option<UnitId>) -> Result<Vec<ReviewRow>, StoreError> {
    let nobody = UnitId(uuid::Uuid::nil());
    Ok(fetch!(fetch_all, ReviewRow, tx, AT_DESK, unit_id, desk.unwrap_or(nobody), nobody)?)
}

/// Decided cases that a second look was drawn for, whose time has come.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn seconds_due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<ReviewRow>, StoreError> {
    Ok(fetch!(fetch_all, ReviewRow, tx, SECONDS_DUE, now, limit)?)
}

/// Notes that the second look was opened, or cannot be; false when somebody did so before.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn second_opened(tx: &mut Tx, id: ReviewId) -> Result<bool, StoreError> {
    Ok(execute!(tx, SECOND_OPENED, id)? == 1)
}

/// A flagged attempt of a case whose photo the person has not opened yet.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn unseen(tx: &mut Tx, id: ReviewId, viewer: PersonId) -> Result<Option<CheckinId>, StoreError> {
    Ok(fetch!(fetch_optional, (CheckinId,), tx, UNSEEN, id, viewer)?.map(|(id,)| id))
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
