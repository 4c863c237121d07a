//! The fence decision: inside, outside, or cannot tell.
//!
//! The error of a fix is taken as an isotropic normal distribution. `p_in` is the probability that the phone is inside
//! the fence; `p_out` is how likely an honest phone at the nearest point of the fence would show an error this large.
//! They answer different questions, so a small `p_in` alone never means outside.

use geo::{Distance as _, Geodesic, Point};
use serde::{Deserialize, Serialize};

use super::{
    fix::{Fix, radius_in_sigmas},
    plane::{self, Local},
    probability::{p_in_circle, p_in_polygon},
    shape::{ACROSS_MAX_M, Polygon, Shape, edges},
};
use crate::model::{
    geo::Position,
    ids::PlaceId,
    words::{AccuracyBasis, PlaceKind},
};

/// Stored with each decision, so that later models do not rewrite history.
pub const MODEL: &str = "fence-2";
/// Inside from this probability on.
pub const INSIDE_FROM: f64 = 0.80;
/// Outside when an honest error this large is no likelier than this, for every place.
pub const OUTSIDE_UP_TO: f64 = 0.01;
/// No phone is believed to be more precise than this.
pub const ACCURACY_FLOOR_M: f64 = 10.0;
/// Farther from a polygon than this the flat map is not used: the distance alone says enough.
const MAP_M: f64 = 4.0 * ACROSS_MAX_M;

/// What a decision depends on beside the fix and the fences; kept with it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    /// See [`INSIDE_FROM`].
    pub inside_from: f64,
    /// See [`OUTSIDE_UP_TO`].
    pub outside_up_to: f64,
    /// See [`ACCURACY_FLOOR_M`].
    pub accuracy_floor_m: f64,
}

impl Parameters {
    /// Those of this release.
    pub const CURRENT: Self =
        Self { inside_from: INSIDE_FROM, outside_up_to: OUTSIDE_UP_TO, accuracy_floor_m: ACCURACY_FLOOR_M };
}

/// A fence in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Fence {
    /// The place version.
    pub place_id: PlaceId,
    /// What kind of place.
    pub kind: PlaceKind,
    /// Where its edge runs.
    pub shape: Shape,
    /// Uncertainty of the shape's position, metres, one standard deviation an axis.
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
    /// Even in the very middle this phone could not be called inside.
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
    /// Geodesic distance to the centre, or to the middle of a polygon, metres.
    pub distance_m: f64,
    /// Distance to the fence, metres; 0 inside.
    pub gap_m: f64,
    /// Standard deviation an axis of fix and fence together, metres.
    pub sigma_m: f64,
    /// Radius of a circle, metres.
    #[serde(default)]
    pub radius_m: Option<f64>,
    /// Probability of being inside.
    pub p_in: f64,
    /// Likelihood of an honest error this large.
    pub p_out: f64,
}

/// The decision over all fences in force, with the place that fits best.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The answer.
    pub outcome: Outcome,
    /// How the fix stands to the place that fits best.
    pub best: Standing,
    /// To each place in force, in the order they were given.
    #[serde(default)]
    pub standings: Vec<Standing>,
    /// What else the decision depends on.
    #[serde(default = "Parameters::current")]
    pub parameters: Parameters,
    /// The coarsest accuracy that could still be called inside in the middle of the best place, metres.
    #[serde(default)]
    pub accuracy_max_m: Option<f64>,
}

impl Parameters {
    fn current() -> Self {
        Self::CURRENT
    }
}

/// Judges a fix against every fence in force; nothing when there is none.
pub fn judge(fix: Fix, basis: AccuracyBasis, fences: &[Fence]) -> Option<Judged> {
    judge_by(fix, basis, fences, Parameters::CURRENT)
}

/// Judges with the parameters of then.
pub fn judge_by(fix: Fix, basis: AccuracyBasis, fences: &[Fence], parameters: Parameters) -> Option<Judged> {
    let standings: Vec<Standing> =
        fences.iter().map(|fence| standing(fix, basis, fence, parameters.accuracy_floor_m)).collect();
    let (place, best) = standings.iter().enumerate().max_by(|(_, a), (_, b)| {
        // Far from all of them every p_in is 0: then the nearest one is named.
        a.p_in.total_cmp(&b.p_in).then(b.gap_m.total_cmp(&a.gap_m))
    })?;
    let best = *best;
    let mut accuracy_max_m = None;
    let outcome = if best.p_in >= parameters.inside_from {
        Outcome::Inside
    } else if standings.iter().all(|s| s.p_out <= parameters.outside_up_to) {
        Outcome::Outside
    } else {
        let in_the_middle = |fence: &Fence, sigma_m: f64| p_in(&fence.shape, fence.shape.middle(), sigma_m);
        let hopeless =
            |(fence, standing): (&Fence, &Standing)| in_the_middle(fence, standing.sigma_m) < parameters.inside_from;
        let widest = widest_sigma_m(&fences[place], parameters.inside_from);
        let widest_fix = (widest.powi(2) - fences[place].sigma_m.powi(2)).max(0.0).sqrt();
        accuracy_max_m = Some(widest_fix * radius_in_sigmas(basis));
        let coarse = fences.iter().zip(&standings).all(hopeless);
        Outcome::Uncertain(if coarse { Reason::TooCoarse } else { Reason::NearEdge })
    };
    Some(Judged { outcome, best, standings, parameters, accuracy_max_m })
}

