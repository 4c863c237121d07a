//! Cases of what the phone page needs: device keys, looks, days, questions, answers and appeals.

use hadir::{
    model::{
        ids::{AnswerId, CheckinId, DeviceId, EntryId, IncidentId, RosterId},
        words::{Duty, LookKind, ReasonCode, ReviewState, Slot},
    },
    store::{
        Tx,
        devices::{self, DeviceRow},
        incidents::{self, IncidentRow},
        looks::{self, LookRow},
        review_answers::{self, AnswerRow},
        reviews::{self, Appealing, Asking},
        rosters::{self, RosterRow},
    },
};

use super::{World, date, ruled};

pub async fn a_device_is_one_key_of_one_person(world: &World, tx: &mut Tx) {
    let device = |name: &str| DeviceRow {
        id: DeviceId::new(world.now, &world.chance),
        person_id: world.employee,
        name: name.into(),
        thumbprint: vec![7; 32],
        public_key: vec![8; 64],
        enrolled_at: world.now,
        revoked_at: None,
    };
    let first = device("Ponsel");
    assert_eq!(devices::enrol(tx, &first).await.unwrap(), Some(first.clone()));
    let again = devices::enrol(tx, &device("Ponsel lama")).await.unwrap().unwrap();
    assert_eq!((again.id, again.name.as_str()), (first.id, "Ponsel lama"), "the same key is the same phone");
    assert_eq!(devices::count(tx, world.employee).await.unwrap(), 1);
    assert_eq!(devices::of_person(tx, world.employee).await.unwrap()[0].last_used_at, None);
    assert!(!devices::revoke(tx, first.id, world.supervisor, world.later(1)).await.unwrap(), "somebody else's");
    assert!(devices::revoke(tx, first.id, world.employee, world.later(1)).await.unwrap());
    assert!(!devices::revoke(tx, first.id, world.employee, world.later(2)).await.unwrap(), "once");
    assert_eq!(devices::by_id(tx, first.id).await.unwrap().unwrap().revoked_at, Some(world.later(1)));
    assert_eq!(devices::count(tx, world.employee).await.unwrap(), 0);
    assert_eq!(devices::enrol(tx, &device("Ponsel")).await.unwrap(), None, "what was taken away stays away");
}

pub async fn a_look_is_told_with_the_name_of_who_looked(
    world: &World,
    tx: &mut Tx,
    entry_id: EntryId,
    checkin_id: CheckinId,
) {
    let row = LookRow {
        entry_id,
        checkin_id,
        viewer_id: world.supervisor,
        at: world.now,
        what: LookKind::Map,
        viewer_name: None,
    };
    looks::insert(tx, &row).await.unwrap();
    let found = looks::of_checkin(tx, checkin_id).await.unwrap();
    assert_eq!(found, [LookRow { viewer_name: Some("2".into()), ..row }]);
}

pub async fn a_day_has_the_shortest_roster_row(world: &World, tx: &mut Tx) {
    let roster = |from: &str, to: &str, duty| RosterRow {
        id: RosterId::new(world.now, &world.chance),
        person_id: world.employee,
        valid_from: date(from),
        valid_to: date(to),
        duty,
    };
    let month = roster("2026-11-01", "2026-11-30", Duty::Office);
    let leave = roster("2026-11-10", "2026-11-12", Duty::Leave);
    rosters::insert(tx, &month).await.unwrap();
    rosters::insert(tx, &leave).await.unwrap();
    assert_eq!(rosters::all(tx).await.unwrap(), [month.clone(), leave.clone()]);
    assert_eq!(rosters::of_person(tx, world.employee).await.unwrap(), [month.clone(), leave.clone()]);
    assert!(rosters::of_person(tx, world.supervisor).await.unwrap().is_empty());
    assert_eq!(rosters::on(tx, world.employee, date("2026-11-11")).await.unwrap(), Some(leave.clone()));
    assert_eq!(rosters::on(tx, world.employee, date("2026-11-13")).await.unwrap(), Some(month));
    assert_eq!(rosters::on(tx, world.employee, date("2026-12-01")).await.unwrap(), None);
    let longer = RosterRow { valid_to: date("2026-11-14"), duty: Duty::Exempt, ..leave };
    rosters::update(tx, &longer).await.unwrap();
    assert_eq!(rosters::on(tx, world.employee, date("2026-11-13")).await.unwrap(), Some(longer));
}

pub async fn an_incident_is_for_its_unit_and_those_below(world: &World, tx: &mut Tx) {
    let incident = |code: &str, unit_id, starts: i64, ends: i64| IncidentRow {
        id: IncidentId::new(world.now, &world.chance),
        code: code.into(),
        unit_id,
        starts_at: world.later(starts),
        ends_at: world.later(ends),
        words_id: "Jaringan padam.".into(),
        words_en: "No network.".into(),
    };
    let (everybody, above) = (incident("A", None, 0, 600), incident("B", Some(world.city), 100, 700));
    let below = incident("C", Some(world.office), 5_000, 6_000);
    for row in [&everybody, &above, &below] {
        incidents::insert(tx, row).await.unwrap();
    }
    assert_eq!(incidents::all(tx).await.unwrap(), [everybody.clone(), above.clone(), below]);
    let touching = incidents::for_unit(tx, world.office, world.later(150), world.later(200)).await.unwrap();
    assert_eq!(touching, [everybody.clone(), above]);
    let of_city = incidents::for_unit(tx, world.city, world.later(5_500), world.later(5_600)).await.unwrap();
    assert!(of_city.is_empty(), "what is declared for a unit is not for those above it");
    incidents::update(tx, &IncidentRow { ends_at: world.later(60), ..everybody }).await.unwrap();
    assert_eq!(incidents::all(tx).await.unwrap()[0].ends_at, world.later(60));
}

