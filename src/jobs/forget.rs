//! Forgets challenges and failed sign-ins that are over.

use crate::{
    app::App,
    store::{StoreError, challenges, throttles},
};

/// Kept this long after their end, for support.
const KEPT_SECONDS: i64 = 2 * 86_400;

/// Drops what ended two days ago or earlier; says how many rows.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn forget(app: &App) -> Result<u64, StoreError> {
    let before = app.now().plus_seconds(-KEPT_SECONDS);
    let mut tx = app.store.write().await?;
    let dropped = challenges::forget(&mut tx, before).await? + throttles::forget(&mut tx, before).await?;
    tx.commit().await?;
    Ok(dropped)
}
