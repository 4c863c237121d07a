//! SQLite: one file, write-ahead log, every commit on disk before it is answered.

use std::{fs::File, io, path::Path, str::FromStr, time::Duration};

use futures_util::{Stream, TryStreamExt as _};
use sqlx::{
    Connection as _, Either, Error, SqliteConnection, SqlitePool,
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteQueryResult, SqliteRow, SqliteSynchronous,
    },
};

use super::{Store, StoreError, StoreOptions};

/// How long a reader waits when another process holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) async fn connect(options: &StoreOptions) -> Result<Store, StoreError> {
    let file = SqliteConnectOptions::from_str(&options.url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        // What is deleted or sealed leaves nothing readable behind.
        .pragma("secure_delete", "ON");
    // The writer comes first: it creates the file and switches the journal mode.
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(options.acquire_timeout)
        // A file does not go away as a server does.
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(is_sound(connection)))
        .connect_with(file.clone())
        .await?;
    let read = SqlitePoolOptions::new()
        .max_connections(options.connections.max(1))
        .acquire_timeout(options.acquire_timeout)
        // A file does not go away as a server does.
        .test_before_acquire(false)
        .connect_with(file.read_only(true))
        .await?;
    Ok(Store::Sqlite { write, read })
}

/// The rows of each of several statements that were run at once.
pub(super) async fn answers(
    mut stream: impl Stream<Item = Result<Either<SqliteQueryResult, SqliteRow>, Error>> + Unpin,
) -> Result<Vec<Vec<SqliteRow>>, Error> {
    let (mut all, mut rows) = (Vec::new(), Vec::new());
    while let Some(next) = stream.try_next().await? {
        match next {
            Either::Right(row) => rows.push(row),
            Either::Left(_) => all.push(std::mem::take(&mut rows)),
        }
    }
    Ok(all)
}

/// Copies the database as it is at this moment into a new file, durably; writers go on meanwhile.
pub(super) async fn copy(pool: &SqlitePool, to: &Path) -> Result<(), StoreError> {
    let name = to.to_str().ok_or_else(|| StoreError::File(io::Error::other("its name is not UTF-8")))?;
    sqlx::query("VACUUM INTO $1").bind(name.to_owned()).execute(pool).await?;
    let synced = File::open(to).and_then(|file| file.sync_all());
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    synced.and_then(|()| File::open(folder)?.sync_all()).map_err(StoreError::File)
}

/// Whether a connection can begin a transaction. A full disk makes SQLite take one back by itself, which the driver does
/// not notice: such a connection would never begin another, and there is one that writes.
async fn is_sound(connection: &mut SqliteConnection) -> Result<bool, Error> {
    if connection.is_in_transaction() {
        // What was begun may be on its way back.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}
