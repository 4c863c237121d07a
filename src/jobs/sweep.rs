//! The orphan sweep: a crash between photo and row leaves a photo nobody refers to; it is removed a day later.

use crate::{
    app::App,
    blobs::{BlobError, BlobKey, Listed},
    model::ids::{AnswerId, CheckinId},
    store::{StoreError, checkins, review_answers},
};

/// Younger objects may belong to a check-in that is being stored.
const AGE_SECONDS: f64 = 86_400.0;
/// How many work dates are looked at.
const DAYS: i64 = 7;

/// Why the sweep stopped.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The photo store failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Removes photos without a row; says how many.
///
/// # Errors
/// [`SweepError`]; what was removed before stays removed.
pub async fn sweep(app: &App) -> Result<u64, SweepError> {
    let now = app.now();
    let today = now.date_in(&jiff::tz::TimeZone::UTC);
    let mut removed = 0;
    // One day more on each side: work dates are civil dates of zones east and west of UTC.
    for back in -1..=DAYS {
        for Listed { key, modified } in app.blobs.list(today.plus_days(-back)).await? {
            if now.seconds_since(modified) > AGE_SECONDS && is_orphan(app, &key).await? {
                app.blobs.delete(&key).await?;
                app.metrics.orphans.inc();
                removed += 1;
            }
        }
    }
    Ok(removed)
}

async fn is_orphan(app: &App, key: &BlobKey) -> Result<bool, StoreError> {
    let Some(id) = key.owner() else { return Ok(false) };
    let mut tx = app.store.read().await?;
    let checkin = checkins::by_id(&mut tx, CheckinId(id)).await?.map(|row| row.photo_key);
    let answer = review_answers::by_id(&mut tx, AnswerId(id)).await?.and_then(|row| row.photo_key);
    tx.rollback().await?;
    // Copies begin with the key of their photo.
    Ok(![checkin, answer].iter().flatten().any(|kept| key.as_str().starts_with(kept)))
}
