//! The pages, embedded in the binary: HTML and worker asked for each time, everything with a hash in its name kept for a
//! year.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::problem::{Code, Problem};

#[derive(RustEmbed)]
#[folder = "web/dist/"]
#[exclude = ".*"]
struct Dist;

/// Scripts, styles and calls from here only; nothing inline, nothing from anybody else.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    connect-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; frame-ancestors 'none'; \
    base-uri 'none'; form-action 'none'";
/// Camera and position are for the phone page alone.
const PHONE_PERMISSIONS: &str = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()";
/// The console needs none of them.
const NO_PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
/// A file whose name holds the hash of what is in it.
const FOR_A_YEAR: &str = "public, max-age=31536000, immutable";
/// Has to be asked for each time; the entity tag makes that cheap.
const ASK_AGAIN: &str = "no-cache";

/// Shown where the pages would be when the server was built without them.
const NOT_BUILT: &str = "<!doctype html><html lang=\"id\"><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>hadir</title>\
    <h1>hadir</h1><p>Halaman ini belum dibangun. Pasang Node.js 20.19 atau lebih baru, lalu bangun server kembali: \
    <code>cargo build --release</code>.</p><p lang=\"en\">This server was built without its pages. Install Node.js 20.19 \
    or newer and build it again: <code>cargo build --release</code>. The API works: <a href=\"/api-docs/\">/api-docs/</a>.\
    </p></html>";

/// To the page most people come for.
pub async fn home() -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, "/phone")).finish()
}

/// The phone page.
pub async fn phone(request: HttpRequest) -> HttpResponse {
    page(&request, "phone.html", PHONE_PERMISSIONS)
}

/// The console of supervisors and administrators.
pub async fn console(request: HttpRequest) -> HttpResponse {
    page(&request, "console.html", NO_PERMISSIONS)
}

fn page(request: &HttpRequest, name: &str, permissions: &'static str) -> HttpResponse {
    let mut response = match file(request, name, ASK_AGAIN) {
        Some(response) => response,
        None => HttpResponse::ServiceUnavailable().content_type("text/html; charset=utf-8").body(NOT_BUILT),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    headers.insert(header::PERMISSIONS_POLICY, HeaderValue::from_static(permissions));
    response
}

/// A script, a style sheet or a picture of the pages.
///
/// # Errors
/// A problem when there is no such file.
pub async fn asset(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse, Problem> {
    found(file(&request, &format!("assets/{name}"), FOR_A_YEAR))
}

/// An icon.
///
/// # Errors
/// A problem when there is no such file.
pub async fn icon(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse, Problem> {
    found(file(&request, &format!("icons/{name}"), ASK_AGAIN))
}

/// The manifest, with which a phone puts the page among its programs.
///
/// # Errors
/// A problem when the pages were not built.
pub async fn manifest(request: HttpRequest) -> Result<HttpResponse, Problem> {
    found(file(&request, "manifest.webmanifest", ASK_AGAIN))
}

/// The service worker; it may use what the page may.
///
/// # Errors
/// A problem when the pages were not built.
pub async fn worker(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let mut response = found(file(&request, "sw.js", ASK_AGAIN))?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    Ok(response)
}

fn found(response: Option<HttpResponse>) -> Result<HttpResponse, Problem> {
    response.ok_or_else(|| Problem::new(Code::NotFound, "the pages have no such file"))
}

/// A file as an answer, in the smallest form the browser takes; nothing when there is none.
fn file(request: &HttpRequest, name: &str, kept: &'static str) -> Option<HttpResponse> {
    let (found, encoding) = smallest(request, name)?;
    let tag = format!("\"{}\"", hex::encode(&found.metadata.sha256_hash()[..16]));
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CACHE_CONTROL, kept))
        .insert_header((header::VARY, "accept-encoding"))
        .insert_header((header::ETAG, tag.clone()));
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag)) {
        response.status(actix_web::http::StatusCode::NOT_MODIFIED);
        return Some(response.finish());
    }
    if let Some(encoding) = encoding {
        response.insert_header((header::CONTENT_ENCODING, encoding));
    }
    Some(response.insert_header((header::CONTENT_TYPE, media_type(name))).body(found.data.into_owned()))
}

/// The file, or its compressed twin.
fn smallest(request: &HttpRequest, name: &str) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let taken = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let takes = |encoding: &str| taken.split(',').any(|one| one.split(';').next().unwrap_or("").trim() == encoding);
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        if takes(encoding)
            && let Some(found) = Dist::get(&format!("{name}.{ending}"))
        {
            return Some((found, Some(encoding)));
        }
    }
    Dist::get(name).map(|found| (found, None))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
