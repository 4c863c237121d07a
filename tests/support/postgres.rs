//! A database of its own for each test, on the scratch server that `scripts/test` starts.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection as _, PgConnection};

/// A fresh database.
pub struct Database {
    pub url: String,
    name: String,
    server: String,
}

impl Database {
    pub async fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = server_url();
        let name = format!("hadir_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        run(&server, format!("CREATE DATABASE {name}")).await;
        let url = server.replacen("/postgres?", &format!("/{name}?"), 1);
        assert_ne!(url, server, "TEST_POSTGRES_URL has to name the database postgres and a socket folder");
        Self { url, name, server }
    }

    pub async fn drop(self) {
        run(&self.server, format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

/// The server; its absence fails the test, because a test that does not run proves nothing.
fn server_url() -> String {
    #[expect(clippy::disallowed_methods, reason = "the test runner says where the server is")]
    std::env::var("TEST_POSTGRES_URL")
        .expect("PostgreSQL tests need TEST_POSTGRES_URL: run scripts/test, which starts a server")
}

async fn run(url: &str, sql: String) {
    let mut connection = PgConnection::connect(url).await.expect("the scratch PostgreSQL server");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.expect("a database");
    connection.close().await.expect("a closed connection");
}
