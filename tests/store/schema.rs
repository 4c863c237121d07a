//! Both schemas are one schema, old dumps become it, and every statement fits it.

use std::{collections::BTreeSet, path::Path, sync::Arc, time::Duration};

use hadir::{
    config::Config,
    model::{chance::Chance, time::SetClock},
    store::{Store, StoreOptions, checkins, people, places, positions, statements, units},
};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _, SqliteConnection};

use crate::support::postgres::Database;

fn options(url: &str) -> StoreOptions {
    StoreOptions { url: url.to_owned(), connections: 2, acquire_timeout: Duration::from_secs(10) }
}

/// Type class of a column, by its declared type on either engine.
fn class(engine: &str, declared: &str) -> &'static str {
    match (engine, declared) {
        ("sqlite", "BLOB") | ("postgres", "uuid" | "bytea") => "bytes",
        ("sqlite", "INTEGER") | ("postgres", "bigint" | "boolean" | "timestamp with time zone") => "integer",
        ("sqlite", "TEXT") | ("postgres", "text" | "date" | "jsonb") => "text",
        ("sqlite", "REAL") | ("postgres", "double precision") => "real",
        other => panic!("{other:?} has no class: use one of the types of the codec"),
    }
}

/// `table.column class null key` of every column.
async fn sqlite_columns(connection: &mut SqliteConnection) -> BTreeSet<String> {
    let sql = "SELECT m.name AS t, c.name AS c, c.type, c.\"notnull\" AS n, c.pk FROM sqlite_schema m, pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%'";
    let rows = connection.fetch_all(sql).await.unwrap();
    let line = |row: &sqlx::sqlite::SqliteRow| {
        let (table, column, declared): (String, String, String) = (row.get("t"), row.get("c"), row.get("type"));
        let (not_null, key): (i64, i64) = (row.get("n"), row.get("pk"));
        format!("{table}.{column} {} null={} key={key}", class("sqlite", &declared), not_null == 0)
    };
    rows.iter().map(line).collect()
}

async fn postgres_columns(connection: &mut PgConnection) -> BTreeSet<String> {
    let sql = "SELECT c.table_name, c.column_name, c.data_type, c.is_nullable = 'YES' AS nullable,
            COALESCE((SELECT k.ordinal_position FROM information_schema.key_column_usage k
                JOIN information_schema.table_constraints t ON t.constraint_name = k.constraint_name AND t.table_schema = k.table_schema
                WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name AND k.column_name = c.column_name), 0)::bigint AS key
        FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name NOT LIKE '\\_sqlx%'";
    let rows = connection.fetch_all(sql).await.unwrap();
    let line = |row: &sqlx::postgres::PgRow| {
        let (table, column, declared): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let (nullable, key): (bool, i64) = (row.get(3), row.get(4));
        format!("{table}.{column} {} null={nullable} key={key}", class("postgres", &declared))
    };
    rows.iter().map(line).collect()
}

/// `table (columns) unique` of every index that is not a primary key's.
async fn sqlite_indexes(connection: &mut SqliteConnection) -> BTreeSet<String> {
    let sql = "SELECT m.name AS t, i.\"unique\" AS u, i.partial AS p,
            (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) AS columns
        FROM sqlite_schema m, pragma_index_list(m.name) i
        WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND i.origin <> 'pk'";
    let rows = connection.fetch_all(sql).await.unwrap();
    let line = |row: &sqlx::sqlite::SqliteRow| {
        let (table, columns): (String, String) = (row.get("t"), row.get("columns"));
        let (unique, partial): (i64, i64) = (row.get("u"), row.get("p"));
        format!("{table} ({columns}) unique={} partial={}", unique == 1, partial == 1)
    };
    rows.iter().map(line).collect()
}

