//! Holds typed rows against what is stored and writes only what differs.

use std::collections::HashMap;

use super::{
    Summary, Tally,
    parse::{HeldRole, Home, Parsed, Person, Schedule, Unit},
    table::{Mistake, Placed},
};
use crate::{
    app::App,
    evidence::location::shape::{Circle, Shape},
    model::{
        ids::{PersonId, PlaceId, RoleId, ScheduleId, UnitId},
        time::{Timestamp, WorkDate, zone_named},
        words::{PlaceKind, Role},
    },
    places::vault::{self, PLACE_SHAPE},
    store::{
        StoreError, Tx,
        incidents::{self, IncidentRow},
        lines,
        people::{self, PersonRow},
        places::{self, PlaceRow},
        roles::{self, RoleRow},
        rosters::{self, RosterRow},
        schedules::{self, ScheduleRow},
        units::{self, UnitRow},
    },
};

/// Levels of the unit tree; more would mean a circle.
const TREE_DEPTH_MAX: usize = 32;

/// What is stored, kept up to date while rows are applied.
pub struct Applying<'a> {
    pub(super) app: &'a App,
    pub(super) tx: &'a mut Tx,
    pub(super) now: Timestamp,
    hashes: HashMap<String, String>,
    units: HashMap<String, UnitRow>,
    people: HashMap<String, PersonRow>,
    emails: HashMap<PersonId, String>,
    roles: HashMap<(PersonId, Role, Option<UnitId>, WorkDate), RoleRow>,
    schedules: HashMap<(UnitId, &'static str, WorkDate), ScheduleRow>,
    homes: HashMap<PersonId, PlaceRow>,
    pub(super) rosters: HashMap<(PersonId, WorkDate), RosterRow>,
    pub(super) incidents: HashMap<String, IncidentRow>,
    pub(super) summary: Summary,
    mistakes: Vec<Mistake>,
}

impl<'a> Applying<'a> {
    /// Loads what is stored.
    pub async fn new(
        app: &'a App,
        tx: &'a mut Tx,
        now: Timestamp,
        hashes: HashMap<String, String>,
    ) -> Result<Self, StoreError> {
        let role_key = |row: RoleRow| ((row.person_id, row.role, row.unit_id, row.valid_from), row);
        let schedule_key = |row: ScheduleRow| ((row.unit_id, row.slot.as_str(), row.valid_from), row);
        Ok(Self {
            app,
            now,
            hashes,
            units: units::all(tx).await?.into_iter().map(|row| (row.code.clone(), row)).collect(),
            people: people::all(tx).await?.into_iter().map(|row| (row.nip.clone(), row)).collect(),
            emails: people::emails(tx).await?.into_iter().collect(),
            roles: roles::all(tx).await?.into_iter().map(role_key).collect(),
            schedules: schedules::all(tx).await?.into_iter().map(schedule_key).collect(),
            homes: places::open_homes(tx).await?.into_iter().map(|row| (row.person_id, row)).collect(),
            rosters: rosters::all(tx).await?.into_iter().map(|row| ((row.person_id, row.valid_from), row)).collect(),
            incidents: incidents::all(tx).await?.into_iter().map(|row| (row.code.clone(), row)).collect(),
            tx,
            summary: Summary::default(),
            mistakes: Vec::new(),
        })
    }

    /// Applies everything, units first; mistakes are collected, and then nothing may be committed.
    pub async fn all(mut self, parsed: &Parsed) -> Result<Result<Summary, Vec<Mistake>>, StoreError> {
        units::hold_tree(self.tx).await?;
        self.units(&parsed.units).await?;
        for row in &parsed.people {
            self.person(row).await?;
        }
        for row in &parsed.roles {
            self.role(row).await?;
        }
        for row in &parsed.schedules {
            self.schedule(row).await?;
        }
        for row in &parsed.homes {
            self.home(row).await?;
        }
        for row in &parsed.rosters {
            self.roster(row).await?;
        }
        for row in &parsed.incidents {
            self.incident(row).await?;
        }
        Ok(if self.mistakes.is_empty() { Ok(self.summary) } else { Err(self.mistakes) })
    }

