//! PostgreSQL: one pool, created before the server's workers so that none of them owns its background tasks.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::{Store, StoreError, StoreOptions};

pub(super) async fn connect(options: &StoreOptions) -> Result<Store, StoreError> {
    let server = PgConnectOptions::from_str(&options.url)?.application_name("hadir");
    let pool = PgPoolOptions::new()
        .max_connections(options.connections.max(1))
        .acquire_timeout(options.acquire_timeout)
        // Compiling a plan takes longer than any statement here runs: half a second for one that takes 30 ms.
        .after_connect(|connection, _| {
            Box::pin(async move { sqlx::query("SET jit = off").execute(connection).await.map(drop) })
        })
        .connect_with(server)
        .await?;
    Ok(Store::Postgres(pool))
}
