//! A whole case as a reviewer sees it: everything that a fair decision needs, on one screen.

use actix_web::{HttpResponse, http::header};
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    auth::Person,
    presence::WindowView,
    problem::{Code, Problem},
    queue::{self, ReviewSummary},
    today::IncidentView,
};
use crate::{
    app::App,
    checkin::{
        cases::{self, AnswerView, AppealView, QuestionView},
        history::{self, CheckinView},
        permit::Permit,
        receipt::FindingView,
    },
    model::{
        ids::{CheckinId, PersonId},
        time::{Timestamp, WorkDate, zone_named},
        words::{Decision, ReasonCode, ReviewEventKind, ReviewOrigin, ReviewState, Slot, Timing, Verdict},
    },
    presence::{
        day::{self, Duties},
        schedule,
    },
    review::{
        Visible,
        cause::{self, CauseView},
        decision, suggestion,
    },
    store::{
        Tx, cases as store, incidents, presences, queue::QueuedReview, review_events, reviews::ReviewRow, rosters,
        schedules,
    },
};

/// Days before a case that its strip shows.
const STRIP_DAYS: i64 = 14;
/// Days in which the last accepted photo is looked for.
const COMPARED_DAYS: i64 = 90;

/// A whole case.
#[derive(Serialize, ToSchema)]
pub struct CaseView {
    /// What the queue shows.
    #[serde(flatten)]
    summary: ReviewSummary,
    /// Why a person has to look, each reason once; none for a routine look.
    reasons: Vec<FindingView>,
    /// A reason to accept that goes with what was found.
    suggested_reason: ReasonCode,
    /// Every attempt of the slot, in order: an accepted one beside the flagged ones belongs to a fair decision.
    checkins: Vec<AttemptView>,
    /// What its person was asked last.
    question: Option<QuestionView>,
    /// What the person answered, oldest first.
    answers: Vec<AnswerView>,
    /// Why the person did not agree with an earlier decision.
    appeal: Option<AppealView>,
    /// Outages that were declared for the unit on that day.
    incidents: Vec<IncidentView>,
    /// What it has in common with other cases.
    cause: Option<CauseView>,
    /// What kind of day it was for the person.
    duty: Duties,
    /// The window of the slot on that day.
    window: Option<WindowView>,
    /// The last accepted check-in before this slot, to compare with.
    last_accepted: Option<EarlierView>,
    /// The days before on which something was received, oldest first.
    strip: Vec<StripDay>,
    /// Whether somebody decided it before, which is not told; asking is not possible then.
    blind: bool,
    /// Until when the asker may take the decision back.
    undo_until: Option<Timestamp>,
    /// What happened, in order.
    history: Vec<EventView>,
}

/// An attempt of the slot.
#[derive(Serialize, ToSchema)]
pub struct AttemptView {
    /// Whether it is one of those that this case is about.
    in_case: bool,
    /// Whether the asker has opened its photo; those of the case have to be before a decision.
    seen: bool,
    /// Name of the phone it came from, where that is enrolled.
    device: Option<String>,
    /// The check-in.
    #[serde(flatten)]
    checkin: CheckinView,
    /// Where its photo is.
    #[schema(example = "/api/v1/checkins/0199d5a0-7c00-7000-8000-000000000001/photo")]
    photo_url: String,
}

/// An earlier check-in.
#[derive(Serialize, ToSchema)]
pub struct EarlierView {
    /// Which.
    checkin_id: CheckinId,
    /// Of which day.
    work_date: WorkDate,
    /// Which slot.
    slot: Slot,
    /// Where its photo is.
    photo_url: String,
}

/// A day before the case.
#[derive(Serialize, ToSchema)]
pub struct StripDay {
    /// Which.
    work_date: WorkDate,
    /// What was received.
    slots: Vec<StripSlot>,
}

/// A slot of such a day.
#[derive(Serialize, ToSchema)]
pub struct StripSlot {
    /// Which.
    slot: Slot,
    /// Best verdict of all attempts.
    verdict: Verdict,
    /// Timing of the earliest attempt.
    timing: Timing,
    /// What a reviewer decided.
    decision: Option<Decision>,
    /// The attempt that stands for it.
    checkin_id: CheckinId,
    /// Where its photo is.
    photo_url: String,
}

