//! The queue of reviews among few and among many check-ins: how long the server takes for a page and a case while eight
//! supervisors read, of a small unit, of one in the middle, and of everything.
//!
//! SQLite in a file; PostgreSQL too when `TEST_POSTGRES_URL` names a server (`scripts/scratch-postgres scripts/measure
//! queue`), and that alone with `ENGINE=postgres`. Rows are made from one real flagged check-in; of the others, receipt and
//! evidence, which nobody reads here, are left empty. Both servers run, and are asked in turns, so that whatever else the machine does meets both alike.

use std::{fmt::Write as _, path::Path, sync::Arc, time::Duration};

use hadir::{
    config::Config,
    model::{
        chance::Chance,
        ids::{CheckinId, PersonId, ReviewEventId, ReviewId, RoleId, UnitId},
        time::{SetClock, Timestamp, WorkDate},
    },
    server,
    store::{
        Store, StoreOptions,
        checkins::{self, EvidenceRow, FindingRow},
        lines, people,
    },
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::{
    pictures::median,
    support::{self, CheckIn, EMPLOYEE, MONDAY_MORNING, PASSWORD, TestApp, at, postgres::Database},
};

/// How much there is.
struct Size {
    name: &'static str,
    checkins: usize,
    people: usize,
    /// Units on each level of the tree; the people work in the lowest.
    levels: [usize; 4],
    /// Cases that wait; as many again were decided.
    open: usize,
}

const SIZES: [Size; 2] = [
    Size { name: "small", checkins: 10_000, people: 600, levels: [1, 2, 4, 13], open: 500 },
    Size { name: "large", checkins: 1_000_000, people: 60_000, levels: [1, 10, 100, 1_889], open: 50_000 },
];
/// Days that the check-ins spread over.
const DAYS: usize = 60;
/// Readers at the same time.
const READERS: usize = 8;
/// Rounds of a kind of question, and what each reader asks in one.
const ROUNDS: usize = 4;
const QUESTIONS: usize = 40;
/// A round ends early after this.
const LONGEST: Duration = Duration::from_secs(10);
/// Check-ins of one transaction of the filling, and rows of one statement.
const TOGETHER: usize = 10_000;
const ROWS: usize = 500;

pub fn run(folder: Option<&Path>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let template = Template::take().await;
        let kept = tempfile::tempdir().expect("a folder");
        let folder = folder.unwrap_or_else(|| kept.path());
        if std::env::var("ENGINE").as_deref() != Ok("postgres") {
            measure("sqlite", folder, &template).await;
        }
        if std::env::var("TEST_POSTGRES_URL").is_ok() {
            measure("postgres", folder, &template).await;
        } else {
            println!("PostgreSQL was not measured: TEST_POSTGRES_URL names no server");
        }
    });
}

/// Both sizes on an engine, side by side.
async fn measure(engine: &str, folder: &Path, template: &Template) {
    let mut servers = Vec::new();
    for size in &SIZES {
        let url = match engine {
            "sqlite" => format!("sqlite:{}", folder.join(format!("{}.sqlite3", size.name)).display()),
            // It goes with the scratch server.
            _ => Database::create().await.url,
        };
        let began = std::time::Instant::now();
        fill(&url, size, template).await;
        eprintln!("{engine}, {}: filled in {:.0} s: {url}", size.name, began.elapsed().as_secs_f64());
        servers.push(Server::start(&url, size).await);
    }
    let [small, large] = servers.try_into().ok().expect("two sizes");
    println!("\n{engine}: ms while {READERS} read{:>26}{:>24}{:>22}", "median", "p99", "large/small");
    println!("{:<34}{:>12}{:>12}{:>12}{:>12}{:>11}{:>11}", "", "small", "large", "small", "large", "median", "p99");
    for (few, many) in small.readers.iter().zip(&large.readers) {
        for (question, paths) in &few.questions {
            let theirs = many.questions.iter().find(|(name, _)| name == question).expect("the same questions");
            let (mut of_few, mut of_many) = (Vec::new(), Vec::new());
            for round in 0..=ROUNDS {
                let (took_few, took_many) = (few.time(paths).await, many.time(&theirs.1).await);
                // The first one fills caches of the engine, on every connection.
                if round > 0 {
                    of_few.extend(took_few);
                    of_many.extend(took_many);
                }
            }
            let [few_median, few_p99, many_median, many_p99] =
                [&mut of_few, &mut of_many].map(|took| summed_up(took)).concat()[..]
            else {
                continue;
            };
            let numbers = [few_median, many_median, few_p99, many_p99].map(|ms| format!("{ms:>12.2}")).concat();
            let ratios = [many_median / few_median, many_p99 / few_p99].map(|ratio| format!("{ratio:>11.2}")).concat();
            println!("{:<34}{numbers}{ratios}", format!("{}: {question}", few.who));
        }
    }
    small.running.stop().await;
    large.running.stop().await;
}

