//! The same check-in sent again: one row, one photo, one receipt.

use std::{collections::HashMap, sync::Arc, time::Duration};

use hadir::model::chance::Chance;
use tokio::sync::Semaphore;

use crate::{
    on_both_engines,
    support::{self, COLLEAGUE, CheckIn, EMPLOYEE, Engine, TestApp, photos},
};

on_both_engines! {
    async fn the_same_id_and_photo_give_the_identical_receipt_again(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let checkin = CheckIn::morning();
        let first = phone.check_in(checkin.clone()).await;
        let second = phone.check_in(checkin.clone()).await;
        assert_eq!((first.status, second.status), (201, 200));
        assert_eq!(first.bytes, second.bytes);
        // Even when the window is over: the phone only learns late what was stored in time.
        app.set_clock("2026-11-23T03:00:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let third = phone.check_in(checkin).await;
        assert_eq!((third.status, &third.bytes), (200, &first.bytes));
        assert_eq!(app.stored().await, (1, 1));
        app.stop().await;
    }

    async fn the_same_id_for_anything_else_is_a_conflict(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let checkin = CheckIn::morning();
        assert_eq!(phone.check_in(checkin.clone()).await.status, 201);
        let other_photo = phone.check_in(CheckIn { photo: photos::other_room(), ..checkin.clone() }).await;
        assert_eq!((other_photo.status, other_photo.code()), (409, "checkin-id-taken"));
        let other_person = app.phone(COLLEAGUE).await.check_in(checkin.clone()).await;
        assert_eq!((other_person.status, other_person.code()), (409, "checkin-id-taken"));
        app.set_clock("2026-11-23T09:30:00Z");
        let phone = app.phone(EMPLOYEE).await;
        let other_slot = phone.check_in(CheckIn { slot: "evening", ..checkin }).await;
        assert_eq!((other_slot.status, other_slot.code()), (409, "checkin-id-taken"));
        assert_eq!(app.stored().await, (1, 1));
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_retries_stores_each_check_in_once_on_sqlite_and_folder() {
    storm(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_retries_stores_each_check_in_once_on_postgres_and_s3() {
    storm(Engine::Postgres).await;
}

/// Check-ins of the storm.
const CHECKINS: usize = 100;
/// Requests of the storm.
const REQUESTS: usize = 1000;

/// Sends 100 check-ins with 1,000 requests, several copies of one at a time; some phones hang up before the answer.
async fn storm(engine: Engine) {
    let app = TestApp::start_with(engine, |config| {
        config.slot_attempts_max = 1000;
        config.challenge_open_max = 1000;
        config.admission_wait_ms = 60_000;
        config.database_wait_ms = 60_000;
    })
    .await;
    let app = Arc::new(app);
    let phone = app.phone(EMPLOYEE).await;
    let mut sends = Vec::new();
    for number in 0..CHECKINS {
        let checkin = CheckIn { photo: photos::jpeg(&photos::picture(160, 120, number as u32)), ..CheckIn::morning() };
        let draft = phone.draft(&checkin).await.to_string();
        sends.push((checkin.id, draft, checkin.photo));
    }
    let (chance, in_flight) = (Chance::from_seed([3; 32]), Arc::new(Semaphore::new(64)));
    let mut senders = tokio::task::JoinSet::new();
    let mut sent = 0;
    while sent < REQUESTS {
        let [which, copies, hang_up] = chance.bytes::<3>();
        // Every check-in gets its turn first; then they are drawn at random.
        let which = if sent < CHECKINS { sent } else { usize::from(which) % CHECKINS };
        for copy in 0..=(copies % 5) {
            let (id, draft, photo) = sends[which].clone();
            let (client, token, url) =
                (app.client.clone(), phone.token.clone(), format!("{}/api/v1/presence/morning", app.url));
            let in_flight = Arc::clone(&in_flight);
            let patience = if (hang_up.wrapping_add(copy)) % 4 == 0 {
                Duration::from_millis(u64::from(hang_up % 40))
            } else {
                Duration::from_mins(2)
            };
            senders.spawn(async move {
                let _turn = in_flight.acquire_owned().await.expect("a turn");
                let request = client.post(url).bearer_auth(token).multipart(support::form(draft, photo)).send();
                let response = tokio::time::timeout(patience, request).await.ok()?.ok()?;
                let status = response.status().as_u16();
                Some((id, status, response.text().await.ok()?))
            });
            sent += 1;
        }
    }
    let mut receipts: HashMap<uuid::Uuid, String> = HashMap::new();
    let (mut answered, mut created) = (0, 0);
    while let Some(done) = senders.join_next().await {
        let Some((id, status, receipt)) = done.expect("a sender") else { continue };
        assert!(matches!(status, 200 | 201), "{status}: {receipt}");
        answered += 1;
        created += usize::from(status == 201);
        assert_eq!(receipts.entry(id).or_insert_with(|| receipt.clone()), &receipt, "two receipts for one check-in");
    }
    assert!(
        answered > REQUESTS / 2 && answered < sent,
        "some answers were dropped, most were not: {answered} of {sent}"
    );
    assert!(created <= CHECKINS);
    for (id, draft, photo) in sends {
        let last = phone.upload("morning", support::form(draft, photo)).await;
        assert!(matches!(last.status, 200 | 201), "{}", last.text);
        assert_eq!(receipts.entry(id).or_insert_with(|| last.text.clone()), &last.text);
    }
    assert_eq!(receipts.len(), CHECKINS);
    assert_eq!(app.stored().await, (i64::try_from(CHECKINS).unwrap(), CHECKINS));
}
