//! Every store function does the same on both engines, and none goes untried: the statements that ran are compared with
//! the registry. One test in a binary of its own, because the count belongs to the process.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "conformance/admin.rs"]
mod admin;
#[path = "conformance/console.rs"]
mod console;
#[path = "conformance/notify.rs"]
mod notify;
#[path = "conformance/phone.rs"]
mod phone;
#[path = "support/postgres.rs"]
mod postgres;
#[path = "conformance/recordings.rs"]
mod recordings;
#[path = "conformance/upkeep.rs"]
mod upkeep;

use std::time::Duration;

use hadir::{
    model::{
        chance::Chance,
        ids::{
            AreaId, CheckinId, DeviceId, EntryId, PersonId, PlaceId, PlaceRequestId, ReadingId, ReviewEventId,
            ReviewId, RoleId, ScheduleId, SessionId, UnitId,
        },
        time::{Timestamp, WorkDate},
        words::{
            Assurance, Decision, EntryKind, PhotoSource, PlaceAct, PlaceKind, PlaceReason, PlaceRequestState,
            PresenceState, ReasonCode, ReviewEventKind, ReviewOrigin, Role, Severity, Slot, Timing, Verdict,
        },
    },
    store::{
        Json, Store, StoreOptions, Tx,
        areas::{self, AreaRow},
        cases,
        challenges::{self, ChallengeRow},
        checkins::{self, CheckinRow, EvidenceRow, FindingRow},
        fingerprints::{self, PrintsRow},
        home_readings::{self, ReadingRow},
        lines,
        log_entries::{self, EntryRow},
        people::{self, PersonRow},
        place_requests::{self, DecisionRow, PlaceRequestRow},
        places::{self, PlaceRow},
        positions::{self, PositionRow},
        presences::{self, Attempt},
        review_events::{self, ReviewEventRow},
        reviews::{self, BeforeDecision, NamedReview, NewCase, ReviewRow, Ruled},
        roles::{self, RoleRow},
        schedules::{self, ScheduleRow},
        sessions::{self, SessionRow},
        statements, throttles,
        units::{self, UnitRow},
    },
};
use serde_json::json;

/// A city with one employee and one supervisor, and ids that never repeat.
struct World {
    chance: Chance,
    now: Timestamp,
    city: UnitId,
    office: UnitId,
    employee: PersonId,
    supervisor: PersonId,
}

/// What a decision writes down.
fn ruled(by: PersonId, at: Timestamp, reason_code: ReasonCode) -> Ruled {
    let before = BeforeDecision { presence: None, left: None, ruling: None };
    Ruled { by, at, decision: reason_code.decision(), reason_code, note: None, before: Some(before), second_at: None }
}

fn date(text: &str) -> WorkDate {
    text.parse().unwrap()
}

impl World {
    /// A flagged morning check-in of the employee.
    fn checkin(&self, entry_id: EntryId, attempt: i64, received_at: Timestamp) -> CheckinRow {
        let id = CheckinId::new(self.now, &self.chance);
        CheckinRow {
            id,
            person_id: self.employee,
            unit_id: self.office,
            slot: Slot::Morning,
            work_date: date("2026-11-23"),
            attempt,
            received_at,
            timing: Timing::OnTime,
            verdict: Verdict::Flagged,
            rules_version: "test".into(),
            photo_sha256: vec![3; 32],
            photo_bytes: 12,
            photo_type: "image/jpeg".into(),
            photo_key: format!("key-{id}"),
            receipt: "{  }".into(),
            entry_id,
            assurance: Assurance::DeviceKey,
            device_id: Some(DeviceId::new(self.now, &self.chance)),
            captured_at: Some(received_at.plus_seconds(-61)),
            photo_source: PhotoSource::Camera,
            photo_code: Some("7K3Q".into()),
        }
    }

    /// A case of the employee about to be opened.
    fn case(&self, slot: Slot, urgency: i64) -> NewCase {
        NewCase {
            id: ReviewId::new(self.now, &self.chance),
            person_id: self.employee,
            unit_id: self.office,
            work_date: date("2026-11-23"),
            slot,
            urgency,
            opened_at: self.now,
            origin: ReviewOrigin::Flagged,
            deciding_unit_id: Some(self.office),
            target_at: self.later(172_800),
            cause: None,
        }
    }

    async fn new(tx: &mut Tx) -> Self {
        let chance = Chance::from_seed([5; 32]);
        let now = Timestamp::from_microsecond(1_763_856_300_123_456);
        let (city, office) = (UnitId::new(now, &chance), UnitId::new(now, &chance));
        let (employee, supervisor) = (PersonId::new(now, &chance), PersonId::new(now, &chance));
        let world = Self { chance, now, city, office, employee, supervisor };
        units_form_a_tree(&world, tx).await;
        people_are_found_and_changed(&world, tx).await;
        world
    }

    fn later(&self, seconds: i64) -> Timestamp {
        self.now.plus_seconds(seconds)
    }
}

async fn units_form_a_tree(world: &World, tx: &mut Tx) {
    let city = UnitRow {
        id: world.city,
        code: "KOTA".into(),
        name: "Kota".into(),
        parent_id: None,
        time_zone: "Asia/Jakarta".into(),
    };
    let office = UnitRow {
        id: world.office,
        code: "DINAS".into(),
        name: "Dinas".into(),
        parent_id: None,
        time_zone: "Asia/Makassar".into(),
    };
    units::insert(tx, &city).await.unwrap();
    units::insert(tx, &office).await.unwrap();
    let office = UnitRow { name: "Dinas Baru".into(), parent_id: Some(world.city), ..office };
    units::update(tx, &office).await.unwrap();
    lines::draw(tx).await.unwrap();
    units::hold_tree(tx).await.unwrap();
    assert_eq!(units::all(tx).await.unwrap(), [office.clone(), city]);
    assert_eq!(units::by_id(tx, world.office).await.unwrap(), Some(office));
}

