//! Cases of what the console of administrators and supervisors needs: changes by two people, values of policy, acting
//! supervisors, lists of people, and the day of many people at once.

use hadir::{
    model::{
        ids::{ChangeId, CheckinId, DeviceId, IncidentId, PersonId, RoleId, RosterId, UnitId},
        time::Timestamp,
        words::{ChangeKind, ChangeState, Decision, Duty, PolicyName, Role, Slot, Timing, Verdict},
    },
    store::{
        Json, Tx,
        boards::{self, BoardPresence, Count},
        changes::{self, NewChange, Ruling},
        devices::{self, DeviceRow},
        incidents::{self, IncidentRow},
        people::{self, PersonRow, Wanted},
        policy_values,
        presences::{self, Attempt},
        reviews,
        roles::{self, Grant, RoleRow},
        rosters::{self, RosterRow},
        schedules, units,
    },
};
use serde_json::json;

use super::{World, date};

fn end() -> (Timestamp, ChangeId) {
    (Timestamp::from_microsecond(i64::MAX), ChangeId(uuid::Uuid::max()))
}

fn proposal(world: &World, kind: ChangeKind, unit_id: Option<UnitId>, seconds: i64) -> NewChange {
    NewChange {
        id: ChangeId::new(world.later(seconds), &world.chance),
        kind,
        unit_id,
        person_id: Some(world.employee),
        payload: Json(json!({ "value": 2.5, "name": "x" })),
        replaces: None,
        words_id: "Dua.".into(),
        words_en: "Two.".into(),
        reason: "Perlu.".into(),
        proposed_by: world.employee,
        proposed_at: world.later(seconds),
    }
}

fn ruling(world: &World, state: ChangeState) -> Ruling {
    Ruling { state, by: world.supervisor, at: world.later(50), note: Some("Baik.".into()) }
}

pub async fn a_change_is_decided_once(world: &World, tx: &mut Tx) -> ChangeId {
    let policy = NewChange {
        replaces: Some(Json(json!({ "value": 2 }))),
        person_id: None,
        ..proposal(world, ChangeKind::Policy, None, 1)
    };
    let acting = proposal(world, ChangeKind::Delegation, Some(world.office), 2);
    changes::insert(tx, &policy).await.unwrap();
    changes::insert(tx, &acting).await.unwrap();
    let found = changes::by_id(tx, policy.id).await.unwrap().unwrap();
    assert_eq!((found.kind, found.state, found.proposer.as_str()), (ChangeKind::Policy, ChangeState::Pending, "Satu"));
    assert_eq!((found.payload.0["value"].as_f64(), found.decider), (Some(2.5), None));
    assert!(changes::decide(tx, policy.id, &ruling(world, ChangeState::Approved)).await.unwrap());
    assert!(!changes::decide(tx, policy.id, &ruling(world, ChangeState::Refused)).await.unwrap(), "once");
    let wanted = |state, kind, before, limit| changes::Wanted { state, kind, before, limit };
    let every = changes::every(tx, wanted(None, None, end(), 9)).await.unwrap();
    assert_eq!(every.iter().map(|row| row.id).collect::<Vec<_>>(), [acting.id, policy.id], "latest first");
    assert_eq!((every[1].decider.as_deref(), every[1].note.as_deref()), (Some("2"), Some("Baik.")));
    let approved = wanted(Some(ChangeState::Approved), Some(ChangeKind::Policy), end(), 9);
    assert_eq!(changes::every(tx, approved).await.unwrap().len(), 1);
    let older = wanted(None, None, (acting.proposed_at, acting.id), 9);
    assert_eq!(changes::every(tx, older).await.unwrap()[0].id, policy.id);
    let on = date("2026-06-01");
    let seen = changes::for_supervisor(tx, wanted(None, None, end(), 9), world.supervisor, on).await.unwrap();
    assert_eq!(seen.iter().map(|row| row.id).collect::<Vec<_>>(), [acting.id], "who is to act below");
    let before = changes::for_supervisor(tx, wanted(None, None, end(), 9), world.supervisor, date("2025-06-01")).await;
    assert!(before.unwrap().is_empty(), "not a supervisor then");
    let own = changes::for_supervisor(tx, wanted(None, None, end(), 9), world.employee, on).await.unwrap();
    assert_eq!(own.len(), 2, "what they proposed");
    policy.id
}

pub async fn values_come_with_how_they_came_about(world: &World, tx: &mut Tx, change: ChangeId) {
    policy_values::insert(tx, change, PolicyName::Routine, 4.25, date("2026-12-01")).await.unwrap();
    let all = policy_values::all(tx).await.unwrap();
    assert_eq!(all.len(), 1);
    let row = &all[0];
    assert_eq!((row.name, row.value, row.valid_from), (PolicyName::Routine, 4.25, date("2026-12-01")));
    assert_eq!((row.proposer.as_str(), row.approver.as_deref()), ("Satu", Some("2")));
    assert_eq!((row.reason.as_str(), row.decided_at), ("Perlu.", Some(world.later(50))));
}

