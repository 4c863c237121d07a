//! Due process: a question before the decision, an answer with or without a photo, an appeal to somebody else.

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::{
    on_both_engines,
    support::{Answer, COLLEAGUE, CheckIn, EMPLOYEE, MAYOR, Phone, SUPERVISOR, TestApp, new_id, photos},
};

/// A flagged check-in; gives the ids of check-in and review.
async fn flagged(app: &TestApp) -> (String, String) {
    let phone = app.phone(EMPLOYEE).await;
    let answer = phone.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
    let id = answer.json["receipt"]["checkin_id"].as_str().unwrap().to_owned();
    let own = phone.get(&format!("/api/v1/checkins/{id}")).await;
    (id, own.json["reviews"][0]["review_id"].as_str().unwrap().to_owned())
}

async fn answer(phone: &Phone<'_>, review: &str, body: &Value, photo: Option<Vec<u8>>) -> Answer {
    let mut form = Form::new().part("answer", Part::text(body.to_string()).mime_str("application/json").unwrap());
    if let Some(photo) = photo {
        form = form.part("photo", Part::bytes(photo).file_name("photo.jpg").mime_str("image/jpeg").unwrap());
    }
    let path = format!("/api/v1/me/reviews/{review}/answers");
    phone.app.send(Method::POST, &path, |request| request.bearer_auth(&phone.token).multipart(form)).await
}

async fn ask(phone: &Phone<'_>, review: &str) -> Answer {
    phone.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await;
    phone.post(&format!("/api/v1/reviews/{review}/question"), &json!({"text": "Di mana Anda?"})).await
}

async fn decide(phone: &Phone<'_>, review: &str, decision: &str, reason: &str) -> Answer {
    phone.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await;
    let body = json!({"decision": decision, "reason_code": reason});
    phone.decide(review, &body).await
}