async fn postgres_indexes(connection: &mut PgConnection) -> BTreeSet<String> {
    let sql = "SELECT t.relname::text, i.indisunique, i.indpred IS NOT NULL,
            (SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY k (number, place)
                JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number)
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = 'public' AND NOT i.indisprimary AND t.relname NOT LIKE '\\_sqlx%'";
    let rows = connection.fetch_all(sql).await.unwrap();
    let line = |row: &sqlx::postgres::PgRow| {
        let (table, unique, partial, columns): (String, bool, bool, String) =
            (row.get(0), row.get(1), row.get(2), row.get(3));
        format!("{table} ({columns}) unique={unique} partial={partial}")
    };
    rows.iter().map(line).collect()
}

/// `table -> table` of every foreign key.
async fn sqlite_references(connection: &mut SqliteConnection) -> BTreeSet<String> {
    let sql = "SELECT m.name AS t, f.\"from\" AS c, f.\"table\" AS r FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";
    let rows = connection.fetch_all(sql).await.unwrap();
    rows.iter()
        .map(|row| {
            format!("{}.{} -> {}", row.get::<String, _>("t"), row.get::<String, _>("c"), row.get::<String, _>("r"))
        })
        .collect()
}

async fn postgres_references(connection: &mut PgConnection) -> BTreeSet<String> {
    let sql = "SELECT t.relname::text, a.attname::text, r.relname::text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
        JOIN pg_class r ON r.oid = c.confrelid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'";
    let rows = connection.fetch_all(sql).await.unwrap();
    rows.iter()
        .map(|row| format!("{}.{} -> {}", row.get::<String, _>(0), row.get::<String, _>(1), row.get::<String, _>(2)))
        .collect()
}

/// Columns, indexes and references of a schema, as comparable lines.
async fn sqlite_schema(path: &Path) -> BTreeSet<String> {
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
    let mut lines = sqlite_columns(&mut connection).await;
    lines.extend(sqlite_indexes(&mut connection).await);
    lines.extend(sqlite_references(&mut connection).await);
    lines
}

async fn postgres_schema(url: &str) -> BTreeSet<String> {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let mut lines = postgres_columns(&mut connection).await;
    lines.extend(postgres_indexes(&mut connection).await);
    lines.extend(postgres_references(&mut connection).await);
    lines
}

#[tokio::test]
async fn both_schemas_have_the_same_tables_columns_keys_and_indexes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.sqlite3");
    Store::open(&options(&format!("sqlite:{}", file.display()))).await.unwrap().close().await;
    let database = Database::create().await;
    Store::open(&options(&database.url)).await.unwrap().close().await;
    let (sqlite, postgres) = (sqlite_schema(&file).await, postgres_schema(&database.url).await);
    assert!(sqlite.len() > 100, "{sqlite:#?}");
    let differences: Vec<_> = sqlite.symmetric_difference(&postgres).collect();
    assert!(differences.is_empty(), "{differences:#?}");
    let strict = sqlx::query(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE '%sqlx%' AND name NOT LIKE 'sqlite%'",
    );
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    assert_eq!(strict.fetch_all(&mut connection).await.unwrap().len(), 0, "every table is STRICT");
    database.drop().await;
}

#[tokio::test]
async fn every_statement_is_prepared_on_both_engines() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("new.sqlite3").display());
    Store::open(&options(&url)).await.unwrap().close().await;
    let database = Database::create().await;
    Store::open(&options(&database.url)).await.unwrap().close().await;
    prepare_all(&url, &database.url).await;
    database.drop().await;
}

async fn prepare_all(sqlite: &str, postgres: &str) {
    let mut sqlite = SqliteConnection::connect(sqlite).await.unwrap();
    let mut postgres = PgConnection::connect(postgres).await.unwrap();
    let mut count = 0;
    for statement in statements::all() {
        let text = sqlx::SqlSafeStr::into_sql_str(statement.sqlite());
        sqlite.prepare(text).await.unwrap_or_else(|error| panic!("{} on SQLite: {error}", statement.name));
        let text = sqlx::SqlSafeStr::into_sql_str(statement.postgres());
        postgres.prepare(text).await.unwrap_or_else(|error| panic!("{} on PostgreSQL: {error}", statement.name));
        let words = statement.postgres().to_ascii_lowercase();
        assert!(
            !words.contains("now()") && !words.contains("current_"),
            "{} asks the database for the time",
            statement.name
        );
        count += 1;
    }
    assert!(count > 50);
}

