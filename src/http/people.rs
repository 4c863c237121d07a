//! People as supervisors and administrators see them: who they are here, with which roles and phones. No evidence.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Person,
    pages::{self, Page},
    places::private,
    problem::{Code, Problem},
    units::{NamedUnit, supervises, tree_of},
};
use crate::{
    app::App,
    model::{
        ids::{DeviceId, PersonId, RoleId},
        time::{Timestamp, WorkDate},
        words::{PlaceKind, Role},
    },
    people::edit::{self, Changed},
    presence::tree::Tree,
    session::devices,
    store::{
        self, devices as phones,
        people::{self as rows, ListedPerson, Wanted},
        places, roles,
    },
};

/// Longest part of a name that is looked for, characters.
const PART_MAX: usize = 100;

/// Which people.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PeopleQuery {
    /// Part of a name or a staff number.
    q: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows, 1 to 100; 20 when not said.
    pub(super) limit: Option<i64>,
}

impl PeopleQuery {
    /// As the store takes it; one row more tells whether there is another page.
    pub(super) fn wanted(&self, limit: i64, on: WorkDate) -> Result<Wanted, Problem> {
        let after = match &self.after {
            None => (String::new(), PersonId(uuid::Uuid::nil())),
            Some(cursor) => {
                // A name may hold what parts the cursor's members.
                let [id, name] = pages::parts(cursor)?;
                let name = hex::decode(name).ok().and_then(|bytes| String::from_utf8(bytes).ok());
                (name.filter(|name| !name.contains('\0')).ok_or_else(pages::none_of_ours)?, pages::part(&id)?)
            }
        };
        let part = self.q.as_deref().unwrap_or("").trim();
        if part.chars().count() > PART_MAX || part.contains('\0') {
            return Err(Problem::new(Code::ParameterInvalid, format!("q may have at most {PART_MAX} characters")));
        }
        Ok(Wanted { after, part: part.to_owned(), on, limit: limit + 1 })
    }
}

/// A person in a list.
#[derive(Serialize, ToSchema)]
pub struct ListedView {
    /// Id.
    id: PersonId,
    /// Staff number.
    #[schema(example = "199001012015011001")]
    nip: String,
    /// Name.
    name: String,
    /// The unit.
    unit: NamedUnit,
    /// Whether the person may sign in.
    active: bool,
    /// Roles held today.
    roles: Vec<Role>,
    /// Phones that count.
    devices: i64,
    /// Whether a home is registered.
    has_home: bool,
    /// Where notices go; told to administrators only.
    email: Option<String>,
}

impl ListedView {
    fn new(row: ListedPerson, tree: &Tree, administrator: bool) -> Self {
        let held =
            [(row.supervises, Role::Supervisor), (row.audits, Role::Auditor), (row.administers, Role::Administrator)];
        Self {
            id: row.id,
            nip: row.nip,
            name: row.name,
            unit: unit_name(tree, row.unit_id),
            active: row.active,
            roles: held.into_iter().filter(|(held, _)| *held).map(|(_, role)| role).collect(),
            devices: row.devices,
            has_home: row.has_home,
            email: row.email.filter(|_| administrator),
        }
    }

    /// A page of rows, of which there may be one more than shown.
    pub(super) fn page(mut found: Vec<ListedPerson>, limit: i64, tree: &Tree, administrator: bool) -> Page<Self> {
        let more = i64::try_from(found.len()).is_ok_and(|count| count > limit);
        found.truncate(usize::try_from(limit).unwrap_or(0));
        let last = found.last().filter(|_| more);
        let next = last.map(|row| pages::cursor(&[row.id.to_string(), hex::encode(&row.name)]));
        Page { items: found.into_iter().map(|row| Self::new(row, tree, administrator)).collect(), next }
    }
}

fn unit_name(tree: &Tree, id: crate::model::ids::UnitId) -> NamedUnit {
    let unit = tree.get(id);
    NamedUnit {
        code: unit.map(|unit| unit.code.clone()).unwrap_or_default(),
        name: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
    }
}

