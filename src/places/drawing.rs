//! A map without a place: a fence and the fixes around it, in whole metres from its middle. To see one is a look at
//! evidence, and is in the log before it is shown.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    decision::Decidable,
    readings,
    request::PlaceError,
    vault::{self, REQUEST_SHAPE},
};
use crate::{
    app::App,
    evidence::location::{plane, shape::Shape},
    log,
    model::{
        geo::Position,
        ids::{PersonId, PlaceRequestId},
        words::EntryKind,
    },
    store::home_readings,
};

/// A point of the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Spot {
    /// Metres east of the middle.
    #[schema(example = 42.0)]
    pub east_m: f64,
    /// Metres north of it.
    #[schema(example = -17.0)]
    pub north_m: f64,
    /// Stated accuracy of a fix, metres.
    pub accuracy_m: Option<f64>,
}

/// A fence, around its own middle.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Outline {
    /// Radius of a circle around the middle, metres.
    pub radius_m: Option<f64>,
    /// Rings of a polygon, the outer one first.
    pub rings: Vec<Vec<Spot>>,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Drawing {
    /// The fence; its middle is the origin. One only: two would tell where one lies from the other.
    pub fence: Outline,
    /// The fixes.
    pub fixes: Vec<Spot>,
}

#[derive(Serialize)]
struct Look {
    place_request_id: PlaceRequestId,
    viewer: PersonId,
    what: &'static str,
}

/// Draws fixes around the middle of a fence. Without its outline where that would tell of somebody's health: a hospital
/// is known by the shape of its grounds.
pub fn draw(shape: &Shape, with_outline: bool, fixes: &[(Position, f64)]) -> Drawing {
    let fence = if with_outline { outline(shape) } else { Outline { radius_m: None, rings: Vec::new() } };
    let origin = shape.middle();
    Drawing { fence, fixes: fixes.iter().map(|(at, accuracy_m)| spot(origin, *at, Some(*accuracy_m))).collect() }
}

fn outline(shape: &Shape) -> Outline {
    match shape {
        Shape::Circle(circle) => Outline { radius_m: Some(circle.radius_m()), rings: Vec::new() },
        Shape::Polygon(polygon) => {
            let ring = |ring: &Vec<Position>| ring.iter().map(|at| spot(polygon.middle(), *at, None)).collect();
            Outline { radius_m: None, rings: polygon.rings().iter().map(ring).collect() }
        }
    }
}

/// A position in whole metres from an origin.
pub fn spot(origin: Position, at: Position, accuracy_m: Option<f64>) -> Spot {
    let local = plane::local(origin, at);
    // No minus in front of a zero.
    Spot { east_m: local.east.round() + 0.0, north_m: local.north.round() + 0.0, accuracy_m }
}

/// The fence that is asked for with the readings it comes from; the look is logged first.
///
/// # Errors
/// [`PlaceError`] when the database fails or a seal does not open.
pub async fn of_request(app: &App, decidable: &Decidable, viewer: PersonId) -> Result<Drawing, PlaceError> {
    let row = decidable.row();
    let shape: Shape = vault::open(app, REQUEST_SHAPE, row.id.0, &row.shape)?;
    let mut tx = app.store.write().await?;
    let rows = home_readings::of_request(&mut tx, row.person_id, row.id).await?;
    let readings = readings::opened(app, &rows)?;
    let look = Look { place_request_id: row.id, viewer, what: "map" };
    log::append(&mut tx, EntryKind::EvidenceViewed, &look, app.now(), &app.chance).await?;
    tx.commit().await?;
    let fixes: Vec<(Position, f64)> = readings.iter().map(|reading| (reading.position, reading.accuracy_m)).collect();
    Ok(draw(&shape, true, &fixes))
}