fn standing(fix: Fix, basis: AccuracyBasis, fence: &Fence, accuracy_floor_m: f64) -> Standing {
    let distance_m = distance_m(fix.position, fence.shape.middle());
    let sigma_m = (fix.accuracy_m.max(accuracy_floor_m) / radius_in_sigmas(basis)).hypot(fence.sigma_m);
    let (gap_m, p_in, radius_m) = match &fence.shape {
        Shape::Circle(circle) => {
            let radius_m = circle.radius_m();
            ((distance_m - radius_m).max(0.0), p_in_circle(radius_m, distance_m, sigma_m), Some(radius_m))
        }
        // So far away it is certain that the middle of the map is off, and nothing depends on it.
        Shape::Polygon(_) if distance_m > MAP_M => (distance_m - ACROSS_MAX_M, 0.0, None),
        Shape::Polygon(polygon) => {
            let rings = mapped(polygon, fix.position);
            (gap_m(&rings), p_in_polygon(&rings, sigma_m), None)
        }
    };
    let p_out = (-0.5 * (gap_m / sigma_m).powi(2)).exp();
    Standing { place_id: fence.place_id, kind: fence.kind, distance_m, gap_m, sigma_m, radius_m, p_in, p_out }
}

/// Probability of being inside when the phone reports `at`.
fn p_in(shape: &Shape, at: Position, sigma_m: f64) -> f64 {
    match shape {
        Shape::Circle(circle) => p_in_circle(circle.radius_m(), distance_m(at, circle.centre()), sigma_m),
        Shape::Polygon(polygon) => p_in_polygon(&mapped(polygon, at), sigma_m),
    }
}

/// The largest standard deviation with which a report from the very middle is still inside, metres.
fn widest_sigma_m(fence: &Fence, inside_from: f64) -> f64 {
    match &fence.shape {
        // At the centre P = 1 - exp(-R^2 / 2 sigma^2).
        Shape::Circle(circle) => circle.radius_m() / (-2.0 * (1.0 - inside_from).ln()).sqrt(),
        Shape::Polygon(polygon) => {
            let rings = mapped(polygon, polygon.middle());
            let (mut low, mut high) = (0.0, ACROSS_MAX_M);
            for _ in 0..30 {
                let sigma_m = f64::midpoint(low, high);
                if p_in_polygon(&rings, sigma_m) >= inside_from { low = sigma_m } else { high = sigma_m }
            }
            low
        }
    }
}

/// The rings of a polygon in metres around a position.
fn mapped(polygon: &Polygon, origin: Position) -> Vec<Vec<Local>> {
    polygon.rings().iter().map(|ring| ring.iter().map(|corner| plane::local(origin, *corner)).collect()).collect()
}

/// Distance of the origin from the area between the rings, metres; 0 in it.
fn gap_m(rings: &[Vec<Local>]) -> f64 {
    // In the outer ring and in none of the holes: an odd number of rings round the origin.
    if rings.iter().filter(|ring| surrounds(ring)).count() % 2 == 1 {
        return 0.0;
    }
    rings.iter().flat_map(|ring| edges(ring)).map(|(from, to)| to_edge_m(from, to)).fold(f64::INFINITY, f64::min)
}

/// Whether a ring runs round the origin: a ray eastwards crosses it an odd number of times.
fn surrounds(ring: &[Local]) -> bool {
    let crosses = |(from, to): &(Local, Local)| {
        (from.north > 0.0) != (to.north > 0.0) && {
            let share = from.north / (from.north - to.north);
            from.east + share * (to.east - from.east) > 0.0
        }
    };
    edges(ring).filter(crosses).count() % 2 == 1
}

fn to_edge_m(from: Local, to: Local) -> f64 {
    let (east, north) = (to.east - from.east, to.north - from.north);
    let squared = east * east + north * north;
    let share = if squared == 0.0 { 0.0 } else { -(from.east * east + from.north * north) / squared };
    let share = share.clamp(0.0, 1.0);
    Local { east: from.east + share * east, north: from.north + share * north }.length()
}

/// Length of the geodesic between two positions on the WGS 84 ellipsoid, metres (Karney 2013).
pub fn distance_m(a: Position, b: Position) -> f64 {
    Geodesic.distance(Point::new(a.longitude(), a.latitude()), Point::new(b.longitude(), b.latitude()))
}
