//! Keys of phones: enrolled by proof, used for the assurance tier, never a reason to lose an attempt.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    on_both_engines,
    support::{Answer, COLLEAGUE, CheckIn, EMPLOYEE, Phone, TestApp},
};

/// A key as a browser would make it.
struct Key(EcdsaKeyPair);

impl Key {
    fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"))
    }

    fn jwk(&self) -> Value {
        let point = self.0.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        json!({"kty": "EC", "crv": "P-256", "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y)})
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = self.0.sign(&SystemRandom::new(), message.as_bytes()).expect("a signature");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn proof(&self, person: &Value) -> String {
        self.sign(&json!({"alg": "ES256", "typ": "device-proof+jws"}), &json!({"sub": person, "iat": 1}))
    }

    async fn enrol(&self, phone: &Phone<'_>, name: &str) -> Answer {
        let me = phone.get("/api/v1/me").await.json["id"].clone();
        let body = json!({"name": name, "public_key": self.jwk(), "proof": self.proof(&me)});
        phone.post("/api/v1/me/devices", &body).await
    }

    fn over(&self, device: &str, checkin: &str, photo: &[u8]) -> String {
        let hash = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
        let claims = json!({"checkin_sha256": hash(checkin.as_bytes()), "photo_sha256": hash(photo)});
        self.sign(&json!({"alg": "ES256", "typ": "checkin+jws", "kid": device}), &claims)
    }
}

/// Enrols a new key and gives the phone's id.
pub async fn enrol_fresh(phone: &Phone<'_>) -> String {
    let enrolled = Key::new().enrol(phone, "Ponsel").await;
    enrolled.json["id"].as_str().unwrap().to_owned()
}

/// Checks in with this signature beside it.
async fn check_in(phone: &Phone<'_>, sign: impl FnOnce(&str, &[u8]) -> String) -> Answer {
    let checkin = CheckIn::morning();
    let draft = phone.draft(&checkin).await.to_string();
    let signature = sign(&draft, &checkin.photo);
    let form = Form::new()
        .part("checkin", Part::text(draft).mime_str("application/json").unwrap())
        .text("signature", signature)
        .part("photo", Part::bytes(checkin.photo).file_name("photo.jpg").mime_str("image/jpeg").unwrap());
    phone.upload("morning", form).await
}

fn tier(answer: &Answer) -> &str {
    answer.json["receipt"]["assurance"].as_str().unwrap_or("(none)")
}

on_both_engines! {
    async fn a_check_in_signed_by_an_enrolled_phone_says_so(app: TestApp) {
        let (phone, key) = (app.phone(EMPLOYEE).await, Key::new());
        let enrolled = key.enrol(&phone, "Android, Chrome").await;
        assert_eq!(enrolled.status, 201, "{}", enrolled.text);
        let device = enrolled.json["id"].as_str().unwrap();
        let again = key.enrol(&phone, "Ponsel saya").await;
        assert_eq!((again.status, &again.json["id"]), (200, &enrolled.json["id"]), "the same key is the same phone");
        let answer = check_in(&phone, |draft, photo| key.over(device, draft, photo)).await;
        assert_eq!((answer.status, tier(&answer)), (201, "device_key"), "{}", answer.text);
        assert_eq!(answer.findings(), ["device.new"]);
        let listed = phone.get("/api/v1/me/devices").await;
        assert_eq!(listed.json["devices"][0]["name"], "Ponsel saya");
        assert_eq!(listed.json["devices"][0]["last_used_at"], answer.json["receipt"]["received_at"]);
        app.clock.advance_seconds(86_400);
        let phone = app.phone(EMPLOYEE).await;
        let next_day = check_in(&phone, |draft, photo| key.over(device, draft, photo)).await;
        assert_eq!((tier(&next_day), next_day.findings().len()), ("device_key", 0), "{}", next_day.text);
        app.stop().await;
    }

    async fn no_signature_a_lost_key_or_a_broken_one_loses_no_attempt(app: TestApp) {
        let (phone, key, other) = (app.phone(EMPLOYEE).await, Key::new(), Key::new());
        let plain = phone.check_in(CheckIn::morning()).await;
        assert_eq!((tier(&plain), plain.findings().len()), ("session", 0), "nobody has to enrol");
        let device = key.enrol(&phone, "Ponsel").await.json["id"].as_str().unwrap().to_owned();
        let unsigned = phone.check_in(CheckIn::morning()).await;
        assert_eq!((tier(&unsigned), unsigned.findings()), ("session", vec!["device.not_signed"]));
        assert_eq!(unsigned.json["receipt"]["verdict"], "accepted");
        let wrong = check_in(&phone, |draft, _| key.over(&device, draft, b"another photo")).await;
        assert_eq!((wrong.status, tier(&wrong), wrong.findings()), (201, "session", vec!["device.signature"]));
        let stolen = check_in(&phone, |draft, photo| other.over(&device, draft, photo)).await;
        assert_eq!((tier(&stolen), stolen.findings()), ("session", vec!["device.signature"]), "by another key under this name");
        assert_eq!(phone.delete(&format!("/api/v1/me/devices/{device}")).await.status, 204);
        let revoked = check_in(&phone, |draft, photo| key.over(&device, draft, photo)).await;
        assert_eq!((revoked.status, tier(&revoked), revoked.findings()), (201, "session", vec!["device.unknown"]));
        let back = key.enrol(&phone, "Ponsel").await;
        assert_eq!((back.status, back.code()), (422, "device-invalid"), "what was taken away stays away");
        assert_eq!(other.enrol(&phone, "Ponsel").await.status, 201, "a new key is a minute's work");
        app.stop().await;
    }

    async fn what_is_no_token_of_ours_is_no_signature(app: TestApp) {
        let (phone, key) = (app.phone(EMPLOYEE).await, Key::new());
        let device = key.enrol(&phone, "Ponsel").await.json["id"].as_str().unwrap().to_owned();
        let hash = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
        let claims = |draft: &str, photo: &[u8]| json!({"checkin_sha256": hash(draft.as_bytes()), "photo_sha256": hash(photo)});
        let nothing = check_in(&phone, |_, _| String::new()).await;
        assert_eq!((nothing.status, tier(&nothing), nothing.findings()), (201, "session", vec!["device.not_signed"]));
        let none = check_in(&phone, |draft, photo| {
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            format!("{}.{}.", part(&json!({"alg": "none", "typ": "checkin+jws", "kid": device})), part(&claims(draft, photo)))
        }).await;
        assert_eq!((tier(&none), none.findings()), ("session", vec!["device.signature"]));
        let typ = check_in(&phone, |draft, photo| key.sign(&json!({"alg": "ES256", "typ": "JWT", "kid": device}), &claims(draft, photo))).await;
        assert_eq!((tier(&typ), typ.findings()), ("session", vec!["device.signature"]), "signed for something else");
        let critical = check_in(&phone, |draft, photo| {
            key.sign(&json!({"alg": "ES256", "typ": "checkin+jws", "kid": device, "crit": ["x"], "x": 1}), &claims(draft, photo))
        }).await;
        assert_eq!((tier(&critical), critical.findings()), ("session", vec!["device.signature"]));
        app.stop().await;
    }

    async fn a_key_is_enrolled_only_by_whoever_holds_it_and_for_oneself(app: TestApp) {
        let (phone, key, other) = (app.phone(EMPLOYEE).await, Key::new(), Key::new());
        let me = phone.get("/api/v1/me").await.json["id"].clone();
        let colleague = app.phone(COLLEAGUE).await.get("/api/v1/me").await.json["id"].clone();
        let good = || json!({"name": "Ponsel", "public_key": key.jwk(), "proof": key.proof(&me)});
        let with = |name: &str, value: Value| { let mut body = good(); body[name] = value; body };
        let cases = [
            ("another key's proof", with("proof", json!(other.proof(&me))), 422, "device-invalid"),
            ("for somebody else", with("proof", json!(key.proof(&colleague))), 422, "device-invalid"),
            ("no proof", with("proof", json!("")), 422, "device-invalid"),
            ("a long proof", with("proof", json!("x".repeat(5_000))), 422, "device-invalid"),
            ("no name", with("name", json!("  ")), 422, "device-invalid"),
            ("another curve", with("public_key", json!({"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"})), 422, "device-invalid"),
            ("no point of the curve", with("public_key", json!({"kty": "EC", "crv": "P-256", "x": URL_SAFE_NO_PAD.encode([1; 32]), "y": URL_SAFE_NO_PAD.encode([2; 32])})), 422, "device-invalid"),
            ("a private key", with("public_key", json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "d": "AA"})), 400, "body-invalid"),
        ];
        for (name, body, status, code) in cases {
            let answer = phone.post("/api/v1/me/devices", &body).await;
            assert_eq!((answer.status, answer.code()), (status, code), "{name}: {}", answer.text);
        }
        for count in 0..6 {
            app.clock.advance_seconds(60);
            assert_eq!(Key::new().enrol(&phone, &format!("Ponsel {count}")).await.status, 201);
        }
        let listed = phone.get("/api/v1/me/devices").await;
        let names: Vec<&str> = listed.json["devices"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Ponsel 1", "Ponsel 2", "Ponsel 3", "Ponsel 4", "Ponsel 5"], "the one unused for longest made room");
        let own = phone.get("/api/v1/me/devices").await.json["devices"][0]["id"].as_str().unwrap().to_owned();
        let foreign = app.phone(COLLEAGUE).await.delete(&format!("/api/v1/me/devices/{own}")).await;
        assert_eq!((foreign.status, foreign.code()), (404, "not-found"));
        app.stop().await;
    }

    async fn signing_out_everywhere_ends_every_sign_in_of_this_person_only(app: TestApp) {
        let (first, second) = (app.phone(EMPLOYEE).await, app.phone(EMPLOYEE).await);
        let colleague = app.phone(COLLEAGUE).await;
        assert_eq!(first.delete("/api/v1/sessions").await.status, 204);
        for phone in [&first, &second] {
            assert_eq!(phone.get("/api/v1/me").await.code(), "token-invalid");
            let body = json!({"refresh_token": phone.tokens["refresh_token"]});
            let renewed = app.send(Method::POST, "/api/v1/session/refresh", |request| request.json(&body)).await;
            assert_eq!(renewed.code(), "sign-in-over");
        }
        assert_eq!(colleague.get("/api/v1/me").await.status, 200);
        app.stop().await;
    }
}
