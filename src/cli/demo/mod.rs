//! `hadir demo`: a made-up city, a week of history sent through the real endpoints, and a slot that is always open.

mod city;
mod history;
mod phone;
mod scene;

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

use super::{Failure, serve, system_chance};
use crate::{
    app::App,
    config::{Config, LogFormat},
    model::{
        time::{Clock as _, SetClock, SystemClock, Timestamp},
        words::Timing,
    },
    people::import,
    presence, server,
    store::{people, units},
    telemetry,
};

/// Marks a folder as one the demo made, so that it fills and deletes no other.
const MARK: &str = "made-by-hadir-demo";
/// Marks that the week of history is whole.
const COMPLETE: &str = "history-is-complete";

/// Run a server with a small made-up city and a week of history.
#[derive(Args)]
pub struct DemoArgs {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder of the demo's data; kept between runs.
    #[arg(long, value_name = "DIR", default_value = "hadir-demo")]
    data: PathBuf,
    /// Begin anew: delete what an earlier demo left in the folder.
    #[arg(long)]
    fresh: bool,
}

pub(super) async fn run(args: &DemoArgs) -> Result<(), Failure> {
    // Before anything is made: an address that is taken, or another demo at work on the folder.
    drop(
        std::net::TcpListener::bind(("127.0.0.1", args.port))
            .map_err(|error| format!("port {}: {error}", args.port))?,
    );
    let _alone = alone_with(&args.data)?;
    if args.fresh {
        remove_earlier(&args.data)?;
    }
    let config = Config {
        listen: format!("127.0.0.1:{}", args.port),
        data_dir: args.data.clone(),
        log_format: LogFormat::Text,
        log_filter: "warn,hadir=info".to_owned(),
        drain_s: 0,
        // A demo may lie for days; what waits in it stays with those it waits for.
        review_target_h: 720,
        ..Config::default()
    };
    config.check()?;
    if !args.data.join(COMPLETE).exists() {
        claim(&args.data)?;
        fill(&config).await?;
    }
    telemetry::start(&config)?;
    let app = server::compose(config, Arc::new(SystemClock), system_chance()?).await?;
    let running = server::start(Arc::clone(&app))?;
    let url = format!("http://{}", running.address());
    welcome(&app, &url).await?;
    serve::until_stopped(running).await
}

/// Holds a lock beside the folder for as long as the demo runs.
fn alone_with(folder: &Path) -> Result<File, Failure> {
    let lock = File::create(folder.with_extension("lock"))?;
    lock.try_lock().map_err(|_| format!("another demo is at work on {}", folder.display()))?;
    Ok(lock)
}

fn remove_earlier(folder: &Path) -> Result<(), Failure> {
    if !folder.exists() {
        return Ok(());
    }
    if !folder.join(MARK).exists() {
        return Err(format!("{} was not made by the demo; it is left alone", folder.display()).into());
    }
    Ok(std::fs::remove_dir_all(folder)?)
}

/// Takes a new or empty folder, and no other: it may hold somebody's real data.
fn claim(folder: &Path) -> Result<(), Failure> {
    if folder.join(MARK).exists() {
        return Err(format!("{} holds an unfinished demo; begin anew with --fresh", folder.display()).into());
    }
    std::fs::create_dir_all(folder)?;
    if std::fs::read_dir(folder)?.next().is_some() {
        return Err(format!(
            "{} is not empty and was not made by the demo; name another folder with --data",
            folder.display()
        )
        .into());
    }
    Ok(std::fs::write(folder.join(MARK), "`hadir demo --fresh` deletes this folder.\n")?)
}

/// Imports the city and plays a week on a clock that stands where the week was.
async fn fill(config: &Config) -> Result<(), Failure> {
    let now = SystemClock.now();
    let today = city::first_day(now);
    let clock = Arc::new(SetClock::new(now));
    let filling = Config { listen: "127.0.0.1:0".to_owned(), ..config.clone() };
    let app = server::compose(filling, clock.clone(), system_chance()?).await?;
    eprintln!("making a city of {} people …", city::PEOPLE.len());
    import::texts_in(&app, &city::files(today), false).await?;
    let running = server::start(Arc::clone(&app))?;
    let url = format!("http://{}", running.address());
    let sent = history::play(&url, &clock, today).await?;
    running.stop().await;
    eprintln!(
        "sent {} check-ins of the week before {today}; {} were flagged, {} reviewed",
        sent.checkins, sent.flagged, sent.reviewed
    );
    std::fs::write(config.data_dir.join(COMPLETE), "")?;
    Ok(())
}

/// Says where to look, ending in one line for programs.
async fn welcome(app: &App, url: &str) -> Result<(), Failure> {
    let now = app.now();
    let mut accounts = Vec::new();
    let mut lines = String::new();
    for person in city::PEOPLE {
        let slot = open_slot(app, person.nip, now).await?;
        let home = person.home.map(
            |(latitude, longitude)| json!({"latitude": latitude, "longitude": longitude, "radius_m": city::RADIUS_M}),
        );
        lines += &format!(
            "  {:<13} {}  {:<22} {:<12} open now: {}\n",
            person.role,
            person.nip,
            person.name,
            person.unit,
            slot.as_deref().unwrap_or("-")
        );
        accounts.push(json!({
            "role": person.role, "nip": person.nip, "password": city::PASSWORD, "name": person.name, "unit": person.unit,
            "open_slot": slot, "home": home,
        }));
    }
    let example = &city::PEOPLE[city::EXAMPLE];
    // No phone stands on the very point.
    let (latitude, longitude) = example.home.map_or((0.0, 0.0), |(north, east)| (north - 0.00002, east + 0.00003));
    let slot = open_slot(app, example.nip, now).await?.unwrap_or_else(|| "morning".to_owned());
    println!(
        "\nphone page        {url}/phone\nconsole           {url}/console\nAPI description   {url}/api-docs/\nproblems          {url}/problems\nmetrics           {url}/metrics\n"
    );
    println!("Sign-ins (password of all: {})\n{lines}", city::PASSWORD);
    println!(
        "A check-in from home:\n  scripts/checkin --url {url} --nip {} --password {} --slot {slot} \\\n    --photo api-spec/examples/photo.jpg \
         --latitude {latitude:.5} --longitude {longitude:.5} --accuracy 18\n",
        example.nip,
        city::PASSWORD
    );
    println!("Stop with Ctrl-C; the data stays in {}.", app.config.data_dir.display());
    println!("{}", serde_json::to_string(&StartedLine { ready: true, url, accounts })?);
    std::io::stdout().flush()?;
    Ok(())
}

/// The last start-up line, for programs.
#[derive(Serialize)]
struct StartedLine<'a> {
    ready: bool,
    url: &'a str,
    accounts: Vec<Value>,
}

/// The slot that is open now; on time before late.
async fn open_slot(app: &App, nip: &str, now: Timestamp) -> Result<Option<String>, Failure> {
    let mut tx = app.store.read().await?;
    let Some(person) = people::by_nip(&mut tx, nip).await? else { return Ok(None) };
    let Some(unit) = units::by_id(&mut tx, person.unit_id).await? else { return Ok(None) };
    let Some((_, zone)) = crate::model::time::zone_named(&unit.time_zone) else { return Ok(None) };
    let calendar = presence::calendar(&mut tx, unit.id, &zone, now).await?;
    let open =
        calendar.windows.iter().filter_map(|window| Some((window.timing(now)? == Timing::Late, window.slot))).min();
    Ok(open.map(|(_, slot)| slot.to_string()))
}
