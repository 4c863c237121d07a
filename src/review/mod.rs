//! Reviews: the cases that flagged attempts open, and what supervisors do with them. The history is only appended to.

pub mod appeal;
pub mod explanation;

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    app::App,
    blobs::BlobError,
    display::DisplayError,
    evidence::photo::header::Refused,
    log::{self, LogError},
    model::{
        actor::Actor,
        ids::{CheckinId, PersonId, ReviewEventId, ReviewId},
        time::{Timestamp, WorkDate},
        words::{Decision, EntryKind, ReasonCode, ReviewEventKind, ReviewState, Verdict},
    },
    policy::Decided,
    session::SignedIn,
    store::{
        Json, StoreError, Tx,
        checkins::CheckinRow,
        presences,
        reviews::{self, ReviewEventRow, ReviewRow},
        roles,
    },
    work::WorkError,
};

/// Longest note of a reviewer, question, answer or appeal, characters.
pub const NOTE_MAX: usize = 1000;
/// Longest time for an answer, days.
pub const DUE_DAYS_MAX: i64 = 14;

/// Urgency of a case whose slot an accepted attempt answers; those with a reason of high severity keep theirs.
const SLOT_IS_ACCEPTED: i64 = 2;

/// Why a review was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// There is no such review, or it is not for these eyes.
    #[error("there is no such review for you")]
    NotFound,
    /// Somebody else holds it.
    #[error("somebody else is looking at this case")]
    Held {
        /// Until when.
        until: Timestamp,
    },
    /// The lease ran out, or was never taken.
    #[error("you do not hold this case")]
    NotHeld,
    /// It was decided.
    #[error("this case is decided already")]
    Decided,
    /// The person was asked, and still has time to answer.
    #[error("the person was asked to explain and has time until {until}")]
    Waiting {
        /// Until when.
        until: Timestamp,
    },
    /// An answer would come too soon or too late.
    #[error("due_at has to lie between an hour and {DUE_DAYS_MAX} days from now")]
    Due,
    /// There are as many answers as are kept.
    #[error("there are {0} answers in this case already")]
    AnswersTooMany(usize),
    /// The answer's id was used for something else.
    #[error("this answer id was used before, for something else")]
    AnswerIdTaken,
    /// There is no rejection to appeal against, or not any more.
    #[error("there is no decision here that you can appeal against now")]
    NoAppeal,
    /// The photo beside an answer is none, or breaks a limit.
    #[error(transparent)]
    Photo(#[from] Refused),
    /// The machine is busy.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// The photo store failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The photo beside an answer cannot be shown.
    #[error(transparent)]
    Display(#[from] DisplayError),
    /// The reason belongs to the other decision.
    #[error("{reason} is no reason to {decision}")]
    Reason {
        /// Which reason.
        reason: ReasonCode,
        /// Which decision.
        decision: Decision,
    },
    /// The note is too long.
    #[error("the note has more than {NOTE_MAX} characters, or characters that cannot be stored")]
    Note,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// Opens or joins the case of a flagged attempt; an accepted one moves an open case behind the others.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn attempt_recorded(
    app: &App,
    tx: &mut Tx,
    checkin: &CheckinRow,
    slot_verdict: Verdict,
    decided: &Decided,
) -> Result<(), StoreError> {
    if checkin.verdict == Verdict::Accepted {
        // Without an earlier attempt there is no case.
        if checkin.attempt == 1 {
            return Ok(());
        }
        return reviews::calm(tx, checkin.person_id, checkin.work_date, checkin.slot).await;
    }
    let new_id = ReviewId::new(checkin.received_at, &app.chance);
    let case = ReviewRow {
        id: new_id,
        person_id: checkin.person_id,
        unit_id: checkin.unit_id,
        work_date: checkin.work_date,
        slot: checkin.slot,
        state: ReviewState::Open,
        urgency: if slot_verdict == Verdict::Accepted && decided.urgency() > 0 {
            SLOT_IS_ACCEPTED
        } else {
            decided.urgency()
        },
        opened_at: checkin.received_at,
        claimed_by: None,
        claim_expires_at: None,
        decided_by: None,
        decided_at: None,
        decision: None,
        reason_code: None,
        note: None,
        question: None,
        asked_by: None,
        asked_at: None,
        due_at: None,
        appeal: None,
        appealed_at: None,
        appealed_from: None,
    };
    let id = reviews::open(tx, &case).await?;
    reviews::add_attempt(tx, id, checkin.id).await?;
    let kind = if id == new_id { ReviewEventKind::Opened } else { ReviewEventKind::AttemptAdded };
    let codes: Vec<&str> =
        decided.findings.iter().filter(|(_, flags)| *flags).map(|(finding, _)| finding.code.as_str()).collect();
    append(app, tx, id, kind, None, json!({ "checkin_id": checkin.id, "reasons": codes })).await
}

/// A review that somebody was found to be allowed to work on. It can only be had in this module.
pub struct Visible(ReviewRow);

impl Visible {
    /// The review.
    pub fn row(&self) -> &ReviewRow {
        &self.0
    }
}

/// A review this person may work on: one of a supervised unit, never their own.
///
/// # Errors
/// [`ReviewError::NotFound`] otherwise.
pub async fn visible(tx: &mut Tx, person: &SignedIn, id: ReviewId, today: WorkDate) -> Result<Visible, ReviewError> {
    let review = reviews::by_id(tx, id).await?.ok_or(ReviewError::NotFound)?;
    let Actor { person_id, .. } = person.actor;
    let own = review.person_id == person_id
        || (review.state == ReviewState::Appealed && review.appealed_from == Some(person_id));
    let allowed = !own && roles::supervises(tx, person_id, review.unit_id, today).await?;
    if allowed { Ok(Visible(review)) } else { Err(ReviewError::NotFound) }
}

/// Takes the lease of a case, or renews it.
///
/// # Errors
/// [`ReviewError::Held`] when somebody else has it.
pub async fn claim(app: &App, person: &SignedIn, id: ReviewId) -> Result<Visible, ReviewError> {
    let now = app.now();
    let by = person.actor.person_id;
    let until = now.plus_seconds(app.config.claim_lease_s);
    let mut tx = app.store.write().await?;
    let Visible(before) = visible(&mut tx, person, id, now.date_in(&person.zone)).await?;
    if !reviews::claim(&mut tx, id, by, until, now).await? {
        let review = reviews::by_id(&mut tx, id).await?.ok_or(ReviewError::NotFound)?;
        return Err(match review.state {
            ReviewState::Decided => ReviewError::Decided,
            _ => ReviewError::Held { until: review.claim_expires_at.unwrap_or(now) },
        });
    }
    let renewed = before.claimed_by == Some(by) && before.claim_expires_at.is_some_and(|end| end > now);
    if !renewed {
        append(app, &mut tx, id, ReviewEventKind::Claimed, Some(by), json!({ "until": until })).await?;
    }
    let review = reviews::by_id(&mut tx, id).await?.ok_or(ReviewError::NotFound)?;
    tx.commit().await?;
    Ok(Visible(review))
}

/// Gives a case back.
///
/// # Errors
/// [`ReviewError::NotHeld`] when the person does not hold it.
pub async fn release(app: &App, person: &SignedIn, id: ReviewId) -> Result<(), ReviewError> {
    let now = app.now();
    let by = person.actor.person_id;
    let mut tx = app.store.write().await?;
    visible(&mut tx, person, id, now.date_in(&person.zone)).await?;
    if !reviews::release(&mut tx, id, by).await? {
        return Err(ReviewError::NotHeld);
    }
    append(app, &mut tx, id, ReviewEventKind::Released, Some(by), Value::Object(serde_json::Map::new())).await?;
    tx.commit().await?;
    Ok(())
}

/// What a reviewer decides.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// Accept or reject.
    pub decision: Decision,
    /// Why, from the closed list.
    pub reason: ReasonCode,
    /// And in words.
    pub note: Option<String>,
}

