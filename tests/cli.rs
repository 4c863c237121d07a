//! The program as people run it: the demo with the script, import, administrators, settings.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

use crate::support::demo;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn hadir(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hadir"));
    command.args(arguments).stdin(Stdio::null()).env_clear().env("PATH", "/usr/bin:/bin");
    command
}

fn run(arguments: &[&str]) -> Output {
    hadir(arguments).output().expect("a run")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A running demo.
struct Demo {
    child: Child,
    ready: Value,
}

impl Demo {
    /// Starts and waits for the line for programs.
    fn start(folder: &Path) -> Self {
        let arguments = ["demo", "--port", "0", "--data", folder.to_str().unwrap()];
        let mut child = hadir(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines
            .map_while(Result::ok)
            .find(|line| line.starts_with("{\"ready\":true,\"url\":"))
            .expect("a ready line");
        Self { child, ready: serde_json::from_str(&ready).unwrap() }
    }

    /// Asks it to stop, as an operator does.
    fn stop(mut self) {
        let kill = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(kill.success() && self.child.wait().unwrap().success(), "a clean stop");
    }

    fn account(&self, nip: &str) -> &Value {
        self.ready["accounts"].as_array().unwrap().iter().find(|account| account["nip"] == nip).unwrap()
    }
}

/// Checks in with the script; gives the status and the body.
fn check_in(demo: &Demo, account: &Value, more: &[&str]) -> (String, Value) {
    let home = &account["home"];
    let (latitude, longitude) = (home["latitude"].to_string(), home["longitude"].to_string());
    let mut arguments = vec!["--url", demo.ready["url"].as_str().unwrap(), "--nip", account["nip"].as_str().unwrap()];
    arguments.extend([
        "--password",
        account["password"].as_str().unwrap(),
        "--slot",
        account["open_slot"].as_str().unwrap(),
    ]);
    arguments.extend(["--photo", "api-spec/examples/photo.jpg", "--latitude", &latitude, "--longitude", &longitude]);
    arguments.extend(["--accuracy", "18"]);
    arguments.extend(more);
    let output = Command::new("scripts/checkin")
        .args(arguments)
        .current_dir(ROOT)
        .output()
        .expect("the script needs bash and curl");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (status, body) = text.split_once('\n').unwrap_or_else(|| panic!("{text}{}", stderr(&output)));
    (status.to_owned(), serde_json::from_str(body).unwrap_or_else(|_| panic!("{text}")))
}

#[test]
fn the_demo_starts_takes_check_ins_from_the_script_stops_cleanly_and_keeps_its_data() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("demo");
    let demo = Demo::start(&folder);
    let roles: Vec<&str> =
        demo.ready["accounts"].as_array().unwrap().iter().map(|a| a["role"].as_str().unwrap()).collect();
    for role in ["employee", "supervisor", "auditor", "administrator"] {
        assert!(roles.contains(&role), "{roles:?}");
    }
    let dewi = demo.account("199001152015011006").clone();
    let id = "0199d5a0-7c00-7000-8000-0000000000aa";
    let (status, first) = check_in(&demo, &dewi, &["--id", id]);
    assert_eq!((status.as_str(), &first["receipt"]["verdict"]), ("201", &"accepted".into()), "{first}");
    let (status, second) = check_in(&demo, &dewi, &["--id", id]);
    assert_eq!((status.as_str(), &second), ("200", &first));
    let (status, other) = check_in(&demo, &dewi, &["--id", id, "--photo", "tests/photos/room.jpg"]);
    assert_eq!((status.as_str(), &other["code"]), ("409", &"checkin-id-taken".into()));
    let (status, far) = check_in(&demo, &dewi, &["--latitude", "-6.5914", "--accuracy", "20"]);
    assert_eq!((status.as_str(), &far["findings"][0]["code"]), ("201", &"location.outside".into()));
    let (_, coarse) = check_in(&demo, &dewi, &["--accuracy", "500"]);
    assert_eq!(coarse["findings"][0]["code"], "location.cannot_tell");
    let (_, stale) = check_in(&demo, &dewi, &["--fix-time", "2026-01-01T00:00:00Z"]);
    assert_eq!(stale["findings"][0]["code"], "location.stale");
    let (status, wrong) = check_in(&demo, &dewi, &["--password", "not-the-password"]);
    assert_eq!((status.as_str(), &wrong["code"]), ("401", &"sign-in-wrong".into()));
    for zone in ["199106112016011013", "199209142017011015"] {
        let (status, answer) = check_in(&demo, demo.account(zone), &[]);
        assert_eq!(status, "201", "{answer}");
    }
    demo.stop();
    let again = Demo::start(&folder);
    let (status, kept) = check_in(&again, again.account("199001152015011006"), &["--id", id]);
    assert_eq!((status.as_str(), &kept), ("200", &first), "the receipt of the first run");
    again.stop();
}

#[test]
fn the_demo_touches_no_folder_that_it_did_not_make() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("hadir.sqlite3"), "somebody's").unwrap();
    for fresh in [&["--fresh"][..], &[]] {
        let arguments = [&["demo", "--port", "0", "--data", folder.path().to_str().unwrap()], fresh].concat();
        let output = run(&arguments);
        assert!(!output.status.success());
        assert!(stderr(&output).contains("was not made by the demo"), "{}", stderr(&output));
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("hadir.sqlite3")).unwrap(), "somebody's");
}

