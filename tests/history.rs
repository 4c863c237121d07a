//! A year of one person: three homes, a stay in hospital, travel to another zone, a correction that reaches back. Each
//! check-in is judged by what was in force then, and stays so.

use hadir::{checkin::replay, evidence::location::fence::Outcome, model::ids::CheckinId};
use serde_json::{Value, json};

use crate::{
    on_both_engines,
    places::{ask, circle, decide, id_of, stay},
    support::{ADMINISTRATOR, CheckIn, EMPLOYEE, HOME, MAYOR, SUPERVISOR, TestApp},
};

/// A check-in so many metres north of the first home; gives its id and the codes of what flagged it.
async fn check_in(app: &TestApp, time: &str, slot: &'static str, north_m: f64) -> (CheckinId, Vec<String>) {
    app.set_clock(time);
    let latitude = HOME.0 + 0.000_012_3 + north_m / 110_589.0;
    let answer = app.phone(EMPLOYEE).await.check_in(CheckIn { slot, latitude, ..CheckIn::morning() }).await;
    assert_eq!(answer.status, 201, "{time}: {}", answer.text);
    let flags = answer.json["findings"].as_array().unwrap().iter().filter(|finding| finding["flags"] == true);
    let codes = flags.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect();
    (answer.json["receipt"]["checkin_id"].as_str().unwrap().parse().unwrap(), codes)
}

