//! People.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::ids::{PersonId, UnitId};

statements! {
    ALL = "SELECT id, nip, name, unit_id, active, password_hash FROM people ORDER BY nip, id";
    BY_ID = "SELECT id, nip, name, unit_id, active, password_hash FROM people WHERE id = $1";
    BY_NIP = "SELECT id, nip, name, unit_id, active, password_hash FROM people WHERE nip = $1";
    INSERT = "INSERT INTO people (id, nip, name, unit_id, active, password_hash) VALUES ($1, $2, $3, $4, $5, $6)";
    UPDATE = "UPDATE people SET name = $2, unit_id = $3, active = $4 WHERE id = $1";
    // Whoever changes what belongs to a person holds the row first.
    HOLD = "UPDATE people SET active = active WHERE id = $1";
    SET_PASSWORD = "UPDATE people SET password_hash = $2 WHERE id = $1";
}

/// A person as stored.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct PersonRow {
    /// Id.
    pub id: PersonId,
    /// Staff number, unique.
    pub nip: String,
    /// Name.
    pub name: String,
    /// The unit the person belongs to.
    pub unit_id: UnitId,
    /// Whether the person may sign in.
    pub active: bool,
    /// Argon2id in PHC format; none until a first password is set.
    pub password_hash: Option<String>,
}

/// Everybody, by staff number.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<PersonRow>, StoreError> {
    Ok(fetch!(fetch_all, PersonRow, tx, ALL)?)
}

/// One person.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_id(tx: &mut Tx, id: PersonId) -> Result<Option<PersonRow>, StoreError> {
    Ok(fetch!(fetch_optional, PersonRow, tx, BY_ID, id)?)
}

/// The person with a staff number.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_nip(tx: &mut Tx, nip: &str) -> Result<Option<PersonRow>, StoreError> {
    Ok(fetch!(fetch_optional, PersonRow, tx, BY_NIP, nip.to_owned())?)
}

/// Adds a person.
///
/// # Errors
/// [`StoreError`] when the staff number is taken or the unit unknown.
pub async fn insert(tx: &mut Tx, person: &PersonRow) -> Result<(), StoreError> {
    let (nip, name, hash) = (person.nip.clone(), person.name.clone(), person.password_hash.clone());
    execute!(tx, INSERT, person.id, nip, name, person.unit_id, person.active, hash)?;
    Ok(())
}

/// Changes name, unit or whether the person may sign in.
///
/// # Errors
/// [`StoreError`] when the unit is unknown.
pub async fn update(tx: &mut Tx, person: &PersonRow) -> Result<(), StoreError> {
    execute!(tx, UPDATE, person.id, person.name.clone(), person.unit_id, person.active)?;
    Ok(())
}

/// Sets the password's hash.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn set_password(tx: &mut Tx, id: PersonId, hash: &str) -> Result<(), StoreError> {
    execute!(tx, SET_PASSWORD, id, hash.to_owned())?;
    Ok(())
}

/// Makes others who want to change what belongs to a person wait for the end of this transaction.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn hold(tx: &mut Tx, id: PersonId) -> Result<(), StoreError> {
    execute!(tx, HOLD, id)?;
    Ok(())
}
