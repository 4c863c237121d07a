//! `hadir doctor`: is everything as it has to be, and if not, what to do.

use std::{fmt, fs, os::unix::fs::MetadataExt as _, path::Path};

use clap::Args;
use serde::Serialize;

use super::{Failure, Settings};
use crate::{
    app::App,
    config::{Config, PhotoStore, SQLITE_FILE},
    model::{ids::CheckinId, time::WorkDate},
    reconcile::{self, Fault},
    server,
    store::{Store, inspect::Inspected, log_entries, orphans, photos},
    telemetry::in_full,
};

/// Days that are compared when nobody says more.
const DAYS: i64 = 7;
/// Photos read back at a time.
const TOGETHER: i64 = 200;
/// Free space below which it gets tight, and below which it is too late, bytes.
const FREE_BYTES: (u64, u64) = (10_000_000_000, 1_000_000_000);
/// How far two clocks may be apart before somebody should know, and before times are wrong, seconds.
const CLOCK_S: (f64, f64) = (5.0, 60.0);
/// Faults and orphans that are named one by one.
const NAMED: usize = 20;

/// How much to look at.
#[derive(Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    settings: Settings,
    /// Compare every day, not only the last seven, and check a database file page by page.
    #[arg(long)]
    all: bool,
    /// Read every photo back and compare its hash.
    #[arg(long)]
    read_photos: bool,
    /// A younger photo may still belong to a check-in that is on its way, seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    settled_s: u32,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// How something stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warning,
    Failure,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    /// What.
    name: &'static str,
    state: State,
    /// How it stands.
    found: String,
    /// What to do; nothing where all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Ok => "ok     ",
            State::Warning => "WARNING",
            State::Failure => "FAILURE",
        };
        write!(f, "{state}  {:<14} {}", self.name, self.found)?;
        self.advice.map_or(Ok(()), |advice| write!(f, "\n{:>24} {advice}", "->"))
    }
}

fn ok(name: &'static str, found: impl Into<String>) -> Check {
    Check { name, state: State::Ok, found: found.into(), advice: None }
}

fn warning(name: &'static str, found: impl Into<String>, advice: &'static str) -> Check {
    Check { name, state: State::Warning, found: found.into(), advice: Some(advice) }
}

fn failure(name: &'static str, found: impl Into<String>, advice: &'static str) -> Check {
    Check { name, state: State::Failure, found: found.into(), advice: Some(advice) }
}

pub(super) async fn run(args: &DoctorArgs) -> Result<(), Failure> {
    let mut checks = Vec::new();
    examine(args, &mut checks).await;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&checks)?);
    } else {
        for check in &checks {
            println!("{check}");
        }
    }
    let failures = checks.iter().filter(|check| check.state == State::Failure).count();
    if failures > 0 { Err(format!("{failures} of {} checks failed", checks.len()).into()) } else { Ok(()) }
}

/// One thing after the other; where one is needed for the next and fails, the rest is left out.
async fn examine(args: &DoctorArgs, checks: &mut Vec<Check>) {
    let config = match args.settings.load() {
        Ok(config) => config,
        Err(error) => return checks.push(failure("settings", in_full(error.as_ref()), "mend the settings it names")),
    };
    checks.push(ok("settings", "can be read, and go together"));
    checks.extend(files(&config));
    checks.extend(space(&config));
    let file = config.data_dir.join(SQLITE_FILE);
    if config.database_url.is_empty() && !file.exists() {
        let advice = "hadir serve makes it at its first start; if there was one, fetch it from the backup";
        return checks.push(failure("database", format!("{} is not there", file.display()), advice));
    }
    let store = match Store::connect(&server::store_options(&config)).await {
        Ok(store) => store,
        Err(error) => {
            let advice = "start the database, or mend database_url; check-ins are refused until it answers";
            return checks.push(failure("database", in_full(&error), advice));
        }
    };
    let sound = database(&store, args.all, checks).await;
    store.close().await;
    if sound {
        match args.settings.app().await {
            Ok(app) => {
                kept(&app, args, checks).await;
                app.store.close().await;
            }
            Err(error) => checks.push(failure("start", in_full(error.as_ref()), "a server would not start either")),
        }
    }
}

