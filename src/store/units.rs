//! Units: the organisation tree.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::ids::{PersonId, UnitId};

statements! {
    ALL = "SELECT id, code, name, parent_id, time_zone FROM units ORDER BY code, id";
    BY_ID = "SELECT id, code, name, parent_id, time_zone FROM units WHERE id = $1";
    INSERT = "INSERT INTO units (id, code, name, parent_id, time_zone) VALUES ($1, $2, $3, $4, $5)";
    UPDATE = "UPDATE units SET name = $2, parent_id = $3, time_zone = $4 WHERE id = $1";
    SET_OFFICE = "UPDATE units SET office_latitude = $2, office_longitude = $3 WHERE id = $1";
    OFFICE = "SELECT u.office_latitude, u.office_longitude FROM unit_lines l JOIN units u ON u.id = l.above_id
        WHERE l.unit_id = $1 AND u.office_latitude IS NOT NULL AND u.office_longitude IS NOT NULL
        ORDER BY l.distance LIMIT 1";
    OF_PERSON = "SELECT u.id, u.code, u.name, u.parent_id, u.time_zone FROM units u JOIN people p ON p.unit_id = u.id
        WHERE p.id = $1";
    // Whoever changes what belongs to a unit holds the row first.
    HOLD = "UPDATE units SET name = name WHERE id = $1";
    HOLD_TREE = "UPDATE units SET name = name WHERE id = (SELECT id FROM units ORDER BY id LIMIT 1)";
    COUNTS = "SELECT unit_id, COUNT(*) FROM people WHERE active = $1 GROUP BY unit_id";
}

/// A unit as stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct UnitRow {
    /// Its id.
    pub id: UnitId,
    /// The short code used in files, unique.
    pub code: String,
    /// The name people read.
    pub name: String,
    /// The unit above, or none for a root.
    pub parent_id: Option<UnitId>,
    /// IANA name of its time zone.
    pub time_zone: String,
}

/// Every unit, by code.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<UnitRow>, StoreError> {
    Ok(fetch!(fetch_all, UnitRow, tx, ALL)?)
}

/// One unit.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_id(tx: &mut Tx, id: UnitId) -> Result<Option<UnitRow>, StoreError> {
    Ok(fetch!(fetch_optional, UnitRow, tx, BY_ID, id)?)
}

/// The unit a person belongs to.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_person(tx: &mut Tx, person_id: PersonId) -> Result<Option<UnitRow>, StoreError> {
    Ok(fetch!(fetch_optional, UnitRow, tx, OF_PERSON, person_id)?)
}

/// Adds a unit.
///
/// # Errors
/// [`StoreError`] when the code is taken or the parent unknown.
pub async fn insert(tx: &mut Tx, unit: &UnitRow) -> Result<(), StoreError> {
    execute!(tx, INSERT, unit.id, unit.code.clone(), unit.name.clone(), unit.parent_id, unit.time_zone.clone())?;
    Ok(())
}

/// Gives a unit another name, parent or zone.
///
/// # Errors
/// [`StoreError`] when the parent is unknown.
pub async fn update(tx: &mut Tx, unit: &UnitRow) -> Result<(), StoreError> {
    execute!(tx, UPDATE, unit.id, unit.name.clone(), unit.parent_id, unit.time_zone.clone())?;
    Ok(())
}

/// Says where a unit's office stands, degrees north and east.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn set_office(tx: &mut Tx, id: UnitId, latitude: f64, longitude: f64) -> Result<(), StoreError> {
    execute!(tx, SET_OFFICE, id, latitude, longitude)?;
    Ok(())
}

/// Where the office of a unit stands, or that of the nearest unit above it.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn office(tx: &mut Tx, id: UnitId) -> Result<Option<(f64, f64)>, StoreError> {
    Ok(fetch!(fetch_optional, (f64, f64), tx, OFFICE, id)?)
}

/// Makes others who want to change what belongs to a unit wait for the end of this transaction.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn hold(tx: &mut Tx, id: UnitId) -> Result<(), StoreError> {
    execute!(tx, HOLD, id)?;
    Ok(())
}

/// Makes others who want to change the tree wait for the end of this transaction, at its oldest unit: two moves that are
/// sound one by one could make a circle together.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn hold_tree(tx: &mut Tx) -> Result<(), StoreError> {
    execute!(tx, HOLD_TREE)?;
    Ok(())
}

/// How many active people belong to each unit that has any.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn counts(tx: &mut Tx) -> Result<Vec<(UnitId, i64)>, StoreError> {
    Ok(fetch!(fetch_all, (UnitId, i64), tx, COUNTS, true)?)
}
