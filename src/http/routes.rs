//! Every route: who may use it, its limits, and which problems it can answer. Nothing is served that is not in the table.

use actix_web::{HttpRequest, Route as Handler, guard, http::Method, middleware::DefaultHeaders, web};

use super::{
    assets, challenges, changes, checkins, console, delegations, devices, docs, home_readings, me, my_reviews, ops,
    own_data, people, photo_checks, place_cases, places, policy, preflight, presence,
    problem::{ALLOWED, Code, Problem},
    queue,
    refusals::{ANSWER, CHECK_IN, CLAIM, CORRECTION, DECIDE_CHANGE, PLACE},
    reviews, session, today, unit_today, units,
};

/// Largest JSON body, bytes.
const JSON_MAX: usize = 64 * 1024;

/// Who may use a route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// Nobody has to sign in.
    Anyone,
    /// Any signed-in person; sees and changes only what is theirs, or what they supervise.
    Person,
    /// Whoever supervises a unit today.
    Supervisor,
    /// Whoever is an administrator today.
    Administrator,
    /// Whoever supervises a unit or is an administrator today.
    SupervisorOrAdministrator,
}

/// A row of the table.
pub struct Route {
    /// GET, POST, PUT, DELETE.
    pub method: Method,
    /// The pattern.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// Problems of its own, beside those every route can have.
    pub problems: &'static [Code],
    /// What answers.
    pub handler: fn() -> Handler,
}

