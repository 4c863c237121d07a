//! Incidents: declared outages.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{ChangeId, IncidentId, UnitId},
    time::Timestamp,
};

statements! {
    ALL = "SELECT id, code, unit_id, starts_at, ends_at, words_id, words_en FROM incidents ORDER BY code";
    // Those of the unit, of every unit above it, and of everybody.
    FOR_UNIT = "SELECT i.id, i.code, i.unit_id, i.starts_at, i.ends_at, i.words_id, i.words_en FROM incidents i
        WHERE i.ends_at > $2 AND i.starts_at < $3 AND (i.unit_id IS NULL OR i.unit_id IN (SELECT above_id FROM unit_lines WHERE unit_id = $1))
        ORDER BY i.starts_at, i.id";
    BY_ID = "SELECT id, code, unit_id, starts_at, ends_at, words_id, words_en FROM incidents WHERE id = $1";
    INSERT = "INSERT INTO incidents (id, code, unit_id, starts_at, ends_at, words_id, words_en)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    UPDATE = "UPDATE incidents SET unit_id = $2, starts_at = $3, ends_at = $4, words_id = $5, words_en = $6 WHERE id = $1";
    // The code is unique: whoever comes second declares nothing.
    DECLARE = "INSERT INTO incidents (id, code, unit_id, starts_at, ends_at, words_id, words_en, change_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (code) DO NOTHING";
    BETWEEN = "SELECT id, code, unit_id, starts_at, ends_at, words_id, words_en FROM incidents
        WHERE ends_at > $1 AND starts_at < $2 ORDER BY starts_at, id";
}

/// A declared outage.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct IncidentRow {
    /// Id.
    pub id: IncidentId,
    /// What the files call it.
    pub code: String,
    /// For which unit and those below it; none is everybody.
    pub unit_id: Option<UnitId>,
    /// Its beginning.
    pub starts_at: Timestamp,
    /// Its end.
    pub ends_at: Timestamp,
    /// What people read, in Indonesian.
    pub words_id: String,
    /// And in English.
    pub words_en: String,
}

/// Every incident.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<IncidentRow>, StoreError> {
    Ok(fetch!(fetch_all, IncidentRow, tx, ALL)?)
}

/// One incident.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_id(tx: &mut Tx, id: IncidentId) -> Result<Option<IncidentRow>, StoreError> {
    Ok(fetch!(fetch_optional, IncidentRow, tx, BY_ID, id)?)
}

/// The incidents of a unit that touch a span of time.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn for_unit(
    tx: &mut Tx,
    unit_id: UnitId,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<IncidentRow>, StoreError> {
    Ok(fetch!(fetch_all, IncidentRow, tx, FOR_UNIT, unit_id, from, until)?)
}

/// Stores an incident.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn insert(tx: &mut Tx, row: &IncidentRow) -> Result<(), StoreError> {
    let row = row.clone();
    let (id, code, words_id, words_en) = (row.id, row.code, row.words_id, row.words_en);
    execute!(tx, INSERT, id, code, row.unit_id, row.starts_at, row.ends_at, words_id, words_en)?;
    Ok(())
}

/// Changes an incident.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn update(tx: &mut Tx, row: &IncidentRow) -> Result<(), StoreError> {
    let row = row.clone();
    execute!(tx, UPDATE, row.id, row.unit_id, row.starts_at, row.ends_at, row.words_id, row.words_en)?;
    Ok(())
}

/// Stores an incident that an approved change declares; false when its code is taken.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn declare(tx: &mut Tx, row: &IncidentRow, change_id: ChangeId) -> Result<bool, StoreError> {
    let row = row.clone();
    let (id, code, words_id, words_en) = (row.id, row.code, row.words_id, row.words_en);
    let (from, to) = (row.starts_at, row.ends_at);
    Ok(execute!(tx, DECLARE, id, code, row.unit_id, from, to, words_id, words_en, change_id)? == 1)
}

/// Every incident that touches a span of time, of whatever unit.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn between(tx: &mut Tx, from: Timestamp, until: Timestamp) -> Result<Vec<IncidentRow>, StoreError> {
    Ok(fetch!(fetch_all, IncidentRow, tx, BETWEEN, from, until)?)
}
