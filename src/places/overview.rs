//! What an approver reads about a place: names and distances in bands, no coordinates.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    decision::Decidable,
    request::PlaceError,
    vault::{self, REQUEST_SHAPE},
};
use crate::{
    app::App,
    evidence::location::{fence::distance_m, shape::Shape},
    model::{geo::Position, words::PlaceKind},
    store::{StoreError, Tx, areas, places, units},
};

/// Nearer than this two homes are the same, metres.
pub const SAME_HOME_M: f64 = 50.0;
/// A home nearer to the office than this is remarked, metres.
pub const NEAR_OFFICE_M: f64 = 300.0;
/// Upper ends of the bands distances are told in, metres.
const BANDS_M: [f64; 8] = [50.0, 300.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 25_000.0, 50_000.0];

/// What there is to know about a place that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// Names of the areas it lies in, such as sub-districts; none when no areas were imported.
    pub areas: Vec<String>,
    /// Distance to the unit's office, as a band in metres; none when the office's position is not known.
    pub office_m: Option<(f64, Option<f64>)>,
    /// Whether it lies within [`NEAR_OFFICE_M`] of the office.
    pub near_office: bool,
    /// How many other people have their home within [`SAME_HOME_M`].
    pub same_home: usize,
    /// Radius of a circle, metres.
    pub radius_m: Option<f64>,
}

/// Looks a request over; its position stays here.
///
/// # Errors
/// [`PlaceError`] when the database fails or a seal does not open.
pub async fn of(app: &App, tx: &mut Tx, decidable: &Decidable) -> Result<Overview, PlaceError> {
    let request = decidable.row();
    let shape: Shape = vault::open(app, REQUEST_SHAPE, request.id.0, &request.shape)?;
    let middle = shape.middle();
    let office_m = units::office(tx, request.unit_id).await?.and_then(|(latitude, longitude)| {
        let office = Position::new(latitude, longitude).ok()?;
        Some(distance_m(middle, office))
    });
    let mut same_home = BTreeSet::new();
    if request.kind == PlaceKind::Home {
        for key in vault::cell_keys_around(app, middle) {
            for row in places::in_cell(tx, &key, request.valid_from).await? {
                let near =
                    vault::fence(app, &row).is_ok_and(|other| distance_m(middle, other.shape.middle()) <= SAME_HOME_M);
                if near && row.person_id != request.person_id {
                    same_home.insert(row.person_id);
                }
            }
        }
    }
    Ok(Overview {
        areas: areas_at(tx, middle).await?,
        office_m: office_m.map(band),
        near_office: office_m.is_some_and(|metres| metres <= NEAR_OFFICE_M),
        same_home: same_home.len(),
        radius_m: match &shape {
            Shape::Circle(circle) => Some(circle.radius_m()),
            Shape::Polygon(_) => None,
        },
    })
}

fn band(metres: f64) -> (f64, Option<f64>) {
    let from = BANDS_M.iter().copied().take_while(|end| *end <= metres).last().unwrap_or(0.0);
    (from, BANDS_M.iter().copied().find(|end| *end > metres))
}

/// The names of the areas that hold a position.
async fn areas_at(tx: &mut Tx, at: Position) -> Result<Vec<String>, StoreError> {
    let rows = areas::around(tx, at.latitude(), at.longitude()).await?;
    Ok(rows.into_iter().filter(|row| holds(&row.rings.0, at)).map(|row| row.name).collect())
}

/// Whether the coordinates of a `MultiPolygon` hold a position. Borders of areas are drawn in degrees, so this is too.
fn holds(polygons: &Value, at: Position) -> bool {
    let polygons: Vec<Vec<Vec<(f64, f64)>>> = serde_json::from_value(polygons.clone()).unwrap_or_default();
    let inside = |ring: &&Vec<(f64, f64)>| {
        let ends = ring.iter().zip(ring.iter().cycle().skip(1));
        let crosses = |((x1, y1), (x2, y2)): &(&(f64, f64), &(f64, f64))| {
            (*y1 > at.latitude()) != (*y2 > at.latitude())
                && at.longitude() < (x2 - x1) * (at.latitude() - y1) / (y2 - y1) + x1
        };
        ends.filter(crosses).count() % 2 == 1
    };
    polygons.iter().any(|rings| rings.iter().filter(inside).count() % 2 == 1)
}
