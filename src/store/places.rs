//! Places: versions of where a person may check in.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{PersonId, PlaceId},
    time::{Timestamp, WorkDate},
    words::PlaceKind,
};

statements! {
    OPEN_HOMES = "SELECT id, person_id, kind, version, latitude, longitude, radius_m, sigma_m, valid_from, valid_to, created_at
        FROM places WHERE kind = 'home' AND valid_to IS NULL ORDER BY person_id, version, id";
    IN_FORCE = "SELECT id, person_id, kind, version, latitude, longitude, radius_m, sigma_m, valid_from, valid_to, created_at
        FROM places WHERE person_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)
        ORDER BY kind, version, id";
    INSERT = "INSERT INTO places
        (id, person_id, kind, version, latitude, longitude, radius_m, sigma_m, valid_from, valid_to, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    SET_END = "UPDATE places SET valid_to = $2 WHERE id = $1";
}

/// One version of a place as stored.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct PlaceRow {
    /// Id of this version.
    pub id: PlaceId,
    /// Whose place.
    pub person_id: PersonId,
    /// What kind.
    pub kind: PlaceKind,
    /// 1 for the first.
    pub version: i64,
    /// Centre, degrees north.
    pub latitude: f64,
    /// Centre, degrees east.
    pub longitude: f64,
    /// Radius of the fence.
    pub radius_m: f64,
    /// Uncertainty of the centre, one standard deviation an axis.
    pub sigma_m: f64,
    /// First day.
    pub valid_from: WorkDate,
    /// Last day; none is open-ended.
    pub valid_to: Option<WorkDate>,
    /// When it was recorded.
    pub created_at: Timestamp,
}

/// The home of everybody, as far as it is open-ended.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn open_homes(tx: &mut Tx) -> Result<Vec<PlaceRow>, StoreError> {
    Ok(fetch!(fetch_all, PlaceRow, tx, OPEN_HOMES)?)
}

/// A person's places on a day.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn in_force(tx: &mut Tx, person_id: PersonId, on: WorkDate) -> Result<Vec<PlaceRow>, StoreError> {
    Ok(fetch!(fetch_all, PlaceRow, tx, IN_FORCE, person_id, on)?)
}

/// Adds a version.
///
/// # Errors
/// [`StoreError`] when that version is there already or the person unknown.
pub async fn insert(tx: &mut Tx, row: &PlaceRow) -> Result<(), StoreError> {
    let (lat, lon, radius, sigma) = (row.latitude, row.longitude, row.radius_m, row.sigma_m);
    let (from, to, created) = (row.valid_from, row.valid_to, row.created_at);
    execute!(tx, INSERT, row.id, row.person_id, row.kind, row.version, lat, lon, radius, sigma, from, to, created)?;
    Ok(())
}

/// Sets the last day of a version.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn set_end(tx: &mut Tx, id: PlaceId, valid_to: Option<WorkDate>) -> Result<(), StoreError> {
    execute!(tx, SET_END, id, valid_to)?;
    Ok(())
}
