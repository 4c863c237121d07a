//! How long the day of a unit takes: 1,000 people in one unit, and a city of 60,000 in 600 units, half of them received,
//! a third with a year of weekly roster rows. PostgreSQL takes part when `TEST_POSTGRES_URL` names a server.

use std::time::Instant;

use sqlx::Connection as _;

use hadir::{
    model::{
        chance::Chance,
        ids::{CheckinId, PersonId, RoleId, RosterId, ScheduleId, UnitId},
        time::{Timestamp, WorkDate},
        words::{Duty, Role, Slot, Timing, Verdict},
    },
    presence::{
        tree::Tree,
        unit_day::{Counted, Plan, Roll},
    },
    store::{
        Store, StoreOptions, Tx, lines,
        people::{self, PersonRow, Wanted},
        presences::{self, Attempt},
        roles::{self, RoleRow},
        rosters::{self, RosterRow},
        schedules::{self, ScheduleRow},
        units::{self, UnitRow},
    },
};

use crate::support;

const UNITS: usize = 600;
const PEOPLE: usize = 60_000;
const LARGE: usize = 1_000;
const ROSTER_WEEKS: i64 = 52;
const ROUNDS: u32 = 5;

struct City {
    root: UnitId,
    large: UnitId,
}

fn date() -> WorkDate {
    WorkDate(jiff::civil::date(2026, 11, 23))
}

fn noon() -> Timestamp {
    support::at("2026-11-23T05:00:00Z")
}

async fn fill(tx: &mut Tx, chance: &Chance) -> City {
    let now = noon();
    let unit = |code: String, parent_id| UnitRow {
        id: UnitId::new(now, chance),
        name: code.clone(),
        code,
        parent_id,
        time_zone: "Asia/Jakarta".to_owned(),
    };
    let root = unit("KOTA".to_owned(), None);
    units::insert(tx, &root).await.expect("the city");
    let mut offices = Vec::new();
    for number in 0..UNITS {
        let parent = if number < 30 { root.id } else { offices[number % 30] };
        let office = unit(format!("U{number:04}"), Some(parent));
        units::insert(tx, &office).await.expect("a unit");
        offices.push(office.id);
    }
    lines::draw(tx).await.expect("the lines of the tree");
    for (slot, opens_minute) in [(Slot::Morning, 360), (Slot::Evening, 960)] {
        let row = ScheduleRow {
            id: ScheduleId::new(now, chance),
            unit_id: root.id,
            slot,
            valid_from: date().plus_days(-300),
            valid_to: None,
            weekdays: 31,
            opens_minute,
            closes_minute: opens_minute + 120,
            grace_minutes: 30,
        };
        schedules::insert(tx, &row).await.expect("a schedule");
    }
    let large = offices[UNITS - 1];
    for number in 0..PEOPLE {
        let unit_id = if number < LARGE { large } else { offices[number % (UNITS - 1)] };
        person(tx, chance, number, unit_id).await;
    }
    City { root: root.id, large }
}

async fn person(tx: &mut Tx, chance: &Chance, number: usize, unit_id: UnitId) {
    let id = PersonId::new(noon(), chance);
    let (nip, name) = (format!("{number:06}"), format!("Pegawai {:06}", number * 7919 % PEOPLE));
    people::insert(tx, &PersonRow { id, nip, name, unit_id, active: true, password_hash: None })
        .await
        .expect("a person");
    if number.is_multiple_of(60) {
        let (role, unit_id) = (Role::Supervisor, Some(unit_id));
        let row = RoleRow {
            id: RoleId::new(noon(), chance),
            person_id: id,
            role,
            unit_id,
            valid_from: date(),
            valid_to: None,
        };
        roles::insert(tx, &row).await.expect("a role");
    }
    if number.is_multiple_of(3) {
        for week in 0..ROSTER_WEEKS {
            let valid_from = date().plus_days(-7 * week);
            let (valid_to, duty) =
                (valid_from.plus_days(4), if number.is_multiple_of(2) { Duty::Office } else { Duty::Home });
            let row = RosterRow { id: RosterId::new(noon(), chance), person_id: id, valid_from, valid_to, duty };
            rosters::insert(tx, &row).await.expect("a roster row");
        }
    }
    if number.is_multiple_of(2) {
        let attempt = Attempt {
            person_id: id,
            unit_id,
            work_date: date(),
            slot: Slot::Morning,
            verdict: if number.is_multiple_of(20) { Verdict::Flagged } else { Verdict::Accepted },
            timing: Timing::OnTime,
            received_at: noon(),
            checkin_id: CheckinId::new(noon(), chance),
            number: 1,
        };
        presences::record(tx, &[&attempt]).await.expect("a presence");
    }
}

