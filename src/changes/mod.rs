//! Changes that two people make: somebody proposes, somebody else approves, and it is applied in the same transaction.
//! The table is the history; both steps are in the log.

pub mod delegation;
pub mod effect;
pub mod incident;
pub mod payload;
pub mod policy;
pub mod role;
pub mod schedule;

use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;

use crate::{
    app::App,
    log::{self, LogError},
    model::{
        ids::{ChangeId, PersonId, UnitId},
        time::{Timestamp, WorkDate},
        words::{ChangeKind, ChangeState, EntryKind, Role, Words},
    },
    presence::tree::Tree,
    session::SignedIn,
    store::{
        Json, StoreError, Tx,
        changes::{self, ChangeRow, NewChange, Ruling, Wanted},
        people::{self, PersonRow},
        units::{self, UnitRow},
    },
};

pub use payload::Payload;

/// Longest reason or note, characters.
pub const TEXT_MAX: usize = 500;

/// Why a change was not proposed, decided or withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such change, or it is not for these eyes.
    #[error("there is no such change for you")]
    NotFound,
    /// Whoever proposed it, or is its subject, wants to decide it.
    #[error("you proposed this change, or it is about you: somebody else decides it")]
    Own,
    /// It was decided or withdrawn.
    #[error("this change is decided already")]
    Decided,
    /// It cannot be made.
    #[error("{0}")]
    Invalid(String),
    /// It takes another role.
    #[error("{0}")]
    Role(&'static str),
    /// A payload cannot be written down or read again.
    #[error("the payload of a change could not be encoded")]
    Encoding(#[from] serde_json::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
}

#[derive(Serialize)]
struct ProposedRecord<'a> {
    change_id: ChangeId,
    kind: ChangeKind,
    payload: &'a Value,
    replaces: Option<&'a Value>,
    reason: &'a str,
    proposed_by: PersonId,
}

#[derive(Serialize)]
struct DecidedRecord<'a> {
    change_id: ChangeId,
    kind: ChangeKind,
    state: ChangeState,
    decided_by: PersonId,
    note: Option<&'a str>,
}

/// What was found out about a change that can be made.
pub(crate) struct Checked {
    /// The unit it is about.
    unit_id: Option<UnitId>,
    /// The person it is about.
    person_id: Option<PersonId>,
    /// What it takes the place of.
    replaces: Option<Value>,
    /// In one sentence.
    words: Words,
}

/// When and where a change is checked.
pub(crate) struct Scene<'a> {
    app: &'a App,
    tree: &'a Tree,
    /// The present.
    now: Timestamp,
    /// The zone of who proposes.
    zone: &'a TimeZone,
    /// Who proposed it.
    proposer: PersonId,
    /// Set while it is approved: dates that went by while it waited begin today.
    change: Option<ChangeId>,
}

impl Scene<'_> {
    /// A unit by its code.
    fn unit(&self, code: &str) -> Result<&UnitRow, ChangeError> {
        self.tree.coded(code).ok_or_else(|| ChangeError::Invalid(format!("there is no unit {code}")))
    }

    /// An active person by their staff number.
    async fn person(&self, tx: &mut Tx, nip: &str) -> Result<PersonRow, ChangeError> {
        let found = people::by_nip(tx, nip).await?;
        let found = found.ok_or_else(|| ChangeError::Invalid(format!("there is no person with nip {nip}")))?;
        if found.active {
            Ok(found)
        } else {
            Err(ChangeError::Invalid(format!("the person with nip {nip} is inactive")))
        }
    }

    /// The first day of something asked for from a day on: not before today, or today when the day went by while it waited.
    fn begin(&self, asked: WorkDate, today: WorkDate) -> Result<WorkDate, ChangeError> {
        if asked >= today {
            return Ok(asked);
        }
        if self.change.is_some() {
            return Ok(today);
        }
        Err(ChangeError::Invalid(format!("valid_from is {asked}, and today is {today}: nothing begins in the past")))
    }
}

/// The last day has to be the first or a later one.
fn ordered(from: WorkDate, to: Option<WorkDate>) -> Result<(), ChangeError> {
    match to {
        Some(to) if to < from => Err(ChangeError::Invalid(format!("valid_to is {to}, before the first day {from}"))),
        _ => Ok(()),
    }
}

/// `mulai 01-12-2026 sampai 05-12-2026`.
fn span(from: WorkDate, to: Option<WorkDate>) -> Words {
    let date = |date: WorkDate| date.0.strftime("%d-%m-%Y").to_string();
    match to {
        None => Words::new(format!("mulai {}", date(from)), format!("from {} on", date(from))),
        Some(to) => Words::new(
            format!("mulai {} sampai {}", date(from), date(to)),
            format!("from {} to {}", date(from), date(to)),
        ),
    }
}

