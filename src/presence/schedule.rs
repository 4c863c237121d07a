//! PURE: from schedules to windows, and where an instant falls.
//!
//! For a date and a slot the nearest unit that has any schedule covering the date decides; among its own the one with
//! the shortest range of dates wins, so that a circular for one day or for Ramadan overrides the rule of the year.

use jiff::{civil, tz::TimeZone};

use crate::{
    model::{
        time::{Timestamp, WorkDate},
        words::{Slot, Timing, Words},
    },
    store::schedules::{InheritedSchedule, ScheduleRow},
};

/// One slot of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Which slot.
    pub slot: Slot,
    /// Which day.
    pub work_date: WorkDate,
    /// First instant that counts.
    pub opens: Timestamp,
    /// From here on it is late.
    pub closes: Timestamp,
    /// From here on it is closed.
    pub grace_ends: Timestamp,
}

/// Where an instant stands to the windows of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Inside, or late inside the grace.
    Open(Window, Timing),
    /// The slot is still to come today.
    TooEarly(Window),
    /// The slot is over for today.
    Closed(Window),
    /// The slot is not due today.
    NotDue,
}

impl Window {
    /// How an instant stands to this window, if it is inside it or its grace.
    pub fn timing(&self, at: Timestamp) -> Option<Timing> {
        if at < self.opens || at >= self.grace_ends {
            return None;
        }
        Some(if at < self.closes { Timing::OnTime } else { Timing::Late })
    }

    /// The window as people name it: `pagi, 23-11-2026 pukul 06.00-08.00 WIB`.
    pub fn words(&self, zone: &TimeZone) -> Words {
        let (slot, date) = (self.slot.words(), self.work_date.0.strftime("%d-%m-%Y"));
        let (opens, letters) = (self.opens.clock_time_in(zone), self.opens.zone_letters_in(zone));
        // A window to the end of the day ends at 24.00, not at 00.00.
        let at_midnight = self.closes.date_in(zone) > self.work_date;
        let closes = if at_midnight { "24.00".to_owned() } else { self.closes.clock_time_in(zone) };
        Words::new(
            format!("{}, {date} pukul {opens}-{closes} {letters}", slot.id),
            format!("{}, {date} at {opens}-{closes} {letters}", slot.en),
        )
    }
}

/// The windows of a date, in order of opening.
pub fn windows_on(rows: &[InheritedSchedule], date: WorkDate, zone: &TimeZone) -> Vec<Window> {
    let mut windows: Vec<Window> =
        Slot::ALL.iter().filter_map(|slot| window(in_force(rows, date, *slot)?, date, zone)).collect();
    windows.sort_by_key(|window| (window.opens, window.slot));
    windows
}

/// The schedule in force for a slot on a date; none when the weekday is not one of its days.
pub fn in_force(rows: &[InheritedSchedule], date: WorkDate, slot: Slot) -> Option<&ScheduleRow> {
    let covers =
        |row: &ScheduleRow| row.slot == slot && row.valid_from <= date && row.valid_to.is_none_or(|end| end >= date);
    let range = |row: &ScheduleRow| {
        row.valid_to.map_or(i32::MAX, |end| row.valid_from.0.until(end.0).map_or(i32::MAX, |span| span.get_days()))
    };
    let row = rows
        .iter()
        .filter(|row| covers(&row.schedule))
        // Of equal ranges the later one is the newer rule.
        .min_by_key(|row| {
            (row.depth, range(&row.schedule), std::cmp::Reverse(row.schedule.valid_from), row.schedule.id)
        })?;
    let weekday = date.0.weekday().to_monday_zero_offset();
    (row.schedule.weekdays >> weekday & 1 == 1).then_some(&row.schedule)
}

fn window(row: &ScheduleRow, date: WorkDate, zone: &TimeZone) -> Option<Window> {
    let at = |minute: i64| -> Option<Timestamp> {
        let midnight = date.0.to_datetime(civil::Time::midnight());
        let local = midnight.checked_add(jiff::SignedDuration::from_mins(minute)).ok()?;
        Some(local.to_zoned(zone.clone()).ok()?.timestamp().into())
    };
    Some(Window {
        slot: row.slot,
        work_date: date,
        opens: at(row.opens_minute)?,
        closes: at(row.closes_minute)?,
        grace_ends: at(row.closes_minute + row.grace_minutes)?,
    })
}

/// Where `at` stands to a slot on its work date.
pub fn moment(windows: &[Window], slot: Slot, today: WorkDate, at: Timestamp) -> Moment {
    let Some(window) = windows.iter().find(|window| window.slot == slot && window.work_date == today) else {
        return Moment::NotDue;
    };
    match window.timing(at) {
        Some(timing) => Moment::Open(*window, timing),
        None if at < window.opens => Moment::TooEarly(*window),
        None => Moment::Closed(*window),
    }
}

/// The window of a slot in which something was captured that arrived after its grace, within `wait_s` of the capture.
pub fn captured_in(
    windows: &[Window],
    slot: Slot,
    captured_at: Timestamp,
    received_at: Timestamp,
    wait_s: i64,
) -> Option<Window> {
    let in_time = received_at <= captured_at.plus_seconds(wait_s);
    let of_capture = |window: &&Window| {
        window.slot == slot && window.timing(captured_at).is_some() && received_at >= window.grace_ends
    };
    windows.iter().find(of_capture).filter(|_| in_time).copied()
}

/// The window that is open at `at`, or else the next to open; of several open ones the first to close.
pub fn next_window(windows: &[Window], at: Timestamp) -> Option<Window> {
    let open = windows.iter().filter(|window| window.timing(at).is_some()).min_by_key(|window| window.grace_ends);
    open.or_else(|| windows.iter().filter(|window| window.opens > at).min_by_key(|window| window.opens)).copied()
}
