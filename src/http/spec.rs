//! The OpenAPI document: handlers and their types, completed from the table of routes.

use std::collections::BTreeMap;

use utoipa::{
    OpenApi, ToSchema as _,
    openapi::{
        ContentBuilder, HttpMethod, Ref, RefOr, ResponseBuilder,
        path::{Operation, PathItem},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use super::{
    challenges, changes, checkins, console, delegations, devices, home_readings, me, my_reviews, ops, own_data, people,
    photo_checks, place_cases, places, policy, preflight, presence,
    problem::{Code, ProblemBody},
    queue, reviews,
    routes::{Access, ROUTES, Route},
    session, today, unit_today, units,
};

/// Problems every route can answer with.
const ALWAYS: &[Code] = &[Code::RequestSlow, Code::Internal];
/// Problems of routes that need a sign-in.
const SIGNED_IN: &[Code] = &[Code::TokenMissing, Code::TokenInvalid, Code::TokenExpired, Code::OriginForeign];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "hadir",
        description = "Check-ins for people who work from home: photo, position, a fair review. All times are RFC 3339 in UTC; \
            positions are WGS 84 degrees in named members; lengths are metres. Errors are RFC 9457 problems, listed under /problems."
    ),
    paths(
        session::sign_in,
        session::refresh,
        session::sign_out,
        session::sign_out_everywhere,
        session::keys,
        photo_checks::show,
        me::show,
        today::show,
        me::checkins,
        own_data::export,
        devices::list,
        devices::enrol,
        devices::revoke,
        my_reviews::list,
        my_reviews::show,
        my_reviews::answer,
        my_reviews::appeal,
        my_reviews::answer_photo,
        challenges::create,
        presence::morning,
        presence::evening,
        checkins::show,
        checkins::receipt,
        checkins::looks,
        checkins::photo,
        checkins::map,
        preflight::look,
        places::mine,
        places::of_person,
        home_readings::show,
        home_readings::add,
        home_readings::forget,
        places::request,
        places::withdraw,
        places::correct,
        place_cases::queue,
        place_cases::show,
        place_cases::map,
        place_cases::decide,
        console::sign_in,
        queue::list,
        queue::counts,
        queue::claims,
        reviews::agreement,
        reviews::accept_together,
        reviews::show,
        reviews::claim,
        reviews::release,
        reviews::ask,
        reviews::decide,
        reviews::undo,
        ops::health,
        ops::ready,
        ops::metrics,
        units::list,
        units::create,
        units::change,
        units::people,
        unit_today::show,
        people::list,
        people::create,
        people::show,
        people::change,
        people::set_password,
        people::revoke_device,
        delegations::list,
        delegations::propose,
        delegations::end,
        changes::list,
        changes::show,
        changes::propose,
        changes::decide,
        changes::withdraw,
        policy::incidents,
        policy::preview,
        policy::schedules,
        policy::policy,
    ),
    components(schemas(ProblemBody))
)]
struct Described;

/// The whole document.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Described::openapi();
    for route in ROUTES {
        if let Some(operation) = operation(document.paths.paths.get_mut(route.path), route) {
            complete(operation, route);
        }
    }
    let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build());
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("access_token", scheme);
    let cookie = ApiKeyValue::with_description(console::SESSION, "The console's, from `POST /api/v1/console/session`.");
    components.add_security_scheme("console", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    document
}

fn operation<'a>(item: Option<&'a mut PathItem>, route: &Route) -> Option<&'a mut Operation> {
    let item = item?;
    let method = match route.method.as_str() {
        "GET" => HttpMethod::Get,
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        _ => HttpMethod::Delete,
    };
    match method {
        HttpMethod::Get => item.get.as_mut(),
        HttpMethod::Post => item.post.as_mut(),
        HttpMethod::Put => item.put.as_mut(),
        _ => item.delete.as_mut(),
    }
}

/// Adds who may use it and the problems it answers with, a response a status.
fn complete(operation: &mut Operation, route: &Route) {
    let (who, mut problems): (_, Vec<Code>) = match route.access {
        Access::Anyone => ("Anyone.", Vec::new()),
        Access::Person => ("Any signed-in person.", SIGNED_IN.to_vec()),
        Access::Administrator => ("Administrators.", [SIGNED_IN, &[Code::RoleMissing]].concat()),
        Access::Supervisor => ("Whoever supervises a unit today.", [SIGNED_IN, &[Code::RoleMissing]].concat()),
        Access::SupervisorOrAdministrator => {
            ("Whoever supervises a unit today, and administrators.", [SIGNED_IN, &[Code::RoleMissing]].concat())
        }
    };
    operation.description = Some(format!("Who: {who}"));
    if route.access != Access::Anyone {
        let by = |name| SecurityRequirement::new(name, Vec::<String>::new());
        operation.security = Some(vec![by("access_token"), by("console")]);
    }
    problems.extend(route.problems);
    problems.extend(ALWAYS);
    let mut by_status: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for problem in problems {
        by_status.entry(problem.status()).or_default().push(problem.as_str());
    }
    for (status, codes) in by_status {
        let schema = RefOr::Ref(Ref::from_schema_name(ProblemBody::name()));
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response =
            ResponseBuilder::new().description(codes.join(", ")).content("application/problem+json", content).build();
        operation.responses.responses.insert(status.to_string(), RefOr::T(response));
    }
}
