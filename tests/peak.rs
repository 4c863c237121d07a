//! Under pressure a check-in is acknowledged before its photo is examined, and it comes to the same.

use hadir::model::{ids::CheckinId, words::EntryKind};
use hadir::{
    checkin::examine,
    store::{checkins, examinations, log_entries, presences},
};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::{
    on_both_engines,
    support::{Answer, COLLEAGUE, CheckIn, EMPLOYEE, Engine, Phone, SUPERVISOR, TestApp, photos},
};

/// As many check-ins under way as make the others wait.
macro_rules! press {
    ($app:expr) => {
        (0..100).map(|_| $app.app.peak.enter()).collect::<Vec<_>>()
    };
}

/// The verdict a phone sees later, once there is one.
async fn settled(phone: &Phone<'_>, id: uuid::Uuid) -> Answer {
    for _ in 0..400 {
        let found = phone.get(&format!("/api/v1/checkins/{id}")).await;
        assert_eq!(found.status, 200, "{}", found.text);
        if found.json["verdict"] != "examining" {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it is still examined");
}

/// A lens that was covered, each time a little differently.
fn dark(seed: u32) -> Vec<u8> {
    photos::jpeg(&image::RgbImage::from_fn(640, 480, |x, y| image::Rgb([((x * seed + y) % 6) as u8; 3])))
}

fn codes(findings: &Value) -> Vec<&str> {
    findings.as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

on_both_engines! {
    async fn a_photo_that_is_examined_later_comes_to_the_same_as_one_examined_at_once(app: TestApp) {
        let kinds = [([photos::fresh(), photos::fresh()], 18.0), ([photos::fresh(), photos::fresh()], 900.0)];
        for ([photo, other], accuracy) in kinds.into_iter().chain([([dark(5), dark(7)], 18.0)]) {
            let (phone, colleague) = (app.phone(EMPLOYEE).await, app.phone(COLLEAGUE).await);
            let inline = CheckIn { photo: other, accuracy, ..CheckIn::morning() };
            let at_once = colleague.check_in(inline).await;
            assert_eq!(at_once.status, 201, "{}", at_once.text);

            let pressing = press!(app);
            let later = CheckIn { accuracy, photo, ..CheckIn::morning() };
            let id = later.id;
            let answer = phone.check_in(later).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
            assert_eq!(answer.json["receipt"]["verdict"], "examining");
            assert!(answer.json["receipt"]["words"]["id"].as_str().unwrap().contains("sedang diperiksa"));
            assert!(answer.findings().is_empty());
            let siti = app.phone(SUPERVISOR).await;
            let queue = siti.get("/api/v1/reviews").await;
            assert!(!queue.text.contains(&id.to_string()), "nobody sees a case half examined");
            drop(pressing);

            let found = settled(&phone, id).await;
            assert_eq!(found.json["verdict"], at_once.json["receipt"]["verdict"]);
            assert_eq!(codes(&found.json["findings"]), at_once.findings());
            let again = phone.get("/api/v1/me/today").await;
            assert!(!again.text.contains("examining"), "{}", again.text);
        }
        let mut tx = app.app.store.read().await.unwrap();
        assert_eq!(log_entries::count(&mut tx, EntryKind::PhotoExamined).await.unwrap(), 3);
        assert_eq!(examinations::backlog(&mut tx).await.unwrap(), (0, None));
        drop(tx);
        app.stop().await;
    }

    async fn a_slot_stands_by_its_best_attempt_whichever_is_examined_last(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let pressing = press!(app);
        let bad = CheckIn { accuracy: 900.0, ..CheckIn::morning() };
        let (bad_id, good) = (bad.id, CheckIn::morning());
        let good_id = good.id;
        assert_eq!(phone.check_in(bad).await.json["receipt"]["slot_verdict"], "examining");
        assert_eq!(phone.check_in(good).await.json["receipt"]["slot_verdict"], "examining");
        drop(pressing);
        assert_eq!(settled(&phone, bad_id).await.json["verdict"], "flagged");
        assert_eq!(settled(&phone, good_id).await.json["verdict"], "accepted");
        let mut tx = app.app.store.read().await.unwrap();
        let row = checkins::by_id(&mut tx, CheckinId(good_id)).await.unwrap().unwrap();
        let day = presences::of_day(&mut tx, row.person_id, row.work_date).await.unwrap().remove(0);
        assert_eq!((day.verdict.as_str(), day.best_checkin_id, day.attempts), ("accepted", CheckinId(good_id), 2));
        drop(tx);
        let siti = app.phone(SUPERVISOR).await;
        let queue = siti.get("/api/v1/reviews").await;
        assert_eq!(queue.json["items"].as_array().unwrap().len(), 1, "one case of the flagged attempt");
        app.stop().await;
    }

    async fn a_photo_is_examined_once_however_many_try(app: TestApp) {
        let pressing = press!(app);
        let mut ids = Vec::new();
        for nip in [EMPLOYEE, COLLEAGUE] {
            let phone = app.phone(nip).await;
            for _ in 0..3 {
                let checkin = CheckIn::morning();
                ids.push(checkin.id);
                assert_eq!(phone.check_in(checkin).await.json["receipt"]["verdict"], "examining");
            }
        }
        drop(pressing);
        let never = CancellationToken::new();
        let (one, other) =
            tokio::join!(examine::examine_waiting(&app.app, &never), examine::examine_waiting(&app.app, &never));
        assert!(one.unwrap() + other.unwrap() <= 6);
        let phone = app.phone(EMPLOYEE).await;
        for id in &ids[..3] {
            settled(&phone, *id).await;
        }
        let phone = app.phone(COLLEAGUE).await;
        for id in &ids[3..] {
            settled(&phone, *id).await;
        }
        let mut tx = app.app.store.read().await.unwrap();
        assert_eq!(log_entries::count(&mut tx, EntryKind::PhotoExamined).await.unwrap(), 6);
        drop(tx);
        app.stop().await;
    }

    async fn what_is_no_photo_is_refused_under_pressure_too(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let _pressing = press!(app);
        let refused = phone.check_in(CheckIn { photo: b"not a photo at all".to_vec(), ..CheckIn::morning() }).await;
        assert_eq!(refused.status / 100, 4, "{}", refused.text);
        assert_eq!(app.stored().await, (0, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_full_queue_photos_are_examined_at_once_again() {
    let app = TestApp::start_with(Engine::Sqlite, |config| config.examine_backlog_max = 1).await;
    let phone = app.phone(EMPLOYEE).await;
    let pressing = press!(app);
    assert_eq!(phone.check_in(CheckIn::morning()).await.json["receipt"]["verdict"], "examining");
    let second = phone.check_in(CheckIn::morning()).await;
    assert_ne!(second.json["receipt"]["verdict"], "examining", "{}", second.text);
    drop(pressing);
    app.stop().await;
}
