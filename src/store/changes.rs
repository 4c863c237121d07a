//! Changes that two people make: proposed by one, decided by another.

use serde_json::Value;
use sqlx::FromRow;

use super::{Json, StoreError, Tx, execute, fetch, lines::supervises, statements::statements};
use crate::model::{
    ids::{ChangeId, PersonId, UnitId},
    time::{Timestamp, WorkDate},
    words::{ChangeKind, ChangeState},
};

statements! {
    INSERT = "INSERT INTO changes (id, kind, state, unit_id, person_id, payload, replaces, words_id, words_en, reason,
            proposed_by, proposed_at)
        VALUES ($1, $2, 'pending', $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    BY_ID = "SELECT c.id, c.kind, c.state, c.unit_id, c.person_id, c.payload, c.replaces, c.words_id, c.words_en, c.reason,
            c.proposed_by, c.proposed_at, c.decided_by, c.decided_at, c.note, p.name AS proposer, d.name AS decider
        FROM changes c JOIN people p ON p.id = c.proposed_by LEFT JOIN people d ON d.id = c.decided_by WHERE c.id = $1";
    // Whoever comes second waits for this row, and then finds it decided.
    DECIDE = "UPDATE changes SET state = $2, decided_by = $3, decided_at = $4, note = $5 WHERE id = $1 AND state = 'pending'";
    EVERY = "SELECT c.id, c.kind, c.state, c.unit_id, c.person_id, c.payload, c.replaces, c.words_id, c.words_en, c.reason,
            c.proposed_by, c.proposed_at, c.decided_by, c.decided_at, c.note, p.name AS proposer, d.name AS decider
        FROM changes c JOIN people p ON p.id = c.proposed_by LEFT JOIN people d ON d.id = c.decided_by
        WHERE (CAST($1 AS TEXT) IS NULL OR c.state = $1) AND (CAST($2 AS TEXT) IS NULL OR c.kind = $2) AND (c.proposed_at, c.id) < ($3, $4)
        ORDER BY c.proposed_at DESC, c.id DESC LIMIT $5";
    // Of a supervisor: what they proposed, and who is to act in the units they supervise.
    FOR_SUPERVISOR = concat!("SELECT c.id, c.kind, c.state, c.unit_id, c.person_id, c.payload, c.replaces, c.words_id, c.words_en, c.reason,
            c.proposed_by, c.proposed_at, c.decided_by, c.decided_at, c.note, p.name AS proposer, d.name AS decider
        FROM changes c JOIN people p ON p.id = c.proposed_by LEFT JOIN people d ON d.id = c.decided_by
        WHERE (CAST($1 AS TEXT) IS NULL OR c.state = $1) AND (CAST($2 AS TEXT) IS NULL OR c.kind = $2) AND (c.proposed_at, c.id) < ($3, $4)
            AND (c.proposed_by = $6 OR (c.kind = 'delegation' AND ", supervises!("c.unit_id", "$6", "$7"), "))
        ORDER BY c.proposed_at DESC, c.id DESC LIMIT $5");
}

/// A change to store; it waits.
#[derive(Clone, Debug)]
pub struct NewChange {
    /// Id.
    pub id: ChangeId,
    /// What it is about.
    pub kind: ChangeKind,
    /// The unit it is about, if about one.
    pub unit_id: Option<UnitId>,
    /// The person it is about, if about one; they do not approve it.
    pub person_id: Option<PersonId>,
    /// As proposed.
    pub payload: Json<Value>,
    /// What it takes the place of.
    pub replaces: Option<Json<Value>>,
    /// In one sentence, in Indonesian.
    pub words_id: String,
    /// And in English.
    pub words_en: String,
    /// Why.
    pub reason: String,
    /// Who proposes.
    pub proposed_by: PersonId,
    /// When.
    pub proposed_at: Timestamp,
}

/// A change as stored, with names.
#[derive(Clone, Debug, FromRow)]
pub struct ChangeRow {
    /// Id.
    pub id: ChangeId,
    /// What it is about.
    pub kind: ChangeKind,
    /// Where it stands.
    pub state: ChangeState,
    /// The unit it is about, if about one.
    pub unit_id: Option<UnitId>,
    /// The person it is about, if about one; they do not approve it.
    pub person_id: Option<PersonId>,
    /// As proposed.
    pub payload: Json<Value>,
    /// What it takes the place of.
    pub replaces: Option<Json<Value>>,
    /// In one sentence, in Indonesian.
    pub words_id: String,
    /// And in English.
    pub words_en: String,
    /// Why.
    pub reason: String,
    /// Who proposed.
    pub proposed_by: PersonId,
    /// When.
    pub proposed_at: Timestamp,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// In the words of who decided.
    pub note: Option<String>,
    /// Name of who proposed.
    pub proposer: String,
    /// Name of who decided.
    pub decider: Option<String>,
}

/// What is decided about a change.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// Approved, refused or withdrawn.
    pub state: ChangeState,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// In words.
    pub note: Option<String>,
}

/// Which changes, latest first.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// In which state only.
    pub state: Option<ChangeState>,
    /// Of which kind only.
    pub kind: Option<ChangeKind>,
    /// Those before this one.
    pub before: (Timestamp, ChangeId),
    /// At most so many.
    pub limit: i64,
}

/// Stores a change that waits.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn insert(tx: &mut Tx, new: &NewChange) -> Result<(), StoreError> {
    let NewChange { payload, replaces, words_id, words_en, reason, .. } = new.clone();
    let (by, at) = (new.proposed_by, new.proposed_at);
    let (id, kind, unit_id, person_id) = (new.id, new.kind, new.unit_id, new.person_id);
    execute!(tx, INSERT, id, kind, unit_id, person_id, payload, replaces, words_id, words_en, reason, by, at)?;
    Ok(())
}

/// One change.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_id(tx: &mut Tx, id: ChangeId) -> Result<Option<ChangeRow>, StoreError> {
    Ok(fetch!(fetch_optional, ChangeRow, tx, BY_ID, id)?)
}

/// Decides a change that waits, once; false when it was decided before.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn decide(tx: &mut Tx, id: ChangeId, ruling: &Ruling) -> Result<bool, StoreError> {
    Ok(execute!(tx, DECIDE, id, ruling.state, ruling.by, ruling.at, ruling.note.clone())? == 1)
}

/// Everybody's changes, latest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn every(tx: &mut Tx, wanted: Wanted) -> Result<Vec<ChangeRow>, StoreError> {
    let Wanted { state, kind, before: (at, id), limit } = wanted;
    Ok(fetch!(fetch_all, ChangeRow, tx, EVERY, state, kind, at, id, limit)?)
}

/// What a supervisor proposed, and who is to act in the units they supervise on a day; latest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn for_supervisor(
    tx: &mut Tx,
    wanted: Wanted,
    person_id: PersonId,
    on: WorkDate,
) -> Result<Vec<ChangeRow>, StoreError> {
    let Wanted { state, kind, before: (at, id), limit } = wanted;
    Ok(fetch!(fetch_all, ChangeRow, tx, FOR_SUPERVISOR, state, kind, at, id, limit, person_id, on)?)
}
