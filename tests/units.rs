//! Units, their people and their day, as supervisors and administrators see them.

use hadir::{
    model::{ids::RosterId, words::Duty},
    people::import,
    store::{people, rosters},
};
use serde_json::{Value, json};

use crate::{
    on_both_engines,
    support::{
        ADMINISTRATOR, Answer, CheckIn, EMPLOYEE, HOMELESS, MAYOR, OTHER_SUPERVISOR, Phone, STRANGER, SUPERVISOR,
        TestApp, photos,
    },
};

/// The person in a day.
fn person<'a>(day: &'a Answer, nip: &str) -> &'a Value {
    day.json["people"].as_array().unwrap().iter().find(|row| row["nip"] == nip).unwrap()
}

/// `state` of a slot of a person.
fn state<'a>(day: &'a Answer, nip: &str, slot: usize) -> &'a str {
    person(day, nip)["slots"][slot]["state"].as_str().unwrap()
}

fn totals(of: &Value, slot: usize) -> Value {
    let mut totals = of["totals"][slot].clone();
    totals.as_object_mut().unwrap().remove("slot");
    totals
}

fn counts(numbers: [i64; 7]) -> Value {
    let [expected, received, late, flagged, missing_yet, missing, excused] = numbers;
    json!({"expected": expected, "received": received, "late": late, "flagged": flagged, "missing_yet": missing_yet,
        "missing": missing, "excused": excused})
}

/// Says where somebody works on a range of dates.
async fn roster(app: &TestApp, nip: &str, from: &str, to: &str, duty: Duty) {
    let mut tx = app.app.store.write().await.unwrap();
    let person_id = people::by_nip(&mut tx, nip).await.unwrap().unwrap().id;
    let id = RosterId::new(app.app.now(), &app.app.chance);
    let (valid_from, valid_to) = (from.parse().unwrap(), to.parse().unwrap());
    rosters::insert(&mut tx, &rosters::RosterRow { id, person_id, valid_from, valid_to, duty }).await.unwrap();
    tx.commit().await.unwrap();
}

async fn today(phone: &Phone<'_>, unit: &str) -> Answer {
    let day = phone.get(&format!("/api/v1/units/{unit}/today")).await;
    assert_eq!(day.status, 200, "{}", day.text);
    day
}

