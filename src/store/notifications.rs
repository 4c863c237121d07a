//! What people are told, whatever becomes of it on the channels.

use serde_json::Value;
use sqlx::FromRow;

use super::{Json, StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{NotificationId, PersonId},
    time::Timestamp,
    words::NoticeKind,
};

statements! {
    INSERT = "INSERT INTO notifications (id, kind, person_id, about_id, about, not_before, created_at, cancelled_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    OF_PERSON = "SELECT id, kind, person_id, about_id, about, not_before, created_at, cancelled_at FROM notifications
        WHERE person_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2";
    // What was sent on every channel is no longer to be called off.
    CANCEL = "UPDATE notifications SET cancelled_at = $3
        WHERE kind = $1 AND about_id = $2 AND cancelled_at IS NULL AND (not_before > $3 OR EXISTS (
            SELECT 1 FROM notification_deliveries d WHERE d.notification_id = notifications.id AND d.state = 'waiting'))";
    ADDRESS = "SELECT email FROM people WHERE id = $1";
}

/// Something a person is told, as stored.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct NotificationRow {
    /// Id.
    pub id: NotificationId,
    /// What.
    pub kind: NoticeKind,
    /// To whom.
    pub person_id: PersonId,
    /// The id of what it is about.
    pub about_id: String,
    /// Ids and times, as sent.
    pub about: Json<Value>,
    /// Not to be told earlier.
    pub not_before: Timestamp,
    /// When the deed was done.
    pub created_at: Timestamp,
    /// When what was not sent by then was called off.
    pub cancelled_at: Option<Timestamp>,
}

/// Stores a notification.
///
/// # Errors
/// [`StoreError`] when the person is unknown.
pub async fn insert(tx: &mut Tx, row: &NotificationRow) -> Result<(), StoreError> {
    let row = row.clone();
    execute!(
        tx,
        INSERT,
        row.id,
        row.kind,
        row.person_id,
        row.about_id,
        row.about,
        row.not_before,
        row.created_at,
        row.cancelled_at
    )?;
    Ok(())
}

/// What a person was told, newest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_person(tx: &mut Tx, person_id: PersonId, limit: i64) -> Result<Vec<NotificationRow>, StoreError> {
    Ok(fetch!(fetch_all, NotificationRow, tx, OF_PERSON, person_id, limit)?)
}

/// Calls off what was not told yet; says how many. The deliveries follow by [`super::deliveries::cancel`].
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn cancel(tx: &mut Tx, kind: NoticeKind, about_id: &str, now: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, CANCEL, kind, about_id.to_owned(), now)?)
}

/// Where a person reads e-mail.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn address(tx: &mut Tx, person_id: PersonId) -> Result<Option<String>, StoreError> {
    Ok(fetch!(fetch_optional, (Option<String>,), tx, ADDRESS, person_id)?.and_then(|(email,)| email))
}
