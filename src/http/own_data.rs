//! Own data as a download.

use actix_web::{HttpResponse, http::header, web};
use futures_util::stream;

use super::{auth::Person, problem::Problem};
use crate::{app::App, own_data};

/// Own data as one ZIP file: check-ins with findings, receipts and photos, cases, and who looked. `Hadir-Total-Bytes` says
/// nearly how long it is.
#[utoipa::path(get, path = "/api/v1/me/export", operation_id = "export_own_data", tag = "me",
    responses((status = 200, description = "A ZIP file", content_type = "application/zip", body = String)))]
pub async fn export(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    let data = own_data::begin(app.into_inner(), &person).await?;
    let pieces =
        stream::unfold(data.pieces, |mut pieces| async move { pieces.recv().await.map(|piece| (piece, pieces)) });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/zip"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"hadir.zip\""))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("hadir-total-bytes", data.about_bytes))
        .streaming(pieces))
}