/// Half were faster than the first, all but one of a hundred faster than the second.
fn summed_up(took: &mut [f64]) -> Vec<f64> {
    let half = median(took);
    took.sort_by(f64::total_cmp);
    vec![half, took[(took.len() * 99 / 100).min(took.len() - 1)]]
}

/// What a real flagged check-in left behind.
struct Template {
    evidence: EvidenceRow,
    findings: Vec<FindingRow>,
    receipt: String,
    rules_version: String,
    password_hash: String,
}

impl Template {
    async fn take() -> Self {
        let app = TestApp::start(support::Engine::Sqlite).await;
        let answer = app.phone(EMPLOYEE).await.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
        let id: CheckinId = answer.json["receipt"]["checkin_id"].as_str().expect("an id").parse().expect("an id");
        let mut tx = app.app.store.read().await.expect("a transaction");
        let row = checkins::by_id(&mut tx, id).await.expect("a row").expect("a check-in");
        let evidence = checkins::evidence(&mut tx, id).await.expect("a row").expect("evidence");
        let findings = checkins::findings(&mut tx, id).await.expect("rows");
        let person = people::by_nip(&mut tx, EMPLOYEE).await.expect("a row").expect("a person");
        drop(tx);
        app.stop().await;
        let (receipt, rules_version) = (row.receipt, row.rules_version);
        Self { evidence, findings, receipt, rules_version, password_hash: person.password_hash.expect("a hash") }
    }
}

/// A connection that takes many rows at once, as text, and how values are written for it.
enum Bulk {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Bulk {
    async fn open(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            let mut bulk = Self::Sqlite(SqliteConnection::connect(url).await.expect("a database"));
            bulk.run("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -1000000".to_owned())
                .await;
            bulk
        } else {
            Self::Postgres(PgConnection::connect(url).await.expect("a database"))
        }
    }

    async fn run(&mut self, sql: String) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(connection) => sql.execute(connection).await.map(drop),
            Self::Postgres(connection) => sql.execute(connection).await.map(drop),
        }
        .expect("a statement");
    }

    /// `into` is a table with its columns; each row is a list of written values.
    async fn insert(&mut self, into: &str, rows: &[String]) {
        for rows in rows.chunks(ROWS) {
            self.run(format!("INSERT INTO {into} VALUES {}", rows.join(","))).await;
        }
    }

    fn id(&self, id: Uuid) -> String {
        match self {
            Self::Sqlite(_) => format!("x'{}'", id.simple()),
            Self::Postgres(_) => format!("'{id}'"),
        }
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        match self {
            Self::Sqlite(_) => format!("x'{}'", hex::encode(bytes)),
            Self::Postgres(_) => format!("'\\x{}'", hex::encode(bytes)),
        }
    }

    fn at(&self, at: Timestamp) -> String {
        match self {
            Self::Sqlite(_) => at.as_microsecond().to_string(),
            Self::Postgres(_) => format!("'{at}'"),
        }
    }

    fn flag(&self, flag: bool) -> &'static str {
        match (self, flag) {
            (Self::Sqlite(_), true) => "1",
            (Self::Sqlite(_), false) => "0",
            (Self::Postgres(_), true) => "TRUE",
            (Self::Postgres(_), false) => "FALSE",
        }
    }
}

/// A text as it is written in SQL.
fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn or_null<T>(value: Option<T>, write: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| "NULL".to_owned(), write)
}

