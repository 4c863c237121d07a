//! What a reviewer does with a case: look, take, ask, decide, take back, accept several of one cause.

use actix_web::{HttpResponse, web};
use jiff::civil;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Person,
    cases::{CaseView, case, case_in},
    problem::{Code, Problem},
    queue::asker,
};
use crate::{
    app::App,
    model::{
        ids::ReviewId,
        time::{Timestamp, WorkDate},
        words::{Decision, ReasonCode, Role, Slot},
    },
    review::{
        self,
        agreement::{self, Agreement},
        cause::{self, Member, TOGETHER_MAX},
        decision::{self, Ruling},
        explanation, lease,
    },
    store::agreement as pairs,
};

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
    /// The version of the case that this is about; not compared when not said.
    version: Option<i64>,
}

/// Cases of one cause that are accepted in one act.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Together {
    /// What they have in common.
    cause: String,
    /// Which, 2 to 20.
    #[schema(min_items = 2, max_items = 20)]
    reviews: Vec<TogetherCase>,
    /// Why; one of the reasons to accept.
    reason_code: ReasonCode,
    /// In words, up to 1000 characters.
    note: Option<String>,
}

/// One of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TogetherCase {
    /// Which.
    id: ReviewId,
    /// The version that was looked at.
    version: i64,
}

/// What was accepted together.
#[derive(Serialize, ToSchema)]
pub struct AcceptedTogether {
    /// Which.
    decided: Vec<ReviewId>,
}

/// Which month.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AgreementQuery {
    /// `2026-11`; the present one when not said.
    #[param(example = "2026-11")]
    month: Option<String>,
}

/// How far reviewers agree, and what passes unseen.
#[derive(Serialize, ToSchema)]
pub struct AgreementView {
    /// Which month.
    #[schema(example = "2026-11")]
    month: String,
    /// Cases that two people decided without knowing of each other.
    second: Agreement,
    /// Accepted check-ins that were looked at all the same.
    routine: RoutineView,
    /// Where the two decided differently; for supervisors, of what they supervise.
    disagreements: Vec<Disagreement>,
}

/// Routine looks.
#[derive(Serialize, ToSchema)]
pub struct RoutineView {
    /// How many were decided.
    looked_at: i64,
    /// How many of them were rejected.
    rejected: i64,
    /// The share of those; none without looks.
    share: Option<f64>,
}

/// A case that was decided differently.
#[derive(Serialize, ToSchema)]
pub struct Disagreement {
    /// The case.
    review_id: ReviewId,
    /// The second look.
    second_id: ReviewId,
    /// Of which day.
    work_date: WorkDate,
    /// Which slot.
    slot: Slot,
    /// Whose.
    person: String,
    /// What was decided first.
    first: Decision,
    /// And then.
    second: Decision,
}

/// One case with its attempts, findings and history.
#[utoipa::path(get, path = "/api/v1/reviews/{id}", operation_id = "review", tag = "review",
    params(("id" = ReviewId, Path, description = "The review's id")),
    responses((status = 200, body = CaseView, description = "The case")))]
pub async fn show(app: web::Data<App>, person: Person, id: web::Path<ReviewId>) -> Result<HttpResponse, Problem> {
    let mut tx = app.store.read().await?;
    let review = review::visible(&mut tx, &person, *id, app.now().date_in(&person.zone)).await?;
    case_in(&mut tx, &app, review, &person).await
}

/// Take a case, or renew the lease; nobody else can decide it meanwhile.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/claim", operation_id = "claim", tag = "review",
    params(("id" = ReviewId, Path, description = "The review's id")),
    responses((status = 200, body = CaseView, description = "The case, now held")))]
pub async fn claim(app: web::Data<App>, person: Person, id: web::Path<ReviewId>) -> Result<HttpResponse, Problem> {
    let review = lease::claim(&app, &person, *id).await?;
    case(&app, review, &person).await
}

/// Give a case back.
#[utoipa::path(delete, path = "/api/v1/reviews/{id}/claim", operation_id = "release", tag = "review",
    params(("id" = ReviewId, Path, description = "The review's id")),
    responses((status = 204, description = "Given back")))]
pub async fn release(app: web::Data<App>, person: Person, id: web::Path<ReviewId>) -> Result<HttpResponse, Problem> {
    lease::release(&app, &person, *id).await?;
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
    case(&app, review, &person).await
}

/// Decide a case that is held and whose photos were opened, once.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/decision", operation_id = "decide", tag = "review",
    params(("id" = ReviewId, Path, description = "The review's id")), request_body = NewDecision,
    responses((status = 200, body = CaseView, description = "The case, decided")))]
