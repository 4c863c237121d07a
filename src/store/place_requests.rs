//! Requests about places: what somebody asks for and somebody else decides.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, lines::supervises, statements::statements};
use crate::model::{
    ids::{PersonId, PlaceId, PlaceRequestId, UnitId},
    time::{Timestamp, WorkDate},
    words::{PlaceAct, PlaceKind, PlaceReason, PlaceRequestState},
};

statements! {
    INSERT = "INSERT INTO place_requests (id, person_id, unit_id, act, kind, state, requested_by, requested_at, valid_from,
            valid_to, reason_code, reference, note, shape, cell_key, sigma_m, readings, days, spread_m)
        VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    BY_ID = "SELECT id, person_id, unit_id, act, kind, state, requested_by, requested_at, valid_from, valid_to,
            reason_code, reference, note, shape, cell_key, sigma_m, readings, days, spread_m, decided_by, decided_at,
            decision_note, place_id
        FROM place_requests WHERE id = $1";
    OF_PERSON = "SELECT id, person_id, unit_id, act, kind, state, requested_by, requested_at, valid_from, valid_to,
            reason_code, reference, note, shape, cell_key, sigma_m, readings, days, spread_m, decided_by, decided_at,
            decision_note, place_id
        FROM place_requests WHERE person_id = $1 ORDER BY requested_at DESC, id DESC LIMIT $2";
    FOR_SUPERVISOR = concat!("SELECT r.id, r.person_id, r.unit_id, r.act, r.kind, r.state, r.requested_by, r.requested_at, r.valid_from,
            r.valid_to, r.reason_code, r.reference, r.note, r.shape, r.cell_key, r.sigma_m, r.readings, r.days,
            r.spread_m, r.decided_by, r.decided_at, r.decision_note, r.place_id
        FROM place_requests r
        WHERE r.state = 'pending' AND r.act = 'register' AND r.kind <> 'hospital' AND r.kind <> 'isolation'
            AND ", supervises!("r.unit_id", "$1", "$2"), " AND r.person_id <> $1 AND (r.requested_at, r.id) > ($3, $4)
        ORDER BY r.requested_at, r.id LIMIT $5");
    FOR_AGENCY = "SELECT id, person_id, unit_id, act, kind, state, requested_by, requested_at, valid_from, valid_to,
            reason_code, reference, note, shape, cell_key, sigma_m, readings, days, spread_m, decided_by, decided_at,
            decision_note, place_id
        FROM place_requests
        WHERE state = 'pending' AND (act = 'correct' OR kind = 'hospital' OR kind = 'isolation')
            AND person_id <> $1 AND requested_by <> $1 AND (requested_at, id) > ($2, $3)
        ORDER BY requested_at, id LIMIT $4";
    DECIDE = "UPDATE place_requests SET state = $2, decided_by = $3, decided_at = $4, decision_note = $5, place_id = $6
        WHERE id = $1 AND state = 'pending'";
    AFTER = "SELECT id, person_id, unit_id, act, kind, state, requested_by, requested_at, valid_from, valid_to,
            reason_code, reference, note, shape, cell_key, sigma_m, readings, days, spread_m, decided_by, decided_at,
            decision_note, place_id
        FROM place_requests WHERE id > $1 ORDER BY id LIMIT $2";
    SEAL = "UPDATE place_requests SET shape = $2 WHERE id = $1";
}

/// A request as stored.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct PlaceRequestRow {
    /// Id.
    pub id: PlaceRequestId,
    /// Whose place.
    pub person_id: PersonId,
    /// The person's unit then.
    pub unit_id: UnitId,
    /// What is asked for.
    pub act: PlaceAct,
    /// What kind of place.
    pub kind: PlaceKind,
    /// Where it stands.
    pub state: PlaceRequestState,
    /// Who asks.
    pub requested_by: PersonId,
    /// When.
    pub requested_at: Timestamp,
    /// First day that is asked for.
    pub valid_from: WorkDate,
    /// Last day; none is open-ended.
    pub valid_to: Option<WorkDate>,
    /// Why.
    pub reason_code: PlaceReason,
    /// Number of an order or a letter.
    pub reference: Option<String>,
    /// In the words of whoever asks.
    pub note: Option<String>,
    /// The fence, sealed.
    pub shape: Vec<u8>,
    /// The square of the map its middle lies in, as a keyed hash.
    pub cell_key: Option<Vec<u8>>,
    /// Uncertainty of its position, metres.
    pub sigma_m: f64,
    /// From how many readings.
    pub readings: i64,
    /// On how many days they were taken.
    pub days: i64,
    /// Median distance of the readings from the centre, metres.
    pub spread_m: Option<f64>,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub decision_note: Option<String>,
    /// The version that came of it.
    pub place_id: Option<PlaceId>,
}

