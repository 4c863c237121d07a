//! People.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{PersonId, UnitId},
    time::WorkDate,
};

statements! {
    ALL = "SELECT id, nip, name, unit_id, active, password_hash FROM people ORDER BY nip, id";
    BY_ID = "SELECT id, nip, name, unit_id, active, password_hash FROM people WHERE id = $1";
    BY_NIP = "SELECT id, nip, name, unit_id, active, password_hash FROM people WHERE nip = $1";
    INSERT = "INSERT INTO people (id, nip, name, unit_id, active, password_hash) VALUES ($1, $2, $3, $4, $5, $6)";
    UPDATE = "UPDATE people SET name = $2, unit_id = $3, active = $4 WHERE id = $1";
    // Whoever changes what belongs to a person holds the row first.
    HOLD = "UPDATE people SET active = active WHERE id = $1";
    SET_PASSWORD = "UPDATE people SET password_hash = $2 WHERE id = $1";
    // The staff number is unique: whoever comes second adds nobody.
    ADD = "INSERT INTO people (id, nip, name, unit_id, active, password_hash, email) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (nip) DO NOTHING";
    EMAIL = "SELECT email FROM people WHERE id = $1";
    SET_EMAIL = "UPDATE people SET email = $2 WHERE id = $1";
    EMAILS = "SELECT id, email FROM people WHERE email IS NOT NULL";
    LISTED = "SELECT p.id, p.nip, p.name, p.unit_id, p.active, p.email,
            (SELECT COUNT(*) FROM devices d WHERE d.person_id = p.id AND d.revoked_at IS NULL) AS devices,
            EXISTS (SELECT 1 FROM places l WHERE l.person_id = p.id AND l.kind = 'home' AND l.valid_from <= $4
                AND (l.valid_to IS NULL OR l.valid_to >= $4)) AS has_home,
            EXISTS (SELECT 1 FROM role_assignments r WHERE r.person_id = p.id AND r.role = 'supervisor'
                AND r.valid_from <= $4 AND (r.valid_to IS NULL OR r.valid_to >= $4)) AS supervises,
            EXISTS (SELECT 1 FROM role_assignments r WHERE r.person_id = p.id AND r.role = 'auditor'
                AND r.valid_from <= $4 AND (r.valid_to IS NULL OR r.valid_to >= $4)) AS audits,
            EXISTS (SELECT 1 FROM role_assignments r WHERE r.person_id = p.id AND r.role = 'administrator'
                AND r.valid_from <= $4 AND (r.valid_to IS NULL OR r.valid_to >= $4)) AS administers
        FROM people p
        WHERE (p.name, p.id) > ($1, $2) AND (LOWER(p.name) LIKE $3 ESCAPE '!' OR LOWER(p.nip) LIKE $3 ESCAPE '!')
        ORDER BY p.name, p.id LIMIT $5";
    LISTED_OF_UNIT = "SELECT p.id, p.nip, p.name, p.unit_id, p.active, p.email,
            (SELECT COUNT(*) FROM devices d WHERE d.person_id = p.id AND d.revoked_at IS NULL) AS devices,
            EXISTS (SELECT 1 FROM places l WHERE l.person_id = p.id AND l.kind = 'home' AND l.valid_from <= $4
                AND (l.valid_to IS NULL OR l.valid_to >= $4)) AS has_home,
            EXISTS (SELECT 1 FROM role_assignments r WHERE r.person_id = p.id AND r.role = 'supervisor'
                AND r.valid_from <= $4 AND (r.valid_to IS NULL OR r.valid_to >= $4)) AS supervises,
            EXISTS (SELECT 1 FROM role_assignments r WHERE r.person_id = p.id AND r.role = 'auditor'
                AND r.valid_from <= $4 AND (r.valid_to IS NULL OR r.valid_to >= $4)) AS audits,
            EXISTS (SELECT 1 FROM role_assignments r WHERE r.person_id = p.id AND r.role = 'administrator'
                AND r.valid_from <= $4 AND (r.valid_to IS NULL OR r.valid_to >= $4)) AS administers
        FROM people p
        WHERE p.unit_id = $6 AND (p.name, p.id) > ($1, $2)
            AND (LOWER(p.name) LIKE $3 ESCAPE '!' OR LOWER(p.nip) LIKE $3 ESCAPE '!')
        ORDER BY p.name, p.id LIMIT $5";
}

/// A person in a list.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "a column each")]
pub struct ListedPerson {
    /// Id.
    pub id: PersonId,
    /// Staff number.
    pub nip: String,
    /// Name.
    pub name: String,
    /// Unit.
    pub unit_id: UnitId,
    /// Whether the person may sign in.
    pub active: bool,
    /// Where notices go.
    pub email: Option<String>,
    /// How many phones count.
    pub devices: i64,
    /// Whether a home is in force.
    pub has_home: bool,
    /// Whether a supervisor's role is in force.
    pub supervises: bool,
    /// An auditor's.
    pub audits: bool,
    /// An administrator's.
    pub administers: bool,
}

/// Which people, by name.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Those behind this name and id.
    pub after: (String, PersonId),
    /// Part of a name or a staff number; empty is everybody.
    pub part: String,
    /// The day that roles and homes have to be in force on.
    pub on: WorkDate,
    /// At most so many.
    pub limit: i64,
}

impl Wanted {
    /// As `LIKE` takes it.
    fn pattern(&self) -> String {
        let escaped = self.part.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        format!("%{escaped}%")
    }
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

/// Adds a person with an address; false when the staff number is taken.
///
/// # Errors
/// [`StoreError`] when the unit is unknown.
pub async fn add(tx: &mut Tx, person: &PersonRow, email: Option<&str>) -> Result<bool, StoreError> {
    let PersonRow { nip, name, password_hash, .. } = person.clone();
    let (unit_id, active, email) = (person.unit_id, person.active, email.map(str::to_owned));
    Ok(execute!(tx, ADD, person.id, nip, name, unit_id, active, password_hash, email)? == 1)
}

/// Where notices to a person go.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn email(tx: &mut Tx, id: PersonId) -> Result<Option<String>, StoreError> {
    Ok(fetch!(fetch_optional, (Option<String>,), tx, EMAIL, id)?.and_then(|(email,)| email))
}

/// Says where notices to a person go.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn set_email(tx: &mut Tx, id: PersonId, email: Option<&str>) -> Result<(), StoreError> {
    execute!(tx, SET_EMAIL, id, email.map(str::to_owned))?;
    Ok(())
}

/// The address of everybody who has one.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn emails(tx: &mut Tx) -> Result<Vec<(PersonId, String)>, StoreError> {
    Ok(fetch!(fetch_all, (PersonId, String), tx, EMAILS)?)
}

/// A part of everybody, by name.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn listed(tx: &mut Tx, wanted: &Wanted) -> Result<Vec<ListedPerson>, StoreError> {
    let ((name, id), pattern) = (wanted.after.clone(), wanted.pattern());
    Ok(fetch!(fetch_all, ListedPerson, tx, LISTED, name, id, pattern, wanted.on, wanted.limit)?)
}

/// A part of the people of a unit, by name.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn listed_of_unit(tx: &mut Tx, unit_id: UnitId, wanted: &Wanted) -> Result<Vec<ListedPerson>, StoreError> {
    let ((name, id), pattern) = (wanted.after.clone(), wanted.pattern());
    Ok(fetch!(fetch_all, ListedPerson, tx, LISTED_OF_UNIT, name, id, pattern, wanted.on, wanted.limit, unit_id)?)
}