/// Text that somebody wrote: trimmed, storable, not too long.
fn storable(text: &str, what: &str) -> Result<String, ChangeError> {
    let text = text.trim();
    if text.chars().count() > TEXT_MAX || text.contains('\0') {
        return Err(ChangeError::Invalid(format!(
            "{what} may have at most {TEXT_MAX} characters, all of them storable"
        )));
    }
    Ok(text.to_owned())
}

async fn check(tx: &mut Tx, scene: &Scene<'_>, payload: &Payload) -> Result<Checked, ChangeError> {
    match payload {
        Payload::Role(change) => role::check(tx, scene, change).await,
        Payload::RoleEnd(change) => role::check_end(tx, scene, change).await,
        Payload::Schedule(change) => schedule::check(tx, scene, change).await,
        Payload::Incident(change) => incident::check(tx, scene, change).await,
        Payload::Policy(change) => policy::check(scene, change),
        Payload::Delegation(change) => delegation::check(tx, scene, change).await,
    }
}

/// Proposes a change: delegations by a supervisor of the unit, everything else by an administrator.
///
/// # Errors
/// [`ChangeError::Invalid`] says what cannot be.
pub async fn propose(app: &App, person: &SignedIn, payload: &Payload, reason: &str) -> Result<ChangeRow, ChangeError> {
    let kind = payload.kind();
    if kind != ChangeKind::Delegation && !person.actor.holds(Role::Administrator) {
        return Err(ChangeError::Role("administrators propose this change"));
    }
    let reason = storable(reason, "reason")?;
    if reason.is_empty() && kind != ChangeKind::Delegation {
        return Err(ChangeError::Invalid("reason is empty: whoever decides has to read why".to_owned()));
    }
    let (now, proposed_by) = (app.now(), person.actor.person_id);
    let mut tx = app.store.write().await?;
    let tree = Tree::new(units::all(&mut tx).await?);
    let scene = Scene { app, tree: &tree, now, zone: &person.zone, proposer: proposed_by, change: None };
    let Checked { unit_id, person_id, replaces, words } = check(&mut tx, &scene, payload).await?;
    let (id, payload) = (ChangeId::new(now, &app.chance), payload.to_stored()?);
    let record = ProposedRecord {
        change_id: id,
        kind,
        payload: &payload,
        replaces: replaces.as_ref(),
        reason: &reason,
        proposed_by,
    };
    log::append(&mut tx, EntryKind::ChangeProposed, &record, now, &app.chance).await?;
    let new = NewChange {
        id,
        kind,
        unit_id,
        person_id,
        payload: Json(payload),
        replaces: replaces.map(Json),
        words_id: words.id,
        words_en: words.en,
        reason,
        proposed_by,
        proposed_at: now,
    };
    changes::insert(&mut tx, &new).await?;
    let row = changes::by_id(&mut tx, id).await?.ok_or(ChangeError::NotFound)?;
    tx.commit().await?;
    Ok(row)
}

/// What somebody may see and decide, from the roles held today.
pub struct Authority<'a> {
    person: &'a SignedIn,
    tree: Tree,
}

impl<'a> Authority<'a> {
    /// Loads the tree that the roles are held in.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn load(tx: &mut Tx, person: &'a SignedIn) -> Result<Self, StoreError> {
        Ok(Self { person, tree: Tree::new(units::all(tx).await?) })
    }

    /// Whether the person supervises a unit, directly or from above; with `skip` 1 only from above.
    fn supervises(&self, unit_id: UnitId, skip: usize) -> bool {
        let held = &self.person.actor.roles;
        let over =
            |unit: &&UnitRow| held.iter().any(|role| role.role == Role::Supervisor && role.unit_id == Some(unit.id));
        self.tree.with_above(unit_id).iter().skip(skip).any(over)
    }

    fn may_see(&self, row: &ChangeRow) -> bool {
        let delegated = row.kind == ChangeKind::Delegation && row.unit_id.is_some_and(|unit| self.supervises(unit, 0));
        self.person.actor.holds(Role::Administrator) || row.proposed_by == self.person.actor.person_id || delegated
    }

    /// Whether a change is the person's own: proposed by them, or about them.
    fn is_own(&self, row: &ChangeRow) -> bool {
        let who = self.person.actor.person_id;
        row.proposed_by == who || row.person_id == Some(who)
    }

    fn has_the_role(&self, row: &ChangeRow) -> bool {
        let above = row.kind == ChangeKind::Delegation && row.unit_id.is_some_and(|unit| self.supervises(unit, 1));
        self.person.actor.holds(Role::Administrator) || above
    }

    /// Whether the person may approve or refuse a change now.
    pub fn may_decide(&self, row: &ChangeRow) -> bool {
        row.state == ChangeState::Pending && !self.is_own(row) && self.has_the_role(row)
    }
}

