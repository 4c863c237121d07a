//! What is told of which deeds.

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use super::{on_each_engine, send_due, told};
use crate::{
    places::{ask, circle, decide, id_of, stay},
    support::{
        CheckIn, EMPLOYEE, MAYOR, SUPERVISOR, TestApp, new_id,
        receiver::{Receiver, Reply},
    },
};

/// A flagged check-in's case, and the question about it, due when it is said.
async fn asked(app: &TestApp) -> (String, Value) {
    let phone = app.phone(EMPLOYEE).await;
    let answer = phone.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
    let checkin = answer.json["receipt"]["checkin_id"].as_str().unwrap();
    let own = phone.get(&format!("/api/v1/checkins/{checkin}")).await;
    let review = own.json["reviews"][0]["review_id"].as_str().unwrap().to_owned();
    let supervisor = app.phone(SUPERVISOR).await;
    supervisor.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await;
    let question =
        supervisor.post(&format!("/api/v1/reviews/{review}/question"), &json!({"text": "Di mana Anda?"})).await;
    assert_eq!(question.status, 200, "{}", question.text);
    (review, question.json["question"]["due_at"].clone())
}

on_each_engine! {
    async fn whoever_is_asked_to_explain_is_told_until_when(engine) {
        let receiver = Receiver::start(&[]).await;
        let app = TestApp::start_with(engine, |config| receiver.configure(config)).await;
        let (review, due_at) = asked(&app).await;
        assert_eq!(send_due(&app.app).await, 1);
        let body = receiver.received()[0].body.clone();
        assert_eq!((&body["kind"], &body["person"]["nip"]), (&json!("explanation_asked"), &json!(EMPLOYEE)));
        assert_eq!(body["about"], json!({"review_id": review, "due_at": due_at}), "and nothing of the question");
        app.stop().await;
    }

    async fn whoever_answered_already_is_not_told_that_they_were_asked(engine) {
        let receiver = Receiver::start(&[Reply::Status(500)]).await;
        let app = TestApp::start_with(engine, |config| receiver.configure(config)).await;
        let (review, _) = asked(&app).await;
        assert_eq!(send_due(&app.app).await, 1, "the receiver is out of order");
        let phone = app.phone(EMPLOYEE).await;
        let part = Part::text(json!({"id": new_id(), "text": "Di rumah."}).to_string());
        let form = Form::new().part("answer", part.mime_str("application/json").unwrap());
        let path = format!("/api/v1/me/reviews/{review}/answers");
        let answered = app.send(Method::POST, &path, |request| request.bearer_auth(&phone.token).multipart(form)).await;
        assert_eq!(answered.status, 200, "{}", answered.text);
        app.clock.advance_seconds(60);
        assert_eq!(send_due(&app.app).await, 0);
        app.stop().await;
    }

    async fn whoever_asked_for_a_place_is_told_that_it_was_decided_but_not_that_they_took_it_back(engine) {
        let receiver = Receiver::start(&[]).await;
        let app = TestApp::start_with(engine, |config| receiver.configure(config)).await;
        app.set_clock("2026-11-24T00:05:00Z");
        let (phone, supervisor) = (app.phone(EMPLOYEE).await, app.phone(SUPERVISOR).await);
        let first = ask(&phone, stay("relative", "family", "2026-11-24", "2026-11-26", circle(3000.0, 150.0))).await;
        let withdrawn = phone.delete(&format!("/api/v1/me/place-requests/{}", id_of(&first))).await;
        assert!(withdrawn.status < 300, "{}", withdrawn.text);
        assert_eq!(send_due(&app.app).await, 0);
        for (from, to, decision) in [("2026-11-24", "2026-11-25", "approve"), ("2026-12-01", "2026-12-02", "refuse")] {
            let asked = ask(&phone, stay("relative", "family", from, to, circle(3000.0, 150.0))).await;
            assert_eq!(decide(&supervisor, &id_of(&asked), decision).await.status, 200);
            assert_eq!(send_due(&app.app).await, 1);
            let body = receiver.received().pop().unwrap().body;
            assert_eq!((&body["kind"], &body["person"]["nip"]), (&json!("place_decided"), &json!(EMPLOYEE)));
            assert_eq!(body["about"], json!({"request_id": id_of(&asked)}), "and nothing of the place");
            let late = decide(&app.phone(MAYOR).await, &id_of(&asked), decision).await;
            assert_eq!(late.status, 409);
            assert_eq!(send_due(&app.app).await, 0, "a refused deed tells nothing");
        }
        app.stop().await;
    }

    async fn a_person_finds_what_they_were_told_in_their_own_data(engine) {
        let receiver = Receiver::start(&[]).await;
        let app = TestApp::start_with(engine, |config| receiver.configure(config)).await;
        let (review, _) = asked(&app).await;
        told(&app.app, app.app.now().plus_seconds(60)).await;
        let file = app.phone(EMPLOYEE).await.get("/api/v1/me/export").await;
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file.bytes)).unwrap();
        let person: Value = serde_json::from_reader(archive.by_name("person.json").unwrap()).unwrap();
        let told = person["notifications"].as_array().unwrap();
        assert_eq!(told.len(), 1, "not what may still be undone: {told:?}");
        assert_eq!((&told[0]["kind"], &told[0]["about"]["review_id"]), (&json!("explanation_asked"), &json!(review)));
        app.stop().await;
    }
}
