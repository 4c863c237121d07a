//! The life of a place: readings, request, decision by somebody else, history; and what is refused on the way.

use serde_json::{Value, json};

use crate::{
    on_both_engines,
    support::{
        ADMINISTRATOR, Answer, COLLEAGUE, CheckIn, EMPLOYEE, HOME, HOMELESS, MAYOR, OTHER_SUPERVISOR, Phone,
        SUPERVISOR, TestApp,
    },
};

/// A reading some metres from a middle.
async fn reading(phone: &Phone<'_>, [north_m, east_m]: [f64; 2], accuracy_m: f64) -> Answer {
    let now = phone.app.app.now();
    // A degree of latitude is 110,589 m here, one of longitude 110,588 m.
    let (latitude, longitude) = (HOME.0 + 0.01 + north_m / 110_589.0, HOME.1 + east_m / 110_588.0);
    let fix = json!({"latitude": latitude, "longitude": longitude, "accuracy_m": accuracy_m, "fix_time": now});
    let body = json!({"sent_at": now, "accuracy_basis": "web", "fixes": [fix]});
    phone.post("/api/v1/me/home/readings", &body).await
}

/// Three readings on two days, then Thursday.
pub async fn three_readings(app: &TestApp, nip: &str) {
    for (time, off) in [
        ("2026-11-23T00:05:00Z", [3.0, 0.0]),
        ("2026-11-23T10:05:00Z", [-4.0, 2.0]),
        ("2026-11-24T00:05:00Z", [0.0, -5.0]),
    ] {
        app.set_clock(time);
        let answer = reading(&app.phone(nip).await, off, 14.0).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}

pub async fn ask(phone: &Phone<'_>, body: Value) -> Answer {
    phone.post("/api/v1/me/place-requests", &body).await
}

pub async fn decide(phone: &Phone<'_>, id: &str, decision: &str) -> Answer {
    let body = json!({"decision": decision, "note": "Sudah diperiksa."});
    phone.post(&format!("/api/v1/place-requests/{id}/decision"), &body).await
}

pub fn id_of(answer: &Answer) -> String {
    answer.json["id"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

/// A circle around a point so many metres north of the registered home.
pub fn circle(north_m: f64, radius_m: f64) -> Value {
    json!({"shape": "circle", "center": {"latitude": HOME.0 + north_m / 110_589.0, "longitude": HOME.1}, "radius_m": radius_m})
}

pub fn stay(kind: &str, reason: &str, from: &str, to: &str, shape: Value) -> Value {
    let mut body =
        json!({"kind": kind, "reason_code": reason, "reference": "B/17/2026", "valid_from": from, "valid_to": to});
    body["shape"] = shape;
    body
}

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.code()), (status, code), "{}", answer.text);
}

