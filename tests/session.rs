//! Sign-in, refresh and throttle.

use hadir::session::throttle::wait_seconds;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    on_both_engines,
    support::{Answer, EMPLOYEE, PASSWORD, TestApp},
};

async fn sign_in(app: &TestApp, body: &Value) -> Answer {
    app.send(Method::POST, "/api/v1/session", |request| request.json(body)).await
}

async fn refresh(app: &TestApp, token: &str) -> Answer {
    app.send(Method::POST, "/api/v1/session/refresh", |request| request.json(&json!({"refresh_token": token}))).await
}

fn refresh_token(answer: &Answer) -> String {
    answer.json["refresh_token"].as_str().expect("a refresh token").to_owned()
}

on_both_engines! {
    async fn a_wrong_password_and_an_unknown_number_get_the_same_answer(app: TestApp) {
        for body in [
            json!({"nip": EMPLOYEE, "password": "wrong-password"}),
            json!({"nip": "nobody", "password": PASSWORD}),
            json!({"nip": "", "password": PASSWORD}),
            json!({"nip": "x".repeat(500), "password": PASSWORD}),
            json!({"nip": EMPLOYEE, "password": "x".repeat(5000)}),
        ] {
            let answer = sign_in(&app, &body).await;
            assert_eq!((answer.status, answer.code()), (401, "sign-in-wrong"), "{body}");
        }
        let malformed = sign_in(&app, &json!({"nip": EMPLOYEE})).await;
        assert_eq!((malformed.status, malformed.code()), (400, "body-invalid"));
        app.stop().await;
    }

    async fn refresh_tokens_rotate_and_a_lost_answer_is_repeated(app: TestApp) {
        let first = refresh_token(&sign_in(&app, &json!({"nip": EMPLOYEE, "password": PASSWORD})).await);
        let second = refresh(&app, &first).await;
        assert_eq!(second.status, 200, "{}", second.text);
        app.clock.advance_seconds(30);
        let repeated = refresh(&app, &first).await;
        assert_eq!(refresh_token(&repeated), refresh_token(&second));
        let third = refresh(&app, &refresh_token(&second)).await;
        assert_ne!(refresh_token(&third), refresh_token(&second));
        let token = third.json["access_token"].as_str().unwrap();
        assert_eq!(app.send(Method::GET, "/api/v1/me", |request| request.bearer_auth(token)).await.status, 200);
        app.stop().await;
    }

    async fn an_old_refresh_token_that_comes_back_ends_the_session(app: TestApp) {
        let signed = sign_in(&app, &json!({"nip": EMPLOYEE, "password": PASSWORD})).await;
        let first = refresh_token(&signed);
        let second = refresh(&app, &first).await;
        app.clock.advance_seconds(31);
        let reused = refresh(&app, &first).await;
        assert_eq!((reused.status, reused.code()), (401, "sign-in-reused"));
        let over = refresh(&app, &refresh_token(&second)).await;
        assert_eq!((over.status, over.code()), (401, "sign-in-over"));
        let access = second.json["access_token"].as_str().unwrap();
        let answer = app.send(Method::GET, "/api/v1/me", |request| request.bearer_auth(access)).await;
        assert_eq!((answer.status, answer.code()), (401, "token-invalid"), "access ends with the session");
        app.stop().await;
    }

    async fn of_many_refreshes_at_once_all_get_the_same_successor(app: TestApp) {
        let first = refresh_token(&sign_in(&app, &json!({"nip": EMPLOYEE, "password": PASSWORD})).await);
        let answers = futures_util::future::join_all((0..8).map(|_| refresh(&app, &first))).await;
        let successors: std::collections::HashSet<String> = answers.iter().map(refresh_token).collect();
        assert_eq!(successors.len(), 1);
        app.stop().await;
    }

    async fn forged_refresh_tokens_are_none(app: TestApp) {
        let good = refresh_token(&sign_in(&app, &json!({"nip": EMPLOYEE, "password": PASSWORD})).await);
        let mut altered = good.clone().into_bytes();
        altered[30] = if altered[30] == b'A' { b'B' } else { b'A' };
        for token in ["", "AAAA", String::from_utf8(altered).unwrap().as_str()] {
            assert_eq!(refresh(&app, token).await.code(), "sign-in-over");
        }
        app.stop().await;
    }

    async fn signing_out_ends_access_and_refresh(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        assert_eq!(phone.delete("/api/v1/session").await.status, 204);
        assert_eq!(phone.get("/api/v1/me").await.code(), "token-invalid");
        assert_eq!(refresh(&app, phone.tokens["refresh_token"].as_str().unwrap()).await.code(), "sign-in-over");
        app.stop().await;
    }

    async fn a_deactivated_person_is_out_at_once(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let people = "nip,name,unit,active\n1001,Dewi,BIDANG,no\n".to_owned();
        hadir::people::import::texts_in(&app.app, &[("people.csv".to_owned(), people)], false).await.unwrap();
        assert_eq!(phone.get("/api/v1/me").await.code(), "token-invalid");
        assert_eq!(sign_in(&app, &json!({"nip": EMPLOYEE, "password": PASSWORD})).await.code(), "sign-in-wrong");
        app.stop().await;
    }

    async fn a_new_password_ends_every_sign_in_of_before(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        hadir::people::set_password(&app.app, EMPLOYEE, "another-password").await.unwrap();
        assert_eq!(phone.get("/api/v1/me").await.code(), "token-invalid");
        assert_eq!(refresh(&app, phone.tokens["refresh_token"].as_str().unwrap()).await.code(), "sign-in-over");
        assert_eq!(sign_in(&app, &json!({"nip": EMPLOYEE, "password": "another-password"})).await.status, 200);
        app.stop().await;
    }

    async fn guesses_sent_all_at_once_are_counted_all_the_same(app: TestApp) {
        let body = json!({"nip": EMPLOYEE, "password": "guess-guess"});
        let answers = futures_util::future::join_all((0..30).map(|_| sign_in(&app, &body))).await;
        let looked_at = answers.iter().filter(|answer| answer.code() == "sign-in-wrong").count();
        assert_eq!(looked_at, 10, "the rest was not even looked at");
        app.stop().await;
    }

    async fn a_stranger_who_guesses_cannot_lock_the_owner_out_of_a_known_phone(app: TestApp) {
        let device = app.phone(EMPLOYEE).await.tokens["device_token"].as_str().unwrap().to_owned();
        for _ in 0..10 {
            assert_eq!(sign_in(&app, &json!({"nip": EMPLOYEE, "password": "guess-guess"})).await.code(), "sign-in-wrong");
        }
        let throttled = sign_in(&app, &json!({"nip": EMPLOYEE, "password": PASSWORD})).await;
        assert_eq!((throttled.status, throttled.code(), throttled.header("retry-after")), (429, "sign-in-throttled", "1"));
        let known = sign_in(&app, &json!({"nip": EMPLOYEE, "password": PASSWORD, "device_token": device})).await;
        assert_eq!(known.status, 200, "the known phone has a counter of its own");
        let forged = sign_in(&app, &json!({"nip": EMPLOYEE, "password": PASSWORD, "device_token": "AAAA"})).await;
        assert_eq!(forged.code(), "sign-in-throttled");
        app.clock.advance_seconds(2);
        assert_eq!(sign_in(&app, &json!({"nip": EMPLOYEE, "password": PASSWORD})).await.status, 200, "a wait, never a lock");
        app.stop().await;
    }
}

#[test]
fn the_wait_doubles_and_is_never_longer_than_a_quarter_of_an_hour() {
    let waits: Vec<i64> = (9..=22).map(wait_seconds).collect();
    assert_eq!(waits, [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    assert_eq!(wait_seconds(i64::MAX), 900);
}
