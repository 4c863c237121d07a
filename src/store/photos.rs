//! Every photo that a row promises: of check-ins, and beside answers.

use sqlx::FromRow;
use uuid::Uuid;

use super::{StoreError, Tx, fetch, statements::statements};
use crate::model::{ids::CheckinId, time::WorkDate};

statements! {
    OF_DAY = "SELECT id, photo_key, photo_sha256 FROM checkins WHERE work_date = $1 AND id > $2 ORDER BY id LIMIT $3";
    // Answers with a photo are few.
    OF_ANSWERS = "SELECT id, photo_key, photo_sha256 FROM review_answers
        WHERE photo_key IS NOT NULL AND photo_key LIKE $1 ORDER BY id";
    AFTER = "SELECT id, photo_key, photo_sha256 FROM checkins WHERE id > $1 ORDER BY id LIMIT $2";
    DAYS = "SELECT MIN(work_date), MAX(work_date) FROM checkins";
}

/// Rows of one reading.
const TOGETHER: i64 = 1_000;

/// A photo that has to be there.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PhotoRow {
    /// Of which check-in, or which answer.
    pub id: Uuid,
    /// Where it is stored.
    pub photo_key: String,
    /// SHA-256 of its bytes.
    pub photo_sha256: Vec<u8>,
}

/// Photos of the check-ins of a day, behind `after` in the order of their ids.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_day(tx: &mut Tx, day: WorkDate, after: CheckinId, limit: i64) -> Result<Vec<PhotoRow>, StoreError> {
    Ok(fetch!(fetch_all, PhotoRow, tx, OF_DAY, day, after, limit)?)
}

/// Photos beside the answers that were given on a day.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_answers(tx: &mut Tx, day: WorkDate) -> Result<Vec<PhotoRow>, StoreError> {
    Ok(fetch!(fetch_all, PhotoRow, tx, OF_ANSWERS, format!("{day}/%"))?)
}

/// Every photo that is kept under a day: of its check-ins, and beside answers that were given on it.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn all_of_day(tx: &mut Tx, day: WorkDate) -> Result<Vec<PhotoRow>, StoreError> {
    let mut all = of_answers(tx, day).await?;
    let mut point = CheckinId::from_bytes([0; 16]);
    loop {
        let more = of_day(tx, day, point, TOGETHER).await?;
        let Some(last) = more.last() else { return Ok(all) };
        point = CheckinId(last.id);
        all.extend(more);
    }
}

/// Photos of check-ins of any day, behind `after` in the order of their ids, which is about that of time.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn after(tx: &mut Tx, after: CheckinId, limit: i64) -> Result<Vec<PhotoRow>, StoreError> {
    Ok(fetch!(fetch_all, PhotoRow, tx, AFTER, after, limit)?)
}

/// The first and the last day with a check-in.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn days(tx: &mut Tx) -> Result<Option<(WorkDate, WorkDate)>, StoreError> {
    let (first, last) = fetch!(fetch_one, (Option<WorkDate>, Option<WorkDate>), tx, DAYS)?;
    Ok(first.zip(last))
}
