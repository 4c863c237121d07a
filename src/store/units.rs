//! Units: the organisation tree.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::ids::{PersonId, UnitId};

statements! {
    ALL = "SELECT id, code, name, parent_id, time_zone FROM units ORDER BY code, id";
    BY_ID = "SELECT id, code, name, parent_id, time_zone FROM units WHERE id = $1";
    INSERT = "INSERT INTO units (id, code, name, parent_id, time_zone) VALUES ($1, $2, $3, $4, $5)";
    UPDATE = "UPDATE units SET name = $2, parent_id = $3, time_zone = $4 WHERE id = $1";
    OF_PERSON = "SELECT u.id, u.code, u.name, u.parent_id, u.time_zone FROM units u JOIN people p ON p.unit_id = u.id
        WHERE p.id = $1";
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
