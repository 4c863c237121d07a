//! Fingerprints of photos that were kept before there were any, so that a search finds those too.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::{
    app::App,
    blobs::BlobKey,
    evidence::photo::inspect::Inspected,
    store::{
        StoreError,
        checkins::{self, CheckinRow},
        fingerprints::{self, PrintsRow},
    },
};

/// Check-ins of one reading.
const TOGETHER: i64 = 50;

/// Makes the fingerprints that are missing; says how many there were. Those photos are found from now on, but not
/// searched for themselves: their cases were decided long ago.
///
/// # Errors
/// [`StoreError`] when the database fails; the next start goes on.
pub async fn make_missing(app: &App) -> Result<u64, StoreError> {
    let mut made = 0;
    loop {
        let mut tx = app.store.read().await?;
        let missing = checkins::without_prints(&mut tx, TOGETHER).await?;
        drop(tx);
        if missing.is_empty() {
            return Ok(made);
        }
        for checkin in missing {
            let inspected = inspect(app, &checkin).await;
            let now = app.now();
            let row = PrintsRow {
                checkin_id: checkin.id,
                person_id: checkin.person_id,
                work_date: checkin.work_date,
                slot: checkin.slot,
                recorded_at: now,
                // A photo that cannot be examined is at least found as the same file.
                content_sha256: inspected
                    .as_ref()
                    .map_or(checkin.photo_sha256, |inspected| inspected.evidence.content_sha256.to_vec()),
                prints: inspected
                    .and_then(|inspected| inspected.fingerprints)
                    .map(|prints| prints.kept().to_bytes().to_vec()),
                searched_at: Some(now),
            };
            let mut tx = app.store.write().await?;
            fingerprints::insert(&mut tx, &[&row]).await?;
            tx.commit().await?;
            app.reuse.remember(&row);
            made += 1;
        }
    }
}

/// Examines a kept photo; nothing when it is gone, altered or cannot be examined, which others report.
async fn inspect(app: &App, checkin: &CheckinRow) -> Option<Inspected> {
    let bytes = app.blobs.get(&BlobKey::parse(&checkin.photo_key)?).await.ok()??;
    if Sha256::digest(&bytes).as_slice() != checkin.photo_sha256 {
        return None;
    }
    let examiner = Arc::clone(&app.examiner);
    app.work.decode(move || examiner.inspect(&bytes)).await.ok()?.ok()
}
