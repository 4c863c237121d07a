//! Builds the pages where Node is at hand and their sources changed. Without Node the server builds all the same, and says
//! on the page how to get it. `HADIR_SKIP_WEB=1` leaves the pages as they are.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io,
    path::{Path, PathBuf},
    process::Command,
};

/// What the pages are made from, below `web`.
const SOURCES: &[&str] = &[
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "vite.console.config.ts",
    "vite.sw.config.ts",
    "svelte.config.js",
    "tsconfig.json",
    "phone.html",
    "console.html",
    "public",
    "scripts",
    "src",
];
/// Holds the hash of the sources that `dist` was made from.
const MADE_FROM: &str = "dist/.made-from";

fn main() {
    let web = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("web");
    println!("cargo::rerun-if-env-changed=HADIR_SKIP_WEB");
    // A path that is not there would mean a new run, and a new compilation, each time.
    for path in SOURCES.iter().chain([&MADE_FROM]).map(|source| web.join(source)).filter(|path| path.exists()) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    if let Err(error) = pages(&web) {
        println!("cargo::error=the pages were not built: {error}. HADIR_SKIP_WEB=1 builds the server without them");
    }
}

fn pages(web: &Path) -> io::Result<()> {
    let dist = web.join("dist");
    // The folder is embedded, whatever it holds.
    fs::create_dir_all(&dist)?;
    let wanted = hash_of(web)?;
    let made_from = fs::read_to_string(web.join(MADE_FROM)).unwrap_or_default();
    if made_from == wanted || env::var_os("HADIR_SKIP_WEB").is_some_and(|value| value == "1") {
        return Ok(());
    }
    if Command::new("npm").arg("--version").output().is_err() {
        println!(
            "cargo::warning=there is no npm: the server is built without its pages, and says so where they would be"
        );
        look_again_when_programs_change();
        return Ok(());
    }
    let lock = fs::read(web.join("package-lock.json"))?;
    // npm keeps a copy of the lock it installed from; another one means other packages.
    let installed = web.join("node_modules/.installed-from");
    if fs::read(&installed).ok().as_deref() != Some(&lock) {
        npm(web, &["ci", "--ignore-scripts", "--no-audit", "--no-fund"])?;
        fs::write(&installed, &lock)?;
    }
    npm(web, &["run", "build"])?;
    fs::write(web.join(MADE_FROM), wanted)
}

/// Whoever installs Node and builds again gets the pages.
fn look_again_when_programs_change() {
    println!("cargo::rerun-if-env-changed=PATH");
    let path = env::var_os("PATH").unwrap_or_default();
    for folder in env::split_paths(&path).filter(|folder| folder.is_dir()) {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
}

fn npm(web: &Path, arguments: &[&str]) -> io::Result<()> {
    let done = Command::new("npm").args(arguments).current_dir(web).output()?;
    if done.status.success() {
        return Ok(());
    }
    let said = [done.stdout, done.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let last: Vec<&str> = said.lines().rev().take(8).collect();
    let last: Vec<&str> = last.into_iter().rev().collect();
    Err(io::Error::other(format!("`npm {}` failed: {}", arguments.join(" "), last.join(" | "))))
}

/// A hash over names and contents of all sources.
fn hash_of(web: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&web.join(source), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(web).unwrap_or(&file).hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}\n", hasher.finish()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.is_file() {
        files.push(path.to_owned());
    }
    Ok(())
}
