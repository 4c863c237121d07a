//! The rules of the house as the console reads them: outages, schedules, values of policy.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Person,
    places::private,
    problem::Problem,
    units::{no_unit, supervises, tree_of, unit_for},
};
use crate::{
    app::App,
    changes::{
        effect::{self, Effect, Outage},
        incident,
    },
    model::{
        ids::{IncidentId, ScheduleId},
        time::{Timestamp, WorkDate},
        words::{PolicyName, Role, Slot, Words},
    },
    policy::values,
    presence::tree::Tree,
    store::{
        incidents::{self as outages, IncidentRow},
        policy_values::{self, PolicyValueRow},
        schedules::{self as rows, ScheduleRow},
        units::UnitRow,
    },
};

/// An outage that may be declared.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOutage {
    /// Code of the unit, with all units below; none is everybody.
    unit: Option<String>,
    /// Its beginning.
    starts_at: Timestamp,
    /// Its end.
    ends_at: Timestamp,
}

/// A slot of a day.
#[derive(Serialize, ToSchema)]
pub struct DatedSlot {
    /// Which day.
    work_date: WorkDate,
    /// Which slot.
    slot: Slot,
}

/// Somebody whom an outage excuses.
#[derive(Serialize, ToSchema)]
pub struct ExcusedView {
    /// Staff number.
    nip: String,
    /// Name.
    name: String,
    /// Code of the unit.
    unit_code: String,
    /// For what.
    slots: Vec<DatedSlot>,
}

/// What an outage would do now.
#[derive(Serialize, ToSchema)]
pub struct EffectView {
    /// Slots that are over and empty, and would be excused.
    excuses: i64,
    /// Whose, the first fifty by unit and name.
    people: Vec<ExcusedView>,
    /// Cases that wait about slots it touches.
    open_cases: i64,
}

impl From<Effect> for EffectView {
    fn from(effect: Effect) -> Self {
        let slots = |slots: Vec<(WorkDate, Slot)>| {
            slots.into_iter().map(|(work_date, slot)| DatedSlot { work_date, slot }).collect()
        };
        let person = |excused: effect::Excused| ExcusedView {
            nip: excused.nip,
            name: excused.name,
            unit_code: excused.unit_code,
            slots: slots(excused.slots),
        };
        let people = effect.people.into_iter().map(person).collect();
        Self { excuses: effect.excuses, people, open_cases: effect.open_cases }
    }
}

/// A declared outage.
#[derive(Serialize, ToSchema)]
pub struct DeclaredView {
    /// Id.
    id: IncidentId,
    /// What files call it.
    code: String,
    /// Code of the unit, with all units below; none is everybody.
    unit: Option<String>,
    /// Its beginning.
    starts_at: Timestamp,
    /// Its end.
    ends_at: Timestamp,
    /// What it is.
    words: Words,
}

/// Declared outages.
#[derive(Serialize, ToSchema)]
pub struct Incidents {
    /// The latest first.
    incidents: Vec<DeclaredView>,
}

/// Whose schedules.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SchedulesQuery {
    /// Code of a unit: its own schedules and those from above. Left out: those of every unit I may see.
    unit: Option<String>,
}

/// One slot of one unit for a range of dates.
#[derive(Serialize, ToSchema)]
pub struct ScheduleView {
    /// Id.
    id: ScheduleId,
    /// Code of the unit it is written for.
    unit: String,
    /// Which slot.
    slot: Slot,
    /// First date.
    valid_from: WorkDate,
    /// Last date; none is open-ended.
    valid_to: Option<WorkDate>,
    /// Bit 0 is Monday, bit 6 Sunday.
    weekdays: i64,
    /// Minutes after local midnight.
    opens_minute: i64,
    /// Minutes after local midnight.
    closes_minute: i64,
    /// Minutes after the close in which a check-in counts as late.
    grace_minutes: i64,
    /// Whether it comes from a unit above the one that was asked for.
    inherited: bool,
}

/// Schedules.
#[derive(Serialize, ToSchema)]
pub struct Schedules {
    /// By unit, slot and first date.
    schedules: Vec<ScheduleView>,
}

/// How a value came about.
#[derive(Serialize, ToSchema)]
pub struct PolicyStep {
    /// How much.
    value: f64,
    /// From when on.
    valid_from: WorkDate,
    /// Name of who proposed it.
    proposed_by: String,
    /// Name of who approved it.
    approved_by: Option<String>,
    /// When.
    decided_at: Option<Timestamp>,
    /// Why.
    reason: String,
}

/// A value of policy.
#[derive(Serialize, ToSchema)]
pub struct PolicyValueView {
    /// Which.
    name: PolicyName,
    /// What holds today.
    value: f64,
    /// `h`, `percent` or `days`.
    #[schema(example = "days")]
    unit_of_measure: &'static str,
    /// Smallest.
    min: f64,
    /// Largest.
    max: f64,
    /// What holds where two people set nothing.
    default: f64,
    /// What it means.
    words: Words,
    /// Every value that was set, by first day.
    history: Vec<PolicyStep>,
}

/// The values of policy.
#[derive(Serialize, ToSchema)]
pub struct PolicyView {
    /// Each of them.
    values: Vec<PolicyValueView>,
}

