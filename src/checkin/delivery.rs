//! When a check-in was captured, and which window it answers: a phone without a network delivers later.
//!
//! The phone is believed how long it waited, not what its clock shows; and the server knows the two moments between which
//! a capture has to lie, the giving of its one-time code and the arrival.

use jiff::tz::TimeZone;

use super::draft::Draft;
use crate::{
    app::App,
    evidence::moment::CaptureMoment,
    model::{
        time::{Timestamp, WorkDate},
        words::{Slot, Timing},
    },
    presence::{Calendar, Moment, Window, schedule},
};

/// What was sent within so many seconds of the capture did not wait.
const AT_ONCE_S: f64 = 120.0;

/// The moment of a capture by the server's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Captured {
    /// When, as near as the phone's word and the two certain moments tell.
    pub at: Timestamp,
    /// Whether the phone said when.
    pub told: bool,
    /// What the phone's word alone comes to.
    word: Option<Timestamp>,
    code_given_at: Option<Timestamp>,
    received_at: Timestamp,
    clock_changed: bool,
}

impl Captured {
    /// From what the phone says, what is known of its code, and the arrival.
    pub fn new(draft: &Draft, code_given_at: Option<Timestamp>, received_at: Timestamp) -> Self {
        let waited_s = draft.waited_s();
        // A clock that was set back in between tells nothing of how long it waited.
        let clock_changed = waited_s.is_some_and(|waited| waited < 0.0);
        let word = waited_s.filter(|waited| *waited >= 0.0).map(|waited| earlier(received_at, waited));
        let earliest = code_given_at.unwrap_or(word.unwrap_or(received_at));
        let at = match word {
            Some(word) => word.clamp(earliest.min(received_at), received_at),
            None if clock_changed => earliest,
            None => received_at,
        };
        Self { at, told: draft.captured_at.is_some(), word, code_given_at, received_at, clock_changed }
    }

    /// Whether it was sent noticeably later than it was captured.
    pub fn waited(&self) -> bool {
        self.received_at.seconds_since(self.at) > AT_ONCE_S
    }

    /// What lateness is measured from: the capture where the delivery is what came late.
    pub fn lateness_from(&self, timing: Timing, received_at: Timestamp) -> Timestamp {
        if timing == Timing::DeliveredLate { self.at } else { received_at }
    }

    /// As evidence.
    pub fn moment(&self, draft: &Draft, work_date: WorkDate, zone: &TimeZone, fresh_s: i64) -> CaptureMoment {
        let clock = format!("{} {}", self.at.clock_time_in(zone), self.at.zone_letters_in(zone));
        let day = self.at.date_in(zone);
        let on_another_day = day != self.received_at.date_in(zone) || day != work_date;
        CaptureMoment {
            at: self.told.then_some(self.at),
            word: self.word,
            clock: if on_another_day { format!("{clock}, {}", day.0.strftime("%d-%m-%Y")) } else { clock },
            clock_changed: self.clock_changed,
            code_given_at: self.code_given_at,
            code_fresh_s: fresh_s as f64,
            photo_source: draft.photo_source,
        }
    }
}

fn earlier(at: Timestamp, seconds: f64) -> Timestamp {
    // Longer than any wait there is; the clamp does the rest.
    let waited_us = (seconds * 1e6).min(1e15) as i64;
    Timestamp::from_microsecond(at.as_microsecond().saturating_sub(waited_us))
}

/// The window that is answered: the one that is open now, or the one in which it was captured when it was delivered late.
///
/// # Errors
/// Where now stands to the slot, when neither is there.
pub fn window(
    app: &App,
    calendar: &Calendar,
    slot: Slot,
    captured: &Captured,
    received_at: Timestamp,
) -> Result<(Window, Timing), Moment> {
    let moment = schedule::moment(&calendar.windows, slot, calendar.today, received_at);
    if let Moment::Open(window, timing) = moment {
        return Ok((window, timing));
    }
    let wait_s = app.config.delivery_s;
    let late = captured.told.then(|| schedule::captured_in(&calendar.windows, slot, captured.at, received_at, wait_s));
    late.flatten().map(|window| (window, Timing::DeliveredLate)).ok_or(moment)
}
