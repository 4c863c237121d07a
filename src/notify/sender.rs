//! Sends what is due: takes it for a while, sends it, writes down what came of it.
//!
//! A server that stops in between leaves its lease behind; when that is over, whoever looks next sends it again.

use futures_util::future::join_all;

use super::{
    backoff,
    outlet::{Outlet, Sent},
};
use crate::{
    app::App,
    model::{
        ids::{DeliveryId, LeaseId},
        words::Channel,
    },
    store::{
        StoreError,
        deliveries::{self, HeapRow},
    },
    telemetry::{ChannelLabel, DeliveryLabels},
};

/// Longest account of a failure that is kept, characters.
const ERROR_MAX: usize = 300;

/// What was taken to be sent.
struct Taken {
    id: DeliveryId,
    lease: LeaseId,
    attempt: i64,
}

/// Sends some of what is due, at the same time; says how many there were. Nothing is due when it says none.
///
/// # Errors
/// [`StoreError`] when the database fails. What could not be written down is sent again.
pub async fn send_some(app: &App, outlet: &Outlet) -> Result<usize, StoreError> {
    let taken = take(app, outlet.channel()).await?;
    let outcomes = join_all(taken.iter().map(|one| send(app, outlet, one))).await;
    outcomes.into_iter().collect::<Result<(), _>>()?;
    Ok(taken.len())
}

async fn take(app: &App, channel: Channel) -> Result<Vec<Taken>, StoreError> {
    let now = app.now();
    let mut tx = app.store.glance().await?;
    // Looking costs nobody a lock.
    if !deliveries::is_any_due(&mut tx, channel, now).await? {
        return Ok(Vec::new());
    }
    drop(tx);
    let lease = LeaseId::new(now, &app.chance);
    let until = now.plus_seconds(app.config.notify_lease_s);
    let limit = i64::try_from(app.config.notify_together).unwrap_or(1);
    let mut tx = app.store.write().await?;
    let taken = deliveries::claim(&mut tx, channel, lease, (now, until), limit).await?;
    tx.commit().await?;
    Ok(taken.into_iter().map(|(id, attempt)| Taken { id, lease, attempt }).collect())
}

async fn send(app: &App, outlet: &Outlet, taken: &Taken) -> Result<(), StoreError> {
    let mut tx = app.store.glance().await?;
    let message = deliveries::message(&mut tx, taken.id).await?;
    drop(tx);
    let Some(message) = message else { return Ok(()) };
    let sent = outlet.send(&message, app.now()).await;
    write_down(app, outlet.channel(), taken, sent).await
}

async fn write_down(app: &App, channel: Channel, taken: &Taken, sent: Sent) -> Result<(), StoreError> {
    let (now, &Taken { id, lease, attempt }) = (app.now(), taken);
    let count =
        |outcome: &'static str| app.metrics.deliveries.get_or_create(&DeliveryLabels::new(channel, outcome)).inc();
    let mut tx = app.store.write().await?;
    match sent {
        Sent::Delivered => {
            deliveries::delivered(&mut tx, id, now).await?;
            tx.commit().await?;
            count("sent");
        }
        Sent::Failed(why) if attempt < app.config.notify_attempts_max => {
            let why = short(&why);
            let (first_s, max_s) = (app.config.notify_retry_s, app.config.notify_retry_max_s);
            let pause_s = backoff::pause_s(attempt, first_s, max_s, u64::from_le_bytes(app.chance.bytes()));
            let ours = deliveries::again(&mut tx, id, lease, now.plus_seconds(pause_s), &why).await?;
            tx.commit().await?;
            count("failed");
            // Else somebody else has it by now, or it was called off.
            let again_in_s = ours.then_some(pause_s);
            tracing::warn!(delivery = %id, %channel, attempt, again_in_s, why, "a notification was not sent");
        }
        Sent::Failed(why) | Sent::Refused(why) => {
            let why = short(&why);
            let ours = deliveries::give_up(&mut tx, id, lease, now, &why).await?;
            tx.commit().await?;
            if !ours {
                count("failed");
                return Ok(());
            }
            count("dead");
            tracing::error!(
                delivery = %id, %channel, attempt, why,
                "a notification was given up; `hadir notifications retry` sends it again"
            );
        }
        Sent::Nowhere(why) => {
            deliveries::drop_one(&mut tx, id, lease, &why).await?;
            tx.commit().await?;
            tracing::info!(delivery = %id, %channel, why, "a notification is not sent any more");
        }
    }
    Ok(())
}

/// A few words that every database can keep.
fn short(why: &str) -> String {
    why.chars().map(|c| if c.is_control() { ' ' } else { c }).take(ERROR_MAX).collect()
}

/// Counts what waits and what was given up, for the metrics.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn count(app: &App) -> Result<(), StoreError> {
    let now = app.now();
    let mut tx = app.store.glance().await?;
    let (overdue, dead) = (deliveries::overdue(&mut tx, now).await?, deliveries::count_dead(&mut tx).await?);
    drop(tx);
    for &channel in Channel::ALL {
        let of = |heaps: &[HeapRow]| heaps.iter().find(|heap| heap.channel == channel).cloned();
        let label = ChannelLabel { channel: channel.as_str() };
        let (waits, given_up) = (of(&overdue), of(&dead));
        let age_s = waits.as_ref().map_or(0.0, |heap| now.seconds_since(heap.oldest));
        app.metrics.deliveries_waiting.get_or_create(&label).set(waits.map_or(0, |heap| heap.count));
        app.metrics.deliveries_oldest_seconds.get_or_create(&label).set(age_s as i64);
        app.metrics.deliveries_dead.get_or_create(&label).set(given_up.map_or(0, |heap| heap.count));
    }
    Ok(())
}
