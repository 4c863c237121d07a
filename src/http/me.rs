//! What a person sees of themself: who they are here, what is due today, what was recorded.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Person,
    pages::{self, Page},
    presence::WindowView,
    problem::{Code, Problem},
};
use crate::{
    app::App,
    checkin::{
        history::{self, CheckinView},
        permit::Permit,
    },
    model::{
        ids::{CheckinId, PersonId},
        time::{Timestamp, WorkDate},
        words::{Decision, PresenceState, Role, Slot, Timing, Verdict},
    },
    presence,
    store::{checkins, people, presences, units},
};

/// Who the person is here.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// Id.
    id: PersonId,
    /// Staff number.
    #[schema(example = "199001012015011001")]
    nip: String,
    /// Name.
    name: String,
    /// Code of the unit.
    #[schema(example = "DISKOMINFO")]
    unit_code: String,
    /// Name of the unit.
    unit_name: String,
    /// IANA name of its zone.
    #[schema(example = "Asia/Jakarta")]
    time_zone: String,
    /// Roles held today.
    roles: Vec<Role>,
}

/// What is due today.
#[derive(Serialize, ToSchema)]
pub struct Today {
    /// The civil date in the unit's zone.
    work_date: WorkDate,
    /// Server time.
    now: Timestamp,
    /// IANA name of the unit's zone.
    time_zone: String,
    /// The windows of today, in order.
    slots: Vec<SlotToday>,
    /// The window that is open now or opens next.
    next_window: Option<WindowView>,
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

/// Which page of own check-ins.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Pages {
    /// `next` of the page before.
    before: Option<String>,
    /// Rows, 1 to 100; 20 when not said.
    limit: Option<i64>,
}

/// Who am I here, and with which roles.
#[utoipa::path(get, path = "/api/v1/me", operation_id = "me", tag = "me",
    responses((status = 200, body = Me, description = "The signed-in person")))]
pub async fn show(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    let mut tx = app.store.read().await?;
    let gone = || Problem::new(Code::NotFound, "the person is gone");
    let row = people::by_id(&mut tx, person.actor.person_id).await?.ok_or_else(gone)?;
    let unit = units::by_id(&mut tx, row.unit_id).await?.ok_or_else(gone)?;
    let roles = person.actor.roles.iter().map(|held| held.role).collect();
    Ok(HttpResponse::Ok().json(Me {
        id: row.id,
        nip: row.nip,
        name: row.name,
        unit_code: unit.code,
        unit_name: unit.name,
        time_zone: unit.time_zone,
        roles,
    }))
}

/// Which slots are due today, and what was received.
#[utoipa::path(get, path = "/api/v1/me/today", operation_id = "today", tag = "me",
    responses((status = 200, body = Today, description = "Today")))]
pub async fn today(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let mut tx = app.store.read().await?;
    let calendar = presence::calendar(&mut tx, person.unit_id, &person.zone, now).await?;
    let received = presences::of_day(&mut tx, person.actor.person_id, calendar.today).await?;
    let slot_today = |window: &presence::Window| SlotToday {
        window: WindowView::new(window, window.words(&person.zone)),
        timing_now: window.timing(now),
        presence: received.iter().find(|row| row.slot == window.slot).map(presence_view),
    };
    let slots = calendar.windows.iter().filter(|window| window.work_date == calendar.today).map(slot_today).collect();
    Ok(HttpResponse::Ok().json(Today {
        work_date: calendar.today,
        now,
        time_zone: person.zone.iana_name().unwrap_or("UTC").to_owned(),
        slots,
        next_window: presence::schedule::next_window(&calendar.windows, now)
            .map(|window| WindowView::new(&window, window.words(&person.zone))),
    }))
}

fn presence_view(row: &presences::PresenceRow) -> PresenceView {
    PresenceView {
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

/// Own check-ins with findings and decisions, newest first.
#[utoipa::path(get, path = "/api/v1/me/checkins", operation_id = "my_checkins", tag = "me", params(Pages),
    responses((status = 200, body = Page<CheckinView>, description = "A page")))]
pub async fn checkins(app: web::Data<App>, person: Person, query: web::Query<Pages>) -> Result<HttpResponse, Problem> {
    let limit = pages::limit(query.limit)?;
    let before = match &query.before {
        None => (Timestamp::from_microsecond(i64::MAX), CheckinId(uuid::Uuid::max())),
        Some(cursor) => {
            let [micros, id] = pages::parts(cursor)?;
            (pages::instant(&micros)?, pages::part(&id)?)
        }
    };
    let mut tx = app.store.read().await?;
    let rows = checkins::of_person(&mut tx, person.actor.person_id, before, limit + 1).await?;
    let more = i64::try_from(rows.len()).is_ok_and(|count| count > limit);
    let mut items = Vec::new();
    let shown = rows.into_iter().take(usize::try_from(limit).unwrap_or(0));
    for permit in shown.filter_map(|row| Permit::for_own(&person, row)) {
        items.push(history::view(&mut tx, &permit).await?);
    }
    let last = items.last().filter(|_| more);
    let next = last.map(|item| pages::cursor(&[item.received_at.as_microsecond().to_string(), item.id.to_string()]));
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(Page { items, next }))
}
