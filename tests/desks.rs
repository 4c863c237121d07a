//! Desks: whose cases they are, where they go when nobody decides, and the looks that are drawn at random.

use std::sync::Arc;

use hadir::{
    config::Config,
    review::{desk, second},
};
use serde_json::{Value, json};

use crate::support::{
    COLLEAGUE, CheckIn, EMPLOYEE, Engine, MAYOR, OTHER_SUPERVISOR, Phone, STRANGER, SUPERVISOR, TestApp,
};

async fn flagged(app: &TestApp, nip: &str) -> String {
    let phone = app.phone(nip).await;
    let answer = phone.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
    let id = answer.json["receipt"]["checkin_id"].as_str().unwrap();
    let own = phone.get(&format!("/api/v1/checkins/{id}")).await;
    own.json["reviews"][0]["review_id"].as_str().unwrap().to_owned()
}

async fn mine(app: &TestApp, nip: &str) -> Vec<String> {
    let items = app.phone(nip).await.get("/api/v1/reviews?scope=mine").await.json["items"].clone();
    items.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

async fn roles(app: &TestApp, rows: &str) {
    let text = format!("nip,role,unit,valid_from,valid_to\n{rows}");
    hadir::people::import::texts_in(&app.app, &[("roles.csv".to_owned(), text)], false).await.unwrap();
}

async fn decide(phone: &Phone<'_>, review: &str, decision: &str, reason: &str) -> Value {
    phone.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await;
    let answer = phone.decide(review, &json!({"decision": decision, "reason_code": reason})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

/// As `on_both_engines!`, with settings of its own.
macro_rules! with_settings {
    ($settings:expr; $($(#[$attr:meta])* async fn $name:ident($app:ident: TestApp) $body:block)*) => {
        with_settings!(@engine sqlite_and_folder Sqlite $settings; $($(#[$attr])* async fn $name($app: TestApp) $body)*);
        with_settings!(@engine postgres_and_s3 Postgres $settings; $($(#[$attr])* async fn $name($app: TestApp) $body)*);
    };
    (@engine $module:ident $engine:ident $settings:expr; $($(#[$attr:meta])* async fn $name:ident($app:ident: TestApp) $body:block)*) => {
        mod $module {
            use super::*;
            $($(#[$attr])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let $app = TestApp::start_with(Engine::$engine, $settings).await;
                $body
            })*
        }
    };
}

mod of_cases {
    use super::*;

    with_settings! { |_: &mut Config| {};
        async fn a_case_lies_on_the_nearest_desk_and_goes_up_when_nobody_decides_in_time(app: TestApp) {
            let review = flagged(&app, EMPLOYEE).await;
            assert_eq!((mine(&app, SUPERVISOR).await, mine(&app, MAYOR).await), (vec![review.clone()], vec![]));
            assert_eq!(desk::escalate(&app.app).await.unwrap(), 0);
            app.clock.advance_seconds(48 * 3_600);
            assert_eq!(desk::escalate(&app.app).await.unwrap(), 1);
            assert_eq!(desk::escalate(&app.app).await.unwrap(), 0, "with a target of its own there");
            assert_eq!(mine(&app, MAYOR).await, [review.clone()]);
            let seen = app.phone(SUPERVISOR).await.get("/api/v1/reviews?scope=all").await.json;
            assert_eq!(seen["items"][0]["escalated"], true, "whoever was late may still decide: {seen}");
            app.clock.advance_seconds(48 * 3_600);
            assert_eq!(desk::escalate(&app.app).await.unwrap(), 0, "there is nobody above");
            let case = app.phone(MAYOR).await.get(&format!("/api/v1/reviews/{review}")).await.json;
            assert_eq!((&case["state"], &case["overdue"]), (&json!("open"), &json!(true)), "never decided by itself");
            let steps: Vec<&Value> = case["history"].as_array().unwrap().iter().map(|event| &event["kind"]).collect();
            assert_eq!(steps, ["opened", "escalated"]);
            app.stop().await;
        }

        async fn the_case_of_a_supervisor_begins_above_and_an_appeal_with_somebody_else(app: TestApp) {
            let own = flagged(&app, SUPERVISOR).await;
            assert_eq!(mine(&app, MAYOR).await, [own]);
            let review = flagged(&app, EMPLOYEE).await;
            decide(&app.phone(SUPERVISOR).await, &review, "reject", "not_at_place").await;
            app.phone(EMPLOYEE).await.post(&format!("/api/v1/me/reviews/{review}/appeal"), &json!({"text": "Saya di rumah."})).await;
            assert!(mine(&app, SUPERVISOR).await.is_empty());
            assert!(mine(&app, MAYOR).await.contains(&review));
            app.stop().await;
        }

        async fn a_question_stops_the_clock_of_a_case(app: TestApp) {
            let review = flagged(&app, EMPLOYEE).await;
            let supervisor = app.phone(SUPERVISOR).await;
            let before = supervisor.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await.json["due_at"].clone();
            let due = app.app.now().plus_seconds(24 * 3_600);
            supervisor.post(&format!("/api/v1/reviews/{review}/question"), &json!({"text": "Di mana?", "due_at": due})).await;
            app.clock.advance_seconds(50 * 3_600);
            assert_eq!(desk::escalate(&app.app).await.unwrap(), 0, "24 hours were the person's");
            app.clock.advance_seconds(23 * 3_600);
            assert_eq!(desk::escalate(&app.app).await.unwrap(), 1, "and came back");
            // An answer after an hour gives the other 23 back.
            app.set_clock("2026-11-30T00:05:00Z");
            let second = flagged(&app, COLLEAGUE).await;
            let supervisor = app.phone(SUPERVISOR).await;
            let target = supervisor.post(&format!("/api/v1/reviews/{second}/claim"), &json!({})).await.json["due_at"].clone();
            let due = app.app.now().plus_seconds(24 * 3_600);
            supervisor.post(&format!("/api/v1/reviews/{second}/question"), &json!({"text": "Di mana?", "due_at": due})).await;
            app.clock.advance_seconds(3_600);
            let colleague = app.phone(COLLEAGUE).await;
            let form = reqwest::multipart::Form::new().part("answer", reqwest::multipart::Part::text(json!({"id": crate::support::new_id(), "text": "Di rumah."}).to_string()).mime_str("application/json").unwrap());
            let answered = app.send(reqwest::Method::POST, &format!("/api/v1/me/reviews/{second}/answers"), |request| request.bearer_auth(&colleague.token).multipart(form)).await;
            assert!(answered.status < 300, "{}", answered.text);
            let supervisor = app.phone(SUPERVISOR).await;
            let now: String = supervisor.get(&format!("/api/v1/reviews/{second}")).await.json["due_at"].as_str().unwrap().to_owned();
            let (target, now) = (crate::support::at(target.as_str().unwrap()), crate::support::at(&now));
            assert!((now.seconds_since(target) - 3_600.0).abs() < 2.0, "an hour later than before: {before}");
            app.stop().await;
        }

        async fn an_acting_supervisor_sees_the_desk_on_exactly_the_days_of_the_assignment(app: TestApp) {
            roles(&app, "2001,supervisor,DINAS,2026-01-01,2026-11-23\n1005,supervisor,DINAS,2026-11-24,2026-11-25\n").await;
            let review = flagged(&app, EMPLOYEE).await;
            assert_eq!(app.phone("1005").await.get("/api/v1/reviews").await.code(), "role-missing", "not yet");
            // 23.59 on Monday and 00.01 on Tuesday, in the unit's zone.
            app.set_clock("2026-11-23T16:59:00Z");
            assert_eq!(mine(&app, SUPERVISOR).await, [review.clone()]);
            app.set_clock("2026-11-23T17:01:00Z");
            assert_eq!(app.phone(SUPERVISOR).await.get("/api/v1/reviews").await.code(), "role-missing", "the term is over");
            assert_eq!(mine(&app, "1005").await, [review.clone()]);
            app.set_clock("2026-11-25T17:01:00Z");
            assert_eq!(app.phone("1005").await.get("/api/v1/reviews").await.code(), "role-missing", "over");
            assert!(mine(&app, MAYOR).await.is_empty());
            assert_eq!(desk::follow_roles(&app.app).await.unwrap(), 1, "nobody is at that desk any more");
            assert_eq!(mine(&app, MAYOR).await, [review.clone()]);
            roles(&app, "2001,supervisor,DINAS,2026-11-26,\n").await;
            assert_eq!(desk::follow_roles(&app.app).await.unwrap(), 1, "and back");
            assert_eq!(mine(&app, SUPERVISOR).await, [review]);
            assert_eq!(desk::follow_roles(&app.app).await.unwrap(), 0);
            app.stop().await;
        }

        async fn the_queue_is_narrowed_and_counted(app: TestApp) {
            flagged(&app, EMPLOYEE).await;
            flagged(&app, STRANGER).await;
            let mayor = app.phone(MAYOR).await;
            let count = async |query: &str| mayor.get(&format!("/api/v1/reviews?{query}")).await.json["items"].as_array().unwrap().len();
            for (query, found) in [
                ("scope=all", 2), ("unit=KOTA", 2), ("unit=DINAS", 1), ("unit=BIDANG", 1), ("unit=NONE", 0), ("slot=morning", 2),
                ("slot=evening", 0), ("reason=location.cannot_tell", 2), ("reason=photo.dark", 0), ("older_than_h=1", 0), ("scope=mine", 0),
                ("state=decided", 0), ("state=asked", 0),
            ] {
                assert_eq!(count(query).await, found, "{query}");
            }
            app.clock.advance_seconds(3_700);
            let mayor = app.phone(MAYOR).await;
            let counts = mayor.get("/api/v1/reviews/counts?scope=all").await.json;
            assert_eq!((&counts["total"], &counts["overdue"], &counts["asked"]), (&json!(2), &json!(0), &json!(0)));
            assert_eq!(counts["reasons"][0]["words"]["id"], "Posisi tidak pasti");
            assert_eq!(counts["units"].as_array().unwrap().len(), 2, "{counts}");
            assert_eq!(mayor.get("/api/v1/reviews?older_than_h=1").await.json["items"].as_array().unwrap().len(), 2);
            app.stop().await;
        }

        async fn who_holds_what_is_told_by_name_to_those_who_may_see_it(app: TestApp) {
            let review = flagged(&app, EMPLOYEE).await;
            let (supervisor, mayor) = (app.phone(SUPERVISOR).await, app.phone(MAYOR).await);
            supervisor.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await;
            let claims = mayor.get("/api/v1/reviews/claims").await.json;
            assert_eq!((&claims["claims"][0]["review_id"], &claims["claims"][0]["by"], &claims["claims"][0]["mine"]), (&json!(review), &json!("Siti"), &json!(false)));
            assert_eq!(supervisor.get("/api/v1/reviews/claims").await.json["claims"][0]["mine"], true);
            assert_eq!(app.phone(OTHER_SUPERVISOR).await.get("/api/v1/reviews/claims").await.json["claims"], json!([]));
            let held = mayor.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await;
            assert_eq!((held.code(), &held.json["by"]), ("review-held", &json!("Siti")));
            app.clock.advance_seconds(601);
            assert_eq!(app.phone(MAYOR).await.get("/api/v1/reviews/claims").await.json["claims"], json!([]));
            app.stop().await;
        }
    }
}

mod of_draws {
    use super::*;

    fn everything(config: &mut Config) {
        config.routine_percent = 100.0;
        config.second_percent = 100.0;
    }

    with_settings! { everything;
        async fn an_accepted_check_in_that_was_drawn_cannot_be_told_apart_in_the_queue(app: TestApp) {
            let review = flagged(&app, EMPLOYEE).await;
            let colleague = app.phone(COLLEAGUE).await;
            let accepted = colleague.check_in(CheckIn::morning()).await;
            assert_eq!(accepted.json["receipt"]["verdict"], "accepted");
            let supervisor = app.phone(SUPERVISOR).await;
            let items = supervisor.get("/api/v1/reviews?scope=mine").await.json["items"].clone();
            let items = items.as_array().unwrap();
            assert_eq!(items.len(), 2);
            let shape = |item: &Value| {
                let mut item = item.clone();
                for own in ["id", "person", "opened_at", "due_at"] {
                    item[own] = Value::Null;
                }
                item
            };
            assert_eq!(shape(&items[0]), shape(&items[1]));
            let routine = items.iter().find(|item| item["id"] != review.as_str()).unwrap()["id"].as_str().unwrap();
            let case = supervisor.get(&format!("/api/v1/reviews/{routine}")).await.json;
            assert_eq!((&case["reasons"], &case["suggested_reason"]), (&json!([]), &json!("in_order")));
            let id = accepted.json["receipt"]["checkin_id"].as_str().unwrap();
            assert_eq!(colleague.get(&format!("/api/v1/checkins/{id}")).await.json["reviews"], json!([]), "nobody is alarmed");
            assert_eq!(colleague.get("/api/v1/me/reviews").await.json["cases"], json!([]));

            assert_eq!(colleague.get(&format!("/api/v1/me/reviews/{routine}")).await.status, 404);

            decide(&supervisor, routine, "reject", "not_the_person").await;
            let presence = colleague.get("/api/v1/me/today").await.json["slots"][0]["presence"].clone();
            assert_eq!((&presence["decision"], &presence["verdict"]), (&json!("reject"), &json!("flagged")), "{presence}");
            let told = colleague.get("/api/v1/me/reviews").await.json["cases"].clone();
            assert_eq!((&told[0]["ruling"]["decision"], &told[0]["may_appeal"]), (&json!("reject"), &json!(true)), "{told}");
            supervisor.delete(&format!("/api/v1/reviews/{routine}/decision")).await;
            let presence = colleague.get("/api/v1/me/today").await.json["slots"][0]["presence"].clone();
            assert_eq!((&presence["decision"], &presence["verdict"]), (&Value::Null, &json!("accepted")), "taken back: {presence}");
            decide(&supervisor, routine, "accept", "in_order").await;
            let presence = colleague.get("/api/v1/me/today").await.json["slots"][0]["presence"].clone();
            assert_eq!((&presence["state"], &presence["decision"]), (&json!("received"), &Value::Null), "nothing is heard of it");
            let month = supervisor.get("/api/v1/reviews/agreement?month=2026-11").await.json;
            assert_eq!((&month["routine"]["looked_at"], &month["routine"]["rejected"]), (&json!(1), &json!(0)), "{month}");
            app.stop().await;
        }

        async fn a_second_look_is_blind_is_somebody_elses_and_changes_nothing(app: TestApp) {
            let review = flagged(&app, EMPLOYEE).await;
            let (supervisor, mayor) = (app.phone(SUPERVISOR).await, app.phone(MAYOR).await);
            decide(&supervisor, &review, "reject", "not_at_place").await;
            assert_eq!(second::open_due(&app.app).await.unwrap(), 0, "it can still be taken back");
            app.clock.advance_seconds(60);
            assert_eq!(second::open_due(&app.app).await.unwrap(), 1);
            assert_eq!(second::open_due(&app.app).await.unwrap(), 0);
            assert!(mine(&app, SUPERVISOR).await.is_empty(), "not whoever decided first");
            let again = mine(&app, MAYOR).await.remove(0);
            assert_ne!(again, review);
            let case = mayor.post(&format!("/api/v1/reviews/{again}/claim"), &json!({})).await.json;
            assert_eq!((&case["blind"], &case["ruling"], &case["question"]), (&json!(true), &Value::Null, &Value::Null));
            assert_eq!(case["reasons"][0]["code"], "location.cannot_tell", "the same evidence");
            assert!(!case.to_string().contains("reject") && !case.to_string().contains("Siti"), "{case}");
            assert_eq!(supervisor.get(&format!("/api/v1/reviews/{again}")).await.status, 404);
            let asked = mayor.post(&format!("/api/v1/reviews/{again}/question"), &json!({"text": "Di mana?"})).await;
            assert_eq!(asked.code(), "review-not-held", "the person is asked once, in the first case");
            decide(&mayor, &again, "accept", "device_imprecise").await;
            assert_eq!(mayor.delete(&format!("/api/v1/reviews/{again}/decision")).await.code(), "undo-over", "the first is known now");
            let presence = app.phone(EMPLOYEE).await.get("/api/v1/me/today").await.json["slots"][0]["presence"].clone();
            assert_eq!(presence["decision"], "reject", "nothing follows from a second look");
            assert_eq!(app.phone(EMPLOYEE).await.get("/api/v1/me/reviews").await.json["cases"].as_array().unwrap().len(), 1);
            let month = mayor.get("/api/v1/reviews/agreement?month=2026-11").await.json;
            assert_eq!((&month["second"]["n"], &month["second"]["second_accept_only"], &month["second"]["pabak"]), (&json!(1), &json!(1), &json!(-1.0)));
            assert_eq!((&month["disagreements"][0]["review_id"], &month["disagreements"][0]["second"]), (&json!(review), &json!("accept")));
            let admin = app.phone(crate::support::ADMINISTRATOR).await.get("/api/v1/reviews/agreement").await.json;
            assert_eq!((&admin["second"]["n"], &admin["disagreements"]), (&json!(1), &json!([])), "numbers only");
            assert_eq!(app.phone(EMPLOYEE).await.get("/api/v1/reviews/agreement").await.code(), "role-missing");
            assert_eq!(mayor.get("/api/v1/reviews/agreement?month=November").await.code(), "parameter-invalid");
            app.stop().await;
        }

        async fn a_bad_attempt_behind_it_saves_no_routine_case_from_a_rejection(app: TestApp) {
            let colleague = app.phone(COLLEAGUE).await;
            assert_eq!(colleague.check_in(CheckIn::morning()).await.json["receipt"]["verdict"], "accepted");
            let review = flagged(&app, COLLEAGUE).await;
            let supervisor = app.phone(SUPERVISOR).await;
            assert_eq!(decide(&supervisor, &review, "reject", "not_the_person").await["attempts"], 2);
            let presence = colleague.get("/api/v1/me/today").await.json["slots"][0]["presence"].clone();
            assert_eq!((&presence["decision"], &presence["verdict"]), (&json!("reject"), &json!("flagged")), "{presence}");
            app.stop().await;
        }

        async fn who_holds_a_case_is_not_told_to_whom_it_is_about_nor_to_who_decided_first(app: TestApp) {
            let own = flagged(&app, SUPERVISOR).await;
            let mayor = app.phone(MAYOR).await;
            mayor.post(&format!("/api/v1/reviews/{own}/claim"), &json!({})).await;
            assert_eq!(app.phone(SUPERVISOR).await.get("/api/v1/reviews/claims").await.json["claims"], json!([]));
            assert_eq!(mayor.get("/api/v1/reviews/claims").await.json["claims"].as_array().unwrap().len(), 1);
            app.stop().await;
        }

        async fn a_decision_that_was_taken_back_gets_no_second_look(app: TestApp) {
            let review = flagged(&app, EMPLOYEE).await;
            let supervisor = app.phone(SUPERVISOR).await;
            decide(&supervisor, &review, "reject", "not_at_place").await;
            supervisor.delete(&format!("/api/v1/reviews/{review}/decision")).await;
            app.clock.advance_seconds(120);
            assert_eq!(second::open_due(&app.app).await.unwrap(), 0);
            // Nobody but the mayor is above: what the mayor decided has nobody for a second look.
            app.stop().await;
        }

        async fn where_nobody_else_can_look_there_is_no_second_look(app: TestApp) {
            let review = flagged(&app, SUPERVISOR).await;
            decide(&app.phone(MAYOR).await, &review, "accept", "device_imprecise").await;
            app.clock.advance_seconds(120);
            assert_eq!(second::open_due(&app.app).await.unwrap(), 0);
            assert_eq!(second::open_due(&app.app).await.unwrap(), 0);
            app.stop().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_give_a_case_up_once_and_open_one_second_look() {
    let app = TestApp::start_with(Engine::Postgres, |config| config.second_percent = 100.0).await;
    flagged(&app, EMPLOYEE).await;
    app.clock.advance_seconds(48 * 3_600);
    let (one, other) = (Arc::clone(&app.app), Arc::clone(&app.app));
    let (one, other) = tokio::join!(desk::escalate(&one), desk::escalate(&other));
    assert_eq!(one.unwrap() + other.unwrap(), 1);
    let review = flagged(&app, COLLEAGUE).await;
    decide(&app.phone(SUPERVISOR).await, &review, "accept", "device_imprecise").await;
    app.clock.advance_seconds(60);
    let (one, other) = tokio::join!(second::open_due(&app.app), second::open_due(&app.app));
    assert_eq!(one.unwrap() + other.unwrap(), 1);
    app.stop().await;
}
