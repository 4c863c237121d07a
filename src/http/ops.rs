//! For those who run the server: is it alive, is it ready, what does it count.

use actix_web::{HttpResponse, http::header, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Code, Problem};
use crate::app::App;

/// The server answers.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
    /// Version of the program.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

/// Both stores answer.
#[derive(Serialize, ToSchema)]
pub struct Readiness {
    /// Always `ready`.
    #[schema(example = "ready")]
    status: &'static str,
    /// Which database.
    #[schema(example = "sqlite")]
    database: &'static str,
    /// Which photo store.
    #[schema(example = "folder")]
    photos: &'static str,
}

/// Is the process alive.
#[utoipa::path(get, path = "/healthz", operation_id = "health", tag = "operations",
    responses((status = 200, body = Health, description = "Alive")))]
pub async fn health() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// Can it do its work: accepting, database and photo store answering.
#[utoipa::path(get, path = "/readyz", operation_id = "ready", tag = "operations",
    responses((status = 200, body = Readiness, description = "Ready")))]
pub async fn ready(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    if !app.is_accepting() {
        return Err(Problem::new(Code::Stopping, "the server is stopping").retry_after(10));
    }
    app.store.ping().await?;
    app.blobs.ready().await.map_err(|error| {
        tracing::error!(error = %error, "the photo store does not answer");
        Problem::new(Code::StorageUnavailable, "the photo store does not answer").retry_after(5)
    })?;
    Ok(HttpResponse::Ok().json(Readiness { status: "ready", database: app.store.engine(), photos: app.blobs.name() }))
}

/// Counters in the OpenMetrics text format.
#[utoipa::path(get, path = "/metrics", operation_id = "metrics", tag = "operations",
    responses((status = 200, body = String, content_type = "application/openmetrics-text", description = "Counters")))]
pub async fn metrics(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8"))
        .body(app.metrics.render())
}
