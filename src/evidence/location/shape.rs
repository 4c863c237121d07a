//! The shape of a fence: a circle, or a polygon with holes. A shape that exists obeys the limits.

use geo::{Area as _, Centroid as _, Contains as _, InteriorPoint as _, Validation as _};
use serde::{Deserialize, Serialize};

use super::plane::{self, Local};
use crate::model::geo::Position;

/// Radii a circle may have, metres.
pub const RADIUS_M: std::ops::RangeInclusive<f64> = 20.0..=2_500.0;
/// Farthest two corners of a polygon may be apart, metres: the flat map is good for this much.
pub const ACROSS_MAX_M: f64 = 5_000.0;
/// Longest edge, metres: a straight line in degrees and a geodesic part by less than a centimetre.
pub const EDGE_MAX_M: f64 = 2_000.0;
/// Shortest edge, metres; nearer corners are one corner.
pub const EDGE_MIN_M: f64 = 0.1;
/// Most corners of all rings together.
pub const CORNERS_MAX: usize = 500;
/// Smallest area of a polygon, square metres; a smaller one could never be told from its edge.
pub const AREA_MIN_M2: f64 = 400.0;

/// A circle.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "CircleText", into = "CircleText")]
pub struct Circle {
    centre: Position,
    radius_m: f64,
}

/// A polygon: an outer ring and holes, each without the closing corner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "PolygonText", into = "PolygonText")]
pub struct Polygon {
    /// The outer ring first.
    rings: Vec<Vec<Position>>,
    /// Stands for the polygon where one point is needed: inside, and in the middle where that is inside.
    middle: Position,
}

/// Circle or polygon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "lowercase")]
pub enum Shape {
    /// Everything up to a distance.
    Circle(Circle),
    /// Everything inside the outer ring and outside the holes.
    Polygon(Polygon),
}