    /// Parents before children, in whatever order the file has them.
    async fn units(&mut self, rows: &[Placed<Unit>]) -> Result<(), StoreError> {
        let mut waiting: Vec<&Placed<Unit>> = rows.iter().collect();
        while !waiting.is_empty() {
            let known =
                |row: &&Placed<Unit>| row.value.parent.as_ref().is_none_or(|code| self.units.contains_key(code));
            let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(known);
            if ready.is_empty() {
                for row in rest {
                    let parent = row.value.parent.as_deref().unwrap_or_default();
                    let reason = format!(
                        "column parent: there is no unit `{parent}`, or the units above this one run in a circle"
                    );
                    self.mistakes.push(row.mistake(reason));
                }
                break;
            }
            for row in ready {
                self.unit(row).await?;
            }
            waiting = rest;
        }
        self.no_circle(rows);
        if !rows.is_empty() {
            lines::draw(self.tx).await?;
        }
        Ok(())
    }

    async fn unit(&mut self, row: &Placed<Unit>) -> Result<(), StoreError> {
        let unit = &row.value;
        let parent_id = unit.parent.as_ref().and_then(|code| self.units.get(code)).map(|parent| parent.id);
        let stored = self.units.get(&unit.code).cloned();
        let id = stored.as_ref().map_or_else(|| UnitId::new(self.now, &self.app.chance), |stored| stored.id);
        let (code, name, time_zone) = (unit.code.clone(), unit.name.clone(), unit.time_zone.clone());
        let wanted = UnitRow { id, code, name, parent_id, time_zone };
        match &stored {
            None => {
                units::insert(self.tx, &wanted).await?;
                self.summary.units.added += 1;
            }
            Some(stored) => {
                let differs = *stored != wanted;
                if differs {
                    units::update(self.tx, &wanted).await?;
                }
                count(&mut self.summary.units, differs);
            }
        }
        self.units.insert(unit.code.clone(), wanted);
        if let Some(office) = unit.office {
            units::set_office(self.tx, id, office.latitude(), office.longitude()).await?;
        }
        Ok(())
    }

    fn no_circle(&mut self, rows: &[Placed<Unit>]) {
        let by_id: HashMap<UnitId, Option<UnitId>> =
            self.units.values().map(|unit| (unit.id, unit.parent_id)).collect();
        for row in rows {
            let mut at = self.units.get(&row.value.code).map(|unit| unit.id);
            let mut levels = 0;
            while let Some(id) = at {
                levels += 1;
                if levels > TREE_DEPTH_MAX {
                    self.mistakes.push(
                        row.mistake("column parent: the units above this one run in a circle, or are over 32 levels"),
                    );
                    break;
                }
                at = by_id.get(&id).copied().flatten();
            }
        }
    }

    async fn person(&mut self, row: &Placed<Person>) -> Result<(), StoreError> {
        let person = &row.value;
        let Some(unit_id) = self.unit_id(row, &person.unit) else { return Ok(()) };
        let hash = self.hashes.remove(&person.nip);
        self.summary.passwords += usize::from(hash.is_some());
        let Some(stored) = self.people.get_mut(&person.nip) else {
            let id = PersonId::new(self.now, &self.app.chance);
            let (nip, name) = (person.nip.clone(), person.name.clone());
            let new = PersonRow {
                id,
                nip: nip.clone(),
                name,
                unit_id,
                active: person.active.unwrap_or(true),
                password_hash: hash,
            };
            people::insert(self.tx, &new).await?;
            if person.email.is_some() {
                people::set_email(self.tx, id, person.email.as_deref()).await?;
            }
            self.people.insert(nip, new);
            self.summary.people.added += 1;
            return Ok(());
        };
        if let Some(hash) = hash {
            people::set_password(self.tx, stored.id, &hash).await?;
            stored.password_hash = Some(hash);
        }
        let active = person.active.unwrap_or(stored.active);
        let wanted = PersonRow { name: person.name.clone(), unit_id, active, ..stored.clone() };
        let differs = (&stored.name, stored.unit_id, stored.active) != (&wanted.name, wanted.unit_id, wanted.active);
        if differs {
            people::update(self.tx, &wanted).await?;
            *stored = wanted;
        }
        let moved = person.email.is_some() && self.emails.get(&stored.id) != person.email.as_ref();
        if moved {
            people::set_email(self.tx, stored.id, person.email.as_deref()).await?;
        }
        count(&mut self.summary.people, differs || moved);
        Ok(())
    }

