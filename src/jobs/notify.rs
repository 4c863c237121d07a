//! Sends notifications while the server runs.

use std::{pin::pin, time::Duration};

use futures_util::future::join_all;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    app::App,
    notify::{outlet::Outlet, sender},
};

/// How often it is counted what waits.
const COUNT: Duration = Duration::from_secs(15);
/// When the server stops, what is being sent has this long to be taken; else it is sent again after the lease.
const LAST: Duration = Duration::from_secs(5);

/// Sends on every channel until told to stop; one that is slow holds up no other.
pub async fn run(app: &App, outlets: &[Outlet], stop: &CancellationToken) {
    let sending = outlets.iter().map(|outlet| send(app, outlet, stop));
    tokio::join!(join_all(sending), count(app, stop));
}

async fn send(app: &App, outlet: &Outlet, stop: &CancellationToken) {
    let pause = Duration::from_millis(app.config.notify_interval_ms);
    let mut is_more = false;
    loop {
        if !is_more {
            tokio::select! {
                () = stop.cancelled() => {}
                () = sleep(pause) => {}
            }
        }
        if stop.is_cancelled() {
            return;
        }
        let mut some = pin!(sender::send_some(app, outlet));
        let sent = tokio::select! {
            sent = &mut some => Some(sent),
            () = stop.cancelled() => timeout(LAST, some).await.ok(),
        };
        is_more = matches!(sent, Some(Ok(1..)));
        if let Some(Err(error)) = sent {
            tracing::error!(%error, "notifications were not all sent; tried again later");
        }
    }
}

async fn count(app: &App, stop: &CancellationToken) {
    loop {
        if let Err(error) = sender::count(app).await {
            tracing::error!(%error, "waiting notifications could not be counted; tried again later");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(COUNT) => {}
        }
    }
}