/// Who is there: units from the top down, people of the lowest units, and a supervisor of each unit.
struct City {
    units: Vec<UnitId>,
    people: Vec<PersonId>,
    supervisors: Vec<PersonId>,
    /// The first unit of the lowest level.
    lowest: usize,
}

impl City {
    fn unit_of(&self, person: usize) -> UnitId {
        self.units[self.lowest + person % (self.units.len() - self.lowest)]
    }
}

async fn fill(url: &str, size: &Size, template: &Template) {
    let options = StoreOptions { url: url.to_owned(), connections: 2, acquire_timeout: Duration::from_secs(10) };
    Store::open(&options).await.expect("a schema").close().await;
    let chance = Chance::from_seed([21; 32]);
    let mut bulk = Bulk::open(url).await;
    bulk.run("BEGIN".to_owned()).await;
    let city = settle(&mut bulk, size, template, &chance).await;
    bulk.run("COMMIT".to_owned()).await;
    draw(&options).await;
    for from in (0..size.checkins).step_by(TOGETHER) {
        bulk.run("BEGIN".to_owned()).await;
        record(&mut bulk, size, template, &city, &chance, from..(from + TOGETHER).min(size.checkins)).await;
        bulk.run("COMMIT".to_owned()).await;
    }
    match bulk {
        Bulk::Sqlite(connection) => connection.close().await.expect("a closed connection"),
        Bulk::Postgres(_) => {
            // As the server itself does, given time.
            bulk.run("VACUUM ANALYZE".to_owned()).await;
        }
    }
}

/// The lines of the tree, as the server draws them.
async fn draw(options: &StoreOptions) {
    let store = Store::open(options).await.expect("a database");
    let mut tx = store.write().await.expect("a transaction");
    lines::draw(&mut tx).await.expect("lines");
    tx.commit().await.expect("lines");
    store.close().await;
}

async fn settle(bulk: &mut Bulk, size: &Size, template: &Template, chance: &Chance) -> City {
    let now = at(MONDAY_MORNING);
    let (mut units, mut rows, mut above, mut lowest) = (Vec::new(), Vec::new(), 0..0, 0);
    for &count in &size.levels {
        lowest = units.len();
        for number in 0..count {
            let id = UnitId::new(now, chance);
            let parent = (!above.is_empty()).then(|| units[above.start + number % above.len()]);
            let parent = or_null(parent, |parent: UnitId| bulk.id(parent.0));
            rows.push(format!("({},'U{}','Unit {}',{parent},'Asia/Jakarta')", bulk.id(id.0), units.len(), units.len()));
            units.push(id);
        }
        above = lowest..units.len();
    }
    bulk.insert("units (id, code, name, parent_id, time_zone)", &rows).await;
    let mut city = City { units, people: Vec::new(), supervisors: Vec::new(), lowest };
    let hash = text(&template.password_hash);
    let mut rows = Vec::new();
    let mut person = |bulk: &Bulk, nip: String, unit: UnitId| {
        let id = PersonId::new(now, chance);
        rows.push(format!("({},'{nip}','Orang {nip}',{},{},{hash})", bulk.id(id.0), bulk.id(unit.0), bulk.flag(true)));
        id
    };
    for number in 0..size.people {
        city.people.push(person(bulk, format!("P{number}"), city.unit_of(number)));
    }
    for (number, &unit) in city.units.iter().enumerate() {
        city.supervisors.push(person(bulk, format!("S{number}"), unit));
    }
    bulk.insert("people (id, nip, name, unit_id, active, password_hash)", &rows).await;
    let role = |(supervisor, unit): (&PersonId, &UnitId)| {
        let id = bulk.id(RoleId::new(now, chance).0);
        format!("({id},{},'supervisor',{},'2026-01-01',NULL)", bulk.id(supervisor.0), bulk.id(unit.0))
    };
    let rows: Vec<String> = city.supervisors.iter().zip(&city.units).map(role).collect();
    bulk.insert("role_assignments (id, person_id, role, unit_id, valid_from, valid_to)", &rows).await;
    city
}

