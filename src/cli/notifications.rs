//! `hadir notifications`: what could not be sent.

use clap::{Args, Subcommand};

use super::{Failure, Settings};
use crate::{
    app::App,
    model::ids::DeliveryId,
    store::deliveries::{self, DeadRow},
};

/// Notifications that could not be sent.
#[derive(Subcommand)]
pub enum NotificationsCommand {
    /// Say how many wait on each channel, and print those that were given up, with tabs between the columns.
    List(ListArgs),
    /// Send again what was given up, by a server that runs.
    Retry(RetryArgs),
}

/// How many.
#[derive(Args)]
pub struct ListArgs {
    #[command(flatten)]
    settings: Settings,
    /// At most so many of those that were given up, those of longest ago first.
    #[arg(long, default_value_t = 100)]
    limit: u32,
}

/// Which.
#[derive(Args)]
pub struct RetryArgs {
    #[command(flatten)]
    settings: Settings,
    /// Ids, as `list` prints them.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<DeliveryId>,
    /// All that were given up.
    #[arg(long)]
    all: bool,
}

pub(super) async fn run(command: NotificationsCommand) -> Result<(), Failure> {
    match command {
        NotificationsCommand::List(args) => {
            let app = args.settings.app().await?;
            let text = list(&app, i64::from(args.limit)).await;
            app.store.close().await;
            print!("{}", text?);
        }
        NotificationsCommand::Retry(args) => {
            let app = args.settings.app().await?;
            let outcome = retry(&app, &args).await;
            app.store.close().await;
            println!("{} will be sent again", outcome?);
        }
    }
    Ok(())
}

async fn list(app: &App, limit: i64) -> Result<String, Failure> {
    let now = app.now();
    let mut tx = app.store.glance().await?;
    let (overdue, dead) = (deliveries::overdue(&mut tx, now).await?, deliveries::dead(&mut tx, limit).await?);
    let given_up: i64 = deliveries::count_dead(&mut tx).await?.iter().map(|heap| heap.count).sum();
    let mut text = String::new();
    for heap in overdue {
        let age_s = now.seconds_since(heap.oldest).round();
        text.push_str(&format!("{} to be sent by {}, the oldest for {age_s} s\n", heap.count, heap.channel));
    }
    text.push_str(&format!("{given_up} given up\n"));
    for row in dead {
        text.push_str(&line(&row));
    }
    Ok(text)
}

fn line(row: &DeadRow) -> String {
    let at = row.dead_at.map(|at| at.to_string()).unwrap_or_default();
    let why = row.last_error.as_deref().unwrap_or_default();
    let DeadRow { id, channel, kind, nip, about_id, attempts, .. } = row;
    format!("{id}\t{channel}\t{kind}\t{nip}\t{about_id}\t{at}\t{attempts} attempts\t{why}\n")
}

async fn retry(app: &App, args: &RetryArgs) -> Result<u64, Failure> {
    let now = app.now();
    let mut tx = app.store.write().await?;
    let mut revived = 0;
    if args.all {
        revived = deliveries::revive_all(&mut tx, now).await?;
    }
    for &id in &args.ids {
        if !deliveries::revive(&mut tx, id, now).await? {
            return Err(format!("{id} is none that was given up; nothing was changed").into());
        }
        revived += 1;
    }
    tx.commit().await?;
    Ok(revived)
}
