//! PURE: the numbers that policy works with and two people may change: their bounds, their units, their words, and which
//! of them holds on a date.

use crate::model::{
    time::WorkDate,
    words::{PolicyName, Words},
};

/// What a number may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// In what it is counted.
    pub unit_of_measure: &'static str,
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Whether it is a whole number.
    pub whole: bool,
}

/// What a number may be.
pub const fn bounds(name: PolicyName) -> Bounds {
    let (unit_of_measure, min, max, whole) = match name {
        PolicyName::ReviewTarget => ("h", 1.0, 720.0, true),
        PolicyName::Routine | PolicyName::Second => ("percent", 0.0, 100.0, false),
        PolicyName::Answer => ("days", 1.0, 14.0, true),
        PolicyName::Appeal => ("days", 1.0, 365.0, true),
    };
    Bounds { unit_of_measure, min, max, whole }
}

/// What a number means.
pub fn words(name: PolicyName) -> Words {
    let (id, en) = match name {
        PolicyName::ReviewTarget => (
            "Batas waktu sebuah kasus menunggu sebelum naik ke atasan di atasnya",
            "How long a case may wait before it goes to the superior above",
        ),
        PolicyName::Routine => (
            "Dari seratus presensi yang diterima, berapa yang tetap dilihat atasan",
            "Of a hundred accepted check-ins, how many a person looks at all the same",
        ),
        PolicyName::Second => (
            "Dari seratus kasus yang diputuskan, berapa yang dilihat lagi oleh orang lain",
            "Of a hundred decided cases, how many somebody else looks at again",
        ),
        PolicyName::Answer => {
            ("Waktu bagi pegawai untuk menjawab pertanyaan", "How long a person has to answer a question")
        }
        PolicyName::Appeal => {
            ("Waktu bagi pegawai untuk mengajukan keberatan", "How long after a rejection a person may appeal")
        }
    };
    Words::new(id, en)
}

/// A number as people read it: `48 jam`, `3 %`.
pub fn written(name: PolicyName, value: f64) -> Words {
    let unit = match bounds(name).unit_of_measure {
        "h" => ("jam", "h"),
        "days" => ("hari", "days"),
        _ => ("%", "%"),
    };
    Words::new(format!("{} {}", value.to_string().replace('.', ","), unit.0), format!("{value} {}", unit.1))
}

/// Why a number cannot be used; nothing when it can.
pub fn misfit(name: PolicyName, value: f64) -> Option<String> {
    let Bounds { min, max, whole, unit_of_measure } = bounds(name);
    if !(min..=max).contains(&value) {
        return Some(format!("{name} has to lie between {min} and {max} ({unit_of_measure})"));
    }
    (whole && value.fract() != 0.0).then(|| format!("{name} has to be a whole number ({unit_of_measure})"))
}

/// A number from a first day on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Set {
    /// Which.
    pub name: PolicyName,
    /// How much.
    pub value: f64,
    /// From when on.
    pub valid_from: WorkDate,
}

/// Every number there is.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    defaults: Vec<(PolicyName, f64)>,
    sets: Vec<Set>,
}

impl Values {
    /// From what holds where nothing was set, and what was set, in the order of approval.
    pub fn new(default: impl Fn(PolicyName) -> f64, sets: Vec<Set>) -> Self {
        Self { defaults: PolicyName::ALL.iter().map(|name| (*name, default(*name))).collect(), sets }
    }

    /// What holds where nothing was set.
    pub fn default_of(&self, name: PolicyName) -> f64 {
        self.defaults.iter().find(|(known, _)| *known == name).map_or(0.0, |(_, value)| *value)
    }

    /// What holds on a date: of what began by then the one that began last, and of equal ones the one approved last.
    pub fn on(&self, name: PolicyName, date: WorkDate) -> f64 {
        let begun = self.sets.iter().filter(|set| set.name == name && set.valid_from <= date);
        begun.max_by_key(|set| set.valid_from).map_or_else(|| self.default_of(name), |set| set.value)
    }

    /// As [`Values::on`], as a whole number.
    pub fn whole_on(&self, name: PolicyName, date: WorkDate) -> i64 {
        self.on(name, date).round() as i64
    }
}
