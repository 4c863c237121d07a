//! A person's own history: time of the search inside a check-in, database and comparison together.

use cpu_time::ProcessTime;
use hadir::{
    evidence::photo::fingerprint::{Fingerprint, Fingerprints, Kept},
    model::{
        ids::{CheckinId, EntryId},
        time::WorkDate,
        words::{Assurance, EntryKind, PhotoSource, Slot, Timing, Verdict},
    },
    reuse::Subject,
    store::{
        checkins::{self, CheckinRow},
        fingerprints::{self, PrintsRow},
        log_entries::{self, EntryRow},
        people,
    },
};

use crate::{
    pictures::{Noise, median},
    support::{EMPLOYEE, Engine, TestApp},
};

/// About two years of two photos a working day.
const PHOTOS: i64 = 1_000;

pub fn run() {
    actix_web::rt::System::new().block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        let mut noise = Noise(3);
        let mut print = || Fingerprint(std::array::from_fn(|_| noise.next() ^ noise.next().rotate_left(29)));
        let mut tx = app.app.store.write().await.expect("a transaction");
        let person = people::by_nip(&mut tx, EMPLOYEE).await.expect("a row").expect("a person");
        let today: WorkDate = "2026-11-23".parse().expect("a date");
        for number in 0..PHOTOS {
            let at = app.app.now().plus_seconds(-number * 43_200);
            let entry_id = EntryId::new(at, &app.app.chance);
            let entry_sha256 = app.app.chance.bytes::<32>().to_vec();
            let entry = EntryRow {
                id: entry_id,
                kind: EntryKind::Checkin,
                recorded_at: at,
                salt: vec![0; 32],
                record: vec![0],
                entry_sha256,
            };
            log_entries::insert(&mut tx, &[&entry]).await.expect("an entry");
            let id = CheckinId::new(at, &app.app.chance);
            let (slot, work_date) = (Slot::Evening, today.plus_days(-1 - number / 2));
            let row = CheckinRow {
                id,
                person_id: person.id,
                unit_id: person.unit_id,
                slot,
                work_date,
                attempt: 1,
                received_at: at,
                timing: Timing::OnTime,
                verdict: Verdict::Accepted,
                rules_version: "measured".to_owned(),
                photo_sha256: vec![0; 32],
                photo_bytes: 1,
                photo_type: "image/jpeg".to_owned(),
                photo_key: id.to_string(),
                receipt: "{}".to_owned(),
                entry_id,
                assurance: Assurance::Session,
                device_id: None,
                captured_at: None,
                photo_source: PhotoSource::Unknown,
                photo_code: None,
            };
            checkins::insert(&mut tx, &[&row]).await.expect("a check-in");
            let kept = Kept { straight: std::array::from_fn(|_| print()), mirrored: print() };
            let prints = PrintsRow {
                checkin_id: id,
                person_id: person.id,
                work_date,
                slot,
                recorded_at: at,
                content_sha256: app.app.chance.bytes::<32>().to_vec(),
                prints: Some(kept.to_bytes().to_vec()),
                searched_at: Some(at),
            };
            fingerprints::insert(&mut tx, &[&prints]).await.expect("prints");
        }
        tx.commit().await.expect("a commit");
        let asked = Fingerprints {
            straight: std::array::from_fn(|_| print()),
            mirrored: std::array::from_fn(|_| print()),
            structure: 100,
        };
        let subject = Subject { person_id: person.id, work_date: today, slot: Slot::Morning };
        let (mut cpu, mut wall) = (Vec::new(), Vec::new());
        for _ in 0..101 {
            let (process, clock) = (ProcessTime::now(), std::time::Instant::now());
            let mut tx = app.app.store.read().await.expect("a transaction");
            let search =
                app.app.reuse.own(&mut tx, subject, &[7; 32], app.app.now(), Some(&asked)).await.expect("a search");
            tx.rollback().await.expect("a rollback");
            cpu.push(process.elapsed().as_secs_f64() * 1e3);
            wall.push(clock.elapsed().as_secs_f64() * 1e3);
            assert_eq!(search.searched_own, PHOTOS as u64);
        }
        println!(
            "own history of {PHOTOS} photos, SQLite: {:.2} ms CPU, {:.2} ms in all",
            median(&mut cpu),
            median(&mut wall)
        );
        app.stop().await;
    });
}
