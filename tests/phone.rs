//! What the phone page is served, and what it asks for beside the check-in itself.

use std::io::{Cursor, Read as _};

use hadir::people::import;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    on_both_engines,
    support::{COLLEAGUE, CheckIn, EMPLOYEE, Engine, SUPERVISOR, TestApp},
};

fn file(name: &str, text: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), text.to_owned())]
}

on_both_engines! {
    async fn a_day_off_leave_and_an_incident_are_said_plainly(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let today = phone.get("/api/v1/me/today").await;
        assert_eq!((&today.json["day"]["kind"], today.json["incidents"].as_array().unwrap().len()), (&json!("working"), 0));
        assert_eq!(today.json["upcoming"].as_array().unwrap().len(), 10, "five working days of two slots");
        let rosters = "nip,valid_from,valid_to,duty\n1001,2026-11-23,2026-11-25,leave\n";
        let incidents = "code,unit,starts_at,ends_at,words_id,words_en\nPLN,KOTA,2026-11-23T06:00:00+07:00,2026-11-23T09:00:00+07:00,Listrik padam.,No electricity.\nJPR,JPR,2026-11-23T06:00:00+09:00,2026-11-23T09:00:00+09:00,Jaringan padam.,No network.\n";
        let summary = import::texts_in(&app.app, &[file("rosters.csv", rosters), file("incidents.csv", incidents)].concat(), false).await.unwrap();
        assert_eq!((summary.rosters.added, summary.incidents.added), (1, 2));
        let today = phone.get("/api/v1/me/today").await;
        assert_eq!((&today.json["day"]["kind"], &today.json["day"]["until"]), (&json!("leave"), &json!("2026-11-25")));
        let words: Vec<&str> = today.json["incidents"].as_array().unwrap().iter().map(|one| one["words"]["id"].as_str().unwrap()).collect();
        assert_eq!(words, ["Listrik padam."], "another unit's is not told");
        let sent = phone.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
        let id = sent.json["receipt"]["checkin_id"].as_str().unwrap();
        let review = phone.get(&format!("/api/v1/checkins/{id}")).await.json["reviews"][0]["review_id"].clone();
        let case = app.phone(SUPERVISOR).await.get(&format!("/api/v1/reviews/{}", review.as_str().unwrap())).await;
        assert_eq!(case.json["incidents"][0]["words"]["id"], "Listrik padam.", "whoever decides knows of it");
        app.set_clock("2026-11-28T01:00:00Z");
        let saturday = app.phone(EMPLOYEE).await.get("/api/v1/me/today").await;
        assert_eq!((&saturday.json["day"]["kind"], saturday.json["slots"].as_array().unwrap().len()), (&json!("day_off"), 0));
        app.stop().await;
    }

    async fn rosters_and_incidents_are_imported_as_everything_else_is(app: TestApp) {
        let again = "nip,valid_from,valid_to,duty\n1001,2026-11-23,2026-11-25,leave\n1002,2026-11-23,2026-11-23,office\n";
        import::texts_in(&app.app, &file("rosters.csv", again), false).await.unwrap();
        let changed = again.replace("2026-11-25,leave", "2026-11-26,leave");
        let summary = import::texts_in(&app.app, &file("rosters.csv", &changed), false).await.unwrap();
        assert_eq!((summary.rosters.added, summary.rosters.changed, summary.rosters.unchanged), (0, 1, 1));
        let wrong = "nip,valid_from,valid_to,duty\n1001,2026-11-25,2026-11-23,leave\n1001,2026-12-01,2026-12-02,holiday\n9999,2026-12-01,2026-12-02,leave\n";
        let told = match import::texts_in(&app.app, &file("rosters.csv", wrong), false).await {
            Err(import::ImportError::Mistakes(found)) => found.to_string(),
            other => panic!("{other:?}"),
        };
        assert!(told.contains("line 2, column 3 (valid_to): is before valid_from"), "{told}");
        assert!(told.contains("line 3, column 4 (duty): `holiday` is not home, office, leave, duty or exempt"), "{told}");
        app.stop().await;
    }

    async fn a_person_sees_the_receipt_again_and_who_looked(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let sent = phone.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
        let id = sent.json["receipt"]["checkin_id"].as_str().unwrap();
        let again = phone.get(&format!("/api/v1/checkins/{id}/receipt")).await;
        assert_eq!(again.text, sent.text, "byte by byte");
        let supervisor = app.phone(SUPERVISOR).await;
        supervisor.get(&format!("/api/v1/checkins/{id}/photo?side=320")).await;
        app.clock.advance_seconds(1);
        supervisor.get(&format!("/api/v1/checkins/{id}/map")).await;
        app.clock.advance_seconds(1);
        phone.get(&format!("/api/v1/checkins/{id}/photo?side=320")).await;
        let looks = phone.get(&format!("/api/v1/checkins/{id}/looks")).await;
        let told: Vec<(&str, &str, bool)> = looks.json["looks"].as_array().unwrap().iter()
            .map(|look| (look["viewer"].as_str().unwrap(), look["what"].as_str().unwrap(), look["own"].as_bool().unwrap())).collect();
        assert_eq!(told, [("Siti", "photo", false), ("Siti", "map", false), ("Dewi", "photo", true)]);
        for path in ["receipt", "looks"] {
            for nip in [SUPERVISOR, COLLEAGUE] {
                let other = app.phone(nip).await.get(&format!("/api/v1/checkins/{id}/{path}")).await;
                assert_eq!((other.status, other.code()), (404, "not-found"), "{nip} {path}");
            }
        }
        app.stop().await;
    }

    async fn the_record_is_paged_by_month(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        phone.check_in(CheckIn::morning()).await;
        let month = async |query: &str| phone.get(&format!("/api/v1/me/checkins?{query}")).await;
        assert_eq!(month("month=2026-11").await.json["items"].as_array().unwrap().len(), 1);
        assert_eq!(month("month=2026-10").await.json["items"].as_array().unwrap().len(), 0);
        for wrong in ["month=2026-13", "month=november", "month=2026-1", "month=2026-11-23"] {
            assert_eq!(month(wrong).await.code(), "parameter-invalid", "{wrong}");
        }
        app.stop().await;
    }

    async fn own_data_is_one_file_with_every_photo_as_it_was_received(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let mut photos = Vec::new();
        for _ in 0..3 {
            let checkin = CheckIn { accuracy: 500.0, ..CheckIn::morning() };
            photos.push(checkin.photo.clone());
            assert_eq!(phone.check_in(checkin).await.status, 201);
        }
        app.phone(COLLEAGUE).await.check_in(CheckIn::morning()).await;
        let export = phone.get("/api/v1/me/export").await;
        assert_eq!((export.status, export.header("cache-control")), (200, "no-store"));
        let total: usize = export.header("hadir-total-bytes").parse().unwrap();
        let length = export.bytes.len();
        assert!(total <= length && length < total + 40_000, "{total} announced, {length} came");
        let mut archive = zip::ZipArchive::new(Cursor::new(export.bytes)).unwrap();
        let mut read = |name: &str| {
            let mut bytes = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        };
        for (attempt, photo) in (1..).zip(&photos) {
            assert_eq!(&read(&format!("photos/2026-11-23-morning-{attempt}.jpg")), photo);
        }
        let mut parsed = |name: &str| serde_json::from_slice::<Value>(&read(name)).unwrap();
        let (person, kept, cases) = (parsed("person.json"), parsed("checkins-001.json"), parsed("cases.json"));
        assert_eq!((&person["nip"], kept.as_array().unwrap().len()), (&json!("1001"), 3));
        assert_eq!(cases.as_array().unwrap().len(), 1);
        let text = format!("{person}{kept}{cases}");
        for secret in ["latitude", "106.81", "-6.59"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert_eq!(archive.len(), 7);
        app.stop().await;
    }
}

/// One download a person and few in all: whoever stands still does not keep the others waiting for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn own_data_is_handed_out_to_one_at_a_time_and_a_reader_that_stands_still_is_cut_off() {
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        (config.upload_idle_s, config.photo_max_bytes) = (1, 15_000_000);
    })
    .await;
    let phone = app.phone(EMPLOYEE).await;
    // Large enough that it does not fit into the buffers on the way.
    let photo = crate::support::photos::padded(12_000_000);
    assert_eq!(phone.check_in(CheckIn { photo, ..CheckIn::morning() }).await.status, 201);
    let ask = || app.request(Method::GET, "/api/v1/me/export").bearer_auth(&phone.token).send();
    let unread = ask().await.unwrap();
    assert_eq!(unread.status(), 200);
    let second = phone.get("/api/v1/me/export").await;
    assert_eq!((second.status, second.code()), (503, "busy"));
    tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
    let third = ask().await.unwrap();
    assert_eq!(third.status(), 200, "the first was cut off");
    assert!(third.bytes().await.unwrap().len() > 12_000_000);
    drop(unread);
    app.stop().await;
}

