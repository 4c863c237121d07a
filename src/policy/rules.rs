//! The rules in force, as data.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::{evidence::finding::Code, model::words::Severity};

/// The version of these rules while no finding is silent.
pub const VERSION: &str = "2026-11.4";

/// Which findings need a person's eye.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Stored with each verdict; where findings were made silent, it ends in a mark of which.
    pub version: Arc<str>,
    /// Findings that flag by themselves, whatever their severity.
    pub alone: &'static [Code],
    /// A finding of this severity or above flags by itself.
    pub severity_alone: Severity,
    /// So many different findings of [`Severity::Medium`] flag together.
    pub medium_together: usize,
    /// On so many days, this one included, a medium finding about the position flags by itself.
    pub medium_days: usize,
    /// Findings that are recorded and never flag, in the order of [`Code::ALL`].
    pub silent: Vec<Code>,
}

impl Rules {
    /// The rules of this release.
    pub fn current(silent: &[Code]) -> Self {
        let mut silent = silent.to_vec();
        silent.sort_by_key(|code| code.as_str());
        silent.dedup();
        Self {
            version: version(&silent),
            // Where nothing could be verified, a person looks: that is no accusation, and never a pass.
            alone: &[
                Code::LocationCannotTell,
                Code::LocationStale,
                Code::LocationMissing,
                Code::PlaceMissing,
                Code::PlaceUnreadable,
                Code::PhotoNotExamined,
                Code::PhotoFromFile,
                Code::DeliveredLate,
                Code::CapturedBefore,
                Code::ClockChanged,
                Code::ChallengeEarly,
                Code::ChallengeMissing,
                Code::ChallengeAfter,
            ],
            severity_alone: Severity::High,
            medium_together: 2,
            medium_days: 3,
            silent,
        }
    }
}

fn version(silent: &[Code]) -> Arc<str> {
    if silent.is_empty() {
        return VERSION.into();
    }
    let names: Vec<&str> = silent.iter().map(|code| code.as_str()).collect();
    let mark = Sha256::digest(names.join(","));
    format!("{VERSION}+{}", hex::encode(&mark[..4])).into()
}