/// One step of the history.
#[derive(Serialize, ToSchema)]
pub struct EventView {
    /// What happened.
    kind: ReviewEventKind,
    /// When.
    at: Timestamp,
    /// Name of who did it; absent for the service.
    actor: Option<String>,
    /// Particulars.
    #[schema(value_type = Object)]
    detail: Value,
}

/// The answer with a whole case.
pub(super) async fn case(app: &App, visible: Visible, person: &Person) -> Result<HttpResponse, Problem> {
    let mut tx = app.store.read().await?;
    case_in(&mut tx, app, visible, person).await
}

/// The same for whoever reads already.
pub(super) async fn case_in(
    tx: &mut Tx,
    app: &App,
    visible: Visible,
    person: &Person,
) -> Result<HttpResponse, Problem> {
    let view = view(app, tx, &visible, person).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(view))
}

async fn view(app: &App, tx: &mut Tx, visible: &Visible, person: &Person) -> Result<CaseView, Problem> {
    let (review, now, me) = (visible.row(), app.now(), person.actor.person_id);
    let names = store::names(tx, review.id).await?;
    let names = names.ok_or_else(|| Problem::new(Code::NotFound, "there is no such review for you"))?;
    let zone = zone_named(&names.time_zone).map_or(TimeZone::UTC, |(_, zone)| zone);
    let question = cases::question(review, names.asked_by_name.clone());
    let blind = review.origin == ReviewOrigin::Second && review.state != ReviewState::Decided;
    let checkins = attempts(tx, visible, me, blind).await?;
    let attempts = checkins.iter().filter(|attempt| attempt.in_case).count();
    let queued = queued(review, names, attempts);
    let reasons = if review.origin == ReviewOrigin::Routine { Vec::new() } else { reasons(&checkins) };
    let (begins, ends) = (review.work_date.begins_in(&zone), review.work_date.plus_days(1).begins_in(&zone));
    let incidents = incidents::for_unit(tx, review.unit_id, begins, ends).await?;
    let windows = schedules::for_unit(tx, review.unit_id, review.work_date, review.work_date).await?;
    let windows = schedule::windows_on(&windows, review.work_date, &zone);
    let roster = rosters::on(tx, review.person_id, review.work_date).await?;
    let window = windows.iter().find(|window| window.slot == review.slot);
    let from = review.work_date.plus_days(-COMPARED_DAYS);
    let earlier = presences::between(tx, review.person_id, from, review.work_date.plus_days(1)).await?;
    let history = review_events::of_review(tx, review.id).await?;
    // Most cases have none, and their history says so.
    let answered = history.iter().any(|event| event.kind == ReviewEventKind::Answered);
    let answers = if answered { cases::answers(tx, review.id).await? } else { Vec::new() };
    Ok(CaseView {
        suggested_reason: suggestion::reason(
            reasons.iter().map(|finding| finding.code.as_str()),
            !incidents.is_empty(),
        ),
        reasons,
        checkins,
        question,
        answers,
        appeal: cases::appealed(review),
        incidents: incidents.into_iter().map(IncidentView::from).collect(),
        cause: common(tx, review, person, now).await?,
        duty: day::duties(roster.as_ref(), !windows.is_empty()),
        window: window.map(|window| WindowView::new(window, window.words(&zone))),
        last_accepted: last_accepted(review, &earlier),
        strip: strip(review, &earlier),
        blind,
        undo_until: decision::undo_until(app, review, me),
        history: history.into_iter().map(EventView::from).collect(),
        summary: queue::summary(queued, queue::asker(person, now)),
    })
}

/// A case as the queue shows it.
fn queued(review: &ReviewRow, names: store::Names, attempts: usize) -> QueuedReview {
    QueuedReview {
        review: review.clone(),
        nip: names.nip,
        person_name: names.person_name,
        unit_code: names.unit_code,
        unit_name: names.unit_name,
        claimed_by_name: names.claimed_by_name,
        attempts: i64::try_from(attempts).unwrap_or(i64::MAX),
    }
}