#[test]
fn an_administrator_is_made_and_people_are_imported_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").display().to_string();
    let with_password = |arguments: &[&str]| {
        let mut child =
            hadir(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"a-long-password\n").unwrap();
        child.wait_with_output().unwrap()
    };
    let create = [
        "admin",
        "create",
        "--data-dir",
        &data,
        "--nip",
        "9001",
        "--name",
        "Ratna",
        "--unit",
        "KOTA",
        "--time-zone",
        "WITA",
    ];
    let made = with_password(&create);
    assert!(made.status.success(), "{}", stderr(&made));
    let twice = with_password(&create);
    assert!(
        !twice.status.success() && stderr(&twice).contains("there is already a person with nip 9001"),
        "{}",
        stderr(&twice)
    );
    let nameless =
        with_password(&["admin", "create", "--data-dir", &data, "--nip", "9002", "--name", " ", "--unit", "KOTA"]);
    assert!(stderr(&nameless).contains("name is empty"), "{}", stderr(&nameless));
    let changed = with_password(&["admin", "password", "--data-dir", &data, "--nip", "9001"]);
    assert!(changed.status.success(), "{}", stderr(&changed));
    let unknown = with_password(&["admin", "password", "--data-dir", &data, "--nip", "1"]);
    assert!(stderr(&unknown).contains("there is no person with nip 1"), "{}", stderr(&unknown));

    let people = folder.path().join("people.csv");
    std::fs::write(&people, "nip,name,unit\n1001,Dewi,KOTA\n1002,Agus,TIADA\n").unwrap();
    let path = people.to_str().unwrap();
    let refused = run(&["import", "--data-dir", &data, path]);
    assert!(!refused.status.success());
    assert!(
        stderr(&refused).contains("people.csv, line 3: column unit: there is no unit `TIADA`"),
        "{}",
        stderr(&refused)
    );
    std::fs::write(&people, "nip,name,unit\n1001,Dewi,KOTA\n").unwrap();
    let dry = run(&["import", "--data-dir", &data, "--dry-run", path]);
    let imported = run(&["import", "--data-dir", &data, path]);
    for output in [dry, imported] {
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(
            String::from_utf8_lossy(&output.stdout).contains("people          1 added      0 changed      0 unchanged")
        );
    }
    let gone = run(&["import", "--data-dir", &data, "no-such-file.csv"]);
    assert!(stderr(&gone).contains("no-such-file.csv cannot be read"), "{}", stderr(&gone));
}

