//! Own places and requests about them. Coordinates come in here and never go out.

use actix_web::{HttpResponse, http::header, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    auth::Person,
    problem::{Code, Problem},
};
use crate::{
    app::App,
    evidence::location::shape::{Circle, Polygon, Shape},
    model::{
        geo::Position,
        ids::{PlaceId, PlaceRequestId},
        time::{Timestamp, WorkDate},
        words::{PlaceAct, PlaceKind, PlaceReason, PlaceRequestState, Words},
    },
    places::{
        decision, geojson,
        request::{self, Asked},
    },
    store::{Tx, people, place_requests, places, roles},
};

/// Most requests of a person that are shown.
const REQUESTS_SHOWN: i64 = 50;

/// A position, by name and never by order.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PointBody {
    /// Degrees north.
    #[schema(example = -6.595)]
    latitude: f64,
    /// Degrees east.
    #[schema(example = 106.8166)]
    longitude: f64,
}

/// A fence.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "shape", rename_all = "lowercase", deny_unknown_fields)]
pub enum ShapeBody {
    /// Everything up to a distance.
    Circle {
        /// Its middle.
        center: PointBody,
        /// Metres, 20 to 2500.
        radius_m: f64,
    },
    /// Everything inside a ring, without the holes.
    Polygon {
        /// The corners of the outer ring.
        outer: Vec<PointBody>,
        /// The corners of each hole.
        #[serde(default)]
        holes: Vec<Vec<PointBody>>,
    },
    /// A GeoJSON feature (RFC 7946): a Polygon, or a Point with `radius_m` among its properties.
    Geojson {
        /// The feature.
        #[schema(value_type = Object)]
        feature: Value,
    },
}

impl ShapeBody {
    fn read(self) -> Result<Shape, Problem> {
        let invalid = |error: &dyn std::error::Error| Problem::new(Code::ShapeInvalid, error.to_string());
        let point = |at: PointBody| Position::new(at.latitude, at.longitude).map_err(|error| invalid(&error));
        match self {
            Self::Circle { center, radius_m } => {
                Ok(Shape::Circle(Circle::new(point(center)?, radius_m).map_err(|error| invalid(&error))?))
            }
            Self::Polygon { outer, holes } => {
                let ring = |ring: Vec<PointBody>| ring.into_iter().map(point).collect::<Result<Vec<_>, _>>();
                let rings = std::iter::once(outer).chain(holes).map(ring).collect::<Result<Vec<_>, _>>()?;
                Ok(Shape::Polygon(Polygon::new(rings).map_err(|error| invalid(&error))?))
            }
            Self::Geojson { feature } => Ok(geojson::read(&feature)?),
        }
    }
}

/// What is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlaceRequest {
    /// What kind of place.
    kind: PlaceKind,
    /// Its fence; left out for a home, which comes from readings.
    shape: Option<ShapeBody>,
    /// Radius of a home, metres, 75 to 200; 100 when not said.
    radius_m: Option<f64>,
    /// First day; the soonest when not said.
    valid_from: Option<WorkDate>,
    /// Last day; needed for every place but a home.
    valid_to: Option<WorkDate>,
    /// Why.
    reason_code: PlaceReason,
    /// Number of an order or a letter; needed for every place but a home.
    #[schema(max_length = 100)]
    reference: Option<String>,
    /// In words.
    #[schema(max_length = 500)]
    note: Option<String>,
}

impl NewPlaceRequest {
    fn read(self) -> Result<Asked, Problem> {
        Ok(Asked {
            kind: self.kind,
            shape: self.shape.map(ShapeBody::read).transpose()?,
            radius_m: self.radius_m,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            reason: self.reason_code,
            reference: self.reference,
            note: self.note,
        })
    }
}

