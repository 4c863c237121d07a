//! A disk whose power can be cut; see `disk.c`.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use tempfile::TempDir;

/// What can be wrong with it.
#[derive(Clone, Copy)]
pub enum Fault {
    /// It says that it keeps, and does not.
    Lies,
    /// There is no space left.
    Full,
}

/// A folder that stands for a disk, and what of it would survive.
pub struct Disk {
    root: TempDir,
    shadow: TempDir,
}

impl Disk {
    pub fn new() -> Self {
        let disk = Self { root: tempfile::tempdir().unwrap(), shadow: tempfile::tempdir().unwrap() };
        fs::create_dir(disk.path()).unwrap();
        disk
    }

    /// The folder.
    pub fn path(&self) -> PathBuf {
        self.root.path().join("data")
    }

    /// The environment of a program that writes to it.
    pub fn environment(&self) -> [(&'static str, String); 3] {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        [
            ("LD_PRELOAD", text(library())),
            ("CRASH_DISK", text(&self.path())),
            ("CRASH_SHADOW", text(self.shadow.path())),
        ]
    }

    /// Everything that is there survives from now on.
    pub fn settle(&self) {
        fs::remove_dir_all(self.shadow.path()).unwrap();
        fs::create_dir(self.shadow.path()).unwrap();
        self.settle_folder(&self.path());
    }

    fn settle_folder(&self, folder: &Path) {
        let mut names = String::new();
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let (inode, name) = (entry.metadata().unwrap().ino(), entry.file_name().into_string().unwrap());
            if entry.file_type().unwrap().is_dir() {
                names += &format!("d {inode} {name}\n");
                self.settle_folder(&entry.path());
            } else {
                names += &format!("f {inode} {name}\n");
                fs::copy(entry.path(), self.shadow.path().join(format!("f-{inode}"))).unwrap();
            }
        }
        let inode = fs::metadata(folder).unwrap().ino();
        fs::write(self.shadow.path().join(format!("d-{inode}")), names).unwrap();
    }

    /// What was never synced is gone; no program may be using it.
    pub fn cut_power(&self) {
        let (old, inode) = (self.root.path().join("before"), fs::metadata(self.path()).unwrap().ino());
        fs::rename(self.path(), &old).unwrap();
        self.bring_back(inode, &self.path());
        fs::remove_dir_all(old).unwrap();
        self.settle();
    }

    fn bring_back(&self, inode: u64, folder: &Path) {
        fs::create_dir(folder).unwrap();
        let names = fs::read_to_string(self.shadow.path().join(format!("d-{inode}"))).unwrap_or_default();
        for line in names.lines() {
            let mut parts = line.splitn(3, ' ');
            let (kind, inode, name) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
            if kind == "d" {
                self.bring_back(inode.parse().unwrap(), &folder.join(name));
            } else if fs::copy(self.shadow.path().join(format!("f-{inode}")), folder.join(name)).is_err() {
                // Its name was kept, what it held was not.
                fs::write(folder.join(name), b"").unwrap();
            }
        }
    }

    /// Switches a fault on or off.
    pub fn fault(&self, fault: Fault, on: bool) {
        let name = match fault {
            Fault::Lies => "lies",
            Fault::Full => "full",
        };
        let path = self.shadow.path().join(name);
        if on {
            fs::write(path, b"").unwrap();
        } else {
            let _ = fs::remove_file(path);
        }
    }

    /// Puts the clock of its programs off by so many seconds.
    pub fn set_clock_off(&self, seconds: i64) {
        // In one step, since it is read all the time.
        let next = self.shadow.path().join("clock-next");
        fs::write(&next, seconds.to_string()).unwrap();
        fs::rename(next, self.shadow.path().join("clock")).unwrap();
    }
}

/// `disk.c`, compiled once.
fn library() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let (own, built) = (folder.join(format!("disk-{}.so", std::process::id())), folder.join("disk.so"));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crash/disk.c");
        let mut compile = Command::new("cc");
        compile.args(["-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o"]).arg(&own).arg(source);
        let done = compile.args(["-ldl", "-lpthread"]).output().expect("a C compiler");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        fs::rename(own, &built).unwrap();
        built
    })
}
