//! What a check-in would say of a reading, before there is one.

use actix_web::{HttpResponse, http::header, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    auth::Person,
    home_readings,
    presence::WindowView,
    problem::{Code, Problem},
};
use crate::{
    app::App,
    checkin::preflight::{self, Missing, Standing},
    evidence::location::{assess::Claim, fix::ReportedFix},
    model::{
        time::Timestamp,
        words::{AccuracyBasis, PositionError, Slot, Timing, Words},
    },
    presence::Moment,
};

/// A reading.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The slot it is for; the one that is open or opens next when not said.
    slot: Option<Slot>,
    /// The phone's clock when it sends this.
    sent_at: Timestamp,
    /// Every fix so far; the one with the smallest accuracy counts.
    #[serde(default)]
    #[schema(max_items = 20)]
    fixes: Vec<ReportedFix>,
    /// Why there is no fix.
    position_error: Option<PositionError>,
    /// What `accuracy_m` means on this platform; `unknown` when it is not said.
    #[serde(default = "home_readings::unknown_basis")]
    accuracy_basis: AccuracyBasis,
    /// Whether the phone calls the position a mock.
    #[serde(default)]
    mocked: bool,
}

/// The answer; nothing of it is stored.
#[derive(Serialize, ToSchema)]
pub struct PreflightView {
    /// Where the reading stands.
    standing: Standing,
    /// What to do now.
    words: Words,
    /// The coarsest accuracy that would do here, metres.
    accuracy_needed_m: Option<f64>,
    /// Codes of what a check-in would find about the position.
    #[schema(value_type = Vec<String>)]
    findings: Vec<&'static str>,
    /// How now stands to the slot's window; absent while it is closed.
    timing_now: Option<Timing>,
    /// The window that is open now or opens next.
    next_window: Option<WindowView>,
    /// What stands in the way or could be better; empty when all is well.
    missing: Vec<Missing>,
}

/// Try a reading without checking in: inside, outside or cannot tell, and what is missing. Stores nothing.
#[utoipa::path(post, path = "/api/v1/me/preflight", operation_id = "preflight", tag = "check-in",
    request_body = Reading, responses((status = 200, body = PreflightView, description = "How it stands")))]
pub async fn look(app: web::Data<App>, person: Person, body: web::Json<Reading>) -> Result<HttpResponse, Problem> {
    let Reading { slot, sent_at, fixes, position_error, accuracy_basis: basis, mocked } = body.into_inner();
    home_readings::few_enough(&fixes)?;
    if !app.work.may_ask(person.actor.person_id, app.now(), app.config.preflights_hourly) {
        return Err(Problem::new(Code::PreflightTooOften, "too many readings were tried in this hour").retry_after(600));
    }
    let claim = Claim { fixes: &fixes, basis, position_error, mocked, sent_at };
    let found = preflight::look(&app, &person, slot, &claim).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(PreflightView {
        standing: found.standing,
        words: found.words,
        accuracy_needed_m: found.accuracy_needed_m,
        findings: found.findings,
        timing_now: match found.moment {
            Some(Moment::Open(_, timing)) => Some(timing),
            _ => None,
        },
        next_window: found.next.map(|window| WindowView::new(&window, window.words(&person.zone))),
        missing: found.missing,
    }))
}
