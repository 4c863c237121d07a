//! OUTBOUND EDGE for rows: SQLite by default, PostgreSQL by URL, one SQL text for both.
//!
//! A function here takes a [`Tx`] and does one statement; the caller decides what belongs into one transaction.
//! Invariant: `sqlx` is named nowhere else, and no SQL text asks the database for the time.

mod codec;
pub mod migrate;
mod postgres;
mod sqlite;
pub mod statements;

pub mod agreement;
pub mod areas;
pub mod arrivals;
pub mod boards;
pub mod cases;
pub mod challenges;
pub mod changes;
pub mod checkins;
pub mod deliveries;
pub mod devices;
pub mod examinations;
pub mod fingerprints;
pub mod home_readings;
pub mod incidents;
pub mod inspect;
pub mod jobs;
pub mod lines;
pub mod log_entries;
pub mod looks;
pub mod notifications;
pub mod orphans;
pub mod people;
pub mod photo_faults;
pub mod photos;
pub mod place_requests;
pub mod places;
pub mod policy_values;
pub mod positions;
pub mod presences;
pub mod queue;
pub mod recordings;
pub mod review_answers;
pub mod review_events;
pub mod reviews;
pub mod roles;
pub mod rosters;
pub mod schedules;
pub mod sessions;
pub mod throttles;
pub mod together;
pub mod transfer;
pub mod units;

use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use sqlx::{Database, PgPool, Postgres, Sqlite, SqlitePool, Transaction, pool::PoolConnection};

pub use codec::Json;
pub use statements::Statement;

/// Which database, and how many connections to it.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// `sqlite:PATH` or `postgres://...`.
    pub url: String,
    /// Connections for reading (SQLite) or in all (PostgreSQL).
    pub connections: u32,
    /// How long a request waits for a free connection before it is told to come back.
    pub acquire_timeout: Duration,
}

/// An open database.
pub enum Store {
    /// One file; one connection writes, several read.
    Sqlite {
        /// The single writer: SQLite has one write lock, so waiting happens here, in order.
        write: SqlitePool,
        /// Readers, which write-ahead logging never blocks.
        read: SqlitePool,
    },
    /// A server.
    Postgres(PgPool),
}

/// A transaction on either engine. Dropped without [`Tx::commit`], it is rolled back.
pub enum Tx {
    /// On SQLite.
    Sqlite(Held<Sqlite>),
    /// On PostgreSQL.
    Postgres(Held<Postgres>),
}

/// A connection of the pool for as long as its statements need it.
pub enum Held<DB: Database> {
    /// Its statements belong together.
    Together(Transaction<'static, DB>),
    /// Each statement is a transaction of its own.
    Apart(PoolConnection<DB>),
}

impl<DB: Database> Deref for Held<DB> {
    type Target = DB::Connection;
    fn deref(&self) -> &DB::Connection {
        match self {
            Self::Together(transaction) => transaction,
            Self::Apart(connection) => connection,
        }
    }
}

impl<DB: Database> DerefMut for Held<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        match self {
            Self::Together(transaction) => transaction,
            Self::Apart(connection) => connection,
        }
    }
}

impl<DB: Database> Held<DB> {
    async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Together(transaction) => transaction.commit().await,
            Self::Apart(_) => Ok(()),
        }
    }

    async fn rollback(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Together(transaction) => transaction.rollback().await,
            Self::Apart(_) => Ok(()),
        }
    }
}

/// Why a statement or a connection failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection was free in time, or the server is gone.
    #[error("the database cannot be reached now")]
    Unavailable(#[source] sqlx::Error),
    /// A statement failed.
    #[error("the database refused a statement")]
    Statement(#[source] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database schema could not be migrated")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A file could not be written.
    #[error("a file of the database could not be written")]
    File(#[source] std::io::Error),
    /// Rows of another database are on their way into this one.
    #[error("rows are being moved into this database; finish it with hadir move")]
    Moving,
    /// A database that was to take another's rows has some of its own.
    #[error("the database that takes over is not empty; make an empty one for it")]
    NotEmpty,
    /// The URL names no engine that is known.
    #[error("the database URL has to start with sqlite: or postgres:")]
    Url,
}

impl StoreError {
    /// For whoever waited for another task's answer and got none.
    pub(super) fn broken_off() -> Self {
        Self::Unavailable(sqlx::Error::WorkerCrashed)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Unavailable(error)
            }
            sqlx::Error::Database(ref said) if said.code().is_some_and(|code| passes(&code)) => {
                Self::Unavailable(error)
            }
            other => Self::Statement(other),
        }
    }
}

