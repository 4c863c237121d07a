//! Own cases: what was found, what was asked, what was decided; answering and appealing.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    auth::Person,
    checkins::{PhotoQuery, jpeg},
    problem::{Code, Problem},
    upload::{self, UploadLimits},
};
use crate::{
    app::App,
    checkin::cases::{self, MyCase},
    model::ids::{AnswerId, ReviewId},
    review::{
        appeal,
        explanation::{self, NewAnswer},
    },
    store::{people, reviews},
};

/// The latest own cases.
#[derive(Serialize, ToSchema)]
pub struct MyCases {
    /// Newest first.
    cases: Vec<MyCase>,
}

/// Latest cases that are shown.
const CASES_SHOWN: i64 = 100;

/// The form of an answer.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; the parts are read by hand, in order and under limits")]
pub struct AnswerForm {
    /// What the person says, as `application/json`; has to come first.
    answer: NewAnswer,
    /// A photo that explains it: JPEG, PNG or WebP; may be left out.
    #[schema(value_type = Option<String>, format = Binary)]
    photo: Option<Vec<u8>>,
}

/// Why a person does not agree.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAppeal {
    /// In words, 1 to 1000 characters.
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
}

/// One own case by its id, as an answer.
async fn one(app: &App, person: &Person, id: ReviewId) -> Result<HttpResponse, Problem> {
    let mut tx = app.store.read().await?;
    let review = explanation::own(&mut tx, person.actor.person_id, id).await?;
    let decided_by_name = match review.decided_by {
        Some(by) => people::by_id(&mut tx, by).await?.map(|person| person.name),
        None => None,
    };
    let case = cases::view(app, &mut tx, reviews::NamedReview { review, decided_by_name }).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(case))
}

/// The latest own cases.
#[utoipa::path(get, path = "/api/v1/me/reviews", operation_id = "my_reviews", tag = "me",
    responses((status = 200, body = MyCases, description = "The cases")))]
pub async fn list(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    let mut tx = app.store.read().await?;
    let mut found = Vec::new();
    for named in reviews::of_person(&mut tx, person.actor.person_id, CASES_SHOWN).await? {
        found.push(cases::view(&app, &mut tx, named).await?);
    }
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(MyCases { cases: found }))
}

/// One own case.
#[utoipa::path(get, path = "/api/v1/me/reviews/{id}", operation_id = "my_review", tag = "me",
    params(("id" = ReviewId, Path, description = "The review's id")),
    responses((status = 200, body = MyCase, description = "The case")))]
pub async fn show(app: web::Data<App>, person: Person, id: web::Path<ReviewId>) -> Result<HttpResponse, Problem> {
    one(&app, &person, *id).await
}

/// Answer in an own case, asked or not, while it is not decided.
#[utoipa::path(post, path = "/api/v1/me/reviews/{id}/answers", operation_id = "answer", tag = "me",
    params(("id" = ReviewId, Path, description = "The review's id")),
    request_body(content = AnswerForm, content_type = "multipart/form-data"),
    responses((status = 200, body = MyCase, description = "The case with the answer")))]
pub async fn answer(
    app: web::Data<App>,
    person: Person,
    id: web::Path<ReviewId>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let limits = UploadLimits::new(&app.config);
    let admission = app.work.admit(person.actor.person_id, limits.room_for(&request)?).await?;
    let received = upload::receive_answer(&request, body, &limits).await?;
    let invalid = |why: String| Problem::new(Code::BodyInvalid, format!("the answer part is not valid: {why}"));
    let new: NewAnswer = serde_json::from_slice(&received.answer).map_err(|error| invalid(error.to_string()))?;
    if !new.id.is_version_7() {
        return Err(invalid("id has to be a UUID of version 7".to_owned()));
    }
    let (working, who, id) = (app.clone().into_inner(), person.0.clone(), *id);
    let answering = async move {
        let _admission = admission;
        explanation::answer(&working, &who, id, &new, received.photo).await
    };
    app.work.to_the_end(answering).await??;
    one(&app, &person, id).await
}

/// Appeal against a rejection, once: somebody else decides again.
#[utoipa::path(post, path = "/api/v1/me/reviews/{id}/appeal", operation_id = "appeal", tag = "me",
    params(("id" = ReviewId, Path, description = "The review's id")), request_body = NewAppeal,
    responses((status = 200, body = MyCase, description = "The case, waiting for somebody else")))]
pub async fn appeal(
    app: web::Data<App>,
    person: Person,
    id: web::Path<ReviewId>,
    body: web::Json<NewAppeal>,
) -> Result<HttpResponse, Problem> {
    appeal::appeal(&app, &person, *id, &body.text).await?;
    one(&app, &person, *id).await
}

/// A display copy of the photo beside an answer, for its person and the case's reviewers. Each look is logged.
#[utoipa::path(get, path = "/api/v1/answers/{id}/photo", operation_id = "answer_photo", tag = "review",
    params(("id" = AnswerId, Path, description = "The answer's id"), PhotoQuery),
    responses((status = 200, description = "A JPEG", content_type = "image/jpeg", body = String)))]
pub async fn answer_photo(
    app: web::Data<App>,
    person: Person,
    id: web::Path<AnswerId>,
    query: web::Query<PhotoQuery>,
) -> Result<HttpResponse, Problem> {
    let copy = explanation::look(&app, &person, *id, query.side()?).await?;
    Ok(jpeg(copy))
}
