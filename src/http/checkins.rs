//! One check-in and its photo, for those who may see them.

use actix_web::{HttpResponse, http::header, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Person,
    problem::{Code, Problem},
};
use crate::{
    app::App,
    checkin::{
        history::{self, CheckinView},
        map,
        permit::{Permit, Relation},
        photo,
        receipt::SignedReceipt,
    },
    display::SIDES_PX,
    model::{ids::CheckinId, time::Timestamp, words::LookKind},
    places::drawing::Drawing,
    store::looks,
};

/// Which copy.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PhotoQuery {
    /// Longer side in pixels: 320 or 1280 (when not said).
    side: Option<u32>,
}

impl PhotoQuery {
    /// The side that is asked for.
    ///
    /// # Errors
    /// A problem when no copies of that size are made.
    pub fn side(&self) -> Result<u32, Problem> {
        let side = self.side.unwrap_or(SIDES_PX[0]);
        if SIDES_PX.contains(&side) {
            return Ok(side);
        }
        Err(Problem::new(Code::ParameterInvalid, format!("side has to be 320 or 1280, not {side}")))
    }
}

/// Who looked at a check-in.
#[derive(Serialize, ToSchema)]
pub struct Looks {
    /// Oldest first.
    looks: Vec<LookView>,
}

/// One look.
#[derive(Serialize, ToSchema)]
pub struct LookView {
    /// When.
    at: Timestamp,
    /// Who.
    viewer: String,
    /// Whether that was the person themself.
    own: bool,
    /// At what.
    what: LookKind,
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
    let side = query.side()?;
    let permit = permit(&app, &person, *id).await?;
    let copy = photo::look(&app, &permit, person.actor.person_id, side).await?;
    Ok(jpeg(copy))
}

/// A display copy as an answer that nothing on the way keeps.
pub(super) fn jpeg(copy: bytes::Bytes) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "image/jpeg"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"evidence.jpg\""))
        .insert_header(("cross-origin-resource-policy", "same-origin"))
        .body(copy)
}

/// The signed receipt of an own check-in, as the phone got it.
#[utoipa::path(get, path = "/api/v1/checkins/{id}/receipt", operation_id = "receipt", tag = "check-in",
    params(("id" = CheckinId, Path, description = "The check-in's id")),
    responses((status = 200, body = SignedReceipt, description = "The receipt")))]
pub async fn receipt(app: web::Data<App>, person: Person, id: web::Path<CheckinId>) -> Result<HttpResponse, Problem> {
    let permit = own(&app, &person, *id).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(permit.checkin().receipt.clone()))
}

/// Who looked at the evidence of an own check-in, and when.
#[utoipa::path(get, path = "/api/v1/checkins/{id}/looks", operation_id = "looks", tag = "check-in",
    params(("id" = CheckinId, Path, description = "The check-in's id")),
    responses((status = 200, body = Looks, description = "Every look")))]
pub async fn looks(app: web::Data<App>, person: Person, id: web::Path<CheckinId>) -> Result<HttpResponse, Problem> {
    let permit = own(&app, &person, *id).await?;
    let mut tx = app.store.glance().await?;
    let rows = looks::of_checkin(&mut tx, permit.checkin().id).await?;
    let view = |row: looks::LookRow| LookView {
        at: row.at,
        own: row.viewer_id == permit.checkin().person_id,
        viewer: row.viewer_name.unwrap_or_default(),
        what: row.what,
    };
    let looks = rows.into_iter().map(view).collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(Looks { looks }))
}

/// The permit for an own check-in; what is somebody else's is not told to be there.
async fn own(app: &App, person: &Person, id: CheckinId) -> Result<Permit, Problem> {
    let permit = permit(app, person, id).await?;
    if permit.relation() == Relation::Own {
        return Ok(permit);
    }
    Err(Problem::new(Code::NotFound, "there is no such check-in of yours"))
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
