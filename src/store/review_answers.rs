//! What people answer in their cases.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{AnswerId, ReviewId},
    time::Timestamp,
};

statements! {
    BY_ID = "SELECT id, review_id, answered_at, words, photo_sha256, photo_key FROM review_answers WHERE id = $1";
    OF_REVIEW = "SELECT id, review_id, answered_at, words, photo_sha256, photo_key
        FROM review_answers WHERE review_id = $1 ORDER BY answered_at, id";
    INSERT = "INSERT INTO review_answers (id, review_id, answered_at, words, photo_sha256, photo_key)
        VALUES ($1, $2, $3, $4, $5, $6)";
}

/// An answer as stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AnswerRow {
    /// Made by the phone.
    pub id: AnswerId,
    /// In which case.
    pub review_id: ReviewId,
    /// When.
    pub answered_at: Timestamp,
    /// What the person says.
    pub words: String,
    /// SHA-256 of the photo beside it.
    pub photo_sha256: Option<Vec<u8>>,
    /// Where that is stored.
    pub photo_key: Option<String>,
}

/// One answer.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_id(tx: &mut Tx, id: AnswerId) -> Result<Option<AnswerRow>, StoreError> {
    Ok(fetch!(fetch_optional, AnswerRow, tx, BY_ID, id)?)
}

/// The answers in a case, oldest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_review(tx: &mut Tx, id: ReviewId) -> Result<Vec<AnswerRow>, StoreError> {
    Ok(fetch!(fetch_all, AnswerRow, tx, OF_REVIEW, id)?)
}

/// Stores an answer.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn insert(tx: &mut Tx, row: &AnswerRow) -> Result<(), StoreError> {
    let row = row.clone();
    execute!(tx, INSERT, row.id, row.review_id, row.answered_at, row.words, row.photo_sha256, row.photo_key)?;
    Ok(())
}
