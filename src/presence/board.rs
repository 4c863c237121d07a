//! PURE: how a slot of a person stands on a day, and how many people stand how.

use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Window, day::DayKind};
use crate::model::{
    time::Timestamp,
    words::{Decision, Duty, Slot, Timing, Verdict, Words},
};

/// How a slot of a person stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SlotState {
    /// Due, and its window has not opened.
    NotYet,
    /// Due and open, also in its grace; nothing was received so far.
    MissingYet,
    /// Something was received.
    Received,
    /// Over, and nothing was received.
    Missing,
    /// Nothing was received, and nothing had to be: leave, duty elsewhere, or a declared outage.
    Excused,
    /// Not due for this person on this day.
    NotDue,
}

/// What was received for a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Received {
    /// Timing of the earliest attempt.
    pub timing: Timing,
    /// Best verdict of all attempts.
    pub verdict: Verdict,
    /// What stands after the reviews so far.
    pub decision: Option<Decision>,
}

impl Received {
    /// Whether a person still has to look.
    pub fn waits_for_a_look(self) -> bool {
        self.verdict == Verdict::Flagged && self.decision.is_none()
    }
}

/// What is known of a slot.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Its window that day, if the unit has one.
    pub window: Option<&'a Window>,
    /// Where the person works; none is at home.
    pub duty: Option<Duty>,
    /// What was received.
    pub received: Option<Received>,
    /// Whether a declared outage touches the window.
    pub outage: bool,
}

/// Whether an outage touches a window, its grace with it.
pub fn touches(window: &Window, starts_at: Timestamp, ends_at: Timestamp) -> bool {
    starts_at < window.grace_ends && ends_at > window.opens
}

/// How a slot stands. What was received counts first, whatever the roster says; what was declared excuses only what is
/// over and empty.
pub fn state(known: &Known<'_>, now: Timestamp) -> SlotState {
    if known.received.is_some() {
        return SlotState::Received;
    }
    let Some(window) = known.window else { return SlotState::NotDue };
    match known.duty {
        Some(Duty::Office | Duty::Exempt) => return SlotState::NotDue,
        Some(Duty::Leave | Duty::Elsewhere) => return SlotState::Excused,
        Some(Duty::Home) | None => {}
    }
    if now < window.opens {
        SlotState::NotYet
    } else if now < window.grace_ends {
        SlotState::MissingYet
    } else if known.outage {
        SlotState::Excused
    } else {
        SlotState::Missing
    }
}

/// The state in words.
pub fn words(known: &Known<'_>, state: SlotState, first: Option<Timestamp>, zone: &TimeZone) -> Words {
    let (id, en) = match state {
        SlotState::Received => return received_words(known.received, first, zone),
        SlotState::NotYet => ("Belum dibuka.", "Not open yet."),
        SlotState::MissingYet => ("Belum ada presensi.", "Nothing received yet."),
        SlotState::Missing => ("Tidak ada presensi.", "Nothing was received."),
        SlotState::Excused if known.duty == Some(Duty::Leave) => ("Cuti.", "On leave."),
        SlotState::Excused if known.duty == Some(Duty::Elsewhere) => ("Bertugas di tempat lain.", "On duty elsewhere."),
        SlotState::Excused => ("Dimaafkan: ada gangguan.", "Excused: there was an outage."),
        SlotState::NotDue if known.duty == Some(Duty::Office) => ("Bekerja di kantor.", "At the office."),
        SlotState::NotDue if known.duty == Some(Duty::Exempt) => ("Dibebaskan.", "Exempt."),
        SlotState::NotDue => ("Tidak dijadwalkan.", "Not due."),
    };
    Words::new(id, en)
}