/// The table.
pub static ROUTES: &[Route] = &[
    Route {
        method: Method::POST,
        path: "/api/v1/session",
        access: Access::Anyone,
        problems: &[Code::BodyInvalid, Code::SignInWrong, Code::SignInThrottled, Code::Busy],
        handler: || web::post().to(session::sign_in),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/session/refresh",
        access: Access::Anyone,
        problems: &[Code::BodyInvalid, Code::SignInOver, Code::SignInReused],
        handler: || web::post().to(session::refresh),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/console/session",
        access: Access::Anyone,
        problems: &[Code::BodyInvalid, Code::SignInWrong, Code::SignInThrottled, Code::OriginForeign, Code::Busy],
        handler: || web::post().to(console::sign_in),
    },
    Route {
        method: Method::DELETE,
        path: "/api/v1/session",
        access: Access::Person,
        problems: &[],
        handler: || web::delete().to(session::sign_out),
    },
    Route {
        method: Method::DELETE,
        path: "/api/v1/sessions",
        access: Access::Person,
        problems: &[],
        handler: || web::delete().to(session::sign_out_everywhere),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/keys",
        access: Access::Anyone,
        problems: &[],
        handler: || read().to(session::keys),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/photo-checks",
        access: Access::Person,
        problems: &[],
        handler: || read().to(photo_checks::show),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/me",
        access: Access::Person,
        problems: &[],
        handler: || read().to(me::show),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/me/today",
        access: Access::Person,
        problems: &[],
        handler: || read().to(today::show),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/me/checkins",
        access: Access::Person,
        problems: &[Code::ParameterInvalid],
        handler: || read().to(me::checkins),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/me/export",
        access: Access::Person,
        problems: &[Code::NotFound, Code::Busy],
        // Not for HEAD: it would gather everything for nobody.
        handler: || web::get().to(own_data::export),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/me/devices",
        access: Access::Person,
        problems: &[],
        handler: || read().to(devices::list),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/me/devices",
        access: Access::Person,
        problems: &[Code::BodyInvalid, Code::DeviceInvalid, Code::DevicesTooOften],
        handler: || web::post().to(devices::enrol),
    },
    Route {
        method: Method::DELETE,
        path: "/api/v1/me/devices/{id}",
        access: Access::Person,
        problems: &[Code::NotFound, Code::ParameterInvalid],
        handler: || web::delete().to(devices::revoke),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/me/reviews",
        access: Access::Person,
        problems: &[],
        handler: || read().to(my_reviews::list),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/me/reviews/{id}",
        access: Access::Person,
        problems: &[Code::NotFound, Code::ParameterInvalid],
        handler: || read().to(my_reviews::show),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/me/reviews/{id}/answers",
        access: Access::Person,
        problems: ANSWER,
        handler: || web::post().to(my_reviews::answer),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/me/reviews/{id}/appeal",
        access: Access::Person,
        problems: &[
            Code::NotFound,
            Code::ParameterInvalid,
            Code::BodyInvalid,
            Code::NoteTooLong,
            Code::AppealUnavailable,
        ],
        handler: || web::post().to(my_reviews::appeal),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/answers/{id}/photo",
        access: Access::Person,
        problems: &[Code::NotFound, Code::ParameterInvalid, Code::PhotoUnavailable, Code::Busy],
        handler: || read().to(my_reviews::answer_photo),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/challenges",
        access: Access::Person,
        problems: &[Code::BodyInvalid, Code::ChallengesTooMany],
        handler: || web::post().to(challenges::create),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/presence/morning",
        access: Access::Person,
        problems: CHECK_IN,
        handler: || web::post().to(presence::morning),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/presence/evening",
        access: Access::Person,
        problems: CHECK_IN,
        handler: || web::post().to(presence::evening),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/checkins/{id}",
        access: Access::Person,
        problems: &[Code::NotFound, Code::ParameterInvalid],
        handler: || read().to(checkins::show),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/checkins/{id}/receipt",
        access: Access::Person,
        problems: &[Code::NotFound, Code::ParameterInvalid],
        handler: || read().to(checkins::receipt),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/checkins/{id}/looks",
        access: Access::Person,
        problems: &[Code::NotFound, Code::ParameterInvalid],
        handler: || read().to(checkins::looks),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/checkins/{id}/photo",
        access: Access::Person,
        problems: &[Code::NotFound, Code::ParameterInvalid, Code::PhotoUnavailable, Code::Busy],
        handler: || read().to(checkins::photo),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/checkins/{id}/map",
        access: Access::Person,
        problems: &[Code::NotFound, Code::ParameterInvalid, Code::MapUnavailable],
        handler: || read().to(checkins::map),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/me/preflight",
        access: Access::Person,
        problems: &[Code::BodyInvalid, Code::PreflightTooOften],
        handler: || web::post().to(preflight::look),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/me/places",
        access: Access::Person,
        problems: &[],
        handler: || read().to(places::mine),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/me/home/readings",
        access: Access::Person,
        problems: &[],
        handler: || read().to(home_readings::show),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/me/home/readings",
        access: Access::Person,
        problems: &[
            Code::BodyInvalid,
            Code::PositionUnusable,
            Code::ReadingTooCoarse,
            Code::ReadingTooSoon,
            Code::ReadingsTooMany,
        ],
        handler: || web::post().to(home_readings::add),
    },
    Route {
        method: Method::DELETE,
        path: "/api/v1/me/home/readings",
        access: Access::Person,
        problems: &[],
        handler: || web::delete().to(home_readings::forget),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/me/place-requests",
        access: Access::Person,
        problems: PLACE,
        handler: || web::post().to(places::request),
    },
    Route {
        method: Method::DELETE,
        path: "/api/v1/me/place-requests/{id}",
        access: Access::Person,
        problems: &[Code::NotFound, Code::ParameterInvalid, Code::PlaceDecided],
        handler: || web::delete().to(places::withdraw),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/place-requests",
        access: Access::Person,
        problems: &[Code::ParameterInvalid],
        handler: || read().to(place_cases::queue),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/place-requests/{id}",
        access: Access::Person,
        problems: &[Code::NotFound, Code::ParameterInvalid, Code::PlaceOwn],
        handler: || read().to(place_cases::show),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/place-requests/{id}/map",
        access: Access::Person,
        problems: &[Code::NotFound, Code::ParameterInvalid, Code::PlaceOwn],
        handler: || read().to(place_cases::map),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/place-requests/{id}/decision",
        access: Access::Person,
        problems: &[
            Code::NotFound,
            Code::ParameterInvalid,
            Code::BodyInvalid,
            Code::PlaceOwn,
            Code::PlaceDecided,
            Code::PlaceOverlap,
            Code::PlaceDatesInvalid,
            Code::PlaceReasonInvalid,
        ],
        handler: || web::post().to(place_cases::decide),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/people/{nip}/places",
        access: Access::Supervisor,
        problems: &[Code::NotFound],
        handler: || read().to(places::of_person),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/people/{nip}/place-corrections",
        access: Access::Administrator,
        problems: CORRECTION,
        handler: || web::post().to(places::correct),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/reviews",
        access: Access::Supervisor,
        problems: &[Code::ParameterInvalid],
        handler: || read().to(queue::list),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/reviews/counts",
        access: Access::Supervisor,
        problems: &[Code::ParameterInvalid],
        handler: || read().to(queue::counts),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/reviews/claims",
        access: Access::Supervisor,
        problems: &[],
        handler: || read().to(queue::claims),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/reviews/agreement",
        access: Access::Person,
        problems: &[Code::RoleMissing, Code::ParameterInvalid],
        handler: || read().to(reviews::agreement),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/reviews/accept-together",
        access: Access::Supervisor,
        problems: &[Code::NotFound, Code::BodyInvalid, Code::GroupRefused, Code::ReasonInvalid, Code::NoteTooLong],
        handler: || web::post().to(reviews::accept_together),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/reviews/{id}",
        access: Access::Supervisor,
        problems: &[Code::NotFound, Code::ParameterInvalid],
        handler: || read().to(reviews::show),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/reviews/{id}/claim",
        access: Access::Supervisor,
        problems: CLAIM,
        handler: || web::post().to(reviews::claim),
    },
    Route {
        method: Method::DELETE,
        path: "/api/v1/reviews/{id}/claim",
        access: Access::Supervisor,
        problems: CLAIM,
        handler: || web::delete().to(reviews::release),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/reviews/{id}/question",
        access: Access::Supervisor,
        problems: &[
            Code::NotFound,
            Code::ParameterInvalid,
            Code::BodyInvalid,
            Code::ReviewNotHeld,
            Code::ReviewDecided,
            Code::NoteTooLong,
        ],
        handler: || web::post().to(reviews::ask),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/reviews/{id}/decision",
        access: Access::Supervisor,
        problems: &[
            Code::NotFound,
            Code::ParameterInvalid,
            Code::BodyInvalid,
            Code::ReviewNotHeld,
            Code::ReviewWaiting,
            Code::ReviewDecided,
            Code::ReviewChanged,
            Code::PhotoUnseen,
            Code::ReasonInvalid,
            Code::NoteTooLong,
        ],
        handler: || web::post().to(reviews::decide),
    },
    Route {
        method: Method::DELETE,
        path: "/api/v1/reviews/{id}/decision",
        access: Access::Supervisor,
        problems: &[Code::NotFound, Code::ParameterInvalid, Code::UndoOver],
        handler: || web::delete().to(reviews::undo),
    },
    Route {
        method: Method::GET,
        path: "/healthz",
        access: Access::Anyone,
        problems: &[],
        handler: || read().to(ops::health),
    },
    Route {
        method: Method::GET,
        path: "/readyz",
        access: Access::Anyone,
        problems: &[Code::Stopping, Code::StorageUnavailable],
        handler: || read().to(ops::ready),
    },
    Route {
        method: Method::GET,
        path: "/metrics",
        access: Access::Anyone,
        problems: &[],
        handler: || read().to(ops::metrics),
    },
    Route {
        method: Method::GET,
        path: "/",
        access: Access::Anyone,
        problems: &[],
        handler: || read().to(assets::home),
    },
    Route {
        method: Method::GET,
        path: "/console",
        access: Access::Anyone,
        problems: &[],
        handler: || read().to(assets::console),
    },
    Route {
        method: Method::GET,
        path: "/phone",
        access: Access::Anyone,
        problems: &[],
        handler: || read().to(assets::phone),
    },
    Route {
        method: Method::GET,
        path: "/assets/{file:.*}",
        access: Access::Anyone,
        problems: &[Code::NotFound],
        handler: || read().to(assets::asset),
    },
    Route {
        method: Method::GET,
        path: "/icons/{file:.*}",
        access: Access::Anyone,
        problems: &[Code::NotFound],
        handler: || read().to(assets::icon),
    },
    Route {
        method: Method::GET,
        path: "/manifest.webmanifest",
        access: Access::Anyone,
        problems: &[Code::NotFound],
        handler: || read().to(assets::manifest),
    },
    Route {
        method: Method::GET,
        path: "/sw.js",
        access: Access::Anyone,
        problems: &[Code::NotFound],
        handler: || read().to(assets::worker),
    },
    Route {
        method: Method::GET,
        path: "/api-docs",
        access: Access::Anyone,
        problems: &[],
        handler: || read().to(docs::root),
    },
    Route {
        method: Method::GET,
        path: "/api-docs/{file:.*}",
        access: Access::Anyone,
        problems: &[Code::NotFound],
        handler: || read().to(docs::page),
    },
    Route {
        method: Method::GET,
        path: "/api-spec/openapi.json",
        access: Access::Anyone,
        problems: &[],
        handler: || read().to(docs::json),
    },
    Route {
        method: Method::GET,
        path: "/api-spec/openapi.yaml",
        access: Access::Anyone,
        problems: &[],
        handler: || read().to(docs::yaml),
    },
    Route {
        method: Method::GET,
        path: "/problems",
        access: Access::Anyone,
        problems: &[],
        handler: || read().to(docs::problems),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/units",
        access: Access::SupervisorOrAdministrator,
        problems: &[],
        handler: || read().to(units::list),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/units",
        access: Access::Administrator,
        problems: &[Code::BodyInvalid, Code::UnitInvalid, Code::UnitTaken],
        handler: || web::post().to(units::create),
    },
    Route {
        method: Method::PUT,
        path: "/api/v1/units/{code}",
        access: Access::Administrator,
        problems: &[Code::NotFound, Code::BodyInvalid, Code::UnitInvalid],
        handler: || web::put().to(units::change),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/units/{code}/today",
        access: Access::Supervisor,
        problems: &[Code::NotFound, Code::ParameterInvalid],
        handler: || read().to(unit_today::show),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/units/{code}/people",
        access: Access::SupervisorOrAdministrator,
        problems: &[Code::NotFound, Code::ParameterInvalid],
        handler: || read().to(units::people),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/people",
        access: Access::Administrator,
        problems: &[Code::ParameterInvalid],
        handler: || read().to(people::list),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/people",
        access: Access::Administrator,
        problems: &[Code::BodyInvalid, Code::PersonInvalid, Code::PersonTaken, Code::Busy],
        handler: || web::post().to(people::create),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/people/{nip}",
        access: Access::SupervisorOrAdministrator,
        problems: &[Code::NotFound],
        handler: || read().to(people::show),
    },
    Route {
        method: Method::PUT,
        path: "/api/v1/people/{nip}",
        access: Access::Administrator,
        problems: &[Code::NotFound, Code::BodyInvalid, Code::PersonInvalid, Code::PersonGuarded],
        handler: || web::put().to(people::change),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/people/{nip}/password",
        access: Access::Administrator,
        problems: &[Code::NotFound, Code::BodyInvalid, Code::PersonInvalid, Code::PersonGuarded, Code::Busy],
        handler: || web::post().to(people::set_password),
    },
    Route {
        method: Method::DELETE,
        path: "/api/v1/people/{nip}/devices/{id}",
        access: Access::Supervisor,
        problems: &[Code::NotFound, Code::ParameterInvalid],
        handler: || web::delete().to(people::revoke_device),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/delegations",
        access: Access::Person,
        problems: &[],
        handler: || read().to(delegations::list),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/delegations",
        access: Access::Supervisor,
        problems: &[Code::BodyInvalid, Code::ChangeInvalid],
        handler: || web::post().to(delegations::propose),
    },
    Route {
        method: Method::DELETE,
        path: "/api/v1/delegations/{id}",
        access: Access::Person,
        problems: &[Code::NotFound, Code::ParameterInvalid, Code::ChangeDecided],
        handler: || web::delete().to(delegations::end),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/changes",
        access: Access::SupervisorOrAdministrator,
        problems: &[Code::ParameterInvalid],
        handler: || read().to(changes::list),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/changes",
        access: Access::Administrator,
        problems: &[Code::BodyInvalid, Code::ChangeInvalid],
        handler: || web::post().to(changes::propose),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/changes/{id}",
        access: Access::SupervisorOrAdministrator,
        problems: &[Code::NotFound, Code::ParameterInvalid],
        handler: || read().to(changes::show),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/changes/{id}/decision",
        access: Access::SupervisorOrAdministrator,
        problems: DECIDE_CHANGE,
        handler: || web::post().to(changes::decide),
    },
    Route {
        method: Method::DELETE,
        path: "/api/v1/changes/{id}",
        access: Access::SupervisorOrAdministrator,
        problems: &[Code::NotFound, Code::ParameterInvalid, Code::ChangeDecided],
        handler: || web::delete().to(changes::withdraw),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/incidents",
        access: Access::SupervisorOrAdministrator,
        problems: &[],
        handler: || read().to(policy::incidents),
    },
    Route {
        method: Method::POST,
        path: "/api/v1/incidents/preview",
        access: Access::Administrator,
        problems: &[Code::NotFound, Code::BodyInvalid, Code::ChangeInvalid],
        handler: || web::post().to(policy::preview),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/schedules",
        access: Access::SupervisorOrAdministrator,
        problems: &[Code::NotFound, Code::ParameterInvalid],
        handler: || read().to(policy::schedules),
    },
    Route {
        method: Method::GET,
        path: "/api/v1/policy",
        access: Access::SupervisorOrAdministrator,
        problems: &[],
        handler: || read().to(policy::policy),
    },
];

