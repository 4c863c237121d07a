//! A finding: one explained fact about the evidence.

use serde::Serialize;

use crate::model::words::{Severity, Words};

/// What a finding is about. The text form is part of the API and never changes its meaning.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub enum Code {
    /// The position lies outside every fence, beyond what the phone's imprecision explains.
    LocationOutside,
    /// The position is too coarse or too near the edge to tell.
    LocationCannotTell,
    /// Positions were sent, but none was fresh enough to be judged.
    LocationStale,
    /// The phone sent no position and said why.
    LocationMissing,
    /// No place of this person is in force on the day.
    PlaceMissing,
    /// The phone itself says that the position is a mock.
    PositionMocked,
    /// Nothing can be recognised because the photo is black.
    PhotoDark,
    /// The photo is one even surface, as with a covered lens.
    PhotoUniform,
    /// The photo is too small to recognise anything on it.
    PhotoSmall,
    /// The photo shows very little detail: blurred, or a plain wall.
    PhotoBlurred,
    /// The camera's own date differs from the day of the check-in.
    PhotoOtherTime,
    /// The photo could not be decoded and was therefore not examined.
    PhotoNotExamined,
    /// The check-in came after the window, inside the grace.
    Late,
    /// The phone's clock differs from the server's.
    ClockSkew,
}

impl Code {
    /// The text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LocationOutside => "location.outside",
            Self::LocationCannotTell => "location.cannot_tell",
            Self::LocationStale => "location.stale",
            Self::LocationMissing => "location.missing",
            Self::PlaceMissing => "place.missing",
            Self::PositionMocked => "position.mocked",
            Self::PhotoDark => "photo.dark",
            Self::PhotoUniform => "photo.uniform",
            Self::PhotoSmall => "photo.small",
            Self::PhotoBlurred => "photo.blurred",
            Self::PhotoOtherTime => "photo.other_time",
            Self::PhotoNotExamined => "photo.not_examined",
            Self::Late => "time.late",
            Self::ClockSkew => "time.clock_skew",
        }
    }
}

/// One explained fact: what, how heavy, measured against what, and in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What it is about.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// The measured value and what it was compared with, where there are numbers.
    pub measure: Option<Measure>,
    /// What the person and the reviewer read.
    pub words: Words,
}

/// Two numbers of one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// What was measured.
    pub measured: f64,
    /// What it was compared with.
    pub threshold: f64,
    /// Unit of both, like `m` or `s`.
    pub unit: &'static str,
}

/// No distance on Earth is longer; a phone may claim an accuracy that is.
const HALF_ROUND_THE_EARTH_M: f64 = 2.1e7;

/// Metres as people write them: `212 m`, `1,3 km`.
pub fn metres_in_words(metres: f64) -> Words {
    if metres < 999.5 {
        let text = format!("{metres:.0} m");
        return Words::new(text.clone(), text);
    }
    if metres > HALF_ROUND_THE_EARTH_M {
        return Words::new("> 20.000 km", "> 20,000 km");
    }
    let text = format!("{:.1} km", metres / 1000.0);
    Words::new(text.replace('.', ","), text)
}