/// A change for the eyes of an administrator, of who proposed it, or, for a delegation, of a supervisor of the unit.
///
/// # Errors
/// [`ChangeError::NotFound`] for everybody else.
pub async fn visible(tx: &mut Tx, authority: &Authority<'_>, id: ChangeId) -> Result<ChangeRow, ChangeError> {
    let row = changes::by_id(tx, id).await?;
    row.filter(|row| authority.may_see(row)).ok_or(ChangeError::NotFound)
}

/// The changes somebody may see, latest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn list(
    tx: &mut Tx,
    person: &SignedIn,
    wanted: Wanted,
    now: Timestamp,
) -> Result<Vec<ChangeRow>, StoreError> {
    if person.actor.holds(Role::Administrator) {
        changes::every(tx, wanted).await
    } else {
        changes::for_supervisor(tx, wanted, person.actor.person_id, now.date_in(&person.zone)).await
    }
}

/// Approves or refuses a change, once; what is approved is applied in the same transaction.
///
/// # Errors
/// [`ChangeError`]; nothing is then changed.
pub async fn decide(
    app: &App,
    person: &SignedIn,
    id: ChangeId,
    approve: bool,
    note: Option<&str>,
) -> Result<ChangeRow, ChangeError> {
    let note = note.map(|note| storable(note, "note")).transpose()?.filter(|note| !note.is_empty());
    let now = app.now();
    let mut tx = app.store.write().await?;
    let authority = Authority::load(&mut tx, person).await?;
    let row = visible(&mut tx, &authority, id).await?;
    if row.state != ChangeState::Pending {
        return Err(ChangeError::Decided);
    }
    if authority.is_own(&row) {
        return Err(ChangeError::Own);
    }
    if !authority.has_the_role(&row) {
        return Err(ChangeError::Role("a supervisor above the unit or an administrator decides this change"));
    }
    let state = if approve { ChangeState::Approved } else { ChangeState::Refused };
    let ruling = Ruling { state, by: person.actor.person_id, at: now, note };
    // Holds the change: of two who decide at once the second finds it decided.
    settle(app, &mut tx, &row, &ruling).await?;
    if approve {
        let scene =
            Scene { app, tree: &authority.tree, now, zone: &person.zone, proposer: row.proposed_by, change: Some(id) };
        apply(&mut tx, &scene, id, &Payload::from_stored(row.kind, row.payload.0)?).await?;
    }
    let decided = changes::by_id(&mut tx, id).await?.ok_or(ChangeError::NotFound)?;
    tx.commit().await?;
    if approve && decided.kind == ChangeKind::Policy {
        // It is approved whatever comes of this; the job reads again in a few seconds.
        if let Err(error) = policy::reload(app).await {
            tracing::warn!(%error, "the values of policy could not be read right after an approval");
        }
    }
    Ok(decided)
}

async fn apply(tx: &mut Tx, scene: &Scene<'_>, id: ChangeId, payload: &Payload) -> Result<(), ChangeError> {
    match payload {
        Payload::Role(change) => role::apply(tx, scene, id, change).await,
        Payload::RoleEnd(change) => role::apply_end(tx, scene, change).await,
        Payload::Schedule(change) => schedule::apply(tx, scene, change).await,
        Payload::Incident(change) => incident::apply(tx, scene, id, change).await,
        Payload::Policy(change) => policy::apply(tx, scene, id, change).await,
        Payload::Delegation(change) => delegation::apply(tx, scene, id, change).await,
    }
}

/// Takes an own change back.
///
/// # Errors
/// [`ChangeError`]; nothing is then changed.
pub async fn withdraw(app: &App, person: &SignedIn, id: ChangeId) -> Result<ChangeRow, ChangeError> {
    let by = person.actor.person_id;
    let mut tx = app.store.write().await?;
    let row = changes::by_id(&mut tx, id).await?.filter(|row| row.proposed_by == by).ok_or(ChangeError::NotFound)?;
    let ruling = Ruling { state: ChangeState::Withdrawn, by, at: app.now(), note: None };
    settle(app, &mut tx, &row, &ruling).await?;
    let decided = changes::by_id(&mut tx, id).await?.ok_or(ChangeError::NotFound)?;
    tx.commit().await?;
    Ok(decided)
}

/// Writes a decision down, in the table and in the log.
async fn settle(app: &App, tx: &mut Tx, row: &ChangeRow, ruling: &Ruling) -> Result<(), ChangeError> {
    if !changes::decide(tx, row.id, ruling).await? {
        return Err(ChangeError::Decided);
    }
    let Ruling { state, by: decided_by, at, note } = ruling;
    let (state, decided_by, note) = (*state, *decided_by, note.as_deref());
    let record = DecidedRecord { change_id: row.id, kind: row.kind, state, decided_by, note };
    log::append(tx, EntryKind::ChangeDecided, &record, *at, &app.chance).await?;
    Ok(())
}