#[derive(Serialize)]
struct LogRecord<'a> {
    review_id: ReviewId,
    decided_by: PersonId,
    decided_at: Timestamp,
    decision: Decision,
    reason_code: ReasonCode,
    note: Option<&'a str>,
    checkins: Vec<CheckinId>,
}

/// Decides a case, once; the presence is settled with it.
///
/// # Errors
/// [`ReviewError`] when the reason does not fit, the lease is not held or the case is decided.
pub async fn decide(app: &App, person: &SignedIn, id: ReviewId, ruling: &Ruling) -> Result<Visible, ReviewError> {
    let Ruling { decision, reason, note } = ruling;
    let (decision, reason, note) = (*decision, *reason, note.as_deref());
    if reason.decision() != decision {
        return Err(ReviewError::Reason { reason, decision });
    }
    if note.is_some_and(|note| !is_storable(note)) {
        return Err(ReviewError::Note);
    }
    let now = app.now();
    let by = person.actor.person_id;
    let mut tx = app.store.write().await?;
    let Visible(before) = visible(&mut tx, person, id, now.date_in(&person.zone)).await?;
    // The slot before the case, as a check-in takes them: the other order could wait for each other for ever.
    presences::settle(&mut tx, before.person_id, before.work_date, before.slot, decision).await?;
    if !reviews::decide(&mut tx, id, by, now, (decision, reason), note).await? {
        let found = reviews::by_id(&mut tx, id).await?.ok_or(ReviewError::NotFound)?;
        return Err(match (found.state, found.due_at) {
            (ReviewState::Decided, _) => ReviewError::Decided,
            (ReviewState::Asked, Some(until)) if until > now => ReviewError::Waiting { until },
            _ => ReviewError::NotHeld,
        });
    }
    let detail = json!({ "decision": decision, "reason_code": reason, "note": note });
    append(app, &mut tx, id, ReviewEventKind::Decided, Some(by), detail).await?;
    let checkins = crate::store::checkins::of_review(&mut tx, id).await?.iter().map(|checkin| checkin.id).collect();
    let record =
        LogRecord { review_id: id, decided_by: by, decided_at: now, decision, reason_code: reason, note, checkins };
    log::append(&mut tx, EntryKind::ReviewDecision, &record, now, &app.chance).await?;
    let review = reviews::by_id(&mut tx, id).await?.ok_or(ReviewError::NotFound)?;
    tx.commit().await?;
    Ok(Visible(review))
}

fn is_storable(words: &str) -> bool {
    words.chars().count() <= NOTE_MAX && !words.contains('\0')
}

/// Words that somebody has to say: not empty, not too long.
fn said(words: &str) -> Result<&str, ReviewError> {
    let words = words.trim();
    if words.is_empty() || !is_storable(words) { Err(ReviewError::Note) } else { Ok(words) }
}

async fn append(
    app: &App,
    tx: &mut Tx,
    review_id: ReviewId,
    kind: ReviewEventKind,
    actor_id: Option<PersonId>,
    detail: Value,
) -> Result<(), StoreError> {
    let at = app.now();
    let id = ReviewEventId::new(at, &app.chance);
    let event = ReviewEventRow { id, review_id, kind, actor_id, actor_name: None, at, detail: Json(detail) };
    reviews::add_event(tx, &event).await
}
