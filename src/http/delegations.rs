//! Acting supervisors: given by a supervisor for a time, approved by one above or an administrator.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{auth::Person, changes::ChangeView, places::private, problem::Problem, units::NamedUnit};
use crate::{
    app::App,
    changes::{self, Payload, delegation, payload::DelegationChange},
    model::{ids::RoleId, time::WorkDate},
    store::roles::{self, NamedRole},
};

/// Most delegations that are shown.
const SHOWN: i64 = 100;

/// Somebody is to act.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDelegation {
    /// Code of a unit that I supervise by a role of my own.
    #[schema(example = "DISKOMINFO")]
    unit: String,
    /// Staff number of who is to act.
    nip: String,
    /// First day.
    valid_from: WorkDate,
    /// Last day, at most 90 days in all.
    valid_to: WorkDate,
    /// Why: whoever decides reads it; may be left out.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Somebody acts, acted or will act.
#[derive(Serialize, ToSchema)]
pub struct DelegationView {
    /// Names it.
    id: RoleId,
    /// For which unit, with all units below.
    unit: NamedUnit,
    /// Staff number of who acts.
    nip: String,
    /// Name of who acts.
    name: String,
    /// Name of who gave it.
    given_by: String,
    /// First day.
    valid_from: WorkDate,
    /// Last day.
    valid_to: Option<WorkDate>,
    /// Whether the asking person gave it; else they hold it.
    gave: bool,
    /// Whether it holds today.
    in_force: bool,
}

/// Delegations.
#[derive(Serialize, ToSchema)]
pub struct Delegations {
    /// The latest first.
    delegations: Vec<DelegationView>,
}

/// Whom I let act for me, and for whom I act. What waits for approval stands among the changes.
#[utoipa::path(get, path = "/api/v1/delegations", operation_id = "delegations", tag = "changes",
    responses((status = 200, body = Delegations, description = "The delegations")))]
pub async fn list(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    let (who, today) = (person.actor.person_id, app.now().date_in(&person.zone));
    let mut tx = app.store.glance().await?;
    let view = |held: NamedRole| DelegationView {
        id: held.role.id,
        unit: NamedUnit { code: held.unit_code.unwrap_or_default(), name: held.unit_name.unwrap_or_default() },
        nip: held.nip,
        name: held.person_name,
        given_by: held.giver.unwrap_or_default(),
        valid_from: held.role.valid_from,
        valid_to: held.role.valid_to,
        gave: held.granted_by == Some(who),
        in_force: held.role.valid_from <= today && held.role.valid_to.is_none_or(|to| to >= today),
    };
    let delegations = roles::delegations(&mut tx, who, SHOWN).await?.into_iter().map(view).collect();
    Ok(private(Delegations { delegations }))
}

/// Let somebody act for me, from a first to a last day; a supervisor above or an administrator approves it.
#[utoipa::path(post, path = "/api/v1/delegations", operation_id = "propose_delegation", tag = "changes",
    request_body = NewDelegation,
    responses((status = 201, body = ChangeView, description = "It waits for somebody else")))]
pub async fn propose(
    app: web::Data<App>,
    person: Person,
    body: web::Json<NewDelegation>,
) -> Result<HttpResponse, Problem> {
    let NewDelegation { unit, nip, valid_from, valid_to, note } = body.into_inner();
    let payload = Payload::Delegation(DelegationChange { unit, nip, valid_from, valid_to });
    let row = changes::propose(&app, &person, &payload, &note.unwrap_or_default()).await?;
    Ok(HttpResponse::Created().json(ChangeView::new(row, person.actor.person_id, false, None)))
}

/// End what I gave: today is its last day.
#[utoipa::path(delete, path = "/api/v1/delegations/{id}", operation_id = "end_delegation", tag = "changes",
    params(("id" = RoleId, Path, description = "The delegation's id")),
    responses((status = 204, description = "Ended")))]
pub async fn end(app: web::Data<App>, person: Person, id: web::Path<RoleId>) -> Result<HttpResponse, Problem> {
    delegation::end(&app, &person, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}