/// Secrets are there, and for the owner alone.
fn files(config: &Config) -> Vec<Check> {
    let look = |name, path: &Path| match fs::metadata(path) {
        Err(error) => failure(
            name,
            format!("{}: {error}", path.display()),
            "without it nothing that was sealed or signed can be read; fetch it from the backup",
        ),
        Ok(file) if file.mode() & 0o077 != 0 => warning(
            name,
            format!("{} can be read by others", path.display()),
            "chmod 600, for whoever reads it can sign or open everything",
        ),
        Ok(_) => ok(name, format!("{} is for its owner alone", path.display())),
    };
    if !config.data_dir.exists() {
        return vec![warning(
            "data folder",
            format!("{} is not there yet", config.data_dir.display()),
            "hadir serve makes it at its first start",
        )];
    }
    vec![look("secret", &config.secret_file()), look("sealing keys", &config.sealing_keys_file())]
}

fn space(config: &Config) -> Vec<Check> {
    let mut folders = vec![config.data_dir.clone()];
    if config.photo_store == PhotoStore::Folder {
        folders.push(config.photo_dir());
    }
    let look = |folder: &Path| {
        let found = rustix::fs::statvfs(folder).ok()?;
        let free = found.f_bavail.saturating_mul(found.f_frsize);
        let says = format!("{:.1} GB free in {}", free as f64 / 1e9, folder.display());
        let (tight, full) = FREE_BYTES;
        Some(match free {
            free if free < full => failure("space", says, "make room: a full disk refuses every check-in"),
            free if free < tight => {
                warning("space", says, "make room soon; a check-in takes about 0.3 MB with its copies")
            }
            _ => ok("space", says),
        })
    };
    folders.iter().filter_map(|folder| look(folder)).collect()
}

/// The engine, its schema and its clock; whether the rest can be looked at.
async fn database(store: &Store, thorough: bool, checks: &mut Vec<Check>) -> bool {
    let inspected = match store.inspect(thorough).await {
        Ok(inspected) => inspected,
        Err(error) => {
            checks.push(failure("database", in_full(&error), "look into the database's own log"));
            return false;
        }
    };
    checks.extend(engine(&inspected));
    checks.extend(clock(store, &inspected).await);
    match store.pending_migrations().await {
        Ok(pending) if pending.is_empty() => {
            checks.push(ok("schema", "up to date"));
            true
        }
        Ok(pending) => {
            let advice = "hadir serve brings it up to date when it starts; make a backup before";
            checks.push(warning("schema", format!("not applied yet: {}", pending.join(", ")), advice));
            false
        }
        Err(error) => {
            checks.push(failure("schema", in_full(&error), "look into the database's own log"));
            false
        }
    }
}

fn engine(inspected: &Inspected) -> Vec<Check> {
    let Inspected { version, unsafe_settings, is_too_old, damage, .. } = inspected;
    let mut checks = vec![if *is_too_old {
        failure("database", version, "take PostgreSQL 15 or newer")
    } else {
        ok("database", version)
    }];
    if !unsafe_settings.is_empty() {
        let advice = "switch it on: with it off, a check-in that was acknowledged can be lost";
        checks.push(failure("durability", unsafe_settings.join(", "), advice));
    }
    if !damage.is_empty() {
        let advice = "stop the server, keep a copy of the file, and restore the last backup";
        checks.push(failure("database file", damage.join("; "), advice));
    }
    checks
}

/// Against the database's clock where that is another's, and against what was recorded.
async fn clock(store: &Store, inspected: &Inspected) -> Option<Check> {
    use crate::model::time::{Clock as _, SystemClock};
    let now = SystemClock.now();
    let advice = "set the clock by NTP: times of check-ins come from it";
    if let Some(theirs) = inspected.clock {
        let apart = now.seconds_since(theirs).abs();
        let says = format!("{apart:.1} s apart from the database's");
        return Some(match apart {
            apart if apart > CLOCK_S.1 => failure("clock", says, advice),
            apart if apart > CLOCK_S.0 => warning("clock", says, advice),
            _ => ok("clock", says),
        });
    }
    let mut tx = store.glance().await.ok()?;
    let newest = log_entries::newest(&mut tx).await.ok()??;
    let ahead = newest.seconds_since(now);
    Some(if ahead > CLOCK_S.1 {
        failure("clock", format!("{ahead:.0} s behind what was recorded last"), advice)
    } else {
        ok("clock", "not behind what was recorded last")
    })
}

