//! Requests about places, for whoever decides them: names, bands, and a map whose looks are logged.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Person,
    pages::{self, Page},
    places::{PlaceRequestView, made_of, private},
    problem::Problem,
};
use crate::{
    app::App,
    model::{
        ids::PlaceRequestId,
        time::{Timestamp, WorkDate},
        words::{PlaceAct, PlaceKind, Role},
    },
    places::{
        decision,
        drawing::{self, Drawing},
        overview,
        request::PlaceError,
    },
    store::{Tx, people, place_requests},
};

/// A request as whoever decides it sees it.
#[derive(Serialize, ToSchema)]
pub struct PlaceCase {
    /// The request.
    request: PlaceRequestView,
    /// Staff number of the person.
    nip: String,
    /// Name of the person.
    person_name: String,
    /// Names of the areas it lies in, such as the sub-district; empty when none were imported.
    areas: Vec<String>,
    /// Distance to the office is at least this, metres.
    office_from_m: Option<f64>,
    /// And less than this; absent when open or not known.
    office_to_m: Option<f64>,
    /// Whether it lies within 300 m of the office.
    near_office: bool,
    /// How many other people have their home within 50 m.
    same_home: usize,
    /// Radius of a circle, metres.
    radius_m: Option<f64>,
    /// Where the map is; to open it is logged.
    map_url: String,
}

/// What waits, in short.
#[derive(Serialize, ToSchema)]
pub struct PlaceCaseSummary {
    /// The request.
    id: PlaceRequestId,
    /// Staff number of the person.
    nip: String,
    /// Name of the person.
    person_name: String,
    /// What is asked for.
    act: PlaceAct,
    /// What kind of place.
    kind: PlaceKind,
    /// When it was asked for.
    requested_at: Timestamp,
    /// First day that is asked for.
    valid_from: WorkDate,
    /// Last day.
    valid_to: Option<WorkDate>,
}

/// Which part of the queue.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    /// `next` of the page before.
    after: Option<String>,
    /// Rows, 1 to 100; 20 when not said.
    limit: Option<i64>,
}

/// What is decided.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlaceDecision {
    /// The place holds.
    Approve,
    /// It does not.
    Refuse,
}

/// A decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlaceDecision {
    /// What.
    decision: PlaceDecision,
    /// Why; needed to refuse.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// What waits for this person's decision, oldest first: of the units they supervise, or, for administrators, what is for
/// the personnel agency.
#[utoipa::path(get, path = "/api/v1/place-requests", operation_id = "place_requests", tag = "place",
    params(QueueQuery), responses((status = 200, body = Page<PlaceCaseSummary>, description = "A page")))]
pub async fn queue(
    app: web::Data<App>,
    person: Person,
    query: web::Query<QueueQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = pages::limit(query.limit)?;
    let point = match &query.after {
        None => (Timestamp::from_microsecond(0), PlaceRequestId(uuid::Uuid::nil())),
        Some(cursor) => {
            let [at, id] = pages::parts(cursor)?;
            (pages::instant(&at)?, pages::part(&id)?)
        }
    };
    let (who, today) = (person.actor.person_id, app.now().date_in(&person.zone));
    let mut tx = app.store.read().await?;
    let mut rows = place_requests::for_supervisor(&mut tx, who, today, point, limit + 1).await?;
    if person.actor.holds(Role::Administrator) {
        rows.extend(place_requests::for_agency(&mut tx, who, point, limit + 1).await?);
        rows.sort_by_key(|row| (row.requested_at, row.id));
    }
    let more = i64::try_from(rows.len()).is_ok_and(|count| count > limit);
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let mut items = Vec::new();
    for row in &rows {
        let Some(whose) = people::by_id(&mut tx, row.person_id).await? else { continue };
        items.push(PlaceCaseSummary {
            id: row.id,
            nip: whose.nip,
            person_name: whose.name,
            act: row.act,
            kind: row.kind,
            requested_at: row.requested_at,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        });
    }
    let last = rows.last().filter(|_| more);
    let next = last.map(|row| pages::cursor(&[row.requested_at.as_microsecond().to_string(), row.id.to_string()]));
    Ok(private(Page { items, next }))
}

/// One request with what speaks for and against it: names and bands, no coordinates.
#[utoipa::path(get, path = "/api/v1/place-requests/{id}", operation_id = "place_request", tag = "place",
    params(("id" = PlaceRequestId, Path, description = "The request's id")),
    responses((status = 200, body = PlaceCase, description = "The request")))]
pub async fn show(app: web::Data<App>, person: Person, id: web::Path<PlaceRequestId>) -> Result<HttpResponse, Problem> {
    let mut tx = app.store.read().await?;
    Ok(private(case(&app, &mut tx, &person, *id).await?))
}

async fn case(app: &App, tx: &mut Tx, person: &Person, id: PlaceRequestId) -> Result<PlaceCase, Problem> {
    let decidable = decision::decidable(tx, person, id, app.now().date_in(&person.zone)).await?;
    let overview = overview::of(app, tx, &decidable).await?;
    let row = decidable.row();
    let whose = people::by_id(tx, row.person_id).await?.ok_or(PlaceError::NoPerson)?;
    let made = made_of(tx, row).await?;
    let (office_from_m, office_to_m) = overview.office_m.map_or((None, None), |(from, to)| (Some(from), to));
    Ok(PlaceCase {
        request: PlaceRequestView::new(row, &made),
        nip: whose.nip,
        person_name: whose.name,
        areas: overview.areas,
        office_from_m,
        office_to_m,
        near_office: overview.near_office,
        same_home: overview.same_home,
        radius_m: overview.radius_m,
        map_url: format!("/api/v1/place-requests/{id}/map"),
    })
}

/// The fence and its readings, in metres from the middle. Each look is logged.
#[utoipa::path(get, path = "/api/v1/place-requests/{id}/map", operation_id = "place_request_map", tag = "place",
    params(("id" = PlaceRequestId, Path, description = "The request's id")),
    responses((status = 200, body = Drawing, description = "The drawing")))]
pub async fn map(app: web::Data<App>, person: Person, id: web::Path<PlaceRequestId>) -> Result<HttpResponse, Problem> {
    let mut tx = app.store.glance().await?;
    let decidable = decision::decidable(&mut tx, &person, *id, app.now().date_in(&person.zone)).await?;
    drop(tx);
    Ok(private(drawing::of_request(&app, &decidable, person.actor.person_id).await?))
}

/// Approve or refuse a request, once. An approved home holds from the next working day.
#[utoipa::path(post, path = "/api/v1/place-requests/{id}/decision", operation_id = "decide_place", tag = "place",
    params(("id" = PlaceRequestId, Path, description = "The request's id")), request_body = NewPlaceDecision,
    responses((status = 200, body = PlaceRequestView, description = "The request, decided")))]
pub async fn decide(
    app: web::Data<App>,
    person: Person,
    id: web::Path<PlaceRequestId>,
    body: web::Json<NewPlaceDecision>,
) -> Result<HttpResponse, Problem> {
    let NewPlaceDecision { decision, note } = body.into_inner();
    let row = match decision {
        PlaceDecision::Approve => decision::approve(&app, &person, *id, note).await?,
        PlaceDecision::Refuse => decision::refuse(&app, &person, *id, note.unwrap_or_default()).await?,
    };
    let mut tx = app.store.glance().await?;
    let made = made_of(&mut tx, &row).await?;
    Ok(private(PlaceRequestView::new(&row, &made)))
}
