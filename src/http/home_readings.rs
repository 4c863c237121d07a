//! Readings at home, from which a home is registered.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    auth::Person,
    places::private,
    problem::{Code, Problem},
};
use crate::{
    app::App,
    evidence::location::{assess::Claim, fix::ReportedFix},
    model::{
        time::{Timestamp, WorkDate},
        words::AccuracyBasis,
    },
    places::{
        drawing::{self, Spot},
        readings::{self, Progress},
        registration,
    },
};

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
    /// Where it lies to the middle of those that agree, for a drawing; absent while there is no middle.
    spot: Option<Spot>,
}

impl ReadingsView {
    fn new(progress: &Progress) -> Self {
        let estimate = progress.estimate.as_ref();
        let middle = estimate.map(|estimate| estimate.centre);
        let agrees = |place: usize| estimate.is_some_and(|estimate| estimate.agreeing.contains(&place));
        let view = |(place, row): (usize, &crate::store::home_readings::ReadingRow)| ReadingView {
            taken_at: row.taken_at,
            work_date: row.work_date,
            accuracy_m: row.accuracy_m,
            agrees: agrees(place),
            spot: middle
                .zip(progress.readings.get(place))
                .map(|(middle, reading)| drawing::spot(middle, reading.position, Some(reading.accuracy_m))),
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

/// How far the registration of a home has come.
#[utoipa::path(get, path = "/api/v1/me/home/readings", operation_id = "home_readings", tag = "place",
    responses((status = 200, body = ReadingsView, description = "The readings so far")))]
pub async fn show(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    let mut tx = app.store.read().await?;
    let progress = readings::progress(&app, &mut tx, person.actor.person_id, app.now()).await?;
    Ok(private(ReadingsView::new(&progress)))
}

/// Take a reading at home: three or more on two or more days make a home.
#[utoipa::path(post, path = "/api/v1/me/home/readings", operation_id = "add_home_reading", tag = "place",
    request_body = NewReading, responses((status = 200, body = ReadingsView, description = "The readings so far")))]
pub async fn add(app: web::Data<App>, person: Person, body: web::Json<NewReading>) -> Result<HttpResponse, Problem> {
    let progress = readings::add(&app, &person, &body.claim()?).await?;
    Ok(private(ReadingsView::new(&progress)))
}

/// Drop the readings that no request has used, to begin again.
#[utoipa::path(delete, path = "/api/v1/me/home/readings", operation_id = "forget_home_readings", tag = "place",
    responses((status = 204, description = "Dropped")))]
pub async fn forget(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    readings::forget(&app, person.actor.person_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
