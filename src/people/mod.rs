//! People, units, roles, schedules and homes: how they come in.

pub mod edit;
pub mod import;
pub mod tree;

use crate::{
    app::App,
    log::LogError,
    model::{
        ids::{PersonId, RoleId, UnitId},
        time,
        words::Role,
    },
    session::{
        password::{self, PasswordError},
        sign_in,
    },
    store::{
        StoreError, lines,
        people::{self, PersonRow},
        roles::{self, RoleRow},
        sessions,
        units::{self, UnitRow},
    },
};

/// Why a person was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The staff number is taken.
    #[error("there is already a person with nip {0}")]
    Taken(String),
    /// Nobody has this staff number.
    #[error("there is no person with nip {0}")]
    Unknown(String),
    /// A field is empty, or holds what it may not.
    #[error("{0} is empty or holds characters that it may not hold")]
    Field(&'static str),
    /// The zone is unknown.
    #[error("`{0}` is no time zone; WIB, WITA, WIT or an IANA name like Asia/Jakarta is")]
    Zone(String),
    /// There is no such unit for a person to belong to.
    #[error("there is no unit {0}")]
    NoUnit(String),
    /// There is no such unit to change.
    #[error("there is no unit {0}")]
    UnknownUnit(String),
    /// A field of a unit cannot be taken.
    #[error("{0}")]
    Unit(String),
    /// The code of a unit is taken.
    #[error("there is already a unit {0}")]
    UnitTaken(String),
    /// The code of a unit is none.
    #[error("code has 1 to 32 letters, digits, `-`, `_` or `.`")]
    UnitCode,
    /// The units above would run in a circle, or be too many.
    #[error("`{0}` cannot stand above this unit: the units would run in a circle, or be over 32 levels deep")]
    Circle(String),
    /// No address that mail could go to.
    #[error("email has to be an address like dewi@example.go.id, of at most 254 characters")]
    Email,
    /// What is done to an administrator takes two people.
    #[error("this person is an administrator: end the role first, which takes two people")]
    Guarded,
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The password cannot be used.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who the first administrator is.
pub struct NewAdministrator<'a> {
    /// Staff number.
    pub nip: &'a str,
    /// Name.
    pub name: &'a str,
    /// Code of the unit; made when there is none of that code.
    pub unit: &'a str,
    /// Zone of the unit, if it has to be made.
    pub time_zone: &'a str,
    /// Password.
    pub password: &'a str,
}

/// Makes a person who administers.
///
/// # Errors
/// [`PeopleError`] when the staff number is taken or the password cannot be used.
pub async fn create_administrator(app: &App, new: &NewAdministrator<'_>) -> Result<PersonId, PeopleError> {
    let fields = [("nip", new.nip), ("name", new.name), ("unit", new.unit)];
    if let Some((field, _)) = fields.iter().find(|(field, text)| !is_sound(field, text)) {
        return Err(PeopleError::Field(field));
    }
    let hash = password::hash(&app.work, &app.chance, new.password).await?;
    let (zone_name, zone) =
        time::zone_named(new.time_zone).ok_or_else(|| PeopleError::Zone(new.time_zone.to_owned()))?;
    let now = app.now();
    let mut tx = app.store.write().await?;
    if people::by_nip(&mut tx, new.nip).await?.is_some() {
        return Err(PeopleError::Taken(new.nip.to_owned()));
    }
    units::hold_tree(&mut tx).await?;
    let known = units::all(&mut tx).await?.into_iter().find(|unit| unit.code == new.unit);
    let unit_id = if let Some(unit) = known {
        unit.id
    } else {
        let id = UnitId::new(now, &app.chance);
        let (code, name) = (new.unit.to_owned(), new.unit.to_owned());
        units::insert(&mut tx, &UnitRow { id, code, name, parent_id: None, time_zone: zone_name }).await?;
        lines::draw(&mut tx).await?;
        id
    };
    let id = PersonId::new(now, &app.chance);
    let (nip, name) = (new.nip.to_owned(), new.name.to_owned());
    people::insert(&mut tx, &PersonRow { id, nip, name, unit_id, active: true, password_hash: Some(hash) }).await?;
    let role = RoleRow {
        id: RoleId::new(now, &app.chance),
        person_id: id,
        role: Role::Administrator,
        unit_id: None,
        valid_from: now.date_in(&zone),
        valid_to: None,
    };
    roles::insert(&mut tx, &role).await?;
    tx.commit().await?;
    Ok(id)
}

/// Whether a text can stand in a field: staff numbers are short letters and digits, names are one line of anything.
fn is_sound(field: &str, text: &str) -> bool {
    match field {
        "nip" => sign_in::is_nip(text),
        _ => !text.trim().is_empty() && !text.contains(char::is_control),
    }
}

/// Sets somebody's password and ends every sign-in of theirs, so that a thief is out too.
///
/// # Errors
/// [`PeopleError`] when nobody has the staff number or the password cannot be used.
pub async fn set_password(app: &App, nip: &str, typed: &str) -> Result<(), PeopleError> {
    let hash = password::hash(&app.work, &app.chance, typed).await?;
    let mut tx = app.store.write().await?;
    let person = people::by_nip(&mut tx, nip).await?.ok_or_else(|| PeopleError::Unknown(nip.to_owned()))?;
    people::set_password(&mut tx, person.id, &hash).await?;
    sessions::revoke_all(&mut tx, person.id, app.now()).await?;
    tx.commit().await?;
    Ok(())
}