/// A role somebody holds, held or will hold.
#[derive(Serialize, ToSchema)]
pub struct RoleView {
    /// Names the assignment.
    id: RoleId,
    /// Which role.
    role: Role,
    /// For which unit.
    unit: Option<NamedUnit>,
    /// First day.
    valid_from: WorkDate,
    /// Last day; none is open-ended.
    valid_to: Option<WorkDate>,
    /// Whether it is held for somebody else.
    acting: bool,
}

/// A phone of somebody.
#[derive(Serialize, ToSchema)]
pub struct PhoneRecord {
    /// Names it.
    id: DeviceId,
    /// What its person reads.
    name: String,
    /// Since when it counts.
    enrolled_at: Timestamp,
    /// Since when it counts no more.
    revoked_at: Option<Timestamp>,
}

/// A person.
#[derive(Serialize, ToSchema)]
pub struct PersonRecord {
    /// Id.
    id: PersonId,
    /// Staff number.
    nip: String,
    /// Name.
    name: String,
    /// The unit.
    unit: NamedUnit,
    /// Whether the person may sign in.
    active: bool,
    /// Roles, by first day.
    roles: Vec<RoleView>,
    /// Phones, oldest first.
    devices: Vec<PhoneRecord>,
    /// Whether a home is registered.
    has_home: bool,
    /// Where notices go; told to administrators only.
    email: Option<String>,
}

/// A person to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// Staff number.
    #[schema(example = "199001012015011001", max_length = 32)]
    nip: String,
    /// Name.
    #[schema(max_length = 200)]
    name: String,
    /// Code of the unit.
    unit: String,
    /// Where notices go.
    #[schema(max_length = 254)]
    email: Option<String>,
    /// A first password, at least 8 characters.
    #[schema(min_length = 8, max_length = 256)]
    password: Option<String>,
}

/// What a person is to be from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonBody {
    /// Name.
    #[schema(max_length = 200)]
    name: String,
    /// Code of the unit.
    unit: String,
    /// Whether the person may sign in; whoever is made inactive is signed out everywhere.
    active: bool,
    /// Where notices go.
    #[schema(max_length = 254)]
    email: Option<String>,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// At least 8 characters.
    #[schema(min_length = 8, max_length = 256)]
    password: String,
}

/// Everybody, by name.
#[utoipa::path(get, path = "/api/v1/people", operation_id = "people", tag = "people", params(PeopleQuery),
    responses((status = 200, body = Page<ListedView>, description = "A page")))]
pub async fn list(
    app: web::Data<App>,
    person: Person,
    query: web::Query<PeopleQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = pages::limit(query.limit)?;
    let wanted = query.wanted(limit, app.now().date_in(&person.zone))?;
    let mut tx = app.store.read().await?;
    let tree = tree_of(&mut tx).await?;
    Ok(private(ListedView::page(rows::listed(&mut tx, &wanted).await?, limit, &tree, true)))
}

/// The person with a staff number, for a supervisor of the unit or an administrator.
async fn view(app: &App, person: &Person, nip: &str) -> Result<PersonRecord, Problem> {
    let gone = || Problem::new(Code::NotFound, "there is no such person for you");
    let mut tx = app.store.read().await?;
    let whose = rows::by_nip(&mut tx, nip).await?.ok_or_else(gone)?;
    let tree = tree_of(&mut tx).await?;
    let administrator = person.actor.holds(Role::Administrator);
    if !administrator && !supervises(person, &tree, whose.unit_id) {
        return Err(gone());
    }
    let today = tree.date_at(whose.unit_id, app.now());
    let places = places::in_force(&mut tx, whose.id, today).await?;
    let role = |held: roles::NamedRole| RoleView {
        id: held.role.id,
        role: held.role.role,
        unit: held.unit_code.zip(held.unit_name).map(|(code, name)| NamedUnit { code, name }),
        valid_from: held.role.valid_from,
        valid_to: held.role.valid_to,
        acting: held.acting,
    };
    let phone = |row: store::devices::DeviceRow| PhoneRecord {
        id: row.id,
        name: row.name,
        enrolled_at: row.enrolled_at,
        revoked_at: row.revoked_at,
    };
    Ok(PersonRecord {
        id: whose.id,
        unit: unit_name(&tree, whose.unit_id),
        active: whose.active,
        roles: roles::of_person(&mut tx, whose.id).await?.into_iter().map(role).collect(),
        devices: phones::every_of_person(&mut tx, whose.id).await?.into_iter().map(phone).collect(),
        has_home: places.iter().any(|place| place.kind == PlaceKind::Home),
        email: rows::email(&mut tx, whose.id).await?.filter(|_| administrator),
        nip: whose.nip,
        name: whose.name,
    })
}

