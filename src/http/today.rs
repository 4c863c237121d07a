//! What is due today, what was received, and what kind of day it is.

use actix_web::{HttpResponse, http::header, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{auth::Person, presence::WindowView, problem::Problem};
use crate::{
    app::App,
    model::{
        ids::{CheckinId, IncidentId},
        time::{Timestamp, WorkDate},
        words::{Decision, PresenceState, Slot, Timing, Verdict, Words},
    },
    presence::{self, Window, day::Day, schedule},
    store::{incidents, presences, reviews, rosters},
};

/// Days of windows that a phone keeps for when it has no network.
const UPCOMING_DAYS: i64 = 7;

/// What is due today.
#[derive(Serialize, ToSchema)]
pub struct Today {
    /// The civil date in the unit's zone.
    work_date: WorkDate,
    /// Server time.
    now: Timestamp,
    /// IANA name of the unit's zone.
    time_zone: String,
    /// What kind of day it is.
    day: Day,
    /// Declared outages of this day.
    incidents: Vec<IncidentView>,
    /// The windows of today, in order.
    slots: Vec<SlotToday>,
    /// The window that is open now or opens next.
    next_window: Option<WindowView>,
    /// The windows from today on, for seven days.
    upcoming: Vec<WindowView>,
    /// How many own cases wait for an answer.
    cases_waiting: i64,
}

/// A declared outage.
#[derive(Serialize, ToSchema)]
pub struct IncidentView {
    /// Id.
    id: IncidentId,
    /// Its beginning.
    starts_at: Timestamp,
    /// Its end.
    ends_at: Timestamp,
    /// What it is.
    words: Words,
}

/// One slot of today.
#[derive(Serialize, ToSchema)]
pub struct SlotToday {
    /// Its window.
    window: WindowView,
    /// How now stands to it; absent before it opens and after it closes.
    timing_now: Option<Timing>,
    /// What was received for it.
    presence: Option<PresenceView>,
}

/// What was received for a slot.
#[derive(Serialize, ToSchema)]
pub struct PresenceView {
    /// Which slot.
    slot: Slot,
    /// Where it stands.
    state: PresenceState,
    /// Best verdict of all attempts.
    verdict: Verdict,
    /// Timing of the earliest attempt.
    timing: Timing,
    /// The earliest attempt.
    first_received_at: Timestamp,
    /// The attempt that stands for it.
    best_checkin_id: CheckinId,
    /// How many there were.
    attempts: i64,
    /// What a reviewer decided.
    decision: Option<Decision>,
}

impl From<&presences::PresenceRow> for PresenceView {
    fn from(row: &presences::PresenceRow) -> Self {
        Self {
            slot: row.slot,
            state: row.state,
            verdict: row.verdict,
            timing: row.timing,
            first_received_at: row.first_received_at,
            best_checkin_id: row.best_checkin_id,
            attempts: row.attempts,
            decision: row.decision,
        }
    }
}

impl From<incidents::IncidentRow> for IncidentView {
    fn from(row: incidents::IncidentRow) -> Self {
        let words = Words::new(row.words_id, row.words_en);
        Self { id: row.id, starts_at: row.starts_at, ends_at: row.ends_at, words }
    }
}

/// Which slots are due today, what was received, and what else there is to know about the day.
#[utoipa::path(get, path = "/api/v1/me/today", operation_id = "today", tag = "me",
    responses((status = 200, body = Today, description = "Today")))]
pub async fn show(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let person_id = person.actor.person_id;
    let mut tx = app.store.read().await?;
    let calendar = presence::calendar(&mut tx, person.unit_id, &person.zone, now).await?;
    let today = calendar.today;
    let received = presences::of_day(&mut tx, person_id, today).await?;
    let roster = rosters::on(&mut tx, person_id, today).await?;
    let (begins, ends) = (today.begins_in(&person.zone), today.plus_days(1).begins_in(&person.zone));
    let incidents = incidents::for_unit(&mut tx, person.unit_id, begins, ends).await?;
    let cases_waiting = reviews::count_asked(&mut tx, person_id).await?;
    let view = |window: &Window| WindowView::new(window, window.words(&person.zone));
    let slot_today = |window: &Window| SlotToday {
        window: view(window),
        timing_now: window.timing(now),
        presence: received.iter().find(|row| row.slot == window.slot).map(PresenceView::from),
    };
    let ahead = |window: &&Window| (today..today.plus_days(UPCOMING_DAYS)).contains(&window.work_date);
    let slots: Vec<SlotToday> =
        calendar.windows.iter().filter(|window| window.work_date == today).map(slot_today).collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(Today {
        work_date: today,
        now,
        time_zone: person.zone.iana_name().unwrap_or("UTC").to_owned(),
        day: presence::day::day(roster.as_ref(), !slots.is_empty()),
        incidents: incidents.into_iter().map(IncidentView::from).collect(),
        slots,
        next_window: schedule::next_window(&calendar.windows, now).as_ref().map(view),
        upcoming: calendar.windows.iter().filter(ahead).map(view).collect(),
        cases_waiting,
    }))
}