/// Rows of the tables that a check-in touches.
#[derive(Default)]
struct Rows {
    checkins: Vec<String>,
    evidence: Vec<String>,
    findings: Vec<String>,
    presences: Vec<String>,
    prints: Vec<String>,
    reviews: Vec<String>,
    reasons: Vec<String>,
    attempts: Vec<String>,
    events: Vec<String>,
}

/// One check-in, or the case it opened.
struct One {
    id: CheckinId,
    person_id: PersonId,
    unit_id: UnitId,
    work_date: WorkDate,
    received_at: Timestamp,
    flagged: bool,
}

async fn record(
    bulk: &mut Bulk,
    size: &Size,
    template: &Template,
    city: &City,
    chance: &Chance,
    numbers: std::ops::Range<usize>,
) {
    let mut rows = Rows::default();
    let today = at(MONDAY_MORNING).date_in(&jiff::tz::TimeZone::UTC);
    let flagged_every = size.checkins / (2 * size.open);
    for number in numbers {
        let (who, turn) = (number % city.people.len(), number / city.people.len());
        let days_ago = 1 + (who + turn) % DAYS;
        let received_at = at(MONDAY_MORNING).plus_seconds(-86_400 * days_ago as i64 + (who % 7_200) as i64);
        let one = One {
            id: CheckinId::new(received_at, chance),
            person_id: city.people[who],
            unit_id: city.unit_of(who),
            work_date: today.plus_days(-(days_ago as i64)),
            received_at,
            flagged: number % flagged_every == 0,
        };
        check_in(bulk, &mut rows, template, &one);
        if one.flagged {
            let decided_by = (number / flagged_every % 2 == 1).then(|| city.supervisors[0]);
            let flagging = template.findings.iter().filter(|finding| finding.flags);
            let codes: Vec<&str> = flagging.map(|finding| finding.code.as_str()).collect();
            // Every tenth that waits came up to the top.
            let is_up = decided_by.is_none() && (number / flagged_every).is_multiple_of(20);
            let desk = if is_up { city.units[0] } else { one.unit_id };
            case(bulk, &mut rows, &one, &codes, (decided_by, (number % 3).min(2), desk), chance);
        }
    }
    let Rows { checkins, evidence, findings, presences, prints, reviews, reasons, attempts, events } = rows;
    for (into, rows) in [
        (
            "checkins (id, person_id, unit_id, slot, work_date, attempt, received_at, timing, verdict, rules_version,
                photo_sha256, photo_bytes, photo_type, photo_key, receipt, entry_id)",
            checkins,
        ),
        ("evidence (checkin_id, photo, location, place_id)", evidence),
        (
            "findings (checkin_id, ordinal, code, severity, flags, measured, threshold, unit_of_measure, words_id,
                words_en)",
            findings,
        ),
        (
            "presences (person_id, work_date, slot, unit_id, state, verdict, timing, first_received_at,
                best_checkin_id, attempts, decision)",
            presences,
        ),
        (
            "fingerprints (checkin_id, person_id, work_date, slot, recorded_at, content_sha256, prints, searched_at)",
            prints,
        ),
        (REVIEW_COLUMNS, reviews),
        ("review_reasons (review_id, code)", reasons),
        ("review_attempts (review_id, checkin_id)", attempts),
        ("review_events (id, review_id, ordinal, kind, actor_id, at, detail)", events),
    ] {
        bulk.insert(into, &rows).await;
    }
}