    async fn role(&mut self, row: &Placed<HeldRole>) -> Result<(), StoreError> {
        let held = &row.value;
        let unit_id = held.unit.as_ref().map(|code| self.unit_id(row, code));
        let (Some(person_id), Some(unit_id)) =
            (self.person_id(row, &held.nip), unit_id.map_or(Some(None), |id| id.map(Some)))
        else {
            return Ok(());
        };
        let key = (person_id, held.role, unit_id, held.valid_from);
        let Some(stored) = self.roles.get_mut(&key) else {
            let id = RoleId::new(self.now, &self.app.chance);
            let (role, valid_from, valid_to) = (held.role, held.valid_from, held.valid_to);
            let new = RoleRow { id, person_id, role, unit_id, valid_from, valid_to };
            roles::insert(self.tx, &new).await?;
            self.roles.insert(key, new);
            self.summary.roles.added += 1;
            return Ok(());
        };
        let differs = stored.valid_to != held.valid_to;
        if differs {
            roles::set_end(self.tx, stored.id, held.valid_to).await?;
            stored.valid_to = held.valid_to;
        }
        count(&mut self.summary.roles, differs);
        Ok(())
    }

    async fn schedule(&mut self, row: &Placed<Schedule>) -> Result<(), StoreError> {
        let schedule = &row.value;
        let Some(unit_id) = self.unit_id(row, &schedule.unit) else { return Ok(()) };
        let key = (unit_id, schedule.slot.as_str(), schedule.valid_from);
        let id =
            self.schedules.get(&key).map_or_else(|| ScheduleId::new(self.now, &self.app.chance), |stored| stored.id);
        let wanted = ScheduleRow {
            id,
            unit_id,
            slot: schedule.slot,
            valid_from: schedule.valid_from,
            valid_to: schedule.valid_to,
            weekdays: schedule.weekdays,
            opens_minute: schedule.opens_minute,
            closes_minute: schedule.closes_minute,
            grace_minutes: schedule.grace_minutes,
        };
        let exception = |stored: &ScheduleRow| {
            let times = |row: &ScheduleRow| (row.weekdays, row.opens_minute, row.closes_minute, row.grace_minutes);
            stored.valid_to != wanted.valid_to && times(stored) != times(&wanted)
        };
        if self.schedules.get(&key).is_some_and(exception) {
            // Most likely a circular for a few days that would replace the rule it is an exception to.
            let reason = "column valid_to: the stored schedule from this date has another end and other times; \
                change one of them at a time, or begin the exception on another date";
            self.mistakes.push(row.mistake(reason));
            return Ok(());
        }
        match self.schedules.insert(key, wanted.clone()) {
            None => {
                schedules::insert(self.tx, &wanted).await?;
                self.summary.schedules.added += 1;
            }
            Some(stored) => {
                let differs = stored != wanted;
                if differs {
                    schedules::update(self.tx, &wanted).await?;
                }
                count(&mut self.summary.schedules, differs);
            }
        }
        Ok(())
    }

