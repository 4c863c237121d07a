//! The command line: one file a subcommand.

mod admin;
mod backup;
mod config;
mod demo;
mod doctor;
mod findings;
mod import;
mod inspect;
mod keys;
mod moving;
mod notifications;
mod places;
mod serve;
mod spec;

use std::{path::PathBuf, sync::Arc};

use clap::{Args, Parser, Subcommand};

use crate::{
    app::App,
    config::Config,
    model::{chance::Chance, time::SystemClock},
    server,
};

/// Why a command failed: one sentence for people.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Check-ins for people who work from home.
#[derive(Parser)]
#[command(name = "hadir", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server until it is told to stop.
    Serve(Settings),
    /// Run a server with a small made-up city and a week of history.
    Demo(demo::DemoArgs),
    /// Import units, people, roles, schedules and home places from CSV files.
    Import(import::ImportArgs),
    /// Make administrators and set passwords.
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// The keys that seal positions.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Places and areas from and to GeoJSON files.
    #[command(subcommand)]
    Places(places::PlacesCommand),
    /// What findings come to.
    #[command(subcommand)]
    Findings(findings::FindingsCommand),
    /// Copy the database file while the server runs.
    Backup(backup::BackupArgs),
    /// Move everything from SQLite and a folder to PostgreSQL and another photo store.
    Move(moving::MoveArgs),
    /// Look whether everything is as it has to be, and say what to do where it is not.
    Doctor(doctor::DoctorArgs),
    /// Notifications that could not be sent.
    #[command(subcommand)]
    Notifications(notifications::NotificationsCommand),
    /// Print what the server sees on photos.
    Inspect(inspect::InspectArgs),
    /// Show or check the settings.
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Print a generated part of `api-spec/`.
    #[command(subcommand)]
    Spec(spec::SpecCommand),
}

/// Where the settings come from.
#[derive(Args, Clone, Debug, Default)]
pub struct Settings {
    /// Settings file (TOML). Each setting can also be given as HADIR_<NAME> in the environment.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Folder for everything kept locally.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

impl Settings {
    fn load(&self) -> Result<Config, Failure> {
        let mut flags = Vec::new();
        if let Some(listen) = &self.listen {
            flags.push(("listen", listen.clone()));
        }
        if let Some(folder) = &self.data_dir {
            flags.push(("data_dir", folder.display().to_string()));
        }
        Ok(Config::load(self.config.as_deref(), &flags)?)
    }

    /// An application on these settings, for commands that use the stores.
    async fn app(&self) -> Result<Arc<App>, Failure> {
        Ok(server::compose(self.load()?, Arc::new(SystemClock), system_chance()?).await?)
    }
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence that says what failed.
    pub async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Serve(settings) => serve::run(&settings).await,
            Command::Demo(args) => demo::run(&args).await,
            Command::Import(args) => import::run(&args).await,
            Command::Admin(command) => admin::run(command).await,
            Command::Keys(command) => keys::run(command).await,
            Command::Places(command) => places::run(command).await,
            Command::Findings(command) => findings::run(command).await,
            Command::Notifications(command) => notifications::run(command).await,
            Command::Backup(args) => backup::run(&args).await,
            Command::Move(args) => moving::run(&args).await,
            Command::Doctor(args) => doctor::run(&args).await,
            Command::Inspect(args) => inspect::run(&args),
            Command::Config(command) => config::run(&command),
            Command::Spec(command) => spec::run(&command),
        }
    }
}

/// Randomness from the operating system.
fn system_chance() -> Result<Chance, Failure> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    Ok(Chance::from_seed(seed))
}
