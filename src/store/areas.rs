//! Named areas, such as sub-districts.

use serde_json::Value;
use sqlx::FromRow;

use super::{Json, StoreError, Tx, execute, fetch, statements::statements};
use crate::model::ids::AreaId;

statements! {
    CLEAR = "DELETE FROM areas";
    INSERT = "INSERT INTO areas (id, name, south, west, north, east, rings) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    AROUND = "SELECT id, name, south, west, north, east, rings FROM areas
        WHERE south <= $1 AND north >= $1 AND west <= $2 AND east >= $2 ORDER BY name, id";
}

/// An area as stored.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct AreaRow {
    /// Id.
    pub id: AreaId,
    /// Name.
    pub name: String,
    /// Lowest latitude, degrees.
    pub south: f64,
    /// Lowest longitude, degrees.
    pub west: f64,
    /// Highest latitude, degrees.
    pub north: f64,
    /// Highest longitude, degrees.
    pub east: f64,
    /// Polygons of rings of [longitude, latitude], as in GeoJSON's `MultiPolygon`.
    pub rings: Json<Value>,
}

/// Drops all areas.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn clear(tx: &mut Tx) -> Result<u64, StoreError> {
    Ok(execute!(tx, CLEAR)?)
}

/// Adds an area.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn insert(tx: &mut Tx, row: &AreaRow) -> Result<(), StoreError> {
    execute!(tx, INSERT, row.id, row.name.clone(), row.south, row.west, row.north, row.east, row.rings.clone())?;
    Ok(())
}

/// The areas whose bounds hold a position.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn around(tx: &mut Tx, latitude: f64, longitude: f64) -> Result<Vec<AreaRow>, StoreError> {
    Ok(fetch!(fetch_all, AreaRow, tx, AROUND, latitude, longitude)?)
}
