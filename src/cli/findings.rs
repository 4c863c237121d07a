//! `hadir findings rates`: how often each finding came, and what reviewers made of it.

use std::collections::BTreeMap;

use clap::Subcommand;

use super::{Failure, Settings};
use crate::{
    model::time::WorkDate,
    store::checkins::{self, RateRow},
};

/// What findings come to.
#[derive(Subcommand)]
pub enum FindingsCommand {
    /// Print how often each finding came per day, and what reviewers decided.
    Rates(RatesArgs),
}

/// Of which days.
#[derive(clap::Args)]
pub struct RatesArgs {
    #[command(flatten)]
    settings: Settings,
    /// First day; 30 days before the last when not said.
    #[arg(long, value_name = "DATE")]
    from: Option<WorkDate>,
    /// Last day; today (UTC) when not said.
    #[arg(long, value_name = "DATE")]
    to: Option<WorkDate>,
    /// One line a day and code.
    #[arg(long)]
    by_day: bool,
}

pub(super) async fn run(command: FindingsCommand) -> Result<(), Failure> {
    let FindingsCommand::Rates(args) = command;
    let app = args.settings.app().await?;
    let to = args.to.unwrap_or_else(|| app.now().date_in(&jiff::tz::TimeZone::UTC));
    let from = args.from.unwrap_or_else(|| to.plus_days(-30));
    let mut tx = app.store.read().await?;
    let rows = checkins::rates(&mut tx, from, to).await?;
    let per_day = checkins::per_day(&mut tx, from, to).await?;
    drop(tx);
    app.store.close().await;
    let checkins: i64 = per_day.iter().map(|(_, count)| count).sum();
    println!("{checkins} check-ins on {} days, {from} to {to}", per_day.len());
    println!(
        "{:<12} {:<26} {:>9} {:>8} {:>8} {:>9} {:>9} {:>8}",
        "day", "finding", "check-ins", "share", "flagged", "accepted", "rejected", "waiting"
    );
    if args.by_day {
        let of_day: BTreeMap<WorkDate, i64> = per_day.into_iter().collect();
        for row in &rows {
            line(&row.work_date.to_string(), row, of_day.get(&row.work_date).copied().unwrap_or(0));
        }
    } else {
        for row in totals(&rows).values() {
            line("all", row, checkins);
        }
    }
    Ok(())
}

fn totals(rows: &[RateRow]) -> BTreeMap<&str, RateRow> {
    let mut totals: BTreeMap<&str, RateRow> = BTreeMap::new();
    for row in rows {
        let total = totals.entry(&row.code).or_insert_with(|| RateRow { ..row.empty() });
        total.add(row);
    }
    totals
}

fn line(day: &str, row: &RateRow, checkins: i64) {
    let share = if checkins > 0 { row.checkins as f64 * 100.0 / checkins as f64 } else { 0.0 };
    println!(
        "{day:<12} {:<26} {:>9} {share:>7.2}% {:>8} {:>9} {:>9} {:>8}",
        row.code,
        row.checkins,
        row.flagged,
        row.accepted,
        row.rejected,
        (row.flagged - row.accepted - row.rejected).max(0)
    );
}
