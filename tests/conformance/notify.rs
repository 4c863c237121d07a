//! Cases of notifications and their deliveries.

use hadir::{
    model::{
        ids::{DeliveryId, LeaseId, NotificationId},
        time::Timestamp,
        words::{Channel, DeliveryState, NoticeKind},
    },
    store::{
        Json, Tx,
        deliveries::{self, DeliveryRow, HeapRow},
        notifications::{self, NotificationRow},
    },
};
use serde_json::json;

use super::World;

/// A notification of the employee about this, not before so many seconds.
async fn told(world: &World, tx: &mut Tx, about_id: &str, seconds: i64) -> NotificationRow {
    let row = NotificationRow {
        id: NotificationId::new(world.now, &world.chance),
        kind: NoticeKind::DecisionMade,
        person_id: world.employee,
        about_id: about_id.to_owned(),
        about: Json(json!({"review_id": about_id})),
        not_before: world.later(seconds),
        created_at: world.now,
        cancelled_at: None,
    };
    notifications::insert(tx, &row).await.unwrap();
    row
}

/// Its delivery on a channel.
async fn sent_by(world: &World, tx: &mut Tx, told: &NotificationRow, channel: Channel) -> DeliveryRow {
    let row = DeliveryRow {
        id: DeliveryId::new(world.now, &world.chance),
        notification_id: told.id,
        channel,
        state: DeliveryState::Waiting,
        attempts: 0,
        due_at: told.not_before,
        next_at: told.not_before,
        lease_id: None,
        delivered_at: None,
        dead_at: None,
        last_error: None,
    };
    deliveries::insert(tx, &row).await.unwrap();
    row
}

async fn delivery(tx: &mut Tx, told: &NotificationRow, id: DeliveryId) -> DeliveryRow {
    deliveries::of_notification(tx, told.id).await.unwrap().into_iter().find(|row| row.id == id).unwrap()
}

pub async fn a_notification_is_kept_for_its_person_until_it_is_called_off(world: &World, tx: &mut Tx) {
    let (soon, past) = (told(world, tx, "one", 60).await, told(world, tx, "two", -60).await);
    let mut kept = notifications::of_person(tx, world.employee, 9).await.unwrap();
    kept.sort_by_key(|row| row.about_id.clone());
    assert_eq!(kept, [soon.clone(), past.clone()]);
    assert_eq!(notifications::of_person(tx, world.employee, 1).await.unwrap().len(), 1);
    assert!(notifications::of_person(tx, world.supervisor, 9).await.unwrap().is_empty());
    let cancel = async |tx: &mut Tx, about_id| {
        notifications::cancel(tx, NoticeKind::DecisionMade, about_id, world.now).await.unwrap()
    };
    assert_eq!(notifications::cancel(tx, NoticeKind::CaseOverdue, "one", world.now).await.unwrap(), 0, "another kind");
    assert_eq!(cancel(tx, "one").await, 1);
    assert_eq!(cancel(tx, "one").await, 0, "once");
    assert_eq!(cancel(tx, "two").await, 0, "its time has come, and nothing waits");
    let waiting = sent_by(world, tx, &past, Channel::Webhook).await;
    assert_eq!(cancel(tx, "two").await, 1, "it was not sent yet");
    assert_eq!(deliveries::cancel(tx, NoticeKind::DecisionMade, "two").await.unwrap(), 1);
    assert_eq!(deliveries::cancel(tx, NoticeKind::DecisionMade, "two").await.unwrap(), 0);
    assert_eq!(delivery(tx, &past, waiting.id).await.state, DeliveryState::Cancelled);
    assert_eq!(notifications::address(tx, world.employee).await.unwrap(), None);
}

