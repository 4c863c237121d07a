//! One line a request, with a request id that the answer carries too.
//!
//! Fields: `method`, `route` (the pattern, never the path), `status`, `ms`, `request_id`, `person` (id, when signed in),
//! `problem` (code, when it failed). Never a token, a position, a name or a photo.

use std::time::{Duration, Instant};

use actix_web::{
    Error, HttpMessage as _,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};
use tracing::{Instrument as _, Span};

use crate::{
    app::App,
    http::problem::{Code, Problem},
    model::time::Timestamp,
    telemetry::RequestLabels,
};

/// Whether a route receives photos.
fn is_upload(route: &str) -> bool {
    route.starts_with("/api/v1/presence/") || route.ends_with("/answers")
}

/// The header that carries the request id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The header that says how long the answer took.
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Nothing can be said under the request id any more: the request went with its handler.
fn too_slow(span: &Span, method: &str, route: &str) -> Problem {
    span.in_scope(|| tracing::warn!(method, route, "cut off: the request took too long"));
    Problem::new(Code::RequestSlow, "the request took too long")
}

/// A method as a label: a client may send any word, and a counter for each would fill the memory.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

/// When a request arrived; put beside it before anything else happens.
#[derive(Clone, Copy, Debug)]
pub struct Arrival(pub Timestamp);

/// Wraps a request: id, span, line, counters.
///
/// # Errors
/// None of its own; whoever answers says problems as answers.
pub async fn observe(
    app: web::Data<App>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    request.extensions_mut().insert(Arrival(app.now()));
    let id = hex::encode(app.chance.bytes::<8>());
    let route = request.match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let method = known_method(request.method());
    let span = tracing::info_span!("request", request_id = %id, person = tracing::field::Empty);
    let answering = next.call(request).instrument(span.clone());
    // Uploads have deadlines of their own, an idle one and a total one.
    let response = if is_upload(&route) {
        answering.await?
    } else {
        let patience = Duration::from_secs(app.config.request_total_s);
        tokio::time::timeout(patience, answering).await.map_err(|_| too_slow(&span, method, &route))??
    };
    let problem = response.response().error().and_then(|error| error.as_error::<Problem>()).cloned();
    // Said again, now that the request id is at hand.
    let mut response = match &problem {
        Some(found) => response.into_response(found.response(Some(&id)).map_into_boxed_body()),
        None => response.map_into_boxed_body(),
    };
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    // https://www.w3.org/TR/server-timing/: what the network adds is told apart from it by every browser.
    if let Ok(value) = HeaderValue::from_str(&format!("app;dur={:.1}", elapsed.as_secs_f64() * 1e3)) {
        response.headers_mut().insert(SERVER_TIMING, value);
    }
    span.in_scope(|| {
        let problem = problem.as_ref().map(|problem| problem.code.as_str());
        tracing::info!(method, route, status, ms = elapsed.as_millis() as u64, problem, "answered");
    });
    app.metrics.request_seconds.observe(elapsed.as_secs_f64());
    app.metrics.requests.get_or_create(&RequestLabels { method: method.to_owned(), route, status }).inc();
    Ok(response)
}
