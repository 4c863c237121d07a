//! `hadir move`: from SQLite and a folder to PostgreSQL and another photo store, in as many runs as it takes.

use std::{collections::HashSet, path::PathBuf};

use clap::Args;
use sha2::{Digest as _, Sha256};

use super::Failure;
use crate::{
    blobs::{BlobKey, Blobs},
    config::Config,
    model::time::{Clock as _, SystemClock},
    server,
    store::{
        Store,
        photos::{self, PhotoRow},
        transfer::Transfer,
    },
    telemetry,
};

/// From where to where.
#[derive(Args)]
pub struct MoveArgs {
    /// Settings file of the server that is left: SQLite and its photo store. Stop it before.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Settings file of the one that takes over: PostgreSQL and its photo store, with the same two secret files.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// What became of the photos.
#[derive(Default)]
struct Photos {
    promised: u64,
    copied: u64,
    /// Missing or altered at the source already.
    lost: Vec<String>,
}

pub(super) async fn run(args: &MoveArgs) -> Result<(), Failure> {
    let (from, to) = (Config::load(Some(&args.from), &[])?, Config::load(Some(&args.to), &[])?);
    telemetry::start(&to)?;
    if (from.secret_file(), from.sealing_keys_file()) != (to.secret_file(), to.sealing_keys_file()) {
        return Err(
            "both have to name the same secret_file and sealing_keys_file: what is sealed or signed stays".into()
        );
    }
    let left = Store::connect(&server::store_options(&from)).await?;
    let pending = left.pending_migrations().await?;
    if !pending.is_empty() {
        return Err(format!("start the server that is left once with this program; not applied: {pending:?}").into());
    }
    let taking = Store::connect(&server::store_options(&to)).await?;
    let mut transfer = Transfer::begin(&left, &taking).await?;
    let photos = copy_photos(&left, &*server::open_photos(&from).await?, &*server::open_photos(&to).await?).await?;
    transfer.copy(|table, rows| eprint!("\r\x1b[K{table}: {rows} rows")).await?;
    eprintln!("\r\x1b[Kcomparing");
    let (rows, different) = transfer.compare().await?;
    if !different.is_empty() {
        let different = different.join(", ");
        return Err(format!(
            "not the same: {different}; the source was changed between two runs: begin anew with an empty database"
        )
        .into());
    }
    transfer.end().await?;
    println!(
        "{rows} rows and {} photos are the same on both sides; {} photos were copied in this run",
        photos.promised, photos.copied
    );
    for lost in &photos.lost {
        println!("already at the source: {lost}");
    }
    taking.close().await;
    Ok(())
}

/// Copies every photo that a row promises and that is not there; each is read, hashed and kept under the same key.
async fn copy_photos(rows: &Store, from: &dyn Blobs, to: &dyn Blobs) -> Result<Photos, Failure> {
    let mut photos = Photos::default();
    let mut tx = rows.glance().await?;
    let days = photos::days(&mut tx).await?;
    drop(tx);
    let Some((mut day, _)) = days else { return Ok(photos) };
    // Answers are younger than what they are about.
    let last = SystemClock.now().date_in(&jiff::tz::TimeZone::UTC).plus_days(1);
    while day <= last {
        let there: HashSet<BlobKey> = to.list(day).await?.into_iter().map(|listed| listed.key).collect();
        for row in photos::all_of_day(&mut rows.glance().await?, day).await? {
            photos.promised += 1;
            let Some(key) = BlobKey::parse(&row.photo_key) else { continue };
            if !there.contains(&key) {
                copy_photo(from, to, &key, &row, &mut photos).await?;
            }
        }
        eprint!("\r\x1b[K{day}: {} photos, {} copied", photos.promised, photos.copied);
        day = day.plus_days(1);
    }
    Ok(photos)
}

async fn copy_photo(
    from: &dyn Blobs,
    to: &dyn Blobs,
    key: &BlobKey,
    row: &PhotoRow,
    photos: &mut Photos,
) -> Result<(), Failure> {
    let Some(bytes) = from.get(key).await? else {
        photos.lost.push(format!("{key} is missing"));
        return Ok(());
    };
    let sha256: [u8; 32] = Sha256::digest(&bytes).into();
    if sha256 != row.photo_sha256.as_slice() {
        photos.lost.push(format!("{key} is altered, and was left there"));
        return Ok(());
    }
    to.put(key, bytes, &sha256).await?;
    photos.copied += 1;
    Ok(())
}
