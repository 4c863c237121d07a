//! `hadir serve`.

use std::sync::Arc;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{Failure, Settings, system_chance};
use crate::{model::time::SystemClock, server, telemetry};

pub(super) async fn run(settings: &Settings) -> Result<(), Failure> {
    let config = settings.load()?;
    telemetry::start(&config)?;
    let app = server::compose(config, Arc::new(SystemClock), system_chance()?).await?;
    until_stopped(server::start(app)?).await
}

/// Serves until the first signal, finishes what is under way, and gives up at the second.
pub(super) async fn until_stopped(running: server::Running) -> Result<(), Failure> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    either(&mut terminate, &mut interrupt).await;
    tokio::select! {
        () = running.stop() => Ok(()),
        () = either(&mut terminate, &mut interrupt) => Err("stopped at once by a second signal".into()),
    }
}

async fn either(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
