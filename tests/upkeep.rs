//! The work in the background that keeps what is kept whole: rows against photos, hashes, orphans, and who does it.

use bytes::Bytes;
use hadir::{
    blobs::{BlobKey, Listed},
    jobs::{election::Elected, upkeep::upkeep},
    model::{
        ids::CheckinId,
        time::{Timestamp, WorkDate},
    },
    reconcile::{
        Wrong,
        compare::{YOUNG_S, compare},
        day, orphans, read_back,
    },
    store::{
        checkins, orphans as noted,
        photo_faults::{self, FaultRow},
        photos::PhotoRow,
    },
};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::{
    on_both_engines,
    support::{CheckIn, EMPLOYEE, TestApp, new_id},
};

fn monday() -> WorkDate {
    "2026-11-23".parse().unwrap()
}

/// A check-in with both copies of its photo; gives the key of the photo.
async fn kept(app: &TestApp) -> (CheckinId, BlobKey) {
    let phone = app.phone(EMPLOYEE).await;
    let answer = phone.check_in(CheckIn::morning()).await;
    let id = answer.json["receipt"]["checkin_id"].as_str().unwrap().to_owned();
    phone.get(&format!("/api/v1/checkins/{id}/photo?side=320")).await;
    let id: CheckinId = id.parse().unwrap();
    let mut tx = app.app.store.read().await.unwrap();
    let row = checkins::by_id(&mut tx, id).await.unwrap().unwrap();
    (id, BlobKey::parse(&row.photo_key).unwrap())
}

/// A photo that no row refers to.
async fn orphan(app: &TestApp) -> BlobKey {
    let bytes = Bytes::from_static(b"left behind by a crash");
    let sha256 = Sha256::digest(&bytes).into();
    let key = BlobKey::photo(monday(), CheckinId(new_id()), &sha256);
    app.app.blobs.put(&key, bytes, &sha256).await.unwrap();
    key
}

/// Objects carry the machine's time, so the clock is set from there.
async fn set_days_after_writing(app: &TestApp, days: i64) {
    let written = app.app.blobs.list(monday()).await.unwrap()[0].modified;
    app.clock.set(written.plus_seconds(days * 86_400 + 3_600));
}

async fn round(app: &TestApp) {
    let mut job = Elected::new(&app.app, "test");
    upkeep(&app.app, &mut job).await.unwrap();
    job.rest(&app.app, 0).await.unwrap();
}

async fn keys(app: &TestApp) -> Vec<BlobKey> {
    app.app.blobs.list(monday()).await.unwrap().into_iter().map(|listed| listed.key).collect()
}

async fn faults(app: &TestApp) -> Vec<FaultRow> {
    photo_faults::all(&mut app.app.store.read().await.unwrap(), 9).await.unwrap()
}