/// Whether the same statement may succeed a moment later, when nobody changes it. SQLite: the file is locked, the disk is
/// full or fails. PostgreSQL: a broken deadlock, a connection that is gone, a server that starts, stops, is full or fails.
fn passes(code: &str) -> bool {
    const SQLITE: &[u32] = &[5, 6, 10, 13, 14];
    const POSTGRES: &[&str] = &["40001", "40P01", "57P01", "57P02", "57P03", "58030"];
    match code.len() {
        // Extended codes hold the plain one in their last byte.
        ..5 => code.parse::<u32>().is_ok_and(|code| SQLITE.contains(&(code & 0xff))),
        _ => POSTGRES.contains(&code) || code.starts_with("08") || code.starts_with("53"),
    }
}

impl Store {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError`] when the URL is unknown, the engine cannot be reached or a migration fails.
    pub async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        let store = Self::connect(options).await?;
        if let Self::Postgres(pool) = &store
            && transfer::is_moving(pool).await?
        {
            return Err(StoreError::Moving);
        }
        store.migrate().await?;
        Ok(store)
    }

    /// Opens the database as it is.
    ///
    /// # Errors
    /// As [`Store::open`], without migrations.
    pub async fn connect(options: &StoreOptions) -> Result<Self, StoreError> {
        if options.url.starts_with("sqlite:") {
            sqlite::connect(options).await
        } else if options.url.starts_with("postgres:") || options.url.starts_with("postgresql:") {
            postgres::connect(options).await
        } else {
            Err(StoreError::Url)
        }
    }

    /// A transaction that sees one consistent state and writes nothing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when no connection is free in time.
    #[expect(clippy::disallowed_methods, reason = "reading needs no write lock")]
    pub async fn read(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(Held::Together(read.begin().await?)),
            Self::Postgres(pool) => {
                Tx::Postgres(Held::Together(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?))
            }
        })
    }

    /// For reading where no statement leans on another: each sees the state of its own moment. It saves the two round
    /// trips that begin and end a transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when no connection is free in time.
    pub async fn glance(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(Held::Apart(read.acquire().await?)),
            Self::Postgres(pool) => Tx::Postgres(Held::Apart(pool.acquire().await?)),
        })
    }

    /// A transaction that may write. On SQLite it takes the write lock at once, so it cannot fail half-way.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when no connection is free in time.
    #[expect(clippy::disallowed_methods, reason = "PostgreSQL locks rows, not the database")]
    pub async fn write(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(Held::Together(write.begin_with("BEGIN IMMEDIATE").await?)),
            Self::Postgres(pool) => Tx::Postgres(Held::Together(pool.begin().await?)),
        })
    }

    /// Asks the database for an answer; used by the readiness page.
    ///
    /// # Errors
    /// [`StoreError`] when there is none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { read, .. } => sqlx::query("SELECT 1").execute(read).await.map(drop)?,
            Self::Postgres(pool) => sqlx::query("SELECT 1").execute(pool).await.map(drop)?,
        }
        Ok(())
    }

    /// Copies the database into a new file while it is used; false where the engine has tools of its own for that.
    ///
    /// # Errors
    /// [`StoreError`] when the copy cannot be made; what there is of it is of no use.
    pub async fn copy_to(&self, file: &std::path::Path) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite { write, .. } => sqlite::copy(write, file).await.map(|()| true),
            Self::Postgres(_) => Ok(false),
        }
    }

    /// The engine's name, for people and metrics.
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// Closes all connections, waiting for those in use.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes everything since the beginning durable.
    ///
    /// # Errors
    /// [`StoreError`]; whether the work was kept is then unknown, so the caller has to look it up by id.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Takes back everything since the beginning.
    ///
    /// # Errors
    /// [`StoreError`] when the connection is gone, which has the same effect.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await?,
            Self::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}

/// Expands one expression for both engines: `on!(tx, connection, engine => expression)`.
macro_rules! on {
    ($tx:expr, $connection:ident, $text:ident => $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(transaction) => {
                let ($connection, $text) = (&mut **transaction, $crate::store::Statement::sqlite);
                $body
            }
            $crate::store::Tx::Postgres(transaction) => {
                let ($connection, $text) = (&mut **transaction, $crate::store::Statement::postgres);
                $body
            }
        }
    };
}

/// Runs a statement and counts the rows it touched.
macro_rules! execute {
    ($tx:expr, $statement:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::on!($tx, connection, text => {
            sqlx::query(text(&$statement))$(.bind($bind))*.execute(connection).await.map(|done| done.rows_affected())
        })
    };
}

/// Runs a statement and reads its rows into a `FromRow` type (a tuple for one column).
macro_rules! fetch {
    ($method:ident, $row:ty, $tx:expr, $statement:expr $(, $bind:expr)* $(,)?) => {
        $crate::store::on!($tx, connection, text => {
            sqlx::query_as::<_, $row>(text(&$statement))$(.bind($bind))*.$method(connection).await
        })
    };
}

/// Runs a statement that inserts a row, for many rows in few statements; counts the rows it touched.
/// `execute_many!(tx, STATEMENT, [bind, ...], rows, row => bind, ...)`, those in brackets standing outside of the row.
macro_rules! execute_many {
    ($tx:expr, $statement:expr, [$($first:expr),*], $rows:expr, $row:ident => $($bind:expr),* $(,)?) => {{
        let (mut rest, mut touched) = ($rows, 0);
        for size in $crate::store::statements::TOGETHER {
            while let Some((some, others)) = rest.split_at_checked(size) {
                touched += match $tx {
                    $crate::store::Tx::Sqlite(transaction) => {
                        let mut query = sqlx::query($statement.sqlite_many(size))$(.bind($first))*;
                        for $row in some {
                            query = query$(.bind($bind))*;
                        }
                        query.execute(&mut **transaction).await?.rows_affected()
                    }
                    $crate::store::Tx::Postgres(transaction) => {
                        let mut query = sqlx::query($statement.postgres_many(size))$(.bind($first))*;
                        for $row in some {
                            query = query$(.bind($bind))*;
                        }
                        query.execute(&mut **transaction).await?.rows_affected()
                    }
                };
                rest = others;
            }
        }
        touched
    }};
}

/// Reads with several statements: `fetch_each!(tx, Row, STATEMENT, [bind, ...]; ...)` gives the rows of each. SQLite is
/// handed all of them at once: handing over to the thread that has the connection costs more there than most answers.
macro_rules! fetch_each {
    ($tx:expr, $($row:ty, $statement:expr, [$($bind:expr),*]);+ $(;)?) => {
        match $tx {
            $crate::store::Tx::Sqlite(transaction) => {
                static TEXT: std::sync::OnceLock<String> = std::sync::OnceLock::new();
                let text = TEXT.get_or_init(|| {
                    $crate::store::statements::joined(&[$((&$statement, [$(stringify!($bind)),*].len())),+])
                });
                let query = sqlx::query(text.as_str())$($(.bind($bind))*)+;
                let stream = sqlx::Executor::fetch_many(&mut **transaction, query);
                let mut answers = $crate::store::sqlite::answers(stream).await?.into_iter();
                ($({
                    $statement.ran();
                    let rows = answers.next().unwrap_or_default();
                    rows.iter().map(<$row as sqlx::FromRow<'_, sqlx::sqlite::SqliteRow>>::from_row)
                        .collect::<Result<Vec<$row>, _>>()?
                },)+)
            }
            $crate::store::Tx::Postgres(transaction) => ($({
                let query = sqlx::query_as::<_, $row>($statement.postgres())$(.bind($bind))*;
                query.fetch_all(&mut **transaction).await?
            },)+),
        }
    };
}

/// The same for a statement that PostgreSQL has to plan anew for what is asked each time, since a plan for anything would
/// read a thousand times too much. SQLite keeps one plan.
macro_rules! fetch_anew {
    ($row:ty, $tx:expr, $statement:expr $(, $bind:expr)* $(,)?) => {
        match $tx {
            $crate::store::Tx::Sqlite(transaction) => {
                sqlx::query_as::<_, $row>($statement.sqlite())$(.bind($bind))*.fetch_all(&mut **transaction).await
            }
            $crate::store::Tx::Postgres(transaction) => {
                let query = sqlx::query_as::<_, $row>($statement.postgres())$(.bind($bind))*;
                query.persistent(false).fetch_all(&mut **transaction).await
            }
        }
    };
}

pub(crate) use {execute, execute_many, fetch, fetch_anew, fetch_each, on};
