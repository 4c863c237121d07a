//! Decisions: only about what was seen, taken back within a minute, and several at once only for one cause.

use hadir::model::words::EntryKind;
use serde_json::{Value, json};

use crate::{
    on_both_engines,
    support::{COLLEAGUE, CheckIn, EMPLOYEE, HOMELESS, MAYOR, Phone, SUPERVISOR, TestApp},
};

/// A flagged check-in of an employee; gives the review's id.
async fn flagged(app: &TestApp, nip: &str, checkin: CheckIn) -> String {
    let phone = app.phone(nip).await;
    let answer = phone.check_in(checkin).await;
    assert_eq!(answer.json["receipt"]["verdict"], "flagged", "{}", answer.text);
    let id = answer.json["receipt"]["checkin_id"].as_str().unwrap();
    let own = phone.get(&format!("/api/v1/checkins/{id}")).await;
    own.json["reviews"][0]["review_id"].as_str().unwrap().to_owned()
}

fn coarse() -> CheckIn {
    CheckIn { accuracy: 500.0, ..CheckIn::morning() }
}

async fn claim(phone: &Phone<'_>, review: &str) -> Value {
    phone.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await.json
}

async fn undo(phone: &Phone<'_>, review: &str) -> crate::support::Answer {
    phone.delete(&format!("/api/v1/reviews/{review}/decision")).await
}

async fn presence(app: &TestApp, nip: &str) -> Value {
    app.phone(nip).await.get("/api/v1/me/today").await.json["slots"][0]["presence"].clone()
}

fn accept() -> Value {
    json!({"decision": "accept", "reason_code": "device_imprecise"})
}

fn reject() -> Value {
    json!({"decision": "reject", "reason_code": "not_at_place"})
}

/// The whole unit's network is down: several captures are delivered hours late.
async fn outage(app: &TestApp) -> Vec<(String, i64)> {
    app.set_clock("2026-11-23T03:00:00Z");
    let mut cases = Vec::new();
    for nip in [EMPLOYEE, COLLEAGUE, HOMELESS] {
        let late = CheckIn {
            challenge: Some("left out".to_owned()),
            change: |draft| {
                draft.as_object_mut().unwrap().remove("challenge");
                draft["captured_at"] = json!("2026-11-23T00:30:00Z");
                draft["fixes"][0]["fix_time"] = json!("2026-11-23T00:29:58Z");
            },
            ..CheckIn::morning()
        };
        let id = flagged(app, nip, late).await;
        cases.push((id, 1));
    }
    cases
}

fn together(cause: &Value, cases: &[(String, i64)]) -> Value {
    let reviews: Vec<Value> = cases.iter().map(|(id, version)| json!({"id": id, "version": version})).collect();
    json!({"cause": cause, "reviews": reviews, "reason_code": "service_fault", "note": "Jaringan padam."})
}

