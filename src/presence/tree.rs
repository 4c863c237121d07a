//! PURE: the organisation tree in memory: what lies above and below a unit.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;

use crate::{
    model::{
        ids::UnitId,
        time::{Timestamp, WorkDate, zone_named},
    },
    store::{
        schedules::{InheritedSchedule, ScheduleRow},
        units::UnitRow,
    },
};

/// Levels that are followed; more would mean a circle.
pub const DEPTH_MAX: usize = 32;

/// Every unit, findable by id and by code.
pub struct Tree {
    units: Vec<UnitRow>,
    places: HashMap<UnitId, usize>,
    children: HashMap<UnitId, Vec<usize>>,
}

impl Tree {
    /// From every unit.
    pub fn new(units: Vec<UnitRow>) -> Self {
        let mut children: HashMap<UnitId, Vec<usize>> = HashMap::new();
        for (place, unit) in units.iter().enumerate() {
            if let Some(parent) = unit.parent_id {
                children.entry(parent).or_default().push(place);
            }
        }
        let places = units.iter().enumerate().map(|(place, unit)| (unit.id, place)).collect();
        Self { units, places, children }
    }

    /// Every unit, by code.
    pub fn all(&self) -> &[UnitRow] {
        &self.units
    }

    /// The unit with an id.
    pub fn get(&self, id: UnitId) -> Option<&UnitRow> {
        self.units.get(*self.places.get(&id)?)
    }

    /// The unit with a code.
    pub fn coded(&self, code: &str) -> Option<&UnitRow> {
        self.units.iter().find(|unit| unit.code == code)
    }

    /// The code of a unit; empty when there is none.
    pub fn code(&self, id: UnitId) -> String {
        self.get(id).map(|unit| unit.code.clone()).unwrap_or_default()
    }

    /// The units right below one, by code.
    pub fn right_below(&self, id: UnitId) -> impl Iterator<Item = &UnitRow> {
        self.children.get(&id).into_iter().flatten().filter_map(|place| self.units.get(*place))
    }

    /// A unit with all above it, itself first.
    pub fn with_above(&self, id: UnitId) -> Vec<&UnitRow> {
        let mut found: Vec<&UnitRow> = Vec::new();
        let mut at = self.get(id);
        while let Some(unit) = at.filter(|_| found.len() < DEPTH_MAX) {
            found.push(unit);
            at = unit.parent_id.and_then(|parent| self.get(parent));
        }
        found
    }

    /// Units with all below them, each once.
    pub fn with_below(&self, tops: impl IntoIterator<Item = UnitId>) -> HashSet<UnitId> {
        let mut found = HashSet::new();
        let mut waiting: Vec<UnitId> = tops.into_iter().collect();
        while let Some(id) = waiting.pop() {
            if found.insert(id) {
                waiting.extend(self.right_below(id).map(|unit| unit.id));
            }
        }
        found
    }

    /// Whether a unit could stand below `parent`: no circle, and not too deep.
    pub fn may_stand_below(&self, id: UnitId, parent: UnitId) -> bool {
        let above = self.with_above(parent);
        let height = self.height(id, 0);
        above.iter().all(|unit| unit.id != id) && above.len() + height <= DEPTH_MAX
    }

    fn height(&self, id: UnitId, depth: usize) -> usize {
        if depth >= DEPTH_MAX {
            return depth;
        }
        1 + self.right_below(id).map(|unit| self.height(unit.id, depth + 1)).max().unwrap_or(0)
    }

    /// The zone of a unit; UTC when there is no such unit.
    pub fn zone(&self, id: UnitId) -> TimeZone {
        let zone = self.get(id).and_then(|unit| zone_named(&unit.time_zone));
        zone.map_or(TimeZone::UTC, |(_, zone)| zone)
    }

    /// The date of an instant where a unit is.
    pub fn date_at(&self, id: UnitId, at: Timestamp) -> WorkDate {
        at.date_in(&self.zone(id))
    }

    /// The schedules that a unit has itself and from above, nearest first.
    pub fn schedules_of(&self, id: UnitId, rows: &HashMap<UnitId, Vec<ScheduleRow>>) -> Vec<InheritedSchedule> {
        let above = self.with_above(id).into_iter().enumerate();
        let inherited = above.flat_map(|(depth, unit)| {
            let own = rows.get(&unit.id).into_iter().flatten();
            own.map(move |row| InheritedSchedule { schedule: row.clone(), depth: i64::try_from(depth).unwrap_or(0) })
        });
        inherited.collect()
    }
}