pub async fn a_delivery_has_one_holder_at_a_time(world: &World, tx: &mut Tx) {
    let (first, second) = (told(world, tx, "three", -10).await, told(world, tx, "four", -20).await);
    let (a, b) = (sent_by(world, tx, &first, Channel::Email).await, sent_by(world, tx, &second, Channel::Email).await);
    assert_eq!(deliveries::of_notification(tx, first.id).await.unwrap(), [a.clone()]);
    let heap = HeapRow { channel: Channel::Email, count: 2, oldest: world.later(-20) };
    assert_eq!(deliveries::overdue(tx, world.now).await.unwrap(), [heap]);
    assert!(deliveries::overdue(tx, world.later(-30)).await.unwrap().is_empty());
    assert!(deliveries::is_any_due(tx, Channel::Email, world.now).await.unwrap());
    assert!(!deliveries::is_any_due(tx, Channel::Email, world.later(-30)).await.unwrap());
    assert!(!deliveries::is_any_due(tx, Channel::Webhook, world.now).await.unwrap());
    let (ours, theirs) = (LeaseId::new(world.now, &world.chance), LeaseId::new(world.now, &world.chance));
    let claim = async |tx: &mut Tx, lease, now: Timestamp, limit| {
        deliveries::claim(tx, Channel::Email, lease, (now, now.plus_seconds(120)), limit).await.unwrap()
    };
    assert_eq!(claim(tx, ours, world.now, 1).await, [(b.id, 1)], "what waits longest");
    assert_eq!(claim(tx, theirs, world.later(-1), 9).await, [(a.id, 1)], "each is taken once");
    assert!(claim(tx, theirs, world.later(118), 9).await.is_empty());
    let message = deliveries::message(tx, a.id).await.unwrap().unwrap();
    assert_eq!((message.id, message.notification_id, message.kind), (a.id, first.id, NoticeKind::DecisionMade));
    assert_eq!((message.about.0, message.created_at), (json!({"review_id": "three"}), world.now));
    assert_eq!((message.nip.as_str(), message.email, message.time_zone.as_str()), ("1", None, "Asia/Makassar"));
    assert_eq!(claim(tx, theirs, world.later(119), 9).await, [(a.id, 2)], "the lease is over");
    assert!(!deliveries::again(tx, a.id, ours, world.later(300), "busy").await.unwrap(), "not the holder");
    assert!(deliveries::again(tx, a.id, theirs, world.later(300), "busy").await.unwrap());
    let found = delivery(tx, &first, a.id).await;
    assert_eq!(found, DeliveryRow { attempts: 2, next_at: world.later(300), last_error: Some("busy".into()), ..a });
    deliveries::delivered(tx, b.id, world.later(5)).await.unwrap();
    deliveries::delivered(tx, b.id, world.later(6)).await.unwrap();
    let found = delivery(tx, &second, b.id).await;
    assert_eq!((found.state, found.delivered_at), (DeliveryState::Delivered, Some(world.later(5))), "once");
    assert!(!deliveries::again(tx, b.id, ours, world.later(300), "late").await.unwrap(), "it was taken");
    deliveries::delivered(tx, a.id, world.later(301)).await.unwrap();
}

pub async fn a_delivery_ends_once_and_begins_again_when_asked(world: &World, tx: &mut Tx) {
    let (first, second) = (told(world, tx, "five", -10).await, told(world, tx, "six", -20).await);
    let (a, b) =
        (sent_by(world, tx, &first, Channel::Webhook).await, sent_by(world, tx, &second, Channel::Webhook).await);
    let lease = LeaseId::new(world.now, &world.chance);
    let taken = deliveries::claim(tx, Channel::Webhook, lease, (world.now, world.later(120)), 9).await.unwrap();
    assert_eq!(taken.len(), 2);
    let other = LeaseId::new(world.now, &world.chance);
    assert!(!deliveries::give_up(tx, a.id, other, world.later(1), "410").await.unwrap(), "not the holder");
    assert!(deliveries::give_up(tx, a.id, lease, world.later(1), "410").await.unwrap());
    assert!(!deliveries::give_up(tx, a.id, lease, world.later(2), "410").await.unwrap(), "once");
    assert!(deliveries::drop_one(tx, b.id, lease, "nobody").await.unwrap());
    let dropped = delivery(tx, &second, b.id).await;
    assert_eq!((dropped.state, dropped.dead_at, dropped.lease_id), (DeliveryState::Cancelled, None, None));
    let dead = deliveries::dead(tx, 9).await.unwrap();
    assert_eq!(
        dead.iter().map(|row| (row.id, row.nip.as_str(), row.about_id.as_str(), row.dead_at)).collect::<Vec<_>>(),
        [(a.id, "1", "five", Some(world.later(1)))]
    );
    assert_eq!((dead[0].attempts, dead[0].last_error.as_deref(), dead[0].kind), (1, Some("410"), first.kind));
    let heap = HeapRow { channel: Channel::Webhook, count: 1, oldest: world.later(-10) };
    assert_eq!(deliveries::count_dead(tx).await.unwrap(), [heap]);
    assert!(!deliveries::revive(tx, b.id, world.later(9)).await.unwrap(), "it was not given up");
    assert!(deliveries::revive(tx, a.id, world.later(9)).await.unwrap());
    let again = delivery(tx, &first, a.id).await;
    assert_eq!((again.state, again.attempts, again.next_at), (DeliveryState::Waiting, 0, world.later(9)));
    assert_eq!(deliveries::revive_all(tx, world.later(9)).await.unwrap(), 0);
    let times = (world.later(9), world.later(129));
    deliveries::claim(tx, Channel::Webhook, lease, times, 9).await.unwrap();
    deliveries::give_up(tx, a.id, lease, world.later(10), "410").await.unwrap();
    assert_eq!(deliveries::revive_all(tx, world.later(11)).await.unwrap(), 1);
    deliveries::claim(tx, Channel::Webhook, lease, (world.later(11), world.later(131)), 9).await.unwrap();
    deliveries::give_up(tx, a.id, lease, world.later(12), "410").await.unwrap();
    sent_by(world, tx, &first, Channel::Email).await;
    assert_eq!(notifications::cancel(tx, first.kind, "five", world.later(13)).await.unwrap(), 1);
    assert!(!deliveries::revive(tx, a.id, world.later(14)).await.unwrap(), "it was called off");
    assert_eq!(deliveries::revive_all(tx, world.later(14)).await.unwrap(), 0);
}
