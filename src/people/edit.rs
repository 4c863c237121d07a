//! People as one administrator changes them: added, moved, made inactive, given a password. Roles take two people.

use serde::Serialize;

use super::{PeopleError, is_sound};
use crate::{
    app::App,
    log,
    model::{
        ids::{PersonId, UnitId},
        words::{EntryKind, Role},
    },
    session::{SignedIn, password},
    store::{
        StoreError, Tx,
        people::{self, PersonRow},
        roles, sessions,
        units::{self, UnitRow},
    },
};

/// Longest address (RFC 5321).
const EMAIL_MAX: usize = 254;
/// Longest name, characters.
pub const NAME_MAX: usize = 200;

/// A person to add.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Staff number.
    pub nip: String,
    /// Name.
    pub name: String,
    /// Code of the unit.
    pub unit: String,
    /// Where notices go.
    pub email: Option<String>,
    /// A first password.
    pub password: Option<String>,
}

/// What a person is to be from now on.
#[derive(Clone, Debug)]
pub struct Changed {
    /// Name.
    pub name: String,
    /// Code of the unit.
    pub unit: String,
    /// Whether the person may sign in.
    pub active: bool,
    /// Where notices go.
    pub email: Option<String>,
}

/// What the log commits to.
#[derive(Serialize)]
struct LogRecord {
    person_id: PersonId,
    act: &'static str,
    by: PersonId,
    before: Option<Said>,
    after: Option<Said>,
}

#[derive(Serialize)]
struct Said {
    name: String,
    unit_id: UnitId,
    active: bool,
    email: Option<String>,
}

impl Said {
    fn of(row: &PersonRow, email: Option<String>) -> Self {
        Self { name: row.name.clone(), unit_id: row.unit_id, active: row.active, email }
    }
}

/// Whether mail could go to an address: one `@` between something and a domain, nothing that breaks a header.
pub fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    let sound = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | ',' | ';' | '"' | '\\' | '(' | ')');
    text.len() <= EMAIL_MAX
        && text.chars().all(sound)
        && parts.is_some_and(|(who, domain)| {
            !who.is_empty()
                && !domain.contains('@')
                && domain.contains('.')
                && domain.split('.').all(|label| !label.is_empty())
        })
}

fn sound_fields(name: &str, email: Option<&str>) -> Result<(), PeopleError> {
    if !is_sound("name", name) || name.chars().count() > NAME_MAX {
        return Err(PeopleError::Field("name"));
    }
    if email.is_some_and(|email| !is_email(email)) { Err(PeopleError::Email) } else { Ok(()) }
}

async fn unit(tx: &mut Tx, code: &str) -> Result<UnitRow, PeopleError> {
    let found = units::all(tx).await?.into_iter().find(|unit| unit.code == code);
    found.ok_or_else(|| PeopleError::NoUnit(code.to_owned()))
}