pub async fn an_acting_role_says_who_gave_it(world: &World, tx: &mut Tx, change_id: ChangeId) {
    let row = RoleRow {
        id: RoleId::new(world.now, &world.chance),
        person_id: world.employee,
        role: Role::Supervisor,
        unit_id: Some(world.city),
        valid_from: date("2027-02-01"),
        valid_to: Some(date("2027-02-03")),
    };
    roles::grant(tx, &row, Grant { acting: true, by: world.supervisor, change_id }).await.unwrap();
    let found = roles::named(tx, row.id).await.unwrap().unwrap();
    assert_eq!((&found.role, found.acting, found.giver.as_deref()), (&row, true, Some("2")));
    assert_eq!(
        (found.unit_code.as_deref(), found.nip.as_str(), found.person_name.as_str()),
        (Some("KOTA"), "1", "Satu")
    );
    for (day, held) in [("2027-01-31", false), ("2027-02-01", true), ("2027-02-03", true), ("2027-02-04", false)] {
        assert_eq!(roles::supervises(tx, world.employee, world.city, date(day)).await.unwrap(), held, "{day}");
    }
    assert_eq!(roles::of_person(tx, world.employee).await.unwrap().last().unwrap(), &found, "by first day");
    for who in [world.employee, world.supervisor] {
        assert_eq!(roles::delegations(tx, who, 9).await.unwrap(), [found.clone()], "who gives it and who holds it");
    }
}

pub async fn people_are_listed_by_name_with_what_holds_today(world: &World, tx: &mut Tx) {
    let third = PersonRow {
        id: PersonId::new(world.now, &world.chance),
        nip: "3_3".into(),
        name: "Tiga%".into(),
        unit_id: world.office,
        active: true,
        password_hash: None,
    };
    assert!(people::add(tx, &third, Some("tiga@example.id")).await.unwrap());
    let twin = PersonRow { id: PersonId::new(world.now, &world.chance), ..third.clone() };
    assert!(!people::add(tx, &twin, None).await.unwrap(), "the staff number is taken");
    assert_eq!(people::emails(tx).await.unwrap(), [(third.id, "tiga@example.id".to_owned())]);
    people::set_email(tx, world.employee, Some("satu@example.id")).await.unwrap();
    people::set_email(tx, third.id, None).await.unwrap();
    assert_eq!(people::email(tx, world.employee).await.unwrap().as_deref(), Some("satu@example.id"));
    assert_eq!(people::email(tx, third.id).await.unwrap(), None);
    let wanted = |part: &str, after: (&str, PersonId), on: &str| Wanted {
        after: (after.0.to_owned(), after.1),
        part: part.into(),
        on: date(on),
        limit: 9,
    };
    let start = ("", PersonId(uuid::Uuid::nil()));
    let names = |rows: &[people::ListedPerson]| rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>();
    let all = people::listed(tx, &wanted("", start, "2026-11-23")).await.unwrap();
    assert_eq!(names(&all), ["2", "Satu", "Tiga%"]);
    let (supervisor, employee) = (&all[0], &all[1]);
    assert!(supervisor.supervises && !supervisor.audits && !supervisor.administers && !supervisor.has_home);
    assert!(employee.has_home && employee.devices == 0 && employee.email.as_deref() == Some("satu@example.id"));
    let later = people::listed(tx, &wanted("", start, "2026-12-01")).await.unwrap();
    assert!(!later[1].has_home, "the home is over");
    let behind = people::listed(tx, &wanted("", ("Satu", world.employee), "2026-11-23")).await.unwrap();
    assert_eq!(names(&behind), ["Tiga%"]);
    for (part, found) in [("SAT", 1), ("%", 1), ("_", 1), ("!", 0), ("3_", 1)] {
        let rows = people::listed(tx, &wanted(part, start, "2026-11-23")).await.unwrap();
        assert_eq!(rows.len(), found, "{part} is looked for as it stands");
    }
    let of_unit = people::listed_of_unit(tx, world.office, &wanted("", start, "2026-11-23")).await.unwrap();
    assert_eq!(names(&of_unit), ["Satu", "Tiga%"]);
    units::hold(tx, world.office).await.unwrap();
    let mut counts = units::counts(tx).await.unwrap();
    counts.sort();
    assert_eq!(counts, [(world.city, 1), (world.office, 2)]);
}

pub async fn lost_phones_stay_in_the_list(world: &World, tx: &mut Tx) {
    let device = DeviceRow {
        id: DeviceId::new(world.now, &world.chance),
        person_id: world.supervisor,
        name: "Ponsel".into(),
        thumbprint: vec![1; 32],
        public_key: vec![2; 64],
        enrolled_at: world.now,
        revoked_at: None,
    };
    devices::enrol(tx, &device).await.unwrap();
    devices::revoke(tx, device.id, world.supervisor, world.later(3)).await.unwrap();
    let kept = devices::every_of_person(tx, world.supervisor).await.unwrap();
    assert_eq!(kept, [DeviceRow { revoked_at: Some(world.later(3)), ..device }]);
}

