//! The API's own description, served without a network: the document, the problems, and a page to try it.

use std::sync::{Arc, OnceLock};

use actix_web::{HttpResponse, http::header, web};

use super::{
    problem::{self, Code, Problem},
    spec,
};

/// The page needs inline styles; scripts come from here only.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// To the page.
pub async fn root() -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, "/api-docs/")).finish()
}

/// A file of the page.
///
/// # Errors
/// A problem when there is no such file.
pub async fn page(file: web::Path<String>) -> Result<HttpResponse, Problem> {
    let config = Arc::new(utoipa_swagger_ui::Config::from("/api-spec/openapi.json"));
    let nothing = || Problem::new(Code::NotFound, "the description has no such file");
    let found = utoipa_swagger_ui::serve(&file, config).map_err(|_| nothing())?.ok_or_else(nothing)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, found.content_type))
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .body(found.bytes.into_owned()))
}

/// The description as JSON.
pub async fn json() -> HttpResponse {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| spec::document().to_json().unwrap_or_default());
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "application/json")).body(text.as_str())
}

/// The description as YAML, as it is committed.
pub async fn yaml() -> HttpResponse {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| spec::document().to_yaml().unwrap_or_default());
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "application/yaml")).body(text.as_str())
}

/// Every problem and what to do about it.
pub async fn problems() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/markdown; charset=utf-8")).body(problem::page())
}
