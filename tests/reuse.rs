//! The same picture again: found for oneself, for others, before the answer and after it, by every replica.

use std::sync::atomic::{AtomicU8, Ordering};

use hadir::{
    checkin::late,
    evidence::photo::fingerprint::Fingerprint,
    model::{
        chance::Chance,
        ids::PersonId,
        words::{EntryKind, Verdict},
    },
    reuse::{
        Reuse,
        index::{Index, NOBODY},
        searcher::{Asked, search},
    },
    store::{Tx, fingerprints, log_entries, presences},
};
use proptest::prelude::*;
use serde_json::json;

use crate::{
    on_both_engines,
    support::{
        CheckIn, Engine, TestApp,
        photos::{Camera, decoded, fresh, jpeg, with_exif},
        {COLLEAGUE, EMPLOYEE, STRANGER, SUPERVISOR},
    },
};

/// The same picture, half as large and encoded anew.
fn half(photo: &[u8]) -> Vec<u8> {
    let image = decoded(photo).into_rgb8();
    jpeg(&image::imageops::thumbnail(&image, image.width() / 2, image.height() / 2))
}

on_both_engines! {
    async fn a_picture_of_another_day_is_flagged_with_that_days_date_and_attempts_of_one_slot_are_not_compared(app: TestApp) {
        let photo = fresh();
        let phone = app.phone(EMPLOYEE).await;
        let first = phone.check_in(CheckIn { photo: photo.clone(), ..CheckIn::morning() }).await;
        assert_eq!((first.status, first.findings().len()), (201, 0), "{}", first.text);
        let retry = phone.check_in(CheckIn { photo: photo.clone(), ..CheckIn::morning() }).await;
        assert_eq!((retry.status, retry.findings().len()), (201, 0), "{}", retry.text);

        app.set_clock("2026-11-24T00:05:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let camera = Camera { taken_at: Some("2026:11:24 07:04:58"), ..Camera::default() };
        for (photo, words) in [
            (with_exif(&photo, &camera), "The same picture was used for the check-in of 2026-11-23 (its picture data are identical)."),
            (half(&photo), "The same picture was used for the check-in of 2026-11-23 ("),
        ] {
            let again = phone.check_in(CheckIn { photo, ..CheckIn::morning() }).await;
            assert_eq!(again.findings(), ["photo.used_before"], "{}", again.text);
            assert_eq!(again.json["receipt"]["verdict"], "flagged");
            assert!(again.json["findings"][0]["words"]["en"].as_str().unwrap().starts_with(words), "{}", again.text);
            assert_eq!(again.json["findings"][0]["threshold"], 31.0);
        }
        let other = phone.check_in(CheckIn::morning()).await;
        assert_eq!((other.status, other.findings().len()), (201, 0), "{}", other.text);
        app.stop().await;
    }

    async fn another_persons_picture_is_found_before_the_answer_mirrored_too_and_nobody_is_named(app: TestApp) {
        // The first search has to find the memory filled.
        app.app.reuse.catch_up(&app.app.store, app.app.now()).await.unwrap();
        let photo = fresh();
        let first = app.phone(EMPLOYEE).await.check_in(CheckIn { photo: photo.clone(), ..CheckIn::morning() }).await;
        let colleague = app.phone(COLLEAGUE).await;
        let mirrored = jpeg(&image::imageops::flip_horizontal(&decoded(&photo).into_rgb8()));
        for (photo, how) in [(photo.clone(), "identical"), (half(&photo), "of 256 bits differ"), (mirrored, "mirrored")] {
            let answer = colleague.check_in(CheckIn { photo, ..CheckIn::morning() }).await;
            assert_eq!(answer.findings(), ["photo.of_another"], "{}", answer.text);
            let words = answer.json["findings"][0]["words"]["en"].as_str().unwrap();
            assert!(words.contains(how) && words.contains("2026-11-23"), "{words}");
            for whose in [EMPLOYEE, "Dewi", first.json["receipt"]["checkin_id"].as_str().unwrap()] {
                assert!(!answer.text.contains(whose), "{}", answer.text);
            }
        }
        app.stop().await;
    }

    async fn what_is_found_after_the_answer_joins_the_findings_opens_a_case_and_is_in_the_log(app: TestApp) {
        let app = app;
        let photo = fresh();
        let first = app.phone(EMPLOYEE).await.check_in(CheckIn { photo: photo.clone(), ..CheckIn::morning() }).await;
        assert_eq!(first.status, 201);
        // As another replica that has not read the first one yet would have answered.
        let row = {
            let mut tx = app.app.store.read().await.unwrap();
            let id = first.json["receipt"]["checkin_id"].as_str().unwrap().parse().unwrap();
            fingerprints::by_checkin(&mut tx, id).await.unwrap().unwrap()
        };
        assert_eq!(row.searched_at, None);
        // It was compared with everybody's before the second one came.
        app.clock.advance_seconds(6);
        late::search_waiting(&app.app).await.unwrap();
        let colleague = app.phone(COLLEAGUE).await;
        let checkin = CheckIn { photo: half(&photo), ..CheckIn::morning() };
        let answer = late_answer(&app, &colleague, checkin).await;
        let id = answer["receipt"]["checkin_id"].as_str().unwrap().to_owned();
        assert_eq!(answer["receipt"]["verdict"], "accepted", "{answer}");
        assert_eq!(late::search_waiting(&app.app).await.unwrap(), 0, "not before everything has settled");
        app.clock.advance_seconds(6);
        late::search_waiting(&app.app).await.unwrap();

        let view = colleague.get(&format!("/api/v1/checkins/{id}")).await.json;
        assert_eq!(view["findings"][0]["code"], "photo.of_another", "{view}");
        assert_eq!(view["verdict"], "accepted", "the receipt stays what it is");
        assert_eq!(view["reviews"][0]["state"], "open");
        let supervisor = app.phone(SUPERVISOR).await;
        let queue = supervisor.get("/api/v1/reviews").await.json;
        assert_eq!(queue["items"].as_array().unwrap().len(), 1, "{queue}");
        let review = queue["items"][0]["id"].as_str().unwrap().to_owned();
        let case = supervisor.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await;
        assert_eq!(case.json["reasons"][0]["code"], "photo.of_another");
        let ruling = json!({"decision": "reject", "reason_code": "not_the_person"});
        let decided = supervisor.decide(&review, &ruling).await;
        assert_eq!(decided.status, 200, "{}", decided.text);

        let mut tx = app.app.store.read().await.unwrap();
        let second = fingerprints::by_checkin(&mut tx, id.parse().unwrap()).await.unwrap().unwrap();
        assert!(second.searched_at.is_some());
        let day = presences::of_day(&mut tx, second.person_id, second.work_date).await.unwrap();
        assert_eq!((day[0].verdict, day[0].decision.unwrap().to_string().as_str()), (Verdict::Flagged, "reject"));
        let of_the_first = presences::of_day(&mut tx, row.person_id, row.work_date).await.unwrap();
        assert_eq!(of_the_first[0].verdict, Verdict::Accepted, "whoever was first is not doubted");
        assert_eq!(log_entries::count(&mut tx, EntryKind::FindingAdded).await.unwrap(), 1);
        drop(tx);
        late::search_waiting(&app.app).await.unwrap();
        let again = colleague.get(&format!("/api/v1/checkins/{id}")).await.json;
        assert_eq!(again["findings"].as_array().unwrap().len(), 1, "once");
        app.stop().await;
    }

    async fn photos_kept_before_there_were_fingerprints_are_found_too(app: TestApp) {
        app.app.reuse.catch_up(&app.app.store, app.app.now()).await.unwrap();
        let photo = fresh();
        app.phone(EMPLOYEE).await.check_in(CheckIn { photo: photo.clone(), ..CheckIn::morning() }).await;
        let mut tx = app.app.store.write().await.unwrap();
        // As an earlier release would have left it.
        match &mut tx {
            Tx::Sqlite(tx) => drop(sqlx::query("DELETE FROM fingerprints").execute(&mut **tx).await.unwrap()),
            Tx::Postgres(tx) => drop(sqlx::query("DELETE FROM fingerprints").execute(&mut **tx).await.unwrap()),
        }
        tx.commit().await.unwrap();
        assert_eq!(hadir::jobs::fingerprint::make_missing(&app.app).await.unwrap(), 1);
        assert_eq!(hadir::jobs::fingerprint::make_missing(&app.app).await.unwrap(), 0);
        let copy = app.phone(COLLEAGUE).await.check_in(CheckIn { photo: half(&photo), ..CheckIn::morning() }).await;
        assert_eq!(copy.findings(), ["photo.of_another"], "{}", copy.text);
        app.stop().await;
    }

    async fn a_copy_found_late_joins_the_case_that_is_open_already_and_keeps_nobody_waiting(app: TestApp) {
        let (photo, other) = (fresh(), fresh());
        app.phone(EMPLOYEE).await.check_in(CheckIn { photo: photo.clone(), ..CheckIn::morning() }).await;
        app.clock.advance_seconds(1);
        let colleague = app.phone(COLLEAGUE).await;
        let coarse = CheckIn { photo: half(&photo), accuracy: 500.0, ..CheckIn::morning() };
        let flagged = late_answer(&app, &colleague, coarse).await;
        let stranger = app.phone(STRANGER).await;
        let id = flagged["receipt"]["checkin_id"].as_str().unwrap().to_owned();
        app.clock.advance_seconds(1);
        // In WITA it is past eight: the grace.
        let behind = late_answer(&app, &stranger, CheckIn { photo: other, ..CheckIn::morning() }).await;
        app.clock.advance_seconds(6);
        assert!(late::search_waiting(&app.app).await.is_ok());
        let view = colleague.get(&format!("/api/v1/checkins/{id}")).await.json;
        let codes: Vec<&str> = view["findings"].as_array().unwrap().iter().filter_map(|finding| finding["code"].as_str()).collect();
        assert_eq!(codes, ["location.cannot_tell", "photo.of_another"], "{view}");
        assert_eq!(view["reviews"].as_array().unwrap().len(), 1, "one case");
        let mut tx = app.app.store.read().await.unwrap();
        let behind = fingerprints::by_checkin(&mut tx, behind["receipt"]["checkin_id"].as_str().unwrap().parse().unwrap()).await.unwrap();
        assert!(behind.unwrap().searched_at.is_some());
        drop(tx);
        app.stop().await;
    }

    async fn whoever_came_first_is_not_accused_by_the_copy_that_came_later(app: TestApp) {
        app.app.reuse.catch_up(&app.app.store, app.app.now()).await.unwrap();
        let photo = fresh();
        let first = app.phone(EMPLOYEE).await.check_in(CheckIn { photo: photo.clone(), ..CheckIn::morning() }).await;
        app.clock.advance_seconds(2);
        let copy = app.phone(COLLEAGUE).await.check_in(CheckIn { photo, ..CheckIn::morning() }).await;
        assert_eq!(copy.findings(), ["photo.of_another"]);
        app.clock.advance_seconds(6);
        late::search_waiting(&app.app).await.unwrap();
        let id = first.json["receipt"]["checkin_id"].as_str().unwrap();
        let view = app.phone(EMPLOYEE).await.get(&format!("/api/v1/checkins/{id}")).await.json;
        assert_eq!(view["findings"].as_array().unwrap().len(), 0, "{view}");
        app.stop().await;
    }

    async fn two_copies_in_one_slot_leave_no_attempt_that_stands(app: TestApp) {
        let photo = fresh();
        app.phone(EMPLOYEE).await.check_in(CheckIn { photo: photo.clone(), ..CheckIn::morning() }).await;
        app.clock.advance_seconds(1);
        let colleague = app.phone(COLLEAGUE).await;
        for _ in 0..2 {
            late_answer(&app, &colleague, CheckIn { photo: half(&photo), ..CheckIn::morning() }).await;
        }
        app.clock.advance_seconds(6);
        // Two replicas at once.
        let (one, two) = tokio::join!(late::search_waiting(&app.app), late::search_waiting(&app.app));
        assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
        let supervisor = app.phone(SUPERVISOR).await;
        let queue = supervisor.get("/api/v1/reviews").await.json;
        assert_eq!((queue["items"].as_array().unwrap().len(), queue["items"][0]["attempts"].as_i64()), (1, Some(2)), "{queue}");
        let review = queue["items"][0]["id"].as_str().unwrap().to_owned();
        supervisor.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await;
        let ruling = json!({"decision": "reject", "reason_code": "not_the_person"});
        assert_eq!(supervisor.decide(&review, &ruling).await.status, 200);
        let record = colleague.get("/api/v1/me/today").await.json;
        assert!(record.to_string().contains("reject"), "{record}");
        let mut tx = app.app.store.read().await.unwrap();
        assert_eq!(log_entries::count(&mut tx, EntryKind::FindingAdded).await.unwrap(), 2, "each once");
        drop(tx);
        app.stop().await;
    }

    async fn every_replica_reads_what_the_others_wrote_once(app: TestApp) {
        app.app.reuse.catch_up(&app.app.store, app.app.now()).await.unwrap();
        for nip in [EMPLOYEE, COLLEAGUE, STRANGER] {
            assert_eq!(app.phone(nip).await.check_in(CheckIn::morning()).await.status, 201);
        }
        let replica = Reuse::start().unwrap();
        assert!(replica.everybody(PersonId::from_bytes([0; 16]), [Fingerprint::default(); 2], app.app.now()).await.is_none(), "not read yet");
        for reading in 0..3 {
            replica.catch_up(&app.app.store, app.app.now()).await.unwrap();
            assert_eq!((replica.len(), app.app.reuse.len()), (3, 3), "reading {reading}");
        }
        app.stop().await;
    }

    async fn of_ten_who_look_at_once_one_makes_the_copies_and_half_a_copy_is_made_anew(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let sent = phone.check_in(CheckIn::morning()).await;
        let id = sent.json["receipt"]["checkin_id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/checkins/{id}/photo");
        let looks = (0..10).map(|number| {
            let path = if number % 2 == 0 { path.clone() } else { format!("{path}?side=320") };
            let phone = &phone;
            async move { phone.get(&path).await }
        });
        let looks = futures_util::future::join_all(looks).await;
        assert!(looks.iter().all(|look| look.status == 200), "{}", looks[0].text);
        assert_eq!(app.app.metrics.copies_made.get(), 1);
        let date = "2026-11-23".parse().unwrap();
        let copy = app.app.blobs.list(date).await.unwrap().into_iter().find(|listed| listed.key.as_str().ends_with(".320.jpg")).unwrap().key;
        let whole = app.app.blobs.get(&copy).await.unwrap().unwrap();
        let torn = whole.slice(..whole.len() / 2);
        let sha256 = { use sha2::Digest as _; sha2::Sha256::digest(&torn).into() };
        app.app.blobs.put(&copy, torn, &sha256).await.unwrap();
        let again = phone.get(&format!("{path}?side=320")).await;
        assert_eq!((again.status, app.app.metrics.copies_made.get()), (200, 2));
        assert_eq!(again.bytes, looks[1].bytes);
        assert_eq!(app.app.blobs.get(&copy).await.unwrap(), Some(whole), "and kept whole");
        app.stop().await;
    }
}

/// Each replica draws its own ids.
static REPLICAS: AtomicU8 = AtomicU8::new(50);

/// Sends a check-in to a second replica of the same stores, whose memory has not been filled.
async fn late_answer(app: &TestApp, phone: &crate::support::Phone<'_>, checkin: CheckIn) -> serde_json::Value {
    let config =
        hadir::config::Config { reuse_inline_max_photos: 0, reuse_interval_ms: 3_600_000, ..app.app.config.clone() };
    let chance = Chance::from_seed([REPLICAS.fetch_add(1, Ordering::Relaxed); 32]);
    let replica = hadir::server::compose(config, app.clock.clone(), chance).await.unwrap();
    let running = hadir::server::start(replica).unwrap();
    let draft = phone.draft(&checkin).await;
    let form = crate::support::form(draft.to_string(), checkin.photo.clone());
    let url = format!("http://{}/api/v1/presence/morning", running.address());
    let answer = app.client.post(url).bearer_auth(&phone.token).multipart(form).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let answer: serde_json::Value = answer.json().await.unwrap();
    assert!(!answer.to_string().contains("photo.of_another"), "{answer}");
    running.stop().await;
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dark_picture_has_nothing_to_compare() {
    let app = TestApp::start(Engine::Sqlite).await;
    let black = || jpeg(&image::RgbImage::new(320, 240));
    for nip in [EMPLOYEE, COLLEAGUE] {
        let mut photo = black();
        // Another file of the same look: a comment in front.
        if nip == COLLEAGUE {
            photo = jpeg(&image::RgbImage::from_pixel(320, 240, image::Rgb([1, 1, 1])));
        }
        let answer = app.phone(nip).await.check_in(CheckIn { photo, ..CheckIn::morning() }).await;
        assert_eq!(answer.findings(), ["photo.dark"], "{}", answer.text);
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_is_told_what_photos_are_held_against() {
    let app = TestApp::start(Engine::Sqlite).await;
    let checks = app.phone(EMPLOYEE).await.get("/api/v1/photo-checks").await;
    assert_eq!((checks.status, checks.json["dark_mean"].as_f64()), (200, Some(20.0)));
    assert_eq!(checks.json["faces_checked"], false);
    app.stop().await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However many there are, and whoever they belong to: the answers are those of a plain loop.
    #[test]
    fn a_search_equals_a_plain_loop(seed in any::<u64>(), count in 0_usize..3000, turned in 0_u32..90) {
        let mut state = seed | 1;
        let mut word = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.wrapping_mul(0x2545_F491_4F6C_DD1D)
        };
        let (index, mut kept) = (Index::default(), Vec::new());
        for number in 0..count as u32 {
            let print = Fingerprint(std::array::from_fn(|_| word()));
            let person = (number % 7) as u8;
            index.enter(print, i64::from(number), PersonId::from_bytes([person; 16]));
            kept.push((print, person));
        }
        let mut asked = kept.get(count / 2).map_or(Fingerprint([seed; 4]), |(print, _)| *print);
        for _ in 0..turned {
            asked.0[(word() % 4) as usize] ^= 1 << (word() % 64);
        }
        let mirrored = Fingerprint(std::array::from_fn(|_| word()));
        for (except, person) in [(NOBODY, None), (index.ordinal(PersonId::from_bytes([3; 16])), Some(3))] {
            let found = &search(&index.snapshot(), &[Asked { prints: [asked, mirrored], except, until: i64::MAX }])[0];
            let mut expected: Vec<(u32, i64)> = kept
                .iter()
                .zip(0..)
                .filter(|((_, owner), _)| Some(*owner) != person)
                .map(|((print, _), number)| (print.distance(&asked), number))
                .filter(|(bits, _)| *bits <= hadir::evidence::photo::thresholds::others_bits(count as u64))
                .collect();
            expected.sort_unstable();
            expected.truncate(16);
            let hits: Vec<(u32, i64)> = found.hits.iter().map(|hit| (hit.nearness.bits, hit.recorded_at)).collect();
            prop_assert_eq!(hits, expected);
            prop_assert_eq!(found.searched, count as u64);
        }
    }
}

#[test]
fn a_search_sees_what_there_was_when_it_began_while_new_photos_are_entered() {
    let index = Index::default();
    let print = |number: u32| {
        Fingerprint(std::array::from_fn(|word| {
            u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(word as u32 * 17)
        }))
    };
    let enter = |range: std::ops::Range<u32>| {
        for number in range {
            index.enter(print(number), i64::from(number), PersonId::from_bytes([1; 16]));
        }
    };
    enter(1..1500);
    let before = index.snapshot();
    std::thread::scope(|scope| {
        scope.spawn(|| enter(1500..6000));
        for _ in 0..50 {
            let asked = Asked { prints: [print(1499); 2], except: NOBODY, until: i64::MAX };
            let late = Asked { prints: [print(1501); 2], ..asked };
            let found = search(&before, &[asked, late]);
            assert_eq!((found[0].searched, found[0].hits[0].recorded_at), (1499, 1499));
            assert!(found[1].hits.iter().all(|hit| hit.nearness.bits > 0), "not there yet");
        }
    });
    let after = search(&index.snapshot(), &[Asked { prints: [print(5999); 2], except: NOBODY, until: i64::MAX }]);
    assert_eq!((after[0].searched, after[0].hits[0].recorded_at), (5999, 5999));
}
