//! Notifications on their channels: what is to be sent, who sends it, and what came of it.

use serde_json::Value;
use sqlx::FromRow;

use super::{Json, StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{DeliveryId, LeaseId, NotificationId},
    time::Timestamp,
    words::{Channel, DeliveryState, NoticeKind},
};

statements! {
    INSERT = "INSERT INTO notification_deliveries (id, notification_id, channel, state, attempts, due_at, next_at, lease_id,
            delivered_at, dead_at, last_error)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    OF_NOTIFICATION = "SELECT id, notification_id, channel, state, attempts, due_at, next_at, lease_id, delivered_at, dead_at,
            last_error
        FROM notification_deliveries WHERE notification_id = $1 ORDER BY channel, id";
    ANY_DUE = "SELECT id FROM notification_deliveries WHERE channel = $1 AND state = 'waiting' AND next_at <= $2
        ORDER BY next_at, id LIMIT 1";
    // Several replicas claim at once: each takes rows that no other has. A lease that is over is due like any other.
    CLAIM = "UPDATE notification_deliveries SET lease_id = $1, next_at = $2, attempts = attempts + 1
            WHERE id IN (SELECT id FROM notification_deliveries
                WHERE channel = $3 AND state = 'waiting' AND next_at <= $4 ORDER BY next_at, id LIMIT $5)
            RETURNING id, attempts",
        "WITH due AS MATERIALIZED (SELECT id FROM notification_deliveries
                WHERE channel = $3 AND state = 'waiting' AND next_at <= $4 ORDER BY next_at, id LIMIT $5
                FOR UPDATE SKIP LOCKED)
            UPDATE notification_deliveries d SET lease_id = $1, next_at = $2, attempts = attempts + 1
            FROM due WHERE d.id = due.id RETURNING d.id, d.attempts";
    MESSAGE = "SELECT d.id, d.notification_id, n.kind, n.about, n.created_at, p.nip, p.email, u.time_zone
        FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id
            JOIN people p ON p.id = n.person_id JOIN units u ON u.id = p.unit_id
        WHERE d.id = $1";
    // What the other side took is delivered, whoever holds it now and even when it was called off meanwhile.
    DELIVERED = "UPDATE notification_deliveries SET state = 'delivered', delivered_at = $2, lease_id = NULL,
            dead_at = NULL, last_error = NULL
        WHERE id = $1 AND state <> 'delivered'";
    AGAIN = "UPDATE notification_deliveries SET next_at = $3, lease_id = NULL, last_error = $4
        WHERE id = $1 AND lease_id = $2 AND state = 'waiting'";
    END = "UPDATE notification_deliveries SET state = $3, dead_at = $4, lease_id = NULL, last_error = $5
        WHERE id = $1 AND lease_id = $2 AND state = 'waiting'";
    CANCEL = "UPDATE notification_deliveries SET state = 'cancelled', lease_id = NULL
        WHERE state = 'waiting' AND notification_id IN (
            SELECT id FROM notifications WHERE kind = $1 AND about_id = $2 AND cancelled_at IS NOT NULL)";
    OVERDUE = "SELECT channel, COUNT(*) AS count, MIN(due_at) AS oldest FROM notification_deliveries
        WHERE state = 'waiting' AND due_at <= $1 GROUP BY channel ORDER BY channel";
    COUNT_DEAD = "SELECT channel, COUNT(*) AS count, MIN(due_at) AS oldest FROM notification_deliveries
        WHERE state = 'dead' GROUP BY channel ORDER BY channel";
    DEAD = "SELECT d.id, d.channel, d.attempts, d.dead_at, d.last_error, n.kind, n.about_id, p.nip
        FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id JOIN people p ON p.id = n.person_id
        WHERE d.state = 'dead' ORDER BY d.dead_at, d.id LIMIT $1";
    REVIVE = "UPDATE notification_deliveries SET state = 'waiting', attempts = 0, next_at = $2, dead_at = NULL
        WHERE id = $1 AND state = 'dead'
            AND notification_id IN (SELECT id FROM notifications WHERE cancelled_at IS NULL)";
    REVIVE_ALL = "UPDATE notification_deliveries SET state = 'waiting', attempts = 0, next_at = $1, dead_at = NULL
        WHERE state = 'dead' AND notification_id IN (SELECT id FROM notifications WHERE cancelled_at IS NULL)";
}

/// A notification on one channel, as stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct DeliveryRow {
    /// Id; the other side may know a repetition by it.
    pub id: DeliveryId,
    /// Of what.
    pub notification_id: NotificationId,
    /// How.
    pub channel: Channel,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was begun.
    pub attempts: i64,
    /// When it should have been sent.
    pub due_at: Timestamp,
    /// When it is tried next; while somebody sends it, when that has to be over.
    pub next_at: Timestamp,
    /// Who sends it.
    pub lease_id: Option<LeaseId>,
    /// When the other side took it.
    pub delivered_at: Option<Timestamp>,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
    /// What went wrong last, in a few words.
    pub last_error: Option<String>,
}

