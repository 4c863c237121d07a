//! Units as one administrator adds and changes them.

use serde::Serialize;

use super::{PeopleError, is_sound};
use crate::{
    app::App,
    log,
    model::{
        ids::{PersonId, UnitId},
        time::zone_named,
        words::EntryKind,
    },
    presence::tree::Tree,
    session::SignedIn,
    store::{
        Tx, lines,
        units::{self, UnitRow},
    },
};

/// Longest code, characters.
const CODE_MAX: usize = 32;
/// Longest name, characters.
const NAME_MAX: usize = 200;

/// What a unit is to be.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Name.
    pub name: String,
    /// Code of the unit above; none makes it a root.
    pub parent: Option<String>,
    /// WIB, WITA, WIT or an IANA name.
    pub time_zone: String,
}

#[derive(Serialize)]
struct LogRecord<'a> {
    unit_id: UnitId,
    code: &'a str,
    by: PersonId,
    before: Option<Said<'a>>,
    after: Said<'a>,
}

#[derive(Serialize)]
struct Said<'a> {
    name: &'a str,
    parent_id: Option<UnitId>,
    time_zone: &'a str,
}

impl<'a> Said<'a> {
    fn of(row: &'a UnitRow) -> Self {
        Self { name: &row.name, parent_id: row.parent_id, time_zone: &row.time_zone }
    }
}

impl Wanted {
    fn row(&self, id: UnitId, code: &str, tree: &Tree) -> Result<UnitRow, PeopleError> {
        if !is_sound("name", &self.name) || self.name.chars().count() > NAME_MAX {
            return Err(PeopleError::Unit(format!("name is one line of 1 to {NAME_MAX} characters")));
        }
        let (time_zone, _) = zone_named(&self.time_zone).ok_or_else(|| PeopleError::Zone(self.time_zone.clone()))?;
        let parent_id = match &self.parent {
            None => None,
            Some(parent) => {
                let above = tree
                    .coded(parent)
                    .ok_or_else(|| PeopleError::Unit(format!("parent: there is no unit {parent}")))?
                    .id;
                if !tree.may_stand_below(id, above) {
                    return Err(PeopleError::Circle(parent.clone()));
                }
                Some(above)
            }
        };
        Ok(UnitRow { id, code: code.to_owned(), name: self.name.trim().to_owned(), parent_id, time_zone })
    }
}

/// Adds a unit.
///
/// # Errors
/// [`PeopleError`] when a field cannot be taken or the code is taken.
pub async fn create(app: &App, by: &SignedIn, code: &str, wanted: &Wanted) -> Result<(), PeopleError> {
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if code.is_empty() || code.len() > CODE_MAX || !code.chars().all(sound) {
        return Err(PeopleError::UnitCode);
    }
    let mut tx = app.store.write().await?;
    let tree = held_tree(&mut tx).await?;
    if tree.coded(code).is_some() {
        return Err(PeopleError::UnitTaken(code.to_owned()));
    }
    let row = wanted.row(UnitId::new(app.now(), &app.chance), code, &tree)?;
    units::insert(&mut tx, &row).await?;
    lines::draw(&mut tx).await?;
    record(app, tx, by, None, &row).await
}

/// Changes a unit.
///
/// # Errors
/// As [`create`].
pub async fn change(app: &App, by: &SignedIn, code: &str, wanted: &Wanted) -> Result<(), PeopleError> {
    let mut tx = app.store.write().await?;
    let tree = held_tree(&mut tx).await?;
    let before = tree.coded(code).ok_or_else(|| PeopleError::UnknownUnit(code.to_owned()))?;
    let row = wanted.row(before.id, code, &tree)?;
    units::update(&mut tx, &row).await?;
    lines::draw(&mut tx).await?;
    record(app, tx, by, Some(before), &row).await
}

/// Every unit, as nobody else changes them meanwhile.
async fn held_tree(tx: &mut Tx) -> Result<Tree, PeopleError> {
    units::hold_tree(tx).await?;
    Ok(Tree::new(units::all(tx).await?))
}

async fn record(
    app: &App,
    mut tx: Tx,
    by: &SignedIn,
    before: Option<&UnitRow>,
    after: &UnitRow,
) -> Result<(), PeopleError> {
    let (unit_id, code, by) = (after.id, after.code.as_str(), by.actor.person_id);
    let record = LogRecord { unit_id, code, by, before: before.map(Said::of), after: Said::of(after) };
    log::append(&mut tx, EntryKind::UnitChanged, &record, app.now(), &app.chance).await?;
    tx.commit().await?;
    Ok(())
}
