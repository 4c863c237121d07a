//! What photo evidence says in findings and words.

mod camera;
mod look;

use jiff::tz::TimeZone;

use super::inspect::PhotoEvidence;
use crate::{
    evidence::{
        finding::{Code, Finding, Measure},
        location::fix::Fix,
    },
    model::{
        time::Timestamp,
        words::{AccuracyBasis, Severity, UnitOfMeasure, Words},
    },
};

/// What the photo is held against.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// When the server received it.
    pub received_at: Timestamp,
    /// The unit's zone.
    pub zone: &'a TimeZone,
    /// The phone's fix that counts, and what its radius means.
    pub fix: Option<(Fix, AccuracyBasis)>,
}

/// The findings of a photo: what the pixels show, then what the camera claims.
pub fn findings(evidence: &PhotoEvidence, circumstances: &Circumstances<'_>) -> Vec<Finding> {
    let mut found = look::findings(evidence);
    found.extend(camera::findings(evidence, circumstances));
    found
}

fn finding(code: Code, severity: Severity, measure: Option<(f64, f64, UnitOfMeasure)>, words: Words) -> Finding {
    let measure = measure.map(|(measured, threshold, unit)| Measure { measured, threshold, unit });
    Finding { code, severity, measure, words }
}
