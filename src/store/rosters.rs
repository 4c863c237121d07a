//! Rosters: where people work on ranges of dates, when it is not at home.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{PersonId, RosterId},
    time::WorkDate,
    words::Duty,
};

statements! {
    ALL = "SELECT id, person_id, valid_from, valid_to, duty FROM rosters ORDER BY person_id, valid_from, id";
    ON = "SELECT id, person_id, valid_from, valid_to, duty FROM rosters
        WHERE person_id = $1 AND valid_from <= $2 AND valid_to >= $2 ORDER BY valid_from DESC, id DESC";
    OF_PERSON = "SELECT id, person_id, valid_from, valid_to, duty FROM rosters WHERE person_id = $1 ORDER BY valid_from, id";
    INSERT = "INSERT INTO rosters (id, person_id, valid_from, valid_to, duty) VALUES ($1, $2, $3, $4, $5)";
    UPDATE = "UPDATE rosters SET valid_to = $2, duty = $3 WHERE id = $1";
}

/// A range of dates of a person.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct RosterRow {
    /// Id.
    pub id: RosterId,
    /// Whose.
    pub person_id: PersonId,
    /// First date.
    pub valid_from: WorkDate,
    /// Last date.
    pub valid_to: WorkDate,
    /// Where the person works.
    pub duty: Duty,
}

/// Every row.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<RosterRow>, StoreError> {
    Ok(fetch!(fetch_all, RosterRow, tx, ALL)?)
}

/// Every row of a person.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_person(tx: &mut Tx, person_id: PersonId) -> Result<Vec<RosterRow>, StoreError> {
    Ok(fetch!(fetch_all, RosterRow, tx, OF_PERSON, person_id)?)
}

/// What holds for a person on a date: of rows that overlap the shortest is the exception to the others, as with
/// schedules, and of equal ones the one that began last. None means at home.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn on(tx: &mut Tx, person_id: PersonId, date: WorkDate) -> Result<Option<RosterRow>, StoreError> {
    let rows = fetch!(fetch_all, RosterRow, tx, ON, person_id, date)?;
    Ok(rows
        .into_iter()
        .min_by_key(|row| row.valid_from.0.until(row.valid_to.0).map_or(i32::MAX, |span| span.get_days())))
}

/// Stores a row.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn insert(tx: &mut Tx, row: &RosterRow) -> Result<(), StoreError> {
    execute!(tx, INSERT, row.id, row.person_id, row.valid_from, row.valid_to, row.duty)?;
    Ok(())
}

/// Changes the end and the duty of a row.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn update(tx: &mut Tx, row: &RosterRow) -> Result<(), StoreError> {
    execute!(tx, UPDATE, row.id, row.valid_to, row.duty)?;
    Ok(())
}
