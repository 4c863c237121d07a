//! The console's sign-in: a cookie that only its own pages may use, and that ends.

use reqwest::Method;
use serde_json::json;

use crate::{
    on_both_engines,
    support::{Answer, EMPLOYEE, PASSWORD, SUPERVISOR, TestApp},
};

/// Signs in as a browser on a page of `site` does; gives the answer and the cookies it set.
async fn sign_in(app: &TestApp, nip: &str, site: &str) -> (Answer, String) {
    let body = json!({"nip": nip, "password": PASSWORD});
    let answer = app
        .send(Method::POST, "/api/v1/console/session", |request| request.header("sec-fetch-site", site).json(&body))
        .await;
    let set = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let cookies: Vec<&str> = set.filter_map(|cookie| cookie.split(';').next()).collect();
    let cookies = cookies.join("; ");
    (answer, cookies)
}

async fn get(app: &TestApp, path: &str, cookies: &str) -> Answer {
    app.send(Method::GET, path, |request| request.header("cookie", cookies).header("sec-fetch-site", "same-origin"))
        .await
}

on_both_engines! {
    async fn a_cookie_signs_in_until_it_is_given_back(app: TestApp) {
        let (answer, cookies) = sign_in(&app, SUPERVISOR, "same-origin").await;
        assert_eq!((answer.status, answer.json["nip"].as_str()), (200, Some(SUPERVISOR)), "{}", answer.text);
        for cookie in answer.headers.get_all("set-cookie") {
            let text = cookie.to_str().unwrap();
            for part in ["__Host-hadir", "HttpOnly", "Secure", "SameSite=Strict", "Path=/"] {
                assert!(text.contains(part), "{part} in {text}");
            }
        }
        assert_eq!(get(&app, "/api/v1/me", &cookies).await.json["roles"], json!(["supervisor"]));
        assert_eq!(get(&app, "/api/v1/reviews", &cookies).await.status, 200);
        assert_eq!(get(&app, "/api/v1/me", "__Host-hadir=nonsense").await.code(), "token-missing");
        let out = app
            .send(Method::DELETE, "/api/v1/session", |request| {
                request.header("cookie", &cookies).header("sec-fetch-site", "same-origin")
            })
            .await;
        assert_eq!(out.status, 204);
        assert!(out.header("set-cookie").contains("Max-Age=0"), "{}", out.header("set-cookie"));
        assert_eq!(get(&app, "/api/v1/me", &cookies).await.status, 401);
        app.stop().await;
    }

    async fn a_page_of_another_origin_can_do_nothing_with_the_cookie(app: TestApp) {
        let (foreign, _) = sign_in(&app, SUPERVISOR, "cross-site").await;
        assert_eq!((foreign.status, foreign.code()), (403, "origin-foreign"));
        let (_, cookies) = sign_in(&app, SUPERVISOR, "same-origin").await;
        for site in ["cross-site", "same-site"] {
            let read = app.send(Method::GET, "/api/v1/reviews", |request| request.header("cookie", &cookies).header("sec-fetch-site", site)).await;
            assert_eq!((read.status, read.code()), (403, "origin-foreign"), "{site}");
        }
        let challenge = json!({"slot": "morning"});
        let headers: [&[(&str, &str)]; 4] = [
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://elsewhere.example")],
            &[],
        ];
        for with in headers {
            let write = app
                .send(Method::POST, "/api/v1/challenges", |request| {
                    with.iter().fold(request.header("cookie", &cookies).json(&challenge), |request, (name, value)| request.header(*name, *value))
                })
                .await;
            assert_eq!((write.status, write.code()), (403, "origin-foreign"), "{with:?}");
        }
        // An old browser, which does not say more than its origin.
        let own = app
            .send(Method::POST, "/api/v1/challenges", |request| request.header("cookie", &cookies).header("origin", &app.url).json(&challenge))
            .await;
        assert_eq!(own.status, 201, "{}", own.text);
        app.stop().await;
    }

    async fn a_sign_in_that_nobody_uses_ends_and_one_that_is_used_ends_with_the_day(app: TestApp) {
        let (_, cookies) = sign_in(&app, SUPERVISOR, "same-origin").await;
        app.clock.advance_seconds(1_700);
        assert_eq!(get(&app, "/api/v1/me", &cookies).await.status, 200);
        app.clock.advance_seconds(1_700);
        assert_eq!(get(&app, "/api/v1/me", &cookies).await.status, 200, "used in between");
        app.clock.advance_seconds(1_801);
        assert_eq!(get(&app, "/api/v1/me", &cookies).await.status, 401, "idle");
        let (_, cookies) = sign_in(&app, SUPERVISOR, "same-origin").await;
        for _ in 0..20 {
            app.clock.advance_seconds(1_795);
            assert_eq!(get(&app, "/api/v1/me", &cookies).await.status, 200);
        }
        app.clock.advance_seconds(200);
        assert_eq!(get(&app, "/api/v1/me", &cookies).await.status, 401, "ten hours are over");
        app.stop().await;
    }

    async fn signing_out_everywhere_ends_the_console_too(app: TestApp) {
        let (_, cookies) = sign_in(&app, EMPLOYEE, "same-origin").await;
        assert_eq!(get(&app, "/api/v1/me", &cookies).await.status, 200);
        assert_eq!(app.phone(EMPLOYEE).await.delete("/api/v1/sessions").await.status, 204);
        assert_eq!(get(&app, "/api/v1/me", &cookies).await.status, 401);
        app.stop().await;
    }

    async fn wrong_passwords_are_slowed_as_on_a_phone(app: TestApp) {
        let body = json!({"nip": SUPERVISOR, "password": "salah"});
        let mut last = 0;
        for _ in 0..12 {
            last = app.send(Method::POST, "/api/v1/console/session", |request| request.json(&body)).await.status;
        }
        assert_eq!(last, 429);
        app.stop().await;
    }
}