#[test]
fn keys_rotate_places_travel_and_findings_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").display().to_string();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let done = |arguments: &[&str]| {
        let output = run(&[arguments, &["--data-dir", &data]].concat());
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let units =
        file("units.csv", "code,name,parent,time_zone,office_latitude,office_longitude\nKOTA,Kota,,WIB,-6.5,106.8\n");
    let people = file("people.csv", "nip,name,unit\n1001,Dewi,KOTA\n1002,Agus,KOTA\n");
    let places = file("places.csv", "nip,latitude,longitude,radius_m\n1001,-6.595,106.8166,100\n");
    done(&["import", &units, &people, &places]);
    assert!(done(&["keys", "rotate"]).contains(" seals now; 1 of 1 seals were renewed"));
    assert!(done(&["keys", "rotate", "--retire"]).contains("1 older keys were taken away"));
    let ring = std::fs::read_to_string(folder.path().join("data/sealing.keys")).unwrap();
    assert!(ring.lines().count() == 2 && ring.ends_with("all sealed\n"), "{ring}");
    let out = done(&["places", "export", "--nip", "1001"]);
    assert!(out.contains("106.8166") && out.contains("\"radius_m\": 100.0"), "{out}");
    let moved = file("moved.geojson", &out.replace("1001", "1002"));
    assert_eq!(done(&["places", "import", &moved]), "1 places were imported\n");
    let twice = run(&["places", "import", &moved, "--data-dir", &data]);
    assert!(stderr(&twice).contains("feature 1: a home of 1002 begins on"), "{}", stderr(&twice));
    let areas = file(
        "areas.geojson",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"kec":"Bogor Tengah"},"geometry":{"type":"Polygon","coordinates":[[[106.7,-6.7],[106.9,-6.7],[106.9,-6.5],[106.7,-6.7]]]}}]}"#,
    );
    assert_eq!(done(&["places", "areas", &areas, "--name", "kec"]), "1 areas were imported\n");
    let wrong = run(&["places", "areas", &areas, "--data-dir", &data]);
    assert!(stderr(&wrong).contains("feature 1: there is no text `name` among its properties"), "{}", stderr(&wrong));
    assert!(done(&["findings", "rates"]).starts_with("0 check-ins on 0 days"));
    let silent =
        hadir(&["serve", "--data-dir", &data]).env("HADIR_FINDINGS_SILENT", "photo.dark,photo.drak").output().unwrap();
    assert!(stderr(&silent).contains("findings_silent: `photo.drak` is the code of no finding"), "{}", stderr(&silent));
    let named = folder.path().join("no-such-ring");
    let unnamed = hadir(&["serve", "--data-dir", &data]).env("HADIR_SEALING_KEYS_FILE", &named).output().unwrap();
    assert!(stderr(&unnamed).contains("cannot be read or made") && !named.exists(), "{}", stderr(&unnamed));
}

#[test]
fn settings_are_printed_checked_and_refused_in_one_sentence() {
    let printed = run(&["config", "print", "--listen", "127.0.0.1:9999"]);
    assert!(String::from_utf8_lossy(&printed.stdout).contains("listen = \"127.0.0.1:9999\""));
    assert!(run(&["config", "check"]).status.success());
    let wrong = hadir(&["config", "check"]).env("HADIR_ACCESS_TOKEN_S", "9999").output().unwrap();
    assert!(!wrong.status.success());
    assert_eq!(stderr(&wrong), "hadir: access_token_s has to lie between 1 and 600\n");
    let unknown = hadir(&["serve"]).env("HADIR_TYPO", "1").output().unwrap();
    assert!(stderr(&unknown).contains("HADIR_TYPO"), "{}", stderr(&unknown));
}

#[test]
fn a_server_that_cannot_start_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").display().to_string();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(&["serve", "--data-dir", &data, "--listen", &address]);
    assert!(stderr(&output).contains(&format!("cannot listen on {address}")), "{}", stderr(&output));
    let gone = hadir(&["serve", "--data-dir", &data]).env("HADIR_DATABASE_URL", "mysql://x").output().unwrap();
    assert!(stderr(&gone).contains("database_url has to start with sqlite:"), "{}", stderr(&gone));
    let missing = folder.path().join("no-such-secret");
    let unnamed = hadir(&["serve", "--data-dir", &data]).env("HADIR_SECRET_FILE", &missing).output().unwrap();
    assert!(stderr(&unnamed).contains("cannot be read or made") && !missing.exists(), "{}", stderr(&unnamed));
    std::fs::write(folder.path().join("data/secret.key"), "short").unwrap();
    let secret = run(&["serve", "--data-dir", &data]);
    assert!(stderr(&secret).contains("has to be 64 hexadecimal digits"), "{}", stderr(&secret));
}