/// A person with roles and phones.
#[utoipa::path(get, path = "/api/v1/people/{nip}", operation_id = "person", tag = "people",
    params(("nip" = String, Path, description = "Staff number")),
    responses((status = 200, body = PersonRecord, description = "The person")))]
pub async fn show(app: web::Data<App>, person: Person, nip: web::Path<String>) -> Result<HttpResponse, Problem> {
    Ok(private(view(&app, &person, &nip).await?))
}

/// Add a person.
#[utoipa::path(post, path = "/api/v1/people", operation_id = "add_person", tag = "people", request_body = NewPerson,
    responses((status = 201, body = PersonRecord, description = "The person")))]
pub async fn create(app: web::Data<App>, person: Person, body: web::Json<NewPerson>) -> Result<HttpResponse, Problem> {
    let NewPerson { nip, name, unit, email, password } = body.into_inner();
    let new = edit::NewPerson { nip, name, unit, email, password };
    edit::create(&app, &person, &new).await?;
    Ok(HttpResponse::Created().json(view(&app, &person, &new.nip).await?))
}

/// Change a person's name, unit and address, and whether they may sign in.
#[utoipa::path(put, path = "/api/v1/people/{nip}", operation_id = "change_person", tag = "people",
    params(("nip" = String, Path, description = "Staff number")), request_body = PersonBody,
    responses((status = 200, body = PersonRecord, description = "The person")))]
pub async fn change(
    app: web::Data<App>,
    person: Person,
    nip: web::Path<String>,
    body: web::Json<PersonBody>,
) -> Result<HttpResponse, Problem> {
    let PersonBody { name, unit, active, email } = body.into_inner();
    edit::change(&app, &person, &nip, &Changed { name, unit, active, email }).await?;
    Ok(private(view(&app, &person, &nip).await?))
}

/// Give somebody a password; they are signed out everywhere. Never one's own, nor an administrator's.
#[utoipa::path(post, path = "/api/v1/people/{nip}/password", operation_id = "set_password", tag = "people",
    params(("nip" = String, Path, description = "Staff number")), request_body = NewPassword,
    responses((status = 204, description = "It is set")))]
pub async fn set_password(
    app: web::Data<App>,
    person: Person,
    nip: web::Path<String>,
    body: web::Json<NewPassword>,
) -> Result<HttpResponse, Problem> {
    edit::set_password(&app, &person, &nip, &body.password).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Take a lost phone away from somebody whose unit I supervise.
#[utoipa::path(delete, path = "/api/v1/people/{nip}/devices/{id}", operation_id = "revoke_lost_device", tag = "people",
    params(("nip" = String, Path, description = "Staff number"), ("id" = DeviceId, Path, description = "The phone's id")),
    responses((status = 204, description = "Taken away")))]
pub async fn revoke_device(
    app: web::Data<App>,
    person: Person,
    path: web::Path<(String, DeviceId)>,
) -> Result<HttpResponse, Problem> {
    let (nip, id) = path.into_inner();
    devices::revoke_lost(&app, &person, &nip, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