    /// A home that differs becomes a new version; the old one ends the day before.
    async fn home(&mut self, row: &Placed<Home>) -> Result<(), StoreError> {
        let home = &row.value;
        let Some(person_id) = self.person_id(row, &home.nip) else { return Ok(()) };
        let stored = self.homes.get(&person_id);
        let shape = match Circle::new(home.centre, home.radius_m) {
            Ok(circle) => Shape::Circle(circle),
            Err(error) => {
                self.mistakes.push(row.mistake(format!("column radius_m: {error}")));
                return Ok(());
            }
        };
        // One that cannot be opened differs.
        let same = |old: &PlaceRow| {
            (old.sigma_m - home.sigma_m).abs() < f64::EPSILON
                && vault::fence(self.app, old).is_ok_and(|old| old.shape == shape)
        };
        if stored.is_some_and(same) {
            self.summary.places.unchanged += 1;
            return Ok(());
        }
        // Without a date of its own a change begins today, or after the stored version has begun.
        let soonest = stored.map(|old| old.valid_from.plus_days(1)).max(Some(self.today_of(&home.nip)));
        let valid_from = home.valid_from.or(soonest).unwrap_or_else(|| self.today_of(&home.nip));
        if let Some(old) = stored {
            if valid_from <= old.valid_from {
                let reason = format!(
                    "column valid_from: the stored home begins on {}; a change has to begin later",
                    old.valid_from
                );
                self.mistakes.push(row.mistake(reason));
                return Ok(());
            }
            places::set_end(self.tx, old.id, Some(valid_from.plus_days(-1))).await?;
        }
        // Closed versions count too.
        let versions = places::of_person(self.tx, person_id).await?;
        let homes = versions.iter().filter(|place| place.kind == PlaceKind::Home);
        let version = homes.map(|home| home.version).max().unwrap_or(0) + 1;
        count_new(&mut self.summary.places, version == 1);
        let id = PlaceId::new(self.now, &self.app.chance);
        let sealed = match vault::seal(self.app, PLACE_SHAPE, id.0, &shape) {
            Ok(sealed) => sealed,
            Err(error) => {
                self.mistakes.push(row.mistake(format!("the home could not be sealed: {error}")));
                return Ok(());
            }
        };
        let new = PlaceRow {
            id,
            person_id,
            kind: PlaceKind::Home,
            version,
            shape: sealed,
            cell_key: Some(vault::cell_key(self.app, home.centre)),
            sigma_m: home.sigma_m,
            valid_from,
            valid_to: None,
            created_at: self.now,
            request_id: None,
        };
        places::insert(self.tx, &new).await?;
        self.homes.insert(person_id, new);
        Ok(())
    }

    /// Today where the person works.
    fn today_of(&self, nip: &str) -> WorkDate {
        let unit_id = self.people.get(nip).map(|person| person.unit_id);
        let unit = self.units.values().find(|unit| Some(unit.id) == unit_id);
        let zone = unit.and_then(|unit| zone_named(&unit.time_zone)).map_or(jiff::tz::TimeZone::UTC, |(_, zone)| zone);
        self.now.date_in(&zone)
    }

    pub(super) fn person_id<T>(&mut self, row: &Placed<T>, nip: &str) -> Option<PersonId> {
        let found = self.people.get(nip).map(|person| person.id);
        if found.is_none() {
            self.mistakes.push(row.mistake(format!("column nip: there is no person `{nip}`, neither here nor stored")));
        }
        found
    }

    pub(super) fn unit_id<T>(&mut self, row: &Placed<T>, code: &str) -> Option<UnitId> {
        let found = self.units.get(code).map(|unit| unit.id);
        if found.is_none() {
            self.mistakes.push(row.mistake(format!("column unit: there is no unit `{code}`, neither here nor stored")));
        }
        found
    }
}

pub(super) fn count(tally: &mut Tally, differs: bool) {
    if differs { tally.changed += 1 } else { tally.unchanged += 1 }
}

fn count_new(tally: &mut Tally, added: bool) {
    if added { tally.added += 1 } else { tally.changed += 1 }
}
