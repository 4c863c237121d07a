//! Bad input: each with its own problem, and nothing stored.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hadir::session::access;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::{
    on_both_engines,
    support::{COLLEAGUE, CheckIn, EMPLOYEE, TestApp, form, photos},
};

on_both_engines! {
    async fn what_is_no_photo_is_refused_by_name(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
            ("nothing", vec![], 422, "photo-not-an-image"),
            ("one byte", vec![0xFF], 422, "photo-not-an-image"),
            ("a text", b"this is no photo".to_vec(), 422, "photo-not-an-image"),
            ("a GIF", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;".to_vec(), 415, "photo-format"),
            ("a PDF", b"%PDF-1.7\n".to_vec(), 415, "photo-format"),
            ("a HEIC", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00".to_vec(), 415, "photo-format"),
            ("half a JPEG", photos::truncated(), 422, "photo-incomplete"),
            ("a JPEG of two bytes and a marker", vec![0xFF, 0xD8, 0xFF], 422, "photo-incomplete"),
            ("65 bytes that claim 60,000 x 60,000", photos::bomb_png(), 422, "photo-too-much"),
        ];
        for (name, photo, status, code) in cases {
            let answer = phone.check_in(CheckIn { photo, ..CheckIn::morning() }).await;
            assert_eq!((answer.status, answer.code()), (status, code), "{name}: {}", answer.text);
        }
        let large = phone.check_in(CheckIn { photo: vec![0xFF; 30_000_000], ..CheckIn::morning() }).await;
        assert_eq!((large.status, large.code()), (413, "upload-too-large"));
        assert_eq!(app.stored().await, (0, 0));
        app.stop().await;
    }

    async fn a_form_that_is_not_the_one_expected_is_refused(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let draft = phone.draft(&CheckIn { latitude: -6.595, ..CheckIn::morning() }).await.to_string();
        let json_part = |text: &str| Part::text(text.to_owned()).mime_str("application/json").unwrap();
        let photo_part = || Part::bytes(photos::room()).file_name("photo.jpg");
        let cases: Vec<(&str, Form, u16, &str)> = vec![
            ("no part", Form::new(), 400, "upload-incomplete"),
            ("no photo", Form::new().part("checkin", json_part(&draft)), 400, "upload-malformed"),
            ("the photo first", Form::new().part("photo", photo_part()).part("checkin", json_part(&draft)), 400, "upload-malformed"),
            ("two photos", form(draft.clone(), photos::room()).part("photo", photo_part()), 400, "upload-malformed"),
            ("a third part", form(draft.clone(), photos::room()).text("note", "hello"), 400, "upload-malformed"),
            ("broken JSON", form("{".to_owned(), photos::room()), 400, "checkin-invalid"),
            ("another JSON", form("[1]".to_owned(), photos::room()), 400, "checkin-invalid"),
            ("the values as a list", form(format!("[\"{}\",\"x\",\"2026-11-23T00:05:00Z\"]", crate::support::new_id()), photos::room()), 400, "checkin-invalid"),
            ("an unknown member", form(draft.replacen('{', "{\"admin\":true,", 1), photos::room()), 400, "checkin-invalid"),
            ("NaN", form(draft.replacen("-6.595", "NaN", 1), photos::room()), 400, "checkin-invalid"),
            ("infinite", form(draft.replacen("-6.595", "1e999", 1), photos::room()), 400, "checkin-invalid"),
            ("an id of version 4", form(with(&draft, "id", json!("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")), photos::room()), 400, "checkin-invalid"),
            ("a large checkin part", form(with(&draft, "client", json!("x".repeat(20_000))), photos::room()), 413, "upload-too-large"),
        ];
        for (name, form, status, code) in cases {
            let answer = phone.upload("morning", form).await;
            assert_eq!((answer.status, answer.code()), (status, code), "{name}: {}", answer.text);
        }
        let path = "/api/v1/presence/morning";
        let plain = app.send(Method::POST, path, |request| request.bearer_auth(&phone.token).body("hello")).await;
        assert_eq!((plain.status, plain.code()), (400, "upload-malformed"));
        let empty_parts = "--b\r\ncontent-disposition: form-data; name=\"x\"\r\n\r\n\r\n".repeat(400_000);
        let many = app.send(Method::POST, path, |request| {
            request.bearer_auth(&phone.token).header("content-type", "multipart/form-data; boundary=b").body(empty_parts)
        }).await;
        assert!(matches!((many.status, many.code()), (413, "upload-too-large") | (400, "upload-malformed")), "{}", many.text);
        assert_eq!(app.stored().await, (0, 0));
        app.stop().await;
    }

    async fn positions_that_cannot_be_on_earth_are_refused_before_any_arithmetic(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let cases: Vec<(&str, Change)> = vec![
            ("swapped", |draft| { draft["fixes"][0]["latitude"] = json!(106.8166); draft["fixes"][0]["longitude"] = json!(-6.595); }),
            ("null island", |draft| { draft["fixes"][0]["latitude"] = json!(0); draft["fixes"][0]["longitude"] = json!(0); }),
            ("no accuracy", |draft| { draft["fixes"][0].as_object_mut().unwrap().remove("accuracy_m"); }),
            ("accuracy null", |draft| draft["fixes"][0]["accuracy_m"] = json!(null)),
            ("accuracy zero", |draft| draft["fixes"][0]["accuracy_m"] = json!(0)),
            ("accuracy negative", |draft| draft["fixes"][0]["accuracy_m"] = json!(-5)),
            ("no latitude", |draft| { draft["fixes"][0].as_object_mut().unwrap().remove("latitude"); }),
            ("nothing and no reason", |draft| draft["fixes"] = json!([])),
        ];
        for (name, change) in cases {
            let answer = phone.check_in(CheckIn { change, ..CheckIn::morning() }).await;
            assert_eq!((answer.status, answer.code()), (422, "position-unusable"), "{name}: {}", answer.text);
        }
        assert_eq!(app.stored().await, (0, 0));
        app.stop().await;
    }

    async fn a_challenge_is_good_once_for_its_owner_its_slot_and_its_time(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let refused = |challenge: String| {
            let phone = phone.clone();
            async move {
                let answer = phone.check_in(CheckIn { challenge: Some(challenge), ..CheckIn::morning() }).await;
                (answer.status, answer.code().to_owned())
            }
        };
        let foreign = app.phone(COLLEAGUE).await.challenge("morning").await;
        let evening = phone.challenge("evening").await;
        let spent = phone.challenge("morning").await;
        assert_eq!(phone.check_in(CheckIn { challenge: Some(spent.clone()), ..CheckIn::morning() }).await.status, 201);
        let expired = phone.challenge("morning").await;
        assert_eq!(refused("never-given".to_owned()).await, (422, "challenge-unknown".to_owned()));
        assert_eq!(refused(foreign).await, (422, "challenge-unknown".to_owned()));
        assert_eq!(refused(evening).await, (422, "challenge-other-slot".to_owned()));
        assert_eq!(refused(spent).await, (422, "challenge-spent".to_owned()));
        app.clock.advance_seconds(601);
        let phone = app.phone(EMPLOYEE).await;
        let late = phone.check_in(CheckIn { challenge: Some(expired), ..CheckIn::morning() }).await;
        assert_eq!((late.status, late.code()), (422, "challenge-expired"));
        assert_eq!(app.stored().await, (1, 1));
        app.stop().await;
    }

    async fn a_phone_cannot_hoard_challenges(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        for _ in 0..20 {
            phone.challenge("morning").await;
        }
        let refused = phone.post("/api/v1/challenges", &json!({"slot": "morning"})).await;
        assert_eq!((refused.status, refused.code()), (429, "challenges-too-many"));
        app.clock.advance_seconds(599);
        app.clock.advance_seconds(2);
        app.phone(EMPLOYEE).await.challenge("morning").await;
        app.stop().await;
    }

    async fn outside_every_window_the_next_one_is_named(app: TestApp) {
        let cases = [
            // Monday 05.00 WIB
            ("2026-11-22T22:00:00Z", "morning", "slot-too-early", "morning", "2026-11-23T06:00 WIB"),
            ("2026-11-23T00:05:00Z", "evening", "slot-too-early", "morning", "2026-11-23T06:00 WIB"),
            // Monday 08.30.00 WIB: the grace is over
            ("2026-11-23T01:30:00Z", "morning", "slot-closed", "evening", "2026-11-23T16:00 WIB"),
            // Friday 19.00 WIB
            ("2026-11-27T12:00:00Z", "evening", "slot-closed", "morning", "2026-11-30T06:00 WIB"),
            // Saturday 07.00 WIB
            ("2026-11-28T00:00:00Z", "morning", "slot-not-due", "morning", "2026-11-30T06:00 WIB"),
        ];
        for (now, slot, code, next_slot, opens) in cases {
            app.set_clock(now);
            let phone = app.phone(EMPLOYEE).await;
            let answer = phone.check_in(CheckIn { slot: if slot == "morning" { "morning" } else { "evening" }, ..CheckIn::morning() }).await;
            assert_eq!((answer.status, answer.code()), (422, code), "{now}: {}", answer.text);
            assert_eq!(answer.json["next_window"]["slot"], next_slot, "{now}: {}", answer.text);
            let instant = answer.json["next_window"]["opens"].as_str().unwrap();
            let local = crate::support::at(instant).to_jiff().to_zoned(jiff::tz::TimeZone::get("Asia/Jakarta").unwrap());
            assert_eq!(local.strftime("%Y-%m-%dT%H:%M WIB").to_string(), opens, "{now}");
            assert!(answer.json["next_window"]["words"]["id"].as_str().unwrap().contains("WIB"), "{}", answer.text);
        }
        assert_eq!(app.stored().await, (0, 0));
        app.stop().await;
    }

    async fn a_token_is_missing_forged_foreign_or_over(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let keys = &app.app.keys.access;
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(phone.token.split('.').nth(1).unwrap()).unwrap()).unwrap();
        let altered = |name: &str, value: Option<Value>| {
            let mut claims = claims.clone();
            match value {
                Some(value) => claims[name] = value,
                None => drop(claims.as_object_mut().unwrap().remove(name)),
            }
            access::sign(keys, access::TOKEN_TYPE, &claims).unwrap()
        };
        let header = |header: Value| {
            let parts: Vec<&str> = phone.token.split('.').collect();
            format!("{}.{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), parts[1], parts[2])
        };
        let now = app.app.now().as_second();
        let cases: Vec<(&str, String, &str)> = vec![
            ("garbage", "garbage".to_owned(), "token-invalid"),
            ("another type", access::sign(keys, "refresh+jwt", &claims).unwrap(), "token-invalid"),
            ("a receipt's type", access::sign(keys, "receipt+jws", &claims).unwrap(), "token-invalid"),
            ("another key", access::sign(&app.app.keys.receipts, access::TOKEN_TYPE, &claims).unwrap(), "token-invalid"),
            ("another audience", altered("aud", Some(json!("other"))), "token-invalid"),
            ("no audience", altered("aud", None), "token-invalid"),
            ("audience a number", altered("aud", Some(json!(7))), "token-invalid"),
            ("another issuer", altered("iss", Some(json!("other"))), "token-invalid"),
            ("no issuer", altered("iss", None), "token-invalid"),
            ("no subject", altered("sub", None), "token-invalid"),
            ("no expiry", altered("exp", None), "token-invalid"),
            ("not yet good", altered("nbf", Some(json!(now + 3600))), "token-invalid"),
            ("expired 50 s ago", altered("exp", Some(json!(now - 50))), "token-expired"),
            ("another session", altered("sid", Some(json!("0199d5a0-7c00-7000-8000-000000000001"))), "token-invalid"),
            ("algorithm none", header(json!({"alg": "none", "typ": "at+jwt", "kid": keys.kid})), "token-invalid"),
            ("algorithm HS256", header(json!({"alg": "HS256", "typ": "at+jwt", "kid": keys.kid})), "token-invalid"),
            ("a critical extension", header(json!({"alg": "EdDSA", "typ": "at+jwt", "kid": keys.kid, "crit": ["x"], "x": 1})), "token-invalid"),
            ("another key id", header(json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "0000000000000000"})), "token-invalid"),
        ];
        let path = "/api/v1/presence/morning";
        for (name, token, code) in cases {
            let answer = app.send(Method::POST, path, |request| request.bearer_auth(&token).body("unread")).await;
            assert_eq!((answer.status, answer.code()), (401, code), "{name}: {}", answer.text);
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
        let missing = app.send(Method::POST, path, |request| request.body("unread")).await;
        assert_eq!((missing.status, missing.code()), (401, "token-missing"));
        app.clock.advance_seconds(606);
        let expired = app.send(Method::POST, path, |request| request.bearer_auth(&phone.token).body("unread")).await;
        assert_eq!((expired.status, expired.code()), (401, "token-expired"));
        assert_eq!(app.stored().await, (0, 0));
        app.stop().await;
    }
}

/// A change to the `checkin` part.
type Change = fn(&mut Value);

/// The draft with another value of a member.
fn with(draft: &str, name: &str, value: Value) -> String {
    let mut draft: Value = serde_json::from_str(draft).unwrap();
    draft[name] = value;
    draft.to_string()
}