/// A request as its person sees it.
#[derive(Serialize, ToSchema)]
pub struct PlaceRequestView {
    /// Id.
    id: PlaceRequestId,
    /// What is asked for.
    act: PlaceAct,
    /// What kind of place.
    kind: PlaceKind,
    /// Where it stands.
    state: PlaceRequestState,
    /// When it was asked for.
    requested_at: Timestamp,
    /// First day that is asked for.
    valid_from: WorkDate,
    /// Last day.
    valid_to: Option<WorkDate>,
    /// Why.
    reason_code: PlaceReason,
    /// Number of an order or a letter.
    reference: Option<String>,
    /// In words.
    note: Option<String>,
    /// From how many readings.
    readings: i64,
    /// On how many days.
    days: i64,
    /// Median distance of the readings from their middle, metres.
    spread_m: Option<f64>,
    /// When it was decided.
    decided_at: Option<Timestamp>,
    /// What the decision says.
    decision_note: Option<String>,
    /// The place version that came of it.
    place_id: Option<PlaceId>,
    /// From when that version holds: never sooner than the next working day for a home.
    holds_from: Option<WorkDate>,
}

impl PlaceRequestView {
    /// `made` holds the version that came of it, if one did.
    pub(super) fn new(row: &place_requests::PlaceRequestRow, made: &[places::PlaceRow]) -> Self {
        Self {
            id: row.id,
            act: row.act,
            kind: row.kind,
            state: row.state,
            requested_at: row.requested_at,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            reason_code: row.reason_code,
            reference: row.reference.clone(),
            note: row.note.clone(),
            readings: row.readings,
            days: row.days,
            spread_m: row.spread_m.map(f64::round),
            decided_at: row.decided_at,
            decision_note: row.decision_note.clone(),
            place_id: row.place_id,
            holds_from: made.iter().find(|place| Some(place.id) == row.place_id).map(|place| place.valid_from),
        }
    }
}

/// A version of a place, without where it is.
#[derive(Serialize, ToSchema)]
pub struct PlaceView {
    /// Id of the version.
    id: PlaceId,
    /// What kind of place; absent where it would tell of somebody's health.
    kind: Option<PlaceKind>,
    /// The kind in words.
    words: Words,
    /// 1 for the first of its kind.
    version: i64,
    /// First day.
    valid_from: WorkDate,
    /// Last day.
    valid_to: Option<WorkDate>,
    /// Whether it holds today.
    in_force: bool,
    /// Whether a correction took its place before it began: it never holds.
    superseded: bool,
}

impl PlaceView {
    fn new(row: &places::PlaceRow, today: WorkDate, own: bool) -> Self {
        let medical = matches!(row.kind, PlaceKind::Hospital | PlaceKind::Isolation);
        let kind = (own || !medical).then_some(row.kind);
        Self {
            id: row.id,
            kind,
            words: kind_words(kind),
            version: row.version,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            in_force: row.is_in_force(today),
            superseded: row.valid_to.is_some_and(|last| last < row.valid_from),
        }
    }
}

fn kind_words(kind: Option<PlaceKind>) -> Words {
    match kind {
        Some(PlaceKind::Home) => Words::new("Rumah", "Home"),
        Some(PlaceKind::Relative) => Words::new("Rumah kerabat", "A relative's place"),
        Some(PlaceKind::Hospital) => Words::new("Rumah sakit", "Hospital"),
        Some(PlaceKind::Isolation) => Words::new("Isolasi", "Isolation"),
        Some(PlaceKind::OfficialTravel) => Words::new("Dinas luar", "Official travel"),
        Some(PlaceKind::Disaster) => Words::new("Pengungsian", "Refuge"),
        None => Words::new("Pengecualian yang disetujui", "Approved exception"),
    }
}

/// Own places and requests.
#[derive(Serialize, ToSchema)]
pub struct MyPlaces {
    /// Every version of every place.
    places: Vec<PlaceView>,
    /// The latest requests, newest first.
    requests: Vec<PlaceRequestView>,
}

/// The version that came of a request.
pub(super) async fn made_of(
    tx: &mut Tx,
    row: &place_requests::PlaceRequestRow,
) -> Result<Vec<places::PlaceRow>, Problem> {
    match row.place_id {
        Some(id) => Ok(places::by_id(tx, id).await?.into_iter().collect()),
        None => Ok(Vec::new()),
    }
}

