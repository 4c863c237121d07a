//! The committed description is the served one, and it is complete.

use hadir::http::{
    problem,
    routes::{Access, ROUTES},
    spec,
};

use crate::support::contract;

fn committed(path: &str) -> String {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}; make it with `just bless`"))
}

#[test]
fn the_committed_description_is_the_generated_one() {
    let generated = spec::document().to_yaml().unwrap();
    assert!(committed("api-spec/openapi.yaml") == generated, "api-spec/openapi.yaml is stale: run `just bless`");
}

#[test]
fn the_committed_problems_are_the_generated_ones() {
    assert!(committed("api-spec/problems.md") == problem::page(), "api-spec/problems.md is stale: run `just bless`");
}

#[test]
fn every_api_route_is_described_with_summary_role_and_problems() {
    let document = contract::document();
    for route in ROUTES.iter().filter(|route| route.path.starts_with("/api/v1/") || route.path.ends_with('z')) {
        let operation = &document["paths"][route.path][route.method.as_str().to_ascii_lowercase()];
        let name = format!("{} {}", route.method, route.path);
        assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 10), "{name} has no summary");
        assert!(
            operation["description"].as_str().is_some_and(|text| text.starts_with("Who: ")),
            "{name} does not say who"
        );
        assert_eq!(operation["security"].is_array(), route.access != Access::Anyone, "{name}");
        for code in route.problems {
            let said = operation["responses"][code.status().to_string()]["description"].as_str().unwrap_or_default();
            assert!(said.split(", ").any(|said| said == code.as_str()), "{name} does not describe {}", code.as_str());
        }
    }
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let served =
                ROUTES.iter().any(|route| route.path == path && route.method.as_str().eq_ignore_ascii_case(method));
            assert!(served, "{method} {path} is described but not served");
        }
    }
}

#[test]
fn every_problem_is_used_by_a_route_or_by_all() {
    let everywhere = [
        "token-missing",
        "token-invalid",
        "token-expired",
        "role-missing",
        "internal",
        "method-not-allowed",
        "request-slow",
    ];
    for code in problem::Code::ALL {
        let used = ROUTES.iter().any(|route| route.problems.contains(code)) || everywhere.contains(&code.as_str());
        assert!(used, "{} is answered by no route", code.as_str());
    }
}

#[test]
fn the_examples_are_valid_requests_and_answers() {
    let draft: serde_json::Value = serde_json::from_str(&committed("api-spec/examples/checkin.json")).unwrap();
    hadir::checkin::draft::Draft::parse(draft.to_string().as_bytes()).unwrap();
    let receipt: hadir::checkin::receipt::SignedReceipt =
        serde_json::from_str(&committed("api-spec/examples/receipt.json")).unwrap();
    assert_eq!(receipt.receipt.checkin_id.to_string(), draft["id"]);
    let problem: problem::ProblemBody = serde_json::from_str(&committed("api-spec/examples/problem.json")).unwrap();
    assert!(problem::Code::ALL.iter().any(|code| code.as_str() == problem.code));
}
