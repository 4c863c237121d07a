//! Health, readiness, metrics, headers, the description page, the background jobs.

use hadir::jobs;
use reqwest::Method;

use crate::{
    on_both_engines,
    support::{CheckIn, EMPLOYEE, Engine, TestApp},
};

on_both_engines! {
    async fn the_server_says_that_it_is_alive_ready_and_what_it_counts(app: TestApp) {
        app.phone(EMPLOYEE).await.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
        let get = async |path: &str| app.send(Method::GET, path, |request| request).await;
        assert_eq!(get("/healthz").await.json["status"], "ok");
        let ready = get("/readyz").await;
        assert_eq!((ready.status, &ready.json["status"]), (200, &"ready".into()));
        let metrics = get("/metrics").await.text;
        assert!(metrics.contains("hadir_checkins_total{code=\"flagged\"} 1"), "{metrics}");
        assert!(metrics.contains("hadir_findings_total{code=\"location.cannot_tell\"} 1"), "{metrics}");
        assert!(metrics.contains("route=\"/api/v1/presence/morning\""), "{metrics}");
        app.stop().await;
    }

    async fn what_is_over_is_forgotten_after_two_days(app: TestApp) {
        app.phone(EMPLOYEE).await.challenge("morning").await;
        assert_eq!(jobs::forget::forget(&app.app).await.unwrap(), 0);
        app.clock.advance_seconds(3 * 86_400);
        assert_eq!(jobs::forget::forget(&app.app).await.unwrap(), 1);
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_carries_a_request_id_and_security_headers_and_errors_say_what_to_do() {
    let app = TestApp::start(Engine::Sqlite).await;
    for (method, path, status, code) in [
        (Method::GET, "/nowhere", 404, "not-found"),
        (Method::GET, "/api/v1/session", 405, "method-not-allowed"),
        (Method::GET, "/api/v1/me", 401, "token-missing"),
        (Method::GET, "/api-docs/no-such-file", 404, "not-found"),
    ] {
        let answer = app.send(method, path, |request| request).await;
        assert_eq!((answer.status, answer.code()), (status, code), "{path}");
        assert_eq!(answer.json["request_id"], answer.header("x-request-id"));
        assert_eq!(answer.json["type"], format!("/problems#{code}"));
        assert!(!answer.json["action"]["id"].as_str().unwrap().is_empty());
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
    let phone = app.phone(EMPLOYEE).await;
    let path = phone.get("/api/v1/checkins/not-a-uuid").await;
    assert_eq!((path.status, path.code()), (400, "parameter-invalid"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_description_page_needs_no_network() {
    let app = TestApp::start(Engine::Sqlite).await;
    let page = app.send(Method::GET, "/api-docs/", |request| request).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html"));
    assert!(!page.text.contains("//cdn") && !page.text.contains("https://"), "{}", page.text);
    for file in ["swagger-initializer.js", "swagger-ui-bundle.js", "swagger-ui.css", "swagger-ui-standalone-preset.js"]
    {
        assert_eq!(app.send(Method::GET, &format!("/api-docs/{file}"), |request| request).await.status, 200, "{file}");
    }
    let served = app.send(Method::GET, "/api-spec/openapi.yaml", |request| request).await;
    assert!(served.text.starts_with("openapi: 3.1"), "{}", &served.text[..40]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopping_server_says_so_before_it_closes() {
    let app = TestApp::start_with(Engine::Sqlite, |config| config.drain_s = 5).await;
    let phone = app.phone(EMPLOYEE).await;
    let draft = phone.draft(&CheckIn::morning()).await.to_string();
    let (token, url, client) = (phone.token.clone(), app.url.clone(), app.client.clone());
    let inner = std::sync::Arc::clone(&app.app);
    let asking = async {
        while inner.is_accepting() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let ready = client.get(format!("{url}/readyz")).send().await.unwrap();
        let form = crate::support::form(draft, crate::support::photos::room());
        let request = client.post(format!("{url}/api/v1/presence/morning")).bearer_auth(token).multipart(form);
        (ready.status().as_u16(), request.send().await.unwrap())
    };
    let ((ready, refused), ()) = tokio::join!(asking, app.stop());
    assert_eq!(ready, 503);
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().unwrap()), (503, "10"));
    assert!(refused.text().await.unwrap().contains("\"stopping\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_encoded_address_is_none_and_the_scheme_may_be_written_in_any_case() {
    let app = TestApp::start(Engine::Sqlite).await;
    let phone = app.phone(EMPLOYEE).await;
    assert_eq!(phone.get("/api/v1/m%65").await.code(), "not-found");
    let header = format!("bEaReR {}", phone.token);
    let answer = app.send(Method::GET, "/api/v1/me", |request| request.header("authorization", header)).await;
    assert_eq!(answer.status, 200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn head_is_get_without_the_body_and_a_wrong_method_is_told_the_right_ones() {
    let app = TestApp::start(Engine::Sqlite).await;
    for (path, status) in [("/healthz", 200), ("/readyz", 200), ("/api/v1/me", 401), ("/api/v1/session", 405)] {
        let response = app.request(Method::HEAD, path).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert!(response.bytes().await.unwrap().is_empty(), "{path}");
    }
    let wrong = app.send(Method::GET, "/api/v1/session", |request| request).await;
    assert_eq!((wrong.status, wrong.header("allow")), (405, "POST, DELETE"));
    app.stop().await;
}
