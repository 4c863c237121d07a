//! Sign-in of the console: a cookie that scripts cannot read, taken from the console's own pages only.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::{Method, header},
    web,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    me::{self, Me},
    problem::{Code, Problem},
};
use crate::{
    app::App,
    session::{SignedIn, console},
};

/// The cookie that proves a sign-in. The prefix makes browsers take it over TLS only (or from the machine itself), for this
/// host alone.
pub const SESSION: &str = "__Host-hadir";
/// The cookie that marks a browser as known, so that strangers' failures never slow its sign-in.
pub const DEVICE: &str = "__Host-hadir-device";
/// How long a browser stays known, days.
const KNOWN_DAYS: i64 = 400;

/// Staff number and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsoleSignIn {
    /// Staff number.
    #[schema(example = "197001011995011001")]
    nip: String,
    /// Password.
    #[schema(example = "a long password")]
    password: String,
}

/// Sign in to the console: the answer sets its cookie.
#[utoipa::path(post, path = "/api/v1/console/session", operation_id = "console_sign_in", tag = "session",
    request_body = ConsoleSignIn, responses((status = 200, body = Me, description = "Signed in")))]
pub async fn sign_in(
    app: web::Data<App>,
    request: HttpRequest,
    body: web::Json<ConsoleSignIn>,
) -> Result<HttpResponse, Problem> {
    if said_origin(&request) == Some(false) {
        return Err(foreign());
    }
    let known = request.cookie(DEVICE).map(|cookie| cookie.value().to_owned());
    let cookies = console::open(&app, &body.nip, &body.password, known.as_deref()).await?;
    let signed_in = console::resolve(&app, &cookies.session).await?;
    let person = signed_in.ok_or_else(|| Problem::new(Code::SignInWrong, "the person was deactivated"))?;
    let me = me::of(&app, &person).await?;
    let session = cookie(SESSION, cookies.session, Duration::seconds(app.config.console_session_s));
    let device = cookie(DEVICE, cookies.device, Duration::days(KNOWN_DAYS));
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).cookie(session).cookie(device).json(me))
}

/// What makes a browser forget its sign-in.
pub(super) fn forgotten() -> Cookie<'static> {
    let mut gone = cookie(SESSION, String::new(), Duration::ZERO);
    gone.make_removal();
    gone.set_path("/");
    gone.set_secure(true);
    gone
}

fn cookie(name: &'static str, value: String, age: Duration) -> Cookie<'static> {
    Cookie::build(name, value).path("/").secure(true).http_only(true).same_site(SameSite::Strict).max_age(age).finish()
}

/// Who stands behind the cookie of a request; nothing when it has none that is good now.
///
/// # Errors
/// [`Code::OriginForeign`] when a page of another origin made the browser send it.
pub(super) async fn signed_in(app: &App, request: &HttpRequest) -> Result<Option<SignedIn>, Problem> {
    let Some(cookie) = request.cookie(SESSION) else { return Ok(None) };
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    match said_origin(request) {
        Some(true) => {}
        // Whoever typed the address, or a program without a browser, may read.
        None if reads => {}
        _ => return Err(foreign()),
    }
    Ok(console::resolve(app, cookie.value()).await?)
}

/// Whether the browser says that one of our own pages made the request; nothing when it does not say.
fn said_origin(request: &HttpRequest) -> Option<bool> {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some("none") => None,
        Some(site) => Some(site == "same-origin"),
        None => text("origin")
            .map(|origin| origin.split_once("://").map(|(_, host)| host) == Some(request.connection_info().host())),
    }
}

fn foreign() -> Problem {
    Problem::new(Code::OriginForeign, "the cookie is taken from the console's own pages only")
}
