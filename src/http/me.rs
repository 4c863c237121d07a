//! What a person sees of themself: who they are here, and what was recorded.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Person,
    pages::{self, Page},
    problem::{Code, Problem},
};
use crate::{
    app::App,
    checkin::{
        history::{self, CheckinView},
        permit::Permit,
    },
    model::{
        ids::{CheckinId, PersonId},
        time::{Timestamp, WorkDate},
        words::Role,
    },
    session::SignedIn,
    store::{checkins, people, units},
};

/// Who the person is here.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// Id.
    id: PersonId,
    /// Staff number.
    #[schema(example = "199001012015011001")]
    nip: String,
    /// Name.
    name: String,
    /// Code of the unit.
    #[schema(example = "DISKOMINFO")]
    unit_code: String,
    /// Name of the unit.
    unit_name: String,
    /// IANA name of its zone.
    #[schema(example = "Asia/Jakarta")]
    time_zone: String,
    /// Roles held today.
    roles: Vec<Role>,
}

/// Which page of own check-ins.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Pages {
    /// `next` of the page before.
    before: Option<String>,
    /// Rows, 1 to 100; 20 when not said.
    limit: Option<i64>,
    /// Only check-ins for the work dates of this month, `2026-11`.
    #[param(example = "2026-11")]
    month: Option<String>,
}

/// The first and the last date of a month.
fn dates_of(month: &str) -> Result<(WorkDate, WorkDate), Problem> {
    let first = Some(month).filter(|month| month.len() == 7).and_then(|month| format!("{month}-01").parse().ok());
    let first: WorkDate = first.ok_or_else(|| {
        Problem::new(Code::ParameterInvalid, format!("month has to be a year and a month like 2026-11, not {month}"))
    })?;
    Ok((first, WorkDate(first.0.last_of_month())))
}

/// Who am I here, and with which roles.
#[utoipa::path(get, path = "/api/v1/me", operation_id = "me", tag = "me",
    responses((status = 200, body = Me, description = "The signed-in person")))]
pub async fn show(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(of(&app, &person).await?))
}

/// Who a signed-in person is here.
pub(super) async fn of(app: &App, person: &SignedIn) -> Result<Me, Problem> {
    let mut tx = app.store.read().await?;
    let gone = || Problem::new(Code::NotFound, "the person is gone");
    let row = people::by_id(&mut tx, person.actor.person_id).await?.ok_or_else(gone)?;
    let unit = units::by_id(&mut tx, row.unit_id).await?.ok_or_else(gone)?;
    let roles = person.actor.roles.iter().map(|held| held.role).collect();
    Ok(Me {
        id: row.id,
        nip: row.nip,
        name: row.name,
        unit_code: unit.code,
        unit_name: unit.name,
        time_zone: unit.time_zone,
        roles,
    })
}

/// Own check-ins with findings and decisions, newest first.
#[utoipa::path(get, path = "/api/v1/me/checkins", operation_id = "my_checkins", tag = "me", params(Pages),
    responses((status = 200, body = Page<CheckinView>, description = "A page")))]
pub async fn checkins(app: web::Data<App>, person: Person, query: web::Query<Pages>) -> Result<HttpResponse, Problem> {
    let limit = pages::limit(query.limit)?;
    let before = match &query.before {
        None => (Timestamp::from_microsecond(i64::MAX), CheckinId(uuid::Uuid::max())),
        Some(cursor) => {
            let [micros, id] = pages::parts(cursor)?;
            (pages::instant(&micros)?, pages::part(&id)?)
        }
    };
    let mut tx = app.store.read().await?;
    let who = person.actor.person_id;
    let rows = match query.month.as_deref() {
        None => checkins::of_person(&mut tx, who, before, limit + 1).await?,
        Some(month) => checkins::of_dates(&mut tx, who, dates_of(month)?, before, limit + 1).await?,
    };
    let more = i64::try_from(rows.len()).is_ok_and(|count| count > limit);
    let mut items = Vec::new();
    let shown = rows.into_iter().take(usize::try_from(limit).unwrap_or(0));
    for permit in shown.filter_map(|row| Permit::for_own(&person, row)) {
        items.push(history::view(&mut tx, &permit).await?);
    }
    let last = items.last().filter(|_| more);
    let next = last.map(|item| pages::cursor(&[item.received_at.as_microsecond().to_string(), item.id.to_string()]));
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(Page { items, next }))
}