async fn people_are_found_and_changed(world: &World, tx: &mut Tx) {
    let person = |id, nip: &str, unit_id| PersonRow {
        id,
        nip: nip.into(),
        name: nip.into(),
        unit_id,
        active: true,
        password_hash: None,
    };
    people::insert(tx, &person(world.supervisor, "2", world.city)).await.unwrap();
    people::insert(tx, &person(world.employee, "1", world.city)).await.unwrap();
    people::update(tx, &PersonRow { name: "Satu".into(), ..person(world.employee, "1", world.office) }).await.unwrap();
    people::set_password(tx, world.employee, "hash").await.unwrap();
    let found = people::by_nip(tx, "1").await.unwrap().unwrap();
    assert_eq!(
        (found.name.as_str(), found.unit_id, found.active, found.password_hash.as_deref()),
        ("Satu", world.office, true, Some("hash"))
    );
    assert!(people::by_id(tx, world.employee).await.unwrap() == Some(found));
    assert_eq!(people::all(tx).await.unwrap().iter().map(|row| row.nip.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(units::of_person(tx, world.employee).await.unwrap().unwrap().code, "DINAS");
}

async fn roles_hold_from_their_first_to_their_last_day(world: &World, tx: &mut Tx) {
    let id = RoleId::new(world.now, &world.chance);
    let role = RoleRow {
        id,
        person_id: world.supervisor,
        role: Role::Supervisor,
        unit_id: Some(world.city),
        valid_from: date("2026-01-01"),
        valid_to: None,
    };
    roles::insert(tx, &role).await.unwrap();
    assert_eq!(roles::all(tx).await.unwrap(), [role.clone()]);
    assert!(roles::supervises(tx, world.supervisor, world.office, date("2026-06-01")).await.unwrap(), "a unit below");
    assert!(!roles::supervises(tx, world.employee, world.office, date("2026-06-01")).await.unwrap());
    roles::set_end(tx, id, Some(date("2026-12-31"))).await.unwrap();
    for (day, held) in [("2025-12-31", 0), ("2026-01-01", 1), ("2026-12-31", 1), ("2027-01-01", 0)] {
        assert_eq!(roles::supervises(tx, world.supervisor, world.office, date(day)).await.unwrap(), held == 1, "{day}");
    }
}

async fn schedules_are_inherited_nearest_first(world: &World, tx: &mut Tx) {
    let row = |unit_id, valid_to| ScheduleRow {
        id: ScheduleId::new(world.now, &world.chance),
        unit_id,
        slot: Slot::Morning,
        valid_from: date("2026-01-01"),
        valid_to,
        weekdays: 31,
        opens_minute: 360,
        closes_minute: 480,
        grace_minutes: 30,
    };
    let (city, office) = (row(world.city, None), row(world.office, Some(date("2026-06-30"))));
    schedules::insert(tx, &city).await.unwrap();
    schedules::insert(tx, &office).await.unwrap();
    assert_eq!(schedules::all(tx).await.unwrap().len(), 2);
    let found = schedules::for_unit(tx, world.office, date("2026-06-30"), date("2026-07-14")).await.unwrap();
    assert_eq!(
        found.iter().map(|row| (row.depth, row.schedule.id)).collect::<Vec<_>>(),
        [(0, office.id), (1, city.id)]
    );
    let later = schedules::for_unit(tx, world.office, date("2026-07-01"), date("2026-07-14")).await.unwrap();
    assert_eq!(later.len(), 1);
    let changed = ScheduleRow { grace_minutes: 15, ..city };
    schedules::update(tx, &changed).await.unwrap();
    let found = schedules::for_unit(tx, world.city, date("2026-07-01"), date("2026-07-14")).await.unwrap();
    assert_eq!(found[0].schedule, changed);
}

async fn places_are_versions_with_dates(world: &World, tx: &mut Tx) -> PlaceId {
    let place = PlaceRow {
        id: PlaceId::new(world.now, &world.chance),
        person_id: world.employee,
        kind: PlaceKind::Home,
        version: 1,
        shape: b"{}".to_vec(),
        cell_key: Some(vec![7; 32]),
        sigma_m: 10.0,
        valid_from: date("2026-01-01"),
        valid_to: None,
        created_at: world.now,
        request_id: None,
    };
    places::insert(tx, &place).await.unwrap();
    assert_eq!(places::open_homes(tx).await.unwrap(), [place.clone()]);
    assert_eq!(places::of_person(tx, world.employee).await.unwrap(), [place.clone()]);
    assert_eq!(places::by_id(tx, place.id).await.unwrap(), Some(place.clone()));
    assert_eq!(places::in_cell(tx, &[7; 32], date("2026-06-01")).await.unwrap(), [place.clone()]);
    assert!(places::in_cell(tx, &[8; 32], date("2026-06-01")).await.unwrap().is_empty());
    places::set_end(tx, place.id, Some(date("2026-11-30"))).await.unwrap();
    assert!(places::in_cell(tx, &[7; 32], date("2026-12-01")).await.unwrap().is_empty(), "over");
    let resealed =
        PlaceRow { shape: b"other".to_vec(), cell_key: None, valid_to: Some(date("2026-11-30")), ..place.clone() };
    places::seal(tx, &resealed).await.unwrap();
    let nil = PlaceId(uuid::Uuid::nil());
    assert_eq!(places::after(tx, nil, 9).await.unwrap(), [resealed]);
    assert!(places::after(tx, place.id, 9).await.unwrap().is_empty());
    assert!(places::open_homes(tx).await.unwrap().is_empty());
    assert_eq!(places::in_force(tx, world.employee, date("2026-11-30")).await.unwrap().len(), 1);
    assert!(places::in_force(tx, world.employee, date("2026-12-01")).await.unwrap().is_empty());
    place.id
}

async fn a_session_rotates_once_a_generation_and_ends(world: &World, tx: &mut Tx) {
    let id = SessionId::new(world.now, &world.chance);
    let (now, expires_at) = (world.now, world.later(1000));
    let session = SessionRow {
        id,
        person_id: world.employee,
        generation: 1,
        created_at: now,
        rotated_at: now,
        expires_at,
        revoked_at: None,
        cookie_sha256: None,
        seen_at: None,
    };
    sessions::insert(tx, &session).await.unwrap();
    assert!(sessions::rotate(tx, id, 1, world.later(5)).await.unwrap());
    assert!(!sessions::rotate(tx, id, 1, world.later(6)).await.unwrap());
    let found = sessions::by_id(tx, id).await.unwrap().unwrap();
    assert_eq!((found.generation, found.rotated_at, found.revoked_at), (2, world.later(5), None));
    let holders = sessions::holder(tx, id, world.later(999)).await.unwrap();
    assert_eq!(holders.len(), 1, "one row for a person without a role");
    let holder = &holders[0];
    assert_eq!(
        (holder.person_id, holder.unit_id, holder.time_zone.as_str(), holder.role),
        (world.employee, world.office, "Asia/Makassar", None)
    );
    for unit_id in [Some(world.office), None] {
        let id = RoleId::new(world.now, &world.chance);
        let (valid_from, valid_to) = (date("2026-01-01"), unit_id.map(|_| date("2026-12-31")));
        let role = RoleRow { id, person_id: world.employee, role: Role::Supervisor, unit_id, valid_from, valid_to };
        roles::insert(tx, &role).await.unwrap();
    }
    let holders = sessions::holder(tx, id, world.later(999)).await.unwrap();
    let roles: Vec<_> = holders.iter().map(|row| (row.role, row.role_unit_id, row.valid_from, row.valid_to)).collect();
    let role = |unit_id, valid_to| (Some(Role::Supervisor), unit_id, Some(date("2026-01-01")), valid_to);
    assert_eq!(roles.len(), 2);
    assert!(roles.contains(&role(Some(world.office), Some(date("2026-12-31")))), "{roles:?}");
    assert!(roles.contains(&role(None, None)), "{roles:?}");
    assert!(sessions::holder(tx, id, world.later(1000)).await.unwrap().is_empty(), "over");
    sessions::revoke(tx, id, world.later(7)).await.unwrap();
    assert!(sessions::holder(tx, id, world.later(8)).await.unwrap().is_empty(), "revoked");
    let second = SessionRow { id: SessionId::new(world.now, &world.chance), ..session };
    sessions::insert(tx, &second).await.unwrap();
    assert_eq!(
        sessions::revoke_all(tx, world.employee, world.later(9)).await.unwrap(),
        1,
        "the first was revoked before"
    );
}

async fn a_throttle_counts_until_it_blocks(world: &World, tx: &mut Tx) {
    assert!(throttles::by_bucket(tx, "account:1").await.unwrap().is_none());
    assert_eq!(throttles::count(tx, "account:1", world.now, world.later(900)).await.unwrap(), Some(1));
    assert_eq!(throttles::count(tx, "account:1", world.now, world.later(900)).await.unwrap(), Some(2));
    throttles::block(tx, "account:1", world.later(10)).await.unwrap();
    assert_eq!(throttles::count(tx, "account:1", world.later(9), world.later(900)).await.unwrap(), None);
    assert_eq!(throttles::count(tx, "account:1", world.later(10), world.later(900)).await.unwrap(), Some(3));
    assert_eq!(throttles::by_bucket(tx, "account:1").await.unwrap().unwrap().updated_at, world.later(10));
    throttles::block(tx, "account:1", world.later(4_000)).await.unwrap();
    let set_back = throttles::count(tx, "account:1", world.later(10), world.later(910)).await.unwrap();
    assert_eq!(set_back, Some(4), "a clock that was ahead blocks nobody");
    assert_eq!(throttles::forget(tx, world.later(10)).await.unwrap(), 0);
    throttles::delete(tx, "account:1").await.unwrap();
    assert!(throttles::by_bucket(tx, "account:1").await.unwrap().is_none());
}

async fn a_challenge_is_spent_once_by_its_owner(world: &World, tx: &mut Tx) {
    let hash = [9; 32];
    let row = ChallengeRow {
        token_sha256: hash.to_vec(),
        person_id: world.employee,
        slot: Slot::Morning,
        created_at: world.now,
        expires_at: world.later(600),
        spent_at: None,
        spent_by: None,
    };
    challenges::insert(tx, &row).await.unwrap();
    let open = async |tx: &mut Tx, now, since| challenges::count_open(tx, world.employee, now, since).await.unwrap();
    assert_eq!(open(tx, world.now, world.later(-1)).await, (1, 1));
    assert_eq!(open(tx, world.later(599), world.now).await, (0, 1), "fetched before, and still good");
    assert_eq!(open(tx, world.later(600), world.now).await, (0, 0));
    let entry = EntryId::new(world.now, &world.chance);
    let mine = CheckinRow { slot: Slot::Morning, ..world.checkin(entry, 1, world.now) };
    let by = mine.id;
    let others = CheckinRow { person_id: world.supervisor, ..mine.clone() };
    let evening = CheckinRow { slot: Slot::Evening, ..mine.clone() };
    assert_eq!(challenges::spend(tx, &[(hash, &others)]).await.unwrap(), 0);
    assert_eq!(challenges::spend(tx, &[(hash, &evening)]).await.unwrap(), 0);
    assert_eq!(challenges::spend(tx, &[([7; 32], &mine), (hash, &mine), ([8; 32], &mine)]).await.unwrap(), 1);
    assert_eq!(challenges::spend(tx, &[(hash, &mine)]).await.unwrap(), 0, "once");
    let found = challenges::by_hash(tx, &hash).await.unwrap().unwrap();
    assert_eq!((found.spent_by, found.spent_at, found.slot), (Some(by), Some(world.now), Slot::Morning));
    assert_eq!(challenges::forget(tx, world.later(601)).await.unwrap(), 1);
}

async fn a_log_entry_is_kept_byte_by_byte(world: &World, tx: &mut Tx) -> EntryId {
    let id = EntryId::new(world.now, &world.chance);
    let row = EntryRow {
        id,
        kind: EntryKind::Checkin,
        recorded_at: world.now,
        salt: vec![1; 32],
        record: b"{ \"a\":1}".to_vec(),
        entry_sha256: vec![2; 32],
    };
    log_entries::insert(tx, &[&row]).await.unwrap();
    assert_eq!(log_entries::by_id(tx, id).await.unwrap(), Some(row));
    assert_eq!(log_entries::count(tx, EntryKind::Checkin).await.unwrap(), 1);
    assert_eq!(log_entries::count(tx, EntryKind::Import).await.unwrap(), 0);
    id
}

async fn a_check_in_is_stored_once_with_evidence_and_findings(
    world: &World,
    tx: &mut Tx,
    entry_id: EntryId,
    place_id: PlaceId,
) -> [CheckinId; 2] {
    let (first, second) = (world.checkin(entry_id, 1, world.now), world.checkin(entry_id, 2, world.later(60)));
    assert_eq!(checkins::insert(tx, &[&first]).await.unwrap(), 1);
    assert_eq!(checkins::insert(tx, &[&first, &second]).await.unwrap(), 1, "the same id again");
    assert_eq!(checkins::by_id(tx, first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(checkins::count(tx).await.unwrap(), 2);
    let newest = checkins::of_person(tx, world.employee, (world.later(999), first.id), 1).await.unwrap();
    assert_eq!(newest, [second.clone()]);
    let older = checkins::of_person(tx, world.employee, (second.received_at, second.id), 5).await.unwrap();
    assert_eq!(older, [first.clone()]);
    assert_eq!(checkins::bytes_of_person(tx, world.employee).await.unwrap(), 24);
    assert_eq!(checkins::bytes_of_person(tx, world.supervisor).await.unwrap(), 0);
    let (day, start) = (date("2026-11-23"), (world.later(999), first.id));
    let of_day = checkins::of_dates(tx, world.employee, (day, day), start, 5).await.unwrap();
    assert_eq!(of_day, [second.clone(), first.clone()]);
    let day_after = (day.plus_days(1), day.plus_days(9));
    assert!(checkins::of_dates(tx, world.employee, day_after, start, 5).await.unwrap().is_empty());

    let evidence = EvidenceRow {
        checkin_id: first.id,
        photo: Json(json!({"a": [1, null]})),
        location: Json(json!({"x": -6.595})),
        place_id: Some(place_id),
    };
    checkins::insert_evidence(tx, &[&evidence]).await.unwrap();
    assert_eq!(checkins::evidence(tx, first.id).await.unwrap(), Some(evidence));
    let finding = FindingRow {
        checkin_id: first.id,
        ordinal: 0,
        code: "location.outside".into(),
        severity: Severity::High,
        flags: true,
        measured: Some(212.5),
        threshold: None,
        unit_of_measure: Some("m".into()),
        words_id: "Di luar ± 35 m".into(),
        words_en: "Outside ± 35 m".into(),
    };
    checkins::insert_findings(tx, &[&finding]).await.unwrap();
    assert_eq!(checkins::findings(tx, first.id).await.unwrap(), [finding]);
    [first.id, second.id]
}

async fn a_presence_keeps_the_best_verdict_and_the_earliest_time(
    world: &World,
    tx: &mut Tx,
    [first, second]: [CheckinId; 2],
) {
    let attempt = |verdict, timing, received_at, checkin_id, number| Attempt {
        person_id: world.employee,
        unit_id: world.office,
        work_date: date("2026-11-23"),
        slot: Slot::Morning,
        verdict,
        timing,
        received_at,
        checkin_id,
        number,
    };
    let late = attempt(Verdict::Flagged, Timing::Late, world.later(60), first, 1);
    assert_eq!(presences::record(tx, &[&late]).await.unwrap(), 1);
    let day = date("2026-11-23");
    presences::settle(tx, world.employee, day, Slot::Morning, Decision::Reject).await.unwrap();
    assert_eq!(presences::of_day(tx, world.employee, day).await.unwrap()[0].decision, Some(Decision::Reject));
    let better = attempt(Verdict::Accepted, Timing::OnTime, world.now, second, 2);
    assert_eq!(presences::record(tx, &[&better]).await.unwrap(), 1);
    assert_eq!(presences::record(tx, &[&better]).await.unwrap(), 0, "it is not the next one any more");
    let found = presences::of_day(tx, world.employee, day).await.unwrap().remove(0);
    assert_eq!((found.verdict, found.timing, found.first_received_at), (Verdict::Accepted, Timing::OnTime, world.now));
    assert_eq!((found.best_checkin_id, found.attempts), (second, 2));
    assert_eq!(
        (found.state, found.decision),
        (PresenceState::Received, None),
        "a rejection is open again after a better attempt"
    );
    presences::settle(tx, world.employee, day, Slot::Morning, Decision::Reject).await.unwrap();
    let found = presences::of_day(tx, world.employee, day).await.unwrap().remove(0);
    assert_eq!(
        (found.state, found.decision),
        (PresenceState::Settled, Some(Decision::Accept)),
        "what was accepted stays"
    );
}

async fn a_case_is_read_whole(world: &World, tx: &mut Tx, review: &ReviewRow, ids: [CheckinId; 2]) {
    let names = cases::names(tx, review.id).await.unwrap().unwrap();
    assert_eq!((names.nip.as_str(), names.claimed_by_name.as_deref(), names.asked_by_name), ("1", Some("2"), None));
    assert_eq!(names.time_zone, "Asia/Makassar");
    assert_eq!(cases::names(tx, ReviewId::new(world.now, &world.chance)).await.unwrap(), None);
    let found = cases::attempts(tx, review, world.supervisor).await.unwrap();
    for (attempt, id) in found.rows.iter().zip(ids) {
        assert_eq!(Some(&attempt.checkin), checkins::by_id(tx, id).await.unwrap().as_ref());
        let evidence = checkins::evidence(tx, id).await.unwrap();
        assert_eq!(attempt.location, evidence.map(|evidence| evidence.location));
        assert_eq!((attempt.in_case, attempt.looks, attempt.device_name.as_deref()), (1, 0, None));
        let of_this: Vec<FindingRow> =
            found.findings.iter().filter(|finding| finding.checkin_id == id).cloned().collect();
        assert_eq!(of_this, checkins::findings(tx, id).await.unwrap());
        let of_this = found.outcomes.iter().filter(|outcome| outcome.checkin_id == id);
        let of_this: Vec<NamedReview> = of_this.map(|outcome| outcome.named.clone()).collect();
        assert_eq!(of_this, reviews::of_checkin(tx, id).await.unwrap());
    }
    assert_eq!((found.rows.len(), found.findings.len(), found.outcomes.len()), (2, 1, 2));
}

async fn a_review_is_one_open_case_with_one_holder(world: &World, tx: &mut Tx, [first, second]: [CheckinId; 2]) {
    let case = |urgency| world.case(Slot::Morning, urgency);
    let opened = case(1);
    let id = reviews::open(tx, &opened).await.unwrap();
    assert_eq!(id, opened.id);
    reviews::add_attempt(tx, id, first).await.unwrap();
    let until = world.later(600);
    assert!(reviews::claim(tx, id, world.supervisor, until, world.now).await.unwrap());
    assert!(!reviews::claim(tx, id, world.employee, until, world.now).await.unwrap(), "held");
    assert_eq!(reviews::open(tx, &case(0)).await.unwrap(), id, "joins the open case");
    reviews::add_attempt(tx, id, second).await.unwrap();
    let found = reviews::by_id(tx, id).await.unwrap().unwrap();
    assert_eq!((found.urgency, found.claimed_by), (0, None), "more urgent, and unseen by who held it");
    reviews::calm(tx, &[(world.employee, date("2026-11-23"), Slot::Morning)]).await.unwrap();
    assert_eq!(reviews::by_id(tx, id).await.unwrap().unwrap().urgency, 0, "a grave reason stays");
    assert_eq!(
        checkins::of_review(tx, id).await.unwrap().iter().map(|row| row.id).collect::<Vec<_>>(),
        [first, second]
    );

    assert!(reviews::claim(tx, id, world.employee, world.later(10), world.now).await.unwrap());
    assert!(
        reviews::claim(tx, id, world.supervisor, world.later(700), world.later(10)).await.unwrap(),
        "the lease is over"
    );
    assert!(!reviews::release(tx, id, world.employee).await.unwrap());
    assert!(reviews::release(tx, id, world.supervisor).await.unwrap());
    let ruled = |at| ruled(world.supervisor, at, ReasonCode::NotAtPlace);
    assert!(!reviews::decide(tx, id, &ruled(world.now)).await.unwrap(), "not held");
    assert!(reviews::claim(tx, id, world.supervisor, until, world.now).await.unwrap());
    assert!(!reviews::decide(tx, id, &ruled(until)).await.unwrap(), "the lease is over");
    let noted = Ruled { note: Some("catatan".into()), ..ruled(world.later(1)) };
    assert!(reviews::decide(tx, id, &noted).await.unwrap());
    assert!(!reviews::decide(tx, id, &ruled(world.later(2))).await.unwrap(), "once");
    let named = reviews::of_checkin(tx, second).await.unwrap().remove(0);
    assert_eq!(
        (named.review.decision, named.review.note.as_deref(), named.decided_by_name.as_deref()),
        (Some(Decision::Reject), Some("catatan"), Some("2"))
    );
    let review = reviews::by_id(tx, id).await.unwrap().unwrap();
    a_case_is_read_whole(world, tx, &review, [first, second]).await;
    assert_ne!(reviews::open(tx, &case(1)).await.unwrap(), id, "a decided case takes no more attempts");

    for (kind, actor_id, at) in
        [(ReviewEventKind::Opened, None, world.now), (ReviewEventKind::Decided, Some(world.supervisor), world.later(1))]
    {
        let id = ReviewEventId::new(world.now, &world.chance);
        let event = ReviewEventRow {
            id,
            review_id: opened.id,
            kind,
            actor_id,
            actor_name: None,
            at,
            detail: Json(json!({"reasons": []})),
        };
        review_events::add(tx, &event).await.unwrap();
    }
    let events = review_events::of_review(tx, opened.id).await.unwrap();
    assert_eq!(
        events.iter().map(|event| (event.kind, event.actor_name.as_deref())).collect::<Vec<_>>(),
        [(ReviewEventKind::Opened, None), (ReviewEventKind::Decided, Some("2"))]
    );
}

async fn times_keep_every_microsecond_and_dates_every_day(world: &World, tx: &mut Tx) {
    for micros in [0, 1, 946_684_799_999_999, 946_684_800_000_000, 4_102_444_800_000_001] {
        let at = Timestamp::from_microsecond(micros);
        let id = EntryId::new(world.now, &world.chance);
        let row = EntryRow {
            id,
            kind: EntryKind::Import,
            recorded_at: at,
            salt: vec![0; 32],
            record: vec![],
            entry_sha256: world.chance.bytes::<32>().to_vec(),
        };
        log_entries::insert(tx, &[&row]).await.unwrap();
        assert_eq!(log_entries::by_id(tx, id).await.unwrap().unwrap().recorded_at, at);
    }
    for day in ["0001-01-01", "1999-12-31", "2000-01-01", "2024-02-29", "9999-12-31"] {
        let id = RoleId::new(world.now, &world.chance);
        let row = RoleRow {
            id,
            person_id: world.employee,
            role: Role::Auditor,
            unit_id: None,
            valid_from: date(day),
            valid_to: Some(date(day)),
        };
        roles::insert(tx, &row).await.unwrap();
        assert!(roles::all(tx).await.unwrap().contains(&row), "{day}");
    }
}

async fn fingerprints_are_found_by_content_person_and_time(
    world: &World,
    tx: &mut Tx,
    [first, second]: [CheckinId; 2],
) {
    let (day, slot) = (date("2026-11-23"), Slot::Morning);
    let row = |checkin_id, person_id, seconds, prints: Option<u8>| PrintsRow {
        checkin_id,
        person_id,
        work_date: day,
        slot,
        recorded_at: world.later(seconds),
        content_sha256: vec![8; 32],
        prints: prints.map(|byte| vec![byte; 160]),
        searched_at: None,
    };
    let (own, other) = (row(first, world.employee, 10, Some(0xAB)), row(second, world.supervisor, 20, None));
    let missing = async |tx: &mut Tx| {
        let rows = checkins::without_prints(tx, 9).await.unwrap();
        rows.iter().map(|row| row.id).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(missing(tx).await, [first, second].into());
    fingerprints::insert(tx, &[&own]).await.unwrap();
    assert_eq!(missing(tx).await, [second].into());
    fingerprints::insert(tx, &[&other]).await.unwrap();
    fingerprints::insert(tx, &[&row(second, world.employee, 21, Some(1))]).await.unwrap();
    assert!(missing(tx).await.is_empty());
    assert_eq!(fingerprints::by_checkin(tx, second).await.unwrap(), Some(other.clone()));
    assert_eq!(fingerprints::at(tx, own.recorded_at).await.unwrap(), [own.clone()]);
    assert_eq!(fingerprints::count(tx).await.unwrap(), 1, "one has nothing to compare");

    let same = fingerprints::same_content(tx, &[8; 32], world.later(20), (world.employee, date("2026-11-22"), slot), 9)
        .await
        .unwrap();
    assert_eq!(same, [other.clone(), own.clone()], "other people's first");
    let without =
        fingerprints::same_content(tx, &[8; 32], world.later(20), (world.employee, day, slot), 9).await.unwrap();
    assert_eq!(without, [other.clone()], "attempts of one slot are left out");
    let earlier =
        fingerprints::same_content(tx, &[8; 32], world.later(19), (world.employee, day, slot), 9).await.unwrap();
    assert!(earlier.is_empty(), "nor what came later");
    assert!(
        fingerprints::same_content(tx, &[9; 32], world.later(20), (world.employee, day, slot), 9)
            .await
            .unwrap()
            .is_empty()
    );

    let both =
        fingerprints::known(tx, &[8; 32], world.later(20), (world.employee, day, Slot::Evening), 9).await.unwrap();
    assert_eq!(both.0, [other.clone(), own.clone()]);
    assert_eq!(both.1.to_lowercase(), format!("{}{}", first.0.simple(), "ab".repeat(128)));
    let digits = fingerprints::of_person(tx, world.employee, day, Slot::Evening).await.unwrap();
    assert_eq!(digits.to_lowercase(), format!("{}{}", first.0.simple(), "ab".repeat(128)));
    assert_eq!(fingerprints::of_person(tx, world.employee, day, slot).await.unwrap(), "");
    assert_eq!(fingerprints::of_person(tx, world.supervisor, day, Slot::Evening).await.unwrap(), "");

    let start = (world.now, CheckinId::from_bytes([0; 16]));
    let after = fingerprints::after(tx, start, 9).await.unwrap();
    assert_eq!(after.iter().map(|row| row.checkin_id).collect::<Vec<_>>(), [first]);
    assert!(fingerprints::after(tx, (own.recorded_at, first), 9).await.unwrap().is_empty());

    assert_eq!(fingerprints::waiting(tx, start, world.later(15), 9).await.unwrap(), [own.clone()]);
    assert_eq!(fingerprints::waiting(tx, start, world.later(99), 9).await.unwrap(), [own, other.clone()]);
    let all = (CheckinId::from_bytes([0xFF; 16]), world.later(99));
    let shared = fingerprints::shared(tx, start, (all.1, all.0)).await.unwrap();
    assert_eq!(shared, [first, second], "two people sent the same data");
    assert!(fingerprints::shared(tx, start, (world.later(9), all.0)).await.unwrap().is_empty());
    assert!(fingerprints::searched(tx, first, world.later(30)).await.unwrap());
    assert!(!fingerprints::searched(tx, first, world.later(31)).await.unwrap(), "once");
    assert_eq!(fingerprints::waiting(tx, start, world.later(99), 9).await.unwrap(), [other]);
    assert_eq!(fingerprints::searched_all(tx, &[first, second], world.later(31)).await.unwrap(), 1);
    assert!(fingerprints::waiting(tx, start, world.later(99), 9).await.unwrap().is_empty());
}

async fn an_accepted_slot_is_doubted_unless_another_attempt_stands(world: &World, tx: &mut Tx, entry_id: EntryId) {
    let (day, slot) = (date("2026-11-26"), Slot::Morning);
    let mut attempts = Vec::new();
    for attempt in 1..=2 {
        let accepted = world.checkin(entry_id, attempt, world.later(attempt));
        let row = CheckinRow { work_date: day, verdict: Verdict::Accepted, ..accepted };
        checkins::insert(tx, &[&row]).await.unwrap();
        let recorded = Attempt {
            person_id: world.employee,
            unit_id: world.office,
            work_date: day,
            slot,
            verdict: Verdict::Accepted,
            timing: Timing::OnTime,
            received_at: row.received_at,
            checkin_id: row.id,
            number: attempt,
        };
        presences::record(tx, &[&recorded]).await.unwrap();
        attempts.push(row.id);
    }
    let verdict = async |tx: &mut Tx| presences::of_day(tx, world.employee, day).await.unwrap()[0].verdict;
    presences::doubt(tx, world.employee, day, slot, attempts[0]).await.unwrap();
    assert_eq!(verdict(tx).await, Verdict::Accepted, "the other attempt stands");
    let case = NewCase { work_date: day, ..world.case(slot, 0) };
    let id = reviews::open(tx, &case).await.unwrap();
    reviews::add_attempt(tx, id, attempts[0]).await.unwrap();
    reviews::add_attempt(tx, id, attempts[0]).await.unwrap();
    presences::doubt(tx, world.employee, day, slot, attempts[1]).await.unwrap();
    assert_eq!(verdict(tx).await, Verdict::Flagged, "both are in question");
}

async fn offices_are_those_of_the_nearest_unit_above(world: &World, tx: &mut Tx) {
    assert_eq!(units::office(tx, world.office).await.unwrap(), None);
    units::set_office(tx, world.city, -6.6, 106.8).await.unwrap();
    assert_eq!(units::office(tx, world.office).await.unwrap(), Some((-6.6, 106.8)));
    units::set_office(tx, world.office, -6.7, 106.9).await.unwrap();
    assert_eq!(units::office(tx, world.office).await.unwrap(), Some((-6.7, 106.9)));
    assert_eq!(units::office(tx, world.city).await.unwrap(), Some((-6.6, 106.8)));
}

async fn areas_are_found_by_their_bounds(world: &World, tx: &mut Tx) {
    let (id, name) = (AreaId::new(world.now, &world.chance), "Bogor Tengah".to_owned());
    let rings = Json(serde_json::json!([[[[106.7, -6.7], [106.9, -6.7], [106.9, -6.5]]]]));
    let area = AreaRow { id, name, south: -6.7, west: 106.7, north: -6.5, east: 106.9, rings };
    areas::insert(tx, &area).await.unwrap();
    assert_eq!(areas::around(tx, -6.6, 106.8).await.unwrap(), [area]);
    assert!(areas::around(tx, -6.4, 106.8).await.unwrap().is_empty());
    assert_eq!(areas::clear(tx).await.unwrap(), 1);
    assert!(areas::around(tx, -6.6, 106.8).await.unwrap().is_empty());
}

async fn positions_are_compared_without_being_opened(world: &World, tx: &mut Tx, [first, second]: [CheckinId; 2]) {
    let row = |checkin_id, person_id, seconds| PositionRow {
        checkin_id,
        person_id,
        work_date: date("2026-11-23"),
        slot: Slot::Morning,
        received_at: world.later(seconds),
        sealed: b"sealed".to_vec(),
        fix_key: Some(vec![1; 32]),
        point_key: Some(vec![2; 32]),
        accuracy_m: Some(18.5),
        plain: true,
        on_home_point: false,
    };
    let (own, other) = (row(first, world.employee, 10), row(second, world.supervisor, 20));
    positions::insert(tx, &[&own]).await.unwrap();
    positions::insert(tx, &[&other]).await.unwrap();
    assert_eq!(positions::by_checkin(tx, first).await.unwrap(), Some(own.clone()));
    let others = async |tx: &mut Tx, seconds| {
        positions::others_with_fix(tx, &[1; 32], world.employee, world.later(seconds), 9).await.unwrap()
    };
    assert_eq!(others(tx, 20).await, [(second, world.later(20))]);
    assert!(others(tx, 19).await.is_empty(), "it came later");
    let span = (world.later(10), world.later(21));
    let (around, own_rows) =
        positions::around(tx, Some(&[1; 32]), world.employee, (span.0, world.later(20)), 9).await.unwrap();
    assert_eq!((around, own_rows.len()), (vec![(second, world.later(20))], 1));
    let (around, own_rows) = positions::around(tx, None, world.employee, span, 9).await.unwrap();
    assert_eq!((around.len(), own_rows.len()), (0, 1));
    let between = positions::between(tx, world.employee, world.later(10), world.later(11)).await.unwrap();
    assert_eq!((between.len(), between[0].accuracy_m, between[0].plain), (1, Some(18.5), true));
    assert!(positions::between(tx, world.employee, world.later(11), world.later(99)).await.unwrap().is_empty());
    let rows = positions::between(tx, world.employee, world.later(0), world.later(99)).await.unwrap();
    assert_eq!(
        (rows[0].checkin_id, rows[0].slot, rows[0].sealed.as_deref()),
        (first, Slot::Morning, Some(&b"sealed"[..]))
    );
    positions::seal(tx, first, b"anew").await.unwrap();
    let all = positions::after(tx, CheckinId(uuid::Uuid::nil()), 9).await.unwrap();
    let sealed: Vec<&[u8]> = all.iter().map(|row| row.sealed.as_slice()).collect();
    assert_eq!(all.len(), 2);
    assert!(sealed.contains(&b"anew".as_slice()) && sealed.contains(&b"sealed".as_slice()));
}

async fn readings_wait_until_a_request_uses_them(world: &World, tx: &mut Tx) {
    let reading = |seconds| ReadingRow {
        id: ReadingId::new(world.later(seconds), &world.chance),
        person_id: world.employee,
        work_date: date("2026-11-23"),
        taken_at: world.later(seconds),
        accuracy_m: 12.5,
        sealed: b"sealed".to_vec(),
        request_id: None,
    };
    let (early, late) = (reading(0), reading(60));
    home_readings::insert(tx, &early).await.unwrap();
    home_readings::insert(tx, &late).await.unwrap();
    let since = world.later(1);
    assert_eq!(home_readings::unused(tx, world.employee, since).await.unwrap(), [late.clone()]);
    assert_eq!(home_readings::after(tx, early.id, 9).await.unwrap(), [late.clone()]);
    home_readings::seal(tx, late.id, b"anew").await.unwrap();
    let request = PlaceRequestId::new(world.now, &world.chance);
    assert_eq!(home_readings::use_for(tx, world.employee, since, request).await.unwrap(), 1);
    let used = home_readings::of_request(tx, world.employee, request).await.unwrap();
    assert_eq!(used, [ReadingRow { request_id: Some(request), sealed: b"anew".to_vec(), ..late }]);
    assert_eq!(home_readings::release(tx, world.employee, request).await.unwrap(), 1);
    assert_eq!(home_readings::unused(tx, world.employee, since).await.unwrap().len(), 1);
    assert_eq!(home_readings::forget(tx, world.employee).await.unwrap(), 2);
    assert!(home_readings::unused(tx, world.employee, world.now).await.unwrap().is_empty());
}

async fn a_place_is_asked_for_and_decided_once(world: &World, tx: &mut Tx, place: PlaceId) {
    people::hold(tx, world.employee).await.unwrap();
    let request = |kind, act| PlaceRequestRow {
        id: PlaceRequestId::new(world.now, &world.chance),
        person_id: world.employee,
        unit_id: world.office,
        act,
        kind,
        state: PlaceRequestState::Pending,
        requested_by: world.employee,
        requested_at: world.now,
        valid_from: date("2026-12-01"),
        valid_to: Some(date("2026-12-09")),
        reason_code: PlaceReason::Family,
        reference: Some("B/12".into()),
        note: None,
        shape: b"sealed".to_vec(),
        cell_key: None,
        sigma_m: 10.0,
        readings: 3,
        days: 2,
        spread_m: Some(4.5),
        decided_by: None,
        decided_at: None,
        decision_note: None,
        place_id: None,
    };
    let (stay, ill) =
        (request(PlaceKind::Relative, PlaceAct::Register), request(PlaceKind::Hospital, PlaceAct::Register));
    place_requests::insert(tx, &stay).await.unwrap();
    place_requests::insert(tx, &ill).await.unwrap();
    assert_eq!(place_requests::by_id(tx, stay.id).await.unwrap(), Some(stay.clone()));
    assert_eq!(place_requests::of_person(tx, world.employee, 9).await.unwrap().len(), 2);
    let start = (Timestamp::from_microsecond(0), PlaceRequestId(uuid::Uuid::nil()));
    let queue = place_requests::for_supervisor(tx, world.supervisor, date("2026-06-01"), start, 9).await.unwrap();
    assert_eq!(queue, [stay.clone()], "health is not for the supervisor");
    assert_eq!(place_requests::for_agency(tx, world.supervisor, start, 9).await.unwrap(), [ill.clone()]);
    assert!(place_requests::for_agency(tx, world.employee, start, 9).await.unwrap().is_empty(), "their own");
    let decision = DecisionRow {
        state: PlaceRequestState::Approved,
        decided_by: world.supervisor,
        decided_at: world.later(9),
        note: Some("Baik.".into()),
        place_id: Some(place),
    };
    assert!(place_requests::decide(tx, stay.id, &decision).await.unwrap());
    assert!(!place_requests::decide(tx, stay.id, &decision).await.unwrap(), "once");
    place_requests::seal(tx, stay.id, b"anew").await.unwrap();
    let decided = place_requests::by_id(tx, stay.id).await.unwrap().unwrap();
    assert_eq!(
        (decided.state, decided.place_id, decided.shape.as_slice()),
        (decision.state, Some(place), b"anew".as_slice())
    );
    assert_eq!(place_requests::after(tx, start.1, 9).await.unwrap().len(), 2);
}

async fn findings_are_counted_by_day(world: &World, tx: &mut Tx) {
    let (from, to) = (date("2026-11-01"), date("2026-11-30"));
    let rates = checkins::rates(tx, from, to).await.unwrap();
    assert!(!rates.is_empty());
    assert!(
        rates.iter().all(|row| row.checkins >= row.flagged && row.flagged >= row.accepted + row.rejected),
        "{rates:?}"
    );
    let per_day = checkins::per_day(tx, from, to).await.unwrap();
    assert!(per_day.iter().any(|(day, count)| *day == date("2026-11-26") && *count == 2), "{per_day:?}");
    let medium = checkins::medium_days(tx, world.employee, from, to).await.unwrap();
    assert!(medium.iter().all(|(_, days)| *days >= 1), "{medium:?}");
}

/// Runs every case in one transaction, which is taken back.
async fn conform(store: &Store) {
    store.ping().await.unwrap();
    let mut tx = store.write().await.unwrap();
    let tx = &mut tx;
    let world = World::new(tx).await;
    roles_hold_from_their_first_to_their_last_day(&world, tx).await;
    schedules_are_inherited_nearest_first(&world, tx).await;
    let place = places_are_versions_with_dates(&world, tx).await;
    a_session_rotates_once_a_generation_and_ends(&world, tx).await;
    a_throttle_counts_until_it_blocks(&world, tx).await;
    a_challenge_is_spent_once_by_its_owner(&world, tx).await;
    let entry = a_log_entry_is_kept_byte_by_byte(&world, tx).await;
    let attempts = a_check_in_is_stored_once_with_evidence_and_findings(&world, tx, entry, place).await;
    a_presence_keeps_the_best_verdict_and_the_earliest_time(&world, tx, attempts).await;
    a_review_is_one_open_case_with_one_holder(&world, tx, attempts).await;
    phone::a_case_waits_for_words_and_for_a_second_decision(&world, tx).await;
    phone::a_device_is_one_key_of_one_person(&world, tx).await;
    phone::a_look_is_told_with_the_name_of_who_looked(&world, tx, entry, attempts[0]).await;
    phone::a_day_has_the_shortest_roster_row(&world, tx).await;
    phone::an_incident_is_for_its_unit_and_those_below(&world, tx).await;
    notify::a_notification_is_kept_for_its_person_until_it_is_called_off(&world, tx).await;
    notify::a_delivery_has_one_holder_at_a_time(&world, tx).await;
    notify::a_delivery_ends_once_and_begins_again_when_asked(&world, tx).await;
    upkeep::a_job_has_one_holder_and_keeps_its_place(&world, tx).await;
    upkeep::orphans_and_faults_are_noted_once(&world, tx).await;
    upkeep::rows_say_which_photos_they_promise(tx, attempts).await;
    fingerprints_are_found_by_content_person_and_time(&world, tx, attempts).await;
    an_accepted_slot_is_doubted_unless_another_attempt_stands(&world, tx, entry).await;
    offices_are_those_of_the_nearest_unit_above(&world, tx).await;
    areas_are_found_by_their_bounds(&world, tx).await;
    positions_are_compared_without_being_opened(&world, tx, attempts).await;
    readings_wait_until_a_request_uses_them(&world, tx).await;
    a_place_is_asked_for_and_decided_once(&world, tx, place).await;
    findings_are_counted_by_day(&world, tx).await;
    let change = admin::a_change_is_decided_once(&world, tx).await;
    admin::values_come_with_how_they_came_about(&world, tx, change).await;
    admin::an_acting_role_says_who_gave_it(&world, tx, change).await;
    admin::people_are_listed_by_name_with_what_holds_today(&world, tx).await;
    admin::lost_phones_stay_in_the_list(&world, tx).await;
    admin::an_outage_is_declared_once_a_code(&world, tx, change).await;
    admin::the_day_of_a_unit_is_counted_and_named(&world, tx).await;
    times_keep_every_microsecond_and_dates_every_day(&world, tx).await;
    console::everything(&world, tx, entry).await;
    recordings::what_a_check_in_asks_is_answered_at_once(&world, tx).await;
    recordings::check_ins_are_written_together_or_not_at_all(&world, tx).await;
    recordings::photos_wait_in_order_and_are_settled_once(&world, tx).await;
}

async fn conform_on(url: &str) {
    statements::forget();
    let options = StoreOptions { url: url.to_owned(), connections: 2, acquire_timeout: Duration::from_secs(10) };
    let store = Store::open(&options).await.unwrap();
    conform(&store).await;
    let mut tx = store.write().await.unwrap();
    let world = World::new(&mut tx).await;
    tx.commit().await.unwrap();
    recordings::one_that_cannot_be_written_keeps_no_other_from_it(&world, &store).await;
    let untried: Vec<&str> =
        statements::all().filter(|statement| !statement.was_used()).map(|statement| statement.name).collect();
    assert!(untried.is_empty(), "no case runs {untried:?} on {}", store.engine());
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_store_function_does_the_same_on_both_engines_and_none_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    conform_on(&format!("sqlite:{}", folder.path().join("conformance.sqlite3").display())).await;
    let database = postgres::Database::create().await;
    conform_on(&database.url).await;
    database.drop().await;
}
