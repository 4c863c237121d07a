//! Whether what is kept is whole: the last days' rows against their photos, some photos read back against their hashes, and
//! what nothing refers to kept aside and removed in the end.

use super::election::Elected;
use crate::{
    app::App,
    model::ids::CheckinId,
    reconcile::{self, Fault, ReconcileError, compare::YOUNG_S, orphans},
    store::{
        StoreError,
        photo_faults::{self, FaultRow},
        photos::PhotoRow,
    },
    telemetry::CodeLabel,
};

/// How many work dates are compared.
const DAYS: i64 = 7;
/// Photos read back before it is asked whether the job is still this replica's.
const TOGETHER: u32 = 50;
/// Known faults that are looked at again.
const FAULTS_MAX: i64 = 10_000;

/// One round. Its place is the last photo that was read back.
///
/// # Errors
/// [`ReconcileError`] when either side does not answer; what was found before is noted.
pub async fn upkeep(app: &App, job: &mut Elected) -> Result<(), ReconcileError> {
    look_again(app).await?;
    let today = app.now().date_in(&jiff::tz::TimeZone::UTC);
    // One day more on each side: work dates are civil dates of zones east and west of UTC.
    for back in -1..=DAYS {
        if !job.is_ours(app).await? {
            return Ok(());
        }
        let day = reconcile::day(app, today.plus_days(-back), YOUNG_S).await?;
        alarm(app, day.faults).await?;
        let new = orphans::note(app, &day.orphans).await?;
        if new > 0 {
            let days = app.config.orphan_keep_days;
            tracing::warn!(new, days, "photos without a check-in were found; they are kept for some days");
        }
    }
    let removed = orphans::remove_old(app).await?;
    if removed > 0 {
        tracing::warn!(removed, "photos that belonged to no check-in were removed");
    }
    let mut left = app.config.photos_read_back;
    while left > 0 && job.is_ours(app).await? {
        let after = job.place.parse().unwrap_or(CheckinId::from_bytes([0; 16]));
        let (faults, read, next) = reconcile::read_back(app, after, i64::from(left.min(TOGETHER))).await?;
        alarm(app, faults).await?;
        job.place = next.map(|id| id.to_string()).unwrap_or_default();
        left = if next.is_some() { left.saturating_sub(u32::try_from(read).unwrap_or(u32::MAX)) } else { 0 };
    }
    count(app).await
}

/// Known faults may be mended.
async fn look_again(app: &App) -> Result<(), ReconcileError> {
    let mut tx = app.store.glance().await?;
    let known = photo_faults::all(&mut tx, FAULTS_MAX).await?;
    drop(tx);
    for FaultRow { photo_key, photo_sha256, .. } in known {
        let photo = PhotoRow { id: uuid::Uuid::nil(), photo_key, photo_sha256 };
        if reconcile::check(app, &photo).await?.is_none() {
            let mut tx = app.store.write().await?;
            photo_faults::forget(&mut tx, &photo.photo_key).await?;
            tx.commit().await?;
            tracing::info!(key = photo.photo_key, "a photo is again as it should be");
        }
    }
    Ok(())
}

/// Says so, once for each, and notes it for whoever asks later.
async fn alarm(app: &App, faults: Vec<Fault>) -> Result<(), StoreError> {
    if faults.is_empty() {
        return Ok(());
    }
    let mut tx = app.store.write().await?;
    for Fault { photo, what } in faults {
        let PhotoRow { id, photo_key, photo_sha256 } = photo;
        let what = what.as_str();
        let row = FaultRow { photo_key, photo_sha256, what: what.to_owned(), found_at: app.now() };
        if photo_faults::note(&mut tx, &row).await? {
            tracing::error!(%id, key = row.photo_key, what, "a photo is not as it was acknowledged");
        }
    }
    tx.commit().await
}

async fn count(app: &App) -> Result<(), ReconcileError> {
    let mut tx = app.store.glance().await?;
    let known = photo_faults::all(&mut tx, FAULTS_MAX).await?;
    for what in [reconcile::Wrong::Missing, reconcile::Wrong::Altered] {
        let count = known.iter().filter(|fault| fault.what == what.as_str()).count();
        let label = CodeLabel { code: what.as_str().to_owned() };
        app.metrics.photo_faults.get_or_create(&label).set(i64::try_from(count).unwrap_or(i64::MAX));
    }
    Ok(())
}