#[tokio::test]
async fn what_is_compared_with_everybody_is_found_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("new.sqlite3").display());
    Store::open(&options(&url)).await.unwrap().close().await;
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let wanted = [
        ("positions::OTHERS_WITH_FIX", "USING INDEX positions_by_fix (fix_key=?)"),
        ("positions::SINCE", "USING INDEX positions_by_person (person_id=? AND received_at>? AND received_at<?)"),
        ("places::IN_CELL", "USING INDEX places_by_cell (cell_key=?)"),
        ("checkins::MEDIUM_DAYS", "USING INDEX checkins_by_slot (person_id=? AND work_date>? AND work_date<?)"),
        ("boards::PEOPLE", "USING INDEX rosters_by_end (person_id=? AND valid_to>?)"),
        ("boards::PRESENCES", "USING INDEX people_by_unit (unit_id=?)"),
    ];
    for (name, index) in wanted {
        let statement = statements::all().find(|statement| statement.name.ends_with(name)).unwrap();
        let text = format!("EXPLAIN QUERY PLAN {}", statement.sqlite());
        let plan = sqlx::query(AssertSqlSafe(text)).fetch_all(&mut connection).await.unwrap();
        let steps: Vec<String> = plan.iter().map(|step| step.get::<String, _>("detail")).collect();
        assert!(steps.iter().any(|step| step.contains(index)), "{name}: {steps:?}");
        assert!(!steps.iter().any(|step| step.starts_with("SCAN")), "{name}: {steps:?}");
    }
}

/// Dumps of released schemas, with rows, made by `scripts/dump-schema`: (version, SQLite, PostgreSQL).
const RELEASED: &[(&str, &str, &str)] =
    &[("0.1.0", include_str!("released/0.1.0.sqlite.sql"), include_str!("released/0.1.0.postgres.sql"))];

#[tokio::test]
async fn a_dump_of_each_released_schema_migrates_and_keeps_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let (new_file, new_database) = (folder.path().join("new.sqlite3"), Database::create().await);
    Store::open(&options(&format!("sqlite:{}", new_file.display()))).await.unwrap().close().await;
    Store::open(&options(&new_database.url)).await.unwrap().close().await;
    for (version, sqlite, postgres) in RELEASED {
        let file = folder.path().join(format!("{version}.sqlite3"));
        let url = format!("sqlite:{}", file.display());
        let mut old = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe((*sqlite).to_owned())).execute(&mut old).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(positions_of_then(|hex| format!("x'{hex}'"), "0", |json| format!("'{json}'"))))
            .execute(&mut old)
            .await
            .unwrap();
        old.close().await.unwrap();
        let database = Database::create().await;
        let mut old = PgConnection::connect(&database.url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe((*postgres).to_owned())).execute(&mut old).await.unwrap();
        let at = "'2026-11-23T00:05:00Z'";
        sqlx::raw_sql(AssertSqlSafe(positions_of_then(|hex| format!("'\\x{hex}'"), at, |json| format!("'{json}'"))))
            .execute(&mut old)
            .await
            .unwrap();
        old.close().await.unwrap();
        for url in [&url, &database.url] {
            let store = Store::open(&options(url)).await.unwrap();
            let mut tx = store.read().await.unwrap();
            assert_eq!(people::by_nip(&mut tx, "1001").await.unwrap().unwrap().name, "Dewi", "{version}: {url}");
            assert_eq!(units::all(&mut tx).await.unwrap()[0].time_zone, "Asia/Makassar");
            tx.rollback().await.unwrap();
            store.close().await;
            plain_positions_are_moved_and_sealed(url).await;
        }
        assert_eq!(sqlite_schema(&file).await, sqlite_schema(&new_file).await, "{version}");
        assert_eq!(postgres_schema(&database.url).await, postgres_schema(&new_database.url).await, "{version}");
        prepare_all(&url, &database.url).await;
        database.drop().await;
    }
    new_database.drop().await;
}

