//! Roles by two people: somebody gets one, or one gets a last day.

use serde_json::json;

use super::{
    ChangeError, Checked, Scene, ordered,
    payload::{RoleChange, RoleEndChange},
    span,
};
use crate::{
    model::{
        ids::{ChangeId, PersonId, RoleId, UnitId},
        time::WorkDate,
        words::{Role, Words},
    },
    store::{
        Tx, people,
        people::PersonRow,
        roles::{self, Grant, NamedRole, RoleRow},
    },
};

/// Everything an assignment needs.
pub(super) struct Wanted {
    pub(super) person: PersonRow,
    pub(super) role: Role,
    pub(super) unit_id: Option<UnitId>,
    pub(super) from: WorkDate,
    pub(super) to: Option<WorkDate>,
}

impl Wanted {
    /// Whether the person holds the same role for the same unit on one of the days.
    pub(super) async fn is_free(&self, tx: &mut Tx) -> Result<(), ChangeError> {
        let held = roles::of_person(tx, self.person.id).await?;
        let same = |held: &&NamedRole| held.role.role == self.role && held.role.unit_id == self.unit_id;
        let overlaps = |held: &&NamedRole| {
            held.role.valid_to.is_none_or(|to| to >= self.from) && self.to.is_none_or(|to| held.role.valid_from <= to)
        };
        match held.iter().filter(same).find(overlaps) {
            None => Ok(()),
            Some(held) => Err(ChangeError::Invalid(format!(
                "the person holds this role {} already; end that first, or choose other days",
                span(held.role.valid_from, held.role.valid_to).en
            ))),
        }
    }

    /// Stores the assignment.
    pub(super) async fn grant(&self, tx: &mut Tx, scene: &Scene<'_>, grant: Grant) -> Result<(), ChangeError> {
        let row = RoleRow {
            id: RoleId::new(scene.now, &scene.app.chance),
            person_id: self.person.id,
            role: self.role,
            unit_id: self.unit_id,
            valid_from: self.from,
            valid_to: self.to,
        };
        Ok(roles::grant(tx, &row, grant).await?)
    }
}

/// What a role is called.
fn role_words(role: Role) -> Words {
    match role {
        Role::Supervisor => Words::new("atasan", "supervisor"),
        Role::Auditor => Words::new("auditor", "auditor"),
        Role::Administrator => Words::new("administrator", "administrator"),
    }
}

async fn wanted(tx: &mut Tx, scene: &Scene<'_>, change: &RoleChange) -> Result<Wanted, ChangeError> {
    let unit_id = change.unit.as_ref().map(|code| scene.unit(code).map(|unit| unit.id)).transpose()?;
    match (change.role, unit_id) {
        (Role::Supervisor, None) => {
            return Err(ChangeError::Invalid("a supervisor supervises a unit: name it".to_owned()));
        }
        (Role::Administrator, Some(_)) => {
            return Err(ChangeError::Invalid("an administrator is one for every unit: leave unit out".to_owned()));
        }
        _ => {}
    }
    let person = scene.person(tx, &change.nip).await?;
    let from = scene.begin(change.valid_from, scene.tree.date_at(unit_id.unwrap_or(person.unit_id), scene.now))?;
    ordered(from, change.valid_to)?;
    Ok(Wanted { person, role: change.role, unit_id, from, to: change.valid_to })
}

pub(super) async fn check(tx: &mut Tx, scene: &Scene<'_>, change: &RoleChange) -> Result<Checked, ChangeError> {
    let wanted = wanted(tx, scene, change).await?;
    wanted.is_free(tx).await?;
    let (role, days) = (role_words(change.role), span(wanted.from, wanted.to));
    let unit = wanted.unit_id.and_then(|id| scene.tree.get(id));
    let of = unit.map_or_else(String::new, |unit| format!(" {} ({})", unit.name, unit.code));
    let of_en = if of.is_empty() { String::new() } else { format!(" of{of}") };
    let (name, nip) = (&wanted.person.name, &wanted.person.nip);
    let words = Words::new(
        format!("{name} ({nip}) menjadi {}{of} {}.", role.id, days.id),
        format!("{name} ({nip}) becomes {}{of_en} {}.", role.en, days.en),
    );
    Ok(Checked { unit_id: wanted.unit_id, person_id: Some(wanted.person.id), replaces: None, words })
}

