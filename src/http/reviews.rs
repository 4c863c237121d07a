//! The supervisor's queue.

use actix_web::{HttpResponse, http::header, web};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Person,
    pages::{self, Page},
    problem::{Code, Problem},
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
        ids::{CheckinId, PersonId, ReviewId},
        time::{Timestamp, WorkDate, zone_named},
        words::{Decision, ReasonCode, ReviewEventKind, ReviewState, Slot},
    },
    review::{self, Ruling, Visible, explanation},
    store::{
        Tx, checkins, incidents, people,
        reviews::{self, QueuePoint, ReviewRow},
        units,
    },
};

/// Which page of the queue.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    /// `open` (when not said; those appealed against and those whose question was not answered in time are among them), `asked`, `appealed` or `decided`.
    state: Option<ReviewState>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows, 1 to 100; 20 when not said.
    limit: Option<i64>,
}

/// A case in the queue.
#[derive(Serialize, ToSchema)]
pub struct ReviewSummary {
    /// Id.
    id: ReviewId,
    /// Whose check-in.
    person: PersonView,
    /// In which unit.
    unit: UnitView,
    /// Of which day.
    work_date: WorkDate,
    /// Which slot.
    slot: Slot,
    /// Where it stands.
    state: ReviewState,
    /// How urgent: `high` with a reason of high severity, else `normal`, or `low` once an attempt of the slot was accepted.
    #[schema(example = "high")]
    urgency: &'static str,
    /// When the first flagged attempt arrived.
    opened_at: Timestamp,
    /// How many flagged attempts there are.
    attempts: usize,
    /// Why a person has to look, each reason once.
    reasons: Vec<FindingView>,
    /// Who is looking now.
    claim: Option<ClaimView>,
    /// What was decided.
    ruling: Option<RulingView>,
}

/// A person, as far as a reviewer needs.
#[derive(Serialize, ToSchema)]
pub struct PersonView {
    /// Id.
    id: PersonId,
    /// Staff number.
    nip: String,
    /// Name.
    name: String,
}

/// A unit.
#[derive(Serialize, ToSchema)]
pub struct UnitView {
    /// Code.
    code: String,
    /// Name.
    name: String,
}

/// A lease.
#[derive(Serialize, ToSchema)]
pub struct ClaimView {
    /// Whether it is the asker's own.
    mine: bool,
    /// When it ends.
    expires_at: Timestamp,
}

/// A decision.
#[derive(Serialize, ToSchema)]
pub struct RulingView {
    /// Accept or reject.
    decision: Decision,
    /// Why.
    reason_code: Option<ReasonCode>,
    /// In the reviewer's words.
    note: Option<String>,
    /// When.
    decided_at: Option<Timestamp>,
    /// By whom.
    decided_by: Option<PersonId>,
}

/// A whole case.
#[derive(Serialize, ToSchema)]
pub struct CaseView {
    /// What the queue shows.
    #[serde(flatten)]
    summary: ReviewSummary,
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
    /// What happened, in order.
    history: Vec<EventView>,
}

/// What is asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQuestion {
    /// In words, 1 to 1000 characters.
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
    /// Until when an answer is waited for, an hour to 14 days from now; two days when not said.
    due_at: Option<Timestamp>,
}

/// An attempt of the slot.
#[derive(Serialize, ToSchema)]
pub struct AttemptView {
    /// Whether it is one of the flagged ones that this case is about.
    in_case: bool,
    /// The check-in.
    #[serde(flatten)]
    checkin: CheckinView,
    /// Where its photo is.
    #[schema(example = "/api/v1/checkins/0199d5a0-7c00-7000-8000-000000000001/photo")]
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

/// What a reviewer decides.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// Accept or reject.
    decision: Decision,
    /// Why; has to go with the decision.
    reason_code: ReasonCode,
    /// In words, up to 1000 characters.
    note: Option<String>,
}

/// The cases waiting in the units this person supervises: oldest day first, worst first within it.
#[utoipa::path(get, path = "/api/v1/reviews", operation_id = "queue", tag = "review", params(QueueQuery),
    responses((status = 200, body = Page<ReviewSummary>, description = "A page of the queue")))]