/// Runs the doctor on a folder; gives whether all is well, and what it said of each thing.
fn doctor(folder: &Path, more: &[&str]) -> (bool, Vec<(String, String, String)>) {
    let arguments = [&["doctor", "--json", "--data-dir", folder.to_str().unwrap()], more].concat();
    let output = run(&arguments);
    let checks: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(&output)));
    let text = |check: &Value, name: &str| check[name].as_str().unwrap().to_owned();
    let checks = checks.iter().map(|check| (text(check, "name"), text(check, "state"), text(check, "found")));
    (output.status.success(), checks.collect())
}

fn says<'a>(checks: &'a [(String, String, String)], name: &str, state: &str) -> &'a str {
    let found = checks.iter().find(|(found, is, _)| found == name && is == state);
    &found.unwrap_or_else(|| panic!("no {name} with {state} in {checks:#?}")).2
}

/// Every photo there is, without its copies.
fn photos(folder: &Path) -> Vec<std::path::PathBuf> {
    let days = std::fs::read_dir(folder.join("photos")).unwrap().map(|day| day.unwrap().path());
    let days = days.filter(|day| !day.ends_with(".unfinished"));
    let mut all: Vec<_> =
        days.flat_map(|day| std::fs::read_dir(day).unwrap().map(|file| file.unwrap().path())).collect();
    all.retain(|path| path.extension().is_none());
    all.sort();
    all
}

#[test]
fn the_doctor_finds_photos_that_are_gone_altered_or_belong_to_nothing_and_a_database_that_was_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("demo");
    demo::copy_to(&folder);
    let everything = ["--all", "--read-photos", "--settled-s", "0"];
    let (well, checks) = doctor(&folder, &everything);
    assert!(well, "{checks:#?}");
    let count = photos(&folder).len();
    let found = says(&checks, "photos", "ok");
    assert!(found.starts_with(&format!("{count} photos")) && found.ends_with("none missing"), "{found}");
    for name in ["settings", "secret", "sealing keys", "database", "clock", "schema", "photo store"] {
        says(&checks, name, "ok");
    }

    let all = photos(&folder);
    let aside = folder.join("aside");
    std::fs::rename(&all[0], &aside).unwrap();
    let altered = std::fs::read(&all[1]).unwrap();
    std::fs::write(&all[1], [&altered[..], b"."].concat()).unwrap();
    let (well, checks) = doctor(&folder, &everything);
    let found = says(&checks, "photos", "failure");
    assert!(!well && found.contains("is missing") && found.contains("is altered"), "{found}");
    std::fs::rename(&aside, &all[0]).unwrap();
    std::fs::write(&all[1], altered).unwrap();

    // A backup that is made while people check in, and an older one that takes its place.
    let (database, backup) = (folder.join("hadir.sqlite3"), folder.join("backup.sqlite3"));
    let copy = ["backup", "--data-dir", folder.to_str().unwrap(), backup.to_str().unwrap()];
    let demo = Demo::start(&folder);
    assert!(run(&copy).status.success());
    assert!(stderr(&run(&copy)).contains("exists already"));
    let employee = demo.account("199001152015011006").clone();
    assert_eq!(check_in(&demo, &employee, &[]).0, "201");
    demo.stop();
    for side in ["hadir.sqlite3-wal", "hadir.sqlite3-shm"] {
        let _ = std::fs::remove_file(folder.join(side));
    }
    std::fs::rename(backup, database).unwrap();
    let (well, checks) = doctor(&folder, &["--settled-s", "0"]);
    assert!(!well && says(&checks, "restored", "failure").starts_with("1 photos were stored after"), "{checks:#?}");
    says(&checks, "orphans", "warning");
}

#[test]
fn the_doctor_says_what_cannot_be_reached_and_that_a_schema_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let (well, checks) = doctor(folder.path(), &[]);
    says(&checks, "secret", "failure");
    assert!(!well && says(&checks, "database", "failure").ends_with("is not there"), "{checks:#?}");
    assert!(!folder.path().join("hadir.sqlite3").exists(), "a look makes nothing");
    std::fs::write(folder.path().join("hadir.sqlite3"), b"").unwrap();
    let (_, checks) = doctor(folder.path(), &[]);
    assert!(says(&checks, "schema", "warning").contains("0001_checkin.sql"), "{checks:#?}");
}
