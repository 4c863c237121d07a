//! The console's statements: queue, desks, leases, second looks, sign-ins by cookie.

use hadir::{
    model::{
        ids::{EntryId, IncidentId, RoleId, SessionId, UnitId},
        time::Timestamp,
        words::{Decision, LookKind, ReasonCode, ReviewOrigin, ReviewState, Role, Slot, Verdict},
    },
    presence::tree::Tree,
    store::{
        StoreError, Tx, agreement, checkins,
        incidents::{self, IncidentRow},
        lines,
        looks::{self, LookRow},
        presences::{self, Attempt, Standing},
        queue::{self, Asker, Kind, QueuePoint, QueuedReview, Scope, Way, Wishes},
        reviews::{self, BeforeDecision, EarlierRuling, NewCase, Ruled},
        roles::{self, RoleRow},
        sessions::{self, SessionRow},
        units::{self, UnitRow},
    },
    ways::Ways,
};

use super::{World, date, ruled};

/// All of them, in an order in which each leaves the next what it needs.
pub async fn everything(world: &World, tx: &mut Tx, entry: EntryId) {
    a_cookie_is_good_while_it_is_used(world, tx).await;
    a_desk_is_the_nearest_unit_where_somebody_else_decides(world, tx).await;
    the_queue_is_narrowed_counted_and_held(world, tx).await;
    a_case_goes_up_and_follows_the_roles(world, tx).await;
    a_decision_is_taken_back(world, tx).await;
    photos_are_seen_one_by_one(world, tx, entry).await;
    a_second_look_is_compared_with_the_first(world, tx).await;
    cases_of_an_outage_are_found_by_its_window(world, tx, entry).await;
    a_slot_is_held_and_stands_again_as_it_stood(world, tx, entry).await;
    the_lines_of_the_tree_follow_every_move(world, tx).await;
}

/// Whoever supervises a unit supervises exactly what stands below it, wherever units are moved to.
async fn the_lines_of_the_tree_follow_every_move(world: &World, tx: &mut Tx) {
    let unit = |number: usize| UnitRow {
        id: UnitId::new(world.now, &world.chance),
        code: format!("GARIS-{number}"),
        name: "Garis".into(),
        parent_id: None,
        time_zone: "Asia/Jakarta".into(),
    };
    for number in 0..8 {
        units::insert(tx, &unit(number)).await.unwrap();
    }
    let any = |of: usize| usize::from(world.chance.bytes::<1>()[0]) % of;
    for _ in 0..40 {
        let tree = Tree::new(units::all(tx).await.unwrap());
        let rows: Vec<&UnitRow> = tree.all().iter().filter(|row| row.code.starts_with("GARIS")).collect();
        let above = tree.all()[any(tree.all().len())].id;
        let mut moved = rows[any(rows.len())].clone();
        moved.parent_id = tree.may_stand_below(moved.id, above).then_some(above);
        units::update(tx, &moved).await.unwrap();
        lines::draw(tx).await.unwrap();
        let all = units::all(tx).await.unwrap();
        for row in &all {
            let mut line = vec![row.id];
            while let Some(parent) = all.iter().find(|one| Some(&one.id) == line.last()).and_then(|one| one.parent_id) {
                line.push(parent);
            }
            let day = date("2026-11-23");
            let found = roles::supervises(tx, world.supervisor, row.id, day).await.unwrap();
            let desks = [world.city, world.office];
            assert_eq!(found, line.iter().any(|id| desks.contains(id)), "{}", row.code);
        }
    }
}

fn start() -> QueuePoint {
    QueuePoint {
        work_date: date("0001-01-01"),
        urgency: -1,
        opened_at: Timestamp::from_microsecond(0),
        id: hadir::model::ids::ReviewId(uuid::Uuid::nil()),
    }
}

async fn a_cookie_is_good_while_it_is_used(world: &World, tx: &mut Tx) {
    let id = SessionId::new(world.now, &world.chance);
    let row = SessionRow {
        id,
        person_id: world.supervisor,
        generation: 0,
        created_at: world.now,
        rotated_at: world.now,
        expires_at: world.later(1_000),
        revoked_at: None,
        cookie_sha256: Some(vec![9; 32]),
        seen_at: Some(world.now),
    };
    sessions::insert(tx, &row).await.unwrap();
    let before = world.now.plus_seconds(-1);
    assert_eq!(sessions::console(tx, id, &[9; 32], before).await.unwrap(), Some(world.now));
    assert_eq!(sessions::console(tx, id, &[8; 32], before).await.unwrap(), None, "another cookie");
    assert_eq!(sessions::console(tx, id, &[9; 32], world.later(5)).await.unwrap(), None, "idle");
    sessions::seen(tx, id, world.later(10)).await.unwrap();
    sessions::seen(tx, id, world.later(3)).await.unwrap();
    assert_eq!(sessions::console(tx, id, &[9; 32], before).await.unwrap(), Some(world.later(10)), "never backwards");
}

