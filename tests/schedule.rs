//! PURE: windows, grace, overrides and zones.

use hadir::{
    model::{
        chance::Chance,
        ids::{ScheduleId, UnitId},
        time::{Timestamp, WorkDate, zone_named},
        words::{Slot, Timing},
    },
    presence::schedule::{Moment, moment, next_window, windows_on},
    store::schedules::{InheritedSchedule, ScheduleRow},
};
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::support::at;

fn row(
    depth: i64,
    slot: Slot,
    range: (&str, Option<&str>),
    weekdays: i64,
    minutes: (i64, i64, i64),
) -> InheritedSchedule {
    let chance = Chance::from_seed([depth.to_le_bytes()[0]; 32]);
    let now = at("2026-01-01T00:00:00Z");
    let schedule = ScheduleRow {
        id: ScheduleId::new(now, &chance),
        unit_id: UnitId::new(now, &chance),
        slot,
        valid_from: date(range.0),
        valid_to: range.1.map(date),
        weekdays,
        opens_minute: minutes.0,
        closes_minute: minutes.1,
        grace_minutes: minutes.2,
    };
    InheritedSchedule { schedule, depth }
}

fn date(text: &str) -> WorkDate {
    text.parse().unwrap()
}

fn zone(name: &str) -> TimeZone {
    zone_named(name).unwrap().1
}

const WORKDAYS: i64 = 0b001_1111;
const EVERY_DAY: i64 = 0b111_1111;

#[test]
fn a_circular_for_a_few_days_overrides_the_rule_of_the_year() {
    let year = row(1, Slot::Morning, ("2026-01-01", None), WORKDAYS, (360, 480, 30));
    let ramadan = row(1, Slot::Morning, ("2026-02-18", Some("2026-03-19")), WORKDAYS, (420, 540, 0));
    let one_day = row(1, Slot::Morning, ("2026-03-02", Some("2026-03-02")), WORKDAYS, (600, 660, 0));
    let rows = [year, one_day, ramadan];
    let opens = |day: &str| windows_on(&rows, date(day), &zone("WIB")).first().map(|window| window.opens.to_string());
    assert_eq!(opens("2026-02-17").unwrap(), "2026-02-16T23:00:00.000000Z");
    assert_eq!(opens("2026-02-18").unwrap(), "2026-02-18T00:00:00.000000Z");
    assert_eq!(opens("2026-03-02").unwrap(), "2026-03-02T03:00:00.000000Z");
    assert_eq!(opens("2026-03-20").unwrap(), "2026-03-19T23:00:00.000000Z");
    assert_eq!(opens("2026-03-21"), None, "a Saturday");
}

#[test]
fn the_nearest_unit_with_a_schedule_decides_even_that_there_is_none_today() {
    let city = row(2, Slot::Morning, ("2026-01-01", None), EVERY_DAY, (360, 480, 30));
    let own = row(0, Slot::Morning, ("2026-01-01", None), WORKDAYS, (480, 540, 0));
    let rows = [city, own];
    let monday = windows_on(&rows, date("2026-11-23"), &zone("WIB"));
    assert_eq!(monday[0].opens.to_string(), "2026-11-23T01:00:00.000000Z");
    assert!(windows_on(&rows, date("2026-11-22"), &zone("WIB")).is_empty());
}

#[test]
fn a_window_holds_its_first_instant_and_not_its_last() {
    let rows = [row(0, Slot::Morning, ("2026-01-01", None), EVERY_DAY, (360, 480, 30))];
    let windows = windows_on(&rows, date("2026-11-23"), &zone("WIB"));
    let timing = |text: &str| windows[0].timing(at(text));
    assert_eq!(timing("2026-11-22T22:59:59.999999Z"), None);
    assert_eq!(timing("2026-11-22T23:00:00Z"), Some(Timing::OnTime));
    assert_eq!(timing("2026-11-23T00:59:59.999999Z"), Some(Timing::OnTime));
    assert_eq!(timing("2026-11-23T01:00:00Z"), Some(Timing::Late));
    assert_eq!(timing("2026-11-23T01:29:59.999999Z"), Some(Timing::Late));
    assert_eq!(timing("2026-11-23T01:30:00Z"), None);
}

#[test]
fn around_local_midnight_each_zone_has_its_own_date() {
    let rows = [row(0, Slot::Evening, ("2026-01-01", None), EVERY_DAY, (720, 1440, 0))];
    for (name, offset) in [("WIB", 7), ("WITA", 8), ("WIT", 9)] {
        let zone = zone(name);
        let midnight = at("2026-11-24T00:00:00Z").plus_seconds(-offset * 3600);
        let before = midnight.plus_seconds(-1);
        assert_eq!(before.date_in(&zone), date("2026-11-23"), "{name}");
        assert_eq!(midnight.date_in(&zone), date("2026-11-24"), "{name}");
        let windows = windows_on(&rows, date("2026-11-23"), &zone);
        assert!(
            matches!(moment(&windows, Slot::Evening, date("2026-11-23"), before), Moment::Open(_, Timing::OnTime)),
            "{name}"
        );
        assert_eq!(windows[0].closes, midnight, "{name}");
        assert!(matches!(moment(&windows, Slot::Evening, date("2026-11-23"), midnight), Moment::Closed(_)), "{name}");
    }
}

proptest! {
    #[test]
    fn an_instant_is_open_exactly_between_opening_and_the_end_of_the_grace(
        opens in 0_i64..1200, length in 1_i64..200, grace in 0_i64..40, second in 0_i64..86_400
    ) {
        let rows = [row(0, Slot::Morning, ("2026-01-01", None), EVERY_DAY, (opens, opens + length, grace))];
        let zone = zone("WITA");
        let windows = windows_on(&rows, date("2026-11-23"), &zone);
        let instant: Timestamp = at("2026-11-22T16:00:00Z").plus_seconds(second);
        let open = matches!(moment(&windows, Slot::Morning, date("2026-11-23"), instant), Moment::Open(..));
        prop_assert_eq!(open, (opens * 60..(opens + length + grace) * 60).contains(&second));
        let next = next_window(&windows, instant);
        prop_assert_eq!(next.is_some(), second < (opens + length + grace) * 60);
    }
}
