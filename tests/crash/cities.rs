//! Where the phones' city is kept: SQLite and a folder on a disk that can be cut off, or PostgreSQL and S3.

use std::{fs, path::Path, sync::Arc, time::Duration};

use hadir::{
    blobs::{Blobs, fs::FolderBlobs, s3::S3Blobs},
    config::SQLITE_FILE,
    store::{Store, StoreOptions},
};
use tempfile::TempDir;

use super::{
    disk::Disk,
    ledger::{Audit, Ledger},
    phones,
    postgres::{FrailWay, Postgres},
    server::{self, Settings},
};
use crate::{garage::Nodes, support::s3};

/// A city that can check in now, wherever it is kept.
pub trait City {
    /// Of its servers.
    fn settings(&self) -> &Settings;

    /// What one of several servers runs with.
    fn settings_of(&self, _server: usize) -> Settings {
        self.settings().clone()
    }

    /// Where to read back what was kept.
    async fn kept(&self) -> (Store, Arc<dyn Blobs>);

    /// Reads everything back; nothing may be writing.
    async fn audit(&self, ledger: &Ledger) -> Audit {
        let (store, blobs) = self.kept().await;
        let audit = ledger.audit(&store, &*blobs).await;
        store.close().await;
        audit
    }
}

async fn connect(url: String) -> Store {
    let options = StoreOptions { url, connections: 2, acquire_timeout: Duration::from_secs(10) };
    Store::connect(&options).await.unwrap()
}

fn settings(folder: &Path) -> Settings {
    let text = |text: &str| text.to_owned();
    vec![
        (text("HADIR_DATA_DIR"), text(folder.to_str().unwrap())),
        (text("HADIR_LISTEN"), text("127.0.0.1:0")),
        (text("HADIR_SLOT_ATTEMPTS_MAX"), text("100000000")),
        (text("HADIR_CHALLENGE_OPEN_MAX"), text("100000000")),
        (text("HADIR_WORKERS"), text("2")),
        // So that photos are examined before and after the answer.
        (text("HADIR_EXAMINE_AT_ONCE_MAX"), text("3")),
    ]
}

fn import(settings: &Settings) {
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = vec![Path::new("import").to_owned()];
    for (name, text) in phones::city() {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        arguments.push(path);
    }
    server::run(settings, &arguments);
}

/// SQLite and a folder.
pub struct Embedded {
    pub disk: Disk,
    settings: Settings,
}

impl Embedded {
    pub fn new() -> Self {
        let disk = Disk::new();
        let mut settings = settings(&disk.path());
        // From its first byte on, what is not synced may be lost.
        disk.settle();
        settings.extend(disk.environment().map(|(name, value)| (name.to_owned(), value)));
        import(&settings);
        Self { disk, settings }
    }
}

impl City for Embedded {
    fn settings(&self) -> &Settings {
        &self.settings
    }

    async fn kept(&self) -> (Store, Arc<dyn Blobs>) {
        let store = connect(format!("sqlite:{}", self.disk.path().join(SQLITE_FILE).display())).await;
        (store, Arc::new(FolderBlobs::open(self.disk.path().join("photos")).unwrap()))
    }
}

/// PostgreSQL and S3.
pub struct Clustered {
    pub postgres: Postgres,
    pub s3: s3::Server,
    settings: Settings,
    _way: Option<FrailWay>,
    _folders: [TempDir; 2],
}

impl Clustered {
    /// `options` are further ones of PostgreSQL; every so many commits one is cut off, when a number is given.
    pub async fn new(options: &str, one_in: Option<u8>) -> Self {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let (postgres, s3) = (Postgres::new(options), s3::Server::start(folders[1].path()).await);
        let mut settings = settings(folders[0].path());
        settings.extend(
            [
                ("HADIR_PHOTO_STORE", "s3".to_owned()),
                ("HADIR_S3_ENDPOINT", s3.url.clone()),
                ("HADIR_S3_ACCESS_KEY_ID", s3::ACCESS_KEY.to_owned()),
                ("HADIR_S3_SECRET_ACCESS_KEY", s3::SECRET_KEY.to_owned()),
                ("HADIR_S3_BUCKET", s3::BUCKET.to_owned()),
                ("HADIR_S3_TIMEOUT_MS", "2000".to_owned()),
                ("HADIR_DATABASE_WAIT_MS", "1000".to_owned()),
                ("HADIR_DATABASE_URL", postgres.url()),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        import(&settings);
        let way = one_in.map(|one_in| FrailWay::to(&postgres, one_in));
        if let Some(way) = &way {
            settings.last_mut().unwrap().1 = way.url();
        }
        Self { postgres, s3, settings, _way: way, _folders: folders }
    }
}

impl City for Clustered {
    fn settings(&self) -> &Settings {
        &self.settings
    }

    async fn kept(&self) -> (Store, Arc<dyn Blobs>) {
        (connect(self.postgres.url()).await, Arc::new(S3Blobs::new(s3::options(&self.s3.url))))
    }
}

/// PostgreSQL and the cluster of `scripts/dev-s3`; each server has a node of its own in front of it.
pub struct Farmed {
    pub postgres: Postgres,
    pub nodes: Nodes,
    settings: Settings,
    _folder: TempDir,
}

impl Farmed {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (postgres, nodes) = (Postgres::new(""), Nodes::running().await);
        let mut settings = settings(folder.path());
        settings.extend(
            [
                ("HADIR_PHOTO_STORE", "s3".to_owned()),
                ("HADIR_S3_BUCKET", s3::BUCKET.to_owned()),
                ("HADIR_S3_TIMEOUT_MS", "2000".to_owned()),
                ("HADIR_DATABASE_WAIT_MS", "1000".to_owned()),
                ("HADIR_DATABASE_URL", postgres.url()),
            ]
            .into_iter()
            .chain(nodes.settings(0))
            .map(|(name, value)| (name.to_owned(), value)),
        );
        import(&settings);
        Self { postgres, nodes, settings, _folder: folder }
    }
}

impl City for Farmed {
    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn settings_of(&self, server: usize) -> Settings {
        let mut settings = self.settings.clone();
        // What comes later counts.
        settings.extend(self.nodes.settings(server).map(|(name, value)| (name.to_owned(), value)));
        settings
    }

    async fn kept(&self) -> (Store, Arc<dyn Blobs>) {
        (connect(self.postgres.url()).await, Arc::new(S3Blobs::new(self.nodes.options(0))))
    }
}
