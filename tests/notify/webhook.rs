//! What a receiver of webhooks gets, and what is made of its answers.

use std::time::{Duration, Instant};

use hadir::model::{time::Clock as _, words::DeliveryState};
use reqwest::Method;
use serde_json::json;

use super::{delivery, on_each_engine, send_due, state, told};
use crate::support::{
    EMPLOYEE, Engine, TestApp,
    receiver::{self, Receiver, Reply},
};

on_each_engine! {
    async fn a_receiver_gets_ids_and_no_evidence_and_knows_who_sent_them(engine) {
        let receiver = Receiver::start(&[]).await;
        let app = TestApp::start_with(engine, |config| receiver.configure(config)).await;
        let (id, review_id) = told(&app.app, app.app.now()).await;
        assert_eq!(send_due(&app.app).await, 1);
        let received = receiver.received();
        let row = delivery(&app.app, id).await;
        assert_eq!(received.len(), 1);
        assert!(received[0].is_genuine && received[0].path == "/in");
        assert_eq!((received[0].id.clone(), received[0].at_s), (row.id.to_string(), app.clock.now().as_second()));
        assert_eq!(
            received[0].body,
            json!({"id": id, "kind": "decision_made", "person": {"nip": EMPLOYEE}, "about": {"review_id": review_id},
                "at": app.app.now()})
        );
        assert_eq!((row.state, row.delivered_at, row.attempts), (DeliveryState::Delivered, Some(app.app.now()), 1));
        assert_eq!(send_due(&app.app).await, 0, "once");
        app.stop().await;
    }

    async fn what_failed_is_sent_again_later_under_the_same_id(engine) {
        let receiver = Receiver::start(&[Reply::Status(500), Reply::Status(503), Reply::Status(200)]).await;
        let app = TestApp::start_with(engine, |config| receiver.configure(config)).await;
        let (id, _) = told(&app.app, app.app.now()).await;
        assert_eq!(send_due(&app.app).await, 1);
        let row = delivery(&app.app, id).await;
        assert_eq!((row.state, row.lease_id), (DeliveryState::Waiting, None));
        assert_eq!(row.last_error.as_deref(), Some("the receiver answered 500"));
        let pause_s = row.next_at.seconds_since(app.app.now());
        assert!((15.0..=30.0).contains(&pause_s), "{pause_s}");
        assert_eq!(send_due(&app.app).await, 0, "not before its time");
        app.clock.set(row.next_at);
        assert_eq!(send_due(&app.app).await, 1);
        let row = delivery(&app.app, id).await;
        let pause_s = row.next_at.seconds_since(app.app.now());
        assert!((30.0..=60.0).contains(&pause_s), "twice as long: {pause_s}");
        app.clock.set(row.next_at);
        assert_eq!(send_due(&app.app).await, 1);
        let row = delivery(&app.app, id).await;
        assert_eq!((row.state, row.attempts, row.last_error), (DeliveryState::Delivered, 3, None));
        let received = receiver.received();
        assert!(received.iter().all(|one| one.is_genuine && one.id == row.id.to_string()), "{received:?}");
        assert!(received[0].at_s < received[1].at_s && received[1].at_s < received[2].at_s, "each attempt has its time");
        app.stop().await;
    }

    async fn after_its_last_attempt_it_is_given_up_counted_and_sent_again_only_when_asked(engine) {
        let receiver = Receiver::start(&[Reply::Status(500), Reply::Status(500)]).await;
        let app = TestApp::start_with(engine, |config| {
            receiver.configure(config);
            config.notify_attempts_max = 2;
        })
        .await;
        let (id, _) = told(&app.app, app.app.now()).await;
        send_due(&app.app).await;
        app.clock.advance_seconds(60);
        hadir::notify::sender::count(&app.app).await.unwrap();
        let metrics = app.send(Method::GET, "/metrics", |request| request).await.text;
        assert!(metrics.contains("hadir_notifications_waiting{channel=\"webhook\"} 1"), "{metrics}");
        assert!(metrics.contains("hadir_notifications_oldest_seconds{channel=\"webhook\"} 60"), "{metrics}");
        send_due(&app.app).await;
        let row = delivery(&app.app, id).await;
        assert_eq!((row.state, row.dead_at, row.attempts), (DeliveryState::Dead, Some(app.app.now()), 2));
        app.clock.advance_seconds(86_400);
        assert_eq!(send_due(&app.app).await, 0);
        hadir::notify::sender::count(&app.app).await.unwrap();
        let metrics = app.send(Method::GET, "/metrics", |request| request).await.text;
        for line in [
            "hadir_notifications_waiting{channel=\"webhook\"} 0",
            "hadir_notifications_dead{channel=\"webhook\"} 1",
            "hadir_notifications_dead{channel=\"email\"} 0",
            "hadir_notifications_attempts_total{channel=\"webhook\",outcome=\"failed\"} 1",
            "hadir_notifications_attempts_total{channel=\"webhook\",outcome=\"dead\"} 1",
        ] {
            assert!(metrics.contains(line), "{line}: {metrics}");
        }
        let mut tx = app.app.store.write().await.unwrap();
        let dead = hadir::store::deliveries::dead(&mut tx, 9).await.unwrap();
        assert_eq!((dead.len(), dead[0].nip.as_str(), dead[0].last_error.as_deref()), (1, EMPLOYEE, Some("the receiver answered 500")));
        assert!(hadir::store::deliveries::revive(&mut tx, dead[0].id, app.app.now()).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(send_due(&app.app).await, 1);
        assert_eq!(state(&app.app, id).await, DeliveryState::Delivered);
        app.stop().await;
    }
}

/// Sends one notification to a receiver that answers so; gives its state, what was remembered, and how long it took.
async fn answered(reply: Reply) -> (DeliveryState, String, Duration) {
    let receiver = Receiver::start(&[reply]).await;
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        receiver.configure(config);
        config.webhook_timeout_ms = 300;
    })
    .await;
    let (id, _) = told(&app.app, app.app.now()).await;
    let began = Instant::now();
    send_due(&app.app).await;
    let (took, row) = (began.elapsed(), delivery(&app.app, id).await);
    assert_eq!(receiver.received().len(), 1, "nothing is sent twice in one go");
    app.stop().await;
    (row.state, row.last_error.unwrap_or_default(), took)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_decides_by_its_status() {
    for status in [200, 201, 204] {
        assert_eq!(answered(Reply::Status(status)).await.0, DeliveryState::Delivered, "{status}");
    }
    let (state, why, _) = answered(Reply::Status(410)).await;
    assert_eq!((state, why.as_str()), (DeliveryState::Dead, "the receiver answered 410: it wants no more"));
    for status in [400, 401, 404, 429, 500] {
        let (state, why, _) = answered(Reply::Status(status)).await;
        assert_eq!((state, why), (DeliveryState::Waiting, format!("the receiver answered {status}")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirect_is_not_followed() {
    let elsewhere = Receiver::start(&[]).await;
    let (state, why, _) = answered(Reply::Redirect(elsewhere.url.clone())).await;
    assert_eq!(
        (state, why.as_str()),
        (DeliveryState::Waiting, "the receiver answered 307; redirects are not followed")
    );
    assert!(elsewhere.received().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_receiver_has_its_time_and_no_more() {
    let (state, why, took) = answered(Reply::Slow(Duration::from_mins(1), 200)).await;
    assert_eq!((state, why.as_str()), (DeliveryState::Waiting, "no answer within 300 ms"));
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(answered(Reply::Slow(Duration::from_millis(50), 200)).await.0, DeliveryState::Delivered);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_never_stops_talking_is_not_listened_to() {
    let (state, _, took) = answered(Reply::Endless).await;
    assert_eq!(state, DeliveryState::Delivered);
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_breaks_is_a_failure_until_the_status_is_there() {
    for (after, expected) in [
        (&b""[..], DeliveryState::Waiting),
        (b"HTTP/1.1 2", DeliveryState::Waiting),
        (b"not HTTP at all\r\n\r\n", DeliveryState::Waiting),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf", DeliveryState::Delivered),
    ] {
        let url = receiver::hangs_up(after).await;
        let app = TestApp::start_with(Engine::Sqlite, |config| receiver::configure(config, &url)).await;
        let (id, _) = told(&app.app, app.app.now()).await;
        send_due(&app.app).await;
        let row = delivery(&app.app, id).await;
        assert_eq!(
            (row.state, row.last_error.is_none()),
            (expected, expected == DeliveryState::Delivered),
            "{after:?}"
        );
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_is_not_there_is_waited_for() {
    let gone = Receiver::start(&[]).await;
    let url = gone.url.clone();
    drop(gone);
    let app = TestApp::start_with(Engine::Sqlite, |config| receiver::configure(config, &url)).await;
    let (id, _) = told(&app.app, app.app.now()).await;
    send_due(&app.app).await;
    let row = delivery(&app.app, id).await;
    assert_eq!(row.state, DeliveryState::Waiting);
    assert!(row.last_error.is_some_and(|why| why.contains("refused")));
    app.stop().await;
}
