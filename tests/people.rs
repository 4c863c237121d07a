//! People as administrators keep them and supervisors read them.

use hadir::people::import;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    devices::enrol_fresh,
    on_both_engines,
    support::{ADMINISTRATOR, CheckIn, EMPLOYEE, OTHER_SUPERVISOR, PASSWORD, SUPERVISOR, TestApp},
};

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect()
}

async fn sign_in(app: &TestApp, nip: &str, password: &str) -> u16 {
    let body = json!({"nip": nip, "password": password});
    app.send(Method::POST, "/api/v1/session", |request| request.json(&body)).await.status
}

on_both_engines! {
    async fn people_come_by_name_in_pages_and_are_found_by_a_part(app: TestApp) {
        let administrator = app.phone(ADMINISTRATOR).await;
        let first = administrator.get("/api/v1/people?limit=4").await;
        assert_eq!(names(&first.json), ["Agus", "Andi", "Dewi", "Ratna"]);
        let rest = administrator.get(&format!("/api/v1/people?limit=9&after={}", first.json["next"].as_str().unwrap())).await;
        assert_eq!(names(&rest.json), ["Rudi", "Siti", "Walikota", "Yohanes", "Yosina"]);
        assert_eq!(rest.json["next"], Value::Null);
        assert_eq!(names(&administrator.get("/api/v1/people?q=DEW").await.json), ["Dewi"]);
        assert_eq!(names(&administrator.get("/api/v1/people?q=900").await.json), ["Ratna"]);
        let row = &administrator.get("/api/v1/people?q=ratna").await.json["items"][0];
        assert_eq!((&row["roles"], &row["has_home"], &row["unit"]["code"]), (&json!(["administrator"]), &json!(false), &json!("KOTA")));
        let wrong = administrator.get("/api/v1/people?after=x").await;
        assert_eq!((wrong.status, wrong.code()), (400, "parameter-invalid"));
        let of_unit = app.phone(SUPERVISOR).await.get("/api/v1/units/BIDANG/people").await;
        assert_eq!(names(&of_unit.json), ["Agus", "Dewi", "Rudi"]);
        assert_eq!((&of_unit.json["items"][1]["has_home"], &of_unit.json["items"][1]["devices"]), (&json!(true), &json!(0)));
        assert_eq!(app.phone(SUPERVISOR).await.get("/api/v1/people").await.code(), "role-missing");
        app.stop().await;
    }

    async fn an_address_is_told_to_administrators_only(app: TestApp) {
        let administrator = app.phone(ADMINISTRATOR).await;
        let body = json!({"name": "Dewi", "unit": "BIDANG", "active": true, "email": "dewi@example.go.id"});
        let changed = administrator.put("/api/v1/people/1001", &body).await;
        assert_eq!((changed.status, &changed.json["email"]), (200, &json!("dewi@example.go.id")), "{}", changed.text);
        assert_eq!(administrator.get("/api/v1/people?q=1001").await.json["items"][0]["email"], "dewi@example.go.id");
        assert_eq!(administrator.get("/api/v1/units/BIDANG/people?q=1001").await.json["items"][0]["email"], "dewi@example.go.id");
        let supervisor = app.phone(SUPERVISOR).await;
        assert_eq!(supervisor.get("/api/v1/people/1001").await.json["email"], Value::Null);
        assert_eq!(supervisor.get("/api/v1/units/BIDANG/people?q=1001").await.json["items"][0]["email"], Value::Null);
        let none = json!({"name": "Dewi", "unit": "BIDANG", "active": true, "email": null});
        assert_eq!(administrator.put("/api/v1/people/1001", &none).await.json["email"], Value::Null);
        app.stop().await;
    }

    async fn a_file_may_say_addresses_and_keeps_those_it_leaves_out(app: TestApp) {
        let import = async |text: &str| {
            import::texts_in(&app.app, &[("people.csv".to_owned(), text.to_owned())], false).await
        };
        let said = "nip,name,unit,email\n1001,Dewi,BIDANG,dewi@example.id\n5001,Wayan,MKS,wayan@example.id\n1002,Agus,BIDANG,\n";
        let first = import(said).await.unwrap().people;
        assert_eq!((first.added, first.changed, first.unchanged), (1, 1, 1));
        let again = import(said).await.unwrap().people;
        assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 3), "the same file again changes nothing");
        import("nip,name,unit\n1001,Dewi,BIDANG\n").await.unwrap();
        let administrator = app.phone(ADMINISTRATOR).await;
        assert_eq!(administrator.get("/api/v1/people/1001").await.json["email"], "dewi@example.id");
        assert_eq!(administrator.get("/api/v1/people/5001").await.json["email"], "wayan@example.id");
        let wrong = import("nip,name,unit,email\n1001,Dewi,BIDANG,tanpa-at\n").await;
        assert!(matches!(wrong, Err(import::ImportError::Mistakes(_))));
        app.stop().await;
    }

    async fn a_person_who_is_added_signs_in_with_the_first_password(app: TestApp) {
        let administrator = app.phone(ADMINISTRATOR).await;
        let new = json!({"nip": "5001", "name": "Wayan", "unit": "MKS", "email": "w@example.id", "password": "rahasia-wayan"});
        let made = administrator.post("/api/v1/people", &new).await;
        assert_eq!((made.status, &made.json["unit"]["code"], &made.json["roles"]), (201, &json!("MKS"), &json!([])), "{}", made.text);
        assert_eq!(sign_in(&app, "5001", "rahasia-wayan").await, 200);
        let twice = administrator.post("/api/v1/people", &new).await;
        assert_eq!((twice.status, twice.code()), (409, "person-taken"));
        for (field, value) in [("nip", "a b"), ("name", " "), ("unit", "TIADA"), ("email", "tanpa-at"), ("password", "pendek")] {
            let mut bad = json!({"nip": "5002", "name": "Made", "unit": "MKS"});
            bad[field] = json!(value);
            let refused = administrator.post("/api/v1/people", &bad).await;
            assert_eq!((refused.status, refused.code()), (422, "person-invalid"), "{field}: {}", refused.text);
        }
        let unknown = administrator.post("/api/v1/people", &json!({"nip": "5002", "name": "Made", "unit": "MKS", "x": 1})).await;
        assert_eq!(unknown.code(), "body-invalid");
        app.stop().await;
    }

    async fn who_is_made_inactive_is_signed_out_at_once_and_stays_out(app: TestApp) {
        let (administrator, employee) = (app.phone(ADMINISTRATOR).await, app.phone(EMPLOYEE).await);
        let off = json!({"name": "Dewi", "unit": "BIDANG", "active": false, "email": null});
        assert_eq!(administrator.put("/api/v1/people/1001", &off).await.json["active"], false);
        assert_eq!(employee.get("/api/v1/me").await.status, 401);
        assert_eq!(sign_in(&app, EMPLOYEE, PASSWORD).await, 401);
        let on = json!({"name": "Dewi", "unit": "BIDANG", "active": true, "email": null});
        assert_eq!(administrator.put("/api/v1/people/1001", &on).await.status, 200);
        assert_eq!(employee.get("/api/v1/me").await.status, 401, "the old sign-in does not come back");
        assert_eq!(sign_in(&app, EMPLOYEE, PASSWORD).await, 200);
        app.stop().await;
    }

    async fn a_new_password_signs_its_person_out_everywhere(app: TestApp) {
        let (administrator, employee) = (app.phone(ADMINISTRATOR).await, app.phone(EMPLOYEE).await);
        let set = administrator.post("/api/v1/people/1001/password", &json!({"password": "kata-sandi-baru"})).await;
        assert_eq!(set.status, 204, "{}", set.text);
        assert_eq!(employee.get("/api/v1/me").await.status, 401);
        assert_eq!(sign_in(&app, EMPLOYEE, "kata-sandi-baru").await, 200);
        let short = administrator.post("/api/v1/people/1001/password", &json!({"password": "pendek"})).await;
        assert_eq!((short.status, short.code()), (422, "person-invalid"));
        assert_eq!(administrator.post("/api/v1/people/7777/password", &json!({"password": "kata-sandi-baru"})).await.status, 404);
        app.stop().await;
    }

    async fn what_is_done_to_an_administrator_takes_two_people(app: TestApp) {
        let administrator = app.phone(ADMINISTRATOR).await;
        let own = administrator.post("/api/v1/people/9001/password", &json!({"password": "kata-sandi-baru"})).await;
        assert_eq!((own.status, own.code()), (409, "person-guarded"));
        let off = json!({"name": "Ratna", "unit": "KOTA", "active": false, "email": null});
        let inactive = administrator.put("/api/v1/people/9001", &off).await;
        assert_eq!((inactive.status, inactive.code()), (409, "person-guarded"));
        assert_eq!(administrator.get("/api/v1/me").await.status, 200, "nothing happened");
        app.stop().await;
    }

    async fn a_supervisor_takes_a_lost_phone_away_and_the_log_says_who(app: TestApp) {
        let employee = app.phone(EMPLOYEE).await;
        let id = enrol_fresh(&employee).await;
        let path = format!("/api/v1/people/1001/devices/{id}");
        assert_eq!(app.phone(OTHER_SUPERVISOR).await.delete(&path).await.status, 404);
        assert_eq!(app.phone(ADMINISTRATOR).await.delete(&path).await.code(), "role-missing");
        let supervisor = app.phone(SUPERVISOR).await;
        assert_eq!(supervisor.get("/api/v1/people/1001").await.json["devices"][0]["revoked_at"], Value::Null);
        assert_eq!(supervisor.delete(&path).await.status, 204);
        assert_eq!(supervisor.delete(&path).await.status, 404, "once");
        let seen = supervisor.get("/api/v1/people/1001").await;
        assert!(seen.json["devices"][0]["revoked_at"].is_string(), "{}", seen.text);
        assert_eq!(employee.get("/api/v1/me/devices").await.json["devices"], json!([]));
        assert_eq!(supervisor.delete(&format!("/api/v1/people/1002/devices/{id}")).await.status, 404, "another's phone");
        app.stop().await;
    }

    async fn a_person_is_shown_with_roles_and_without_evidence(app: TestApp) {
        let seen = app.phone(ADMINISTRATOR).await.get("/api/v1/people/2001").await;
        let role = &seen.json["roles"][0];
        assert_eq!((&role["role"], &role["unit"]["code"], &role["acting"]), (&json!("supervisor"), &json!("DINAS"), &json!(false)));
        assert_eq!(app.phone(ADMINISTRATOR).await.get("/api/v1/people/7777").await.status, 404);
        app.stop().await;
    }

    async fn an_administrator_never_sees_evidence(app: TestApp) {
        let employee = app.phone(EMPLOYEE).await;
        let sent = employee.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
        let checkin = sent.json["receipt"]["checkin_id"].as_str().unwrap().to_owned();
        let own = employee.get(&format!("/api/v1/checkins/{checkin}")).await;
        let review = own.json["reviews"][0]["review_id"].as_str().unwrap().to_owned();
        let administrator = app.phone(ADMINISTRATOR).await;
        for path in [
            "/api/v1/reviews".to_owned(),
            format!("/api/v1/reviews/{review}"),
            format!("/api/v1/checkins/{checkin}"),
            format!("/api/v1/checkins/{checkin}/photo"),
            format!("/api/v1/checkins/{checkin}/map"),
            format!("/api/v1/checkins/{checkin}/receipt"),
            format!("/api/v1/checkins/{checkin}/looks"),
            format!("/api/v1/me/reviews/{review}"),
            "/api/v1/units/BIDANG/today".to_owned(),
            "/api/v1/people/1001/places".to_owned(),
        ] {
            let answer = administrator.get(&path).await;
            assert!([403, 404].contains(&answer.status), "{path}: {} {}", answer.status, answer.text);
        }
        for path in ["/api/v1/units", "/api/v1/units/BIDANG/people", "/api/v1/people", "/api/v1/people/1001", "/api/v1/schedules",
            "/api/v1/policy", "/api/v1/incidents", "/api/v1/changes", "/api/v1/delegations"] {
            let answer = administrator.get(path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            for word in [checkin.as_str(), review.as_str(), "photo", "latitude", "distance", "findings", "verdict"] {
                assert!(!answer.text.contains(word), "{path} tells {word}: {}", answer.text);
            }
        }
        app.stop().await;
    }
}