pub(super) async fn apply(
    tx: &mut Tx,
    scene: &Scene<'_>,
    change_id: ChangeId,
    change: &RoleChange,
) -> Result<(), ChangeError> {
    let wanted = wanted(tx, scene, change).await?;
    // Two changes of the same person at once: the second waits here, and then sees what the first did.
    people::hold(tx, wanted.person.id).await?;
    wanted.is_free(tx).await?;
    wanted.grant(tx, scene, Grant { acting: false, by: scene.proposer, change_id }).await
}

/// The assignment that is to end, with the person whose it is.
async fn ending(tx: &mut Tx, scene: &Scene<'_>, change: &RoleEndChange) -> Result<NamedRole, ChangeError> {
    let held = roles::named(tx, change.role_id).await?;
    let held = held.ok_or_else(|| ChangeError::Invalid("there is no such role assignment".to_owned()))?;
    let where_held = match held.role.unit_id {
        Some(unit_id) => unit_id,
        None => unit_of(tx, held.role.person_id).await?,
    };
    let today = scene.tree.date_at(where_held, scene.now);
    let invalid = |text: String| Err(ChangeError::Invalid(text));
    if held.role.valid_to.is_some_and(|to| to < today) {
        return invalid("this role is over already".to_owned());
    }
    if held.role.valid_to.is_some_and(|to| to <= change.valid_to) {
        return invalid(format!("this role ends no later than {} already", change.valid_to));
    }
    let soonest = today.plus_days(-1);
    if change.valid_to < soonest && scene.change.is_none() {
        return invalid(format!(
            "valid_to is {}; a role that was held stays held: {soonest} is the soonest",
            change.valid_to
        ));
    }
    Ok(held)
}

async fn unit_of(tx: &mut Tx, person_id: PersonId) -> Result<UnitId, ChangeError> {
    let person = people::by_id(tx, person_id).await?;
    Ok(person.ok_or_else(|| ChangeError::Invalid("the person is gone".to_owned()))?.unit_id)
}

pub(super) async fn check_end(tx: &mut Tx, scene: &Scene<'_>, change: &RoleEndChange) -> Result<Checked, ChangeError> {
    let held = ending(tx, scene, change).await?;
    let role = role_words(held.role.role);
    let of = match (&held.unit_name, &held.unit_code) {
        (Some(name), Some(code)) => format!(" {name} ({code})"),
        _ => String::new(),
    };
    let of_en = if of.is_empty() { String::new() } else { format!(" of{of}") };
    let (name, nip, last) = (&held.person_name, &held.nip, change.valid_to.0.strftime("%d-%m-%Y"));
    let words = Words::new(
        format!("Peran {}{of} {name} ({nip}) berakhir; hari terakhir {last}.", role.id),
        format!("{name} ({nip}) is {}{of_en} until {last}, and no longer.", role.en),
    );
    let replaces = json!({ "role_id": held.role.id, "valid_to": held.role.valid_to });
    Ok(Checked { unit_id: held.role.unit_id, person_id: Some(held.role.person_id), replaces: Some(replaces), words })
}

pub(super) async fn apply_end(tx: &mut Tx, scene: &Scene<'_>, change: &RoleEndChange) -> Result<(), ChangeError> {
    let held = ending(tx, scene, change).await?;
    people::hold(tx, held.role.person_id).await?;
    let held = ending(tx, scene, change).await?;
    // What was decided while the change waited was decided in the role.
    let where_held = match held.role.unit_id {
        Some(unit_id) => unit_id,
        None => unit_of(tx, held.role.person_id).await?,
    };
    let soonest = scene.tree.date_at(where_held, scene.now).plus_days(-1);
    Ok(roles::set_end(tx, held.role.id, Some(change.valid_to.max(soonest))).await?)
}