async fn a_desk_is_the_nearest_unit_where_somebody_else_decides(world: &World, tx: &mut Tx) {
    let day = date("2026-11-23");
    let (employee, supervisor) = (world.employee, world.supervisor);
    assert_eq!(roles::desk(tx, world.office, day, employee, Some(supervisor)).await.unwrap(), None, "nobody else");
    let found = roles::desk(tx, world.office, day, employee, None).await.unwrap();
    assert!(found == Some(world.office) || found == Some(world.city), "{found:?}");
    let desk = found.unwrap();
    assert!(roles::at_desk(tx, desk, day).await.unwrap().contains(&supervisor));
    let role = RoleRow {
        id: RoleId::new(world.now, &world.chance),
        person_id: supervisor,
        role: Role::Supervisor,
        unit_id: Some(world.city),
        valid_from: date("2026-01-01"),
        valid_to: None,
    };
    roles::insert(tx, &role).await.unwrap();
    assert_eq!(roles::desk(tx, world.city, day, employee, None).await.unwrap(), Some(world.city));
}

/// Whoever may see little and whoever may see much are answered the same.
async fn every_way_gives_the_same_page(tx: &mut Tx, asker: Asker, wished: impl Iterator<Item = &Wishes> + Clone) {
    let states = [ReviewState::Open, ReviewState::Asked, ReviewState::Appealed, ReviewState::Decided];
    for kind in states.map(Kind::OfState).into_iter().chain([Kind::Waiting]) {
        for wishes in wished.clone() {
            let near = queue::read(tx, kind, Way::Near, asker, wishes, start(), 50).await.unwrap();
            for way in [Way::Far, Way::Wide] {
                let found = queue::read(tx, kind, way, asker, wishes, start(), 50).await.unwrap();
                assert_eq!(near, found, "{kind:?} {way:?} {wishes:?}");
            }
            if wishes.reason.is_some() {
                let of_reason = queue::read(tx, kind, Way::OfReason, asker, wishes, start(), 50).await.unwrap();
                assert_eq!(near, of_reason, "{kind:?} {wishes:?}");
            }
        }
    }
}

async fn page(
    tx: &mut Tx,
    kind: Kind,
    scope: Scope,
    asker: Asker,
    wishes: &Wishes,
) -> Result<Vec<QueuedReview>, StoreError> {
    Ways::default().page(tx, (kind, scope), asker, wishes, start(), 50).await
}

