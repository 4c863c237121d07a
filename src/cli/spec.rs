//! `hadir spec`.

use clap::Subcommand;

use super::Failure;
use crate::http::{problem, spec};

/// Print a generated part of `api-spec/`.
#[derive(Subcommand)]
pub enum SpecCommand {
    /// The OpenAPI document, as YAML.
    Openapi,
    /// Every problem, as Markdown.
    Problems,
}

pub(super) fn run(command: &SpecCommand) -> Result<(), Failure> {
    match command {
        SpecCommand::Openapi => print!("{}", spec::document().to_yaml()?),
        SpecCommand::Problems => print!("{}", problem::page()),
    }
    Ok(())
}
