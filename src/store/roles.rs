//! Role assignments with their dates.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, lines::supervises, statements::statements};
use crate::model::{
    ids::{ChangeId, PersonId, RoleId, UnitId},
    time::WorkDate,
    words::Role,
};

statements! {
    ALL = "SELECT id, person_id, role, unit_id, valid_from, valid_to FROM role_assignments ORDER BY person_id, valid_from, id";
    INSERT = "INSERT INTO role_assignments (id, person_id, role, unit_id, valid_from, valid_to)
        VALUES ($1, $2, $3, $4, $5, $6)";
    SET_END = "UPDATE role_assignments SET valid_to = $2 WHERE id = $1";
    SUPERVISES = concat!("SELECT u.id FROM units u WHERE u.id = $3 AND ", supervises!("u.id", "$1", "$2"));
    // The nearest unit, from the one asked about upwards, where somebody else may decide.
    DESK = "SELECT l.above_id FROM unit_lines l WHERE l.unit_id = $1 AND EXISTS (
            SELECT 1 FROM role_assignments r JOIN people p ON p.id = r.person_id
            WHERE r.unit_id = l.above_id AND r.role = 'supervisor' AND r.valid_from <= $2
                AND (r.valid_to IS NULL OR r.valid_to >= $2) AND p.active = $3 AND r.person_id <> $4 AND r.person_id <> $5)
        ORDER BY l.distance LIMIT 1";
    AT_DESK = "SELECT DISTINCT r.person_id FROM role_assignments r JOIN people p ON p.id = r.person_id
        WHERE r.unit_id = $1 AND r.role = 'supervisor' AND r.valid_from <= $2
            AND (r.valid_to IS NULL OR r.valid_to >= $2) AND p.active = $3 ORDER BY r.person_id";
    GRANT = "INSERT INTO role_assignments (id, person_id, role, unit_id, valid_from, valid_to, acting, granted_by, change_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    NAMED = "SELECT r.id, r.person_id, r.role, r.unit_id, r.valid_from, r.valid_to, r.acting, r.granted_by,
            u.code AS unit_code, u.name AS unit_name, p.nip, p.name AS person_name, g.name AS giver
        FROM role_assignments r JOIN people p ON p.id = r.person_id LEFT JOIN units u ON u.id = r.unit_id
            LEFT JOIN people g ON g.id = r.granted_by
        WHERE r.id = $1";
    OF_PERSON = "SELECT r.id, r.person_id, r.role, r.unit_id, r.valid_from, r.valid_to, r.acting, r.granted_by,
            u.code AS unit_code, u.name AS unit_name, p.nip, p.name AS person_name, g.name AS giver
        FROM role_assignments r JOIN people p ON p.id = r.person_id LEFT JOIN units u ON u.id = r.unit_id
            LEFT JOIN people g ON g.id = r.granted_by
        WHERE r.person_id = $1 ORDER BY r.valid_from, r.id";
    DELEGATIONS = "SELECT r.id, r.person_id, r.role, r.unit_id, r.valid_from, r.valid_to, r.acting, r.granted_by,
            u.code AS unit_code, u.name AS unit_name, p.nip, p.name AS person_name, g.name AS giver
        FROM role_assignments r JOIN people p ON p.id = r.person_id LEFT JOIN units u ON u.id = r.unit_id
            LEFT JOIN people g ON g.id = r.granted_by
        WHERE r.acting = $2 AND (r.granted_by = $1 OR r.person_id = $1) ORDER BY r.valid_from DESC, r.id DESC LIMIT $3";
}

/// An assignment with the names that go with it, and whether it is held for somebody else.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct NamedRole {
    /// The assignment.
    #[sqlx(flatten)]
    pub role: RoleRow,
    /// Whether the person acts for somebody else.
    pub acting: bool,
    /// Who let them act, or proposed the role.
    pub granted_by: Option<PersonId>,
    /// Code of the unit.
    pub unit_code: Option<String>,
    /// Name of the unit.
    pub unit_name: Option<String>,
    /// Staff number of who holds it.
    pub nip: String,
    /// Name of who holds it.
    pub person_name: String,
    /// Name of who granted it.
    pub giver: Option<String>,
}