pub async fn an_outage_is_declared_once_a_code(world: &World, tx: &mut Tx, change: ChangeId) {
    let outage = IncidentRow {
        id: IncidentId::new(world.now, &world.chance),
        code: "PADAM".into(),
        unit_id: None,
        starts_at: world.later(90_000),
        ends_at: world.later(90_600),
        words_id: "Padam.".into(),
        words_en: "No power.".into(),
    };
    assert!(incidents::declare(tx, &outage, change).await.unwrap());
    let twin = IncidentRow { id: IncidentId::new(world.now, &world.chance), ..outage.clone() };
    assert!(!incidents::declare(tx, &twin, change).await.unwrap());
    assert_eq!(incidents::between(tx, world.later(90_599), world.later(99_999)).await.unwrap(), [outage]);
    assert!(incidents::between(tx, world.later(90_600), world.later(99_999)).await.unwrap().is_empty());
    let touching = schedules::touching(tx, date("2026-07-01"), date("2026-07-02")).await.unwrap();
    assert_eq!(touching.iter().map(|row| row.unit_id).collect::<Vec<_>>(), [world.city], "the office's is over");
}

/// The same answers for one person as for many.
pub async fn the_day_of_a_unit_is_counted_and_named(world: &World, tx: &mut Tx) {
    let day = date("2027-03-01");
    let roster = |from: &str, to: &str, duty| RosterRow {
        id: RosterId::new(world.now, &world.chance),
        person_id: world.employee,
        valid_from: date(from),
        valid_to: date(to),
        duty,
    };
    rosters::insert(tx, &roster("2027-02-01", "2027-03-31", Duty::Office)).await.unwrap();
    rosters::insert(tx, &roster("2027-02-27", "2027-03-02", Duty::Leave)).await.unwrap();
    let attempt = Attempt {
        person_id: world.employee,
        unit_id: world.office,
        work_date: day,
        slot: Slot::Morning,
        verdict: Verdict::Flagged,
        timing: Timing::Late,
        received_at: world.later(7),
        checkin_id: CheckinId::new(world.now, &world.chance),
        number: 1,
    };
    assert_eq!(presences::record(tx, &[&attempt]).await.unwrap(), 1);
    presences::settle(tx, world.employee, day, Slot::Morning, Decision::Accept).await.unwrap();
    let case = reviews::NewCase { work_date: day, ..world.case(Slot::Morning, 1) };
    let review = reviews::open(tx, &case).await.unwrap();

    let people = boards::people(tx, world.office, day).await.unwrap();
    let seen: Vec<_> = people.iter().map(|row| (row.name.as_str(), row.duty)).collect();
    assert_eq!(seen, [("Satu", Some(Duty::Leave)), ("Tiga%", None)], "the shortest row is the exception");
    let received = boards::presences(tx, world.office, day).await.unwrap();
    let expected = BoardPresence {
        person_id: world.employee,
        slot: Slot::Morning,
        timing: Timing::Late,
        verdict: Verdict::Flagged,
        decision: Some(Decision::Accept),
        first_received_at: world.later(7),
        best_checkin_id: attempt.checkin_id,
    };
    assert_eq!(received, [expected]);
    assert!(boards::presences(tx, world.city, day).await.unwrap().is_empty(), "exactly one unit");
    let cases = boards::open_cases(tx, world.office, day, world.supervisor).await.unwrap();
    assert_eq!(cases, [(world.employee, Slot::Morning, review)]);
    assert!(boards::open_cases(tx, world.office, day, world.employee).await.unwrap().is_empty(), "not one's own");

    let counts = boards::counts(tx, world.city, day).await.unwrap();
    let mut heads: Vec<_> = counts.iter().filter(|row| row.slot.is_none()).collect();
    heads.sort_by_key(|row| (row.unit_id, row.duty));
    let heads: Vec<_> = heads.iter().map(|row| (row.unit_id, row.duty, row.people)).collect();
    assert_eq!(heads, [(world.city, None, 1), (world.office, None, 1), (world.office, Some(Duty::Leave), 1)]);
    let received = Count {
        unit_id: world.office,
        duty: Some(Duty::Leave),
        slot: Some(Slot::Morning),
        timing: Some(Timing::Late),
        verdict: Some(Verdict::Flagged),
        decision: Some(Decision::Accept),
        people: 1,
    };
    assert_eq!(counts.iter().filter(|row| row.slot.is_some()).collect::<Vec<_>>(), [&received]);
    let cases = boards::cases(tx, world.city, day, day).await.unwrap();
    assert_eq!(cases, [(world.office, day, Slot::Morning, 1)]);
    assert!(boards::cases(tx, world.city, date("2027-03-02"), date("2027-03-09")).await.unwrap().is_empty());
}
