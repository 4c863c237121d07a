//! What an engine says of itself, for whoever runs it.

use sqlx::{PgPool, SqlitePool};

use super::{Store, StoreError};
use crate::model::time::Timestamp;

/// Oldest PostgreSQL that is known to do.
const POSTGRES_MIN: i64 = 15;

/// An engine, as it says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// `sqlite 3.51.3`, `postgres 15.18`.
    pub version: String,
    /// Settings with which something acknowledged could be lost, as `NAME = VALUE`.
    pub unsafe_settings: Vec<String>,
    /// Whether the version is older than is known to do.
    pub is_too_old: bool,
    /// Its time of day, where that is another machine's.
    pub clock: Option<Timestamp>,
    /// What its own check of the file found; only looked for in a file.
    pub damage: Vec<String>,
}

impl Store {
    /// Asks the engine about itself. With `thorough`, a file is read whole.
    ///
    /// # Errors
    /// [`StoreError`] when it does not answer.
    pub async fn inspect(&self, thorough: bool) -> Result<Inspected, StoreError> {
        match self {
            Self::Sqlite { read, .. } => sqlite(read, thorough).await,
            Self::Postgres(pool) => postgres(pool).await,
        }
    }
}

async fn sqlite(pool: &SqlitePool, thorough: bool) -> Result<Inspected, StoreError> {
    let (version,): (String,) = sqlx::query_as("SELECT sqlite_version()").fetch_one(pool).await?;
    let (journal,): (String,) = sqlx::query_as("PRAGMA journal_mode").fetch_one(pool).await?;
    let check = if thorough { "PRAGMA integrity_check" } else { "PRAGMA quick_check" };
    let said: Vec<(String,)> = sqlx::query_as(check).fetch_all(pool).await?;
    Ok(Inspected {
        version: format!("sqlite {version}"),
        unsafe_settings: (journal != "wal").then(|| format!("journal_mode = {journal}")).into_iter().collect(),
        is_too_old: false,
        clock: None,
        damage: said.into_iter().map(|(line,)| line).filter(|line| line != "ok").collect(),
    })
}

async fn postgres(pool: &PgPool) -> Result<Inspected, StoreError> {
    let (number, version): (i64, String) =
        sqlx::query_as("SELECT current_setting('server_version_num')::bigint, current_setting('server_version')")
            .fetch_one(pool)
            .await?;
    let (clock,): (Timestamp,) = sqlx::query_as("SELECT clock_timestamp()").fetch_one(pool).await?;
    let settings: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, setting FROM pg_settings
        WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name",
    )
    .fetch_all(pool)
    .await?;
    Ok(Inspected {
        version: format!("postgres {}", version.split(' ').next().unwrap_or_default()),
        unsafe_settings: settings.into_iter().map(|(name, value)| format!("{name} = {value}")).collect(),
        is_too_old: number / 10_000 < POSTGRES_MIN,
        clock: Some(clock),
        damage: Vec::new(),
    })
}
