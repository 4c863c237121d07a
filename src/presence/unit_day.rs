//! The day of a unit and of those below it: windows, outages, people, and how many stand how. A few statements in all,
//! whatever the number of people.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;

use super::{
    board::{self, Known, Received, SlotState, Tally},
    schedule::{self, Window},
    tree::Tree,
};
use crate::{
    model::{
        ids::{PersonId, ReviewId, UnitId},
        time::{Timestamp, WorkDate},
        words::{Duty, Slot},
    },
    store::{
        StoreError, Tx,
        boards::{self, BoardPerson, BoardPresence, Count},
        incidents::{self, IncidentRow},
        schedules::{self, ScheduleRow},
    },
};

/// An hour more than any zone is from UTC, seconds.
const ZONES_S: i64 = 15 * 3_600;

/// Schedules and outages of some dates, for any unit.
pub struct Plan<'a> {
    tree: &'a Tree,
    schedules: HashMap<UnitId, Vec<ScheduleRow>>,
    incidents: Vec<IncidentRow>,
}

impl<'a> Plan<'a> {
    /// Loads what touches the dates `from..=to`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn load(tx: &mut Tx, tree: &'a Tree, from: WorkDate, to: WorkDate) -> Result<Self, StoreError> {
        let mut schedules: HashMap<UnitId, Vec<ScheduleRow>> = HashMap::new();
        for row in schedules::touching(tx, from, to).await? {
            schedules.entry(row.unit_id).or_default().push(row);
        }
        let begin = from.begins_in(&TimeZone::UTC).plus_seconds(-ZONES_S);
        let end = to.plus_days(1).begins_in(&TimeZone::UTC).plus_seconds(ZONES_S);
        let incidents = incidents::between(tx, begin, end).await?;
        Ok(Self { tree, schedules, incidents })
    }

    /// The windows of a unit on a date, in order of opening.
    pub fn windows(&self, unit_id: UnitId, date: WorkDate) -> Vec<Window> {
        let rows = self.tree.schedules_of(unit_id, &self.schedules);
        schedule::windows_on(&rows, date, &self.tree.zone(unit_id))
    }

    /// The outages declared for a unit, for one above it, or for everybody.
    pub fn outages(&self, unit_id: UnitId) -> Vec<&IncidentRow> {
        let above: HashSet<UnitId> = self.tree.with_above(unit_id).iter().map(|unit| unit.id).collect();
        let is_for = |incident: &&IncidentRow| incident.unit_id.is_none_or(|id| above.contains(&id));
        self.incidents.iter().filter(is_for).collect()
    }

    /// The outages of a unit that touch its date.
    pub fn outages_on(&self, unit_id: UnitId, date: WorkDate) -> Vec<&IncidentRow> {
        let zone = self.tree.zone(unit_id);
        let (begin, end) = (date.begins_in(&zone), date.plus_days(1).begins_in(&zone));
        let of_date = |incident: &&IncidentRow| incident.starts_at < end && incident.ends_at > begin;
        self.outages(unit_id).into_iter().filter(of_date).collect()
    }

    /// The windows of a unit on a date, each with whether an outage touches it.
    pub fn slots(&self, unit_id: UnitId, date: WorkDate) -> Vec<(Window, bool)> {
        let outages = self.outages(unit_id);
        let hit = |window: &Window| {
            outages.iter().any(|incident| board::touches(window, incident.starts_at, incident.ends_at))
        };
        self.windows(unit_id, date).into_iter().map(|window| (window, hit(&window))).collect()
    }
}

/// How many people of a unit and of each below it stand how on a date.
pub struct Counted {
    /// Active people of a unit.
    pub people: HashMap<UnitId, i64>,
    /// The tallies of a unit, in order of the slots.
    pub tallies: HashMap<UnitId, Vec<Tally>>,
    /// When the last window of all closes, its grace with it.
    pub last_end: Option<Timestamp>,
}

