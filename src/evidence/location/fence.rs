//! The fence decision: inside, outside, or cannot tell.
//!
//! The error of a fix is taken as an isotropic normal distribution. `p_in` is the probability that the phone is inside
//! the fence; `p_out` is how likely an honest phone at the nearest point of the fence would show an error this large.
//! They answer different questions, so a small `p_in` alone never means outside.

use geo::{Distance as _, Geodesic, Point};
use serde::{Deserialize, Serialize};

use super::fix::{Fix, radius_in_sigmas};
use crate::model::{
    geo::Position,
    ids::PlaceId,
    words::{AccuracyBasis, PlaceKind},
};

/// Stored with each decision, so that later models do not rewrite history.
pub const MODEL: &str = "fence-1";
/// Inside from this probability on.
pub const INSIDE_FROM: f64 = 0.80;
/// Outside when an honest error this large is no likelier than this, for every place.
pub const OUTSIDE_UP_TO: f64 = 0.01;
/// No phone is believed to be more precise than this.
pub const ACCURACY_FLOOR_M: f64 = 10.0;
/// Beyond this many standard deviations from the edge the probability is 0 or 1 to within 1e-17.
const FAR_IN_SIGMAS: f64 = 9.0;

/// A circular fence in force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fence {
    /// The place version.
    pub place_id: PlaceId,
    /// What kind of place.
    pub kind: PlaceKind,
    /// Centre.
    pub centre: Position,
    /// Radius in metres.
    pub radius_m: f64,
    /// Uncertainty of the centre, metres, one standard deviation an axis.
    pub sigma_m: f64,
}

/// The three answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// At a place, with probability of at least [`INSIDE_FROM`].
    Inside,
    /// Not at any place, beyond what imprecision explains.
    Outside,
    /// Cannot tell.
    Uncertain(Reason),
}

/// Why one cannot tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Even at the very centre this phone could not be called inside.
    TooCoarse,
    /// Close to the edge, on either side.
    NearEdge,
}

/// How a fix stands to one fence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The place version.
    pub place_id: PlaceId,
    /// What kind of place.
    pub kind: PlaceKind,
    /// Geodesic distance to the centre, metres.
    pub distance_m: f64,
    /// Distance to the fence, metres; 0 inside.
    pub gap_m: f64,
    /// Standard deviation an axis of fix and centre together, metres.
    pub sigma_m: f64,
    /// Radius of the fence, metres.
    pub radius_m: f64,
    /// Probability of being inside.
    pub p_in: f64,
    /// Likelihood of an honest error this large.
    pub p_out: f64,
    /// The coarsest accuracy that could still be called inside at the very centre, metres.
    pub accuracy_max_m: f64,
}

/// The decision over all fences in force, with the place that fits best.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The answer.
    pub outcome: Outcome,
    /// How the fix stands to the place that fits best.
    pub best: Standing,
}

/// Judges a fix against every fence in force; nothing when there is none.
pub fn judge(fix: Fix, basis: AccuracyBasis, fences: &[Fence]) -> Option<Judged> {
    let standings: Vec<Standing> = fences.iter().map(|fence| standing(fix, basis, fence)).collect();
    let best = *standings.iter().max_by(|a, b| {
        // Far from all of them every p_in is 0: then the nearest one is named.
        a.p_in.total_cmp(&b.p_in).then(b.gap_m.total_cmp(&a.gap_m))
    })?;
    let outcome = if best.p_in >= INSIDE_FROM {
        Outcome::Inside
    } else if standings.iter().all(|s| s.p_out <= OUTSIDE_UP_TO) {
        Outcome::Outside
    } else if standings.iter().all(|s| p_in_circle(s.radius_m, 0.0, s.sigma_m) < INSIDE_FROM) {
        Outcome::Uncertain(Reason::TooCoarse)
    } else {
        Outcome::Uncertain(Reason::NearEdge)
    };
    Some(Judged { outcome, best })
}

