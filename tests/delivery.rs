//! Captures that waited for a network: nothing is lost, nothing is believed that only the phone says.

use serde_json::{Value, json};

use crate::{
    on_both_engines,
    support::{Answer, CheckIn, EMPLOYEE, Phone, TestApp, at, form},
};

/// A capture that is sent at the present time of the test.
struct Waited<'a> {
    phone: Phone<'a>,
    challenge: Option<String>,
    captured_at: &'a str,
}

impl Waited<'_> {
    async fn send(&self, checkin: CheckIn) -> Answer {
        let challenge = self.challenge.clone().or(Some("left out".to_owned()));
        let mut draft = self.phone.draft(&CheckIn { challenge, ..checkin.clone() }).await;
        if self.challenge.is_none() {
            draft.as_object_mut().unwrap().remove("challenge");
        }
        draft["captured_at"] = json!(self.captured_at);
        draft["fixes"][0]["fix_time"] = json!(at(self.captured_at).plus_seconds(-3));
        self.phone.upload(checkin.slot, form(draft.to_string(), checkin.photo)).await
    }
}

fn receipt(answer: &Answer) -> &Value {
    &answer.json["receipt"]
}

on_both_engines! {
    async fn what_was_captured_offline_arrives_in_the_window_and_says_so(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let challenge = Some(phone.challenge("morning").await);
        // 08.20 WIB is inside the grace; the code is an hour and a quarter old.
        app.set_clock("2026-11-23T00:58:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let waited = Waited { phone, challenge, captured_at: "2026-11-23T00:10:00Z" };
        let answer = waited.send(CheckIn::morning()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!((&receipt(&answer)["timing"], &receipt(&answer)["verdict"]), (&json!("on_time"), &json!("accepted")));
        assert_eq!(answer.findings(), ["time.captured_offline"]);
        app.stop().await;
    }

    async fn what_arrives_after_the_grace_counts_for_its_window_and_a_person_looks(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let challenge = Some(phone.challenge("morning").await);
        app.set_clock("2026-11-23T04:00:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let waited = Waited { phone, challenge, captured_at: "2026-11-23T00:10:00Z" };
        let answer = waited.send(CheckIn::morning()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let kept = receipt(&answer);
        assert_eq!((&kept["timing"], &kept["verdict"], &kept["work_date"]), (&json!("delivered_late"), &json!("flagged"), &json!("2026-11-23")));
        assert_eq!(answer.findings(), ["time.delivered_late", "time.captured_offline"]);
        assert_eq!(answer.json["findings"][0]["measured"], 230.0);
        let words = kept["words"]["id"].as_str().unwrap();
        assert!(words.contains("terkirim setelah jendela ditutup"), "{words}");
        // The position is held against the moment of the capture, not of the delivery.
        assert!(!answer.findings().contains(&"location.stale"), "{}", answer.text);
        app.stop().await;
    }

    async fn yesterdays_evening_arrives_this_morning_for_yesterday(app: TestApp) {
        app.set_clock("2026-11-23T10:30:00Z");
        let challenge = Some(app.phone(EMPLOYEE).await.challenge("evening").await);
        app.set_clock("2026-11-23T22:00:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let waited = Waited { phone, challenge, captured_at: "2026-11-23T10:31:00Z" };
        let answer = waited.send(CheckIn::evening()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!((&receipt(&answer)["work_date"], &receipt(&answer)["timing"]), (&json!("2026-11-23"), &json!("delivered_late")));
        app.stop().await;
    }

    async fn a_wrong_phone_clock_changes_nothing_only_the_time_it_waited_counts(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let challenge = phone.challenge("morning").await;
        let checkin = CheckIn { challenge: Some(challenge), ..CheckIn::morning() };
        let mut draft = phone.draft(&checkin).await;
        // The phone is three hours ahead; it waited ten seconds.
        draft["sent_at"] = json!(app.app.now().plus_seconds(10_800));
        draft["captured_at"] = json!(app.app.now().plus_seconds(10_790));
        draft["fixes"][0]["fix_time"] = json!(app.app.now().plus_seconds(10_788));
        app.clock.advance_seconds(20);
        let answer = phone.upload("morning", form(draft.to_string(), checkin.photo)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(receipt(&answer)["verdict"], "accepted");
        assert_eq!(answer.findings(), ["time.clock_skew"]);
        app.stop().await;
    }

    async fn without_a_code_or_with_a_later_one_it_is_kept_and_a_person_looks(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let waited = Waited { phone: phone.clone(), challenge: None, captured_at: "2026-11-23T00:02:00Z" };
        let answer = waited.send(CheckIn::morning()).await;
        assert_eq!((answer.status, &receipt(&answer)["verdict"]), (201, &json!("flagged")), "{}", answer.text);
        assert_eq!(answer.findings(), ["challenge.missing"]);
        let challenge = Some(phone.challenge("morning").await);
        let waited = Waited { phone, challenge, captured_at: "2026-11-23T00:02:00Z" };
        let answer = waited.send(CheckIn::morning()).await;
        assert_eq!(answer.findings(), ["challenge.after_capture"], "{}", answer.text);
        app.stop().await;
    }

    async fn twelve_hours_are_waited_for_and_no_longer(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let challenge = Some(phone.challenge("morning").await);
        app.set_clock("2026-11-23T12:20:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let waited = Waited { phone: phone.clone(), challenge: challenge.clone(), captured_at: "2026-11-23T00:10:00Z" };
        let answer = waited.send(CheckIn::morning()).await;
        assert_eq!((answer.status, answer.code()), (422, "slot-closed"), "{}", answer.text);
        // Without saying when it was captured, a code is good for ten minutes only.
        app.set_clock("2026-11-24T00:05:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let code = phone.challenge("morning").await;
        app.clock.advance_seconds(601);
        let phone = app.phone(EMPLOYEE).await;
        let late = phone.check_in(CheckIn { challenge: Some(code), ..CheckIn::morning() }).await;
        assert_eq!((late.status, late.code()), (422, "challenge-expired"));
        assert_eq!(app.stored().await, (0, 0));
        app.stop().await;
    }

    async fn what_was_captured_before_the_window_is_kept_and_a_person_looks(app: TestApp) {
        // At seven in the morning at home, with the code of the evening; sent in the evening from anywhere.
        let challenge = Some(app.phone(EMPLOYEE).await.challenge("evening").await);
        app.set_clock("2026-11-23T09:10:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let waited = Waited { phone, challenge, captured_at: "2026-11-23T00:06:00Z" };
        let answer = waited.send(CheckIn::evening()).await;
        assert_eq!((answer.status, &receipt(&answer)["verdict"]), (201, &json!("flagged")), "{}", answer.text);
        assert_eq!(answer.findings(), ["time.captured_before_window", "challenge.early"]);
        // Without a code, and from the day before: nothing is lost, and nothing is believed.
        app.set_clock("2026-11-23T23:30:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let waited = Waited { phone, challenge: None, captured_at: "2026-11-23T15:00:00Z" };
        let answer = waited.send(CheckIn::morning()).await;
        assert_eq!((answer.status, &receipt(&answer)["work_date"]), (201, &json!("2026-11-24")), "{}", answer.text);
        assert_eq!(answer.findings(), ["time.captured_before_window", "challenge.missing"]);
        app.stop().await;
    }

    async fn a_code_from_long_before_the_window_needs_a_look_whatever_time_is_claimed(app: TestApp) {
        app.set_clock("2026-11-23T12:00:00Z");
        let challenge = Some(app.phone(EMPLOYEE).await.challenge("morning").await);
        app.set_clock("2026-11-23T23:40:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let waited = Waited { phone, challenge, captured_at: "2026-11-23T23:39:00Z" };
        let answer = waited.send(CheckIn::morning()).await;
        assert_eq!((answer.findings(), &receipt(&answer)["verdict"]), (vec!["challenge.early"], &json!("flagged")), "{}", answer.text);
        let words = answer.json["findings"][0]["words"]["id"].as_str().unwrap();
        assert!(words.contains("11 jam 40 menit"), "{words}");
        app.stop().await;
    }

    async fn a_clock_that_is_mended_on_the_way_loses_no_attempt(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let send = async |captured: &str, sent: &str| {
            let checkin = CheckIn { challenge: Some(phone.challenge("morning").await), ..CheckIn::morning() };
            let mut draft = phone.draft(&checkin).await;
            (draft["captured_at"], draft["sent_at"]) = (json!(captured), json!(sent));
            draft["fixes"][0]["fix_time"] = json!(captured);
            phone.upload("morning", form(draft.to_string(), checkin.photo)).await
        };
        // Two hours ahead until the network came back.
        let ahead = send("2026-11-23T02:05:00Z", "2026-11-23T00:05:00Z").await;
        assert_eq!((ahead.status, &receipt(&ahead)["timing"]), (201, &json!("on_time")), "{}", ahead.text);
        assert!(ahead.findings().contains(&"time.clock_changed"), "{}", ahead.text);
        // A day behind, as after an empty battery: the capture lies after its code all the same.
        let behind = send("2026-11-22T00:05:00Z", "2026-11-23T00:05:00Z").await;
        assert_eq!((behind.status, &receipt(&behind)["work_date"]), (201, &json!("2026-11-23")), "{}", behind.text);
        assert!(behind.findings().contains(&"challenge.after_capture"), "{}", behind.text);
        app.stop().await;
    }

    async fn two_captures_delivered_together_are_no_journey(app: TestApp) {
        app.set_clock("2026-11-23T10:30:00Z");
        let evening = Some(app.phone(EMPLOYEE).await.challenge("evening").await);
        app.set_clock("2026-11-23T22:26:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let waited = Waited { phone, challenge: evening, captured_at: "2026-11-23T10:31:00Z" };
        let late = waited.send(CheckIn::evening()).await;
        assert_eq!(late.status, 201, "{}", late.text);
        app.set_clock("2026-11-23T22:57:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let morning = Some(phone.challenge("morning").await);
        // Six hundred kilometres away, half an hour after that arrived; the journey took the night.
        app.set_clock("2026-11-23T23:00:30Z");
        let away = CheckIn { latitude: -1.2, longitude: 106.83, ..CheckIn::morning() };
        let waited = Waited { phone, challenge: morning, captured_at: "2026-11-23T23:00:10Z" };
        let answer = waited.send(away).await;
        assert!(!answer.findings().contains(&"position.jump"), "{}", answer.text);
        app.stop().await;
    }

    async fn a_photo_from_files_is_marked_and_the_code_is_told_to_whoever_reviews(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let issued = phone.post("/api/v1/challenges", &json!({"slot": "morning"})).await;
        let code = issued.json["code"].as_str().unwrap().to_owned();
        assert_eq!(code.len(), 4);
        assert!(issued.json["offline_until"].as_str() > issued.json["expires_at"].as_str());
        let challenge = Some(issued.json["challenge"].as_str().unwrap().to_owned());
        let from_file = |draft: &mut Value| draft["photo_source"] = json!("file");
        let answer = phone.check_in(CheckIn { challenge, change: from_file, ..CheckIn::morning() }).await;
        assert_eq!(answer.findings(), ["photo.from_file"], "{}", answer.text);
        let id = receipt(&answer)["checkin_id"].as_str().unwrap();
        let shown = app.phone(crate::support::SUPERVISOR).await.get(&format!("/api/v1/checkins/{id}")).await;
        assert_eq!((&shown.json["photo_code"], &shown.json["photo_source"]), (&json!(code), &json!("file")));
        app.stop().await;
    }
}
