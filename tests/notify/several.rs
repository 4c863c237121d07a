//! Several senders, crashes in between, deeds that are taken back, servers that stop.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use hadir::{
    model::{
        time::Clock as _,
        words::{DeliveryState, NoticeKind},
    },
    notify::{self, About, Notice, outlet::Outlet, sender},
    store::notifications,
};

use super::{deliveries_of, delivery, id_of, on_each_engine, replica, send_due, set_address, state, told};
use crate::support::{
    EMPLOYEE, Engine, TestApp, new_id,
    receiver::{Receiver, Reply},
    smtp,
};

on_each_engine! {
    async fn a_crash_between_sending_and_writing_down_means_it_is_sent_again(engine) {
        let receiver = Receiver::start(&[Reply::Slow(Duration::from_mins(1), 200)]).await;
        let app = TestApp::start_with(engine, |config| receiver.configure(config)).await;
        let (id, _) = told(&app.app, app.app.now()).await;
        let first = Arc::clone(&app.app);
        let sending = tokio::spawn(async move { send_due(&first).await });
        receiver.wait_for(1).await;
        // The process is gone in the middle of it.
        sending.abort();
        assert!(sending.await.unwrap_err().is_cancelled());
        let row = delivery(&app.app, id).await;
        assert_eq!((row.state, row.attempts, row.lease_id.is_some()), (DeliveryState::Waiting, 1, true));
        let (second, clock) = replica(&app.app.config, app.app.now()).await;
        assert_eq!(send_due(&second).await, 0, "somebody may still be sending it");
        clock.advance_seconds(second.config.notify_lease_s - 1);
        assert_eq!(send_due(&second).await, 0);
        clock.advance_seconds(1);
        assert_eq!(send_due(&second).await, 1);
        let row = delivery(&second, id).await;
        assert_eq!((row.state, row.attempts, row.delivered_at), (DeliveryState::Delivered, 2, Some(clock.now())));
        let received = receiver.received();
        assert_eq!(received.len(), 2);
        assert!(received.iter().all(|one| one.id == row.id.to_string()), "the receiver can know it is the same");
        second.store.close().await;
        app.stop().await;
    }

    async fn two_senders_at_once_send_each_once(engine) {
        let receiver = Receiver::start(&[]).await;
        let app = TestApp::start_with(engine, |config| {
            receiver.configure(config);
            config.notify_together = 3;
        })
        .await;
        for _ in 0..40 {
            told(&app.app, app.app.now()).await;
        }
        let (second, _) = replica(&app.app.config, app.app.now()).await;
        let (ours, theirs) = tokio::join!(send_due(&app.app), send_due(&second));
        assert_eq!(ours + theirs, 40, "{ours} and {theirs}");
        assert!(ours > 0 && theirs > 0, "{ours} and {theirs}");
        let received = receiver.received();
        let ids: BTreeSet<String> = received.iter().map(|one| one.id.clone()).collect();
        assert_eq!((received.len(), ids.len()), (40, 40));
        second.store.close().await;
        app.stop().await;
    }

    async fn one_whose_lease_was_over_does_not_undo_what_another_did(engine) {
        let receiver = Receiver::start(&[Reply::Slow(Duration::from_millis(400), 500), Reply::Status(200)]).await;
        let app = TestApp::start_with(engine, |config| receiver.configure(config)).await;
        let (id, _) = told(&app.app, app.app.now()).await;
        let (second, clock) = replica(&app.app.config, app.app.now()).await;
        let slow = async { send_due(&app.app).await };
        let fast = async {
            receiver.wait_for(1).await;
            clock.advance_seconds(second.config.notify_lease_s);
            send_due(&second).await
        };
        assert_eq!(tokio::join!(slow, fast), (1, 1));
        let row = delivery(&app.app, id).await;
        assert_eq!((row.state, row.attempts, row.last_error), (DeliveryState::Delivered, 2, None));
        second.store.close().await;
        app.stop().await;
    }

    async fn what_is_taken_back_is_not_told(engine) {
        let receiver = Receiver::start(&[]).await;
        let app = TestApp::start_with(engine, |config| receiver.configure(config)).await;
        let about = About::DecisionMade { review_id: hadir::model::ids::ReviewId(new_id()) };
        let notice = Notice { person_id: id_of(&app.app, EMPLOYEE).await, about, not_before: app.app.now() };
        let mut tx = app.app.store.write().await.unwrap();
        let id = notify::enqueue(&app.app, &mut tx, &notice).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(send_due(&app.app).await, 0);
        assert!(deliveries_of(&app.app, id).await.is_empty() && receiver.received().is_empty());
        app.stop().await;
    }

    async fn what_is_called_off_before_its_time_is_never_told(engine) {
        let receiver = Receiver::start(&[Reply::Status(500)]).await;
        let app = TestApp::start_with(engine, |config| receiver.configure(config)).await;
        let later = app.app.now().plus_seconds(60);
        let (id, review) = told(&app.app, later).await;
        let (other, _) = told(&app.app, later).await;
        assert_eq!(send_due(&app.app).await, 0, "not before its time");
        let cancel = async |kind| {
            let mut tx = app.app.store.write().await.unwrap();
            let count = notify::cancel(&app.app, &mut tx, kind, review.0).await.unwrap();
            tx.commit().await.unwrap();
            count
        };
        assert_eq!(cancel(NoticeKind::CaseOverdue).await, 0, "something else about it");
        assert_eq!(cancel(NoticeKind::DecisionMade).await, 1);
        assert_eq!(cancel(NoticeKind::DecisionMade).await, 0, "once");
        app.clock.advance_seconds(86_400);
        assert_eq!(send_due(&app.app).await, 1, "the other one");
        assert_eq!(state(&app.app, id).await, DeliveryState::Cancelled);
        assert_eq!(receiver.received().len(), 1);
        // It failed, and is called off before it is tried again.
        let retried = delivery(&app.app, other).await;
        let about = receiver.received()[0].body["about"]["review_id"].as_str().unwrap().parse().unwrap();
        let mut tx = app.app.store.write().await.unwrap();
        assert_eq!(notify::cancel(&app.app, &mut tx, NoticeKind::DecisionMade, about).await.unwrap(), 1);
        tx.commit().await.unwrap();
        app.clock.set(retried.next_at);
        assert_eq!(send_due(&app.app).await, 0);
        app.stop().await;
    }

    async fn what_was_told_cannot_be_called_off(engine) {
        let receiver = Receiver::start(&[]).await;
        let app = TestApp::start_with(engine, |config| receiver.configure(config)).await;
        let (id, review) = told(&app.app, app.app.now()).await;
        send_due(&app.app).await;
        let mut tx = app.app.store.write().await.unwrap();
        assert_eq!(notify::cancel(&app.app, &mut tx, NoticeKind::DecisionMade, review.0).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert_eq!(state(&app.app, id).await, DeliveryState::Delivered);
        app.stop().await;
    }

    async fn without_a_channel_the_notification_is_kept_and_nothing_is_to_be_sent(engine) {
        let app = TestApp::start_with(engine, |_| {}).await;
        let (id, review) = told(&app.app, app.app.now()).await;
        assert!(deliveries_of(&app.app, id).await.is_empty());
        let person = id_of(&app.app, EMPLOYEE).await;
        let mut tx = app.app.store.read().await.unwrap();
        let kept = notifications::of_person(&mut tx, person, 9).await.unwrap();
        assert_eq!((kept.len(), kept[0].id, kept[0].about_id.clone()), (1, id, review.to_string()));
        drop(tx);
        app.stop().await;
    }

    async fn whoever_has_no_address_gets_no_e_mail(engine) {
        let (receiver, mail) = (Receiver::start(&[]).await, smtp::Server::start(smtp::Script::default()).await);
        let app = TestApp::start_with(engine, |config| {
            receiver.configure(config);
            mail.configure(config);
        })
        .await;
        let (without, _) = told(&app.app, app.app.now()).await;
        set_address(&app.app, EMPLOYEE, Some("dewi@kota.example")).await;
        let (with, _) = told(&app.app, app.app.now()).await;
        assert_eq!((deliveries_of(&app.app, without).await.len(), deliveries_of(&app.app, with).await.len()), (1, 2));
        assert_eq!(send_due(&app.app).await, 3);
        assert_eq!((receiver.received().len(), mail.mails().len()), (2, 1));
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_sends_by_itself_and_a_stop_lets_what_is_being_sent_arrive_once() {
    let receiver = Receiver::start(&[Reply::Status(200), Reply::Slow(Duration::from_secs(1), 200)]).await;
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        receiver.configure(config);
        config.notify_interval_ms = 100;
    })
    .await;
    told(&app.app, app.app.now()).await;
    receiver.wait_for(1).await;
    let (id, _) = told(&app.app, app.app.now()).await;
    receiver.wait_for(2).await;
    let (config, now) = (app.app.config.clone(), app.app.now());
    // The folder outlives the server.
    let folder = app.stop_and_keep().await;
    let (again, _) = replica(&config, now).await;
    assert_eq!(state(&again, id).await, DeliveryState::Delivered);
    assert_eq!(receiver.received().len(), 2);
    again.store.close().await;
    drop(folder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_that_stands_still_holds_up_no_other() {
    let receiver = Receiver::start(&[Reply::Slow(Duration::from_mins(1), 200)]).await;
    let mail = smtp::Server::start(smtp::Script::default()).await;
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        receiver.configure(config);
        mail.configure(config);
        config.webhook_timeout_ms = 10_000;
        config.notify_interval_ms = 100;
    })
    .await;
    set_address(&app.app, EMPLOYEE, Some("dewi@kota.example")).await;
    told(&app.app, app.app.now()).await;
    receiver.wait_for(1).await;
    mail.wait_for(1).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_fails_once_loses_nothing() {
    let receiver = Receiver::start(&[]).await;
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        receiver.configure(config);
        config.database_wait_ms = 200;
    })
    .await;
    let (id, _) = told(&app.app, app.app.now()).await;
    let outlet = Outlet::all(&app.app.config).unwrap().remove(0);
    // Somebody writes for longer than anybody waits.
    let held = app.app.store.write().await.unwrap();
    assert!(sender::send_some(&app.app, &outlet).await.is_err());
    held.rollback().await.unwrap();
    assert_eq!(send_due(&app.app).await, 1);
    assert_eq!(state(&app.app, id).await, DeliveryState::Delivered);
    app.stop().await;
}
