//! What is stored, with which verdict and which words.

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use crate::{
    on_both_engines,
    support::{CheckIn, EASTERNER, EMPLOYEE, Engine, HOMELESS, TestApp, photos},
};

on_both_engines! {
    async fn a_photo_and_a_position_from_home_are_accepted_with_a_receipt_anybody_can_verify(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let checkin = CheckIn::morning();
        let answer = phone.check_in(checkin.clone()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let receipt = &answer.json["receipt"];
        assert_eq!(receipt["verdict"], "accepted");
        assert_eq!(receipt["timing"], "on_time");
        assert_eq!(receipt["work_date"], "2026-11-23");
        assert_eq!(receipt["attempt"], 1);
        assert_eq!(receipt["checkin_id"], checkin.id.to_string());
        assert_eq!(receipt["received_at"], "2026-11-23T00:05:00.000000Z");
        assert_eq!(receipt["words"]["id"], "Presensi pagi pukul 07.05 WIB: diterima.");
        assert_eq!(receipt["photo_bytes"], checkin.photo.len());
        assert_eq!(answer.header("location"), format!("/api/v1/checkins/{}", checkin.id));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.findings().is_empty(), "{}", answer.text);
        assert_eq!(app.stored().await, (1, 1));

        let keys = phone.get("/api/v1/keys").await.json;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_required_spec_claims::<&str>(&[]);
        rules.validate_exp = false;
        let key = DecodingKey::from_ed_components(keys["keys"][0]["x"].as_str().unwrap()).unwrap();
        let signed = jsonwebtoken::decode::<Value>(answer.json["signature"].as_str().unwrap(), &key, &rules).unwrap();
        assert_eq!(&signed.claims, receipt);
        assert_eq!(signed.header.typ.as_deref(), Some("receipt+jws"));
        app.stop().await;
    }

    async fn a_photo_as_a_phone_writes_it_is_accepted_and_its_claims_are_kept(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let answer = phone.check_in(CheckIn { photo: photos::room_file(), ..CheckIn::morning() }).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.json["receipt"]["verdict"], "accepted", "{}", answer.text);
        let id = answer.json["receipt"]["checkin_id"].as_str().unwrap().parse().unwrap();
        let mut tx = app.app.store.read().await.unwrap();
        let evidence = hadir::store::checkins::evidence(&mut tx, id).await.unwrap().unwrap();
        drop(tx);
        let (photo, location) = (evidence.photo.0, evidence.location.0);
        assert_eq!(photo["exif"]["make"], "Contoh");
        assert_eq!(photo["exif"]["taken_at"], "2026-11-23T07:04:58");
        assert_eq!(photo["exif"]["taken_at_offset"], "+07:00");
        assert_eq!(photo["header"]["width"], 720);
        assert_eq!(photo["seen"]["fingerprint"].as_str().unwrap().len(), 64);
        assert_eq!(photo["content_sha256"].as_str().unwrap().len(), 64);
        assert_eq!(photo["seen"]["faces"]["outcome"], "not_checked");
        assert_eq!(photo["copies"]["searched_own"], 0);
        assert_eq!(location["model"], "fence-2");
        assert_eq!(location["judged"]["outcome"], "inside");
        assert!(evidence.place_id.is_some());
        app.stop().await;
    }

    async fn a_position_400_m_away_is_flagged_outside_in_words_with_numbers(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        // 0.003617 degrees of latitude are 400 m here.
        let answer = phone.check_in(CheckIn { latitude: -6.591_383, accuracy: 20.0, ..CheckIn::morning() }).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.json["receipt"]["verdict"], "flagged");
        assert_eq!(answer.findings(), ["location.outside"]);
        let finding = &answer.json["findings"][0];
        assert_eq!(finding["severity"], "high");
        assert_eq!(finding["flags"], true);
        assert_eq!(finding["words"]["en"], "Outside by 300 m (400 m from home, accuracy ± 20 m).");
        assert_eq!(finding["words"]["id"], "Di luar batas sejauh 300 m (400 m dari titik rumah, ketelitian ± 20 m).");
        assert_eq!(app.stored().await, (1, 1));
        app.stop().await;
    }

    async fn a_coarse_position_is_flagged_as_cannot_tell_and_never_as_outside(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        for (latitude, accuracy) in [(-6.595, 500.0), (-6.5932, 500.0), (-6.595, 3000.0)] {
            let answer = phone.check_in(CheckIn { latitude, accuracy, ..CheckIn::morning() }).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
            assert_eq!(answer.json["receipt"]["verdict"], "flagged");
            assert_eq!(answer.findings(), ["location.cannot_tell"]);
            let words = answer.json["findings"][0]["words"]["en"].as_str().unwrap();
            assert!(words.starts_with("Cannot tell") && words.contains("± 77 m or better is needed"), "{words}");
        }
        app.stop().await;
    }

    async fn the_fix_with_the_smallest_accuracy_counts_not_the_closest(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let answer = phone.check_in(CheckIn { change: |draft| {
            let now = draft["sent_at"].clone();
            draft["fixes"] = json!([
                {"latitude": -6.595, "longitude": 106.8166, "accuracy_m": 60.0, "fix_time": now},
                {"latitude": -6.575, "longitude": 106.816_612_3, "accuracy_m": 12.0, "fix_time": now},
                {"latitude": 200.0, "longitude": 106.8166, "accuracy_m": 1.0, "fix_time": now},
            ]);
        }, ..CheckIn::morning() }).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.findings(), ["location.outside"]);
        app.stop().await;
    }

    async fn a_stale_fix_and_a_missing_position_are_recorded_and_flagged_never_refused(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let stale = phone.check_in(CheckIn { change: |draft| {
            draft["fixes"][0]["fix_time"] = json!("2026-11-22T23:50:00Z");
        }, ..CheckIn::morning() }).await;
        assert_eq!(stale.status, 201, "{}", stale.text);
        assert_eq!(stale.findings(), ["location.stale"]);
        assert!(stale.json["findings"][0]["words"]["en"].as_str().unwrap().contains("15 minutes old"));
        let ahead = phone.check_in(CheckIn { change: |draft| {
            draft["fixes"][0]["fix_time"] = json!("2026-11-23T01:05:00Z");
        }, ..CheckIn::morning() }).await;
        assert_eq!(ahead.findings(), ["location.stale"], "a fix from the phone's own future");
        let missing = phone.check_in(CheckIn { change: |draft| {
            draft["fixes"] = json!([]);
            draft["position_error"] = json!("denied");
        }, ..CheckIn::morning() }).await;
        assert_eq!(missing.status, 201, "{}", missing.text);
        assert_eq!(missing.findings(), ["location.missing"]);
        assert_eq!(app.stored().await, (3, 3));
        app.stop().await;
    }

    async fn a_person_without_a_home_is_recorded_and_flagged(app: TestApp) {
        let answer = app.phone(HOMELESS).await.check_in(CheckIn::morning()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.findings(), ["place.missing"]);
        assert_eq!(answer.json["receipt"]["verdict"], "flagged");
        app.stop().await;
    }

    async fn a_mock_position_is_flagged_even_at_home(app: TestApp) {
        let answer = app.phone(EMPLOYEE).await
            .check_in(CheckIn { change: |draft| draft["mocked"] = json!(true), ..CheckIn::morning() }).await;
        assert_eq!(answer.findings(), ["position.mocked"]);
        assert_eq!(answer.json["receipt"]["verdict"], "flagged");
        app.stop().await;
    }

    async fn late_inside_the_grace_is_recorded_and_said(app: TestApp) {
        app.set_clock("2026-11-23T01:10:00Z");
        let answer = app.phone(EMPLOYEE).await.check_in(CheckIn::morning()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.json["receipt"]["timing"], "late");
        assert_eq!(answer.json["receipt"]["verdict"], "accepted");
        assert_eq!(answer.findings(), ["time.late"]);
        assert_eq!(answer.json["findings"][0]["words"]["en"], "10 minutes late, inside the grace of 30 minutes.");
        app.stop().await;
    }

    async fn the_phones_clock_is_only_a_remark(app: TestApp) {
        let answer = app.phone(EMPLOYEE).await.check_in(CheckIn { change: |draft| {
            draft["sent_at"] = json!("2026-11-23T03:05:00Z");
            draft["fixes"][0]["fix_time"] = json!("2026-11-23T03:04:58Z");
        }, ..CheckIn::morning() }).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.json["receipt"]["received_at"], "2026-11-23T00:05:00.000000Z");
        assert_eq!(answer.findings(), ["time.clock_skew"]);
        assert_eq!(answer.json["receipt"]["verdict"], "accepted");
        app.stop().await;
    }

    async fn the_work_date_is_the_civil_date_of_the_units_zone(app: TestApp) {
        // 06.30 on Tuesday in WIT, still Monday in UTC and in WIB.
        app.set_clock("2026-11-23T21:30:00Z");
        let answer = app.phone(EASTERNER).await.check_in(CheckIn::morning()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.json["receipt"]["work_date"], "2026-11-24");
        assert_eq!(answer.json["receipt"]["words"]["id"], "Presensi pagi pukul 06.30 WIT: diterima.");
        let refused = app.phone(EMPLOYEE).await.check_in(CheckIn::morning()).await;
        assert_eq!((refused.status, refused.code()), (422, "slot-too-early"));
        app.stop().await;
    }

    async fn a_dark_photo_and_a_covered_lens_are_flagged_by_name(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let mut dark = photos::picture(640, 480, 3);
        dark.pixels_mut().for_each(|pixel| pixel.0 = pixel.0.map(|channel| channel / 20));
        let mut covered = photos::picture(640, 480, 3);
        covered.pixels_mut().for_each(|pixel| pixel.0 = [120, 60, 50]);
        for (image, code) in [(dark, "photo.dark"), (covered, "photo.uniform"), (photos::picture(95, 400, 3), "photo.small")] {
            let answer = phone.check_in(CheckIn { photo: photos::jpeg(&image), ..CheckIn::morning() }).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
            assert_eq!(answer.findings(), [code]);
            assert_eq!(answer.json["receipt"]["verdict"], "flagged");
        }
        app.stop().await;
    }

    async fn png_and_webp_are_taken_and_last_weeks_photo_is_remarked(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let picture = photos::picture(400, 300, 5);
        for format in [image::ImageFormat::Png, image::ImageFormat::WebP] {
            let photo = photos::encoded(&picture, format);
            let answer = phone.check_in(CheckIn { photo, ..CheckIn::morning() }).await;
            assert_eq!((answer.status, answer.findings().len()), (201, 0), "{}", answer.text);
        }
        let camera = photos::Camera { taken_at: Some("2026:11:16 07:00:00"), ..photos::Camera::default() };
        let photo = photos::with_exif(&photos::room(), &camera);
        let answer = phone.check_in(CheckIn { photo, ..CheckIn::morning() }).await;
        assert_eq!(answer.findings(), ["photo.other_time"]);
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_that_takes_too_long_to_examine_is_kept_and_a_person_looks() {
    let app = TestApp::start_with(Engine::Sqlite, |config| config.photo_examine_max_ms = 0).await;
    let phone = app.phone(EMPLOYEE).await;
    let answer = phone.check_in(CheckIn::morning()).await;
    assert_eq!((answer.status, answer.findings()), (201, vec!["photo.not_examined"]), "{}", answer.text);
    assert_eq!(answer.json["receipt"]["verdict"], "flagged");
    assert_eq!(app.stored().await, (1, 1));
    app.stop().await;
}