/// What an outage would do, before anybody proposes it.
#[utoipa::path(post, path = "/api/v1/incidents/preview", operation_id = "preview_incident", tag = "changes",
    request_body = NewOutage, responses((status = 200, body = EffectView, description = "Whom it would excuse")))]
pub async fn preview(app: web::Data<App>, _: Person, body: web::Json<NewOutage>) -> Result<HttpResponse, Problem> {
    let NewOutage { unit, starts_at, ends_at } = body.into_inner();
    let now = app.now();
    incident::lasts(starts_at, ends_at, now)?;
    let mut tx = app.store.read().await?;
    let tree = tree_of(&mut tx).await?;
    let unit_id = match unit {
        None => None,
        Some(code) => Some(tree.coded(&code).ok_or_else(no_unit)?.id),
    };
    let effect = effect::of(&mut tx, &tree, Outage { unit_id, starts_at, ends_at }, now).await?;
    Ok(private(EffectView::from(effect)))
}

/// Declared outages, the latest first: for supervisors those that touch their units.
#[utoipa::path(get, path = "/api/v1/incidents", operation_id = "incidents", tag = "changes",
    responses((status = 200, body = Incidents, description = "The outages")))]
pub async fn incidents(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    let mut tx = app.store.read().await?;
    let tree = tree_of(&mut tx).await?;
    let mut found = outages::all(&mut tx).await?;
    found.retain(|row| touches(&person, &tree, row));
    found.sort_by_key(|row| std::cmp::Reverse((row.starts_at, row.id)));
    let view = |row: IncidentRow| DeclaredView {
        id: row.id,
        code: row.code,
        unit: row.unit_id.map(|id| tree.code(id)),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        words: Words::new(row.words_id, row.words_en),
    };
    Ok(private(Incidents { incidents: found.into_iter().map(view).collect() }))
}

/// Whether an outage is for everybody, for a supervised unit, for one below, or for one above.
fn touches(person: &Person, tree: &Tree, row: &IncidentRow) -> bool {
    let above_mine = |id| {
        let mine = super::units::supervised(person);
        mine.iter().any(|unit| tree.with_above(*unit).iter().any(|above| above.id == id))
    };
    person.actor.holds(Role::Administrator)
        || row.unit_id.is_none_or(|id| supervises(person, tree, id) || above_mine(id))
}

/// Schedules of a unit with those from above, or of every unit I may see.
#[utoipa::path(get, path = "/api/v1/schedules", operation_id = "schedules", tag = "changes", params(SchedulesQuery),
    responses((status = 200, body = Schedules, description = "The schedules")))]
pub async fn schedules(
    app: web::Data<App>,
    person: Person,
    query: web::Query<SchedulesQuery>,
) -> Result<HttpResponse, Problem> {
    let mut tx = app.store.read().await?;
    let tree = tree_of(&mut tx).await?;
    let asked = query.unit.as_ref().map(|code| unit_for(&person, &tree, code, true)).transpose()?;
    let all = person.actor.holds(Role::Administrator);
    let shown = |row: &ScheduleRow| match asked {
        Some(unit) => tree.with_above(unit.id).iter().any(|above| above.id == row.unit_id),
        None => all || supervises(&person, &tree, row.unit_id),
    };
    let mut found = rows::all(&mut tx).await?;
    found.retain(shown);
    found.sort_by_key(|row| (tree.code(row.unit_id), row.slot, row.valid_from, row.id));
    let schedules = found.iter().map(|row| schedule(row, &tree, asked)).collect();
    Ok(private(Schedules { schedules }))
}

fn schedule(row: &ScheduleRow, tree: &Tree, asked: Option<&UnitRow>) -> ScheduleView {
    ScheduleView {
        id: row.id,
        unit: tree.code(row.unit_id),
        slot: row.slot,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        weekdays: row.weekdays,
        opens_minute: row.opens_minute,
        closes_minute: row.closes_minute,
        grace_minutes: row.grace_minutes,
        inherited: asked.is_some_and(|unit| unit.id != row.unit_id),
    }
}

/// The values of policy, with how they came about.
#[utoipa::path(get, path = "/api/v1/policy", operation_id = "policy", tag = "changes",
    responses((status = 200, body = PolicyView, description = "The values")))]
pub async fn policy(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    let today = app.now().date_in(&person.zone);
    let mut tx = app.store.glance().await?;
    let steps = policy_values::all(&mut tx).await?;
    let held = app.policy_values();
    let step = |row: &PolicyValueRow| PolicyStep {
        value: row.value,
        valid_from: row.valid_from,
        proposed_by: row.proposer.clone(),
        approved_by: row.approver.clone(),
        decided_at: row.decided_at,
        reason: row.reason.clone(),
    };
    let view = |name: &PolicyName| {
        let bounds = values::bounds(*name);
        PolicyValueView {
            name: *name,
            value: held.on(*name, today),
            unit_of_measure: bounds.unit_of_measure,
            min: bounds.min,
            max: bounds.max,
            default: held.default_of(*name),
            words: values::words(*name),
            history: steps.iter().filter(|row| row.name == *name).map(step).collect(),
        }
    };
    Ok(private(PolicyView { values: PolicyName::ALL.iter().map(view).collect() }))
}