on_both_engines! {
    async fn a_question_waits_for_its_answer_and_nobody_decides_meanwhile(app: TestApp) {
        let (checkin, review) = flagged(&app).await;
        let (phone, supervisor) = (app.phone(EMPLOYEE).await, app.phone(SUPERVISOR).await);
        let asked = ask(&supervisor, &review).await;
        assert_eq!((asked.status, &asked.json["state"]), (200, &json!("asked")), "{}", asked.text);
        assert_eq!(phone.get("/api/v1/me/today").await.json["cases_waiting"], 1);
        let early = decide(&supervisor, &review, "reject", "not_at_place").await;
        assert_eq!((early.status, early.code()), (409, "review-waiting"), "{}", early.text);
        let case = phone.get(&format!("/api/v1/me/reviews/{review}")).await;
        assert_eq!(case.json["question"]["text"], "Di mana Anda?");
        assert_eq!((&case.json["question"]["asked_by"], &case.json["may_answer"]), (&json!("Siti"), &json!(true)));
        let body = json!({"id": new_id(), "text": "Di rumah, listrik padam."});
        let answered = answer(&phone, &review, &body, Some(photos::room())).await;
        assert_eq!((answered.status, &answered.json["state"]), (200, &json!("open")), "{}", answered.text);
        let again = answer(&phone, &review, &body, Some(photos::room())).await;
        assert_eq!((again.status, again.json["answers"].as_array().unwrap().len()), (200, 1), "sent twice, kept once");
        let id = answered.json["answers"][0]["id"].as_str().unwrap();
        app.clock.advance_seconds(1);
        let photo = supervisor.get(&format!("/api/v1/answers/{id}/photo?side=320")).await;
        assert_eq!((photo.status, photo.header("content-type")), (200, "image/jpeg"));
        assert_eq!(app.phone(COLLEAGUE).await.get(&format!("/api/v1/answers/{id}/photo")).await.status, 404);
        let looks = phone.get(&format!("/api/v1/checkins/{checkin}/looks")).await;
        let last = looks.json["looks"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["viewer"], &last["what"]), (&json!("Siti"), &json!("answer_photo")));
        let seen = supervisor.get(&format!("/api/v1/reviews/{review}")).await;
        assert_eq!(seen.json["answers"][0]["text"], "Di rumah, listrik padam.");
        let decided = decide(&supervisor, &review, "accept", "place_explained").await;
        assert_eq!(decided.status, 200, "{}", decided.text);
        let case = phone.get(&format!("/api/v1/me/reviews/{review}")).await;
        assert_eq!((&case.json["ruling"]["decision"], &case.json["ruling"]["decided_by"]), (&json!("accept"), &json!("Siti")));
        assert_eq!(case.json["ruling"]["reason_words"]["en"], "The reason for being elsewhere is accepted.");
        let steps: Vec<&str> = case.json["history"].as_array().unwrap().iter().map(|step| step["kind"].as_str().unwrap()).collect();
        assert_eq!(steps, ["opened", "asked", "answered", "decided"]);
        let late = answer(&phone, &review, &json!({"id": new_id(), "text": "Satu lagi."}), None).await;
        assert_eq!((late.status, late.code()), (409, "review-decided"));
        app.stop().await;
    }

    async fn a_question_that_nobody_answers_holds_the_case_only_until_it_is_due(app: TestApp) {
        let (_, review) = flagged(&app).await;
        ask(&app.phone(SUPERVISOR).await, &review).await;
        assert_eq!(app.phone(SUPERVISOR).await.get("/api/v1/reviews").await.json["items"].as_array().unwrap().len(), 0);
        app.clock.advance_seconds(2 * 86_400 + 1);
        let supervisor = app.phone(SUPERVISOR).await;
        for query in ["?state=asked", ""] {
            let waiting = supervisor.get(&format!("/api/v1/reviews{query}")).await;
            assert_eq!(waiting.json["items"][0]["id"], json!(review), "{query}");
        }
        assert_eq!(decide(&supervisor, &review, "reject", "not_at_place").await.status, 200);
        app.stop().await;
    }

    async fn a_person_may_speak_first_and_only_in_an_own_case(app: TestApp) {
        let (_, review) = flagged(&app).await;
        let phone = app.phone(EMPLOYEE).await;
        let body = json!({"id": new_id(), "text": "GPS saya lemah di dalam rumah."});
        assert_eq!(answer(&phone, &review, &body, None).await.status, 200);
        let other = answer(&app.phone(COLLEAGUE).await, &review, &json!({"id": new_id(), "text": "Saya juga."}), None).await;
        assert_eq!((other.status, other.code()), (404, "not-found"));
        let cases = [
            ("the id for other words", json!({"id": body["id"], "text": "Lain."}), None, 409, "answer-id-taken"),
            ("no words", json!({"id": new_id(), "text": "  "}), None, 422, "note-too-long"),
            ("too many words", json!({"id": new_id(), "text": "x".repeat(1001)}), None, 422, "note-too-long"),
            ("an id of version 4", json!({"id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "text": "a"}), None, 400, "body-invalid"),
            ("no photo", json!({"id": new_id(), "text": "a"}), Some(b"no photo".to_vec()), 422, "photo-not-an-image"),
        ];
        for (name, body, photo, status, code) in cases {
            let found = answer(&phone, &review, &body, photo).await;
            assert_eq!((found.status, found.code()), (status, code), "{name}: {}", found.text);
        }
        for count in 1..10 {
            let body = json!({"id": new_id(), "text": format!("{count}")});
            assert_eq!(answer(&phone, &review, &body, None).await.status, 200);
        }
        let eleventh = answer(&phone, &review, &json!({"id": new_id(), "text": "11"}), None).await;
        assert_eq!((eleventh.status, eleventh.code()), (409, "answers-too-many"));
        assert_eq!(phone.get(&format!("/api/v1/me/reviews/{review}")).await.json["may_answer"], false);
        ask(&app.phone(SUPERVISOR).await, &review).await;
        let asked = answer(&phone, &review, &json!({"id": new_id(), "text": "Jawaban."}), None).await;
        assert_eq!(asked.status, 200, "whoever is asked may answer: {}", asked.text);
        app.stop().await;
    }

    async fn copies_of_one_answer_at_the_same_moment_are_one_answer(app: TestApp) {
        let (_, review) = flagged(&app).await;
        let phone = app.phone(EMPLOYEE).await;
        let body = json!({"id": new_id(), "text": "Di rumah."});
        let copies = (0..6).map(|_| answer(&phone, &review, &body, Some(photos::room())));
        for found in futures_util::future::join_all(copies).await {
            assert_eq!((found.status, found.json["answers"].as_array().unwrap().len()), (200, 1), "{}", found.text);
        }
        app.stop().await;
    }

    async fn an_appeal_is_decided_by_somebody_else_once(app: TestApp) {
        let (_, review) = flagged(&app).await;
        let (phone, supervisor) = (app.phone(EMPLOYEE).await, app.phone(SUPERVISOR).await);
        let appeal = async |text: &str| phone.post(&format!("/api/v1/me/reviews/{review}/appeal"), &json!({"text": text})).await;
        let early = appeal("Belum diputuskan.").await;
        assert_eq!((early.status, early.code()), (409, "appeal-unavailable"));
        assert_eq!(decide(&supervisor, &review, "reject", "not_at_place").await.status, 200);
        let case = phone.get(&format!("/api/v1/me/reviews/{review}")).await;
        assert_eq!((&case.json["may_appeal"], &case.json["may_answer"]), (&json!(true), &json!(false)));
        let decided_answer = answer(&phone, &review, &json!({"id": new_id(), "text": "Terlambat."}), Some(photos::room())).await;
        assert_eq!(decided_answer.code(), "review-decided");
        let appealed = appeal("Saya di rumah; lihat foto.").await;
        assert_eq!((appealed.status, &appealed.json["state"]), (200, &json!("appealed")), "{}", appealed.text);
        assert_eq!(appeal("Sekali lagi.").await.code(), "appeal-unavailable");
        let more = answer(&phone, &review, &json!({"id": new_id(), "text": "Ini fotonya."}), Some(photos::room())).await;
        assert_eq!((more.status, &more.json["state"]), (200, &json!("appealed")), "{}", more.text);
        let again = decide(&supervisor, &review, "reject", "not_at_place").await;
        assert_eq!((again.status, again.code()), (404, "not-found"), "whoever decided does not decide the appeal");
        assert_eq!(supervisor.get("/api/v1/reviews").await.json["items"].as_array().unwrap().len(), 0);
        let mayor = app.phone(MAYOR).await;
        assert_eq!(mayor.get("/api/v1/reviews").await.json["items"][0]["state"], "appealed");
        let decided = decide(&mayor, &review, "accept", "device_imprecise").await;
        assert_eq!((decided.status, &decided.json["appeal"]["text"]), (200, &json!("Saya di rumah; lihat foto.")), "{}", decided.text);
        assert_eq!(phone.get("/api/v1/me/today").await.json["slots"][0]["presence"]["decision"], "accept");
        assert_eq!(supervisor.get(&format!("/api/v1/reviews/{review}")).await.status, 200, "what came of it is no secret");
        app.stop().await;
    }

    async fn an_appeal_has_its_time(app: TestApp) {
        let (_, review) = flagged(&app).await;
        decide(&app.phone(SUPERVISOR).await, &review, "reject", "not_at_place").await;
        app.clock.advance_seconds(14 * 86_400);
        let phone = app.phone(EMPLOYEE).await;
        let late = phone.post(&format!("/api/v1/me/reviews/{review}/appeal"), &json!({"text": "Maaf terlambat."})).await;
        assert_eq!((late.status, late.code()), (409, "appeal-unavailable"));
        app.stop().await;
    }

    async fn a_question_has_words_a_time_and_a_holder(app: TestApp) {
        let (_, review) = flagged(&app).await;
        let supervisor = app.phone(SUPERVISOR).await;
        let path = format!("/api/v1/reviews/{review}/question");
        let unheld = supervisor.post(&path, &json!({"text": "Di mana?"})).await;
        assert_eq!((unheld.status, unheld.code()), (409, "review-not-held"));
        supervisor.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await;
        let now = app.app.now();
        for (body, code) in [
            (json!({"text": " "}), "note-too-long"),
            (json!({"text": "Di mana?", "due_at": now.plus_seconds(60)}), "parameter-invalid"),
            (json!({"text": "Di mana?", "due_at": now.plus_seconds(15 * 86_400)}), "parameter-invalid"),
        ] {
            assert_eq!(supervisor.post(&path, &body).await.code(), code, "{body}");
        }
        let good = supervisor.post(&path, &json!({"text": "Di mana?", "due_at": now.plus_seconds(7_200)})).await;
        assert_eq!(good.status, 200, "{}", good.text);
        app.stop().await;
    }
}