async fn the_queue_is_narrowed_counted_and_held(world: &World, tx: &mut Tx) {
    let day = date("2026-11-24");
    let case = NewCase {
        work_date: day,
        deciding_unit_id: Some(world.city),
        cause: Some("late:x".into()),
        ..world.case(Slot::Evening, 1)
    };
    let id = reviews::open(tx, &case).await.unwrap();
    reviews::add_reason(tx, id, "location.outside").await.unwrap();
    reviews::add_reason(tx, id, "location.outside").await.unwrap();
    assert_eq!(reviews::reasons(tx, id).await.unwrap(), ["location.outside"]);
    assert_eq!(reviews::open_of_slot(tx, world.employee, day, Slot::Evening).await.unwrap(), Some(id));
    let other = NewCase { work_date: date("2026-11-25"), id: world.case(Slot::Evening, 1).id, ..case.clone() };
    reviews::open(tx, &other).await.unwrap();

    let asker = Asker { person_id: world.supervisor, today: date("2026-11-23"), now: world.later(20_000) };
    let all = Wishes { unit: None, slot: None, reason: None, opened_until: asker.now, cause: None };
    let narrow = [
        Wishes { unit: Some("DINAS".into()), ..all.clone() },
        Wishes { slot: Some(Slot::Evening), ..all.clone() },
        Wishes { reason: Some("location.outside".into()), ..all.clone() },
        Wishes { cause: Some("late:x".into()), ..all.clone() },
    ];
    for scope in [Scope::Mine, Scope::All] {
        for wishes in &narrow {
            let rows = page(tx, Kind::Waiting, scope, asker, wishes).await.unwrap();
            assert!(rows.iter().any(|row| row.review.id == id && row.nip == "1"), "{scope:?} {wishes:?}");
        }
        let none = [
            Wishes { unit: Some("TIDAK-ADA".into()), ..all.clone() },
            Wishes { reason: Some("photo.dark".into()), ..all.clone() },
            Wishes { opened_until: world.now.plus_seconds(-1), ..all.clone() },
            Wishes { cause: Some("other".into()), ..all.clone() },
        ];
        for wishes in &none {
            assert!(page(tx, Kind::Waiting, scope, asker, wishes).await.unwrap().is_empty(), "{wishes:?}");
        }
        let after = QueuePoint { work_date: day, urgency: 1, opened_at: world.now, id };
        let rows = Ways::default().page(tx, (Kind::Waiting, scope), asker, &all, after, 50).await.unwrap();
        assert!(rows.iter().all(|row| row.review.id != id), "behind itself");
        let groups = queue::groups(tx, asker, scope).await.unwrap();
        assert!(
            groups.iter().any(|group| group.unit_code == "DINAS" && group.slot == Slot::Evening && group.count >= 2)
        );
        assert_eq!(queue::reasons(tx, asker, scope).await.unwrap(), [("location.outside".to_owned(), 1)]);
        assert_eq!(queue::causes(tx, asker, scope).await.unwrap(), [("late:x".to_owned(), 2)]);
    }
    every_way_gives_the_same_page(tx, asker, narrow.iter().chain([&all])).await;
    assert_eq!(queue::of_cause(tx, asker, "late:x").await.unwrap(), 2);
    assert_eq!(queue::asked(tx, asker).await.unwrap(), 0);
    let open = page(tx, Kind::OfState(ReviewState::Open), Scope::All, asker, &narrow[1]).await.unwrap();
    assert!(open.iter().any(|row| row.review.id == id));
    let decided = page(tx, Kind::OfState(ReviewState::Decided), Scope::All, asker, &all).await.unwrap();
    assert!(decided.iter().all(|row| row.review.state == ReviewState::Decided));
    let person = Asker { person_id: world.employee, ..asker };
    assert!(page(tx, Kind::Waiting, Scope::All, person, &all).await.unwrap().is_empty(), "their own");

    assert!(reviews::claim(tx, id, world.supervisor, world.later(30_000), asker.now).await.unwrap());
    let claims = queue::claims(tx, asker, 10).await.unwrap();
    assert_eq!((claims[0].review_id, claims[0].name.as_str()), (id, "2"));
    assert!(reviews::release(tx, id, world.supervisor).await.unwrap());
}

async fn a_case_goes_up_and_follows_the_roles(world: &World, tx: &mut Tx) {
    let case = NewCase {
        work_date: date("2026-11-26"),
        deciding_unit_id: None,
        target_at: world.later(50),
        ..world.case(Slot::Evening, 1)
    };
    let id = reviews::open(tx, &case).await.unwrap();
    let waiting = reviews::waiting_too_long(tx, world.later(50), 10).await.unwrap();
    assert_eq!(waiting.iter().map(|row| row.id).collect::<Vec<_>>(), [id]);
    assert!(reviews::desks(tx).await.unwrap().contains(&(world.office, None)));
    assert_eq!(reviews::at_desk(tx, world.office, None).await.unwrap()[0].id, id);
    reviews::move_to(tx, id, Some(world.office)).await.unwrap();
    let moved = reviews::by_id(tx, id).await.unwrap().unwrap();
    assert_eq!((moved.deciding_unit_id, moved.escalations), (Some(world.office), 0));
    assert!(reviews::escalate(tx, &moved, Some(world.city), world.later(99)).await.unwrap());
    assert!(!reviews::escalate(tx, &moved, Some(world.city), world.later(100)).await.unwrap(), "once");
    let above = reviews::by_id(tx, id).await.unwrap().unwrap();
    assert_eq!((above.deciding_unit_id, above.escalations, above.target_at), (Some(world.city), 1, world.later(99)));
    assert!(reviews::escalate(tx, &above, Some(world.city), world.later(900_000)).await.unwrap());
    assert_eq!(reviews::by_id(tx, id).await.unwrap().unwrap().escalations, 2, "its time was over again");
}