/// Why numbers are no shape.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum ShapeError {
    /// The radius is no number between the limits.
    #[error("radius_m has to be between 20 and 2500 metres, not {0}")]
    Radius(f64),
    /// A ring needs three different corners.
    #[error("a ring needs at least three different corners")]
    TooFewCorners,
    /// Too many corners.
    #[error("a polygon may have at most {CORNERS_MAX} corners in all its rings, not {0}")]
    TooManyCorners(usize),
    /// Two corners are too near.
    #[error("neighbouring corners have to be at least {EDGE_MIN_M} m apart; leave one of the two out")]
    ShortEdge,
    /// An edge is too long.
    #[error("an edge may be at most {EDGE_MAX_M} m long, not {0:.0} m; put a corner in between")]
    LongEdge(f64),
    /// Too wide.
    #[error("a polygon may be at most {ACROSS_MAX_M} m across, not {0:.0} m")]
    TooWide(f64),
    /// Too small.
    #[error("a polygon has to have at least {AREA_MIN_M2} square metres, not {0:.0}")]
    TooSmall(f64),
    /// Edges cross, a hole lies outside, or the inside falls apart.
    #[error("the polygon is not simple: {0}")]
    NotSimple(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CircleText {
    center: Position,
    radius_m: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PolygonText {
    outer: Vec<Position>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    holes: Vec<Vec<Position>>,
}

impl TryFrom<CircleText> for Circle {
    type Error = ShapeError;
    fn try_from(text: CircleText) -> Result<Self, ShapeError> {
        Self::new(text.center, text.radius_m)
    }
}

impl From<Circle> for CircleText {
    fn from(circle: Circle) -> Self {
        Self { center: circle.centre, radius_m: circle.radius_m }
    }
}

impl TryFrom<PolygonText> for Polygon {
    type Error = ShapeError;
    fn try_from(text: PolygonText) -> Result<Self, ShapeError> {
        Self::new([vec![text.outer], text.holes].concat())
    }
}

impl From<Polygon> for PolygonText {
    fn from(polygon: Polygon) -> Self {
        let mut rings = polygon.rings.into_iter();
        Self { outer: rings.next().unwrap_or_default(), holes: rings.collect() }
    }
}

impl Circle {
    /// A circle.
    ///
    /// # Errors
    /// [`ShapeError::Radius`].
    pub fn new(centre: Position, radius_m: f64) -> Result<Self, ShapeError> {
        if RADIUS_M.contains(&radius_m) { Ok(Self { centre, radius_m }) } else { Err(ShapeError::Radius(radius_m)) }
    }

    /// Its centre.
    pub fn centre(&self) -> Position {
        self.centre
    }

    /// Its radius, metres.
    pub fn radius_m(&self) -> f64 {
        self.radius_m
    }
}

impl Polygon {
    /// A polygon from its rings, the outer one first. A ring may be closed or not, and may run either way round.
    ///
    /// # Errors
    /// [`ShapeError`] says which limit it breaks.
    pub fn new(rings: Vec<Vec<Position>>) -> Result<Self, ShapeError> {
        let rings: Vec<Vec<Position>> = rings.into_iter().map(opened).collect();
        let corners = rings.iter().map(Vec::len).sum();
        if corners > CORNERS_MAX {
            return Err(ShapeError::TooManyCorners(corners));
        }
        let origin = *rings.first().and_then(|ring| ring.first()).ok_or(ShapeError::TooFewCorners)?;
        if rings.iter().any(|ring| ring.len() < 3) {
            return Err(ShapeError::TooFewCorners);
        }
        let map = |ring: &Vec<Position>| ring.iter().map(|corner| plane::local(origin, *corner)).collect();
        let flat: Vec<Vec<Local>> = rings.iter().map(map).collect();
        within_limits(&flat)?;
        let polygon = simple(&flat)?;
        let middle = polygon
            .centroid()
            .filter(|middle| polygon.contains(middle))
            .or_else(|| polygon.interior_point())
            .and_then(|middle| plane::position(origin, Local { east: middle.x(), north: middle.y() }))
            .ok_or_else(|| ShapeError::NotSimple("it has no inside".to_owned()))?;
        Ok(Self { rings, middle })
    }

    /// The rings, the outer one first, each without the closing corner.
    pub fn rings(&self) -> &[Vec<Position>] {
        &self.rings
    }

    /// A position inside that stands for the whole.
    pub fn middle(&self) -> Position {
        self.middle
    }
}

impl Shape {
    /// The position that stands for the shape.
    pub fn middle(&self) -> Position {
        match self {
            Self::Circle(circle) => circle.centre,
            Self::Polygon(polygon) => polygon.middle,
        }
    }
}

fn opened(mut ring: Vec<Position>) -> Vec<Position> {
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}

/// Edges and extent.
fn within_limits(rings: &[Vec<Local>]) -> Result<(), ShapeError> {
    for ring in rings {
        for (from, to) in edges(ring) {
            let long = (to.east - from.east).hypot(to.north - from.north);
            if long < EDGE_MIN_M {
                return Err(ShapeError::ShortEdge);
            }
            if long > EDGE_MAX_M {
                return Err(ShapeError::LongEdge(long));
            }
        }
    }
    let outer = rings.first().map_or(&[][..], Vec::as_slice);
    let apart = |a: &Local, b: &Local| (a.east - b.east).hypot(a.north - b.north);
    let across = outer.iter().flat_map(|a| outer.iter().map(move |b| apart(a, b))).fold(0.0, f64::max);
    if across > ACROSS_MAX_M {
        return Err(ShapeError::TooWide(across));
    }
    Ok(())
}

/// The edges of a ring, the closing one too.
pub(super) fn edges(ring: &[Local]) -> impl Iterator<Item = (Local, Local)> + '_ {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// The same rings as a polygon of the geometry library, when its rules allow it.
fn simple(rings: &[Vec<Local>]) -> Result<geo::Polygon, ShapeError> {
    let line = |ring: &Vec<Local>| -> geo::LineString { ring.iter().map(|at| (at.east, at.north)).collect() };
    let mut lines = rings.iter().map(line);
    let outer = lines.next().ok_or(ShapeError::TooFewCorners)?;
    let polygon = geo::Polygon::new(outer, lines.collect());
    // On some degenerate rings the library's check panics instead of saying so.
    let checked = std::panic::catch_unwind(|| polygon.check_validation());
    let broken = |_| ShapeError::NotSimple("its edges touch or lie on each other".to_owned());
    checked.map_err(broken)?.map_err(|error| ShapeError::NotSimple(error.to_string()))?;
    let area = polygon.unsigned_area();
    if area < AREA_MIN_M2 {
        return Err(ShapeError::TooSmall(area));
    }
    Ok(polygon)
}