/// Asked, answered, decided, appealed, and decided by somebody else.
pub async fn a_case_waits_for_words_and_for_a_second_decision(world: &World, tx: &mut Tx) {
    let opened = world.case(Slot::Spot, 1);
    let id = reviews::open(tx, &opened).await.unwrap();
    let (who, other) = (world.supervisor, world.employee);
    let (until, due) = (world.later(600), world.later(7_200));
    let asking = Asking { by: who, at: world.now, question: "Di mana?", due_at: due, target_at: world.later(180_000) };
    assert!(!reviews::ask(tx, id, &asking).await.unwrap(), "not held");
    assert!(reviews::claim(tx, id, who, until, world.now).await.unwrap());
    assert!(reviews::ask(tx, id, &asking).await.unwrap());
    assert_eq!(reviews::count_asked(tx, world.employee).await.unwrap(), 1);
    let asked = reviews::by_id(tx, id).await.unwrap().unwrap();
    assert_eq!(
        (asked.state, asked.question.as_deref(), asked.asked_by, asked.due_at, asked.claimed_by),
        (ReviewState::Asked, Some("Di mana?"), Some(who), Some(due), None)
    );
    assert_eq!((asked.target_at, asked.version), (world.later(180_000), 2), "the clock stands still");
    let joined = reviews::open(tx, &world.case(Slot::Spot, 0)).await.unwrap();
    assert_eq!(joined, id, "a further attempt joins a case that waits");
    let reject = |at| ruled(who, at, ReasonCode::NotAtPlace);
    assert!(reviews::claim(tx, id, who, world.later(900), world.later(300)).await.unwrap());
    assert!(!reviews::decide(tx, id, &reject(world.later(301))).await.unwrap(), "it waits for words");
    assert!(!reviews::answered(tx, id, world.supervisor, world.later(9)).await.unwrap(), "not theirs");
    assert!(reviews::answered(tx, id, world.employee, world.later(9)).await.unwrap());
    let answer = AnswerRow {
        id: AnswerId::new(world.now, &world.chance),
        review_id: id,
        answered_at: world.later(310),
        words: "Di rumah.".into(),
        photo_sha256: Some(vec![4; 32]),
        photo_key: Some("key".into()),
    };
    review_answers::insert(tx, &answer).await.unwrap();
    assert_eq!(review_answers::by_id(tx, answer.id).await.unwrap(), Some(answer.clone()));
    assert_eq!(review_answers::of_review(tx, id).await.unwrap(), [answer]);
    assert!(reviews::claim(tx, id, who, world.later(900), world.later(320)).await.unwrap(), "open again");
    assert!(reviews::decide(tx, id, &reject(world.later(330))).await.unwrap());
    let (now, words) = (world.later(400), "Saya di rumah.");
    let appealing = Appealing {
        person_id: world.employee,
        words,
        at: now,
        decided_after: world.now,
        deciding_unit_id: Some(world.city),
        target_at: world.later(999),
    };
    let late = Appealing { decided_after: world.later(330), ..appealing };
    assert!(!reviews::appeal(tx, id, &late).await.unwrap(), "too late");
    let foreign = Appealing { person_id: world.supervisor, ..appealing };
    assert!(!reviews::appeal(tx, id, &foreign).await.unwrap(), "not theirs");
    assert!(reviews::appeal(tx, id, &appealing).await.unwrap());
    assert!(!reviews::appeal(tx, id, &appealing).await.unwrap(), "once");
    let latest = reviews::of_person(tx, world.employee, 10).await.unwrap();
    let found = latest.iter().find(|named| named.review.id == id).unwrap();
    assert_eq!(
        (found.review.state, found.review.appealed_from, found.review.barred_id, found.decided_by_name.as_deref()),
        (ReviewState::Appealed, Some(who), Some(who), Some("2"))
    );
    assert_ne!(reviews::open(tx, &world.case(Slot::Spot, 1)).await.unwrap(), id, "a new attempt is a new case");
    assert!(reviews::claim(tx, id, who, world.later(999), now).await.unwrap());
    assert!(!reviews::decide(tx, id, &reject(world.later(410))).await.unwrap(), "somebody else decides");
    assert!(reviews::release(tx, id, who).await.unwrap());
    assert!(reviews::claim(tx, id, other, world.later(999), now).await.unwrap());
    let accept = ruled(other, world.later(420), ReasonCode::PlaceExplained);
    assert!(reviews::decide(tx, id, &accept).await.unwrap());
}
