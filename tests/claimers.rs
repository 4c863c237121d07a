//! Eight supervisors work through one queue of a thousand cases at once.

use std::collections::HashMap;

use futures_util::future::join_all;
use hadir::{
    model::{
        ids::{CheckinId, EntryId, PersonId, ReviewId, UnitId},
        words::{Assurance, LookKind, PhotoSource, ReviewEventKind, ReviewOrigin, Slot, Timing, Verdict},
    },
    store::{
        checkins::{self, CheckinRow},
        looks::{self, LookRow},
        people, review_events,
        reviews::{self, NewCase},
    },
};
use serde_json::{Value, json};

use crate::{
    on_both_engines,
    support::{EMPLOYEE, TestApp},
};

const CASES: usize = 1_000;
const CLAIMERS: usize = 8;

fn nip(number: usize) -> String {
    format!("30{number:02}")
}

/// Eight supervisors of one unit, each of whom has opened all photos.
async fn fill(app: &TestApp) -> Vec<ReviewId> {
    let (mut people, mut roles) = (String::new(), String::new());
    for number in 0..CLAIMERS {
        people += &format!("{},Pengawas {number},DINAS\n", nip(number));
        roles += &format!("{},supervisor,DINAS,2026-01-01,\n", nip(number));
    }
    let files = [
        ("people.csv".to_owned(), format!("nip,name,unit\n{people}")),
        ("roles.csv".to_owned(), format!("nip,role,unit,valid_from,valid_to\n{roles}")),
    ];
    hadir::people::import::texts_in(&app.app, &files, false).await.unwrap();
    let mut tx = app.app.store.write().await.unwrap();
    let known = people::by_nip(&mut tx, EMPLOYEE).await.unwrap().unwrap();
    let hash = known.password_hash.clone().unwrap();
    let mut supervisors = Vec::new();
    for number in 0..CLAIMERS {
        let person = people::by_nip(&mut tx, &nip(number)).await.unwrap().unwrap();
        people::set_password(&mut tx, person.id, &hash).await.unwrap();
        supervisors.push(person.id);
    }
    let mut cases = Vec::new();
    for day in 0..CASES {
        cases.push(case(app, &mut tx, (known.id, known.unit_id), i64::try_from(day).unwrap(), &supervisors).await);
    }
    tx.commit().await.unwrap();
    cases
}

async fn case(
    app: &TestApp,
    tx: &mut hadir::store::Tx,
    (person_id, unit_id): (PersonId, UnitId),
    day: i64,
    viewers: &[PersonId],
) -> ReviewId {
    let (now, chance) = (app.app.now(), &app.app.chance);
    let (checkin_id, id) = (CheckinId::new(now, chance), ReviewId::new(now, chance));
    let work_date = now.date_in(&jiff::tz::TimeZone::UTC).plus_days(-day);
    let row = CheckinRow {
        id: checkin_id,
        person_id,
        unit_id,
        slot: Slot::Morning,
        work_date,
        attempt: 1,
        received_at: now,
        timing: Timing::OnTime,
        verdict: Verdict::Flagged,
        rules_version: "test".into(),
        photo_sha256: vec![3; 32],
        photo_bytes: 12,
        photo_type: "image/jpeg".into(),
        photo_key: format!("key-{id}"),
        receipt: "{}".into(),
        entry_id: EntryId::new(now, chance),
        assurance: Assurance::Session,
        device_id: None,
        captured_at: None,
        photo_source: PhotoSource::Camera,
        photo_code: None,
    };
    assert_eq!(checkins::insert(tx, &[&row]).await.unwrap(), 1);
    let new = NewCase {
        id,
        person_id,
        unit_id,
        work_date,
        slot: Slot::Morning,
        urgency: 1,
        opened_at: now,
        origin: ReviewOrigin::Flagged,
        deciding_unit_id: Some(unit_id),
        target_at: now.plus_seconds(1_000),
        cause: None,
    };
    reviews::open(tx, &new).await.unwrap();
    reviews::add_attempt(tx, id, checkin_id).await.unwrap();
    for viewer_id in viewers {
        let entry_id = EntryId::new(now, chance);
        let look =
            LookRow { entry_id, checkin_id, viewer_id: *viewer_id, at: now, what: LookKind::Photo, viewer_name: None };
        looks::insert(tx, &look).await.unwrap();
    }
    id
}

/// Takes whatever is free in the queue, oldest first, until nothing waits; gives what was decided.
async fn work(app: &TestApp, nip: String) -> Vec<String> {
    let phone = app.phone(&nip).await;
    let ruling = json!({"decision": "accept", "reason_code": "in_order"});
    let mut decided = Vec::new();
    loop {
        let page = phone.get("/api/v1/reviews?scope=all&limit=40").await.json;
        let items = page["items"].as_array().unwrap().clone();
        if items.is_empty() {
            return decided;
        }
        for item in items.iter().filter(|item| item["claim"] == Value::Null) {
            let id = item["id"].as_str().unwrap();
            let claimed = phone.post(&format!("/api/v1/reviews/{id}/claim"), &json!({})).await;
            if claimed.status == 409 {
                assert!(["review-held", "review-decided"].contains(&claimed.code()), "{}", claimed.text);
                continue;
            }
            let answer = phone.post(&format!("/api/v1/reviews/{id}/decision"), &ruling).await;
            assert_eq!(answer.status, 200, "whoever holds a case decides it: {}", answer.text);
            decided.push(id.to_owned());
        }
    }
}

on_both_engines! {
    async fn eight_claimers_decide_each_of_a_thousand_cases_exactly_once(app: TestApp) {
        let cases = fill(&app).await;
        let counted = app.phone(&nip(0)).await.get("/api/v1/reviews/counts").await.json;
        assert_eq!(counted["total"], CASES);
        let done = join_all((0..CLAIMERS).map(|number| work(&app, nip(number)))).await;
        let mut times: HashMap<String, usize> = HashMap::new();
        for id in done.into_iter().flatten() {
            *times.entry(id).or_default() += 1;
        }
        assert_eq!(times.len(), CASES);
        assert!(times.values().all(|count| *count == 1), "none twice");
        let mut tx = app.app.store.read().await.unwrap();
        for id in cases {
            let events = review_events::of_review(&mut tx, id).await.unwrap();
            assert_eq!(events.iter().filter(|event| event.kind == ReviewEventKind::Decided).count(), 1, "{id}");
        }
        drop(tx);
        // What was counted among very many is told again for a moment, and says when it was counted.
        let told = app.phone(&nip(0)).await.get("/api/v1/reviews/counts").await.json;
        assert_eq!(told, counted);
        let other = app.phone(&nip(1)).await.get("/api/v1/reviews/counts").await.json;
        assert_eq!(other["total"], 0, "a count is for one person");
        app.clock.advance_seconds(hadir::tally::KEPT_S);
        let now = app.phone(&nip(0)).await.get("/api/v1/reviews/counts").await.json;
        assert_eq!(now["total"], 0);
        app.stop().await;
    }
}