/// The photo store, and whether it holds what the database promises.
async fn kept(app: &App, args: &DoctorArgs, checks: &mut Vec<Check>) {
    if let Err(error) = app.blobs.ready().await {
        let advice = "start it, or mend its settings; check-ins are refused until it answers";
        return checks.push(failure("photo store", in_full(&error), advice));
    }
    checks.push(ok("photo store", format!("{} answers", app.blobs.name())));
    let compared = compare(app, args).await;
    let read = if args.read_photos { read_all(app).await } else { Ok(None) };
    match (compared, read) {
        (Ok(mut found), Ok(read)) => {
            let mut faults = std::mem::take(&mut found.faults);
            if let Some((altered, count)) = read {
                faults.retain(|fault| !altered.contains(fault));
                faults.extend(altered);
                found.says = format!("{}; {count} were read back", found.says);
            }
            checks.push(whole(&found.says, &faults));
            checks.extend(found.orphans);
        }
        (Err(error), _) | (_, Err(error)) => {
            checks.push(failure(
                "photos",
                in_full(error.as_ref()),
                "look into the log of the database or the photo store",
            ));
        }
    }
}

/// What comparing came to.
struct Compared {
    says: String,
    faults: Vec<Fault>,
    orphans: Vec<Check>,
}

async fn compare(app: &App, args: &DoctorArgs) -> Result<Compared, Failure> {
    let mut tx = app.store.glance().await?;
    let (days, newest) = (photos::days(&mut tx).await?, log_entries::newest(&mut tx).await?);
    let noted = orphans::count(&mut tx).await?;
    drop(tx);
    let today = app.now().date_in(&jiff::tz::TimeZone::UTC);
    let (first, last) = days.unwrap_or((today, today));
    // A restored database ends before the photos do.
    let last = last.max(today.plus_days(1));
    let first = if args.all { first } else { last.plus_days(-DAYS - 1) };
    let (mut promised, mut faults, mut orphans, mut later) = (0, Vec::new(), Vec::new(), 0);
    let mut day = first;
    while day <= last {
        let found = reconcile::day(app, day, f64::from(args.settled_s)).await?;
        promised += found.promised;
        faults.extend(found.faults);
        later += found
            .orphans
            .iter()
            .filter(|object| !object.key.is_copy() && newest.is_none_or(|at| object.modified > at))
            .count();
        orphans.extend(found.orphans);
        day = day.plus_days(1);
    }
    let mut checks = Vec::new();
    if later > 0 {
        let advice = "an older state of the database was restored, or rows were taken away: each of these photos is proof of one that is gone. They are named in --json, and kept for orphan_keep_days";
        checks.push(failure(
            "restored",
            format!("{later} photos were stored after the database's last entry, and it knows nothing of them"),
            advice,
        ));
    }
    if noted > 0 || !orphans.is_empty() {
        let named: Vec<&str> = orphans.iter().take(NAMED).map(|object| object.key.as_str()).collect();
        checks.push(warning(
            "orphans",
            format!("{} photos belong to no check-in, {noted} of them kept aside: {}", orphans.len(), named.join(", ")),
            "a crash leaves one now and then; they are removed orphan_keep_days after they were found",
        ));
    }
    Ok(Compared { says: said(promised, first, last), faults, orphans: checks })
}

fn said(promised: usize, first: WorkDate, last: WorkDate) -> String {
    format!("{promised} photos of {first} to {last} compared with the database")
}

/// Every photo of a check-in, against its hash; with how many there are.
async fn read_all(app: &App) -> Result<Option<(Vec<Fault>, usize)>, Failure> {
    let (mut faults, mut count, mut point) = (Vec::new(), 0, Some(CheckinId::from_bytes([0; 16])));
    while let Some(after) = point {
        let (found, read, next) = reconcile::read_back(app, after, TOGETHER).await?;
        faults.extend(found);
        count += read;
        point = next;
        eprint!("\r{count} photos read back");
    }
    eprintln!();
    Ok(Some((faults, count)))
}

fn whole(says: &str, faults: &[Fault]) -> Check {
    if faults.is_empty() {
        return ok("photos", format!("{says}, none missing"));
    }
    let named = faults.iter().take(NAMED).map(|fault| format!("{} is {}", fault.photo.photo_key, fault.what.as_str()));
    let named: Vec<String> = named.collect();
    let advice = "bring these objects back from a backup of the photo store; until then the evidence of those check-ins cannot be shown";
    failure(
        "photos",
        format!("{says}; {} are not as they were acknowledged: {}", faults.len(), named.join(", ")),
        advice,
    )
}
