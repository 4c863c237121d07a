//! Sessions: one sign-in with its refresh generations.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{PersonId, SessionId, UnitId},
    time::{Timestamp, WorkDate},
    words::Role,
};

statements! {
    BY_ID = "SELECT id, person_id, generation, created_at, rotated_at, expires_at, revoked_at, cookie_sha256, seen_at
        FROM sessions WHERE id = $1";
    INSERT = "INSERT INTO sessions
        (id, person_id, generation, created_at, rotated_at, expires_at, revoked_at, cookie_sha256, seen_at)
        VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8)";
    CONSOLE = "SELECT seen_at FROM sessions WHERE id = $1 AND cookie_sha256 = $2 AND seen_at > $3";
    SEEN = "UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2";
    ROTATE = "UPDATE sessions SET generation = generation + 1, rotated_at = $3
        WHERE id = $1 AND generation = $2 AND revoked_at IS NULL";
    REVOKE = "UPDATE sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    REVOKE_ALL = "UPDATE sessions SET revoked_at = $2 WHERE person_id = $1 AND revoked_at IS NULL";
    HOLDER = "SELECT p.id, p.unit_id, u.time_zone, r.role, r.unit_id AS role_unit_id, r.valid_from, r.valid_to
        FROM sessions s JOIN people p ON p.id = s.person_id JOIN units u ON u.id = p.unit_id
            LEFT JOIN role_assignments r ON r.person_id = p.id
        WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND p.active = $3
        ORDER BY r.valid_from, r.id";
}

/// A session as stored.
#[derive(Clone, Debug, FromRow)]
pub struct SessionRow {
    /// Id.
    pub id: SessionId,
    /// Whose.
    pub person_id: PersonId,
    /// The generation of the refresh token that is good now.
    pub generation: i64,
    /// Sign-in.
    pub created_at: Timestamp,
    /// When the present generation began.
    pub rotated_at: Timestamp,
    /// Absolute end.
    pub expires_at: Timestamp,
    /// Set when signed out or when an old refresh token came back.
    pub revoked_at: Option<Timestamp>,
    /// Hash of the console's cookie; none on a phone.
    pub cookie_sha256: Option<Vec<u8>>,
    /// When the console was last used, to the minute; none on a phone.
    pub seen_at: Option<Timestamp>,
}

/// The person behind a session that is still good, with one of the roles the person was ever given; the parts of the
/// role are there together or not at all.
#[derive(Clone, Debug, FromRow)]
pub struct Holder {
    /// Who.
    #[sqlx(rename = "id")]
    pub person_id: PersonId,
    /// The unit the person belongs to.
    pub unit_id: UnitId,
    /// IANA name of the unit's zone.
    pub time_zone: String,
    /// Which role.
    pub role: Option<Role>,
    /// For which unit, if for one.
    pub role_unit_id: Option<UnitId>,
    /// Its first day.
    pub valid_from: Option<WorkDate>,
    /// Its last day; none is open-ended.
    pub valid_to: Option<WorkDate>,
}

/// One session.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_id(tx: &mut Tx, id: SessionId) -> Result<Option<SessionRow>, StoreError> {
    Ok(fetch!(fetch_optional, SessionRow, tx, BY_ID, id)?)
}

/// The active person behind a session that is neither revoked nor over: one row a role, one in any case.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn holder(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<Vec<Holder>, StoreError> {
    Ok(fetch!(fetch_all, Holder, tx, HOLDER, id, now, true)?)
}

/// Adds a session.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn insert(tx: &mut Tx, row: &SessionRow) -> Result<(), StoreError> {
    let (id, person_id, cookie) = (row.id, row.person_id, row.cookie_sha256.clone());
    let (created, rotated, expires) = (row.created_at, row.rotated_at, row.expires_at);
    execute!(tx, INSERT, id, person_id, row.generation, created, rotated, expires, cookie, row.seen_at)?;
    Ok(())
}

/// When a sign-in of the console was last used, if that was after `used_since` and the cookie is its own.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn console(
    tx: &mut Tx,
    id: SessionId,
    cookie_sha256: &[u8],
    used_since: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let found = fetch!(fetch_optional, (Timestamp,), tx, CONSOLE, id, cookie_sha256.to_vec(), used_since)?;
    Ok(found.map(|(seen_at,)| seen_at))
}

/// Notes that a sign-in of the console is used.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn seen(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    execute!(tx, SEEN, id, now)?;
    Ok(())
}

/// Moves on from a generation; false when another request did so first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn rotate(tx: &mut Tx, id: SessionId, generation: i64, now: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, ROTATE, id, generation, now)? == 1)
}

/// Ends a session.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn revoke(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    execute!(tx, REVOKE, id, now)?;
    Ok(())
}

/// Ends every session of a person; says how many.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn revoke_all(tx: &mut Tx, person_id: PersonId, now: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, REVOKE_ALL, person_id, now)?)
}