on_both_engines! {
    async fn a_home_comes_from_readings_on_two_days_and_holds_from_the_next_working_day(app: TestApp) {
        let home = json!({"kind": "home", "reason_code": "first_home"});
        let answer = reading(&app.phone(HOMELESS).await, [0.0, 0.0], 12.0).await;
        assert_eq!((answer.json["readings_missing"].clone(), answer.json["days_missing"].clone()), (json!(2), json!(1)));
        refused(&ask(&app.phone(HOMELESS).await, home.clone()).await, 422, "readings-too-few");
        let soon = reading(&app.phone(HOMELESS).await, [0.0, 0.0], 12.0).await;
        refused(&soon, 429, "reading-too-soon");
        assert_eq!(soon.header("retry-after"), "3600");
        app.set_clock("2026-11-23T01:05:00Z");
        refused(&reading(&app.phone(HOMELESS).await, [0.0, 0.0], 31.0).await, 422, "reading-too-coarse");
        // Wrong and sure of itself: it does not move the centre, and does not count.
        let wrong = reading(&app.phone(HOMELESS).await, [900.0, 0.0], 15.0).await;
        assert_eq!(wrong.status, 200, "{}", wrong.text);
        app.set_clock("2026-11-23T10:05:00Z");
        reading(&app.phone(HOMELESS).await, [-4.0, 2.0], 14.0).await;
        app.set_clock("2026-11-24T00:05:00Z");
        let phone = app.phone(HOMELESS).await;
        let ready = reading(&phone, [0.0, -5.0], 14.0).await;
        assert_eq!(ready.json["ready"], true, "{}", ready.text);
        let agree: Vec<bool> = ready.json["readings"].as_array().unwrap().iter().map(|row| row["agrees"].as_bool().unwrap()).collect();
        assert_eq!(agree, [true, false, true, true]);
        let asked = ask(&phone, home.clone()).await;
        assert_eq!((asked.status, asked.json["state"].as_str()), (201, Some("pending")), "{}", asked.text);
        assert_eq!((asked.json["readings"].clone(), asked.json["valid_from"].clone()), (json!(3), json!("2026-11-25")));
        refused(&ask(&phone, home).await, 409, "place-pending");
        // Not good before it is approved, and not on the day it is.
        let before = phone.check_in(CheckIn::morning()).await;
        assert_eq!(before.findings(), ["place.missing"]);
        let supervisor = app.phone(SUPERVISOR).await;
        let id = id_of(&asked);
        let case = supervisor.get(&format!("/api/v1/place-requests/{id}")).await;
        assert_eq!((case.json["nip"].as_str(), case.json["same_home"].clone(), case.json["request"]["days"].clone()), (Some(HOMELESS), json!(0), json!(2)), "{}", case.text);
        let approved = decide(&supervisor, &id, "approve").await;
        assert_eq!((approved.json["state"].as_str(), approved.json["holds_from"].as_str()), (Some("approved"), Some("2026-11-25")), "{}", approved.text);
        refused(&decide(&app.phone(MAYOR).await, &id, "refuse").await, 409, "place-decided");
        let again = phone.check_in(CheckIn { photo: crate::support::photos::fresh(), ..CheckIn::morning() }).await;
        assert_eq!(again.findings(), ["place.missing"], "today is too soon");
        app.set_clock("2026-11-25T00:05:00Z");
        let phone = app.phone(HOMELESS).await;
        let inside = phone.check_in(CheckIn { latitude: HOME.0 + 0.010_02, ..CheckIn::morning() }).await;
        assert_eq!(inside.json["receipt"]["verdict"], "accepted", "{}", inside.text);
        let mine = phone.get("/api/v1/me/places").await;
        assert_eq!((mine.json["places"][0]["kind"].as_str(), mine.json["places"][0]["in_force"].clone()), (Some("home"), json!(true)));
        for text in [&mine.text, &case.text, &asked.text, &approved.text] {
            assert!(!text.contains("-6.58") && !text.contains("106.81"), "coordinates went out: {text}");
        }
        app.stop().await;
    }

    async fn only_who_supervises_decides_and_nobody_for_themself(app: TestApp) {
        app.set_clock("2026-11-24T00:05:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let asked = ask(&phone, stay("relative", "family", "2026-11-24", "2026-11-26", circle(3000.0, 150.0))).await;
        assert_eq!(asked.status, 201, "{}", asked.text);
        let path = format!("/api/v1/place-requests/{}", id_of(&asked));
        refused(&decide(&phone, &id_of(&asked), "approve").await, 403, "place-own");
        for nip in [COLLEAGUE, OTHER_SUPERVISOR, ADMINISTRATOR] {
            let other = app.phone(nip).await;
            refused(&other.get(&path).await, 404, "not-found");
            refused(&other.get(&format!("{path}/map")).await, 404, "not-found");
            refused(&decide(&other, &id_of(&asked), "approve").await, 404, "not-found");
        }
        let supervisor = app.phone(SUPERVISOR).await;
        let queue = supervisor.get("/api/v1/place-requests").await;
        assert_eq!(queue.json["items"].as_array().unwrap().len(), 1, "{}", queue.text);
        refused(&supervisor.post(&format!("{path}/decision"), &json!({"decision": "refuse"})).await, 422, "place-reason-invalid");
        let map = supervisor.get(&format!("{path}/map")).await;
        assert_eq!(map.json["fence"]["radius_m"], 150.0, "{}", map.text);
        let mut tx = app.app.store.read().await.unwrap();
        let looks = hadir::store::log_entries::count(&mut tx, hadir::model::words::EntryKind::EvidenceViewed).await.unwrap();
        drop(tx);
        assert_eq!(looks, 1, "the map was looked at once, and that is logged");
        assert_eq!(decide(&supervisor, &id_of(&asked), "approve").await.status, 200);
        // At home or at the relative's: either is inside.
        for latitude in [HOME.0, HOME.0 + 3000.0 / 110_589.0] {
            let answer = phone.check_in(CheckIn { latitude: latitude + 0.000_012, ..CheckIn::morning() }).await;
            assert!(!answer.findings().contains(&"location.outside"), "{}", answer.text);
        }
        app.stop().await;
    }

    async fn what_tells_of_health_is_for_the_agency_and_an_exception_to_the_supervisor(app: TestApp) {
        app.set_clock("2026-11-24T00:05:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let asked = ask(&phone, stay("hospital", "medical", "2026-11-24", "2026-11-30", circle(5000.0, 250.0))).await;
        assert_eq!(asked.status, 201, "{}", asked.text);
        let supervisor = app.phone(SUPERVISOR).await;
        assert_eq!(supervisor.get("/api/v1/place-requests").await.json["items"], json!([]));
        refused(&supervisor.get(&format!("/api/v1/place-requests/{}", id_of(&asked))).await, 404, "not-found");
        let agency = app.phone(ADMINISTRATOR).await;
        assert_eq!(agency.get("/api/v1/place-requests").await.json["items"][0]["kind"], "hospital");
        assert_eq!(decide(&agency, &id_of(&asked), "approve").await.status, 200);
        let seen = supervisor.get(&format!("/api/v1/people/{EMPLOYEE}/places")).await;
        let places = seen.json.as_array().unwrap();
        assert_eq!(places.len(), 2, "{}", seen.text);
        assert!(places.iter().any(|place| place.get("kind").is_none_or(Value::is_null) && place["words"]["en"] == "Approved exception"), "{}", seen.text);
        assert!(!seen.text.contains("ospital") && !seen.text.contains("akit"), "{}", seen.text);
        // Nor do the words of a finding.
        let outside = phone.check_in(CheckIn { latitude: HOME.0 + 4000.0 / 110_589.0, ..CheckIn::morning() }).await;
        assert!(outside.text.contains("the approved place") && !outside.text.contains("ospital"), "{}", outside.text);
        app.stop().await;
    }

    async fn two_approvers_at_once_make_one_place(app: TestApp) {
        three_readings(&app, HOMELESS).await;
        let asked = ask(&app.phone(HOMELESS).await, json!({"kind": "home", "reason_code": "first_home"})).await;
        let (one, other) = (app.phone(SUPERVISOR).await, app.phone(MAYOR).await);
        let id = id_of(&asked);
        let (first, second) = tokio::join!(decide(&one, &id, "approve"), decide(&other, &id, "approve"));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", first.text, second.text);
        let mine = app.phone(HOMELESS).await.get("/api/v1/me/places").await;
        assert_eq!(mine.json["places"].as_array().unwrap().len(), 1, "{}", mine.text);
        app.stop().await;
    }

    async fn a_home_changes_at_most_once_in_30_days_and_three_times_a_year(app: TestApp) {
        // The imported home began on 2026-01-01. Each change takes readings and an approval.
        let mut last = String::new();
        for (month, day) in [("03", 2), ("05", 4), ("07", 6), ("09", 7)] {
            for (when, off) in [(format!("2026-{month}-{day:02}T00:05:00Z"), 1.0), (format!("2026-{month}-{day:02}T05:05:00Z"), -2.0), (format!("2026-{month}-{:02}T00:05:00Z", day + 1), 3.0)] {
                app.set_clock(&when);
                let answer = reading(&app.phone(EMPLOYEE).await, [off, 0.0], 12.0).await;
                assert_eq!(answer.status, 200, "{}", answer.text);
            }
            let phone = app.phone(EMPLOYEE).await;
            refused(&ask(&phone, json!({"kind": "home", "reason_code": "first_home"})).await, 422, "place-reason-invalid");
            let asked = ask(&phone, json!({"kind": "home", "reason_code": "moved"})).await;
            if month == "09" {
                refused(&asked, 409, "place-too-often");
                assert!(asked.json["detail"].as_str().unwrap().contains("3 times in a year"), "{}", asked.text);
                continue;
            }
            assert_eq!(decide(&app.phone(SUPERVISOR).await, &id_of(&asked), "approve").await.status, 200);
            if month == "07" {
                let soon = ask(&phone, json!({"kind": "home", "reason_code": "moved"})).await;
                refused(&soon, 409, "place-too-often");
                last = soon.json["detail"].as_str().unwrap().to_owned();
            }
        }
        assert!(last.contains("2026-08-07"), "30 days after 2026-07-08: {last}");
        app.stop().await;
    }

    async fn bad_places_are_each_refused_with_a_reason_and_nothing_is_stored(app: TestApp) {
        app.set_clock("2026-11-24T00:05:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let point = |north: f64, east: f64| json!({"latitude": HOME.0 + north / 110_589.0, "longitude": HOME.1 + east / 110_588.0});
        let bow = json!({"shape": "polygon", "outer": [point(0.0, 0.0), point(200.0, 200.0), point(200.0, 0.0), point(0.0, 200.0)]});
        let many: Vec<Value> = (0..501).map(|corner| { let angle = f64::from(corner) * std::f64::consts::TAU / 501.0; point(800.0 * angle.sin(), 800.0 * angle.cos()) }).collect();
        let wide = json!({"shape": "polygon", "outer": [point(0.0, 0.0), point(1900.0, 0.0), point(3800.0, 0.0), point(5200.0, 0.0), point(5200.0, 400.0), point(3800.0, 400.0), point(1900.0, 400.0), point(0.0, 400.0)]});
        let outside_hole = json!({"shape": "polygon", "outer": [point(0.0, 0.0), point(0.0, 300.0), point(300.0, 300.0), point(300.0, 0.0)], "holes": [[point(400.0, 400.0), point(400.0, 500.0), point(500.0, 500.0)]]});
        let (from, to) = ("2026-11-24", "2026-11-26");
        let relative = |shape: Value| stay("relative", "family", from, to, shape);
        let good = || circle(100.0, 100.0);
        let without = |name: &str| { let mut body = relative(good()); body.as_object_mut().unwrap().remove(name); body };
        let cases = vec![
            ("a polygon that crosses itself", relative(bow), 422, "shape-invalid"),
            ("501 corners", relative(json!({"shape": "polygon", "outer": many})), 422, "shape-invalid"),
            ("a radius of 0", relative(circle(0.0, 0.0)), 422, "shape-invalid"),
            ("a radius of 10 km", relative(circle(0.0, 10_000.0)), 422, "shape-invalid"),
            ("an edge of 3 km", relative(json!({"shape": "polygon", "outer": [point(0.0, 0.0), point(3000.0, 0.0), point(0.0, 300.0)]})), 422, "shape-invalid"),
            ("wider than 5 km", relative(wide), 422, "shape-invalid"),
            ("a hole outside", relative(outside_hole), 422, "shape-invalid"),
            ("two corners", relative(json!({"shape": "polygon", "outer": [point(0.0, 0.0), point(100.0, 0.0)]})), 422, "shape-invalid"),
            ("swapped coordinates", relative(json!({"shape": "circle", "center": {"latitude": 106.8, "longitude": -6.5}, "radius_m": 100.0})), 422, "shape-invalid"),
            ("an open GeoJSON ring", relative(json!({"shape": "geojson", "feature": {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[106.8, -6.6], [106.801, -6.6], [106.801, -6.601]]]}, "properties": {}}})), 422, "shape-invalid"),
            ("a GeoJSON line", relative(json!({"shape": "geojson", "feature": {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[106.8, -6.6], [106.801, -6.6]]}, "properties": {}}})), 422, "shape-invalid"),
            ("no shape", without("shape"), 422, "shape-invalid"),
            ("no end", without("valid_to"), 422, "place-dates-invalid"),
            ("the end before the start", stay("relative", "family", "2026-11-26", "2026-11-24", good()), 422, "place-dates-invalid"),
            ("in the past", stay("relative", "family", "2026-11-23", "2026-11-24", good()), 422, "place-dates-invalid"),
            ("for 15 days", stay("relative", "family", "2026-11-24", "2026-12-08", good()), 422, "place-dates-invalid"),
            ("in three months", stay("relative", "family", "2027-02-24", "2027-02-26", good()), 422, "place-dates-invalid"),
            ("without a reference", without("reference"), 422, "place-reason-invalid"),
            ("with the reason of another kind", stay("relative", "duty", from, to, good()), 422, "place-reason-invalid"),
            ("a home with a shape", json!({"kind": "home", "reason_code": "moved", "shape": good()}), 422, "shape-invalid"),
            ("a home that ends", json!({"kind": "home", "reason_code": "moved", "valid_to": to}), 422, "place-dates-invalid"),
            ("a home of 50 m", json!({"kind": "home", "reason_code": "moved", "radius_m": 50.0}), 422, "shape-invalid"),
            ("a home today", json!({"kind": "home", "reason_code": "moved", "valid_from": from}), 422, "place-dates-invalid"),
            ("an unknown member", { let mut body = relative(good()); body["place"] = json!(1); body }, 400, "body-invalid"),
        ];
        for (name, body, status, code) in cases {
            let answer = ask(&phone, body).await;
            assert_eq!((answer.status, answer.code()), (status, code), "{name}: {}", answer.text);
        }
        let mine = phone.get("/api/v1/me/places").await;
        assert_eq!((mine.json["places"].as_array().unwrap().len(), mine.json["requests"].clone()), (1, json!([])));
        app.stop().await;
    }

    async fn a_correction_reaches_back_by_two_administrators_and_overlaps_are_refused(app: TestApp) {
        let second = "nip,role,unit,valid_from,valid_to\n2003,administrator,,2026-01-01,\n".to_owned();
        hadir::people::import::texts_in(&app.app, &[("roles.csv".to_owned(), second)], false).await.unwrap();
        let (one, other) = (app.phone(ADMINISTRATOR).await, app.phone(MAYOR).await);
        let path = format!("/api/v1/people/{EMPLOYEE}/place-corrections");
        let body = |from: &str, to: Option<&str>| json!({"kind": "home", "reason_code": "record_error", "note": "Titik salah sejak impor.", "shape": circle(3000.0, 100.0), "valid_from": from, "valid_to": to});
        refused(&app.phone(SUPERVISOR).await.post(&path, &body("2026-10-01", None)).await, 403, "role-missing");
        refused(&one.post("/api/v1/people/9999/place-corrections", &body("2026-10-01", None)).await, 404, "not-found");
        let asked = one.post(&path, &body("2026-10-01", Some("2026-10-31"))).await;
        assert_eq!(asked.status, 201, "{}", asked.text);
        refused(&decide(&one, &id_of(&asked), "approve").await, 403, "place-own");
        refused(&decide(&app.phone(SUPERVISOR).await, &id_of(&asked), "approve").await, 404, "not-found");
        assert_eq!(decide(&other, &id_of(&asked), "approve").await.status, 200);
        let mine = app.phone(EMPLOYEE).await.get("/api/v1/me/places").await;
        let dates: Vec<(String, String)> = mine.json["places"].as_array().unwrap().iter().map(|place| (place["valid_from"].to_string(), place["valid_to"].to_string())).collect();
        let text = |from: &str, to: &str| (format!("\"{from}\""), if to.is_empty() { "null".to_owned() } else { format!("\"{to}\"") });
        assert_eq!(dates, [text("2026-01-01", "2026-09-30"), text("2026-10-01", "2026-10-31"), text("2026-11-01", "")]);
        // A wrong version that begins inside the new days ends before it began, and goes on behind them.
        let replacing = one.post(&path, &body("2026-09-01", Some("2026-10-15"))).await;
        assert_eq!(decide(&other, &id_of(&replacing), "approve").await.status, 200);
        let replaced = app.phone(EMPLOYEE).await.get("/api/v1/me/places").await;
        let dates: Vec<(String, String)> = replaced.json["places"].as_array().unwrap().iter().map(|place| (place["valid_from"].to_string(), place["valid_to"].to_string())).collect();
        assert_eq!(dates, [
            text("2026-01-01", "2026-08-31"), text("2026-10-01", "2026-09-30"), text("2026-11-01", ""), text("2026-09-01", "2026-10-15"), text("2026-10-16", "2026-10-31"),
        ]);
        let superseded: Vec<bool> = replaced.json["places"].as_array().unwrap().iter().map(|place| place["superseded"].as_bool().unwrap()).collect();
        assert_eq!(superseded, [false, true, false, false, false]);
        // A home that is fixed for later is in the way of an ordinary one.
        let later = one.post(&path, &body("2026-12-20", None)).await;
        assert_eq!(decide(&other, &id_of(&later), "approve").await.status, 200);
        three_readings(&app, EMPLOYEE).await;
        let asked = ask(&app.phone(EMPLOYEE).await, json!({"kind": "home", "reason_code": "moved"})).await;
        let before = app.phone(EMPLOYEE).await.get("/api/v1/me/places").await;
        refused(&decide(&app.phone(SUPERVISOR).await, &id_of(&asked), "approve").await, 409, "place-overlap");
        let after = app.phone(EMPLOYEE).await.get("/api/v1/me/places").await;
        assert_eq!(after.json["places"], before.json["places"], "nothing half-written");
        // Withdrawn, its readings are good for another request.
        let phone = app.phone(EMPLOYEE).await;
        assert_eq!(phone.delete(&format!("/api/v1/me/place-requests/{}", id_of(&asked))).await.status, 200);
        assert_eq!(phone.get("/api/v1/me/home/readings").await.json["ready"], true);
        app.stop().await;
    }

    async fn the_approver_reads_names_bands_and_neighbours(app: TestApp) {
        let office = "code,name,parent,time_zone,office_latitude,office_longitude\nKOTA,Kota,,WIB,-6.5852,106.8166\n".to_owned();
        hadir::people::import::texts_in(&app.app, &[("units.csv".to_owned(), office)], false).await.unwrap();
        let areas = json!({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"name": "Bogor Tengah"}, "geometry": {"type": "Polygon", "coordinates": [[[106.81, -6.60], [106.82, -6.60], [106.82, -6.58], [106.81, -6.58], [106.81, -6.60]]]}},
            {"type": "Feature", "properties": {"name": "Tanah Sareal"}, "geometry": {"type": "MultiPolygon", "coordinates": [[[[106.70, -6.58], [106.82, -6.58], [106.82, -6.50], [106.70, -6.58]]]]}},
        ]});
        assert_eq!(hadir::places::areas::replace(&app.app, &areas.to_string(), "name").await.unwrap(), 2);
        // The readings lie around (-6.585, 106.8166): 22 m from the office; a colleague lives 20 m away.
        let near = "nip,latitude,longitude,radius_m,valid_from\n1003,-6.58515,106.8167,100,2026-06-01\n".to_owned();
        hadir::people::import::texts_in(&app.app, &[("places.csv".to_owned(), near)], false).await.unwrap();
        three_readings(&app, HOMELESS).await;
        let asked = ask(&app.phone(HOMELESS).await, json!({"kind": "home", "reason_code": "first_home"})).await;
        let case = app.phone(SUPERVISOR).await.get(&format!("/api/v1/place-requests/{}", id_of(&asked))).await;
        assert_eq!(case.json["areas"], json!(["Bogor Tengah"]), "{}", case.text);
        assert_eq!((case.json["near_office"].clone(), case.json["office_from_m"].clone(), case.json["office_to_m"].clone()), (json!(true), json!(0.0), json!(50.0)));
        assert_eq!(case.json["same_home"], 1);
        app.stop().await;
    }

    async fn a_polygon_is_a_fence_like_any_other(app: TestApp) {
        app.set_clock("2026-11-24T00:05:00Z");
        let phone = app.phone(EMPLOYEE).await;
        // A square of 400 m, 3 km north, in GeoJSON, with a hole of 200 m in its middle.
        let corner = |north: f64, east: f64| json!([HOME.1 + east / 110_588.0, HOME.0 + (3000.0 + north) / 110_589.0]);
        let outer = [corner(-200.0, -200.0), corner(-200.0, 200.0), corner(200.0, 200.0), corner(200.0, -200.0), corner(-200.0, -200.0)];
        let hole = [corner(-100.0, -100.0), corner(100.0, -100.0), corner(100.0, 100.0), corner(-100.0, 100.0), corner(-100.0, -100.0)];
        let feature = json!({"type": "Feature", "properties": null, "geometry": {"type": "Polygon", "coordinates": [outer, hole]}});
        let asked = ask(&phone, stay("official_travel", "duty", "2026-11-24", "2026-12-24", json!({"shape": "geojson", "feature": feature}))).await;
        assert_eq!(asked.status, 201, "{}", asked.text);
        assert_eq!(decide(&app.phone(SUPERVISOR).await, &id_of(&asked), "approve").await.status, 200);
        let at = async |north: f64, east: f64| {
            let (latitude, longitude) = (HOME.0 + (3000.0 + north) / 110_589.0, HOME.1 + east / 110_588.0);
            phone.check_in(CheckIn { latitude, longitude, accuracy: 12.0, ..CheckIn::morning() }).await
        };
        assert_eq!(at(150.0, 10.0).await.json["receipt"]["verdict"], "accepted");
        let in_the_hole = at(0.0, 0.0).await;
        assert_eq!(in_the_hole.findings(), ["location.outside"], "{}", in_the_hole.text);
        assert!(in_the_hole.text.contains("Outside by 100 m"), "{}", in_the_hole.text);
        assert_eq!(at(205.0, 0.0).await.findings(), ["location.cannot_tell"]);
        app.stop().await;
    }
}
