//! `hadir spec`.

use clap::Subcommand;

use super::Failure;
use crate::{
    evidence::catalogue,
    http::{problem, spec},
};

/// Print a generated part of `api-spec/`.
#[derive(Subcommand)]
pub enum SpecCommand {
    /// The OpenAPI document, as YAML.
    Openapi,
    /// Every problem, as Markdown.
    Problems,
    /// Every finding, as Markdown.
    Findings,
}

pub(super) fn run(command: &SpecCommand) -> Result<(), Failure> {
    match command {
        SpecCommand::Openapi => print!("{}", spec::document().to_yaml()?),
        SpecCommand::Problems => print!("{}", problem::page()),
        SpecCommand::Findings => print!("{}", catalogue::page()),
    }
    Ok(())
}
