//! Cases of the background work: who does a job, orphans, faults, and what photos rows promise.

use hadir::{
    model::ids::{CheckinId, LeaseId},
    store::{Tx, checkins, jobs, log_entries, orphans, photo_faults, photos},
};

use super::{World, date};

pub async fn a_job_has_one_holder_and_keeps_its_place(world: &World, tx: &mut Tx) {
    let (ours, theirs) = (LeaseId::new(world.now, &world.chance), LeaseId::new(world.now, &world.chance));
    let claim = async |tx: &mut Tx, holder, now| {
        jobs::claim(tx, "work", holder, world.later(now + 60), world.later(now)).await.unwrap()
    };
    assert_eq!(claim(tx, ours, 0).await.as_deref(), Some(""));
    assert_eq!(claim(tx, theirs, 59).await, None);
    assert_eq!(claim(tx, ours, 50).await.as_deref(), Some(""), "kept");
    assert_eq!(claim(tx, theirs, 110).await.as_deref(), Some(""), "over");
    assert!(!jobs::rest(tx, "work", ours, world.later(999), "x").await.unwrap(), "not the holder");
    assert!(jobs::rest(tx, "work", theirs, world.later(200), "page 7").await.unwrap());
    assert_eq!(claim(tx, ours, 199).await, None);
    assert_eq!(claim(tx, ours, 200).await.as_deref(), Some("page 7"));
}

pub async fn orphans_and_faults_are_noted_once(world: &World, tx: &mut Tx) {
    assert!(orphans::note(tx, "2026-11-23/b", world.now).await.unwrap());
    assert!(!orphans::note(tx, "2026-11-23/b", world.later(5)).await.unwrap());
    assert!(orphans::note(tx, "2026-11-23/a", world.later(5)).await.unwrap());
    assert_eq!(orphans::count(tx).await.unwrap(), 2);
    assert_eq!(orphans::found_before(tx, world.later(4), 9).await.unwrap(), ["2026-11-23/b"]);
    assert_eq!(orphans::found_before(tx, world.later(5), 9).await.unwrap(), ["2026-11-23/b", "2026-11-23/a"]);
    orphans::forget(tx, "2026-11-23/b").await.unwrap();
    assert_eq!(orphans::count(tx).await.unwrap(), 1);

    let fault = |what: &str, seconds| photo_faults::FaultRow {
        photo_key: "2026-11-23/c".into(),
        photo_sha256: vec![7; 32],
        what: what.into(),
        found_at: world.later(seconds),
    };
    assert!(photo_faults::note(tx, &fault("missing", 0)).await.unwrap());
    assert!(!photo_faults::note(tx, &fault("missing", 9)).await.unwrap(), "known");
    assert!(photo_faults::note(tx, &fault("altered", 9)).await.unwrap(), "it is something else now");
    assert_eq!(photo_faults::all(tx, 9).await.unwrap(), [fault("altered", 0)]);
    photo_faults::forget(tx, "2026-11-23/c").await.unwrap();
    assert_eq!(photo_faults::all(tx, 9).await.unwrap(), []);
}

/// Two check-ins of the 23rd, and one answer with a photo.
pub async fn rows_say_which_photos_they_promise(tx: &mut Tx, ids: [CheckinId; 2]) {
    let day = date("2026-11-23");
    let (first, last) = photos::days(tx).await.unwrap().unwrap();
    assert!(first <= day && day <= last);
    let all = photos::of_day(tx, day, CheckinId::from_bytes([0; 16]), 99).await.unwrap();
    for id in ids {
        let row = checkins::by_id(tx, id).await.unwrap().unwrap();
        let found = all.iter().find(|photo| photo.id == id.0).unwrap();
        assert_eq!((&found.photo_key, &found.photo_sha256), (&row.photo_key, &row.photo_sha256));
    }
    let behind = photos::of_day(tx, day, CheckinId(all[0].id), 1).await.unwrap();
    assert_eq!(behind, all[1..2]);
    assert!(photos::of_day(tx, date("2001-01-01"), CheckinId::from_bytes([0; 16]), 9).await.unwrap().is_empty());
    assert_eq!(photos::after(tx, CheckinId(all[0].id), 1).await.unwrap(), all[1..2]);
    let of_answers = photos::of_answers(tx, day).await.unwrap();
    assert!(of_answers.iter().all(|photo| photo.photo_key.starts_with("2026-11-23/")));
    assert!(photos::of_answers(tx, date("2001-01-01")).await.unwrap().is_empty());
    assert!(log_entries::newest(tx).await.unwrap().is_some());
}
