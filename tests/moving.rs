//! From SQLite and a folder to PostgreSQL and S3, by the real program, killed on the way.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use hadir::store::{Store, StoreOptions, checkins};

use crate::support::{demo, postgres::Database, s3};

fn hadir(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hadir"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env_clear().env("PATH", "/usr/bin:/bin");
    command
}

fn run(arguments: &[&str]) -> Output {
    hadir(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Settings files of the server that is left and of the one that takes over.
fn settings(folder: &Path, url: &str, s3: &s3::Server) -> [PathBuf; 2] {
    let quoted = |path: PathBuf| format!("'{}'", path.display());
    let data = folder.join("demo");
    let (secret, sealing) = (quoted(data.join("secret.key")), quoted(data.join("sealing.keys")));
    let keys = format!("secret_file = {secret}\nsealing_keys_file = {sealing}\n");
    let from = format!("data_dir = {}\n{keys}", quoted(data));
    let to = format!(
        "data_dir = {}\n{keys}database_url = '{url}'\nphoto_store = 's3'\ns3_endpoint = '{}'\ns3_bucket = '{}'\n\
        s3_access_key_id = '{}'\ns3_secret_access_key = '{}'\n",
        quoted(folder.join("new")),
        s3.url,
        s3::BUCKET,
        s3::ACCESS_KEY,
        s3::SECRET_KEY,
    );
    [("from.toml", from), ("to.toml", to)].map(|(name, text)| {
        std::fs::write(folder.join(name), text).unwrap();
        folder.join(name)
    })
}

async fn checkins(url: String) -> i64 {
    let options = StoreOptions { url, connections: 1, acquire_timeout: Duration::from_secs(5) };
    let store = Store::connect(&options).await.unwrap();
    let count = checkins::count(&mut store.read().await.unwrap()).await.unwrap();
    store.close().await;
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_is_killed_twice_ends_with_the_same_on_both_sides() {
    let (folder, bucket) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (database, s3) = (Database::create().await, s3::Server::start(bucket.path()).await);
    demo::copy_to(&folder.path().join("demo"));
    let [from, to] = settings(folder.path(), &database.url, &s3);
    let (from, to) = (from.to_str().unwrap(), to.to_str().unwrap());
    let arguments = ["move", "--from", from, "--to", to];
    let start = || -> Child { hadir(&arguments).spawn().unwrap() };
    // Once among the photos, and once as soon as there is a half-moved database.
    let mut first = start();
    while std::fs::read_dir(bucket.path().join(s3::BUCKET)).unwrap().count() == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    first.kill().unwrap();
    first.wait().unwrap();
    let refused = run(&["serve", "--config", to]);
    assert!(text(&refused.stderr).contains("rows are being moved into this database"), "{}", text(&refused.stderr));
    let mut second = start();
    tokio::time::sleep(Duration::from_millis(400)).await;
    second.kill().unwrap();
    second.wait().unwrap();
    let third = run(&arguments);
    assert!(third.status.success(), "{}", text(&third.stderr));
    assert!(text(&third.stdout).contains("are the same on both sides"), "{}", text(&third.stdout));
    let count = checkins(format!("sqlite:{}", folder.path().join("demo/hadir.sqlite3").display())).await;
    assert!(count > 50);
    assert_eq!(checkins(database.url.clone()).await, count);
    let doctor = run(&["doctor", "--config", to, "--all", "--read-photos"]);
    assert!(
        text(&doctor.stdout).contains(&format!("{count} were read back, none missing")),
        "{}",
        text(&doctor.stdout)
    );
    let again = run(&arguments);
    assert!(text(&again.stderr).contains("is not empty"), "{}", text(&again.stderr));
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_was_changed_between_two_runs_is_noticed() {
    let (folder, bucket) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (database, s3) = (Database::create().await, s3::Server::start(bucket.path()).await);
    demo::copy_to(&folder.path().join("demo"));
    let [from, to] = settings(folder.path(), &database.url, &s3);
    let arguments = ["move", "--from", from.to_str().unwrap(), "--to", to.to_str().unwrap()];
    let mut first = hadir(&arguments).spawn().unwrap();
    while checkins_there(&database.url).await < 1 {
        assert!(first.try_wait().unwrap().is_none(), "it was over before it could be stopped");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    first.kill().unwrap();
    first.wait().unwrap();
    let sqlite = folder.path().join("demo/hadir.sqlite3");
    let mut connection =
        <sqlx::SqliteConnection as sqlx::Connection>::connect(&format!("sqlite:{}", sqlite.display())).await.unwrap();
    sqlx::raw_sql("UPDATE checkins SET attempt = attempt + 7").execute(&mut connection).await.unwrap();
    let second = run(&arguments);
    assert!(text(&second.stderr).contains("the source was changed between two runs"), "{}", text(&second.stderr));
    database.drop().await;
}

/// How many check-ins have arrived; none as long as there is no table.
async fn checkins_there(url: &str) -> i64 {
    let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect(url).await.unwrap();
    let count: Result<(i64,), _> = sqlx::query_as("SELECT COUNT(*) FROM checkins").fetch_one(&mut connection).await;
    count.map_or(0, |(count,)| count)
}
