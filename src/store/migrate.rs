//! Twin migrations: the same number and name for both engines, embedded in the binary, never edited once released.

use sqlx::{
    SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
};

use super::{Store, StoreError};

/// (number, name, SQLite text, PostgreSQL text)
const MIGRATIONS: &[(i64, &str, &str, &str)] = &[
    (
        1,
        "checkin",
        include_str!("../../migrations/sqlite/0001_checkin.sql"),
        include_str!("../../migrations/postgres/0001_checkin.sql"),
    ),
    (
        2,
        "reuse",
        include_str!("../../migrations/sqlite/0002_reuse.sql"),
        include_str!("../../migrations/postgres/0002_reuse.sql"),
    ),
    (
        3,
        "places",
        include_str!("../../migrations/sqlite/0003_places.sql"),
        include_str!("../../migrations/postgres/0003_places.sql"),
    ),
    (
        4,
        "phone",
        include_str!("../../migrations/sqlite/0004_phone.sql"),
        include_str!("../../migrations/postgres/0004_phone.sql"),
    ),
    (
        5,
        "console",
        include_str!("../../migrations/sqlite/0005_console.sql"),
        include_str!("../../migrations/postgres/0005_console.sql"),
    ),
    (
        6,
        "changes",
        include_str!("../../migrations/sqlite/0006_changes.sql"),
        include_str!("../../migrations/postgres/0006_changes.sql"),
    ),
    (
        7,
        "notifications",
        include_str!("../../migrations/sqlite/0007_notifications.sql"),
        include_str!("../../migrations/postgres/0007_notifications.sql"),
    ),
    (
        8,
        "unit_lines",
        include_str!("../../migrations/sqlite/0008_unit_lines.sql"),
        include_str!("../../migrations/postgres/0008_unit_lines.sql"),
    ),
    (
        9,
        "upkeep",
        include_str!("../../migrations/sqlite/0009_upkeep.sql"),
        include_str!("../../migrations/postgres/0009_upkeep.sql"),
    ),
    (
        10,
        "examinations",
        include_str!("../../migrations/sqlite/0010_examinations.sql"),
        include_str!("../../migrations/postgres/0010_examinations.sql"),
    ),
];

/// Number and name of every migration, as the files are called.
pub fn names() -> Vec<String> {
    MIGRATIONS.iter().map(|(number, name, ..)| format!("{number:04}_{name}.sql")).collect()
}

impl Store {
    /// Names of the migrations that were not applied yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        const APPLIED: &str = "SELECT version FROM _sqlx_migrations WHERE success";
        let applied: Result<Vec<(i64,)>, _> = match self {
            Self::Sqlite { read, .. } => sqlx::query_as(APPLIED).fetch_all(read).await,
            Self::Postgres(pool) => sqlx::query_as(APPLIED).fetch_all(pool).await,
        };
        let applied = match applied {
            Ok(rows) => rows,
            // A database that was never used has no such table.
            Err(sqlx::Error::Database(_)) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let is_pending = |number: i64| applied.iter().all(|(version,)| *version != number);
        let pending = MIGRATIONS.iter().zip(names()).filter(|((number, ..), _)| is_pending(*number));
        Ok(pending.map(|(_, name)| name).collect())
    }

    /// Applies the migrations that are missing.
    ///
    /// # Errors
    /// [`StoreError::Migration`]; each migration is one transaction, so none is half-applied.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { write, .. } => migrator(|(.., sqlite, _)| sqlite).run(write).await?,
            Self::Postgres(pool) => migrator(|(.., postgres)| postgres).run(pool).await?,
        }
        Ok(())
    }
}

fn migrator(text: impl Fn(&(i64, &'static str, &'static str, &'static str)) -> &'static str) -> Migrator {
    let migration = |entry: &(i64, &'static str, &'static str, &'static str)| {
        let sql = text(entry).into_sql_str();
        Migration::new(entry.0, entry.1.into(), MigrationType::Simple, sql, false)
    };
    Migrator::with_migrations(MIGRATIONS.iter().map(migration).collect())
}
