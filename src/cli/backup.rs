//! `hadir backup`: a copy of the database file while the server runs.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, Settings};
use crate::{server, store::Store};

/// Where to.
#[derive(Args)]
pub struct BackupArgs {
    #[command(flatten)]
    settings: Settings,
    /// The copy; it must not exist yet.
    file: PathBuf,
}

pub(super) async fn run(args: &BackupArgs) -> Result<(), Failure> {
    let config = args.settings.load()?;
    if args.file.exists() {
        return Err(format!("{} exists already; give the copy a name of its own", args.file.display()).into());
    }
    let store = Store::connect(&server::store_options(&config)).await?;
    let copied = store.copy_to(&args.file).await;
    store.close().await;
    if !copied? {
        return Err("this database is PostgreSQL: use its own tools (pg_basebackup, or pg_dump for a small one)".into());
    }
    println!("{} is a whole copy of the database; the photos and the keys are not in it", args.file.display());
    Ok(())
}
