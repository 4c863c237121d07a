//! The scratch cluster of `scripts/dev-s3`: real S3 nodes that can be killed, halted and started again.

use std::{fs, path::PathBuf, process::Command, time::Duration};

use hadir::blobs::s3::S3Options;
use tokio::sync::{Mutex, MutexGuard};

use crate::support::s3;

/// Its nodes.
pub struct Nodes {
    pub urls: Vec<String>,
    folder: PathBuf,
    program: String,
    access_key_id: String,
    secret_access_key: String,
    /// One cluster for all tests.
    _turn: MutexGuard<'static, ()>,
}

static TURN: Mutex<()> = Mutex::const_new(());

impl Nodes {
    /// As the environment says; once at a time.
    #[expect(clippy::disallowed_methods, reason = "scripts/dev-s3 says where they are")]
    pub async fn running() -> Self {
        let said = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run scripts/dev-s3"));
        Self {
            urls: said("S3_NODES").split(',').map(str::to_owned).collect(),
            folder: said("S3_FOLDER").into(),
            program: said("S3_PROGRAM"),
            access_key_id: said("S3_ACCESS_KEY"),
            secret_access_key: said("S3_SECRET_KEY"),
            _turn: TURN.lock().await,
        }
    }

    /// How a client reaches a node.
    pub fn options(&self, node: usize) -> S3Options {
        S3Options {
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.clone(),
            ..s3::options(&self.urls[node])
        }
    }

    /// The same as settings of the program.
    pub fn settings(&self, node: usize) -> [(&'static str, String); 3] {
        [
            ("HADIR_S3_ENDPOINT", self.urls[node].clone()),
            ("HADIR_S3_ACCESS_KEY_ID", self.access_key_id.clone()),
            ("HADIR_S3_SECRET_ACCESS_KEY", self.secret_access_key.clone()),
        ]
    }

    /// Ends a node at once, whatever it is doing.
    pub fn kill(&self, node: usize) {
        self.signal(node, "-KILL");
    }

    /// Makes a node stand still, with all its connections open.
    pub fn halt(&self, node: usize) {
        self.signal(node, "-STOP");
    }

    /// Lets it go on.
    pub fn go_on(&self, node: usize) {
        self.signal(node, "-CONT");
    }

    /// Starts a node that was killed, and waits until all of them see each other.
    pub async fn start(&self, node: usize) {
        // It outlives this process, for the tests that come after.
        let begun = Command::new("sh")
            .args(["-c", r#""$0" -c "$1" server >/dev/null 2>>"$2" & echo $! >"$3""#, &self.program])
            .args([self.file(node, "toml"), self.file(node, "log"), self.file(node, "pid")])
            .status();
        assert!(begun.expect("a shell").success());
        for _ in 0..300 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            if (0..self.urls.len()).all(|node| self.knows_all(node)) {
                return;
            }
            // They would find each other by themselves, a good while later.
            (0..self.urls.len()).for_each(|node| self.introduce(node));
        }
        panic!("node {} does not come back", node + 1);
    }

    fn introduce(&self, node: usize) {
        let ids = fs::read_to_string(self.folder.join("ids")).expect("the names of the nodes");
        for id in ids.lines() {
            let mut command = Command::new(&self.program);
            command.arg("-c").arg(self.file(node, "toml")).args(["node", "connect", id]);
            drop(command.output());
        }
    }

    /// Whether a node sees every other one.
    fn knows_all(&self, node: usize) -> bool {
        let said =
            Command::new(&self.program).arg("-c").arg(self.file(node, "toml")).arg("status").output().expect("it");
        said.status.success() && !String::from_utf8_lossy(&said.stdout).contains("FAILED NODES")
    }

    fn signal(&self, node: usize, signal: &str) {
        let pid = fs::read_to_string(self.file(node, "pid")).expect("a process");
        let sent = Command::new("kill").args([signal, pid.trim()]).status().expect("kill");
        assert!(sent.success(), "node {} is not there", node + 1);
    }

    fn file(&self, node: usize, kind: &str) -> PathBuf {
        self.folder.join(format!("node{}.{kind}", node + 1))
    }
}
