//! Objects that nothing refers to: a crash between photo and row leaves one. Each is kept for `orphan_keep_days` after it was
//! found, since after a restore it may be all that is left of a check-in.

use super::ReconcileError;
use crate::{
    app::App,
    blobs::{BlobKey, Listed},
    model::ids::{AnswerId, CheckinId},
    store::{StoreError, checkins, orphans, review_answers},
};

/// Removed in one go.
const TOGETHER: i64 = 500;

/// Notes those that were found; says how many are new.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn note(app: &App, found: &[Listed]) -> Result<u64, StoreError> {
    if found.is_empty() {
        return Ok(0);
    }
    let mut new = 0;
    let mut tx = app.store.write().await?;
    for object in found {
        new += u64::from(orphans::note(&mut tx, object.key.as_str(), app.now()).await?);
    }
    tx.commit().await?;
    Ok(new)
}

/// Removes those that were kept long enough and still belong to nobody; says how many.
///
/// # Errors
/// [`ReconcileError`]; what was removed before stays removed.
pub async fn remove_old(app: &App) -> Result<u64, ReconcileError> {
    let before = app.now().plus_seconds(-86_400 * app.config.orphan_keep_days);
    let mut removed = 0;
    loop {
        let mut tx = app.store.glance().await?;
        let keys = orphans::found_before(&mut tx, before, TOGETHER).await?;
        drop(tx);
        if keys.is_empty() {
            return Ok(removed);
        }
        for text in keys {
            if let Some(key) = BlobKey::parse(&text)
                && is_orphan(app, &key).await?
            {
                app.blobs.delete(&key).await?;
                app.metrics.orphans.inc();
                removed += 1;
            }
            let mut tx = app.store.write().await?;
            orphans::forget(&mut tx, &text).await?;
            tx.commit().await?;
        }
    }
}

async fn is_orphan(app: &App, key: &BlobKey) -> Result<bool, StoreError> {
    let Some(id) = key.owner() else { return Ok(false) };
    let mut tx = app.store.glance().await?;
    let checkin = checkins::by_id(&mut tx, CheckinId(id)).await?.map(|row| row.photo_key);
    let answer = review_answers::by_id(&mut tx, AnswerId(id)).await?.and_then(|row| row.photo_key);
    Ok(![checkin, answer].iter().flatten().any(|kept| key.original() == kept))
}