/// A route for GET, and for HEAD, which is GET without the body.
fn read() -> Handler {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// Who may use a method of a pattern; nothing when the table has no such row.
pub fn access(method: &Method, pattern: &str) -> Option<Access> {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    ROUTES.iter().find(|route| route.method == *method && route.path == pattern).map(|route| route.access)
}

/// Puts the table and the error answers of actix's own extractors into a server.
pub fn configure(server: &mut web::ServiceConfig) {
    let invalid = |code: Code| move |detail: String| Problem::new(code, detail);
    let (body, parameter) = (invalid(Code::BodyInvalid), invalid(Code::ParameterInvalid));
    server.app_data(
        web::JsonConfig::default().limit(JSON_MAX).error_handler(move |error, _| body(error.to_string()).into()),
    );
    server.app_data(web::PathConfig::default().error_handler(move |error, _| parameter(error.to_string()).into()));
    server.app_data(web::QueryConfig::default().error_handler(move |error, _| parameter(error.to_string()).into()));
    let mut paths: Vec<&str> = Vec::new();
    for route in ROUTES {
        if paths.contains(&route.path) {
            continue;
        }
        paths.push(route.path);
        let rows = ROUTES.iter().filter(|other| other.path == route.path);
        let resource = rows.fold(web::resource(route.path), |resource, row| resource.route((row.handler)()));
        server.service(resource.default_service(web::to(method_not_allowed)));
    }
    server.default_service(web::to(not_found));
}

/// Headers every answer carries.
pub fn security_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("x-content-type-options", "nosniff"))
        .add(("referrer-policy", "no-referrer"))
        .add(("x-frame-options", "DENY"))
        .add(("content-security-policy", "default-src 'none'; frame-ancestors 'none'"))
        .add(("cross-origin-opener-policy", "same-origin"))
        .add(("permissions-policy", "camera=(), geolocation=(), microphone=()"))
}

async fn not_found() -> Result<(), Problem> {
    Err(Problem::new(Code::NotFound, "there is no such address"))
}

async fn method_not_allowed(request: HttpRequest) -> Result<(), Problem> {
    let pattern = request.match_pattern().unwrap_or_default();
    let allowed: Vec<&str> =
        ROUTES.iter().filter(|route| route.path == pattern).map(|route| route.method.as_str()).collect();
    let problem = Problem::new(Code::MethodNotAllowed, "the address is there, but not for this method");
    Err(problem.with(ALLOWED, allowed.join(", ").into()))
}
