//! Check-ins as they are asked for and written: many at once.

use hadir::{
    model::{
        ids::{CheckinId, EntryId, PersonId},
        words::{EntryKind, Timing, Verdict},
    },
    store::{
        Json, Store, Tx,
        arrivals::{self, Asked},
        challenges::{self, ChallengeRow},
        checkins::{self, CheckinRow, EvidenceRow},
        examinations::{self, ExaminationRow, Settled},
        fingerprints::PrintsRow,
        log_entries::EntryRow,
        positions::PositionRow,
        presences::{self, Attempt},
        recordings::{ExaminedRows, Outcome, Photo, Recorder, Recording, write, write_examined},
    },
};
use serde_json::json;

use super::{World, date};

/// A whole check-in, the first of a slot on that day.
fn recording(world: &World, person_id: PersonId, day: &str) -> Recording {
    let (entry_id, now) = (EntryId::new(world.now, &world.chance), world.now);
    let work_date = date(day);
    let checkin = CheckinRow { person_id, work_date, ..world.checkin(entry_id, 1, now) };
    let (checkin_id, slot) = (checkin.id, checkin.slot);
    Recording {
        attempt: Attempt {
            person_id,
            unit_id: world.office,
            work_date,
            slot,
            verdict: Verdict::Accepted,
            timing: Timing::OnTime,
            received_at: now,
            checkin_id,
            number: 1,
        },
        entry: EntryRow {
            id: entry_id,
            kind: EntryKind::Checkin,
            recorded_at: now,
            salt: vec![1; 32],
            record: b"{}".to_vec(),
            entry_sha256: world.chance.bytes::<32>().to_vec(),
        },
        challenge: None,
        position: PositionRow {
            checkin_id,
            person_id,
            work_date,
            slot,
            received_at: now,
            sealed: b"sealed".to_vec(),
            fix_key: None,
            point_key: None,
            accuracy_m: None,
            plain: false,
            on_home_point: false,
        },
        photo: Photo::Examined(Box::new(examined(world, &checkin))),
        checkin,
    }
}

fn examined(world: &World, checkin: &CheckinRow) -> ExaminedRows {
    let checkin_id = checkin.id;
    ExaminedRows {
        evidence: EvidenceRow { checkin_id, photo: Json(json!({})), location: Json(json!({})), place_id: None },
        findings: Vec::new(),
        prints: PrintsRow {
            checkin_id,
            person_id: checkin.person_id,
            work_date: checkin.work_date,
            slot: checkin.slot,
            recorded_at: world.now,
            content_sha256: vec![5; 32],
            prints: None,
            searched_at: None,
        },
    }
}

pub async fn photos_wait_in_order_and_are_settled_once(world: &World, tx: &mut Tx) {
    let day = "2027-05-20";
    let mut waiting = Vec::new();
    for (number, seconds) in [(1, 5), (2, 3)] {
        let mut one = recording(world, world.employee, day);
        (one.attempt.number, one.attempt.verdict) = (number, Verdict::Examining);
        (one.checkin.attempt, one.checkin.verdict) = (number, Verdict::Examining);
        one.photo = Photo::Waits(ExaminationRow {
            checkin_id: one.checkin.id,
            queued_at: world.later(seconds),
            known: Json(json!({"a": 1.5})),
            held_until: world.now,
        });
        assert_eq!(write(tx, &[&one]).await.unwrap(), Outcome::Recorded);
        waiting.push(one);
    }
    assert_eq!(examinations::backlog(tx).await.unwrap(), (2, Some(world.later(3))));
    let taken = examinations::take(tx, world.later(60), world.now, 9).await.unwrap();
    let (first, second) = (waiting[0].checkin.id, waiting[1].checkin.id);
    assert_eq!(taken.iter().map(|row| row.checkin_id).collect::<Vec<_>>(), [second, first], "the oldest first");
    assert_eq!(taken[0].known, Json(json!({"a": 1.5})));
    assert!(examinations::take(tx, world.later(60), world.now, 9).await.unwrap().is_empty(), "they are held");
    assert_eq!(examinations::take(tx, world.later(90), world.later(60), 1).await.unwrap().len(), 1, "held too long");
    let set_back = examinations::take(tx, world.later(-900), world.later(-960), 9).await.unwrap();
    assert_eq!(set_back.len(), 2, "a clock that was ahead is not waited for");

    assert!(examinations::waits(tx, first).await.unwrap());
    let (found, zone, position) = examinations::subject(tx, first).await.unwrap();
    assert_eq!((found, zone.as_deref()), (Some(waiting[0].checkin.clone()), Some("Asia/Makassar")));
    assert_eq!(position, Some(waiting[0].position.clone()));
    let slot = waiting[0].attempt.slot_key();
    let settled = |checkin_id, verdict| Settled { checkin_id, slot, verdict, rules_version: "2".to_owned() };
    let stands = async |tx: &mut Tx| presences::of_day(tx, world.employee, slot.1).await.unwrap().remove(0);
    assert!(examinations::settle(tx, &[settled(first, Verdict::Flagged)]).await.unwrap());
    assert_eq!(stands(tx).await.verdict, Verdict::Examining, "another one is still examined");
    assert!(!examinations::settle(tx, &[settled(first, Verdict::Flagged)]).await.unwrap(), "once");
    let row = checkins::by_id(tx, first).await.unwrap().unwrap();
    assert_eq!((row.verdict, row.rules_version.as_str()), (Verdict::Flagged, "2"));
    write_examined(tx, &[&examined(world, &row)]).await.unwrap();
    assert!(examinations::settle(tx, &[settled(second, Verdict::Accepted)]).await.unwrap());
    let day = stands(tx).await;
    assert_eq!((day.verdict, day.best_checkin_id), (Verdict::Accepted, second));
    assert_eq!(examinations::backlog(tx).await.unwrap(), (0, None));
}

