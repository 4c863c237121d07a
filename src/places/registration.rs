//! PURE: from readings at home to the centre of a fence.

use std::collections::BTreeSet;

use crate::{
    evidence::location::{
        fence::{ACCURACY_FLOOR_M, distance_m},
        plane::{self, Local},
    },
    model::{geo::Position, time::WorkDate},
};

/// Readings that agree with each other, at least.
pub const READINGS_MIN: usize = 3;
/// Days they are taken on, at least.
pub const DAYS_MIN: usize = 2;
/// Coarser readings are not taken, metres.
pub const ACCURACY_MAX_M: f64 = 30.0;
/// The uncertainty of a centre is never taken to be smaller or larger than this, metres.
const SIGMA_M: (f64, f64) = (10.0, 25.0);
/// In a Rayleigh distribution 1 % of the distances are longer than this many standard deviations.
const OUTLIER_SIGMAS: f64 = 3.035;
/// In a Rayleigh distribution half of the distances are longer than this many standard deviations: sqrt(2 ln 2).
const MEDIAN_SIGMAS: f64 = 1.1774;
/// Rounds of the median; it moves by less than a millimetre after a few dozen.
const ROUNDS: usize = 200;

/// One reading at home.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Where the phone thought it was.
    pub position: Position,
    /// Stated accuracy, metres.
    pub accuracy_m: f64,
    /// On which day.
    pub day: WorkDate,
}

/// What the readings come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The middle of those that agree.
    pub centre: Position,
    /// Its uncertainty, metres, one standard deviation an axis.
    pub sigma_m: f64,
    /// Median distance of those that agree from the middle, metres.
    pub spread_m: f64,
    /// Which readings agree, by their place in the list.
    pub agreeing: Vec<usize>,
    /// On how many days those were taken.
    pub days: usize,
}

impl Estimate {
    /// How many more readings are needed.
    pub fn readings_missing(&self) -> usize {
        READINGS_MIN.saturating_sub(self.agreeing.len())
    }

    /// On how many more days.
    pub fn days_missing(&self) -> usize {
        DAYS_MIN.saturating_sub(self.days)
    }

    /// Whether that is enough for a home.
    pub fn is_enough(&self) -> bool {
        self.readings_missing() == 0 && self.days_missing() == 0
    }
}

/// The weighted geometric median of the readings, without those that contradict it; nothing without any.
///
/// A mean would be moved by hundreds of metres by one reading that is wrong and sure of itself; the median is not. The
/// uncertainty is not divided by the number of readings, because most of the error is the building's and returns every
/// day.
pub fn estimate(readings: &[Reading]) -> Option<Estimate> {
    let all: Vec<usize> = (0..readings.len()).collect();
    let first = median(readings, &all)?;
    let agrees = |centre: Position, place: &usize| {
        let reading = readings[*place];
        let sigma = (reading.accuracy_m.max(ACCURACY_FLOOR_M) / std::f64::consts::SQRT_2).hypot(SIGMA_M.0);
        distance_m(centre, reading.position) <= OUTLIER_SIGMAS * sigma
    };
    let agreeing: Vec<usize> = all.into_iter().filter(|place| agrees(first, place)).collect();
    let centre = median(readings, &agreeing).unwrap_or(first);
    let mut distances: Vec<f64> = agreeing.iter().map(|place| distance_m(centre, readings[*place].position)).collect();
    distances.sort_by(f64::total_cmp);
    let spread_m = distances.get(distances.len() / 2).copied().unwrap_or(0.0);
    let days = agreeing.iter().map(|place| readings[*place].day).collect::<BTreeSet<_>>().len();
    let sigma_m = (spread_m / MEDIAN_SIGMAS).clamp(SIGMA_M.0, SIGMA_M.1);
    Some(Estimate { centre, sigma_m, spread_m, agreeing, days })
}

/// The point with the smallest weighted sum of distances (Weiszfeld 1937), weights `1 / max(accuracy, 10)^2`.
fn median(readings: &[Reading], places: &[usize]) -> Option<Position> {
    let origin = readings.get(*places.first()?)?.position;
    let points: Vec<(Local, f64)> = places
        .iter()
        .filter_map(|place| readings.get(*place))
        .map(|reading| {
            let weight = reading.accuracy_m.max(ACCURACY_FLOOR_M).powi(-2);
            (plane::local(origin, reading.position), weight)
        })
        .collect();
    let mut at = mean(&points, |_| 1.0);
    for _ in 0..ROUNDS {
        // A distance of a millimetre at least: on a reading itself the step would not be defined.
        let next = mean(&points, |point| {
            Local { east: point.east - at.east, north: point.north - at.north }.length().max(1e-3).recip()
        });
        let step = Local { east: next.east - at.east, north: next.north - at.north }.length();
        at = next;
        if step < 1e-6 {
            break;
        }
    }
    plane::position(origin, at)
}

fn mean(points: &[(Local, f64)], pull: impl Fn(Local) -> f64) -> Local {
    let (mut east, mut north, mut total) = (0.0, 0.0, 0.0);
    for (point, weight) in points {
        let weight = weight * pull(*point);
        east += weight * point.east;
        north += weight * point.north;
        total += weight;
    }
    Local { east: east / total, north: north / total }
}
