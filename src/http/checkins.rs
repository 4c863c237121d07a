//! One check-in and its photo, for those who may see them.

use actix_web::{HttpResponse, http::header, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    auth::Person,
    problem::{Code, Problem},
};
use crate::{
    app::App,
    checkin::{
        history::{self, CheckinView},
        map,
        permit::Permit,
        photo,
    },
    model::ids::CheckinId,
    places::drawing::Drawing,
};

/// Which copy.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PhotoQuery {
    /// Longer side in pixels: 320 or 1280 (when not said).
    side: Option<u32>,
}

async fn permit(app: &App, person: &Person, id: CheckinId) -> Result<Permit, Problem> {
    let today = app.now().date_in(&person.zone);
    let mut tx = app.store.read().await?;
    let permit = Permit::for_checkin(&mut tx, person, id, today).await?;
    permit.ok_or_else(|| Problem::new(Code::NotFound, "there is no such check-in for you"))
}

/// One check-in with findings and decisions.
#[utoipa::path(get, path = "/api/v1/checkins/{id}", operation_id = "checkin", tag = "check-in",
    params(("id" = CheckinId, Path, description = "The check-in's id")),
    responses((status = 200, body = CheckinView, description = "The check-in")))]
pub async fn show(app: web::Data<App>, person: Person, id: web::Path<CheckinId>) -> Result<HttpResponse, Problem> {
    let permit = permit(&app, &person, *id).await?;
    let mut tx = app.store.read().await?;
    let view = history::view(&mut tx, &permit).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(view))
}

/// A display copy of the photo: upright, without metadata. Each look is logged.
#[utoipa::path(get, path = "/api/v1/checkins/{id}/photo", operation_id = "checkin_photo", tag = "check-in",
    params(("id" = CheckinId, Path, description = "The check-in's id"), PhotoQuery),
    responses((status = 200, description = "A JPEG", content_type = "image/jpeg", body = String)))]
pub async fn photo(
    app: web::Data<App>,
    person: Person,
    id: web::Path<CheckinId>,
    query: web::Query<PhotoQuery>,
) -> Result<HttpResponse, Problem> {
    let side = query.side.unwrap_or(photo::SIDES_PX[0]);
    if !photo::SIDES_PX.contains(&side) {
        return Err(Problem::new(Code::ParameterInvalid, format!("side has to be 320 or 1280, not {side}")));
    }
    let permit = permit(&app, &person, *id).await?;
    let copy = photo::look(&app, &permit, person.actor.person_id, side).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "image/jpeg"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"evidence.jpg\""))
        .insert_header(("cross-origin-resource-policy", "same-origin"))
        .body(copy))
}

/// The fence it fits best and its fixes, in metres from its middle. Each look is logged.
#[utoipa::path(get, path = "/api/v1/checkins/{id}/map", operation_id = "checkin_map", tag = "check-in",
    params(("id" = CheckinId, Path, description = "The check-in's id")),
    responses((status = 200, body = Drawing, description = "The drawing")))]
pub async fn map(app: web::Data<App>, person: Person, id: web::Path<CheckinId>) -> Result<HttpResponse, Problem> {
    let permit = permit(&app, &person, *id).await?;
    let drawing = map::look(&app, &permit, person.actor.person_id).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(drawing))
}
