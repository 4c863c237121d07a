//! The real program, which is killed and started again.

use std::{
    fs::{self, File},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// How long it may take to listen.
const STARTS_WITHIN: Duration = Duration::from_secs(30);

/// What it runs on.
pub type Settings = Vec<(String, String)>;

/// A program that listens.
pub struct Server {
    child: Child,
    pub url: String,
    log: TempDir,
}

impl Server {
    /// Starts it and waits until it listens.
    pub async fn start(settings: &Settings) -> Self {
        let log = tempfile::tempdir().unwrap();
        let file = File::create(log.path().join("log")).unwrap();
        let mut command = program(settings);
        command.arg("serve").stdout(file.try_clone().unwrap()).stderr(file);
        let mut server = Self { child: command.spawn().unwrap(), url: String::new(), log };
        let began = Instant::now();
        while server.url.is_empty() {
            let said = server.said();
            if let Some((_, address)) = said.split_once("listening address=") {
                server.url = format!("http://{}", address.split_whitespace().next().unwrap_or_default());
            }
            let ended = server.child.try_wait().unwrap();
            assert!(ended.is_none() && began.elapsed() < STARTS_WITHIN, "the server did not start: {ended:?}\n{said}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server
    }

    /// What it wrote until now.
    pub fn said(&self) -> String {
        fs::read_to_string(self.log.path().join("log")).unwrap_or_default()
    }

    /// Ends it at once, whatever it is doing.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// Runs a command of it to its end.
pub fn run(settings: &Settings, arguments: &[PathBuf]) {
    let done = program(settings).args(arguments).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn program(settings: &Settings) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hadir"));
    command.stdin(Stdio::null()).env_clear().env("PATH", "/usr/bin:/bin").env("NO_COLOR", "1");
    command.envs(settings.iter().map(|(name, value)| (name, value)));
    command
}
