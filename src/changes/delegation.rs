//! Somebody acts for a supervisor, from a first to a last day: a role assignment with both, which makes and ends sight of
//! the queue by its dates alone.

use serde::Serialize;

use super::{ChangeError, Checked, Scene, ordered, payload::DelegationChange, role::Wanted, span};
use crate::{
    app::App,
    log,
    model::{
        ids::{ChangeId, PersonId, RoleId, UnitId},
        time::WorkDate,
        words::{EntryKind, Role, Words},
    },
    notify::{self, About, Notice},
    presence::tree::Tree,
    session::SignedIn,
    store::{
        Tx, people,
        roles::{self, Grant, NamedRole},
        units,
    },
};

/// Longest time somebody acts, days.
pub const DAYS_MAX: i64 = 90;

#[derive(Serialize)]
struct EndedRecord {
    role_id: RoleId,
    person_id: PersonId,
    ended_by: PersonId,
    valid_to: WorkDate,
}

/// Whether a role for a unit or one above it is the person's own on a day: who acts passes nothing on.
async fn supervises_themself(
    tx: &mut Tx,
    tree: &Tree,
    person_id: PersonId,
    unit_id: UnitId,
    on: WorkDate,
) -> Result<bool, ChangeError> {
    let above: Vec<UnitId> = tree.with_above(unit_id).iter().map(|unit| unit.id).collect();
    let counts = |held: &NamedRole| {
        let role = &held.role;
        let in_force = role.valid_from <= on && role.valid_to.is_none_or(|to| to >= on);
        role.role == Role::Supervisor && !held.acting && in_force && role.unit_id.is_some_and(|id| above.contains(&id))
    };
    Ok(roles::of_person(tx, person_id).await?.iter().any(counts))
}

async fn wanted(tx: &mut Tx, scene: &Scene<'_>, change: &DelegationChange) -> Result<Wanted, ChangeError> {
    let invalid = |text: String| Err(ChangeError::Invalid(text));
    // A unit that is not theirs looks the same as one that does not exist.
    let none = || ChangeError::Invalid(format!("you supervise no unit {} by a role of your own", change.unit));
    let unit_id = scene.tree.coded(&change.unit).ok_or_else(none)?.id;
    let today = scene.tree.date_at(unit_id, scene.now);
    if !supervises_themself(tx, scene.tree, scene.proposer, unit_id, today).await? {
        return if scene.change.is_some() {
            invalid("whoever proposed it does not supervise the unit any more; refuse it".to_owned())
        } else {
            Err(none())
        };
    }
    let person = scene.person(tx, &change.nip).await?;
    if person.id == scene.proposer {
        return invalid("you supervise the unit yourself: name somebody else".to_owned());
    }
    ordered(change.valid_from, Some(change.valid_to))?;
    if change.valid_to >= change.valid_from.plus_days(DAYS_MAX) {
        return invalid(format!("somebody acts for at most {DAYS_MAX} days"));
    }
    if change.valid_to < today {
        return invalid("the days that were asked for are over".to_owned());
    }
    let from = scene.begin(change.valid_from, today)?;
    Ok(Wanted { person, role: Role::Supervisor, unit_id: Some(unit_id), from, to: Some(change.valid_to) })
}

pub(super) async fn check(tx: &mut Tx, scene: &Scene<'_>, change: &DelegationChange) -> Result<Checked, ChangeError> {
    let wanted = wanted(tx, scene, change).await?;
    wanted.is_free(tx).await?;
    let unit = scene.unit(&change.unit)?;
    let days = span(wanted.from, wanted.to);
    let who = format!("{} ({})", wanted.person.name, wanted.person.nip);
    let words = Words::new(
        format!("{who} bertindak sebagai atasan {} ({}) {}.", unit.name, unit.code, days.id),
        format!("{who} acts as supervisor of {} ({}) {}.", unit.name, unit.code, days.en),
    );
    Ok(Checked { unit_id: wanted.unit_id, person_id: Some(wanted.person.id), replaces: None, words })
}

pub(super) async fn apply(
    tx: &mut Tx,
    scene: &Scene<'_>,
    change_id: ChangeId,
    change: &DelegationChange,
) -> Result<(), ChangeError> {
    let wanted = wanted(tx, scene, change).await?;
    people::hold(tx, wanted.person.id).await?;
    wanted.is_free(tx).await?;
    wanted.grant(tx, scene, Grant { acting: true, by: scene.proposer, change_id }).await?;
    let (valid_from, valid_to) = (change.valid_from, change.valid_to);
    let about = About::DelegationBegins { change_id, valid_from, valid_to };
    let notice = Notice { person_id: wanted.person.id, about, not_before: scene.now };
    notify::enqueue(scene.app, tx, &notice).await?;
    Ok(())
}

/// Ends what the person gave: today is its last day; what has not begun never does.
///
/// # Errors
/// [`ChangeError::NotFound`] when they gave no such one, [`ChangeError::Decided`] when it ends by then anyway.
pub async fn end(app: &App, person: &SignedIn, id: RoleId) -> Result<(), ChangeError> {
    let (now, by) = (app.now(), person.actor.person_id);
    let mut tx = app.store.write().await?;
    let given = |held: &NamedRole| held.acting && held.granted_by == Some(by);
    let held = roles::named(&mut tx, id).await?.filter(given).ok_or(ChangeError::NotFound)?;
    people::hold(&mut tx, held.role.person_id).await?;
    let held = roles::named(&mut tx, id).await?.filter(given).ok_or(ChangeError::NotFound)?;
    let tree = Tree::new(units::all(&mut tx).await?);
    let today = held.role.unit_id.map_or_else(|| now.date_in(&person.zone), |unit| tree.date_at(unit, now));
    let valid_to = if held.role.valid_from > today { held.role.valid_from.plus_days(-1) } else { today };
    if held.role.valid_to.is_some_and(|to| to <= valid_to) {
        return Err(ChangeError::Decided);
    }
    roles::set_end(&mut tx, id, Some(valid_to)).await?;
    let record = EndedRecord { role_id: id, person_id: held.role.person_id, ended_by: by, valid_to };
    log::append(&mut tx, EntryKind::DelegationEnded, &record, now, &app.chance).await?;
    tx.commit().await?;
    Ok(())
}