/// The page may use camera and position, and load nothing from elsewhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_is_served_under_a_strict_policy_and_asks_for_camera_and_position_alone() {
    let app = TestApp::start(Engine::Sqlite).await;
    let root = app.request(Method::GET, "/phone").send().await.unwrap();
    let header = |response: &reqwest::Response, name: &str| {
        response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned()
    };
    let policy = header(&root, "content-security-policy");
    for needed in ["default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'"] {
        assert!(policy.contains(needed), "{policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    assert!(header(&root, "permissions-policy").starts_with("camera=(self), geolocation=(self)"));
    let docs = app.request(Method::GET, "/problems").send().await.unwrap();
    assert_eq!(header(&docs, "permissions-policy"), "camera=(), geolocation=(), microphone=()");
    let built = root.status() == 200;
    let text = root.text().await.unwrap();
    if built {
        assert!(!text.contains("<style") && !text.contains(" style="), "inline style in {text}");
        assert!(!text.contains("<script>"), "inline script in {text}");
    } else {
        assert!(text.contains("Node.js") && text.contains("cargo build"), "{text}");
    }
    for missing in ["/assets/none.js", "/assets/../Cargo.toml", "/icons/none.png", "/assets/.made-from"] {
        let answer = app.request(Method::GET, missing).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{missing}");
    }
    app.stop().await;
}