async fn a_decision_is_taken_back(world: &World, tx: &mut Tx) {
    let case = NewCase { work_date: date("2026-11-27"), ..world.case(Slot::Evening, 1) };
    let id = reviews::open(tx, &case).await.unwrap();
    let who = world.supervisor;
    assert!(reviews::claim(tx, id, who, world.later(600), world.now).await.unwrap());
    let earlier = EarlierRuling {
        by: who,
        at: world.now,
        decision: Decision::Reject,
        reason_code: ReasonCode::NotAtPlace,
        note: Some("dulu".into()),
    };
    let standing = Standing {
        state: hadir::model::words::PresenceState::Received,
        verdict: Verdict::Flagged,
        decision: None,
        attempts: 1,
    };
    let before = BeforeDecision { presence: Some(standing), left: Some(standing), ruling: Some(earlier.clone()) };
    let ruled = Ruled {
        before: Some(before.clone()),
        second_at: Some(world.later(70)),
        ..ruled(who, world.later(10), ReasonCode::InOrder)
    };
    assert!(reviews::decide(tx, id, &ruled).await.unwrap());
    let decided = reviews::by_id(tx, id).await.unwrap().unwrap();
    assert_eq!((decided.before_decision.clone().unwrap().0, decided.second_at), (before, Some(world.later(70))));
    let span = (world.later(10), world.later(999));
    assert!(!reviews::undo(tx, id, who, span, None).await.unwrap(), "too late");
    let span = (world.later(5), world.later(999));
    assert!(!reviews::undo(tx, id, world.employee, span, None).await.unwrap(), "somebody else's");
    assert!(reviews::undo(tx, id, who, span, Some(&earlier)).await.unwrap());
    let back = reviews::by_id(tx, id).await.unwrap().unwrap();
    assert_eq!(
        (back.state, back.decision, back.note.as_deref(), back.claimed_by, back.second_at, back.version),
        (ReviewState::Open, Some(Decision::Reject), Some("dulu"), Some(who), None, decided.version + 1)
    );
    assert!(!reviews::undo(tx, id, who, span, None).await.unwrap(), "once");
}

async fn photos_are_seen_one_by_one(world: &World, tx: &mut Tx, entry: EntryId) {
    let case = NewCase { work_date: date("2026-11-28"), ..world.case(Slot::Evening, 1) };
    let id = reviews::open(tx, &case).await.unwrap();
    let checkin = world.checkin(entry, 1, world.later(1));
    assert_eq!(checkins::insert(tx, &[&checkin]).await.unwrap(), 1);
    reviews::add_attempt(tx, id, checkin.id).await.unwrap();
    assert_eq!(reviews::unseen(tx, id, world.supervisor).await.unwrap(), Some(checkin.id));
    let (viewer_id, what) = (world.supervisor, LookKind::Photo);
    let entry_id = EntryId::new(world.now, &world.chance);
    let look = LookRow { entry_id, checkin_id: checkin.id, viewer_id, at: world.now, what, viewer_name: None };
    looks::insert(tx, &look).await.unwrap();
    assert_eq!(reviews::unseen(tx, id, world.supervisor).await.unwrap(), None);
    assert_eq!(reviews::unseen(tx, id, world.employee).await.unwrap(), Some(checkin.id), "each for themself");
}

async fn a_second_look_is_compared_with_the_first(world: &World, tx: &mut Tx) {
    let who = world.supervisor;
    let first =
        NewCase { work_date: date("2026-11-29"), origin: ReviewOrigin::Routine, ..world.case(Slot::Evening, 1) };
    let id = reviews::open(tx, &first).await.unwrap();
    reviews::add_reason(tx, id, "photo.dark").await.unwrap();
    assert!(reviews::claim(tx, id, who, world.later(600), world.now).await.unwrap());
    let first_ruling =
        Ruled { second_at: Some(world.later(70)), ..ruled(who, world.later(10), ReasonCode::PhotoUnreadable) };
    assert!(reviews::decide(tx, id, &first_ruling).await.unwrap());
    assert!(reviews::seconds_due(tx, world.later(69), 10).await.unwrap().is_empty());
    assert_eq!(reviews::seconds_due(tx, world.later(70), 10).await.unwrap()[0].id, id);
    assert!(reviews::second_opened(tx, id).await.unwrap());
    assert!(!reviews::second_opened(tx, id).await.unwrap(), "once");
    let second = NewCase { id: world.case(Slot::Evening, 1).id, opened_at: world.later(70), ..first.clone() };
    reviews::open_second(tx, &second, id, (who, Decision::Reject)).await.unwrap();
    let found = reviews::by_id(tx, second.id).await.unwrap().unwrap();
    assert_eq!(
        (found.origin, found.second_of, found.first_decision, found.barred_id),
        (ReviewOrigin::Second, Some(id), Some(Decision::Reject), Some(who))
    );
    assert_eq!(reviews::reasons(tx, second.id).await.unwrap(), ["photo.dark"]);
    assert!(reviews::claim(tx, second.id, world.employee, world.later(900), world.later(80)).await.unwrap());
    let ruled = ruled(world.employee, world.later(100), ReasonCode::InOrder);
    assert!(reviews::decide(tx, second.id, &ruled).await.unwrap());

    let asker = Asker { person_id: who, today: date("2026-11-23"), now: world.now };
    let span = (world.later(100), world.later(101));
    for everything in [false, true] {
        let pairs = agreement::pairs(tx, asker, span, everything).await.unwrap();
        assert_eq!(
            pairs
                .iter()
                .map(|row| (row.first_id, row.second_id, row.first_decision, row.second_decision))
                .collect::<Vec<_>>(),
            [(id, second.id, Decision::Reject, Decision::Accept)]
        );
        let routine = agreement::routine(tx, asker, (world.later(10), world.later(11)), everything).await.unwrap();
        assert_eq!(routine, (1, 1));
    }
}