impl From<review_events::ReviewEventRow> for EventView {
    fn from(row: review_events::ReviewEventRow) -> Self {
        Self { kind: row.kind, at: row.at, actor: row.actor_name, detail: row.detail.0 }
    }
}

async fn attempts(tx: &mut Tx, visible: &Visible, me: PersonId, blind: bool) -> Result<Vec<AttemptView>, Problem> {
    let store::Attempts { rows, mut findings, mut outcomes } = store::attempts(tx, visible.row(), me).await?;
    let mut shown = Vec::new();
    for row in rows {
        let Some(permit) = Permit::in_review(visible, row.checkin) else { continue };
        let id = permit.checkin().id;
        let findings = findings.extract_if(.., |finding| finding.checkin_id == id).collect();
        let outcomes =
            outcomes.extract_if(.., |outcome| outcome.checkin_id == id && !blind).map(|outcome| outcome.named);
        let checkin = history::shown(&permit, findings, row.location.map(|location| location.0), outcomes.collect());
        shown.push(AttemptView {
            in_case: row.in_case > 0,
            seen: row.looks > 0,
            device: row.device_name,
            checkin,
            photo_url: photo_url(id),
        });
    }
    Ok(shown)
}

/// Why a person has to look: each reason once, the latest attempt of the case first.
fn reasons(attempts: &[AttemptView]) -> Vec<FindingView> {
    let mut reasons: Vec<FindingView> = Vec::new();
    for attempt in attempts.iter().rev().filter(|attempt| attempt.in_case) {
        for finding in attempt.checkin.findings.iter().filter(|finding| finding.flags) {
            if !reasons.iter().any(|known| known.code == finding.code) {
                reasons.push(finding.clone());
            }
        }
    }
    reasons
}

/// What the case has in common with others that wait.
async fn common(
    tx: &mut Tx,
    review: &ReviewRow,
    person: &Person,
    now: Timestamp,
) -> Result<Option<CauseView>, Problem> {
    let Some(name) = review.cause.as_deref() else { return Ok(None) };
    let count = crate::store::queue::of_cause(tx, queue::asker(person, now), name).await?;
    Ok(cause::view(tx, name, count).await?)
}

/// The last accepted check-in before the slot of a case; one that a reviewer rejected is none.
fn last_accepted(review: &ReviewRow, earlier: &[presences::PresenceRow]) -> Option<EarlierView> {
    let before = |row: &&presences::PresenceRow| {
        row.work_date < review.work_date || (row.slot != review.slot && row.first_received_at < review.opened_at)
    };
    let stands = |row: &&presences::PresenceRow| match row.decision {
        Some(decision) => decision == Decision::Accept,
        None => row.verdict == Verdict::Accepted,
    };
    earlier.iter().rev().filter(before).find(stands).map(|row| EarlierView {
        checkin_id: row.best_checkin_id,
        work_date: row.work_date,
        slot: row.slot,
        photo_url: photo_url(row.best_checkin_id),
    })
}

fn strip(review: &ReviewRow, earlier: &[presences::PresenceRow]) -> Vec<StripDay> {
    let from = review.work_date.plus_days(-STRIP_DAYS);
    let mut days: Vec<StripDay> = Vec::new();
    for row in earlier.iter().filter(|row| row.work_date >= from && row.work_date < review.work_date) {
        let slot = StripSlot {
            slot: row.slot,
            verdict: row.verdict,
            timing: row.timing,
            decision: row.decision,
            checkin_id: row.best_checkin_id,
            photo_url: photo_url(row.best_checkin_id),
        };
        match days.last_mut().filter(|day| day.work_date == row.work_date) {
            Some(day) => day.slots.push(slot),
            None => days.push(StripDay { work_date: row.work_date, slots: vec![slot] }),
        }
    }
    days
}

fn photo_url(id: CheckinId) -> String {
    format!("/api/v1/checkins/{id}/photo")
}