/// Adds a person.
///
/// # Errors
/// [`PeopleError`] when a field cannot be taken, the staff number is taken or the unit unknown.
pub async fn create(app: &App, by: &SignedIn, new: &NewPerson) -> Result<PersonId, PeopleError> {
    if !is_sound("nip", &new.nip) {
        return Err(PeopleError::Field("nip"));
    }
    sound_fields(&new.name, new.email.as_deref())?;
    let password_hash = match &new.password {
        Some(typed) => Some(password::hash(&app.work, &app.chance, typed).await?),
        None => None,
    };
    let now = app.now();
    let mut tx = app.store.write().await?;
    let unit_id = unit(&mut tx, &new.unit).await?.id;
    let (id, nip, name) = (PersonId::new(now, &app.chance), new.nip.clone(), new.name.trim().to_owned());
    let row = PersonRow { id, nip, name, unit_id, active: true, password_hash };
    if !people::add(&mut tx, &row, new.email.as_deref()).await? {
        return Err(PeopleError::Taken(new.nip.clone()));
    }
    let after = Some(Said::of(&row, new.email.clone()));
    record(app, &mut tx, LogRecord { person_id: id, act: "added", by: by.actor.person_id, before: None, after })
        .await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a person; whoever is made inactive is signed out everywhere.
///
/// # Errors
/// [`PeopleError::Guarded`] when an administrator would be made inactive; else as [`create`].
pub async fn change(app: &App, by: &SignedIn, nip: &str, wanted: &Changed) -> Result<(), PeopleError> {
    sound_fields(&wanted.name, wanted.email.as_deref())?;
    let mut tx = app.store.write().await?;
    let before = known(&mut tx, nip).await?;
    people::hold(&mut tx, before.id).await?;
    let before = known(&mut tx, nip).await?;
    let email = people::email(&mut tx, before.id).await?;
    let unit_id = unit(&mut tx, &wanted.unit).await?.id;
    if before.active && !wanted.active {
        unguarded(app, &mut tx, by, before.id).await?;
        sessions::revoke_all(&mut tx, before.id, app.now()).await?;
    }
    let after = PersonRow { name: wanted.name.trim().to_owned(), unit_id, active: wanted.active, ..before.clone() };
    people::update(&mut tx, &after).await?;
    people::set_email(&mut tx, before.id, wanted.email.as_deref()).await?;
    let entry = LogRecord {
        person_id: before.id,
        act: "changed",
        by: by.actor.person_id,
        before: Some(Said::of(&before, email)),
        after: Some(Said::of(&after, wanted.email.clone())),
    };
    record(app, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives somebody a password and signs them out everywhere. That of whoever holds a role is for the operator to set, and
/// one's own for nobody here: who could sign in as a second person could approve alone, or see evidence.
///
/// # Errors
/// [`PeopleError`] when nobody has the staff number, the password cannot be used, or the person holds a role.
pub async fn set_password(app: &App, by: &SignedIn, nip: &str, typed: &str) -> Result<(), PeopleError> {
    let hash = password::hash(&app.work, &app.chance, typed).await?;
    let mut tx = app.store.write().await?;
    let person = known(&mut tx, nip).await?;
    people::hold(&mut tx, person.id).await?;
    without_role(app, &mut tx, by, person.id).await?;
    people::set_password(&mut tx, person.id, &hash).await?;
    sessions::revoke_all(&mut tx, person.id, app.now()).await?;
    let by = by.actor.person_id;
    let entry = LogRecord { person_id: person.id, act: "password_set", by, before: None, after: None };
    record(app, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

async fn known(tx: &mut Tx, nip: &str) -> Result<PersonRow, PeopleError> {
    people::by_nip(tx, nip).await?.ok_or_else(|| PeopleError::Unknown(nip.to_owned()))
}

/// Nobody who holds any role, today or later.
async fn without_role(app: &App, tx: &mut Tx, by: &SignedIn, person_id: PersonId) -> Result<(), PeopleError> {
    let yesterday = app.now().date_in(&by.zone).plus_days(-1);
    let held: Result<_, StoreError> = roles::of_person(tx, person_id).await;
    let holds = held?.iter().any(|held| held.role.valid_to.is_none_or(|to| to >= yesterday));
    if holds || person_id == by.actor.person_id { Err(PeopleError::Guarded) } else { Ok(()) }
}

/// Nobody who is an administrator, today or later.
async fn unguarded(app: &App, tx: &mut Tx, by: &SignedIn, person_id: PersonId) -> Result<(), PeopleError> {
    // Zones differ by a day at most: a role that ended yesterday may still hold somewhere.
    let yesterday = app.now().date_in(&by.zone).plus_days(-1);
    let held: Result<_, StoreError> = roles::of_person(tx, person_id).await;
    let administers = held?
        .iter()
        .any(|held| held.role.role == Role::Administrator && held.role.valid_to.is_none_or(|to| to >= yesterday));
    if administers || person_id == by.actor.person_id { Err(PeopleError::Guarded) } else { Ok(()) }
}

async fn record(app: &App, tx: &mut Tx, record: LogRecord) -> Result<(), PeopleError> {
    log::append(tx, EntryKind::PeopleChanged, &record, app.now(), &app.chance).await?;
    Ok(())
}
