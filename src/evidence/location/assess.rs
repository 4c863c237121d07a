//! From what a phone reports to location evidence and its findings.

use serde::{Deserialize, Serialize};

use super::{
    fence::{self, Fence, Judged},
    fix::{self, Fix, ReportedFix, Unusable},
    remarks,
    trust::{self, Capture},
};
use crate::{
    evidence::finding::Finding,
    model::{
        time::Timestamp,
        words::{AccuracyBasis, PositionError},
    },
};

/// What a phone says about where it is.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    /// Every fix of the capture.
    pub fixes: &'a [ReportedFix],
    /// What its accuracy means.
    pub basis: AccuracyBasis,
    /// Why there is no fix, if there is none.
    pub position_error: Option<PositionError>,
    /// Whether the phone calls the position a mock.
    pub mocked: bool,
    /// The phone's own clock at sending.
    pub sent_at: Timestamp,
}

/// What was measured, without coordinates; kept with the check-in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocationEvidence {
    /// Which model decided.
    pub model: String,
    /// What the phone's accuracy means.
    pub basis: AccuracyBasis,
    /// How many fixes the phone sent.
    #[serde(default)]
    pub fixes: usize,
    /// Stated accuracy of the fix that counts, metres.
    #[serde(default)]
    pub accuracy_m: Option<f64>,
    /// Why the phone sent none.
    pub position_error: Option<PositionError>,
    /// Whether the phone calls the position a mock.
    pub mocked: bool,
    /// How the fix that counts stands to the places in force.
    pub judged: Option<Judged>,
}

/// The coordinates themselves; kept sealed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Positions {
    /// The fix that counts.
    pub chosen: Option<Fix>,
    /// What the accuracy means.
    pub basis: Option<AccuracyBasis>,
}

/// Everything that follows from a claim.
#[derive(Clone, Debug)]
pub struct Assessed {
    /// What was measured.
    pub evidence: LocationEvidence,
    /// The coordinates.
    pub positions: Positions,
    /// What to remark on the capture is seen from, when there is a fix that counts.
    pub capture: Option<Capture>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// Why a claim cannot even be recorded.
#[derive(Clone, Copy, PartialEq, Debug, thiserror::Error)]
pub enum Malformed {
    /// Neither a fix nor a reason for its absence.
    #[error("there is neither a fix nor a position_error that says why not")]
    Nothing,
    /// None of the fixes is well-formed; this is what is wrong with the first.
    #[error("{0}")]
    Fix(#[from] Unusable),
}

/// Picks the fix that counts, judges it, and says so.
///
/// # Errors
/// [`Malformed`] when no fix is well-formed. A well-formed fix that is only too old is recorded, never refused.
pub fn assess(claim: &Claim<'_>, fences: &[Fence]) -> Result<Assessed, Malformed> {
    let checked: Vec<Result<Fix, Unusable>> = claim.fixes.iter().map(|fix| fix::usable(fix, claim.sent_at)).collect();
    let chosen = fix::best(&checked);
    let fix = chosen.map(|(_, fix)| fix);
    let judged = fix.and_then(|fix| fence::judge(fix, claim.basis, fences));
    let mut findings: Vec<Finding> = claim.mocked.then(remarks::mocked).into_iter().collect();
    match (fix, &judged) {
        (Some(fix), Some(judged)) => findings.extend(remarks::findings(fix, judged)),
        (Some(_), None) => findings.push(remarks::no_place()),
        (None, _) => findings.push(absent(claim, &checked)?),
    }
    let evidence = LocationEvidence {
        model: fence::MODEL.to_owned(),
        basis: claim.basis,
        fixes: claim.fixes.len(),
        accuracy_m: fix.map(|fix| fix.accuracy_m),
        position_error: claim.position_error,
        mocked: claim.mocked,
        judged,
    };
    let positions = Positions { chosen: fix, basis: Some(claim.basis) };
    let capture = chosen.map(|(place, fix)| Capture {
        reported: claim.fixes[place].clone(),
        counts: fix,
        usable: in_order(claim.fixes, &checked),
        basis: claim.basis,
        on_home_point: trust::on_home_point(fix, fences),
    });
    Ok(Assessed { evidence, positions, capture, findings })
}

/// The fixes that can be judged, oldest first as far as they say when they were made.
fn in_order(reported: &[ReportedFix], checked: &[Result<Fix, Unusable>]) -> Vec<Fix> {
    let mut usable: Vec<(Option<Timestamp>, Fix)> =
        reported.iter().zip(checked).filter_map(|(reported, fix)| Some((reported.fix_time, fix.ok()?))).collect();
    usable.sort_by_key(|(made, _)| *made);
    usable.into_iter().map(|(_, fix)| fix).collect()
}

/// Nothing can be judged: too old, or not sent with a reason; anything else is malformed.
fn absent(claim: &Claim<'_>, checked: &[Result<Fix, Unusable>]) -> Result<Finding, Malformed> {
    let ages = checked.iter().filter_map(|fix| match fix {
        Err(Unusable::Stale(age)) => Some(*age),
        _ => None,
    });
    if let Some(freshest) = ages.min_by(f64::total_cmp) {
        return Ok(remarks::stale(freshest));
    }
    // A phone that says itself that it has no position is believed, whatever it sends beside that.
    match (claim.position_error, checked.first()) {
        (Some(reason), _) => Ok(remarks::missing(reason)),
        (None, Some(Err(unusable))) => Err((*unusable).into()),
        (None, _) => Err(Malformed::Nothing),
    }
}