on_both_engines! {
    async fn photos_without_a_check_in_are_found_a_day_later_kept_for_a_month_and_then_removed(app: TestApp) {
        let (_, photo) = kept(&app).await;
        let orphan = orphan(&app).await;
        set_days_after_writing(&app, 0).await;
        assert!(day(&app.app, monday(), YOUNG_S).await.unwrap().orphans.is_empty(), "it may be on its way");
        set_days_after_writing(&app, 1).await;
        let found = day(&app.app, monday(), YOUNG_S).await.unwrap();
        assert_eq!(found.orphans.iter().map(|listed| &listed.key).collect::<Vec<_>>(), [&orphan]);
        assert_eq!((found.promised, found.faults.len()), (1, 0));
        assert_eq!(orphans::note(&app.app, &found.orphans).await.unwrap(), 1);
        assert_eq!(orphans::note(&app.app, &found.orphans).await.unwrap(), 0, "once");
        assert_eq!(orphans::remove_old(&app.app).await.unwrap(), 0);
        assert!(keys(&app).await.contains(&orphan));
        set_days_after_writing(&app, 32).await;
        assert_eq!(orphans::remove_old(&app.app).await.unwrap(), 1);
        let left = keys(&app).await;
        assert_eq!((left.len(), left.contains(&orphan), left.contains(&photo)), (3, false, true), "the photo and its copies");
        assert_eq!(noted::count(&mut app.app.store.read().await.unwrap()).await.unwrap(), 0);
        app.stop().await;
    }

    async fn an_orphan_that_finds_its_row_again_stays(app: TestApp) {
        let (_, photo) = kept(&app).await;
        set_days_after_writing(&app, 1).await;
        let listed = Listed { key: photo.clone(), modified: app.app.now() };
        orphans::note(&app.app, &[listed]).await.unwrap();
        set_days_after_writing(&app, 40).await;
        assert_eq!(orphans::remove_old(&app.app).await.unwrap(), 0);
        assert!(keys(&app).await.contains(&photo));
        assert_eq!(noted::count(&mut app.app.store.read().await.unwrap()).await.unwrap(), 0);
        app.stop().await;
    }

    async fn a_photo_that_is_gone_is_an_alarm_until_it_is_back(app: TestApp) {
        let (_, photo) = kept(&app).await;
        let bytes = app.app.blobs.get(&photo).await.unwrap().unwrap();
        app.app.blobs.delete(&photo).await.unwrap();
        round(&app).await;
        round(&app).await;
        let known = faults(&app).await;
        assert_eq!(known.iter().map(|row| (row.photo_key.as_str(), row.what.as_str())).collect::<Vec<_>>(), [(photo.as_str(), "missing")]);
        let metrics = app.send(reqwest::Method::GET, "/metrics", |request| request).await.text;
        assert!(metrics.contains("hadir_photo_faults{code=\"missing\"} 1"), "{metrics}");
        app.app.blobs.put(&photo, bytes.clone(), &Sha256::digest(&bytes).into()).await.unwrap();
        round(&app).await;
        assert_eq!(faults(&app).await, []);
        let metrics = app.send(reqwest::Method::GET, "/metrics", |request| request).await.text;
        assert!(metrics.contains("hadir_photo_faults{code=\"missing\"} 0"), "{metrics}");
        app.stop().await;
    }

    async fn a_photo_of_other_bytes_is_noticed_when_it_is_read_back(app: TestApp) {
        let (id, photo) = kept(&app).await;
        let other = Bytes::from_static(b"something else");
        app.app.blobs.put(&photo, other.clone(), &Sha256::digest(&other).into()).await.unwrap();
        assert!(day(&app.app, monday(), YOUNG_S).await.unwrap().faults.is_empty(), "comparing reads no photo");
        let (found, read, next) = read_back(&app.app, CheckinId::from_bytes([0; 16]), 1).await.unwrap();
        assert_eq!((found[0].what, found[0].photo.id, read, next), (Wrong::Altered, id.0, 1, Some(id)));
        assert_eq!(read_back(&app.app, id, 1).await.unwrap(), (Vec::new(), 0, None), "behind the last one");
        round(&app).await;
        assert_eq!(faults(&app).await[0].what, "altered");
        app.stop().await;
    }

    async fn of_several_replicas_one_does_a_job_until_it_falls_silent(app: TestApp) {
        let (mut first, mut second) = (Elected::new(&app.app, "work"), Elected::new(&app.app, "work"));
        assert!(first.is_ours(&app.app).await.unwrap());
        assert!(!second.is_ours(&app.app).await.unwrap());
        app.clock.advance_seconds(30);
        assert!(first.is_ours(&app.app).await.unwrap(), "it says again that it is there");
        app.clock.advance_seconds(40);
        assert!(!second.is_ours(&app.app).await.unwrap());
        app.clock.advance_seconds(30);
        assert!(second.is_ours(&app.app).await.unwrap(), "the first has fallen silent");
        assert!(!first.is_ours(&app.app).await.unwrap(), "it is somebody else's now");
        second.place = "page 7".to_owned();
        second.rest(&app.app, 3_600).await.unwrap();
        app.clock.advance_seconds(3_599);
        assert!(!first.is_ours(&app.app).await.unwrap(), "it is done for now");
        app.clock.advance_seconds(1);
        assert!(first.is_ours(&app.app).await.unwrap());
        assert_eq!(first.place, "page 7", "it goes on where the other was");
        first.let_go(&app.app).await;
        assert!(second.is_ours(&app.app).await.unwrap(), "nobody waits for one that stops");
        app.stop().await;
    }
}

fn key(number: u8) -> BlobKey {
    BlobKey::photo(monday(), CheckinId::from_bytes([number; 16]), &[number; 32])
}

proptest! {
    #[test]
    fn whatever_rows_and_objects_there_are_each_is_matched_missing_or_an_orphan(
        rows in prop::collection::btree_set(0_u8..40, 0..30),
        objects in prop::collection::btree_map(0_u8..40, (any::<bool>(), any::<bool>()), 0..30),
    ) {
        let now = Timestamp::from_microsecond(1_800_000_000_000_000);
        let promised: Vec<PhotoRow> = rows
            .iter()
            .map(|&number| PhotoRow { id: new_id(), photo_key: key(number).to_string(), photo_sha256: vec![number; 32] })
            .collect();
        let there: Vec<Listed> = objects
            .iter()
            .map(|(&number, &(copy, old))| Listed {
                key: if copy { key(number).copy(320) } else { key(number) },
                modified: now.plus_seconds(if old { -YOUNG_S as i64 - 1 } else { -YOUNG_S as i64 }),
            })
            .collect();
        let found = compare(&promised, &there, now, YOUNG_S);
        for row in &promised {
            let is_there = there.iter().any(|listed| listed.key.as_str() == row.photo_key);
            prop_assert_eq!(is_there, !found.missing.contains(row));
        }
        for (listed, (number, (_, old))) in there.iter().zip(&objects) {
            prop_assert_eq!(found.orphans.contains(listed), *old && !rows.contains(number));
        }
    }
}
