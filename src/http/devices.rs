//! Own phones: keys that sign check-ins.

use actix_web::{HttpResponse, http::header, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{auth::Person, problem::Problem};
use crate::{
    app::App,
    model::{ids::DeviceId, time::Timestamp},
    session::{
        device_key::PublicJwk,
        devices::{self, NewDevice},
    },
    store,
};

/// A key to enrol.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeviceBody {
    /// What the person reads, 1 to 80 characters.
    #[schema(example = "Android, Chrome", min_length = 1, max_length = 80)]
    name: String,
    /// The public key.
    public_key: PublicJwk,
    /// A JWS (ES256) of type `device-proof+jws` by this key whose `sub` is the person's id.
    #[schema(max_length = 2048)]
    proof: String,
}

/// An enrolled phone.
#[derive(Serialize, ToSchema)]
pub struct DeviceView {
    /// Names the key in signatures.
    id: DeviceId,
    /// What the person reads.
    name: String,
    /// Since when it counts.
    enrolled_at: Timestamp,
    /// When it last signed a check-in.
    last_used_at: Option<Timestamp>,
}

/// The enrolled phones.
#[derive(Serialize, ToSchema)]
pub struct Devices {
    /// Oldest first.
    devices: Vec<DeviceView>,
}

impl DeviceView {
    fn new(row: store::devices::DeviceRow, last_used_at: Option<Timestamp>) -> Self {
        Self { id: row.id, name: row.name, enrolled_at: row.enrolled_at, last_used_at }
    }
}

/// The enrolled phones.
#[utoipa::path(get, path = "/api/v1/me/devices", operation_id = "devices", tag = "me",
    responses((status = 200, body = Devices, description = "The phones")))]
pub async fn list(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    let mut tx = app.store.glance().await?;
    let rows = store::devices::of_person(&mut tx, person.actor.person_id).await?;
    let devices = rows.into_iter().map(|row| DeviceView::new(row.device, row.last_used_at)).collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(Devices { devices }))
}

/// Enrol a phone's key; the same key again is the same phone.
#[utoipa::path(post, path = "/api/v1/me/devices", operation_id = "enrol_device", tag = "me",
    request_body = NewDeviceBody,
    responses((status = 201, body = DeviceView, description = "Enrolled now"),
        (status = 200, body = DeviceView, description = "Enrolled before")))]
pub async fn enrol(
    app: web::Data<App>,
    person: Person,
    body: web::Json<NewDeviceBody>,
) -> Result<HttpResponse, Problem> {
    let NewDeviceBody { name, public_key, proof } = body.into_inner();
    let (row, fresh) = devices::enrol(&app, &person, &NewDevice { name, public_key, proof }).await?;
    let view = DeviceView::new(row, None);
    Ok(if fresh { HttpResponse::Created().json(view) } else { HttpResponse::Ok().json(view) })
}

/// Take a phone away: what it signs counts no more.
#[utoipa::path(delete, path = "/api/v1/me/devices/{id}", operation_id = "revoke_device", tag = "me",
    params(("id" = DeviceId, Path, description = "The device's id")),
    responses((status = 204, description = "Taken away")))]
pub async fn revoke(app: web::Data<App>, person: Person, id: web::Path<DeviceId>) -> Result<HttpResponse, Problem> {
    devices::revoke(&app, &person, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}