pub async fn what_a_check_in_asks_is_answered_at_once(world: &World, tx: &mut Tx) {
    let day = date("2027-05-03");
    let one = recording(world, world.employee, "2027-05-03");
    let asked = Asked {
        id: one.checkin.id,
        person_id: world.employee,
        unit_id: world.office,
        challenge: Some([0x5A; 32]),
        dates: (day.plus_days(-1), day),
        windows_to: day.plus_days(14),
    };
    let nothing = arrivals::ask(tx, &asked).await.unwrap();
    assert!(nothing.seen.is_none() && nothing.challenge.is_none() && nothing.presences.is_empty());
    let challenge = ChallengeRow {
        token_sha256: vec![0x5A; 32],
        person_id: world.employee,
        slot: one.checkin.slot,
        created_at: world.now,
        expires_at: world.later(600),
        spent_at: None,
        spent_by: None,
    };
    challenges::insert(tx, &challenge).await.unwrap();
    let used = Recording { challenge: Some([0x5A; 32]), ..one.clone() };
    assert_eq!(write(tx, &[&used]).await.unwrap(), Outcome::Recorded);
    let found = arrivals::ask(tx, &asked).await.unwrap();
    assert_eq!(found.seen, Some(one.checkin.clone()));
    assert_eq!(found.challenge.unwrap().spent_by, Some(one.checkin.id));
    assert_eq!(found.presences.len(), 1);
    assert_eq!(found.devices.len(), hadir::store::devices::every_of_person(tx, world.employee).await.unwrap().len());
    let schedules = hadir::store::schedules::for_unit(tx, world.office, asked.dates.0, asked.windows_to).await.unwrap();
    assert_eq!(found.schedules, schedules);
    for place in hadir::store::places::in_force(tx, world.employee, day).await.unwrap() {
        assert!(found.places.contains(&place));
    }
    let before = Asked { dates: (day.plus_days(-2), day.plus_days(-1)), ..asked };
    assert!(arrivals::ask(tx, &before).await.unwrap().presences.is_empty(), "of the dates that were asked for");
}

pub async fn check_ins_are_written_together_or_not_at_all(world: &World, tx: &mut Tx) {
    let some: Vec<_> = (4..=9).map(|day| recording(world, world.employee, &format!("2027-05-0{day}"))).collect();
    assert_eq!(write(tx, &some.iter().collect::<Vec<_>>()).await.unwrap(), Outcome::Recorded);
    for one in &some {
        assert_eq!(checkins::by_id(tx, one.checkin.id).await.unwrap(), Some(one.checkin.clone()));
        let day = presences::of_day(tx, world.employee, one.attempt.work_date).await.unwrap();
        assert_eq!((day[0].attempts, day[0].best_checkin_id), (1, one.checkin.id));
    }
    let again = recording(world, world.employee, "2027-05-04");
    assert_eq!(write(tx, &[&again]).await.unwrap(), Outcome::Stale, "it would be the second");
    let mut taken = recording(world, world.employee, "2027-05-10");
    taken.checkin.id = some[0].checkin.id;
    assert_eq!(write(tx, &[&taken]).await.unwrap(), Outcome::IdTaken);
    let spent = Recording { challenge: Some([0x5B; 32]), ..recording(world, world.employee, "2027-05-11") };
    assert_eq!(write(tx, &[&spent]).await.unwrap(), Outcome::ChallengeSpent);
}

/// Outside of the common transaction, since the recorder has its own.
pub async fn one_that_cannot_be_written_keeps_no_other_from_it(world: &World, store: &Store) {
    let recorder = Recorder::new(store);
    let first = recording(world, world.employee, "2027-06-01");
    assert_eq!(recorder.record(store, first.clone()).await.unwrap(), Outcome::Recorded);
    let fresh: Vec<_> = (2..=9).map(|day| recording(world, world.employee, &format!("2027-06-0{day}"))).collect();
    let mut all = fresh.clone();
    // Another attempt of a slot that is answered, a copy of a request, and two of the same slot.
    all.insert(3, recording(world, world.employee, "2027-06-01"));
    all.insert(5, Recording { attempt: first.attempt, ..first.clone() });
    all.push(recording(world, world.employee, "2027-06-09"));
    let outcomes = futures_util::future::join_all(all.iter().map(|one| recorder.record(store, one.clone()))).await;
    let outcomes: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    let recorded = outcomes.iter().filter(|outcome| **outcome == Outcome::Recorded).count();
    assert_eq!((recorded, outcomes[3], outcomes[5]), (8, Outcome::Stale, Outcome::Stale), "{outcomes:?}");
    let mut tx = store.read().await.unwrap();
    let ids: Vec<CheckinId> = fresh.iter().take(7).map(|one| one.checkin.id).collect();
    for id in ids {
        assert!(checkins::by_id(&mut tx, id).await.unwrap().is_some());
    }
}
