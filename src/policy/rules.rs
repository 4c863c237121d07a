//! The rules in force, as data.

use crate::{evidence::finding::Code, model::words::Severity};

/// Which findings need a person's eye.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Stored with each verdict.
    pub version: &'static str,
    /// Findings that flag by themselves, whatever their severity.
    pub alone: &'static [Code],
    /// A finding of this severity or above flags by itself.
    pub severity_alone: Severity,
    /// So many different findings of [`Severity::Medium`] flag together.
    pub medium_together: usize,
}

impl Rules {
    /// The rules of this release.
    pub const CURRENT: Self = Self {
        version: "2026-11.2",
        // Where nothing could be verified, a person looks: that is no accusation, and never a pass.
        alone: &[
            Code::LocationCannotTell,
            Code::LocationStale,
            Code::LocationMissing,
            Code::PlaceMissing,
            Code::PhotoNotExamined,
        ],
        severity_alone: Severity::High,
        medium_together: 2,
    };
}
