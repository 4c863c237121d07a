//! Photos in a local folder: temporary file, fsync, rename, fsync of the folder.

use std::{
    collections::HashSet,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;

use super::{BlobError, BlobKey, Blobs, Listed};
use crate::model::time::{Timestamp, WorkDate};

/// Where half-written files are; in the same file system, so that the rename is atomic.
const UNFINISHED: &str = ".unfinished";

/// A half-written file of this age belongs to nobody any more.
const ABANDONED_AFTER: Duration = Duration::from_hours(1);

/// A folder of photos, one sub-folder a work date.
pub struct FolderBlobs {
    root: Arc<Root>,
    /// Tells this process's half-written files from those of others that share the folder.
    own: String,
    next: AtomicU64,
}

/// The folder itself.
struct Root {
    path: PathBuf,
    /// Sub-folders whose names are known to be on disk: one that another thread has just made may not be yet.
    lasting: Mutex<HashSet<PathBuf>>,
}

impl FolderBlobs {
    /// Opens the folder, makes it when it is not there, and drops what a crash left half-written.
    ///
    /// # Errors
    /// The file system's own.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        let unfinished = root.join(UNFINISHED);
        make_folder(&unfinished)?;
        drop_abandoned(&unfinished)?;
        sync_folder(&root)?;
        // It may have been made just now.
        sync_folder(root.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
        let mut own = [0; 8];
        getrandom::fill(&mut own).map_err(io::Error::other)?;
        let root = Root { path: root, lasting: Mutex::default() };
        Ok(Self { root: Arc::new(root), own: hex::encode(own), next: AtomicU64::new(0) })
    }

    async fn on_disk<T: Send + 'static>(
        &self,
        doing: &'static str,
        key: &str,
        job: impl FnOnce(&Root) -> io::Result<T> + Send + 'static,
    ) -> Result<T, BlobError> {
        let root = Arc::clone(&self.root);
        #[expect(
            clippy::disallowed_methods,
            reason = "disk work has no permit of its own: the upload budget bounds it"
        )]
        let done = tokio::task::spawn_blocking(move || job(&root)).await;
        match done {
            Ok(result) => result.map_err(|error| BlobError::failed(doing, key, error)),
            Err(lost) => Err(BlobError::failed(doing, key, lost)),
        }
    }
}

#[async_trait]
impl Blobs for FolderBlobs {
    async fn put(&self, key: &BlobKey, bytes: Bytes, _sha256: &[u8; 32]) -> Result<(), BlobError> {
        let unfinished = format!("{}-{}", self.own, self.next.fetch_add(1, Ordering::Relaxed));
        let name = key.as_str().to_owned();
        self.on_disk("keep", key.as_str(), move |root| write_durably(root, &unfinished, &name, &bytes)).await
    }

    async fn get(&self, key: &BlobKey) -> Result<Option<Bytes>, BlobError> {
        let name = key.as_str().to_owned();
        let read = move |root: &Root| match fs::read(root.path.join(name)) {
            Ok(bytes) => Ok(Some(Bytes::from(bytes))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        };
        self.on_disk("read", key.as_str(), read).await
    }

    async fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        let name = key.as_str().to_owned();
        let remove = move |root: &Root| match fs::remove_file(root.path.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
        self.on_disk("remove", key.as_str(), remove).await
    }

    async fn list(&self, work_date: WorkDate) -> Result<Vec<Listed>, BlobError> {
        let date = work_date.to_string();
        self.on_disk("list", &work_date.to_string(), move |root| list_folder(&root.path, &date)).await
    }

    async fn ready(&self) -> Result<(), BlobError> {
        self.on_disk("open", "the folder", |root| fs::metadata(root.path.join(UNFINISHED)).map(drop)).await
    }

    fn name(&self) -> &'static str {
        "folder"
    }
}

/// Removes what a crash left half-written; what is younger may be another process's work.
fn drop_abandoned(unfinished: &Path) -> io::Result<()> {
    for entry in fs::read_dir(unfinished)? {
        let entry = entry?;
        // A file that is gone meanwhile was somebody's who is alive.
        let age = entry.metadata().and_then(|file| file.modified()).ok().and_then(|modified| modified.elapsed().ok());
        if age.is_some_and(|age| age > ABANDONED_AFTER) {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

fn write_durably(root: &Root, unfinished: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    let (temporary, target) = (root.path.join(UNFINISHED).join(unfinished), root.path.join(name));
    let written = write_and_sync(&temporary, bytes).and_then(|()| place(root, &temporary, &target));
    if written.is_err() {
        // The disk may be full: leave nothing half-written behind.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn write_and_sync(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn place(root: &Root, temporary: &Path, target: &Path) -> io::Result<()> {
    let folder = target.parent().unwrap_or(&root.path);
    let lasting = || root.lasting.lock().unwrap_or_else(PoisonError::into_inner);
    if !lasting().contains(folder) {
        make_folder(folder)?;
        sync_folder(&root.path)?;
        lasting().insert(folder.to_owned());
    }
    fs::rename(temporary, target)?;
    sync_folder(folder)
}

/// Photos of people: nobody but the owner looks in.
fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn list_folder(root: &Path, date: &str) -> io::Result<Vec<Listed>> {
    let entries = match fs::read_dir(root.join(date)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut listed = Vec::new();
    for entry in entries {
        let entry = entry?;
        let Some(key) = entry.file_name().to_str().and_then(|name| BlobKey::parse(&format!("{date}/{name}"))) else {
            continue;
        };
        let modified = jiff::Timestamp::try_from(entry.metadata()?.modified()?).map_err(io::Error::other)?;
        listed.push(Listed { key, modified: Timestamp::from(modified) });
    }
    Ok(listed)
}
