//! `hadir import`.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, Settings};
use crate::people::import;

/// Import units, people, roles, schedules and home places.
#[derive(Args)]
pub struct ImportArgs {
    #[command(flatten)]
    settings: Settings,
    /// CSV files; what each holds is told by its header line.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Say what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(args: &ImportArgs) -> Result<(), Failure> {
    let app = args.settings.app().await?;
    let outcome = import::files(&app, &args.files, args.dry_run).await;
    app.store.close().await;
    println!("{}", outcome?);
    if args.dry_run {
        println!("dry run: nothing was changed");
    }
    Ok(())
}