/// What a decision changes.
#[derive(Clone, Debug)]
pub struct DecisionRow {
    /// Approved, refused or withdrawn.
    pub state: PlaceRequestState,
    /// Who.
    pub decided_by: PersonId,
    /// When.
    pub decided_at: Timestamp,
    /// Why.
    pub note: Option<String>,
    /// The version that came of it.
    pub place_id: Option<PlaceId>,
}

/// Adds a pending request.
///
/// # Errors
/// [`StoreError`] when the person has a home waiting already, or is unknown.
pub async fn insert(tx: &mut Tx, row: &PlaceRequestRow) -> Result<(), StoreError> {
    let row = row.clone();
    execute!(
        tx,
        INSERT,
        row.id,
        row.person_id,
        row.unit_id,
        row.act,
        row.kind,
        row.requested_by,
        row.requested_at,
        row.valid_from,
        row.valid_to,
        row.reason_code,
        row.reference.clone(),
        row.note.clone(),
        row.shape.clone(),
        row.cell_key.clone(),
        row.sigma_m,
        row.readings,
        row.days,
        row.spread_m
    )?;
    Ok(())
}

/// One request.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_id(tx: &mut Tx, id: PlaceRequestId) -> Result<Option<PlaceRequestRow>, StoreError> {
    Ok(fetch!(fetch_optional, PlaceRequestRow, tx, BY_ID, id)?)
}

/// A person's requests, newest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_person(tx: &mut Tx, person_id: PersonId, limit: i64) -> Result<Vec<PlaceRequestRow>, StoreError> {
    Ok(fetch!(fetch_all, PlaceRequestRow, tx, OF_PERSON, person_id, limit)?)
}

/// What waits for a supervisor, oldest first, behind a point.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn for_supervisor(
    tx: &mut Tx,
    supervisor: PersonId,
    today: WorkDate,
    point: (Timestamp, PlaceRequestId),
    limit: i64,
) -> Result<Vec<PlaceRequestRow>, StoreError> {
    Ok(fetch!(fetch_all, PlaceRequestRow, tx, FOR_SUPERVISOR, supervisor, today, point.0, point.1, limit)?)
}

/// What waits for an administrator, oldest first, behind a point: corrections, and what tells of somebody's health.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn for_agency(
    tx: &mut Tx,
    administrator: PersonId,
    point: (Timestamp, PlaceRequestId),
    limit: i64,
) -> Result<Vec<PlaceRequestRow>, StoreError> {
    Ok(fetch!(fetch_all, PlaceRequestRow, tx, FOR_AGENCY, administrator, point.0, point.1, limit)?)
}

/// Decides a pending request; false when it is not pending any more.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn decide(tx: &mut Tx, id: PlaceRequestId, decision: &DecisionRow) -> Result<bool, StoreError> {
    let DecisionRow { state, decided_by, decided_at, note, place_id } = decision.clone();
    Ok(execute!(tx, DECIDE, id, state, decided_by, decided_at, note.clone(), place_id)? == 1)
}

/// Rows behind an id, in order of their ids.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn after(tx: &mut Tx, id: PlaceRequestId, limit: i64) -> Result<Vec<PlaceRequestRow>, StoreError> {
    Ok(fetch!(fetch_all, PlaceRequestRow, tx, AFTER, id, limit)?)
}

/// Puts the same fence under another seal.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn seal(tx: &mut Tx, id: PlaceRequestId, shape: &[u8]) -> Result<(), StoreError> {
    execute!(tx, SEAL, id, shape.to_vec())?;
    Ok(())
}
