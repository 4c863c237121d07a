//! A city with a week of history, made once by the real program and copied for each test that needs one.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::OnceLock,
};

use tempfile::TempDir;

/// Puts it into a folder that is not there yet.
pub fn copy_to(folder: &Path) {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let made = tempfile::tempdir().expect("a folder");
        make(&made.path().join("demo"));
        made
    });
    let copied = Command::new("cp").arg("-r").arg(made.path().join("demo")).arg(folder).status().expect("a copy");
    assert!(copied.success());
}

fn make(folder: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hadir"));
    command.args(["demo", "--port", "0", "--data", folder.to_str().expect("a name")]).env_clear();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a demo");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    assert!(lines.any(|line| line.expect("a line").starts_with("{\"ready\":true")));
    assert!(Command::new("kill").arg(child.id().to_string()).status().expect("a signal").success());
    assert!(child.wait().expect("an end").success());
}
