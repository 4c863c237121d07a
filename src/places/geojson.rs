//! GeoJSON (RFC 7946) in and out. Positions there are `[longitude, latitude]`, and there are no circles: a circle is a
//! point with `"shape": "circle"` and `radius_m` among its properties.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    evidence::location::shape::{Circle, Polygon, Shape, ShapeError},
    model::geo::{Position, PositionError},
};

/// Decimals that are written: 7 are a centimetre.
const DECIMALS: f64 = 1e7;

/// Why a GeoJSON text is no fence.
#[derive(Debug, thiserror::Error)]
pub enum GeoJsonError {
    /// Not what RFC 7946 describes.
    #[error("not the GeoJSON that is taken: {0}")]
    Json(#[from] serde_json::Error),
    /// A geometry of another kind.
    #[error("a fence is a Feature with a Polygon, or with a Point and radius_m among its properties")]
    Kind,
    /// Not a position.
    #[error("position {place}: {source}")]
    Position {
        /// Counted from 1.
        place: usize,
        /// Why.
        source: PositionError,
    },
    /// A ring is open.
    #[error("a ring has to end where it begins")]
    Open,
    /// Breaks a limit.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

/// A feature as it is read.
#[derive(Deserialize)]
struct Feature {
    geometry: Geometry,
    #[serde(default)]
    properties: Option<Value>,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Point(Vec<f64>),
    Polygon(Vec<Vec<Vec<f64>>>),
    #[serde(other)]
    Other,
}

/// Reads the fence of a feature.
///
/// # Errors
/// [`GeoJsonError`].
pub fn read(feature: &Value) -> Result<Shape, GeoJsonError> {
    // `other` takes no content, so other kinds are told apart first.
    let kind = feature.pointer("/geometry/type").and_then(Value::as_str);
    if feature.get("type").and_then(Value::as_str) != Some("Feature") || !matches!(kind, Some("Point" | "Polygon")) {
        return Err(GeoJsonError::Kind);
    }
    let Feature { geometry, properties } = Feature::deserialize(feature)?;
    match geometry {
        Geometry::Point(coordinates) => {
            let radius_m = properties.as_ref().and_then(|all| all.get("radius_m")).and_then(Value::as_f64);
            let radius_m = radius_m.ok_or(GeoJsonError::Kind)?;
            Ok(Shape::Circle(Circle::new(position(1, &coordinates)?, radius_m)?))
        }
        Geometry::Polygon(rings) => {
            let mut place = 0;
            let mut read = Vec::new();
            for ring in rings {
                if ring.len() < 4 || ring.first() != ring.last() {
                    return Err(GeoJsonError::Open);
                }
                let mut corners = Vec::new();
                for coordinates in ring {
                    place += 1;
                    corners.push(position(place, &coordinates)?);
                }
                read.push(corners);
            }
            Ok(Shape::Polygon(Polygon::new(read)?))
        }
        Geometry::Other => Err(GeoJsonError::Kind),
    }
}

fn position(place: usize, coordinates: &[f64]) -> Result<Position, GeoJsonError> {
    // A third number is a height, which a fence does not have.
    let [longitude, latitude] = coordinates.first_chunk().copied().ok_or(GeoJsonError::Kind)?;
    Position::new(latitude, longitude).map_err(|source| GeoJsonError::Position { place, source })
}

/// Writes a fence as a feature with these properties; outer rings run anticlockwise, holes clockwise.
pub fn write(shape: &Shape, mut properties: serde_json::Map<String, Value>) -> Value {
    let point = |at: Position| json!([rounded(at.longitude()), rounded(at.latitude())]);
    let geometry = match shape {
        Shape::Circle(circle) => {
            properties.insert("shape".to_owned(), json!("circle"));
            properties.insert("radius_m".to_owned(), json!(circle.radius_m()));
            json!({"type": "Point", "coordinates": point(circle.centre())})
        }
        Shape::Polygon(polygon) => {
            let ring = |(place, ring): (usize, &Vec<Position>)| {
                let mut corners: Vec<Value> = wound(ring, place == 0).into_iter().map(point).collect();
                corners.extend(corners.first().cloned());
                Value::Array(corners)
            };
            let rings: Vec<Value> = polygon.rings().iter().enumerate().map(ring).collect();
            json!({"type": "Polygon", "coordinates": rings})
        }
    };
    json!({"type": "Feature", "geometry": geometry, "properties": properties})
}

fn rounded(degrees: f64) -> f64 {
    (degrees * DECIMALS).round() / DECIMALS
}

/// The ring, running the way RFC 7946 asks for.
fn wound(ring: &[Position], anticlockwise: bool) -> Vec<Position> {
    let ends = ring.iter().zip(ring.iter().cycle().skip(1));
    let twice: f64 = ends.map(|(a, b)| a.longitude() * b.latitude() - b.longitude() * a.latitude()).sum();
    let mut corners = ring.to_vec();
    if (twice > 0.0) != anticlockwise {
        corners.reverse();
    }
    corners
}
