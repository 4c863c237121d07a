//! Where places lie, under seal: the only way from a row to a position and back.

use aws_lc_rs::hmac;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    app::App,
    evidence::location::{fence::Fence, shape::Shape},
    model::geo::Position,
    seal::{Cell, SealError},
    store::places::PlaceRow,
};

/// Where the fence of a place version is kept.
pub const PLACE_SHAPE: &str = "places.shape";
/// Where the fence of a request is kept.
pub const REQUEST_SHAPE: &str = "place_requests.shape";
/// Where a reading at home is kept.
pub const READING: &str = "home_readings.sealed";
/// Where the words of a check-in are kept.
pub const POSITION: &str = "positions.sealed";

/// Side of the squares homes are compared by, degrees: about 111 m.
const SQUARE_DEG: f64 = 0.001;

/// Why something was not sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The seal.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// What was under it.
    #[error("what is under a seal of {column} cannot be read")]
    Content {
        /// Where it is kept.
        column: &'static str,
        /// Why.
        source: serde_json::Error,
    },
}

/// Seals a value for a row.
///
/// # Errors
/// [`VaultError`].
pub fn seal(app: &App, column: &'static str, id: uuid::Uuid, value: &impl Serialize) -> Result<Vec<u8>, VaultError> {
    let text = serde_json::to_vec(value).map_err(|source| VaultError::Content { column, source })?;
    Ok(app.sealer.seal(&app.chance, Cell { column, id: &id }, &text)?)
}

/// Opens what was sealed for a row.
///
/// # Errors
/// [`VaultError`] when it was changed, or its key is gone.
pub fn open<T: DeserializeOwned>(
    app: &App,
    column: &'static str,
    id: uuid::Uuid,
    sealed: &[u8],
) -> Result<T, VaultError> {
    let text = app.sealer.open(Cell { column, id: &id }, sealed)?;
    serde_json::from_slice(&text).map_err(|source| VaultError::Content { column, source })
}

/// The fence of a place version.
///
/// # Errors
/// As [`open`].
pub fn fence(app: &App, row: &PlaceRow) -> Result<Fence, VaultError> {
    let shape: Shape = open(app, PLACE_SHAPE, row.id.0, &row.shape)?;
    Ok(Fence { place_id: row.id, kind: row.kind, shape, sigma_m: row.sigma_m })
}

/// The square of the map a position lies in, as a keyed hash: equal squares can be found, none can be read.
pub fn cell_key(app: &App, position: Position) -> Vec<u8> {
    let [row, column] = square(position);
    keyed(app, row, column)
}

/// The square of a position and the eight around it.
pub fn cell_keys_around(app: &App, position: Position) -> Vec<Vec<u8>> {
    let [row, column] = square(position);
    let around = (-1..=1).flat_map(|up| (-1..=1).map(move |right| (row + up, column + right)));
    around.map(|(row, column)| keyed(app, row, column)).collect()
}

fn square(position: Position) -> [i64; 2] {
    [position.latitude(), position.longitude()].map(|degrees| (degrees / SQUARE_DEG).floor() as i64)
}

fn keyed(app: &App, row: i64, column: i64) -> Vec<u8> {
    hmac::sign(&app.keys.positions, format!("square|{row}|{column}").as_bytes()).as_ref().to_vec()
}
