//! Notifications: kept with the deed, sent at least once, called off, given up, sent again.

mod deeds;
mod email;
mod encrypted;
mod pure;
mod several;
mod webhook;

use std::sync::Arc;

use hadir::{
    app::App,
    config::Config,
    model::{
        chance::Chance,
        ids::{NotificationId, PersonId, ReviewId},
        time::{SetClock, Timestamp},
        words::DeliveryState,
    },
    notify::{self, About, Notice, outlet::Outlet, sender},
    server,
    store::{
        Store,
        deliveries::{self, DeliveryRow},
        people,
    },
};

use crate::support::{EMPLOYEE, new_id};

/// Declares each test once and runs it on both engines.
macro_rules! on_each_engine {
    ($($(#[$attr:meta])* async fn $name:ident($engine:ident) $body:block)*) => {
        mod sqlite {
            use super::*;
            $($(#[$attr])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let $engine = $crate::support::Engine::Sqlite;
                $body
            })*
        }
        mod postgres {
            use super::*;
            $($(#[$attr])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let $engine = $crate::support::Engine::Postgres;
                $body
            })*
        }
    };
}
use on_each_engine;

async fn id_of(app: &App, nip: &str) -> PersonId {
    let mut tx = app.store.read().await.unwrap();
    people::by_nip(&mut tx, nip).await.unwrap().unwrap().id
}

/// Gives a person an address, or takes it away.
async fn set_address(app: &App, nip: &str, email: Option<&str>) {
    let sql = "UPDATE people SET email = $2 WHERE nip = $1";
    match &app.store {
        Store::Sqlite { write, .. } => sqlx::query(sql).bind(nip).bind(email).execute(write).await.map(drop),
        Store::Postgres(pool) => sqlx::query(sql).bind(nip).bind(email).execute(pool).await.map(drop),
    }
    .unwrap();
}

/// Something that an employee is told about a case, not before a time.
async fn told(app: &App, not_before: Timestamp) -> (NotificationId, ReviewId) {
    let review_id = ReviewId(new_id());
    let notice = Notice { person_id: id_of(app, EMPLOYEE).await, about: About::DecisionMade { review_id }, not_before };
    let mut tx = app.store.write().await.unwrap();
    let id = notify::enqueue(app, &mut tx, &notice).await.unwrap();
    tx.commit().await.unwrap();
    (id, review_id)
}

async fn deliveries_of(app: &App, id: NotificationId) -> Vec<DeliveryRow> {
    let mut tx = app.store.read().await.unwrap();
    deliveries::of_notification(&mut tx, id).await.unwrap()
}

/// The one delivery of a notification.
async fn delivery(app: &App, id: NotificationId) -> DeliveryRow {
    let mut all = deliveries_of(app, id).await;
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

async fn state(app: &App, id: NotificationId) -> DeliveryState {
    delivery(app, id).await.state
}

/// Sends what is due now, as the job does; says how much that was.
async fn send_due(app: &App) -> usize {
    let mut sent = 0;
    for outlet in Outlet::all(&app.config).unwrap() {
        loop {
            match sender::send_some(app, &outlet).await.unwrap() {
                0 => break,
                some => sent += some,
            }
        }
    }
    sent
}

/// Another server on the same database, with a clock of its own.
async fn replica(config: &Config, now: Timestamp) -> (Arc<App>, Arc<SetClock>) {
    let clock = Arc::new(SetClock::new(now));
    let app = server::compose(config.clone(), clock.clone(), Chance::from_seed([77; 32])).await.unwrap();
    (app, clock)
}
