//! From tables to typed rows; everything that can be checked without the database.

use std::{collections::HashMap, hash::Hash};

use super::table::{Mistake, Placed, Row, Table};
use crate::{
    model::{
        geo::Position,
        time::{Timestamp, WorkDate, zone_named},
        words::{Duty, Role, Slot},
    },
    people::edit::is_email,
    session::sign_in,
};

/// Mistakes shown at once.
const MISTAKES_SHOWN: usize = 50;
/// Allowed radius of a home, metres.
const RADIUS_M: std::ops::RangeInclusive<f64> = 75.0..=200.0;
/// Uncertainty of a home's centre when nothing else is said, metres.
const DEFAULT_SIGMA_M: f64 = 10.0;
/// Allowed uncertainty, metres.
const SIGMA_M: std::ops::RangeInclusive<f64> = 1.0..=50.0;
/// Last minute of the day.
const DAY_MINUTES: i64 = 1440;
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A unit as written in a file.
pub struct Unit {
    pub code: String,
    pub name: String,
    pub parent: Option<String>,
    pub time_zone: String,
    pub office: Option<Position>,
}

/// A person as written in a file.
pub struct Person {
    pub nip: String,
    pub name: String,
    pub unit: String,
    /// None leaves it as it is; a new person is active.
    pub active: Option<bool>,
    /// None leaves it as it is.
    pub email: Option<String>,
    pub password: Option<String>,
}

/// A role as written in a file.
pub struct HeldRole {
    pub nip: String,
    pub role: Role,
    pub unit: Option<String>,
    pub valid_from: WorkDate,
    pub valid_to: Option<WorkDate>,
}

/// A schedule as written in a file.
pub struct Schedule {
    pub unit: String,
    pub slot: Slot,
    pub valid_from: WorkDate,
    pub valid_to: Option<WorkDate>,
    pub weekdays: i64,
    pub opens_minute: i64,
    pub closes_minute: i64,
    pub grace_minutes: i64,
}

/// A home as written in a file.
pub struct Home {
    pub nip: String,
    pub centre: Position,
    pub radius_m: f64,
    pub sigma_m: f64,
    pub valid_from: Option<WorkDate>,
}

/// Where somebody works on a range of dates, as written in a file.
pub struct Roster {
    pub nip: String,
    pub valid_from: WorkDate,
    pub valid_to: WorkDate,
    pub duty: Duty,
}

/// A declared outage as written in a file.
pub struct Incident {
    pub code: String,
    pub unit: Option<String>,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub words_id: String,
    pub words_en: String,
}

/// Everything the files hold.
#[derive(Default)]
pub struct Parsed {
    pub units: Vec<Placed<Unit>>,
    pub people: Vec<Placed<Person>>,
    pub roles: Vec<Placed<HeldRole>>,
    pub schedules: Vec<Placed<Schedule>>,
    pub homes: Vec<Placed<Home>>,
    pub rosters: Vec<Placed<Roster>>,
    pub incidents: Vec<Placed<Incident>>,
}

/// A kind of file: which columns it needs and which it may have.
struct Kind {
    name: &'static str,
    needs: &'static [&'static str],
    may_have: &'static [&'static str],
    read: fn(&mut Parsed, Row<'_>) -> Result<(), Mistake>,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "units",
        needs: &["code", "name", "parent", "time_zone"],
        may_have: &["office_latitude", "office_longitude"],
        read: unit,
    },
    Kind { name: "people", needs: &["nip", "name", "unit"], may_have: &["active", "email", "password"], read: person },
    Kind { name: "roles", needs: &["nip", "role", "unit", "valid_from", "valid_to"], may_have: &[], read: role },
    Kind {
        name: "schedules",
        needs: &["unit", "slot", "valid_from", "valid_to", "weekdays", "opens", "closes", "grace_minutes"],
        may_have: &[],
        read: schedule,
    },
    Kind {
        name: "places",
        needs: &["nip", "latitude", "longitude", "radius_m"],
        may_have: &["sigma_m", "valid_from"],
        read: home,
    },
    Kind { name: "rosters", needs: &["nip", "valid_from", "valid_to", "duty"], may_have: &[], read: roster },
    Kind {
        name: "incidents",
        needs: &["code", "unit", "starts_at", "ends_at", "words_id", "words_en"],
        may_have: &[],
        read: incident,
    },
];

