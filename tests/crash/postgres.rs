//! A PostgreSQL server of its own that can be killed, and a way to it that breaks when something is committed.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use hadir::model::chance::Chance;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
    task::JoinHandle,
};

/// Name of the socket that clients look for in the folder.
const SOCKET: &str = ".s.PGSQL.5432";

/// A server in a folder; it syncs as it does in production.
pub struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    options: String,
}

impl Postgres {
    /// `options` are further ones of the server, as `-c NAME=VALUE`.
    pub fn new(options: &str) -> Self {
        // The path of a socket has to be short.
        let folder = tempfile::Builder::new().prefix("hadir-pg-").tempdir_in("/tmp").unwrap();
        if let Some((uid, gid)) = owner() {
            chown(folder.path(), Some(uid), Some(gid)).unwrap();
        }
        let programs = programs();
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c shared_buffers=32MB {options}",
            folder.path().display()
        );
        let server = Self { folder, programs, options };
        server.run("initdb", &["-U", "hadir", "-A", "trust", "--encoding", "UTF8", "--locale", "C"]);
        server.start();
        server
    }

    pub fn url(&self) -> String {
        url(self.folder.path())
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts it, and waits until it has recovered.
    pub fn start(&self) {
        let log = self.folder.path().join("log");
        self.run("pg_ctl", &["-w", "-t", "60", "-l", log.to_str().unwrap(), "-o", &self.options, "start"]);
    }

    /// Ends all its processes at once: what was not handed to the system is gone.
    pub fn kill(&self) {
        let pid = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        let Some(pid) = pid.lines().next().map(str::to_owned) else { return };
        let all: Vec<String> = [pid.clone()].into_iter().chain(children(&pid)).collect();
        let _ = Command::new("kill").arg("-9").args(&all).stderr(Stdio::null()).status();
        while all.iter().any(|pid| is_alive(pid)) {
            std::thread::sleep(Duration::from_millis(2));
        }
        // Dead is dead, but until somebody asks how they ended the system still knows their numbers.
        for lock in [self.data().join("postmaster.pid"), self.folder.path().join(format!("{SOCKET}.lock"))] {
            let _ = fs::remove_file(lock);
        }
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = if owner().is_some() {
            // It refuses to run as root.
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(self.programs.join(program));
            command
        } else {
            Command::new(self.programs.join(program))
        };
        command.arg("-D").arg(self.data()).args(arguments).current_dir(self.folder.path());
        let done = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        assert!(done.success(), "{program} {arguments:?} failed:\n{log}");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
    }
}

fn url(folder: &Path) -> String {
    format!("postgres://hadir@localhost/postgres?host={}", folder.display())
}

/// The newest that is installed.
fn programs() -> PathBuf {
    let version = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let all = fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL, which scripts/test installs");
    let newest = all.map(|entry| entry.unwrap().path()).max_by_key(version).expect("PostgreSQL");
    newest.join("bin")
}

/// Whose processes they are, when this is root.
fn owner() -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let user = users.lines().find(|line| line.starts_with("postgres:")).expect("a user postgres");
    let mut numbers = user.split(':').skip(2).map(|field| field.parse().unwrap());
    Some((numbers.next().unwrap(), numbers.next().unwrap()))
}

fn stat(pid: &str) -> Option<(String, String)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in brackets, may hold anything.
    let mut fields = text.rsplit_once(") ")?.1.split(' ').map(str::to_owned);
    Some((fields.next()?, fields.next()?))
}

fn is_alive(pid: &str) -> bool {
    stat(pid).is_some_and(|(state, _)| state != "Z")
}

fn children(of: &str) -> Vec<String> {
    let all = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| entry.file_name().into_string().ok());
    all.filter(|pid| stat(pid).is_some_and(|(_, parent)| parent == of)).collect()
}

/// A way to a server on which a connection may break at a commit, before it arrives or before it is answered.
pub struct FrailWay {
    folder: TempDir,
    accepting: JoinHandle<()>,
}

impl FrailWay {
    /// Every so many commits one is cut off.
    pub fn to(server: &Postgres, one_in: u8) -> Self {
        let folder = tempfile::Builder::new().prefix("hadir-way-").tempdir_in("/tmp").unwrap();
        let listener = UnixListener::bind(folder.path().join(SOCKET)).unwrap();
        let (target, chance) = (server.folder.path().join(SOCKET), Arc::new(Chance::from_seed([5; 32])));
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (target, chance) = (target.clone(), Arc::clone(&chance));
                tokio::spawn(async move {
                    if let Ok(server) = UnixStream::connect(&target).await {
                        carry(client, server, &chance, one_in).await;
                    }
                });
            }
        });
        Self { folder, accepting }
    }

    pub fn url(&self) -> String {
        url(self.folder.path())
    }
}

impl Drop for FrailWay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Carries both directions until one ends, or a commit is cut off; both connections are closed then.
async fn carry(client: UnixStream, server: UnixStream, chance: &Chance, one_in: u8) {
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (client.into_split(), server.into_split());
    let asked = async {
        let mut bytes = vec![0; 1 << 16];
        while let Ok(count @ 1..) = from_client.read(&mut bytes).await {
            let said = &bytes[..count];
            let [which, when] = chance.bytes::<2>();
            let is_cut = which % one_in == 0 && said.windows(6).any(|word| word == b"COMMIT");
            if is_cut && when % 2 == 0 {
                return;
            }
            if to_server.write_all(said).await.is_err() {
                return;
            }
            if is_cut {
                // Long enough for it to be done, and its answer to be lost.
                tokio::time::sleep(Duration::from_millis(u64::from(when) / 16)).await;
                return;
            }
        }
    };
    let answered = async {
        let _ = tokio::io::copy(&mut from_server, &mut to_client).await;
    };
    tokio::select! {
        () = asked => {}
        () = answered => {}
    }
}