fn check_in(bulk: &Bulk, rows: &mut Rows, template: &Template, one: &One) {
    let (id, person, unit) = (bulk.id(one.id.0), bulk.id(one.person_id.0), bulk.id(one.unit_id.0));
    let (date, at) = (one.work_date, bulk.at(one.received_at));
    let verdict = if one.flagged { "flagged" } else { "accepted" };
    let read = |kept: &str| if one.flagged { text(kept) } else { "'{}'".to_owned() };
    let receipt = read(&template.receipt);
    let (hash, rules) = (bulk.bytes(&[one.id.0.as_bytes().as_slice(); 2].concat()), text(&template.rules_version));
    rows.checkins.push(format!(
        "({id},{person},{unit},'morning','{date}',1,{at},'on_time','{verdict}',{rules},{hash},180000,'image/jpeg',
            'key-{}',{receipt},{id})",
        one.id
    ));
    let evidence = &template.evidence;
    let (photo, location) = (read(&evidence.photo.0.to_string()), read(&evidence.location.0.to_string()));
    rows.evidence.push(format!("({id},{photo},{location},NULL)"));
    for finding in template.findings.iter().filter(|finding| one.flagged || !finding.flags) {
        let mut row = format!("({id},{},{},", finding.ordinal, text(&finding.code));
        let number = |value: Option<f64>| or_null(value, |value| format!("{value:?}"));
        let _ = write!(
            row,
            "{},{},{},{},{},{},{})",
            text(finding.severity.as_str()),
            bulk.flag(finding.flags),
            number(finding.measured),
            number(finding.threshold),
            or_null(finding.unit_of_measure.as_deref(), text),
            text(&finding.words_id),
            text(&finding.words_en)
        );
        rows.findings.push(row);
    }
    rows.presences
        .push(format!("({person},'{date}','morning',{unit},'received','{verdict}','on_time',{at},{id},1,NULL)"));
    rows.prints.push(format!("({id},{person},'{date}','morning',{at},{hash},NULL,{at})"));
}

/// What a case is made of; columns that are not named have their defaults.
const REVIEW_COLUMNS: &str = "reviews (id, person_id, unit_id, work_date, slot, state, urgency, opened_at, decided_by,
    decided_at, decision, reason_code, deciding_unit_id, escalations, target_at)";

/// The only place that knows what a case looks like.
fn case(
    bulk: &Bulk,
    rows: &mut Rows,
    one: &One,
    codes: &[&str],
    (decided_by, urgency, desk): (Option<PersonId>, usize, UnitId),
    chance: &Chance,
) {
    let review = ReviewId::new(one.received_at, chance);
    let id = bulk.id(review.0);
    let (person, unit, date, opened) =
        (bulk.id(one.person_id.0), bulk.id(one.unit_id.0), one.work_date, bulk.at(one.received_at));
    let ruling = decided_by.map_or_else(
        || "'open',".to_owned() + &format!("{urgency},{opened},NULL,NULL,NULL,NULL"),
        |by| {
            let decided_at = bulk.at(one.received_at.plus_seconds(3_600));
            format!("'decided',{urgency},{opened},{},{decided_at},'accept','device_imprecise'", bulk.id(by.0))
        },
    );
    // Nobody is late: a job that moves cases would be measured too.
    let target = bulk.at(at(MONDAY_MORNING).plus_seconds(86_400));
    rows.reviews.push(format!(
        "({id},{person},{unit},'{date}','morning',{ruling},{},{},{target})",
        bulk.id(desk.0),
        i64::from(desk != one.unit_id)
    ));
    for code in codes {
        rows.reasons.push(format!("({id},{})", text(code)));
    }
    rows.attempts.push(format!("({id},{})", bulk.id(one.id.0)));
    let kinds = if decided_by.is_some() { &["opened", "claimed", "decided"][..] } else { &["opened"][..] };
    for (ordinal, kind) in (1..).zip(kinds) {
        let event = bulk.id(ReviewEventId::new(one.received_at, chance).0);
        let actor = or_null(decided_by.filter(|_| ordinal > 1), |by| bulk.id(by.0));
        rows.events.push(format!("({event},{id},{ordinal},'{kind}',{actor},{opened},'{{}}')"));
    }
}

/// A server on one of the databases, and who reads from it.
struct Server {
    running: server::Running,
    readers: Vec<Reader>,
    _folder: tempfile::TempDir,
}

impl Server {
    async fn start(url: &str, size: &Size) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config {
            listen: "127.0.0.1:0".to_owned(),
            data_dir: folder.path().join("data"),
            database_url: url.to_owned(),
            drain_s: 0,
            ..Config::default()
        };
        let clock = Arc::new(SetClock::new(at(MONDAY_MORNING)));
        let app = server::compose(config, clock, Chance::from_seed([4; 32])).await.expect("an application");
        let running = server::start(app).expect("a server");
        let url = format!("http://{}/api/v1", running.address());
        let [root, departments, divisions, _] = size.levels;
        let middle = root + departments;
        let mut readers = Vec::new();
        for (who, unit) in [("small unit", middle + divisions), ("middle unit", middle), ("everything", 0)] {
            readers.push(Reader::sign_in(&url, who, &format!("S{unit}")).await);
        }
        Self { running, readers, _folder: folder }
    }
}

