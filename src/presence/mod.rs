//! The working day: which slots are due when, and what was received.

pub mod board;
pub mod day;
pub mod schedule;
pub mod tree;
pub mod unit_day;

use jiff::tz::TimeZone;

use crate::{
    model::{
        ids::UnitId,
        time::{Timestamp, WorkDate},
    },
    store::{
        StoreError, Tx,
        schedules::{self, InheritedSchedule},
    },
};

pub use schedule::{Moment, Window};

/// How far ahead the next window is looked for, days.
const LOOK_AHEAD_DAYS: i64 = 14;

/// The windows of a unit from the day before `now` on, in order of opening: what was captured yesterday may arrive today.
pub struct Calendar {
    /// The work date of `now`.
    pub today: WorkDate,
    /// Every window of the days looked at.
    pub windows: Vec<Window>,
}

impl Calendar {
    /// From the schedules that touch [`dates`], nearest unit first.
    pub fn new(rows: &[InheritedSchedule], zone: &TimeZone, now: Timestamp) -> Self {
        let today = now.date_in(zone);
        let windows =
            (-1..=LOOK_AHEAD_DAYS).flat_map(|ahead| schedule::windows_on(rows, today.plus_days(ahead), zone)).collect();
        Self { today, windows }
    }
}

/// The first and the last date a calendar of now holds.
pub fn dates(zone: &TimeZone, now: Timestamp) -> (WorkDate, WorkDate) {
    let today = now.date_in(zone);
    (today.plus_days(-1), today.plus_days(LOOK_AHEAD_DAYS))
}

/// Loads the windows of a unit around an instant.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn calendar(tx: &mut Tx, unit_id: UnitId, zone: &TimeZone, now: Timestamp) -> Result<Calendar, StoreError> {
    let (first, last) = dates(zone, now);
    let rows = schedules::for_unit(tx, unit_id, first, last).await?;
    Ok(Calendar::new(&rows, zone, now))
}
