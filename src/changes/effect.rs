//! Whom an outage excuses: counted in the database, named for the first few.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::tz::TimeZone;

use crate::{
    model::{
        ids::{PersonId, UnitId},
        time::{Timestamp, WorkDate},
        words::Slot,
    },
    presence::{
        Window,
        board::{self, Known, SlotState},
        tree::Tree,
        unit_day::{Counted, Plan},
    },
    store::{StoreError, Tx, boards},
};

/// People who are named.
const NAMED: usize = 50;

/// An outage that may be declared.
#[derive(Clone, Copy, Debug)]
pub struct Outage {
    /// For which unit and those below it; none is everybody.
    pub unit_id: Option<UnitId>,
    /// Its beginning.
    pub starts_at: Timestamp,
    /// Its end.
    pub ends_at: Timestamp,
}

/// Somebody whom an outage excuses.
pub struct Excused {
    /// Staff number.
    pub nip: String,
    /// Name.
    pub name: String,
    /// Code of the unit.
    pub unit_code: String,
    /// For what.
    pub slots: Vec<(WorkDate, Slot)>,
}

/// What an outage would do now.
pub struct Effect {
    /// Slots that are over and empty, and would be excused.
    pub excuses: i64,
    /// Whose, the first fifty by unit and name.
    pub people: Vec<Excused>,
    /// Cases that wait about slots it touches.
    pub open_cases: i64,
}

/// The windows of a unit that an outage touches, by date.
type Touched = BTreeMap<WorkDate, Vec<Window>>;

/// What an outage would do now: slots that are over, empty and not excused already.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of(tx: &mut Tx, tree: &Tree, outage: Outage, now: Timestamp) -> Result<Effect, StoreError> {
    // A day more on each side: dates are those of zones east and west of UTC.
    let from = outage.starts_at.date_in(&TimeZone::UTC).plus_days(-1);
    let to = outage.ends_at.date_in(&TimeZone::UTC).plus_days(1);
    let plan = Plan::load(tx, tree, from, to).await?;
    let tops: Vec<UnitId> = match outage.unit_id {
        Some(unit_id) => vec![unit_id],
        None => tree.all().iter().filter(|unit| unit.parent_id.is_none()).map(|unit| unit.id).collect(),
    };
    let units = tree.with_below(tops.iter().copied());
    let touched: HashMap<UnitId, Touched> =
        units.iter().map(|unit| (*unit, touched(&plan, *unit, outage, (from, to)))).collect();
    let dates: HashSet<WorkDate> = touched.values().flat_map(|dates| dates.keys().copied()).collect();
    let mut effect = Effect { excuses: 0, people: Vec::new(), open_cases: 0 };
    let mut hit: HashSet<UnitId> = HashSet::new();
    for top in tops {
        for date in &dates {
            let counted = Counted::load(tx, &plan, top, *date, now).await?;
            for (unit, tallies) in &counted.tallies {
                let windows = touched.get(unit).and_then(|dates| dates.get(date)).map_or(&[][..], Vec::as_slice);
                let over = tallies.iter().filter(|tally| windows.iter().any(|window| window.slot == tally.slot));
                let missing: i64 = over.map(|tally| tally.missing).sum();
                effect.excuses += missing;
                if missing > 0 {
                    hit.insert(*unit);
                }
            }
        }
        for (unit, date, slot, cases) in boards::cases(tx, top, from, to).await? {
            let windows = touched.get(&unit).and_then(|dates| dates.get(&date)).map_or(&[][..], Vec::as_slice);
            effect.open_cases += cases * i64::from(windows.iter().any(|window| window.slot == slot));
        }
    }
    for unit in tree.all().iter().filter(|unit| hit.contains(&unit.id)) {
        let Some(dates) = touched.get(&unit.id) else { continue };
        name(tx, &plan, (unit.id, &unit.code), dates, now, &mut effect.people).await?;
        if effect.people.len() >= NAMED {
            break;
        }
    }
    effect.people.truncate(NAMED);
    Ok(effect)
}

/// The windows of a unit that an outage touches.
fn touched(plan: &Plan<'_>, unit_id: UnitId, outage: Outage, (from, to): (WorkDate, WorkDate)) -> Touched {
    let mut found = Touched::new();
    let mut date = from;
    while date <= to {
        let windows = plan.windows(unit_id, date).into_iter();
        let windows: Vec<Window> =
            windows.filter(|window| board::touches(window, outage.starts_at, outage.ends_at)).collect();
        if !windows.is_empty() {
            found.insert(date, windows);
        }
        date = date.plus_days(1);
    }
    found
}

/// Names the people of a unit whom it excuses.
async fn name(
    tx: &mut Tx,
    plan: &Plan<'_>,
    (unit_id, unit_code): (UnitId, &str),
    dates: &Touched,
    now: Timestamp,
    named: &mut Vec<Excused>,
) -> Result<(), StoreError> {
    let mut found: Vec<(PersonId, Excused)> = Vec::new();
    for (date, windows) in dates {
        let outages: HashMap<Slot, bool> =
            plan.slots(unit_id, *date).into_iter().map(|(window, outage)| (window.slot, outage)).collect();
        let received: HashSet<(PersonId, Slot)> =
            boards::presences(tx, unit_id, *date).await?.iter().map(|row| (row.person_id, row.slot)).collect();
        for person in boards::people(tx, unit_id, *date).await? {
            let empty = |window: &&Window| {
                let outage = outages.get(&window.slot).copied().unwrap_or(false);
                let known = Known { window: Some(window), duty: person.duty, received: None, outage };
                !received.contains(&(person.id, window.slot)) && board::state(&known, now) == SlotState::Missing
            };
            let slots: Vec<(WorkDate, Slot)> =
                windows.iter().filter(empty).map(|window| (*date, window.slot)).collect();
            if slots.is_empty() {
                continue;
            }
            match found.iter_mut().find(|(id, _)| *id == person.id) {
                Some((_, excused)) => excused.slots.extend(slots),
                None => found.push((
                    person.id,
                    Excused { nip: person.nip, name: person.name, unit_code: unit_code.to_owned(), slots },
                )),
            }
        }
    }
    named.extend(found.into_iter().map(|(_, excused)| excused));
    Ok(())
}
