//! Places: readings at home, requests, decisions about them. Coordinates come in here and never go out.

use actix_web::{HttpResponse, http::header, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Person,
    pages::{self, Page},
    problem::{Code, Problem},
};
use crate::{
    app::App,
    evidence::location::{
        assess::Claim,
        fix::ReportedFix,
        shape::{Circle, Polygon, Shape},
    },
    model::{
        geo::Position,
        ids::{PlaceId, PlaceRequestId},
        time::{Timestamp, WorkDate},
        words::{AccuracyBasis, PlaceAct, PlaceKind, PlaceReason, PlaceRequestState, Role, Words},
    },
    places::{
        decision,
        drawing::{self, Drawing},
        geojson, overview,
        readings::{self, Progress},
        registration,
        request::{self, Asked, PlaceError},
    },
    store::{Tx, people, place_requests, places, roles},
};

/// Most requests of a person that are shown.
const REQUESTS_SHOWN: i64 = 50;

/// One capture at home.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReading {
    /// The phone's clock when it sends this.
    pub sent_at: Timestamp,
    /// Every fix of the capture; the one with the smallest accuracy counts.
    #[schema(max_items = 20)]
    pub fixes: Vec<ReportedFix>,
    /// What `accuracy_m` means on this platform; `unknown` when it is not said.
    #[serde(default = "unknown_basis")]
    pub accuracy_basis: AccuracyBasis,
    /// Whether the phone calls the position a mock.
    #[serde(default)]
    pub mocked: bool,
}

pub(super) fn unknown_basis() -> AccuracyBasis {
    AccuracyBasis::Unknown
}

impl NewReading {
    fn claim(&self) -> Result<Claim<'_>, Problem> {
        few_enough(&self.fixes)?;
        let (fixes, basis, mocked, sent_at) = (&self.fixes, self.accuracy_basis, self.mocked, self.sent_at);
        Ok(Claim { fixes, basis, position_error: None, mocked, sent_at })
    }
}

/// As many fixes as a check-in may have.
pub(super) fn few_enough(fixes: &[ReportedFix]) -> Result<(), Problem> {
    const FIXES_MAX: usize = crate::checkin::draft::FIXES_MAX;
    if fixes.len() > FIXES_MAX {
        return Err(Problem::new(Code::BodyInvalid, format!("fixes is too long; at most {FIXES_MAX} are taken")));
    }
    Ok(())
}

/// How far the registration of a home has come. No coordinates: the spread says how well the readings agree.
#[derive(Serialize, ToSchema)]
pub struct ReadingsView {
    /// The readings, oldest first.
    readings: Vec<ReadingView>,
    /// How many more that agree are needed.
    readings_missing: usize,
    /// On how many more days.
    days_missing: usize,
    /// Median distance of the agreeing ones from their middle, metres.
    spread_m: Option<f64>,
    /// Whether a home can be asked for now.
    ready: bool,
}

/// One reading.
#[derive(Serialize, ToSchema)]
pub struct ReadingView {
    /// When it was taken.
    taken_at: Timestamp,
    /// On which day.
    work_date: WorkDate,
    /// Stated accuracy, metres.
    accuracy_m: f64,
    /// Whether it agrees with the others.
    agrees: bool,
}

impl ReadingsView {
    fn new(progress: &Progress) -> Self {
        let estimate = progress.estimate.as_ref();
        let agrees = |place: usize| estimate.is_some_and(|estimate| estimate.agreeing.contains(&place));
        let view = |(place, row): (usize, &crate::store::home_readings::ReadingRow)| ReadingView {
            taken_at: row.taken_at,
            work_date: row.work_date,
            accuracy_m: row.accuracy_m,
            agrees: agrees(place),
        };
        Self {
            readings: progress.rows.iter().enumerate().map(view).collect(),
            readings_missing: estimate.map_or(registration::READINGS_MIN, registration::Estimate::readings_missing),
            days_missing: estimate.map_or(registration::DAYS_MIN, registration::Estimate::days_missing),
            spread_m: estimate.map(|estimate| estimate.spread_m.round()),
            ready: estimate.is_some_and(registration::Estimate::is_enough),
        }
    }
}

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
    fn new(row: &place_requests::PlaceRequestRow, made: &[places::PlaceRow]) -> Self {
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

/// The version that came of a request.
async fn made_of(tx: &mut Tx, row: &place_requests::PlaceRequestRow) -> Result<Vec<places::PlaceRow>, Problem> {
    match row.place_id {
        Some(id) => Ok(places::by_id(tx, id).await?.into_iter().collect()),
        None => Ok(Vec::new()),
    }
}

fn private(body: impl Serialize) -> HttpResponse {
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

/// How far the registration of a home has come.
#[utoipa::path(get, path = "/api/v1/me/home/readings", operation_id = "home_readings", tag = "place",
    responses((status = 200, body = ReadingsView, description = "The readings so far")))]
pub async fn readings(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    let mut tx = app.store.read().await?;
    let progress = readings::progress(&app, &mut tx, person.actor.person_id, app.now()).await?;
    Ok(private(ReadingsView::new(&progress)))
}

/// Take a reading at home: three or more on two or more days make a home.
#[utoipa::path(post, path = "/api/v1/me/home/readings", operation_id = "add_home_reading", tag = "place",
    request_body = NewReading, responses((status = 200, body = ReadingsView, description = "The readings so far")))]
pub async fn add_reading(
    app: web::Data<App>,
    person: Person,
    body: web::Json<NewReading>,
) -> Result<HttpResponse, Problem> {
    let progress = readings::add(&app, &person, &body.claim()?).await?;
    Ok(private(ReadingsView::new(&progress)))
}

/// Drop the readings that no request has used, to begin again.
#[utoipa::path(delete, path = "/api/v1/me/home/readings", operation_id = "forget_home_readings", tag = "place",
    responses((status = 204, description = "Dropped")))]
pub async fn forget_readings(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    readings::forget(&app, person.actor.person_id).await?;
    Ok(HttpResponse::NoContent().finish())
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