/// Moves house to so many metres north, by readings on two days and the supervisor's word.
async fn move_house(app: &TestApp, days: [&str; 2], north_m: f64) {
    let [first, second] = days;
    for (time, off) in [
        (format!("{first}T00:05:00Z"), 3.0),
        (format!("{first}T05:05:00Z"), -4.0),
        (format!("{second}T00:05:00Z"), 1.0),
    ] {
        app.set_clock(&time);
        let now = app.app.now();
        let fix = json!({"latitude": HOME.0 + (north_m + off) / 110_589.0, "longitude": HOME.1, "accuracy_m": 12.0, "fix_time": now});
        let body = json!({"sent_at": now, "accuracy_basis": "web", "fixes": [fix]});
        let answer = app.phone(EMPLOYEE).await.post("/api/v1/me/home/readings", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    let asked = ask(&app.phone(EMPLOYEE).await, json!({"kind": "home", "reason_code": "moved"})).await;
    approve(app, SUPERVISOR, &asked.json).await;
}

async fn approve(app: &TestApp, who: &str, asked: &Value) {
    let answer =
        decide(&app.phone(who).await, asked["id"].as_str().unwrap_or_else(|| panic!("{asked}")), "approve").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

on_both_engines! {
    async fn a_year_with_three_homes_hospital_travel_and_a_correction(app: TestApp) {
        let outside = vec!["location.outside".to_owned()];
        let mut kept: Vec<(CheckinId, bool)> = Vec::new();
        let mut expect = |(id, codes): (CheckinId, Vec<String>), inside: bool, why: &str| {
            assert_eq!(codes, if inside { vec![] } else { outside.clone() }, "{why}");
            kept.push((id, inside));
        };
        // The first home, since January.
        expect(check_in(&app, "2026-02-02T00:05:00Z", "morning", 0.0).await, true, "the first home");
        // Moved 3 km north; good from Wednesday, 2026-03-04.
        move_house(&app, ["2026-03-02", "2026-03-03"], 3000.0).await;
        expect(check_in(&app, "2026-03-03T10:05:00Z", "evening", 0.0).await, true, "the old home on its last day");
        expect(check_in(&app, "2026-03-04T00:05:00Z", "morning", 3000.0).await, true, "the new home on its first");
        expect(check_in(&app, "2026-03-04T10:05:00Z", "evening", 0.0).await, false, "the old home no more");
        // A stay in hospital, 8 km north; approved by the agency.
        app.set_clock("2026-05-04T00:05:00Z");
        let ill = ask(&app.phone(EMPLOYEE).await, stay("hospital", "medical", "2026-05-04", "2026-05-08", circle(8000.0, 250.0))).await;
        approve(&app, ADMINISTRATOR, &ill.json).await;
        expect(check_in(&app, "2026-05-04T00:10:00Z", "morning", 8000.0).await, true, "in hospital");
        expect(check_in(&app, "2026-05-08T10:05:00Z", "evening", 8000.0).await, true, "in hospital on the last day");
        expect(check_in(&app, "2026-05-11T00:05:00Z", "morning", 8000.0).await, false, "over");
        expect(check_in(&app, "2026-05-11T10:05:00Z", "evening", 3000.0).await, true, "home again");
        // Travel to Jayapura, two hours ahead: its midnight is 22.00 at home, and the unit's day counts.
        app.set_clock("2026-07-06T00:05:00Z");
        let jayapura = json!({"shape": "circle", "center": {"latitude": -2.5337, "longitude": 140.7181}, "radius_m": 300.0});
        let travel = ask(&app.phone(EMPLOYEE).await, stay("official_travel", "duty", "2026-07-08", "2026-07-09", jayapura)).await;
        approve(&app, SUPERVISOR, &travel.json).await;
        let there = async |time: &str, slot: &'static str| {
            app.set_clock(time);
            let answer = app.phone(EMPLOYEE).await.check_in(CheckIn { slot, latitude: -2.533_712_3, longitude: 140.718_112_3, change: |draft| draft["utc_offset_minutes"] = json!(540), ..CheckIn::morning() }).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
            let flags: Vec<String> = answer.json["findings"].as_array().unwrap().iter().filter(|finding| finding["flags"] == true).map(|finding| finding["code"].as_str().unwrap().to_owned()).collect();
            (answer.json["receipt"]["checkin_id"].as_str().unwrap().parse::<CheckinId>().unwrap(), flags)
        };
        expect(there("2026-07-07T11:20:00Z", "evening").await, false, "a day early, by the unit's calendar");
        expect(there("2026-07-08T00:05:00Z", "morning").await, true, "the first day");
        expect(there("2026-07-09T11:20:00Z", "evening").await, true, "the last evening, 20.20 there");
        expect(there("2026-07-10T00:05:00Z", "morning").await, false, "a day late");
        // A third home; then it turns out that the second was registered at the wrong spot for a month.
        move_house(&app, ["2026-09-07", "2026-09-08"], 5000.0).await;
        expect(check_in(&app, "2026-09-09T00:05:00Z", "morning", 5000.0).await, true, "the third home");
        let second = "nip,role,unit,valid_from,valid_to\n2003,administrator,,2026-01-01,\n".to_owned();
        hadir::people::import::texts_in(&app.app, &[("roles.csv".to_owned(), second)], false).await.unwrap();
        let body = json!({"kind": "home", "reason_code": "record_error", "note": "Titik bulan Juni salah.", "shape": circle(6500.0, 100.0), "valid_from": "2026-06-01", "valid_to": "2026-06-30"});
        let correction = app.phone(ADMINISTRATOR).await.post(&format!("/api/v1/people/{EMPLOYEE}/place-corrections"), &body).await;
        assert_eq!(correction.status, 201, "{}", id_of(&correction));
        approve(&app, MAYOR, &correction.json).await;
        expect(check_in(&app, "2026-09-09T10:05:00Z", "evening", 5000.0).await, true, "today is not touched by the past");

        // Whatever came later, each decision comes out of what was kept exactly as it was.
        let mut tx = app.app.store.read().await.unwrap();
        for (id, inside) in &kept {
            let replayed = replay::judge(&app.app, &mut tx, *id).await.unwrap();
            let again = replayed.again.clone().unwrap();
            assert_eq!(replayed.kept, replayed.again, "{id}");
            assert_eq!(again.outcome == Outcome::Inside, *inside, "{id}");
        }
        drop(tx);
        let places = app.phone(EMPLOYEE).await.get("/api/v1/me/places").await;
        let dates: Vec<String> = places.json["places"].as_array().unwrap().iter().map(|place| format!("{} {} {}", place["kind"].as_str().unwrap(), place["valid_from"].as_str().unwrap(), place["valid_to"].as_str().unwrap_or("-"))).collect();
        assert_eq!(dates, [
            "home 2026-01-01 2026-03-03", "home 2026-03-04 2026-05-31", "home 2026-09-09 -", "home 2026-06-01 2026-06-30",
            "home 2026-07-01 2026-09-08", "hospital 2026-05-04 2026-05-08", "official_travel 2026-07-08 2026-07-09",
        ]);
        app.stop().await;
    }
}