async fn cases_of_an_outage_are_found_by_its_window(world: &World, tx: &mut Tx, entry: EntryId) {
    let case = NewCase { work_date: date("2026-11-30"), ..world.case(Slot::Evening, 1) };
    let id = reviews::open(tx, &case).await.unwrap();
    let checkin = world.checkin(entry, 2, world.later(1_000_061));
    assert_eq!(checkins::insert(tx, &[&checkin]).await.unwrap(), 1);
    reviews::add_attempt(tx, id, checkin.id).await.unwrap();
    let span = (world.later(1_000_000), world.later(1_000_001));
    let later = (world.later(1_000_001), world.later(1_000_002));
    assert_eq!(reviews::cause_in_window(tx, None, later, "incident:x").await.unwrap(), 0);
    assert_eq!(reviews::cause_in_window(tx, Some(world.city), span, "incident:x").await.unwrap(), 1);
    for unit in [Some(world.office), Some(world.city), None] {
        assert_eq!(reviews::cause_in_window(tx, unit, span, "incident:y").await.unwrap(), 0, "once: {unit:?}");
    }
    assert_eq!(reviews::hold(tx, id).await.unwrap().unwrap().cause.as_deref(), Some("incident:x"));
    let incident = IncidentRow {
        id: IncidentId::new(world.now, &world.chance),
        code: "SATU".into(),
        unit_id: None,
        starts_at: world.now,
        ends_at: world.later(1),
        words_id: "Gangguan.".into(),
        words_en: "An outage.".into(),
    };
    incidents::insert(tx, &incident).await.unwrap();
    assert_eq!(incidents::by_id(tx, incident.id).await.unwrap(), Some(incident));
}

async fn a_slot_is_held_and_stands_again_as_it_stood(world: &World, tx: &mut Tx, entry: EntryId) {
    let day = date("2026-12-01");
    assert_eq!(presences::hold(tx, world.employee, day, Slot::Evening).await.unwrap(), None);
    let row = world.checkin(entry, 3, world.later(5));
    let attempt = Attempt {
        person_id: world.employee,
        unit_id: world.office,
        work_date: day,
        slot: Slot::Evening,
        verdict: Verdict::Flagged,
        timing: row.timing,
        received_at: row.received_at,
        checkin_id: row.id,
        number: 1,
    };
    presences::record(tx, &[&attempt]).await.unwrap();
    let before = presences::hold(tx, world.employee, day, Slot::Evening).await.unwrap().unwrap();
    presences::settle(tx, world.employee, day, Slot::Evening, Decision::Reject).await.unwrap();
    assert_ne!(presences::hold(tx, world.employee, day, Slot::Evening).await.unwrap(), Some(before));
    presences::restore(tx, world.employee, day, Slot::Evening, before).await.unwrap();
    assert_eq!(presences::hold(tx, world.employee, day, Slot::Evening).await.unwrap(), Some(before));
    let found = presences::between(tx, world.employee, day, day.plus_days(1)).await.unwrap();
    assert_eq!(found.iter().map(|row| row.best_checkin_id).collect::<Vec<_>>(), [row.id]);
    assert!(
        presences::between(tx, world.employee, day.plus_days(-1), day).await.unwrap().is_empty(),
        "without the last"
    );
}