/// Where an assignment comes from.
#[derive(Clone, Copy, Debug)]
pub struct Grant {
    /// Whether the person acts for somebody else.
    pub acting: bool,
    /// Who proposed it.
    pub by: PersonId,
    /// The change that was approved.
    pub change_id: ChangeId,
}

/// One assignment as stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct RoleRow {
    /// Id.
    pub id: RoleId,
    /// Who holds it.
    pub person_id: PersonId,
    /// Which role.
    pub role: Role,
    /// For which unit, if for one.
    pub unit_id: Option<UnitId>,
    /// First day.
    pub valid_from: WorkDate,
    /// Last day; none is open-ended.
    pub valid_to: Option<WorkDate>,
}

/// Every assignment.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<RoleRow>, StoreError> {
    Ok(fetch!(fetch_all, RoleRow, tx, ALL)?)
}

/// Adds an assignment.
///
/// # Errors
/// [`StoreError`] when person or unit is unknown.
pub async fn insert(tx: &mut Tx, role: &RoleRow) -> Result<(), StoreError> {
    execute!(tx, INSERT, role.id, role.person_id, role.role, role.unit_id, role.valid_from, role.valid_to)?;
    Ok(())
}

/// Sets the last day of an assignment.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn set_end(tx: &mut Tx, id: RoleId, valid_to: Option<WorkDate>) -> Result<(), StoreError> {
    execute!(tx, SET_END, id, valid_to)?;
    Ok(())
}

/// Whether a person supervises a unit on a day, directly or through a unit above it.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn supervises(tx: &mut Tx, person_id: PersonId, unit_id: UnitId, on: WorkDate) -> Result<bool, StoreError> {
    Ok(fetch!(fetch_optional, (UnitId,), tx, SUPERVISES, person_id, on, unit_id)?.is_some())
}

/// The nearest unit from `unit_id` upwards that somebody supervises on a day who is neither `subject` nor `barred`.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn desk(
    tx: &mut Tx,
    unit_id: UnitId,
    on: WorkDate,
    subject: PersonId,
    barred: Option<PersonId>,
) -> Result<Option<UnitId>, StoreError> {
    let barred = barred.unwrap_or(subject);
    Ok(fetch!(fetch_optional, (UnitId,), tx, DESK, unit_id, on, true, subject, barred)?.map(|(id,)| id))
}

/// Who supervises a unit directly on a day.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn at_desk(tx: &mut Tx, unit_id: UnitId, on: WorkDate) -> Result<Vec<PersonId>, StoreError> {
    let rows = fetch!(fetch_all, (PersonId,), tx, AT_DESK, unit_id, on, true)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Adds an assignment that an approved change grants.
///
/// # Errors
/// [`StoreError`] when person or unit is unknown.
pub async fn grant(tx: &mut Tx, role: &RoleRow, grant: Grant) -> Result<(), StoreError> {
    let Grant { acting, by, change_id } = grant;
    let (from, to) = (role.valid_from, role.valid_to);
    execute!(tx, GRANT, role.id, role.person_id, role.role, role.unit_id, from, to, acting, by, change_id)?;
    Ok(())
}

/// One assignment.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn named(tx: &mut Tx, id: RoleId) -> Result<Option<NamedRole>, StoreError> {
    Ok(fetch!(fetch_optional, NamedRole, tx, NAMED, id)?)
}

/// Every assignment of a person, by first day.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_person(tx: &mut Tx, person_id: PersonId) -> Result<Vec<NamedRole>, StoreError> {
    Ok(fetch!(fetch_all, NamedRole, tx, OF_PERSON, person_id)?)
}

/// Whom a person let act for them, and for whom they act; the latest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn delegations(tx: &mut Tx, person_id: PersonId, limit: i64) -> Result<Vec<NamedRole>, StoreError> {
    Ok(fetch!(fetch_all, NamedRole, tx, DELEGATIONS, person_id, true, limit)?)
}
