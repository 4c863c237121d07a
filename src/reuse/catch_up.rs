//! Filling the memory from the database: all rows at the start, then what other replicas wrote.
//!
//! Rows become visible when they are committed, which is a little after the instant they carry. So each reading goes
//! back some way and skips what it knows; now and then one goes back further than any transaction lives.

use super::Reuse;
use crate::{
    evidence::photo::fingerprint::Kept,
    model::{ids::CheckinId, time::Timestamp},
    store::{Store, StoreError, fingerprints},
};

/// Rows of one reading.
const PAGE: u32 = 10_000;
/// How far most readings go back, seconds.
const BACK_SECONDS: i64 = 15;
/// How far every [`FAR_BACK_EVERY`]th goes back.
const FAR_BACK_SECONDS: i64 = 300;
const FAR_BACK_EVERY: u64 = 60;
/// A line of progress each so many rows.
const PROGRESS_ROWS: u64 = 500_000;

/// How far the readings have come.
#[derive(Debug, Default)]
pub struct CaughtUp {
    to: Option<Timestamp>,
    readings: u64,
}

impl Reuse {
    /// Reads what is new at this instant; says how many rows were read.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; what was read until then is kept, and the next call goes on.
    pub async fn catch_up(&self, store: &Store, now: Timestamp) -> Result<u64, StoreError> {
        let mut reading = self.reading.lock().await;
        let back = if reading.readings.is_multiple_of(FAR_BACK_EVERY) { FAR_BACK_SECONDS } else { BACK_SECONDS };
        let start = reading.to.map_or(Timestamp::from_microsecond(0), |to| to.plus_seconds(-back));
        let (mut point, mut rows) = ((start, CheckinId::from_bytes([0; 16])), 0);
        loop {
            let mut tx = store.read().await?;
            let page = fingerprints::after(&mut tx, point, i64::from(PAGE)).await?;
            tx.rollback().await?;
            for row in &page {
                if let Some(kept) = Kept::from_bytes(&row.prints) {
                    self.enter(row.checkin_id, row.person_id, row.recorded_at, kept.straight[0]);
                }
            }
            rows += page.len() as u64;
            let Some(last) = page.last() else { break };
            point = (last.recorded_at, last.checkin_id);
            // Another replica's clock may be ahead; it must not hide what the others write.
            reading.to = reading.to.max(Some(last.recorded_at.min(now)));
            self.forget_before(last.recorded_at.plus_seconds(-2 * FAR_BACK_SECONDS));
            if !self.index.is_complete() && rows.is_multiple_of(PROGRESS_ROWS) {
                tracing::info!(photos = rows, "reading the fingerprints of kept photos");
            }
            if page.len() < PAGE as usize {
                break;
            }
        }
        reading.readings += 1;
        if !self.index.is_complete() {
            self.index.set_complete();
            tracing::info!(photos = self.len(), "the fingerprints of all kept photos are in memory");
        }
        Ok(rows)
    }

    /// Rows older than any reading goes back need not be remembered as known.
    fn forget_before(&self, instant: Timestamp) {
        let mut recent = self.recent.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *recent = recent.split_off(&(instant, CheckinId::from_bytes([0; 16])));
    }
}
