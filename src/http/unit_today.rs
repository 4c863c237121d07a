//! The day of a unit: who was received, who is missing, and the sums of the units below.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Person,
    places::private,
    problem::{Code, Problem},
    today::IncidentView,
    units::{NamedUnit, tree_of, unit_for},
};
use crate::{
    app::App,
    model::{
        ids::{PersonId, ReviewId},
        time::{Timestamp, WorkDate},
        words::{Decision, Slot, Timing, Verdict, Words},
    },
    presence::{
        Window,
        board::{self, Known, Received, SlotState, Tally},
        day::DayKind,
        unit_day::{Counted, Plan, Roll},
    },
    store::boards::BoardPerson,
};

/// How far from today a day may be asked for, days.
const DAYS_AWAY_MAX: i64 = 400;

/// Which day.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DayQuery {
    /// The date; today in the unit's zone when not said.
    date: Option<WorkDate>,
}

/// A slot of the unit that day.
#[derive(Serialize, ToSchema)]
pub struct SlotWindow {
    /// Which slot.
    slot: Slot,
    /// First instant that counts.
    opens_at: Timestamp,
    /// From here on it is late.
    closes_at: Timestamp,
    /// From here on it is closed.
    grace_until: Timestamp,
}

/// What kind of day it is for somebody.
#[derive(Serialize, ToSchema)]
pub struct DutyView {
    /// Which kind.
    kind: DayKind,
    /// In words.
    words: Words,
}

/// A slot of a person.
#[derive(Serialize, ToSchema)]
pub struct PersonSlot {
    /// Which slot.
    slot: Slot,
    /// How it stands.
    state: SlotState,
    /// Timing of the earliest attempt.
    timing: Option<Timing>,
    /// Best verdict of all attempts.
    verdict: Option<Verdict>,
    /// What stands after the reviews so far.
    decision: Option<Decision>,
    /// The earliest attempt.
    first_received_at: Option<Timestamp>,
    /// In words.
    words: Words,
    /// The flagged case that waits for a look.
    review_id: Option<ReviewId>,
}

/// A person of the unit.
#[derive(Serialize, ToSchema)]
pub struct PersonDay {
    /// Id.
    id: PersonId,
    /// Staff number.
    nip: String,
    /// Name.
    name: String,
    /// What kind of day it is for them.
    duty: DutyView,
    /// Their slots.
    slots: Vec<PersonSlot>,
}

/// A unit right below, with all below it.
#[derive(Serialize, ToSchema)]
pub struct UnitSum {
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// Active people.
    people: i64,
    /// How they stand.
    totals: Vec<Tally>,
}

/// The day of a unit.
#[derive(Serialize, ToSchema)]
pub struct UnitDay {
    /// Which unit.
    unit: NamedUnit,
    /// Which date.
    date: WorkDate,
    /// Server time.
    now: Timestamp,
    /// Whether no further check-in can arrive for the day. Reviews may still change what counts.
    is_final: bool,
    /// The windows of the unit, in order of opening.
    slots: Vec<SlotWindow>,
    /// How everybody stands: the people of the unit and of all below it.
    totals: Vec<Tally>,
    /// The people of exactly this unit, by name.
    people: Vec<PersonDay>,
    /// The units right below, each with all below it, by code.
    below: Vec<UnitSum>,
    /// Declared outages of the day.
    incidents: Vec<IncidentView>,
}

/// The day of a unit: its people, and the sums of the units below.
#[utoipa::path(get, path = "/api/v1/units/{code}/today", operation_id = "unit_today", tag = "units",
    params(("code" = String, Path, description = "The unit's code"), DayQuery),
    responses((status = 200, body = UnitDay, description = "The day")))]
pub async fn show(
    app: web::Data<App>,
    person: Person,
    code: web::Path<String>,
    query: web::Query<DayQuery>,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let mut tx = app.store.read().await?;
    let tree = tree_of(&mut tx).await?;
    let unit = unit_for(&person, &tree, &code, false)?;
    let today = tree.date_at(unit.id, now);
    let date = query.date.unwrap_or(today);
    if date < today.plus_days(-DAYS_AWAY_MAX) || date > today.plus_days(DAYS_AWAY_MAX) {
        return Err(Problem::new(
            Code::ParameterInvalid,
            format!("date has to lie within {DAYS_AWAY_MAX} days of today, {today}"),
        ));
    }
    let plan = Plan::load(&mut tx, &tree, date, date).await?;
    let counted = Counted::load(&mut tx, &plan, unit.id, date, now).await?;
    let roll = Roll::load(&mut tx, unit.id, date, person.actor.person_id).await?;
    drop(tx);
    let slots = plan.slots(unit.id, date);
    let zone = tree.zone(unit.id);
    let last = counted.last_end.max(slots.iter().map(|(window, _)| window.grace_ends).max());
    let sum = |top: &crate::store::units::UnitRow| counted.sum(&tree.with_below([top.id]));
    let mut totals = sum(unit).1;
    board::add_up(&mut totals, &slots.iter().map(|(window, _)| Tally::new(window.slot)).collect::<Vec<_>>());
    let below = tree.right_below(unit.id).map(|below| {
        let (people, totals) = sum(below);
        UnitSum { code: below.code.clone(), name: below.name.clone(), people, totals }
    });
    Ok(private(UnitDay {
        unit: NamedUnit { code: unit.code.clone(), name: unit.name.clone() },
        date,
        now,
        // What was captured in a window may be delivered for a while after it.
        is_final: last.map_or(date < today, |end| now >= end.plus_seconds(app.config.delivery_s)),
        slots: slots.iter().map(|(window, _)| SlotWindow::from(window)).collect(),
        totals,
        people: roll.people.iter().map(|row| person_day(row, &roll, &slots, now, &zone)).collect(),
        below: below.collect(),
        incidents: plan.outages_on(unit.id, date).into_iter().cloned().map(IncidentView::from).collect(),
    }))
}

impl From<&Window> for SlotWindow {
    fn from(window: &Window) -> Self {
        Self { slot: window.slot, opens_at: window.opens, closes_at: window.closes, grace_until: window.grace_ends }
    }
}

/// The slots of a person: those that are due, and those something was received for all the same.
fn person_day(
    row: &BoardPerson,
    roll: &Roll,
    slots: &[(Window, bool)],
    now: Timestamp,
    zone: &jiff::tz::TimeZone,
) -> PersonDay {
    let (kind, words) = board::duty(row.duty, !slots.is_empty());
    let window = |slot: Slot| slots.iter().find(|(window, _)| window.slot == slot);
    let shown = Slot::ALL.iter().filter(|slot| window(**slot).is_some() || roll.received(row.id, **slot).is_some());
    let person_slot = |slot: &Slot| {
        let found = roll.received(row.id, *slot);
        let received =
            found.map(|found| Received { timing: found.timing, verdict: found.verdict, decision: found.decision });
        let (window, outage) = window(*slot).map_or((None, false), |(window, outage)| (Some(window), *outage));
        let known = Known { window, duty: row.duty, received, outage };
        let (state, first) = (board::state(&known, now), found.map(|found| found.first_received_at));
        PersonSlot {
            slot: *slot,
            state,
            timing: received.map(|received| received.timing),
            verdict: received.map(|received| received.verdict),
            decision: received.and_then(|received| received.decision),
            first_received_at: first,
            words: board::words(&known, state, first, zone),
            review_id: roll.case(row.id, *slot),
        }
    };
    PersonDay {
        id: row.id,
        nip: row.nip.clone(),
        name: row.name.clone(),
        duty: DutyView { kind, words },
        slots: shown.map(person_slot).collect(),
    }
}