fn standing(fix: Fix, basis: AccuracyBasis, fence: &Fence) -> Standing {
    let distance_m = distance_m(fix.position, fence.centre);
    let sigma_m = (fix.accuracy_m.max(ACCURACY_FLOOR_M) / radius_in_sigmas(basis)).hypot(fence.sigma_m);
    let gap_m = (distance_m - fence.radius_m).max(0.0);
    // At the centre P = 1 - exp(-R^2 / 2 sigma^2), which reaches INSIDE_FROM at this sigma.
    let widest_sigma_m = fence.radius_m / (-2.0 * (1.0 - INSIDE_FROM).ln()).sqrt();
    let widest_fix_m = (widest_sigma_m.powi(2) - fence.sigma_m.powi(2)).max(0.0).sqrt();
    Standing {
        place_id: fence.place_id,
        kind: fence.kind,
        distance_m,
        gap_m,
        sigma_m,
        radius_m: fence.radius_m,
        p_in: p_in_circle(fence.radius_m, distance_m, sigma_m),
        p_out: (-0.5 * (gap_m / sigma_m).powi(2)).exp(),
        accuracy_max_m: widest_fix_m * radius_in_sigmas(basis),
    }
}

/// Length of the geodesic between two positions on the WGS 84 ellipsoid, metres (Karney 2013).
pub fn distance_m(a: Position, b: Position) -> f64 {
    Geodesic.distance(Point::new(a.longitude(), a.latitude()), Point::new(b.longitude(), b.latitude()))
}

/// Probability that a point drawn from an isotropic normal distribution of standard deviation `sigma_m` an axis, centred
/// `distance_m` from the middle of a circle of `radius_m`, falls inside it: the Rice distribution function at `radius_m`.
///
/// By the divergence theorem it is a line integral along the circle. With `u` the squared distance of a point of the
/// circle from the reported position, and `a` its angle seen from the middle,
/// `P = 1/pi * integral over a in 0..pi of R (R - d cos a) (1 - exp(-u / 2 sigma^2)) / u`.
/// The panels grow away from `a = 0`, where the circle comes nearest and the integrand changes fastest.
pub fn p_in_circle(radius_m: f64, distance_m: f64, sigma_m: f64) -> f64 {
    if distance_m - radius_m > FAR_IN_SIGMAS * sigma_m {
        return 0.0;
    }
    if radius_m - distance_m > FAR_IN_SIGMAS * sigma_m {
        return 1.0;
    }
    let integrand = |angle: f64| {
        // R^2 + d^2 - 2 R d cos a, written so that nothing cancels when R and d are close.
        let half = (angle / 2.0).sin();
        let squared = (radius_m - distance_m).powi(2) + 4.0 * radius_m * distance_m * half * half;
        radius_m * (radius_m - distance_m * angle.cos()) * weight(squared, sigma_m)
    };
    let finest = (sigma_m / radius_m).min(0.5);
    let (mut from, mut width, mut total) = (0.0, finest, 0.0);
    while from < std::f64::consts::PI {
        let to = (from + width).min(std::f64::consts::PI);
        total += gauss_legendre(from, to, &integrand);
        from = to;
        if from > 12.0 * finest {
            width *= 1.5;
        }
    }
    (total / std::f64::consts::PI).clamp(0.0, 1.0)
}

/// `(1 - exp(-u / 2 sigma^2)) / u`, which tends to `1 / 2 sigma^2` at `u = 0`.
fn weight(squared: f64, sigma_m: f64) -> f64 {
    let scale = 0.5 / (sigma_m * sigma_m);
    let exponent = squared * scale;
    if exponent < 1e-9 { scale * (1.0 - 0.5 * exponent) } else { -(-exponent).exp_m1() / squared }
}

/// Eight-point Gauss-Legendre quadrature (abscissae and weights: Abramowitz and Stegun, table 25.4).
fn gauss_legendre(from: f64, to: f64, f: &impl Fn(f64) -> f64) -> f64 {
    const NODES: [(f64, f64); 4] = [
        (0.183_434_642_495_649_8, 0.362_683_783_378_362),
        (0.525_532_409_916_329, 0.313_706_645_877_887_3),
        (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
        (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
    ];
    let (middle, half) = (f64::midpoint(from, to), (to - from) / 2.0);
    half * NODES.iter().map(|(x, w)| w * (f(middle - half * x) + f(middle + half * x))).sum::<f64>()
}
