//! The probability that the true position lies inside a shape, when the reported one is off by an isotropic normal error.
//!
//! By the divergence theorem the integral of the normal density over an area is a line integral along its edge. With
//! `u` the squared distance of a point of the edge from the reported position, the integrand is the outward component
//! of that distance times `(1 - exp(-u / 2 sigma^2)) / (2 pi u)`, which is smooth even where the edge runs through the
//! reported position.

use super::{plane::Local, shape::edges};

/// Beyond this many standard deviations from the edge the probability is 0 or 1 to within 1e-17.
pub(super) const FAR_IN_SIGMAS: f64 = 9.0;

/// Along an edge the exponential is left out beyond so many standard deviations: less than 1e-11 of the whole.
const REACH_IN_SIGMAS: f64 = 7.0;
/// Eight points are enough for a piece of an edge of so many standard deviations.
const PANEL_IN_SIGMAS: f64 = 1.75;

/// Probability that a point drawn from an isotropic normal distribution of standard deviation `sigma_m` an axis, centred
/// `distance_m` from the middle of a circle of `radius_m`, falls inside it: the Rice distribution function at `radius_m`.
///
/// With `a` the angle of a point of the circle seen from its middle,
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

/// The same for a polygon, its rings in metres around the reported position, the outer one first; rings may run either
/// way round.
///
/// `P = 1/2pi * sum over the edges of the integral of h (1 - exp(-(h^2 + t^2) / 2 sigma^2)) / (h^2 + t^2) dt`, with `h`
/// the signed distance of the edge's line and `t` the way along it from its foot. Holes are taken off.
pub fn p_in_polygon(rings: &[Vec<Local>], sigma_m: f64) -> f64 {
    let inside = |ring: &Vec<Local>| {
        let turns = edges(ring).map(|(from, to)| from.east * to.north - from.north * to.east).sum::<f64>().signum();
        edges(ring).map(|(from, to)| edge(from, to, sigma_m)).sum::<f64>() * turns / std::f64::consts::TAU
    };
    let mut parts = rings.iter().map(inside);
    let outer = parts.next().unwrap_or(0.0);
    (outer - parts.sum::<f64>()).clamp(0.0, 1.0)
}

/// The part of one edge.
fn edge(from: Local, to: Local, sigma_m: f64) -> f64 {
    let (east, north) = (to.east - from.east, to.north - from.north);
    let length = east.hypot(north);
    if length == 0.0 {
        return 0.0;
    }
    let h = (from.east * to.north - from.north * to.east) / length;
    let start = (from.east * east + from.north * north) / length;
    let end = start + length;
    // Where the exponential has died away, the rest is the angle under which that piece is seen.
    let angle = |a: f64, b: f64| (h * (b - a)).atan2(h * h + a * b);
    let reach = REACH_IN_SIGMAS * sigma_m;
    if h.abs() > reach {
        return angle(start, end);
    }
    let (near, far) = (start.clamp(-reach, reach), end.clamp(-reach, reach));
    let mut total = 0.0;
    if start < near {
        total += angle(start, near.min(end));
    }
    if end > far {
        total += angle(far.max(start), end);
    }
    let panels = ((far - near) / (PANEL_IN_SIGMAS * sigma_m)).ceil();
    let width = (far - near) / panels.max(1.0);
    let mut at = near;
    for _ in 0..panels as usize {
        total += gauss_legendre(at, at + width, &|t: f64| h * weight(h * h + t * t, sigma_m));
        at += width;
    }
    total
}

/// `(1 - exp(-u / 2 sigma^2)) / u`, which tends to `1 / 2 sigma^2` at `u = 0`.
fn weight(squared: f64, sigma_m: f64) -> f64 {
    let scale = 0.5 / (sigma_m * sigma_m);
    let exponent = squared * scale;
    if exponent < 1e-9 {
        scale * (1.0 - 0.5 * exponent)
    } else if exponent < 0.5 {
        -(-exponent).exp_m1() / squared
    } else {
        // Nothing cancels here, and the plain exponential takes a fraction of the time.
        (1.0 - (-exponent).exp()) / squared
    }
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
