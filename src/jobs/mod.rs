//! Background work: the orphan sweep and forgetting what is over.

pub mod forget;
pub mod sweep;

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::app::App;

/// Runs every job now and then until told to stop.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    let pause = Duration::from_secs(app.config.job_interval_s);
    loop {
        match sweep::sweep(&app).await {
            Ok(0) => {}
            Ok(removed) => tracing::warn!(removed, "photos without a check-in were removed"),
            Err(error) => tracing::error!(%error, "the orphan sweep failed; it runs again later"),
        }
        if let Err(error) = forget::forget(&app).await {
            tracing::error!(%error, "old challenges and throttles could not be dropped; tried again later");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}