pub async fn list(app: web::Data<App>, person: Person, query: web::Query<QueueQuery>) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let limit = pages::limit(query.limit)?;
    let after = query.after.as_deref().map_or(Ok(beginning()), read_cursor)?;
    let state = query.state.unwrap_or(ReviewState::Open);
    let mut tx = app.store.read().await?;
    let (who, today) = (person.actor.person_id, now.date_in(&person.zone));
    let mut rows = reviews::queue(&mut tx, who, (today, now), state, after, limit + 1).await?;
    let more = i64::try_from(rows.len()).is_ok_and(|count| count > limit);
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next = rows.last().filter(|_| more).map(|row| write_cursor(&row.review));
    let mut items = Vec::new();
    for row in rows {
        let whose = PersonView { id: row.review.person_id, nip: row.nip, name: row.person_name };
        let unit = UnitView { code: row.unit_code, name: row.unit_name };
        items.push(summary(&mut tx, row.review, whose, unit, who, now).await?);
    }
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(Page { items, next }))
}

/// One case with its attempts, findings and history.
#[utoipa::path(get, path = "/api/v1/reviews/{id}", operation_id = "review", tag = "review",
    params(("id" = ReviewId, Path, description = "The review's id")),
    responses((status = 200, body = CaseView, description = "The case")))]
pub async fn show(app: web::Data<App>, person: Person, id: web::Path<ReviewId>) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let mut tx = app.store.read().await?;
    let review = review::visible(&mut tx, &person, *id, now.date_in(&person.zone)).await?;
    case(&mut tx, review, &person, now).await
}

/// Take a case, or renew the lease; nobody else can decide it meanwhile.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/claim", operation_id = "claim", tag = "review",
    params(("id" = ReviewId, Path, description = "The review's id")),
    responses((status = 200, body = CaseView, description = "The case, now held")))]
pub async fn claim(app: web::Data<App>, person: Person, id: web::Path<ReviewId>) -> Result<HttpResponse, Problem> {
    let review = review::claim(&app, &person, *id).await?;
    let mut tx = app.store.read().await?;
    case(&mut tx, review, &person, app.now()).await
}

/// Give a case back.
#[utoipa::path(delete, path = "/api/v1/reviews/{id}/claim", operation_id = "release", tag = "review",
    params(("id" = ReviewId, Path, description = "The review's id")),
    responses((status = 204, description = "Given back")))]
pub async fn release(app: web::Data<App>, person: Person, id: web::Path<ReviewId>) -> Result<HttpResponse, Problem> {
    review::release(&app, &person, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ask the person of a held case to explain; nobody decides until the answer is there or its time is over.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/question", operation_id = "ask", tag = "review",
    params(("id" = ReviewId, Path, description = "The review's id")), request_body = NewQuestion,
    responses((status = 200, body = CaseView, description = "The case, waiting for its person")))]
pub async fn ask(
    app: web::Data<App>,
    person: Person,
    id: web::Path<ReviewId>,
    body: web::Json<NewQuestion>,
) -> Result<HttpResponse, Problem> {
    let NewQuestion { text, due_at } = body.into_inner();
    let review = explanation::ask(&app, &person, *id, &text, due_at).await?;
    let mut tx = app.store.read().await?;
    case(&mut tx, review, &person, app.now()).await
}

/// Decide a case that is held, once.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/decision", operation_id = "decide", tag = "review",
    params(("id" = ReviewId, Path, description = "The review's id")), request_body = NewDecision,
    responses((status = 200, body = CaseView, description = "The case, decided")))]
pub async fn decide(
    app: web::Data<App>,
    person: Person,
    id: web::Path<ReviewId>,
    body: web::Json<NewDecision>,
) -> Result<HttpResponse, Problem> {
    let NewDecision { decision, reason_code, note } = body.into_inner();
    let review = review::decide(&app, &person, *id, &Ruling { decision, reason: reason_code, note }).await?;
    let mut tx = app.store.read().await?;
    case(&mut tx, review, &person, app.now()).await
}