pub async fn decide(
    app: web::Data<App>,
    person: Person,
    id: web::Path<ReviewId>,
    body: web::Json<NewDecision>,
) -> Result<HttpResponse, Problem> {
    let NewDecision { decision, reason_code, note, version } = body.into_inner();
    let ruling = Ruling { decision, reason: reason_code, note, version };
    let review = decision::decide(&app, &person, *id, &ruling).await?;
    case(&app, review, &person).await
}

/// Take one's own decision back, within a minute: everything stands as before.
#[utoipa::path(delete, path = "/api/v1/reviews/{id}/decision", operation_id = "undo", tag = "review",
    params(("id" = ReviewId, Path, description = "The review's id")),
    responses((status = 200, body = CaseView, description = "The case, held again")))]
pub async fn undo(app: web::Data<App>, person: Person, id: web::Path<ReviewId>) -> Result<HttpResponse, Problem> {
    let review = decision::undo(&app, &person, *id).await?;
    case(&app, review, &person).await
}

/// Accept cases that have one cause in common, each of whose photos was opened: all of them or none.
#[utoipa::path(post, path = "/api/v1/reviews/accept-together", operation_id = "accept_together", tag = "review",
    request_body = Together, responses((status = 200, body = AcceptedTogether, description = "All are accepted")))]
pub async fn accept_together(
    app: web::Data<App>,
    person: Person,
    body: web::Json<Together>,
) -> Result<HttpResponse, Problem> {
    let Together { cause, reviews, reason_code, note } = body.into_inner();
    let mut members: Vec<Member> =
        reviews.into_iter().map(|TogetherCase { id, version }| Member { id, version }).collect();
    members.sort_by_key(|member| member.id);
    members.dedup_by_key(|member| member.id);
    if !(2..=TOGETHER_MAX).contains(&members.len()) {
        let detail = format!("reviews has to name 2 to {TOGETHER_MAX} different cases");
        return Err(Problem::new(Code::BodyInvalid, detail));
    }
    let decided = cause::accept_together(&app, &person, &cause, &members, reason_code, note.as_deref()).await?;
    Ok(HttpResponse::Ok().json(AcceptedTogether { decided }))
}

/// How far reviewers agree in a month, and what routine looks found; for supervisors of what they supervise.
#[utoipa::path(get, path = "/api/v1/reviews/agreement", operation_id = "agreement", tag = "review",
    params(AgreementQuery), responses((status = 200, body = AgreementView, description = "Agreement")))]
pub async fn agreement(
    app: web::Data<App>,
    person: Person,
    query: web::Query<AgreementQuery>,
) -> Result<HttpResponse, Problem> {
    let supervises = person.actor.holds(Role::Supervisor);
    if !supervises && !person.actor.holds(Role::Administrator) {
        return Err(Problem::new(Code::RoleMissing, "this address is for supervisors and administrators"));
    }
    let now = app.now();
    let first = match &query.month {
        None => WorkDate(now.date_in(&person.zone).0.first_of_month()),
        Some(month) => month_begins(month)?,
    };
    let ends = WorkDate(first.0.last_of_month()).plus_days(1);
    let span = (first.begins_in(&person.zone), ends.begins_in(&person.zone));
    let mut tx = app.store.read().await?;
    let asker = asker(&person, now);
    let rows = pairs::pairs(&mut tx, asker, span, !supervises).await?;
    let (looked_at, rejected) = pairs::routine(&mut tx, asker, span, !supervises).await?;
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let share = (looked_at > 0).then(|| rejected as f64 / looked_at as f64);
    let second = agreement::agreement(rows.iter().map(|row| (row.first_decision, row.second_decision)));
    let differ = rows.into_iter().filter(|row| supervises && row.first_decision != row.second_decision);
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(AgreementView {
        month: first.0.strftime("%Y-%m").to_string(),
        second,
        routine: RoutineView { looked_at, rejected, share },
        disagreements: differ
            .map(|row| Disagreement {
                review_id: row.first_id,
                second_id: row.second_id,
                work_date: row.work_date,
                slot: row.slot,
                person: row.person_name,
                first: row.first_decision,
                second: row.second_decision,
            })
            .collect(),
    }))
}

fn month_begins(month: &str) -> Result<WorkDate, Problem> {
    let first: Option<civil::Date> =
        Some(month).filter(|month| month.len() == 7).and_then(|month| format!("{month}-01").parse().ok());
    let wrong = || format!("month has to be a year and a month like 2026-11, not {month}");
    first.map(WorkDate).ok_or_else(|| Problem::new(Code::ParameterInvalid, wrong()))
}
