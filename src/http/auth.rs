//! Who is asking: checked in middleware, before a byte of the body is read.

use std::{future::Ready, ops::Deref};

use actix_web::{
    Error, FromRequest, HttpMessage as _, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
    web,
};

use super::{
    console,
    problem::{Code, Problem},
    routes::{self, Access},
};
use crate::{
    app::App,
    model::words::Role,
    session::{self, SignedIn, access},
};

/// The signed-in person, for handlers of routes that need one.
#[derive(Clone, Debug)]
pub struct Person(pub SignedIn);

impl Deref for Person {
    type Target = SignedIn;
    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

impl FromRequest for Person {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = request.extensions().get::<Self>().cloned();
        std::future::ready(found.ok_or_else(|| Problem::new(Code::TokenMissing, "this address needs an access token")))
    }
}

/// Lets a request through when the route's row in the table allows it; else the answer is the problem.
///
/// # Errors
/// Those of the handler.
pub async fn authenticate(
    app: web::Data<App>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match allowed(&app, &request).await {
        Ok(Some(person)) => {
            request.extensions_mut().insert(Person(person));
        }
        Ok(None) => {}
        Err(problem) => return Ok(request.error_response(problem)),
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// The person a route needs; nothing when it needs none.
async fn allowed(app: &App, request: &ServiceRequest) -> Result<Option<SignedIn>, Problem> {
    // The table speaks of plain paths; an encoded one would be routed and found in no row.
    if request.uri().path().contains('%') {
        return Err(Problem::new(Code::NotFound, "addresses here are written without percent-encoding"));
    }
    let access = request.match_pattern().and_then(|pattern| routes::access(request.method(), &pattern));
    let Some(needed) = access.filter(|access| *access != Access::Anyone) else { return Ok(None) };
    let person = signed_in(app, request).await?;
    if needed == Access::Supervisor && !person.actor.holds(Role::Supervisor) {
        return Err(Problem::new(Code::RoleMissing, "this address is for supervisors"));
    }
    if needed == Access::Administrator && !person.actor.holds(Role::Administrator) {
        return Err(Problem::new(Code::RoleMissing, "this address is for administrators"));
    }
    let either = person.actor.holds(Role::Supervisor) || person.actor.holds(Role::Administrator);
    if needed == Access::SupervisorOrAdministrator && !either {
        return Err(Problem::new(Code::RoleMissing, "this address is for supervisors and administrators"));
    }
    tracing::Span::current().record("person", tracing::field::display(person.actor.person_id));
    Ok(Some(person))
}

/// Whoever the access token names, or, without one, the console's cookie.
async fn signed_in(app: &App, request: &ServiceRequest) -> Result<SignedIn, Problem> {
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if sent.is_none()
        && let Some(person) = console::signed_in(app, request.request()).await?
    {
        return Ok(person);
    }
    let (scheme, token) = sent.and_then(|value| value.split_once(' ')).unzip();
    let token = token.filter(|_| scheme.is_some_and(|name| name.eq_ignore_ascii_case("Bearer"))).map(str::trim);
    let token = token.ok_or_else(|| Problem::new(Code::TokenMissing, "there is no `Authorization: Bearer` header"))?;
    let claims = access::check(&app.keys.access, token, app.now())?;
    let person = session::resolve(app, claims.sid, claims.sub).await?;
    person.ok_or_else(|| Problem::new(Code::TokenInvalid, "this sign-in was ended"))
}
