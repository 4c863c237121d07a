//! PURE: what kind of day it is for a person, in words.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    model::{
        time::WorkDate,
        words::{Duty, Words},
    },
    store::rosters::RosterRow,
};

/// What kind of day it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Check-ins are due.
    Working,
    /// No slot is due.
    DayOff,
    /// At the office.
    Office,
    /// On leave.
    Leave,
    /// On duty elsewhere.
    Duty,
    /// Exempt from checking in.
    Exempt,
}

/// A day of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Day {
    /// What kind.
    pub kind: DayKind,
    /// In words.
    pub words: Words,
    /// Its last date, where it is part of a range.
    pub until: Option<WorkDate>,
}

/// The day of a person, from the roster and whether any slot is due.
pub fn day(roster: Option<&RosterRow>, is_due: bool) -> Day {
    let until = roster.map(|row| row.valid_to);
    let of = |kind, id: &str, en: &str| Day { kind, words: Words::new(id, en), until };
    match roster.map(|row| row.duty) {
        Some(Duty::Office) => of(
            DayKind::Office,
            "Anda bekerja di kantor; presensi dari rumah tidak perlu.",
            "You work at the office; no check-in from home is needed.",
        ),
        Some(Duty::Leave) => {
            of(DayKind::Leave, "Anda sedang cuti; presensi tidak perlu.", "You are on leave; no check-in is needed.")
        }
        Some(Duty::Elsewhere) => of(
            DayKind::Duty,
            "Anda bertugas di tempat lain; presensi dari rumah tidak perlu.",
            "You are on duty elsewhere; no check-in from home is needed.",
        ),
        Some(Duty::Exempt) => of(DayKind::Exempt, "Anda dibebaskan dari presensi.", "You are exempt from checking in."),
        Some(Duty::Home) | None if is_due => {
            Day { until: None, ..of(DayKind::Working, "Hari kerja dari rumah.", "A day of work from home.") }
        }
        Some(Duty::Home) | None => Day {
            until: None,
            ..of(DayKind::DayOff, "Hari libur: tidak ada presensi.", "A day off: no check-in is due.")
        },
    }
}

/// What kind of day it was for somebody, as others read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Duties {
    /// What kind.
    pub kind: DayKind,
    /// In words.
    pub words: Words,
}

/// The day of somebody else, from the roster and whether any slot was due.
pub fn duties(roster: Option<&RosterRow>, is_due: bool) -> Duties {
    let kind = day(roster, is_due).kind;
    let words = match kind {
        DayKind::Working => Words::new("Bekerja dari rumah", "Works from home"),
        DayKind::DayOff => Words::new("Hari libur", "Day off"),
        DayKind::Office => Words::new("Bekerja di kantor", "Works at the office"),
        DayKind::Leave => Words::new("Cuti", "On leave"),
        DayKind::Duty => Words::new("Dinas luar", "On duty elsewhere"),
        DayKind::Exempt => Words::new("Dibebaskan dari presensi", "Exempt from checking in"),
    };
    Duties { kind, words }
}
