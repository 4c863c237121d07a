//! Fixes: what a phone reports about where it is, and which of them can be used.

use serde::{Deserialize, Serialize};

use crate::model::{geo::Position, time::Timestamp, words::AccuracyBasis};

/// A fix older than this, by the phone's own clock, says nothing about now.
pub const MAX_AGE_SECONDS: f64 = 600.0;

/// A position as the phone reports it, before anything is believed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportedFix {
    /// Degrees north, WGS 84.
    #[schema(example = -6.595)]
    pub latitude: Option<f64>,
    /// Degrees east, WGS 84.
    #[schema(example = 106.8166)]
    pub longitude: Option<f64>,
    /// Radius the phone states, in metres; above zero.
    #[schema(example = 18.0)]
    pub accuracy_m: Option<f64>,
    /// When the phone's receiver made the fix, by the phone's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix_time: Option<Timestamp>,
    /// Height above the ellipsoid, metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub altitude_m: Option<f64>,
    /// Metres a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed_mps: Option<f64>,
    /// Degrees from north, clockwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading_deg: Option<f64>,
}

/// A fix that can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// Where.
    pub position: Position,
    /// Radius the phone states, in metres; finite and above zero.
    pub accuracy_m: f64,
}

/// Why a reported fix cannot be judged.
#[derive(Clone, Copy, PartialEq, Debug, thiserror::Error)]
pub enum Unusable {
    /// Latitude or longitude is not there.
    #[error("latitude and longitude are both needed")]
    Incomplete,
    /// The two numbers are not a position on Earth.
    #[error("{0}")]
    NotAPosition(#[from] crate::model::geo::PositionError),
    /// The phone does not say how precise the fix is.
    #[error("accuracy_m is missing; without it a fix can be neither inside nor outside")]
    NoAccuracy,
    /// Zero, negative, NaN or infinite.
    #[error("accuracy_m has to be a finite number above zero, not {0}")]
    BadAccuracy(f64),
    /// Made too long before the check-in was sent.
    #[error("the fix is {0:.0} s old")]
    Stale(f64),
}

/// Checks one reported fix against the phone's own clock at sending, so that a wrong clock cancels out.
///
/// # Errors
/// [`Unusable`] names the rule.
pub fn usable(reported: &ReportedFix, sent_at: Timestamp) -> Result<Fix, Unusable> {
    let (Some(latitude), Some(longitude)) = (reported.latitude, reported.longitude) else {
        return Err(Unusable::Incomplete);
    };
    let position = Position::new(latitude, longitude)?;
    let accuracy_m = reported.accuracy_m.ok_or(Unusable::NoAccuracy)?;
    if !accuracy_m.is_finite() || accuracy_m <= 0.0 {
        return Err(Unusable::BadAccuracy(accuracy_m));
    }
    if let Some(fix_time) = reported.fix_time {
        let age = sent_at.seconds_since(fix_time);
        // A fix from the phone's own future was not made for this check-in either.
        if age.abs() > MAX_AGE_SECONDS {
            return Err(Unusable::Stale(age));
        }
    }
    Ok(Fix { position, accuracy_m })
}

/// The fix with the smallest stated radius, with its place in the list; never the closest one, which would reward
/// fishing, and never a mean, because errors in one room are correlated.
pub fn best(checked: &[Result<Fix, Unusable>]) -> Option<(usize, Fix)> {
    let usable = checked.iter().enumerate().filter_map(|(place, fix)| Some((place, fix.ok()?)));
    usable.min_by(|(_, a), (_, b)| a.accuracy_m.total_cmp(&b.accuracy_m))
}

/// How many standard deviations (an axis) the stated radius is, by platform.
///
/// Android states the radius that holds 68 % of the errors: sqrt(-2 ln 0.32) = 1.5096. iOS states the two-dimensional
/// root mean square: sqrt(2) = 1.4142; browsers pass either through, so they take the more cautious one.
pub fn radius_in_sigmas(basis: AccuracyBasis) -> f64 {
    match basis {
        AccuracyBasis::Android => (-2.0 * 0.32_f64.ln()).sqrt(),
        AccuracyBasis::Ios | AccuracyBasis::Web | AccuracyBasis::Unknown => std::f64::consts::SQRT_2,
    }
}
