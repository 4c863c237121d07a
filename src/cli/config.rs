//! `hadir config`.

use clap::Subcommand;

use super::{Failure, Settings};

/// Show or check the settings.
#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Print every setting as it is in force, as a settings file.
    Print(Settings),
    /// Say whether the settings can be used.
    Check(Settings),
}

pub(super) fn run(command: &ConfigCommand) -> Result<(), Failure> {
    match command {
        ConfigCommand::Print(settings) => print!("{}", settings.load()?.print()),
        ConfigCommand::Check(settings) => {
            settings.load()?;
            println!("the settings can be used");
        }
    }
    Ok(())
}
