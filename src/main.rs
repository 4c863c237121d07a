//! The `hadir` program: parses the command line, runs the command, gives its exit code.

use std::process::ExitCode;

use clap::Parser as _;
use hadir::{cli::Cli, telemetry};

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("hadir: {}", telemetry::in_full(failure.as_ref()));
            ExitCode::FAILURE
        }
    }
}
