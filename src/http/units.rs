//! Units and their people.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    auth::Person,
    pages::{self, Page},
    people::{ListedView, PeopleQuery},
    places::private,
    problem::{Code, Problem},
};
use crate::{
    app::App,
    model::{ids::UnitId, words::Role},
    people::tree::{self, Wanted},
    presence::tree::Tree,
    store::{Tx, people as rows, units},
};

/// A unit by code and name.
#[derive(Clone, Serialize, ToSchema)]
pub struct NamedUnit {
    /// Its code.
    #[schema(example = "DISKOMINFO")]
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A unit of the tree.
#[derive(Serialize, ToSchema)]
pub struct UnitRecord {
    /// Its code.
    #[schema(example = "DISKOMINFO")]
    code: String,
    /// Its name.
    name: String,
    /// Code of the unit above.
    parent: Option<String>,
    /// IANA name of its zone.
    #[schema(example = "Asia/Jakarta")]
    time_zone: String,
    /// Active people of exactly this unit.
    people: i64,
    /// Whether the asking person supervises it directly.
    mine: bool,
}

/// The units.
#[derive(Serialize, ToSchema)]
pub struct Units {
    /// By code.
    units: Vec<UnitRecord>,
}

/// A unit to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUnit {
    /// Letters, digits, `-`, `_` or `.`; never changed afterwards.
    #[schema(min_length = 1, max_length = 32)]
    code: String,
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Code of the unit above.
    parent: Option<String>,
    /// WIB, WITA, WIT or an IANA name.
    #[schema(example = "WIB")]
    time_zone: String,
}

/// What a unit is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitBody {
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Code of the unit above.
    parent: Option<String>,
    /// WIB, WITA, WIT or an IANA name.
    #[schema(example = "WIB")]
    time_zone: String,
}

/// The units somebody supervises directly today.
pub(super) fn supervised(person: &Person) -> Vec<UnitId> {
    let held = person.actor.roles.iter().filter(|held| held.role == Role::Supervisor);
    held.filter_map(|held| held.unit_id).collect()
}

/// Whether somebody supervises a unit today, directly or from above.
pub(super) fn supervises(person: &Person, tree: &Tree, id: UnitId) -> bool {
    let held = supervised(person);
    tree.with_above(id).iter().any(|unit| held.contains(&unit.id))
}

/// What is not for these eyes looks the same as what does not exist.
pub(super) fn no_unit() -> Problem {
    Problem::new(Code::NotFound, "there is no such unit for you")
}

/// The unit with a code, when the person supervises it or, with `administrators`, is one.
pub(super) fn unit_for<'a>(
    person: &Person,
    tree: &'a Tree,
    code: &str,
    administrators: bool,
) -> Result<&'a units::UnitRow, Problem> {
    let unit = tree.coded(code).ok_or_else(no_unit)?;
    let may = supervises(person, tree, unit.id) || (administrators && person.actor.holds(Role::Administrator));
    if may { Ok(unit) } else { Err(no_unit()) }
}

/// Every unit, as a tree.
pub(super) async fn tree_of(tx: &mut Tx) -> Result<Tree, Problem> {
    Ok(Tree::new(units::all(tx).await?))
}

/// The units I supervise, with all below them; for administrators every unit.
#[utoipa::path(get, path = "/api/v1/units", operation_id = "units", tag = "units",
    responses((status = 200, body = Units, description = "The units")))]
pub async fn list(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    let mut tx = app.store.read().await?;
    let tree = tree_of(&mut tx).await?;
    let counts: std::collections::HashMap<UnitId, i64> = units::counts(&mut tx).await?.into_iter().collect();
    let mine = supervised(&person);
    let seen = tree.with_below(mine.iter().copied());
    let all = person.actor.holds(Role::Administrator);
    let view = |unit: &units::UnitRow| UnitRecord {
        code: unit.code.clone(),
        name: unit.name.clone(),
        parent: unit.parent_id.and_then(|id| tree.get(id)).map(|above| above.code.clone()),
        time_zone: unit.time_zone.clone(),
        people: counts.get(&unit.id).copied().unwrap_or(0),
        mine: mine.contains(&unit.id),
    };
    let units = tree.all().iter().filter(|unit| all || seen.contains(&unit.id)).map(view).collect();
    Ok(private(Units { units }))
}

async fn one(app: &App, code: &str) -> Result<UnitRecord, Problem> {
    let mut tx = app.store.read().await?;
    let tree = tree_of(&mut tx).await?;
    let unit = tree.coded(code).ok_or_else(no_unit)?;
    let counts = units::counts(&mut tx).await?;
    Ok(UnitRecord {
        code: unit.code.clone(),
        name: unit.name.clone(),
        parent: unit.parent_id.and_then(|id| tree.get(id)).map(|above| above.code.clone()),
        time_zone: unit.time_zone.clone(),
        people: counts.iter().find(|(id, _)| *id == unit.id).map_or(0, |(_, people)| *people),
        mine: false,
    })
}

/// Add a unit.
#[utoipa::path(post, path = "/api/v1/units", operation_id = "add_unit", tag = "units", request_body = NewUnit,
    responses((status = 201, body = UnitRecord, description = "The unit")))]
pub async fn create(app: web::Data<App>, person: Person, body: web::Json<NewUnit>) -> Result<HttpResponse, Problem> {
    let NewUnit { code, name, parent, time_zone } = body.into_inner();
    tree::create(&app, &person, &code, &Wanted { name, parent, time_zone }).await?;
    Ok(HttpResponse::Created().json(one(&app, &code).await?))
}

/// Change a unit's name, the unit above it, or its zone.
#[utoipa::path(put, path = "/api/v1/units/{code}", operation_id = "change_unit", tag = "units",
    params(("code" = String, Path, description = "The unit's code")), request_body = UnitBody,
    responses((status = 200, body = UnitRecord, description = "The unit")))]
pub async fn change(
    app: web::Data<App>,
    person: Person,
    code: web::Path<String>,
    body: web::Json<UnitBody>,
) -> Result<HttpResponse, Problem> {
    let UnitBody { name, parent, time_zone } = body.into_inner();
    tree::change(&app, &person, &code, &Wanted { name, parent, time_zone }).await?;
    Ok(private(one(&app, &code).await?))
}

/// The people of exactly this unit, by name.
#[utoipa::path(get, path = "/api/v1/units/{code}/people", operation_id = "unit_people", tag = "units",
    params(("code" = String, Path, description = "The unit's code"), PeopleQuery),
    responses((status = 200, body = Page<ListedView>, description = "A page")))]
pub async fn people(
    app: web::Data<App>,
    person: Person,
    code: web::Path<String>,
    query: web::Query<PeopleQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = pages::limit(query.limit)?;
    let mut tx = app.store.read().await?;
    let tree = tree_of(&mut tx).await?;
    let unit = unit_for(&person, &tree, &code, true)?;
    let wanted = query.wanted(limit, app.now().date_in(&person.zone))?;
    let found = rows::listed_of_unit(&mut tx, unit.id, &wanted).await?;
    Ok(private(ListedView::page(found, limit, &tree, person.actor.holds(Role::Administrator))))
}
