//! Remarks on positions: what is found, what it does, and what honest phones are spared.

use serde_json::{Value, json};

use crate::{
    on_both_engines,
    support::{Answer, COLLEAGUE, CheckIn, EMPLOYEE, HOME, SUPERVISOR, TestApp},
};

fn finding<'a>(answer: &'a Answer, code: &str) -> Option<&'a Value> {
    answer.json["findings"].as_array()?.iter().find(|finding| finding["code"] == code)
}

fn severity(answer: &Answer, code: &str) -> String {
    finding(answer, code).map_or("none".to_owned(), |finding| finding["severity"].as_str().unwrap().to_owned())
}

/// The working days from Monday, 2026-11-23, at 07.05 WIB.
const DAYS: [&str; 6] = ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30"];

/// One morning check-in a day.
async fn mornings(app: &TestApp, days: usize, checkin: impl Fn(usize) -> CheckIn) -> Vec<Answer> {
    let mut answers = Vec::new();
    for (place, day) in DAYS.iter().enumerate().take(days) {
        app.set_clock(&format!("{day}T00:05:{place:02}Z"));
        let answer = app.phone(EMPLOYEE).await.check_in(checkin(place)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answers.push(answer);
    }
    answers
}

/// Two fixes at the same spot, the coarser one first.
fn twice(draft: &mut Value) {
    let mut first = draft["fixes"][0].clone();
    first["accuracy_m"] = json!(16.0);
    draft["fixes"].as_array_mut().unwrap().insert(0, first);
}

/// The first fix is at home, the last and more precise one is not.
fn odd_first(draft: &mut Value) {
    twice(draft);
    draft["fixes"][0]["latitude"] = json!(-6.595_012_3);
    draft["fixes"][0]["longitude"] = json!(106.816_612_3);
}

on_both_engines! {
    async fn the_same_fix_from_two_people_is_one_receiver_and_flags(app: TestApp) {
        let same = || CheckIn { latitude: -6.595_012_3, longitude: 106.816_617_7, accuracy: 17.25, change: |draft| draft["fixes"][0]["fix_time"] = json!("2026-11-23T00:04:57Z"), ..CheckIn::morning() };
        let first = app.phone(EMPLOYEE).await.check_in(same()).await;
        assert_eq!(first.json["receipt"]["verdict"], "accepted", "{}", first.text);
        app.set_clock("2026-11-23T00:05:20Z");
        let second = app.phone(COLLEAGUE).await.check_in(same()).await;
        assert_eq!(second.findings(), ["position.same_fix"], "{}", second.text);
        assert_eq!(second.json["receipt"]["verdict"], "flagged");
        // One digit, the accuracy or the time differs: two receivers.
        let others = [
            CheckIn { longitude: 106.816_617_8, ..same() },
            CheckIn { accuracy: 17.5, ..same() },
            CheckIn { change: |draft| draft["fixes"][0]["fix_time"] = json!("2026-11-23T00:04:59Z"), ..same() },
        ];
        for other in others {
            let answer = app.phone(COLLEAGUE).await.check_in(other).await;
            assert!(finding(&answer, "position.same_fix").is_none(), "{}", answer.text);
        }
        app.set_clock("2026-11-23T00:05:40Z");
        // Who had it first may repeat it, who came second may not wash it clean.
        let second = app.phone(COLLEAGUE).await.check_in(same()).await;
        assert_eq!(severity(&second, "position.same_fix"), "high", "{}", second.text);
        let again = app.phone(EMPLOYEE).await.check_in(same()).await;
        assert!(finding(&again, "position.same_fix").is_none(), "{}", again.text);
        app.stop().await;
    }

    async fn the_same_fix_at_the_same_moment_is_found_behind_the_answer(app: TestApp) {
        let same = || CheckIn { latitude: -6.595_012_3, longitude: 106.816_617_7, accuracy: 17.25, ..CheckIn::morning() };
        let (one, other) = (app.phone(EMPLOYEE).await, app.phone(COLLEAGUE).await);
        let (first, second) = tokio::join!(one.check_in(same()), other.check_in(same()));
        assert_eq!((first.status, second.status), (201, 201), "{} {}", first.text, second.text);
        app.set_clock("2026-11-23T00:06:00Z");
        hadir::checkin::late::search_waiting(&app.app).await.unwrap();
        for (phone, answer) in [(&one, first), (&other, second)] {
            let view = phone.get(&format!("/api/v1/checkins/{}", answer.json["receipt"]["checkin_id"].as_str().unwrap())).await;
            let found = view.json["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == "position.same_fix").count();
            assert_eq!(found, 1, "{}", view.text);
        }
        app.stop().await;
    }

    async fn the_registered_point_itself_is_remarked_on_the_third_day_and_flags_on_the_fifth(app: TestApp) {
        let answers = mornings(&app, 6, |day| CheckIn { latitude: HOME.0 + 1e-7, longitude: HOME.1 + 1e-7 * (day as f64), accuracy: 9.0 + day as f64 / 8.0, ..CheckIn::morning() }).await;
        let found: Vec<String> = answers.iter().map(|answer| severity(answer, "position.exact_home")).collect();
        assert_eq!(found, ["none", "none", "medium", "medium", "medium", "medium"]);
        let verdicts: Vec<&str> = answers.iter().map(|answer| answer.json["receipt"]["verdict"].as_str().unwrap()).collect();
        assert_eq!(verdicts, ["accepted", "accepted", "accepted", "accepted", "flagged", "flagged"]);
        let words = finding(&answers[2], "position.exact_home").unwrap()["words"]["en"].as_str().unwrap();
        assert!(words.contains("on 3 days: 2026-11-23, 2026-11-24, 2026-11-25"), "{words}");
        app.stop().await;
    }

    async fn an_acceptance_by_a_reviewer_takes_its_day_out_of_the_count(app: TestApp) {
        let at = |day: usize| CheckIn { latitude: HOME.0, longitude: HOME.1 + 1e-7 * (day as f64), accuracy: 9.0 + day as f64 / 8.0, ..CheckIn::morning() };
        let flagged = mornings(&app, 5, at).await.pop().unwrap();
        assert_eq!(flagged.json["receipt"]["verdict"], "flagged");
        let supervisor = app.phone(SUPERVISOR).await;
        let queue = supervisor.get("/api/v1/reviews").await;
        let review = queue.json["items"][0]["id"].as_str().unwrap().to_owned();
        supervisor.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await;
        let decided = supervisor.decide(&review, &json!({"decision": "accept", "reason_code": "device_imprecise"})).await;
        assert_eq!(decided.status, 200, "{}", decided.text);
        app.set_clock("2026-11-30T00:05:00Z");
        let next = app.phone(EMPLOYEE).await.check_in(at(5)).await;
        // Two open days and this one: it flags again; with the accepted one left out it is the third, not the fourth.
        let finding = finding(&next, "position.exact_home").unwrap();
        assert_eq!(finding["flags"], true, "{}", next.text);
        app.stop().await;
    }

    async fn the_same_coordinates_on_three_days_are_medium_by_satellite_and_low_by_network(app: TestApp) {
        let satellite = mornings(&app, 3, |_| CheckIn { latitude: -6.594_812_3, longitude: 106.816_517_7, accuracy: 8.5, ..CheckIn::morning() }).await;
        assert_eq!(satellite.iter().map(|answer| severity(answer, "position.repeated")).collect::<Vec<_>>(), ["none", "none", "medium"]);
        assert_eq!(satellite[2].json["receipt"]["verdict"], "accepted", "one medium finding is no flag");
        app.stop().await;
    }

    async fn wifi_positions_that_repeat_are_low_and_a_cached_fix_is_no_repetition(app: TestApp) {
        let network = mornings(&app, 5, |_| CheckIn { latitude: -6.594_812_3, longitude: 106.816_517_7, accuracy: 25.0, ..CheckIn::morning() }).await;
        assert_eq!(network.iter().map(|answer| severity(answer, "position.repeated")).collect::<Vec<_>>(), ["none", "none", "low", "low", "low"]);
        assert_eq!(severity(&network[4], "position.constant"), "low", "the same accuracy on five days, nothing else measured");
        assert!(network.iter().all(|answer| answer.json["receipt"]["verdict"] == "accepted"), "low findings never flag");
        app.stop().await;
    }

    async fn a_jump_is_high_only_when_every_fix_that_matters_says_so_and_not_between_attempts(app: TestApp) {
        // Amsterdam, 11,400 km away, seven and a half hours later.
        let far = |change: fn(&mut Value)| CheckIn { slot: "evening", latitude: 52.370_216_1, longitude: 4.895_168_3, accuracy: 15.0, change, ..CheckIn::morning() };
        app.set_clock("2026-11-23T01:29:00Z");
        app.phone(EMPLOYEE).await.check_in(CheckIn::morning()).await;
        app.set_clock("2026-11-23T09:00:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let single = phone.check_in(far(|_| {})).await;
        assert_eq!(severity(&single, "position.jump"), "low", "one fix is not enough: {}", single.text);
        // The honest second attempt a minute later is no journey back.
        app.set_clock("2026-11-23T09:01:00Z");
        let retry = phone.check_in(CheckIn { change: twice, ..CheckIn::evening() }).await;
        assert_eq!(severity(&retry, "position.jump"), "low", "{}", retry.text);
        assert_eq!(retry.json["receipt"]["verdict"], "accepted", "{}", retry.text);
        for (day, change, expected) in [("24", twice as fn(&mut Value), "high"), ("25", odd_first as fn(&mut Value), "high")] {
            app.set_clock(&format!("2026-11-{day}T01:29:00Z"));
            app.phone(EMPLOYEE).await.check_in(CheckIn::morning()).await;
            app.set_clock(&format!("2026-11-{day}T09:00:00Z"));
            let several = app.phone(EMPLOYEE).await.check_in(far(change)).await;
            assert_eq!(severity(&several, "position.jump"), expected, "{}", several.text);
        }
        // The fix that counts is at home: the odd one was wrong and sure of itself.
        app.set_clock("2026-11-26T01:29:00Z");
        app.phone(EMPLOYEE).await.check_in(CheckIn::morning()).await;
        app.set_clock("2026-11-26T09:00:00Z");
        let odd_last = app.phone(EMPLOYEE).await.check_in(CheckIn { accuracy: 12.0, change: |draft| {
            twice(draft);
            draft["fixes"].as_array_mut().unwrap().reverse();
            draft["fixes"][1]["latitude"] = json!(52.37);
            draft["fixes"][1]["longitude"] = json!(4.89);
        }, ..CheckIn::evening() }).await;
        assert_eq!(severity(&odd_last, "position.jump"), "none", "{}", odd_last.text);
        assert_eq!(odd_last.json["receipt"]["verdict"], "accepted");
        app.stop().await;
    }

    async fn rounded_coordinates_a_missing_fix_time_and_a_foreign_zone_are_only_remarked(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let answer = phone.check_in(CheckIn { latitude: HOME.0, longitude: 106.8165, change: |draft| {
            draft["fixes"][0].as_object_mut().unwrap().remove("fix_time");
            draft["utc_offset_minutes"] = json!(-480);
        }, ..CheckIn::morning() }).await;
        assert_eq!(answer.findings(), ["position.coarse", "position.no_time", "time.zone"], "{}", answer.text);
        assert_eq!(answer.json["receipt"]["verdict"], "accepted");
        for minutes in [420, 480, 540] {
            let change: fn(&mut Value) = match minutes { 420 => |draft| draft["utc_offset_minutes"] = json!(420), 480 => |draft| draft["utc_offset_minutes"] = json!(480), _ => |draft| draft["utc_offset_minutes"] = json!(540) };
            let answer = phone.check_in(CheckIn { change, ..CheckIn::morning() }).await;
            assert_eq!(answer.findings(), Vec::<&str>::new(), "{minutes}");
        }
        app.stop().await;
    }

    async fn the_preflight_says_how_a_reading_stands_and_stores_nothing(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let try_out = async |latitude: f64, accuracy: f64| {
            let now = app.app.now();
            let fix = json!({"latitude": latitude, "longitude": HOME.1, "accuracy_m": accuracy, "fix_time": now});
            phone.post("/api/v1/me/preflight", &json!({"sent_at": now, "fixes": [fix], "accuracy_basis": "web"})).await
        };
        let good = try_out(HOME.0 + 0.000_1, 15.0).await;
        assert_eq!((good.json["standing"].as_str(), good.json["missing"].clone(), good.json["timing_now"].as_str()), (Some("inside"), json!([]), Some("on_time")), "{}", good.text);
        let coarse = try_out(HOME.0, 300.0).await;
        assert_eq!((coarse.json["standing"].as_str(), coarse.json["missing"].clone(), coarse.json["accuracy_needed_m"].clone()), (Some("cannot_tell"), json!(["precise_position"]), json!(77.0)));
        assert!(coarse.text.contains("Step to a window"), "{}", coarse.text);
        assert_eq!(try_out(HOME.0 + 0.01, 15.0).await.json["standing"], "outside");
        let none = phone.post("/api/v1/me/preflight", &json!({"sent_at": app.app.now(), "position_error": "denied"})).await;
        assert_eq!((none.json["standing"].as_str(), none.json["missing"].clone()), (Some("no_position"), json!(["position"])), "{}", none.text);
        let now = app.app.now();
        let old = json!({"latitude": HOME.0, "longitude": HOME.1, "accuracy_m": 15.0, "fix_time": now.plus_seconds(-90)});
        let stale = phone.post("/api/v1/me/preflight", &json!({"sent_at": now, "fixes": [old]})).await;
        assert_eq!(stale.json["missing"], json!(["fresh_position"]), "{}", stale.text);
        app.set_clock("2026-11-23T05:00:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let closed = phone.post("/api/v1/me/preflight", &json!({"slot": "morning", "sent_at": app.app.now(), "position_error": "timeout"})).await;
        assert_eq!((closed.json["missing"].clone(), closed.json["next_window"]["slot"].as_str()), (json!(["position", "window"]), Some("evening")), "{}", closed.text);
        assert_eq!(app.stored().await, (0, 0));
        app.stop().await;
    }

    async fn a_reviewer_sees_a_map_in_metres_and_the_person_none(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let answer = phone.check_in(CheckIn { latitude: HOME.0 + 400.0 / 110_589.0, ..CheckIn::morning() }).await;
        let path = format!("/api/v1/checkins/{}/map", answer.json["receipt"]["checkin_id"].as_str().unwrap());
        let own = phone.get(&path).await;
        assert_eq!((own.status, own.code()), (409, "map-unavailable"));
        let map = app.phone(SUPERVISOR).await.get(&path).await;
        assert_eq!((map.json["fence"]["radius_m"].clone(), map.json["fixes"][0]["north_m"].clone()), (json!(100.0), json!(400.0)), "{}", map.text);
        assert!(!map.text.contains("6.59") && !map.text.contains("106.8"), "{}", map.text);
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_finding_is_recorded_and_never_flags() {
    let silent = "location.outside, photo.uniform".to_owned();
    let app = TestApp::start_with(crate::support::Engine::Sqlite, |config| config.findings_silent = silent).await;
    let answer = app.phone(EMPLOYEE).await.check_in(CheckIn { latitude: HOME.0 + 0.01, ..CheckIn::morning() }).await;
    assert_eq!(answer.findings(), ["location.outside"]);
    assert_eq!(answer.json["findings"][0]["flags"], false);
    assert_eq!(answer.json["receipt"]["verdict"], "accepted");
    let version = answer.json["receipt"]["rules_version"].as_str().unwrap();
    assert!(version.starts_with("2026-11.4+") && version.len() == 18, "{version}");
    app.stop().await;
}