/// A supervisor who is signed in, and what there is to ask.
#[derive(Clone)]
struct Reader {
    who: &'static str,
    client: reqwest::Client,
    url: String,
    token: String,
    questions: Vec<(&'static str, Vec<String>)>,
}

impl Reader {
    async fn sign_in(url: &str, who: &'static str, nip: &str) -> Self {
        let client = reqwest::Client::new();
        let body = serde_json::json!({"nip": nip, "password": PASSWORD});
        let answer = client.post(format!("{url}/session")).json(&body).send().await.expect("an answer");
        let tokens: serde_json::Value = answer.json().await.expect("tokens");
        let token = tokens["access_token"].as_str().expect("a token").to_owned();
        let mut reader = Self { who, client, url: url.to_owned(), token, questions: Vec::new() };
        let all = match reader.get("/reviews?limit=100&scope=all").await {
            Some(page) => page,
            None => reader.get("/reviews?limit=100").await.expect("a queue"),
        };
        let cases: Vec<String> = all["items"]
            .as_array()
            .expect("cases")
            .iter()
            .filter_map(|case| Some(format!("/reviews/{}", case["id"].as_str()?)))
            .collect();
        assert!(!cases.is_empty(), "{who} has nothing to do");
        for (question, paths) in [
            ("page, own desk", vec!["/reviews?limit=20&scope=mine".to_owned()]),
            ("page, scope=all", vec!["/reviews?limit=20&scope=all".to_owned()]),
            ("page, one reason", vec!["/reviews?limit=20&scope=all&reason=location.cannot_tell".to_owned()]),
            ("page, a reason nobody has", vec!["/reviews?limit=20&scope=all&reason=photo.dark".to_owned()]),
            ("page, decided", vec!["/reviews?limit=20&state=decided".to_owned()]),
            ("counts, own desk", vec!["/reviews/counts?scope=mine".to_owned()]),
            ("counts, scope=all", vec!["/reviews/counts?scope=all".to_owned()]),
            ("claims", vec!["/reviews/claims".to_owned()]),
            ("case", cases),
        ] {
            // What this server does not know yet is not asked.
            if reader.get(&paths[0]).await.is_some() {
                reader.questions.push((question, paths));
            }
        }
        reader
    }

    /// The answer; nothing when it is a refusal.
    async fn get(&self, path: &str) -> Option<serde_json::Value> {
        let request = self.client.get(format!("{}{path}", self.url)).bearer_auth(&self.token);
        let answer = request.send().await.expect("an answer").error_for_status().ok()?;
        answer.json().await.ok()
    }

    /// Milliseconds that the server took for an answer, as it says itself.
    async fn read(&self, path: &str) -> f64 {
        let request = self.client.get(format!("{}{path}", self.url)).bearer_auth(&self.token);
        let answer = request.send().await.expect("an answer").error_for_status().expect("no refusal");
        let timing = answer.headers().get("server-timing").and_then(|told| told.to_str().ok()).unwrap_or_default();
        let took = timing.rsplit('=').next().and_then(|ms| ms.parse().ok()).expect("a time");
        answer.bytes().await.expect("an answer");
        took
    }

    /// Asks for these in turns, several readers at the same time; milliseconds of each answer.
    async fn time(&self, paths: &[String]) -> Vec<f64> {
        let end = std::time::Instant::now() + LONGEST;
        let reader = |first: usize| {
            let (reader, paths) = (self.clone(), paths.to_vec());
            tokio::spawn(async move {
                let mut took = Vec::new();
                for turn in 0..=QUESTIONS {
                    if std::time::Instant::now() > end && turn > 2 {
                        break;
                    }
                    took.push(reader.read(&paths[(first + turn * READERS) % paths.len()]).await);
                }
                // The first fills caches.
                took.split_off(1)
            })
        };
        let all = futures_util::future::join_all((0..READERS).map(reader)).await;
        all.into_iter().flat_map(|took| took.expect("a reader")).collect()
    }
}