fn received_words(received: Option<Received>, first: Option<Timestamp>, zone: &TimeZone) -> Words {
    let at = first.map(|first| (first.clock_time_in(zone), first.zone_letters_in(zone)));
    let (at_id, at_en) = at.map_or_else(Default::default, |(time, letters)| {
        (format!(" pukul {time} {letters}"), format!(" at {time} {letters}"))
    });
    let (late_id, late_en) = match received.map(|received| received.timing) {
        Some(Timing::Late) => (", terlambat", ", late"),
        Some(Timing::DeliveredLate) => (", terkirim belakangan", ", delivered later"),
        Some(Timing::OnTime) | None => ("", ""),
    };
    let (ruling_id, ruling_en) = match received {
        Some(Received { decision: Some(Decision::Accept), .. }) => ("; diterima atasan", "; accepted by a supervisor"),
        Some(Received { decision: Some(Decision::Reject), .. }) => ("; ditolak atasan", "; rejected by a supervisor"),
        Some(received) if received.waits_for_a_look() => ("; menunggu dilihat", "; waits for a look"),
        _ => ("", ""),
    };
    Words::new(format!("Masuk{at_id}{late_id}{ruling_id}."), format!("Received{at_en}{late_en}{ruling_en}."))
}

/// What kind of day it is for somebody, as others read it.
pub fn duty(duty: Option<Duty>, is_due: bool) -> (DayKind, Words) {
    let (kind, id, en) = match duty {
        Some(Duty::Office) => (DayKind::Office, "Di kantor", "At the office"),
        Some(Duty::Leave) => (DayKind::Leave, "Cuti", "On leave"),
        Some(Duty::Elsewhere) => (DayKind::Duty, "Bertugas di tempat lain", "On duty elsewhere"),
        Some(Duty::Exempt) => (DayKind::Exempt, "Dibebaskan dari presensi", "Exempt from checking in"),
        Some(Duty::Home) | None if is_due => (DayKind::Working, "Bekerja dari rumah", "Working from home"),
        Some(Duty::Home) | None => (DayKind::DayOff, "Libur", "Day off"),
    };
    (kind, Words::new(id, en))
}

/// How many people stand how in a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Tally {
    /// Which slot.
    pub slot: Slot,
    /// Those from whom something was received or is due; those who are excused are not among them.
    pub expected: i64,
    /// From whom something was received.
    pub received: i64,
    /// Of these, those who were late.
    pub late: i64,
    /// Of these, those whose case waits for a look.
    pub flagged: i64,
    /// The window is open, and nothing was received so far.
    pub missing_yet: i64,
    /// The window is over, and nothing was received.
    pub missing: i64,
    /// From whom nothing had to be received: leave, duty elsewhere, or a declared outage.
    pub excused: i64,
}

impl Tally {
    /// Nobody.
    pub fn new(slot: Slot) -> Self {
        Self { slot, expected: 0, received: 0, late: 0, flagged: 0, missing_yet: 0, missing: 0, excused: 0 }
    }

    /// Counts people in of whom the same is known.
    pub fn count(&mut self, state: SlotState, received: Option<Received>, people: i64) {
        match state {
            SlotState::NotDue => return,
            SlotState::Excused => {
                self.excused += people;
                return;
            }
            SlotState::NotYet => {}
            SlotState::MissingYet => self.missing_yet += people,
            SlotState::Missing => self.missing += people,
            SlotState::Received => {
                self.received += people;
                self.late += people * i64::from(received.is_some_and(|received| received.timing == Timing::Late));
                self.flagged += people * i64::from(received.is_some_and(Received::waits_for_a_look));
            }
        }
        self.expected += people;
    }

    /// Adds another part of the same slot.
    pub fn add(&mut self, other: &Self) {
        self.expected += other.expected;
        self.received += other.received;
        self.late += other.late;
        self.flagged += other.flagged;
        self.missing_yet += other.missing_yet;
        self.missing += other.missing;
        self.excused += other.excused;
    }
}

/// Adds tallies to those of the same slots, in order of the slots.
pub fn add_up(sums: &mut Vec<Tally>, parts: &[Tally]) {
    for part in parts {
        if let Some(sum) = sums.iter_mut().find(|sum| sum.slot == part.slot) {
            sum.add(part);
        } else {
            sums.push(*part);
        }
    }
    sums.sort_by_key(|sum| sum.slot);
}