/// What is sent, read at the moment of sending.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct MessageRow {
    /// Of the delivery.
    pub id: DeliveryId,
    /// Of what it tells.
    pub notification_id: NotificationId,
    /// What it tells.
    pub kind: NoticeKind,
    /// Ids and times.
    pub about: Json<Value>,
    /// When the deed was done.
    pub created_at: Timestamp,
    /// Staff number of whom it is for.
    pub nip: String,
    /// Where they read e-mail.
    pub email: Option<String>,
    /// The zone of their unit.
    pub time_zone: String,
}

/// How much lies on a channel.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct HeapRow {
    /// Which.
    pub channel: Channel,
    /// How many.
    pub count: i64,
    /// Since when the oldest should have been sent.
    pub oldest: Timestamp,
}

/// A delivery that was given up, for whoever runs the service.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct DeadRow {
    /// Id.
    pub id: DeliveryId,
    /// How.
    pub channel: Channel,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
    /// Why.
    pub last_error: Option<String>,
    /// What it tells.
    pub kind: NoticeKind,
    /// The id of what it is about.
    pub about_id: String,
    /// Whom it is for.
    pub nip: String,
}

/// Stores a delivery.
///
/// # Errors
/// [`StoreError`] when the notification is unknown or has one on this channel.
pub async fn insert(tx: &mut Tx, row: &DeliveryRow) -> Result<(), StoreError> {
    let row = row.clone();
    execute!(
        tx,
        INSERT,
        row.id,
        row.notification_id,
        row.channel,
        row.state,
        row.attempts,
        row.due_at,
        row.next_at,
        row.lease_id,
        row.delivered_at,
        row.dead_at,
        row.last_error
    )?;
    Ok(())
}

/// The deliveries of a notification.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_notification(tx: &mut Tx, id: NotificationId) -> Result<Vec<DeliveryRow>, StoreError> {
    Ok(fetch!(fetch_all, DeliveryRow, tx, OF_NOTIFICATION, id)?)
}

/// Whether something is to be sent now.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn is_any_due(tx: &mut Tx, channel: Channel, now: Timestamp) -> Result<bool, StoreError> {
    Ok(fetch!(fetch_optional, (DeliveryId,), tx, ANY_DUE, channel, now)?.is_some())
}

/// Takes deliveries that are due until `until`, those that wait longest first; gives their ids and which attempt it is.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn claim(
    tx: &mut Tx,
    channel: Channel,
    lease: LeaseId,
    (now, until): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<(DeliveryId, i64)>, StoreError> {
    Ok(fetch!(fetch_all, (DeliveryId, i64), tx, CLAIM, lease, until, channel, now, limit)?)
}

/// What a delivery says, and to whom.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn message(tx: &mut Tx, id: DeliveryId) -> Result<Option<MessageRow>, StoreError> {
    Ok(fetch!(fetch_optional, MessageRow, tx, MESSAGE, id)?)
}

/// Writes down that the other side took it.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn delivered(tx: &mut Tx, id: DeliveryId, now: Timestamp) -> Result<(), StoreError> {
    execute!(tx, DELIVERED, id, now)?;
    Ok(())
}

/// Puts it back, to be tried again; false when somebody else took it or it was called off.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn again(
    tx: &mut Tx,
    id: DeliveryId,
    lease: LeaseId,
    next_at: Timestamp,
    why: &str,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, AGAIN, id, lease, next_at, why.to_owned())? == 1)
}

/// Gives it up; false when somebody else took it or it was called off.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn give_up(
    tx: &mut Tx,
    id: DeliveryId,
    lease: LeaseId,
    now: Timestamp,
    why: &str,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, END, id, lease, DeliveryState::Dead, Some(now), why.to_owned())? == 1)
}

/// Drops one that has nowhere to go any more.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn drop_one(tx: &mut Tx, id: DeliveryId, lease: LeaseId, why: &str) -> Result<bool, StoreError> {
    Ok(execute!(tx, END, id, lease, DeliveryState::Cancelled, None::<Timestamp>, why.to_owned())? == 1)
}

/// Calls off what waits of the notifications that were called off.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn cancel(tx: &mut Tx, kind: NoticeKind, about_id: &str) -> Result<u64, StoreError> {
    Ok(execute!(tx, CANCEL, kind, about_id.to_owned())?)
}

/// What should have been sent by now and was not, a row a channel that has any.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn overdue(tx: &mut Tx, now: Timestamp) -> Result<Vec<HeapRow>, StoreError> {
    Ok(fetch!(fetch_all, HeapRow, tx, OVERDUE, now)?)
}

/// What was given up, a row a channel that has any.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn count_dead(tx: &mut Tx) -> Result<Vec<HeapRow>, StoreError> {
    Ok(fetch!(fetch_all, HeapRow, tx, COUNT_DEAD)?)
}

/// Deliveries that were given up, those of longest ago first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn dead(tx: &mut Tx, limit: i64) -> Result<Vec<DeadRow>, StoreError> {
    Ok(fetch!(fetch_all, DeadRow, tx, DEAD, limit)?)
}

/// Lets one that was given up be tried anew; false when it was not given up, or was called off.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn revive(tx: &mut Tx, id: DeliveryId, now: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, REVIVE, id, now)? == 1)
}

/// Lets all that were given up be tried anew; says how many.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn revive_all(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, REVIVE_ALL, now)?)
}