pub(super) fn private(body: impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}

/// Own places, past, present and to come, and the requests about them.
#[utoipa::path(get, path = "/api/v1/me/places", operation_id = "my_places", tag = "place",
    responses((status = 200, body = MyPlaces, description = "Places and requests")))]
pub async fn mine(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    let today = app.now().date_in(&person.zone);
    let mut tx = app.store.read().await?;
    let rows = places::of_person(&mut tx, person.actor.person_id).await?;
    let requests = place_requests::of_person(&mut tx, person.actor.person_id, REQUESTS_SHOWN).await?;
    Ok(private(MyPlaces {
        places: rows.iter().map(|row| PlaceView::new(row, today, true)).collect(),
        requests: requests.iter().map(|request| PlaceRequestView::new(request, &rows)).collect(),
    }))
}

/// The places of somebody this person supervises, without where they are; health shows as an approved exception.
#[utoipa::path(get, path = "/api/v1/people/{nip}/places", operation_id = "places_of", tag = "place",
    params(("nip" = String, Path, description = "Staff number")),
    responses((status = 200, body = [PlaceView], description = "The places")))]
pub async fn of_person(app: web::Data<App>, person: Person, nip: web::Path<String>) -> Result<HttpResponse, Problem> {
    let today = app.now().date_in(&person.zone);
    let mut tx = app.store.read().await?;
    let gone = || Problem::new(Code::NotFound, "there is no such person for you");
    let whose = people::by_nip(&mut tx, &nip).await?.ok_or_else(gone)?;
    if !roles::supervises(&mut tx, person.actor.person_id, whose.unit_id, today).await? {
        return Err(gone());
    }
    let rows = places::of_person(&mut tx, whose.id).await?;
    let views: Vec<PlaceView> = rows.iter().map(|row| PlaceView::new(row, today, false)).collect();
    Ok(private(views))
}

/// Ask for a home, or for a place for a time.
#[utoipa::path(post, path = "/api/v1/me/place-requests", operation_id = "request_place", tag = "place",
    request_body = NewPlaceRequest,
    responses((status = 201, body = PlaceRequestView, description = "It waits for somebody else's decision")))]
pub async fn request(
    app: web::Data<App>,
    person: Person,
    body: web::Json<NewPlaceRequest>,
) -> Result<HttpResponse, Problem> {
    let row = request::own(&app, &person, body.into_inner().read()?).await?;
    Ok(HttpResponse::Created().json(PlaceRequestView::new(&row, &[])))
}

/// Take an own request back.
#[utoipa::path(delete, path = "/api/v1/me/place-requests/{id}", operation_id = "withdraw_place_request", tag = "place",
    params(("id" = PlaceRequestId, Path, description = "The request's id")),
    responses((status = 200, body = PlaceRequestView, description = "Withdrawn")))]
pub async fn withdraw(
    app: web::Data<App>,
    person: Person,
    id: web::Path<PlaceRequestId>,
) -> Result<HttpResponse, Problem> {
    let row = decision::withdraw(&app, &person, *id).await?;
    Ok(private(PlaceRequestView::new(&row, &[])))
}

/// Correct a home, also for days that are over; another administrator has to approve it.
#[utoipa::path(post, path = "/api/v1/people/{nip}/place-corrections", operation_id = "correct_place", tag = "place",
    params(("nip" = String, Path, description = "Staff number")), request_body = NewPlaceRequest,
    responses((status = 201, body = PlaceRequestView, description = "It waits for another administrator's decision")))]
pub async fn correct(
    app: web::Data<App>,
    person: Person,
    nip: web::Path<String>,
    body: web::Json<NewPlaceRequest>,
) -> Result<HttpResponse, Problem> {
    let row = request::correction(&app, &person, &nip, body.into_inner().read()?).await?;
    Ok(HttpResponse::Created().json(PlaceRequestView::new(&row, &[])))
}