on_both_engines! {
    async fn nobody_decides_about_a_photo_that_they_have_not_opened(app: TestApp) {
        let review = flagged(&app, EMPLOYEE, coarse()).await;
        let supervisor = app.phone(SUPERVISOR).await;
        assert_eq!(claim(&supervisor, &review).await["checkins"][0]["seen"], false);
        let path = format!("/api/v1/reviews/{review}/decision");
        let blind = supervisor.post(&path, &accept()).await;
        assert_eq!((blind.status, blind.code()), (409, "photo-unseen"));
        assert!(blind.json["checkin_id"].is_string());
        assert_eq!(presence(&app, EMPLOYEE).await["state"], "received", "nothing was decided");
        supervisor.open_photos(&review).await;
        assert_eq!(claim(&supervisor, &review).await["checkins"][0]["seen"], true);
        assert_eq!(supervisor.post(&path, &accept()).await.status, 200);
        app.stop().await;
    }

    async fn a_photo_that_cannot_be_shown_keeps_no_case_from_being_decided(app: TestApp) {
        let review = flagged(&app, EMPLOYEE, coarse()).await;
        for listed in app.app.blobs.list("2026-11-23".parse().unwrap()).await.unwrap() {
            app.app.blobs.delete(&listed.key).await.unwrap();
        }
        let supervisor = app.phone(SUPERVISOR).await;
        claim(&supervisor, &review).await;
        assert_eq!(supervisor.decide(&review, &accept()).await.status, 200, "whoever tried has done what can be done");
        app.stop().await;
    }

    async fn a_decision_about_an_older_version_is_not_taken(app: TestApp) {
        let review = flagged(&app, EMPLOYEE, coarse()).await;
        let supervisor = app.phone(SUPERVISOR).await;
        let version = claim(&supervisor, &review).await["version"].as_i64().unwrap();
        flagged(&app, EMPLOYEE, coarse()).await;
        claim(&supervisor, &review).await;
        let mut old = accept();
        old["version"] = json!(version);
        let changed = supervisor.decide(&review, &old).await;
        assert_eq!((changed.status, changed.code()), (409, "review-changed"));
        let mut new = accept();
        new["version"] = changed.json["version"].clone();
        assert_eq!(supervisor.decide(&review, &new).await.status, 200);
        app.stop().await;
    }

    async fn a_slip_is_taken_back_within_a_minute_and_everything_stands_as_before(app: TestApp) {
        let review = flagged(&app, EMPLOYEE, coarse()).await;
        let before = presence(&app, EMPLOYEE).await;
        let supervisor = app.phone(SUPERVISOR).await;
        claim(&supervisor, &review).await;
        let decided = supervisor.decide(&review, &reject()).await;
        assert!(decided.json["undo_until"].is_string(), "{}", decided.text);
        assert_eq!(presence(&app, EMPLOYEE).await["decision"], "reject");
        assert_eq!(undo(&app.phone(MAYOR).await, &review).await.code(), "undo-over", "it is somebody else's");
        app.clock.advance_seconds(59);
        let back = undo(&supervisor, &review).await;
        assert_eq!(back.status, 200, "{}", back.text);
        assert_eq!((&back.json["state"], &back.json["claim"]["mine"], &back.json["ruling"]), (&json!("open"), &json!(true), &Value::Null));
        assert_eq!(presence(&app, EMPLOYEE).await, before);
        assert_eq!(undo(&supervisor, &review).await.code(), "undo-over", "once");
        assert_eq!(supervisor.decide(&review, &accept()).await.status, 200, "held all the while");
        app.clock.advance_seconds(61);
        assert_eq!(undo(&supervisor, &review).await.code(), "undo-over", "too late");
        let kinds: Vec<Value> = supervisor.get(&format!("/api/v1/reviews/{review}")).await.json["history"].as_array().unwrap().iter().map(|event| event["kind"].clone()).collect();
        assert_eq!(kinds, ["opened", "claimed", "decided", "undone", "decided"], "nothing is forgotten");
        let mut tx = app.app.store.read().await.unwrap();
        assert_eq!(hadir::store::log_entries::count(&mut tx, EntryKind::ReviewUndone).await.unwrap(), 1);
        drop(tx);
        app.stop().await;
    }

    async fn what_was_followed_by_a_new_case_is_not_taken_back(app: TestApp) {
        let review = flagged(&app, EMPLOYEE, coarse()).await;
        let supervisor = app.phone(SUPERVISOR).await;
        claim(&supervisor, &review).await;
        supervisor.decide(&review, &reject()).await;
        flagged(&app, EMPLOYEE, coarse()).await;
        assert_eq!(undo(&supervisor, &review).await.code(), "undo-over");
        app.stop().await;
    }

    async fn an_accepted_attempt_that_came_since_is_not_taken_back_with_the_decision(app: TestApp) {
        let review = flagged(&app, EMPLOYEE, coarse()).await;
        let supervisor = app.phone(SUPERVISOR).await;
        claim(&supervisor, &review).await;
        supervisor.decide(&review, &reject()).await;
        let better = app.phone(EMPLOYEE).await.check_in(CheckIn::morning()).await;
        assert_eq!(better.json["receipt"]["verdict"], "accepted");
        let stands = presence(&app, EMPLOYEE).await;
        assert_eq!(undo(&supervisor, &review).await.code(), "undo-over");
        assert_eq!(presence(&app, EMPLOYEE).await, stands, "{stands}");
        app.stop().await;
    }

    async fn taking_back_a_decision_on_an_appeal_restores_the_first_one(app: TestApp) {
        let review = flagged(&app, EMPLOYEE, coarse()).await;
        let (supervisor, mayor) = (app.phone(SUPERVISOR).await, app.phone(MAYOR).await);
        claim(&supervisor, &review).await;
        supervisor.decide(&review, &reject()).await;
        let employee = app.phone(EMPLOYEE).await;
        let appealed = employee.post(&format!("/api/v1/me/reviews/{review}/appeal"), &json!({"text": "Saya di rumah."})).await;
        assert_eq!(appealed.status, 200, "{}", appealed.text);
        assert_eq!(undo(&supervisor, &review).await.status, 404, "it is not theirs any more");
        claim(&mayor, &review).await;
        assert_eq!(mayor.decide(&review, &accept()).await.status, 200);
        assert_eq!(presence(&app, EMPLOYEE).await["decision"], "accept");
        let back = undo(&mayor, &review).await.json;
        assert_eq!((&back["state"], &back["ruling"]["decision"]), (&json!("appealed"), &json!("reject")), "{back}");
        assert_eq!(presence(&app, EMPLOYEE).await["decision"], "reject");
        app.stop().await;
    }

    async fn accepting_writes_down_which_findings_were_set_aside(app: TestApp) {
        let review = flagged(&app, EMPLOYEE, coarse()).await;
        let supervisor = app.phone(SUPERVISOR).await;
        let case = claim(&supervisor, &review).await;
        assert_eq!(case["suggested_reason"], "device_imprecise");
        let decided = supervisor.decide(&review, &accept()).await.json;
        let last = decided["history"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["detail"]["overruled"], json!(["location.cannot_tell"]), "{last}");
        app.stop().await;
    }

    async fn cases_of_one_outage_are_seen_and_accepted_together(app: TestApp) {
        let cases = outage(&app).await;
        let supervisor = app.phone(SUPERVISOR).await;
        let counts = supervisor.get("/api/v1/reviews/counts").await.json;
        assert_eq!(counts["total"], 3);
        let cause = &counts["causes"][0];
        assert_eq!((&cause["kind"], &cause["count"]), (&json!("delivered_late"), &json!(3)), "{counts}");
        let listed = supervisor.get(&format!("/api/v1/reviews?cause={}", cause["cause"].as_str().unwrap())).await.json;
        assert_eq!(listed["items"].as_array().unwrap().len(), 3);
        let path = "/api/v1/reviews/accept-together";
        let unseen = supervisor.post(path, &together(&cause["cause"], &cases)).await;
        assert_eq!((unseen.status, unseen.code()), (409, "group-refused"));
        assert_eq!(unseen.json["refused"].as_array().unwrap().len(), 3, "each photo has to be seen");
        for (review, _) in &cases[..2] {
            supervisor.open_photos(review).await;
        }
        let one_missing = supervisor.post(path, &together(&cause["cause"], &cases)).await;
        assert_eq!(one_missing.json["refused"].as_array().unwrap().len(), 1);
        assert_eq!(supervisor.get("/api/v1/reviews/counts").await.json["total"], 3, "all or none");
        supervisor.open_photos(&cases[2].0).await;
        let done = supervisor.post(path, &together(&cause["cause"], &cases)).await;
        assert_eq!((done.status, done.json["decided"].as_array().map(Vec::len)), (200, Some(3)), "{}", done.text);
        assert_eq!(presence(&app, COLLEAGUE).await["decision"], "accept");
        assert_eq!(supervisor.get("/api/v1/reviews/counts").await.json["total"], 0);
        app.stop().await;
    }

    async fn what_has_another_cause_or_is_held_or_changed_is_not_accepted_with_the_rest(app: TestApp) {
        let cases = outage(&app).await;
        let (supervisor, mayor) = (app.phone(SUPERVISOR).await, app.phone(MAYOR).await);
        for (review, _) in &cases {
            supervisor.open_photos(review).await;
        }
        let path = "/api/v1/reviews/accept-together";
        let cause = supervisor.get("/api/v1/reviews/counts").await.json["causes"][0]["cause"].clone();
        let why = async |body: Value| {
            let answer = supervisor.post(path, &body).await;
            assert_eq!((answer.status, answer.code()), (409, "group-refused"), "{}", answer.text);
            answer.json["refused"][0]["why"]["en"].as_str().unwrap().to_owned()
        };
        assert_eq!(why(together(&json!("late:other"), &cases)).await, "it has another cause");
        let stale: Vec<(String, i64)> = cases.iter().map(|(id, version)| (id.clone(), version + 1)).collect();
        assert_eq!(why(together(&cause, &stale)).await, "it has changed since it was opened");
        claim(&mayor, &cases[0].0).await;
        assert_eq!(why(together(&cause, &cases)).await, "somebody else is looking at it");
        mayor.delete(&format!("/api/v1/reviews/{}/claim", cases[0].0)).await;
        let one = supervisor.post(path, &together(&cause, &cases[..1])).await;
        assert_eq!((one.status, one.code()), (400, "body-invalid"), "one case is no group");
        let mut reject = together(&cause, &cases);
        reject["reason_code"] = json!("not_at_place");
        assert_eq!(supervisor.post(path, &reject).await.code(), "reason-invalid", "nobody is rejected in a group");
        app.stop().await;
    }

    async fn a_case_shows_what_came_before_it(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let first = phone.check_in(CheckIn::morning()).await.json["receipt"]["checkin_id"].clone();
        app.set_clock("2026-11-24T00:05:00Z");
        let review = flagged(&app, EMPLOYEE, coarse()).await;
        let case = app.phone(SUPERVISOR).await.get(&format!("/api/v1/reviews/{review}")).await.json;
        assert_eq!((&case["last_accepted"]["checkin_id"], &case["last_accepted"]["work_date"]), (&first, &json!("2026-11-23")));
        assert_eq!(case["strip"][0]["slots"][0]["checkin_id"], first);
        assert_eq!((&case["duty"]["kind"], &case["window"]["slot"]), (&json!("working"), &json!("morning")), "{case}");
        assert!(case["undo_until"].is_null() && case["blind"] == false);
        app.stop().await;
    }
}
