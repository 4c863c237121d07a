//! `hadir keys`: the keys that seal positions.

use clap::Subcommand;
use serde::Serialize;

use super::{Failure, Settings};
use crate::{log, model::words::EntryKind, places::reseal};

/// The keys that seal positions.
#[derive(Subcommand)]
pub enum KeysCommand {
    /// Add a key and bring every seal up to it. Servers that run read the new key within a few seconds.
    Rotate(RotateArgs),
}

/// How to rotate.
#[derive(clap::Args)]
pub struct RotateArgs {
    #[command(flatten)]
    settings: Settings,
    /// Take the older keys away once nothing is sealed by them. Do this when every server has read the new key: in a
    /// second run, some minutes after the first.
    #[arg(long)]
    retire: bool,
}

#[derive(Serialize)]
struct LogRecord {
    key: u32,
    retired: Vec<u32>,
    renewed: u64,
}

pub(super) async fn run(command: KeysCommand) -> Result<(), Failure> {
    let KeysCommand::Rotate(args) = command;
    let app = args.settings.app().await?;
    // Whatever is still plain is sealed first; then nobody else changes the ring.
    reseal::all(&app).await?;
    let _lock = app.sealer.lock()?;
    let key = if args.retire { app.sealer.reload()? } else { app.sealer.add_key(&app.chance)? };
    let done = reseal::all(&app).await?;
    if args.retire && done.broken > 0 {
        return Err(format!("{} seals cannot be opened (the log names them); the older keys stay", done.broken).into());
    }
    let retired = if args.retire { app.sealer.retire_old(key)? } else { Vec::new() };
    let record = LogRecord { key, retired: retired.clone(), renewed: done.renewed };
    let mut tx = app.store.write().await?;
    log::append(&mut tx, EntryKind::KeyRotation, &record, app.now(), &app.chance).await?;
    tx.commit().await?;
    app.store.close().await;
    println!("key {key} seals now; {} of {} seals were renewed", done.renewed, done.rows);
    if args.retire {
        println!("{} older keys were taken away", retired.len());
    } else {
        println!("run `hadir keys rotate --retire` in a few minutes to take the older keys away");
    }
    Ok(())
}
