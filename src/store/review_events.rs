//! The history of reviews, which is only appended to.

use serde_json::Value;
use sqlx::FromRow;

use super::{Json, StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{PersonId, ReviewEventId, ReviewId},
    time::Timestamp,
    words::ReviewEventKind,
};

statements! {
    // The case's row is locked by whoever adds a step, so the numbers have no gap and no twin.
    ADD = "INSERT INTO review_events (id, review_id, ordinal, kind, actor_id, at, detail)
        VALUES ($1, $2, (SELECT COUNT(*) + 1 FROM review_events WHERE review_id = $2), $3, $4, $5, $6)";
    OF_REVIEW = "SELECT e.id, e.review_id, e.kind, e.actor_id, p.name AS actor_name, e.at, e.detail
        FROM review_events e LEFT JOIN people p ON p.id = e.actor_id WHERE e.review_id = $1 ORDER BY e.ordinal, e.id";
}

/// One step of a review's history.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct ReviewEventRow {
    /// Id.
    pub id: ReviewEventId,
    /// Of which review.
    pub review_id: ReviewId,
    /// What happened.
    pub kind: ReviewEventKind,
    /// Who did it; none for the service.
    pub actor_id: Option<PersonId>,
    /// The name of that person; not stored with the event.
    #[sqlx(default)]
    pub actor_name: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Particulars.
    pub detail: Json<Value>,
}

/// Appends a step to the history.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn add(tx: &mut Tx, event: &ReviewEventRow) -> Result<(), StoreError> {
    execute!(tx, ADD, event.id, event.review_id, event.kind, event.actor_id, event.at, event.detail.clone())?;
    Ok(())
}

/// The history of a review, in order.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_review(tx: &mut Tx, id: ReviewId) -> Result<Vec<ReviewEventRow>, StoreError> {
    Ok(fetch!(fetch_all, ReviewEventRow, tx, OF_REVIEW, id)?)
}