impl Counted {
    /// Counts a unit and those below it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn load(
        tx: &mut Tx,
        plan: &Plan<'_>,
        top: UnitId,
        date: WorkDate,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        Ok(Self::of(plan, &boards::counts(tx, top, date).await?, date, now))
    }

    fn of(plan: &Plan<'_>, counts: &[Count], date: WorkDate, now: Timestamp) -> Self {
        let heads = || counts.iter().filter(|row| row.slot.is_none());
        let mut counted = Self { people: HashMap::new(), tallies: HashMap::new(), last_end: None };
        let mut slots: HashMap<UnitId, Vec<(Window, bool)>> = HashMap::new();
        for row in heads() {
            *counted.people.entry(row.unit_id).or_default() += row.people;
            slots.entry(row.unit_id).or_insert_with(|| plan.slots(row.unit_id, date));
        }
        counted.last_end = slots.values().flatten().map(|(window, _)| window.grace_ends).max();
        let mut received: HashMap<(UnitId, Option<Duty>, Slot), i64> = HashMap::new();
        for row in counts {
            let (Some(slot), Some(timing), Some(verdict)) = (row.slot, row.timing, row.verdict) else { continue };
            *received.entry((row.unit_id, row.duty, slot)).or_default() += row.people;
            let found = Received { timing, verdict, decision: row.decision };
            counted.tally(row.unit_id, slot).count(SlotState::Received, Some(found), row.people);
        }
        for row in heads() {
            for (window, outage) in slots.get(&row.unit_id).into_iter().flatten() {
                let there = received.get(&(row.unit_id, row.duty, window.slot)).copied().unwrap_or(0);
                let known = Known { window: Some(window), duty: row.duty, received: None, outage: *outage };
                let state = board::state(&known, now);
                counted.tally(row.unit_id, window.slot).count(state, None, row.people - there);
            }
        }
        counted
    }

    fn tally(&mut self, unit_id: UnitId, slot: Slot) -> &mut Tally {
        let tallies = self.tallies.entry(unit_id).or_default();
        let place = tallies.iter().position(|tally| tally.slot == slot).unwrap_or_else(|| {
            tallies.push(Tally::new(slot));
            tallies.len() - 1
        });
        &mut tallies[place]
    }

    /// People and tallies of some units together.
    pub fn sum(&self, units: &HashSet<UnitId>) -> (i64, Vec<Tally>) {
        let mut tallies = Vec::new();
        for unit in units {
            board::add_up(&mut tallies, self.tallies.get(unit).map_or(&[], Vec::as_slice));
        }
        (units.iter().filter_map(|unit| self.people.get(unit)).sum(), tallies)
    }
}

/// Everybody of exactly one unit, with what was received from them and the cases that wait.
pub struct Roll {
    /// By name.
    pub people: Vec<BoardPerson>,
    received: HashMap<(PersonId, Slot), BoardPresence>,
    cases: HashMap<(PersonId, Slot), ReviewId>,
}

impl Roll {
    /// Loads a unit's people; cases of `viewer` are left out.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn load(tx: &mut Tx, unit_id: UnitId, date: WorkDate, viewer: PersonId) -> Result<Self, StoreError> {
        let people = boards::people(tx, unit_id, date).await?;
        let received = boards::presences(tx, unit_id, date).await?;
        let cases = boards::open_cases(tx, unit_id, date, viewer).await?;
        Ok(Self {
            people,
            received: received.into_iter().map(|row| ((row.person_id, row.slot), row)).collect(),
            cases: cases.into_iter().map(|(person, slot, review)| ((person, slot), review)).collect(),
        })
    }

    /// What was received from a person for a slot.
    pub fn received(&self, person_id: PersonId, slot: Slot) -> Option<&BoardPresence> {
        self.received.get(&(person_id, slot))
    }

    /// The case that waits for a slot. A look at something that nothing was found in, or that was decided, is not told:
    /// whoever looks must not know why.
    pub fn case(&self, person_id: PersonId, slot: Slot) -> Option<ReviewId> {
        let row = self.received(person_id, slot)?;
        let received = Received { timing: row.timing, verdict: row.verdict, decision: row.decision };
        self.cases.get(&(person_id, slot)).copied().filter(|_| received.waits_for_a_look())
    }
}