on_both_engines! {
    async fn a_supervisor_sees_the_units_below_and_an_administrator_every_unit(app: TestApp) {
        let units = app.phone(SUPERVISOR).await.get("/api/v1/units").await;
        let seen: Vec<(&str, bool, i64)> = units.json["units"].as_array().unwrap().iter()
            .map(|unit| (unit["code"].as_str().unwrap(), unit["mine"] == true, unit["people"].as_i64().unwrap())).collect();
        assert_eq!(seen, [("BIDANG", false, 3), ("DINAS", true, 1)]);
        assert_eq!(units.json["units"][0]["parent"], "DINAS");
        let all = app.phone(ADMINISTRATOR).await.get("/api/v1/units").await;
        assert_eq!(all.json["units"].as_array().unwrap().len(), 5);
        assert!(all.json["units"].as_array().unwrap().iter().all(|unit| unit["mine"] == false));
        let nobody = app.phone(EMPLOYEE).await.get("/api/v1/units").await;
        assert_eq!((nobody.status, nobody.code()), (403, "role-missing"));
        app.stop().await;
    }

    async fn the_day_of_a_unit_moves_from_not_yet_over_missing_yet_to_missing(app: TestApp) {
        let supervisor = app.phone(SUPERVISOR).await;
        app.set_clock("2026-11-22T22:30:00Z");
        let early = app.phone(SUPERVISOR).await;
        let day = today(&early, "BIDANG").await;
        assert_eq!((day.json["date"].as_str().unwrap(), state(&day, EMPLOYEE, 0)), ("2026-11-23", "not_yet"));
        assert_eq!(totals(&day.json, 0), counts([3, 0, 0, 0, 0, 0, 0]), "due, and not open yet");
        app.set_clock("2026-11-23T00:05:00Z");
        let sent = app.phone(EMPLOYEE).await.check_in(CheckIn::morning()).await;
        assert_eq!(sent.status, 201, "{}", sent.text);
        let day = today(&supervisor, "BIDANG").await;
        let slot = &person(&day, EMPLOYEE)["slots"][0];
        assert_eq!((&slot["state"], &slot["timing"], &slot["verdict"]), (&json!("received"), &json!("on_time"), &json!("accepted")));
        assert_eq!(slot["words"]["id"], "Masuk pukul 07.05 WIB.");
        assert_eq!((&slot["review_id"], &slot["decision"]), (&Value::Null, &Value::Null));
        assert_eq!((state(&day, HOMELESS, 0), state(&day, HOMELESS, 1)), ("missing_yet", "not_yet"));
        assert_eq!(totals(&day.json, 0), counts([3, 1, 0, 0, 2, 0, 0]));
        assert_eq!((&day.json["slots"][0]["opens_at"], &day.json["is_final"]), (&json!("2026-11-22T23:00:00.000000Z"), &json!(false)));
        app.set_clock("2026-11-23T01:30:00Z");
        let over = app.phone(SUPERVISOR).await;
        assert_eq!(state(&today(&over, "BIDANG").await, HOMELESS, 0), "missing", "the grace ends at 08.30");
        let tomorrow = over.get("/api/v1/units/BIDANG/today?date=2026-11-28").await;
        assert_eq!((&tomorrow.json["slots"], &person(&tomorrow, EMPLOYEE)["duty"]["kind"]), (&json!([]), &json!("day_off")));
        app.set_clock("2026-11-24T00:05:00Z");
        let next = app.phone(SUPERVISOR).await.get("/api/v1/units/BIDANG/today?date=2026-11-23").await;
        assert_eq!((&next.json["is_final"], state(&next, EMPLOYEE, 1)), (&json!(true), "missing"));
        app.stop().await;
    }

    async fn a_flagged_check_in_leads_to_its_case_and_a_late_one_is_counted(app: TestApp) {
        let employee = app.phone(EMPLOYEE).await;
        employee.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
        let supervisor = app.phone(SUPERVISOR).await;
        let day = today(&supervisor, "BIDANG").await;
        let slot = &person(&day, EMPLOYEE)["slots"][0];
        assert_eq!((&slot["verdict"], &slot["words"]["id"]), (&json!("flagged"), &json!("Masuk pukul 07.05 WIB; menunggu dilihat.")));
        let review = slot["review_id"].as_str().unwrap();
        assert_eq!(supervisor.get(&format!("/api/v1/reviews/{review}")).await.status, 200);
        assert_eq!(totals(&day.json, 0), counts([3, 1, 0, 1, 2, 0, 0]));
        app.set_clock("2026-11-23T01:10:00Z");
        app.phone(HOMELESS).await.check_in(CheckIn { photo: photos::room(), ..CheckIn::morning() }).await;
        let day = today(&app.phone(SUPERVISOR).await, "BIDANG").await;
        assert_eq!(person(&day, HOMELESS)["slots"][0]["timing"], "late");
        assert_eq!(totals(&day.json, 0)["late"], 1);
        app.stop().await;
    }

    async fn leave_excuses_and_the_office_is_not_due(app: TestApp) {
        roster(&app, EMPLOYEE, "2026-11-01", "2026-11-30", Duty::Office).await;
        roster(&app, EMPLOYEE, "2026-11-23", "2026-11-24", Duty::Leave).await;
        roster(&app, HOMELESS, "2026-11-23", "2026-11-23", Duty::Office).await;
        app.set_clock("2026-11-23T01:30:00Z");
        let day = today(&app.phone(SUPERVISOR).await, "BIDANG").await;
        assert_eq!((state(&day, EMPLOYEE, 0), &person(&day, EMPLOYEE)["duty"]["words"]["id"]), ("excused", &json!("Cuti")));
        assert_eq!(state(&day, HOMELESS, 0), "not_due");
        assert_eq!(totals(&day.json, 0), counts([1, 0, 0, 0, 0, 1, 1]));
        app.stop().await;
    }

    async fn an_outage_excuses_what_is_over_and_empty_in_its_units_alone(app: TestApp) {
        let file = "code,unit,starts_at,ends_at,words_id,words_en\nP1,BIDANG,2026-11-23T07:00:00+07:00,2026-11-23T07:10:00+07:00,Padam.,No power.\n";
        import::texts_in(&app.app, &[("incidents.csv".to_owned(), file.to_owned())], false).await.unwrap();
        let day = today(&app.phone(SUPERVISOR).await, "BIDANG").await;
        assert_eq!((state(&day, EMPLOYEE, 0), &day.json["incidents"][0]["words"]["id"]), ("missing_yet", &json!("Padam.")));
        app.set_clock("2026-11-23T01:30:00Z");
        let supervisor = app.phone(SUPERVISOR).await;
        let day = today(&supervisor, "BIDANG").await;
        assert_eq!((state(&day, EMPLOYEE, 0), state(&day, EMPLOYEE, 1)), ("excused", "not_yet"), "the evening was not hit");
        let above = today(&supervisor, "DINAS").await;
        assert_eq!(state(&above, SUPERVISOR, 0), "missing", "declared for the unit below");
        assert_eq!(totals(&above.json, 0), counts([1, 0, 0, 0, 0, 1, 3]));
        assert_eq!(totals(&above.json["below"][0], 0), counts([0, 0, 0, 0, 0, 0, 3]));
        app.stop().await;
    }

    async fn sums_of_the_units_below_add_up_over_zones(app: TestApp) {
        app.phone(EMPLOYEE).await.check_in(CheckIn::morning()).await;
        let stranger = app.phone(STRANGER).await;
        stranger.check_in(CheckIn { accuracy: 500.0, photo: photos::room(), ..CheckIn::morning() }).await;
        let mayor = app.phone(MAYOR).await;
        let city = today(&mayor, "KOTA").await;
        let below: Vec<(&str, i64)> = city.json["below"].as_array().unwrap().iter()
            .map(|unit| (unit["code"].as_str().unwrap(), unit["people"].as_i64().unwrap())).collect();
        assert_eq!(below, [("DINAS", 4), ("JPR", 1), ("MKS", 2)], "each with all below it");
        // 07.05 in the west is 08.05 in the middle, in its grace, and 09.05 in the east, where the morning is over.
        assert_eq!(totals(&city.json["below"][0], 0), counts([4, 1, 0, 0, 3, 0, 0]));
        assert_eq!(totals(&city.json["below"][1], 0), counts([1, 0, 0, 0, 0, 1, 0]));
        assert_eq!(totals(&city.json["below"][2], 0), counts([2, 1, 1, 1, 1, 0, 0]));
        assert_eq!(totals(&city.json, 0), counts([9, 2, 1, 1, 6, 1, 0]), "with the two of the city itself");
        assert_eq!(city.json["people"].as_array().unwrap().len(), 2);
        let dinas = today(&mayor, "DINAS").await;
        assert_eq!(totals(&dinas.json, 0), totals(&city.json["below"][0], 0));
        app.stop().await;
    }

    async fn the_day_of_another_unit_looks_as_if_it_did_not_exist(app: TestApp) {
        let other = app.phone(OTHER_SUPERVISOR).await;
        for path in ["/api/v1/units/BIDANG/today", "/api/v1/units/TIADA/today", "/api/v1/units/BIDANG/people", "/api/v1/people/1001",
            "/api/v1/schedules?unit=BIDANG"] {
            let answer = other.get(path).await;
            assert_eq!((answer.status, answer.code()), (404, "not-found"), "{path}");
        }
        let administrator = app.phone(ADMINISTRATOR).await.get("/api/v1/units/BIDANG/today").await;
        assert_eq!((administrator.status, administrator.code()), (403, "role-missing"), "who configures does not watch");
        let far = other.get("/api/v1/units/MKS/today?date=2029-01-01").await;
        assert_eq!((far.status, far.code()), (400, "parameter-invalid"));
        let wrong = other.get("/api/v1/units/MKS/today?date=besok").await;
        assert_eq!((wrong.status, wrong.code()), (400, "parameter-invalid"));
        app.stop().await;
    }

    async fn an_administrator_adds_and_moves_units_but_never_in_a_circle(app: TestApp) {
        let administrator = app.phone(ADMINISTRATOR).await;
        let new = json!({"code": "SEKSI-1", "name": "Seksi Satu", "parent": "BIDANG", "time_zone": "WIB"});
        let made = administrator.post("/api/v1/units", &new).await;
        assert_eq!((made.status, &made.json["time_zone"]), (201, &json!("Asia/Jakarta")), "{}", made.text);
        let twice = administrator.post("/api/v1/units", &new).await;
        assert_eq!((twice.status, twice.code()), (409, "unit-taken"));
        let circle = json!({"name": "Dinas", "parent": "SEKSI-1", "time_zone": "WIB"});
        let refused = administrator.put("/api/v1/units/DINAS", &circle).await;
        assert_eq!((refused.status, refused.code()), (422, "unit-invalid"), "{}", refused.text);
        for (change, why) in [(json!({"name": "", "parent": null, "time_zone": "WIB"}), "name"),
            (json!({"name": "X", "parent": "TIADA", "time_zone": "WIB"}), "TIADA"),
            (json!({"name": "X", "parent": null, "time_zone": "Mars/Utama"}), "Mars/Utama")] {
            let refused = administrator.put("/api/v1/units/BIDANG", &change).await;
            assert!(refused.code() == "unit-invalid" && refused.json["detail"].as_str().unwrap().contains(why), "{}", refused.text);
        }
        let code = administrator.post("/api/v1/units", &json!({"code": "a b", "name": "X", "parent": null, "time_zone": "WIB"})).await;
        assert_eq!(code.code(), "unit-invalid");
        let moved = administrator.put("/api/v1/units/SEKSI-1", &json!({"name": "Seksi", "parent": "MKS", "time_zone": "WITA"})).await;
        assert_eq!((moved.status, &moved.json["parent"]), (200, &json!("MKS")));
        assert_eq!(administrator.put("/api/v1/units/TIADA", &json!({"name": "X", "parent": null, "time_zone": "WIB"})).await.status, 404);
        assert_eq!(app.phone(SUPERVISOR).await.post("/api/v1/units", &new).await.code(), "role-missing");
        app.stop().await;
    }

    async fn schedules_come_with_those_from_above(app: TestApp) {
        let own = app.phone(SUPERVISOR).await.get("/api/v1/schedules?unit=BIDANG").await;
        let rows = own.json["schedules"].as_array().unwrap();
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| row["unit"] == "KOTA" && row["inherited"] == true && row["weekdays"] == 31));
        let all = app.phone(ADMINISTRATOR).await.get("/api/v1/schedules").await;
        assert_eq!((all.json["schedules"].as_array().unwrap().len(), &all.json["schedules"][0]["inherited"]), (2, &json!(false)));
        assert_eq!(app.phone(SUPERVISOR).await.get("/api/v1/schedules").await.json["schedules"], json!([]));
        app.stop().await;
    }
}