async fn case(tx: &mut Tx, visible: Visible, person: &Person, now: Timestamp) -> Result<HttpResponse, Problem> {
    let gone = || Problem::new(Code::NotFound, "there is no such review for you");
    let review = visible.row();
    let whose = people::by_id(tx, review.person_id).await?.ok_or_else(gone)?;
    let unit = units::by_id(tx, review.unit_id).await?.ok_or_else(gone)?;
    let whose = PersonView { id: whose.id, nip: whose.nip, name: whose.name };
    let zone = zone_named(&unit.time_zone).map_or(TimeZone::UTC, |(_, zone)| zone);
    let unit = UnitView { code: unit.code, name: unit.name };
    let summary = summary(tx, review.clone(), whose, unit, person.actor.person_id, now).await?;
    let flagged: Vec<CheckinId> = checkins::of_review(tx, review.id).await?.iter().map(|row| row.id).collect();
    let attempts = checkins::of_slot(tx, review.person_id, review.work_date, review.slot).await?;
    let mut shown = Vec::new();
    for permit in attempts.into_iter().filter_map(|row| Permit::in_review(&visible, row)) {
        let id = permit.checkin().id;
        let checkin = history::view(tx, &permit).await?;
        shown.push(AttemptView { in_case: flagged.contains(&id), photo_url: photo_url(id), checkin });
    }
    let event = |row: reviews::ReviewEventRow| EventView {
        kind: row.kind,
        at: row.at,
        actor: row.actor_name,
        detail: row.detail.0,
    };
    let history = reviews::events(tx, review.id).await?.into_iter().map(event).collect();
    let (question, answers) = (cases::question(tx, review).await?, cases::answers(tx, review.id).await?);
    let appeal = cases::appealed(review);
    let (begins, ends) = day_of(review, &zone);
    let incidents = incidents::for_unit(tx, review.unit_id, begins, ends).await?;
    let incidents = incidents.into_iter().map(IncidentView::from).collect();
    let view = CaseView { summary, checkins: shown, question, answers, appeal, incidents, history };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(view))
}

/// The day of a case where its unit is.
fn day_of(review: &ReviewRow, zone: &TimeZone) -> (Timestamp, Timestamp) {
    (review.work_date.begins_in(zone), review.work_date.plus_days(1).begins_in(zone))
}

fn photo_url(id: CheckinId) -> String {
    format!("/api/v1/checkins/{id}/photo")
}

async fn summary(
    tx: &mut Tx,
    review: ReviewRow,
    person: PersonView,
    unit: UnitView,
    asker: PersonId,
    now: Timestamp,
) -> Result<ReviewSummary, Problem> {
    let rows = checkins::of_review(tx, review.id).await?;
    let attempts = rows.len();
    let reasons = cases::reasons(tx, &rows).await?;
    let claim = review
        .claimed_by
        .zip(review.claim_expires_at)
        .filter(|(_, end)| review.state != ReviewState::Decided && *end > now);
    let ruling = review.decision.map(|decision| RulingView {
        decision,
        reason_code: review.reason_code,
        note: review.note.clone(),
        decided_at: review.decided_at,
        decided_by: review.decided_by,
    });
    Ok(ReviewSummary {
        id: review.id,
        person,
        unit,
        work_date: review.work_date,
        slot: review.slot,
        state: review.state,
        urgency: match review.urgency {
            0 => "high",
            1 => "normal",
            _ => "low",
        },
        opened_at: review.opened_at,
        attempts,
        reasons,
        claim: claim.map(|(by, expires_at)| ClaimView { mine: by == asker, expires_at }),
        ruling,
    })
}

/// Before every case there can be.
fn beginning() -> QueuePoint {
    QueuePoint {
        work_date: WorkDate(jiff::civil::date(1, 1, 1)),
        urgency: -1,
        opened_at: Timestamp::from_microsecond(0),
        id: ReviewId(uuid::Uuid::nil()),
    }
}

fn write_cursor(review: &ReviewRow) -> String {
    let opened = review.opened_at.as_microsecond();
    pages::cursor(&[
        review.work_date.to_string(),
        review.urgency.to_string(),
        opened.to_string(),
        review.id.to_string(),
    ])
}

fn read_cursor(cursor: &str) -> Result<QueuePoint, Problem> {
    let [work_date, urgency, opened_at, id] = pages::parts(cursor)?;
    let work_date: WorkDate = pages::part(&work_date)?;
    if work_date.0.year() < 1 {
        return Err(pages::none_of_ours());
    }
    Ok(QueuePoint {
        work_date,
        urgency: pages::part(&urgency)?,
        opened_at: pages::instant(&opened_at)?,
        id: pages::part(&id)?,
    })
}
