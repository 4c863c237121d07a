//! Servers as processes of their own.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use super::Stores;
use crate::support::{Engine, s3};

/// A server that runs, with the people who can check in with it.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    phones: Vec<[String; 2]>,
    /// Goes with it: a server that is killed does not tidy up.
    folder: tempfile::TempDir,
    _photos: Option<Box<Process>>,
}

impl Process {
    /// Starts `kind` with so many people.
    pub fn start(kind: &str, stores: Stores, people: usize) -> Self {
        Self::start_with(kind, stores, people, 0)
    }

    /// The same with room for so many bytes of uploads; 0 for as much as there is by default.
    pub fn start_with(kind: &str, stores: Stores, people: usize, room: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let photos = (stores.engine == Engine::Postgres).then(|| Box::new(Self::photos()));
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new(program);
        command
            .arg(kind)
            .arg(people.to_string())
            .env("TMPDIR", folder.path())
            .env("LOAD_ROOM", room.to_string())
            .stdout(Stdio::piped());
        if let Some(photos) = &photos {
            command.env("LOAD_S3", format!("http://{}", photos.address));
        }
        let mut child = command.spawn().expect("a server");
        let address = first_line(&mut child).parse().expect("its address");
        let phones = fs::read(folder.path().join(PHONES)).ok();
        let phones = phones.map_or_else(Vec::new, |bytes| serde_json::from_slice(&bytes).expect("phones"));
        Self { child, address, phones, folder, _photos: photos }
    }

    fn photos() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new(program);
        let mut child = command.arg("load-s3").arg(folder.path()).stdout(Stdio::piped()).spawn().expect("a server");
        let address = first_line(&mut child).parse().expect("its address");
        Self { child, address, phones: Vec::new(), folder, _photos: None }
    }

    /// Access token and challenge of the next person; empty ones for a server that asks for none.
    pub fn next_phone(&mut self) -> [String; 2] {
        self.phones.pop().unwrap_or_else(|| [String::new(), "x".repeat(43)])
    }

    /// CPU time of all its threads so far, milliseconds.
    pub fn cpu_ms(&self) -> f64 {
        // User and system time of the whole process, in ticks of 10 ms; those of ended threads are in it.
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("/proc");
        let behind_name = stat.rsplit(')').next().unwrap_or_default();
        let ticks = |field: usize| behind_name.split(' ').nth(field).and_then(|text| text.parse::<f64>().ok());
        (ticks(12).unwrap_or_default() + ticks(13).unwrap_or_default()) * 10.0
    }

    /// The most memory it ever had, MB.
    pub fn peak_mb(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("/proc");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        line.trim().trim_end_matches("kB").trim().parse::<f64>().unwrap_or(f64::NAN) / 1e3
    }

    /// Forgets how much memory it had so far.
    pub fn forget_peak(&self) {
        fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").expect("/proc");
    }

    /// How many photos wait to be examined after their acknowledgement; none for a server that has no such number.
    pub async fn waiting(&self) -> Option<u64> {
        let answer = reqwest::get(format!("http://{}/metrics", self.address)).await.ok()?.text().await.ok()?;
        let line = answer.lines().find_map(|line| line.strip_prefix("hadir_examinations_waiting "))?;
        line.trim().parse().ok()
    }

    /// Where it keeps what it keeps.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The file in which a server leaves its people.
pub const PHONES: &str = "phones.json";

fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("its address");
    line.trim().to_owned()
}

/// Tells whoever started this process where it listens.
pub fn tell(address: SocketAddr) {
    println!("{address}");
    std::io::stdout().flush().expect("an output");
}

/// As the program runs.
pub fn threads() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

/// The S3 server of the tests, in a process of its own.
pub fn serve_s3(folder: Option<PathBuf>) {
    threads().block_on(async {
        let server = s3::Server::start(&folder.expect("a folder")).await;
        tell(server.url.trim_start_matches("http://").parse().expect("an address"));
        std::future::pending::<()>().await;
    });
}