/// A home and a check-in as release 0.1.0 kept them: coordinates in plain text.
fn positions_of_then(bytes: impl Fn(&str) -> String, at: &str, json: impl Fn(&str) -> String) -> String {
    let (place, checkin) = ("0".repeat(30) + "a1", "0".repeat(30) + "b2");
    // PostgreSQL's ids are of a type of their own.
    let id = |digits: &str| {
        if at == "0" { bytes(digits) } else { format!("'{}'", uuid::Uuid::parse_str(digits).unwrap()) }
    };
    let (person, unit) = ("(SELECT id FROM people WHERE nip = '1001')", "(SELECT id FROM units LIMIT 1)");
    let fix = r#"{"latitude":-6.5951,"longitude":106.8166,"accuracy_m":18.0}"#;
    let location = json(&format!(
        r#"{{"model":"fence-1","basis":"web","reported":[{fix}],"position_error":null,"mocked":false,
        "chosen":{{"position":{{"latitude":-6.5951,"longitude":106.8166}},"accuracy_m":18.0}},"judged":null}}"#
    ));
    let photo = json(r#"{"exif":{"make":"Contoh","position":{"latitude":-6.6,"longitude":106.8}}}"#);
    format!(
        "INSERT INTO places (id, person_id, kind, version, latitude, longitude, radius_m, sigma_m, valid_from, created_at)
            VALUES ({}, {person}, 'home', 1, -6.595, 106.8166, 100.0, 10.0, '2026-01-01', {at});
        INSERT INTO checkins (id, person_id, unit_id, slot, work_date, attempt, received_at, timing, verdict,
                rules_version, photo_sha256, photo_bytes, photo_type, photo_key, request, receipt, entry_id)
            VALUES ({}, {person}, {unit}, 'morning', '2026-11-23', 1, {at}, 'on_time', 'accepted', 'old', {}, 1,
                'image/jpeg', 'key', '{{\"id\": \"as sent\"}}', '{{}}', {});
        INSERT INTO evidence (checkin_id, photo, location, place_id) VALUES ({}, {photo}, {location}, {});",
        id(&place),
        id(&checkin),
        bytes("00"),
        id(&checkin),
        id(&checkin),
        id(&place)
    )
}

/// What was readable is under seal after the next start, and still says the same.
async fn plain_positions_are_moved_and_sealed(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { data_dir: folder.path().join("data"), database_url: url.to_owned(), ..Config::default() };
    let clock = Arc::new(SetClock::new(crate::support::at(crate::support::MONDAY_MORNING)));
    let app = hadir::server::compose(config, clock, Chance::from_seed([4; 32])).await.unwrap();
    hadir::places::reseal::all(&app).await.unwrap();
    let mut tx = app.store.read().await.unwrap();
    let person = people::by_nip(&mut tx, "1001").await.unwrap().unwrap();
    let place = &places::of_person(&mut tx, person.id).await.unwrap()[0];
    let fence = hadir::places::vault::fence(&app, place).unwrap();
    assert!((fence.shape.middle().latitude() - -6.595).abs() < 1e-9 && place.cell_key.is_some(), "{url}");
    let rows = positions::after(&mut tx, uuid::Uuid::nil().to_string().parse().unwrap(), 9).await.unwrap();
    assert_eq!(rows.len(), 1, "{url}");
    let sealed = hadir::checkin::positions::open(&app, rows[0].checkin_id, &rows[0].sealed).unwrap();
    assert_eq!(sealed.request, "{\"id\": \"as sent\"}", "byte by byte");
    let chosen = sealed.chosen.unwrap();
    assert!((chosen.position.latitude() - -6.5951).abs() < 1e-9 && rows[0].accuracy_m == Some(18.0), "{url}");
    assert!((sealed.camera.unwrap().longitude() - 106.8).abs() < 1e-9, "{url}");
    let evidence = checkins::evidence(&mut tx, rows[0].checkin_id).await.unwrap().unwrap();
    let text = format!("{} {}", evidence.location.0, evidence.photo.0);
    assert!(!text.contains("latitude") && text.contains("\"accuracy_m\":18") && text.contains("\"fixes\":1"), "{text}");
    tx.rollback().await.unwrap();
    app.store.close().await;
}