/// Reads all files.
pub fn all(texts: &[(String, String)]) -> Result<Parsed, Vec<Mistake>> {
    let (mut parsed, mut mistakes) = (Parsed::default(), Vec::new());
    for (file, text) in texts {
        match Table::read(file, text) {
            Ok(table) => read_table(&table, &mut parsed, &mut mistakes),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    no_twins(&parsed.units, &mut mistakes, |unit| unit.code.clone(), "this unit code");
    no_twins(&parsed.people, &mut mistakes, |person| person.nip.clone(), "this nip");
    no_twins(
        &parsed.roles,
        &mut mistakes,
        |r| (r.nip.clone(), r.role, r.unit.clone(), r.valid_from),
        "this role from this date",
    );
    no_twins(&parsed.schedules, &mut mistakes, |s| (s.unit.clone(), s.slot, s.valid_from), "this slot from this date");
    no_twins(&parsed.homes, &mut mistakes, |home| home.nip.clone(), "the home of this nip");
    no_twins(&parsed.rosters, &mut mistakes, |r| (r.nip.clone(), r.valid_from), "a row of this nip from this date");
    no_twins(&parsed.incidents, &mut mistakes, |incident| incident.code.clone(), "this incident");
    mistakes.truncate(MISTAKES_SHOWN);
    if mistakes.is_empty() { Ok(parsed) } else { Err(mistakes) }
}

fn read_table(table: &Table, parsed: &mut Parsed, mistakes: &mut Vec<Mistake>) {
    let has = |name: &str| table.header().iter().any(|column| column == name);
    let fits = |kind: &&Kind| kind.needs.iter().all(|name| has(name));
    let Some(kind) = KINDS.iter().filter(fits).max_by_key(|kind| kind.needs.len()) else {
        let kinds: Vec<String> = KINDS.iter().map(|kind| format!("{} ({})", kind.name, kind.needs.join(","))).collect();
        mistakes.push(table.header_mistake(format!("the header fits none of: {}", kinds.join("; "))));
        return;
    };
    let known = |name: &&String| kind.needs.contains(&name.as_str()) || kind.may_have.contains(&name.as_str());
    if let Some(unknown) = table.header().iter().find(|name| !known(name)) {
        mistakes.push(table.header_mistake(format!("`{unknown}` is no column of {}", kind.name)));
        return;
    }
    for row in table.rows() {
        if let Err(mistake) = row.check_width().and_then(|()| (kind.read)(parsed, row)) {
            mistakes.push(mistake);
        }
    }
}

fn no_twins<T, K: Hash + Eq>(rows: &[Placed<T>], mistakes: &mut Vec<Mistake>, key: impl Fn(&T) -> K, what: &str) {
    let mut seen: HashMap<K, u64> = HashMap::new();
    for row in rows {
        if let Some(line) = seen.get(&key(&row.value)) {
            mistakes.push(row.mistake(format!("{what} stands on line {line} already")));
        }
        seen.entry(key(&row.value)).or_insert(row.mistake("").line);
    }
}

fn unit(parsed: &mut Parsed, row: Row<'_>) -> Result<(), Mistake> {
    let number = |cell: &str| cell.parse::<f64>().ok().filter(|value| value.is_finite());
    let office = (
        row.parsed("office_latitude", "degrees like -6.595", number)?,
        row.parsed("office_longitude", "degrees like 106.8166", number)?,
    );
    let office = match office {
        (None, None) => None,
        (Some(latitude), Some(longitude)) => {
            let at = Position::new(latitude, longitude);
            Some(at.map_err(|error| row.mistake("office_latitude", error.to_string()))?)
        }
        _ => return Err(row.mistake("office_latitude", "and office_longitude go together")),
    };
    let zone = "a time zone: WIB, WITA, WIT or an IANA name like Asia/Jakarta";
    let unit = Unit {
        code: row.needed("code", "one line of text", line)?,
        name: row.needed("name", "one line of text", line)?,
        parent: row.optional("parent").map(str::to_owned),
        time_zone: row.needed("time_zone", zone, |cell| zone_named(cell).map(|(name, _)| name))?,
        office,
    };
    parsed.units.push(Placed::new(row, unit));
    Ok(())
}

fn person(parsed: &mut Parsed, row: Row<'_>) -> Result<(), Mistake> {
    let person = Person {
        nip: row.needed("nip", "a staff number of up to 32 letters and digits", nip)?,
        name: row.needed("name", "one line of text", line)?,
        unit: row.required("unit")?.to_owned(),
        active: row.parsed("active", "yes or no", yes_or_no)?,
        email: row
            .parsed("email", "an address like dewi@example.go.id", |cell| is_email(cell).then(|| cell.to_owned()))?,
        password: row
            .parsed("password", "a password of at least 8 characters", |cell| {
                (cell.chars().count() >= 8).then(|| cell.to_owned())
            })
            .map_err(|mistake| {
                row.mistake("password", mistake.reason.replace(row.optional("password").unwrap_or(""), "…"))
            })?,
    };
    parsed.people.push(Placed::new(row, person));
    Ok(())
}

fn role(parsed: &mut Parsed, row: Row<'_>) -> Result<(), Mistake> {
    let held = HeldRole {
        nip: row.needed("nip", "a staff number", nip)?,
        role: row.needed("role", "supervisor, auditor or administrator", |cell| cell.parse().ok())?,
        unit: row.optional("unit").map(str::to_owned),
        valid_from: row.needed("valid_from", "a date like 2026-01-31", date)?,
        valid_to: row.parsed("valid_to", "a date like 2026-01-31", date)?,
    };
    if held.role == Role::Supervisor && held.unit.is_none() {
        return Err(row.mistake("unit", "is empty; a supervisor supervises a unit"));
    }
    ordered(row, held.valid_from, held.valid_to)?;
    parsed.roles.push(Placed::new(row, held));
    Ok(())
}

fn schedule(parsed: &mut Parsed, row: Row<'_>) -> Result<(), Mistake> {
    let time = "a time of day like 06:00, up to 24:00";
    let schedule = Schedule {
        unit: row.required("unit")?.to_owned(),
        slot: row.needed("slot", "morning or evening", |cell| cell.parse().ok().filter(|slot| *slot != Slot::Spot))?,
        valid_from: row.needed("valid_from", "a date like 2026-01-31", date)?,
        valid_to: row.parsed("valid_to", "a date like 2026-01-31", date)?,
        weekdays: row.needed("weekdays", "days like mon-fri or mon wed fri", weekdays)?,
        opens_minute: row.needed("opens", time, minute)?,
        closes_minute: row.needed("closes", time, minute)?,
        grace_minutes: row.needed("grace_minutes", "a number of minutes", |cell| {
            cell.parse().ok().filter(|minutes| (0..=DAY_MINUTES).contains(minutes))
        })?,
    };
    ordered(row, schedule.valid_from, schedule.valid_to)?;
    if schedule.closes_minute <= schedule.opens_minute {
        return Err(row.mistake("closes", "has to be later than opens"));
    }
    if schedule.closes_minute + schedule.grace_minutes > DAY_MINUTES {
        return Err(row.mistake("grace_minutes", "would reach beyond midnight"));
    }
    parsed.schedules.push(Placed::new(row, schedule));
    Ok(())
}

fn home(parsed: &mut Parsed, row: Row<'_>) -> Result<(), Mistake> {
    let number = |cell: &str| cell.parse::<f64>().ok().filter(|value| value.is_finite());
    let (latitude, longitude) = (
        row.needed("latitude", "degrees like -6.595", number)?,
        row.needed("longitude", "degrees like 106.8166", number)?,
    );
    let home = Home {
        nip: row.needed("nip", "a staff number", nip)?,
        centre: Position::new(latitude, longitude).map_err(|error| row.mistake("latitude", error.to_string()))?,
        radius_m: row
            .needed("radius_m", "a radius of 75 to 200 m", |cell| number(cell).filter(|m| RADIUS_M.contains(m)))?,
        sigma_m: row
            .parsed("sigma_m", "an uncertainty of 1 to 50 m", |cell| number(cell).filter(|m| SIGMA_M.contains(m)))?
            .unwrap_or(DEFAULT_SIGMA_M),
        valid_from: row.parsed("valid_from", "a date like 2026-01-31", date)?,
    };
    parsed.homes.push(Placed::new(row, home));
    Ok(())
}

fn roster(parsed: &mut Parsed, row: Row<'_>) -> Result<(), Mistake> {
    let duties = "home, office, leave, duty or exempt";
    let roster = Roster {
        nip: row.needed("nip", "a staff number", nip)?,
        valid_from: row.needed("valid_from", "a date like 2026-01-31", date)?,
        valid_to: row.needed("valid_to", "a date like 2026-01-31", date)?,
        duty: row.needed("duty", duties, |cell| cell.parse().ok())?,
    };
    ordered(row, roster.valid_from, Some(roster.valid_to))?;
    parsed.rosters.push(Placed::new(row, roster));
    Ok(())
}

fn incident(parsed: &mut Parsed, row: Row<'_>) -> Result<(), Mistake> {
    let instant = |cell: &str| cell.parse::<jiff::Timestamp>().ok().map(Timestamp::from);
    let expected = "an instant with its zone like 2026-01-31T07:00:00+07:00";
    let incident = Incident {
        code: row.needed("code", "one line of text", line)?,
        unit: row.optional("unit").map(str::to_owned),
        starts_at: row.needed("starts_at", expected, instant)?,
        ends_at: row.needed("ends_at", expected, instant)?,
        words_id: row.needed("words_id", "one line of text", line)?,
        words_en: row.needed("words_en", "one line of text", line)?,
    };
    if incident.ends_at <= incident.starts_at {
        return Err(row.mistake("ends_at", "has to be later than starts_at"));
    }
    parsed.incidents.push(Placed::new(row, incident));
    Ok(())
}

fn ordered(row: Row<'_>, from: WorkDate, to: Option<WorkDate>) -> Result<(), Mistake> {
    if to.is_some_and(|to| to < from) { Err(row.mistake("valid_to", "is before valid_from")) } else { Ok(()) }
}

fn nip(cell: &str) -> Option<String> {
    sign_in::is_nip(cell).then(|| cell.to_owned())
}

/// One line of anything.
fn line(cell: &str) -> Option<String> {
    (!cell.contains(char::is_control)).then(|| cell.to_owned())
}

fn yes_or_no(cell: &str) -> Option<bool> {
    match cell.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" | "ya" => Some(true),
        "no" | "false" | "0" | "tidak" => Some(false),
        _ => None,
    }
}

fn date(cell: &str) -> Option<WorkDate> {
    cell.parse().ok()
}

fn minute(cell: &str) -> Option<i64> {
    let (hours, minutes) = cell.split_once([':', '.'])?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let sound = (0..=24).contains(&hours) && (0..60).contains(&minutes);
    sound.then(|| hours * 60 + minutes).filter(|of_day| *of_day <= DAY_MINUTES)
}

/// Days as bits: bit 0 is Monday.
fn weekdays(cell: &str) -> Option<i64> {
    let number = |name: &str| WEEKDAYS.iter().position(|day| *day == name.to_ascii_lowercase());
    let mut bits = 0;
    for part in cell.split([' ', ';', '|']).filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to) = (number(from)?, number(to)?);
        if from > to {
            return None;
        }
        (from..=to).for_each(|day| bits |= 1 << day);
    }
    (bits != 0).then_some(bits)
}
