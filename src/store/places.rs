//! Places: versions of where a person may check in. Where exactly is sealed.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{PersonId, PlaceId, PlaceRequestId},
    time::{Timestamp, WorkDate},
    words::PlaceKind,
};

statements! {
    OPEN_HOMES = "SELECT id, person_id, kind, version, shape, cell_key, sigma_m, valid_from, valid_to, created_at, request_id
        FROM places WHERE kind = 'home' AND valid_to IS NULL ORDER BY person_id, version, id";
    OF_PERSON = "SELECT id, person_id, kind, version, shape, cell_key, sigma_m, valid_from, valid_to, created_at, request_id
        FROM places WHERE person_id = $1 ORDER BY kind, version, id";
    IN_FORCE = "SELECT id, person_id, kind, version, shape, cell_key, sigma_m, valid_from, valid_to, created_at, request_id
        FROM places WHERE person_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)
        ORDER BY kind, version, id";
    BY_ID = "SELECT id, person_id, kind, version, shape, cell_key, sigma_m, valid_from, valid_to, created_at, request_id
        FROM places WHERE id = $1";
    IN_CELL = "SELECT id, person_id, kind, version, shape, cell_key, sigma_m, valid_from, valid_to, created_at, request_id
        FROM places WHERE cell_key = $1 AND kind = 'home' AND (valid_to IS NULL OR valid_to >= $2) ORDER BY person_id, id";
    INSERT = "INSERT INTO places
        (id, person_id, kind, version, shape, cell_key, sigma_m, valid_from, valid_to, created_at, request_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    SET_END = "UPDATE places SET valid_to = $2 WHERE id = $1";
    AFTER = "SELECT id, person_id, kind, version, shape, cell_key, sigma_m, valid_from, valid_to, created_at, request_id
        FROM places WHERE id > $1 ORDER BY id LIMIT $2";
    SEAL = "UPDATE places SET shape = $2, cell_key = $3 WHERE id = $1";
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
    /// Its fence, sealed.
    pub shape: Vec<u8>,
    /// The square of the map its middle lies in, as a keyed hash.
    pub cell_key: Option<Vec<u8>>,
    /// Uncertainty of its position, metres, one standard deviation an axis.
    pub sigma_m: f64,
    /// First day.
    pub valid_from: WorkDate,
    /// Last day; none is open-ended.
    pub valid_to: Option<WorkDate>,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// The request it came from; none when imported.
    pub request_id: Option<PlaceRequestId>,
}

impl PlaceRow {
    /// Whether it holds on a day.
    pub fn is_in_force(&self, on: WorkDate) -> bool {
        self.valid_from <= on && self.valid_to.is_none_or(|last| last >= on)
    }
}

/// The home of everybody, as far as it is open-ended.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn open_homes(tx: &mut Tx) -> Result<Vec<PlaceRow>, StoreError> {
    Ok(fetch!(fetch_all, PlaceRow, tx, OPEN_HOMES)?)
}

/// Every version of every place of a person.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_person(tx: &mut Tx, person_id: PersonId) -> Result<Vec<PlaceRow>, StoreError> {
    Ok(fetch!(fetch_all, PlaceRow, tx, OF_PERSON, person_id)?)
}

/// A person's places on a day.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn in_force(tx: &mut Tx, person_id: PersonId, on: WorkDate) -> Result<Vec<PlaceRow>, StoreError> {
    Ok(fetch!(fetch_all, PlaceRow, tx, IN_FORCE, person_id, on)?)
}

/// One version.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_id(tx: &mut Tx, id: PlaceId) -> Result<Option<PlaceRow>, StoreError> {
    Ok(fetch!(fetch_optional, PlaceRow, tx, BY_ID, id)?)
}

/// Everybody's homes in a square of the map that are or will be in force on a day or later.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn in_cell(tx: &mut Tx, cell_key: &[u8], from: WorkDate) -> Result<Vec<PlaceRow>, StoreError> {
    Ok(fetch!(fetch_all, PlaceRow, tx, IN_CELL, cell_key.to_vec(), from)?)
}

/// Adds a version.
///
/// # Errors
/// [`StoreError`] when that version is there already or the person unknown.
pub async fn insert(tx: &mut Tx, row: &PlaceRow) -> Result<(), StoreError> {
    let (shape, cell, sigma) = (row.shape.clone(), row.cell_key.clone(), row.sigma_m);
    let (from, to, created, request) = (row.valid_from, row.valid_to, row.created_at, row.request_id);
    execute!(tx, INSERT, row.id, row.person_id, row.kind, row.version, shape, cell, sigma, from, to, created, request)?;
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

/// Versions behind an id, in order of their ids.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn after(tx: &mut Tx, id: PlaceId, limit: i64) -> Result<Vec<PlaceRow>, StoreError> {
    Ok(fetch!(fetch_all, PlaceRow, tx, AFTER, id, limit)?)
}

/// Puts the same fence under another seal.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn seal(tx: &mut Tx, row: &PlaceRow) -> Result<(), StoreError> {
    execute!(tx, SEAL, row.id, row.shape.clone(), row.cell_key.clone())?;
    Ok(())
}