/// The whole day of a unit, as the page asks for it; says how many people it counted.
async fn day(store: &Store, unit: UnitId) -> i64 {
    let mut tx = store.read().await.expect("a transaction");
    let tree = Tree::new(units::all(&mut tx).await.expect("units"));
    let plan = Plan::load(&mut tx, &tree, date(), date()).await.expect("a plan");
    let counted = Counted::load(&mut tx, &plan, unit, date(), noon()).await.expect("counts");
    let roll = Roll::load(&mut tx, unit, date(), PersonId(uuid::Uuid::nil())).await.expect("people");
    let (people, totals) = counted.sum(&tree.with_below([unit]));
    assert!(totals[0].expected > 0 && roll.people.len() <= LARGE);
    people
}

async fn listed(store: &Store, part: &str) -> i64 {
    let mut tx = store.read().await.expect("a transaction");
    let after = (String::new(), PersonId(uuid::Uuid::nil()));
    let wanted = Wanted { after, part: part.to_owned(), on: date(), limit: 21 };
    people::listed(&mut tx, &wanted).await.expect("people").len() as i64
}

async fn measure(url: &str) {
    let options =
        StoreOptions { url: url.to_owned(), connections: 2, acquire_timeout: std::time::Duration::from_secs(30) };
    let store = Store::open(&options).await.expect("a database");
    let mut tx = store.write().await.expect("a transaction");
    let city = fill(&mut tx, &Chance::from_seed([1; 32])).await;
    tx.commit().await.expect("a commit");
    if store.engine() == "postgres" {
        // As its own background work does within a minute of such a change.
        let mut connection = sqlx::PgConnection::connect(url).await.expect("a connection");
        sqlx::raw_sql("ANALYZE").execute(&mut connection).await.expect("statistics");
    }
    let report = |what: &str, people: i64, begun: Instant| {
        let ms = begun.elapsed().as_secs_f64() * 1_000.0 / f64::from(ROUNDS);
        println!("{:<9} {what:<34} {people:>6} rows {ms:>8.1} ms", store.engine());
    };
    for (what, unit) in [("a unit of 1,000 people", city.large), ("the city of 60,000 in 600 units", city.root)] {
        let mut people = day(&store, unit).await;
        let begun = Instant::now();
        for _ in 0..ROUNDS {
            people = day(&store, unit).await;
        }
        report(what, people, begun);
    }
    for (what, part) in [("a page of people", ""), ("a page of people, found by a part", "05999")] {
        let mut people = listed(&store, part).await;
        let begun = Instant::now();
        for _ in 0..ROUNDS {
            people = listed(&store, part).await;
        }
        report(what, people, begun);
    }
    store.close().await;
}

/// Prints how long each takes.
pub fn run() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        measure(&format!("sqlite:{}", folder.path().join("board.sqlite3").display())).await;
        if std::env::var("TEST_POSTGRES_URL").is_ok() {
            let database = support::postgres::Database::create().await;
            measure(&database.url).await;
            database.drop().await;
        } else {
            println!("postgres  not measured: run scripts/scratch-postgres scripts/measure board");
        }
    });
}
