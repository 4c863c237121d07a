//! Background work: whether what is kept is whole, forgetting what is over, the search for copies behind the acknowledgement,
//! notifications, and cases that wait.

pub mod election;
pub mod fingerprint;
pub mod forget;
pub mod notify;
pub mod upkeep;

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use self::election::Elected;
use crate::{
    app::App,
    changes::policy,
    checkin::{
        examine,
        late::{self, LateError},
    },
    notify::outlet::Outlet,
    places::reseal,
    review::{ReviewError, desk, second},
    telemetry::in_full,
};

/// Runs every job until told to stop.
pub async fn run(app: Arc<App>, outlets: Vec<Outlet>, stop: CancellationToken) {
    tokio::join!(
        tidy(&app, &stop),
        examine(&app, &stop),
        search(&app, &stop),
        read_keys(&app, &stop),
        watch_cases(&app, &stop),
        read_values(&app, &stop),
        notify::run(&app, &outlets, &stop)
    );
}

/// How often it is looked whether photos wait to be examined.
const EXAMINE: Duration = Duration::from_millis(500);

/// Examines photos whose check-ins were acknowledged under pressure. Every replica does, each its own.
async fn examine(app: &App, stop: &CancellationToken) {
    loop {
        match examine::examine_waiting(app, stop).await {
            Ok(0) => {}
            Ok(photos) => tracing::info!(photos, "photos were examined after their acknowledgement"),
            Err(error) => tracing::error!(%error, "photos that wait were not examined; it is tried again"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EXAMINE) => {}
        }
    }
}

/// Compares new photos with everybody's, right behind the acknowledgement.
async fn search(app: &App, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => return,
        made = fingerprint::make_missing(app) => match made {
            Ok(0) => {}
            Ok(photos) => tracing::info!(photos, "fingerprints of photos kept earlier were made"),
            Err(error) => tracing::error!(%error, "fingerprints are missing; the next start makes them"),
        }
    }
    let pause = Duration::from_millis(app.config.reuse_interval_ms);
    let mut job = Elected::new(app, "search");
    loop {
        // Cut off in the middle of anything, it leaves what was not committed to the next start.
        tokio::select! {
            () = stop.cancelled() => break,
            searched = search_if_elected(app, &mut job) => if let Err(error) = searched {
                tracing::error!(%error, "the search for copies was not finished; it runs again later");
            }
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(pause) => {}
        }
    }
    job.let_go(app).await;
}

async fn search_if_elected(app: &App, job: &mut Elected) -> Result<(), LateError> {
    if elected(app, job).await {
        late::search_waiting(app).await.map(drop)
    } else {
        // It has to know what the others took in all the same.
        Ok(app.reuse.catch_up(&app.store, app.now()).await.map(drop)?)
    }
}

/// How often cases are looked after, at least.
const WATCH_CASES: Duration = Duration::from_secs(20);
/// Every how many of those rounds desks follow the roles in force.
const ROLES_EVERY: u32 = 15;

/// Gives cases that waited too long to those above, lets desks follow the roles of the day, and opens second looks.
async fn watch_cases(app: &App, stop: &CancellationToken) {
    let pause = WATCH_CASES.min(Duration::from_secs(app.config.job_interval_s));
    let mut job = Elected::new(app, "cases");
    for round in 0_u32.. {
        tokio::select! {
            () = stop.cancelled() => break,
            done = cases_if_elected(app, &mut job, round.is_multiple_of(ROLES_EVERY)) => if let Err(error) = done {
                tracing::error!(%error, "cases were not looked after; it is tried again");
            }
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(pause) => {}
        }
    }
    job.let_go(app).await;
}

async fn cases_if_elected(app: &App, job: &mut Elected, roles_too: bool) -> Result<(), ReviewError> {
    if elected(app, job).await { cases(app, roles_too).await } else { Ok(()) }
}

async fn cases(app: &App, roles_too: bool) -> Result<(), ReviewError> {
    let followed = if roles_too { desk::follow_roles(app).await } else { Ok(0) };
    let escalated = desk::escalate(app).await;
    if let Ok(escalated @ 1..) = escalated {
        tracing::warn!(escalated, "cases waited past their target and went to those above");
    }
    let opened = second::open_due(app).await;
    // One that fails keeps the others from nothing.
    followed.and(escalated).and(opened).map(drop)
}

/// How often the sealing keys are read again, so that a new one is known before anything is sealed by it alone.
const READ_KEYS: Duration = Duration::from_secs(5);

/// Notices keys that were added or taken away.
async fn read_keys(app: &App, stop: &CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(READ_KEYS) => {}
        }
        if let Err(error) = app.sealer.reload() {
            tracing::error!(%error, "the sealing keys cannot be read; those read before are used");
        }
    }
}

/// How often the values of policy are read again: another replica may have approved a change.
const READ_VALUES: Duration = Duration::from_secs(5);

/// Notices values of policy that were approved elsewhere.
async fn read_values(app: &App, stop: &CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(READ_VALUES) => {}
        }
        if let Err(error) = policy::reload(app).await {
            tracing::warn!(%error, "the values of policy cannot be read; those read before are used");
        }
    }
}

/// How often a replica looks whether work is left to it.
const TAKE_OVER: Duration = Duration::from_secs(30);

/// Everything that may wait, now and then.
async fn tidy(app: &App, stop: &CancellationToken) {
    let pause = TAKE_OVER.min(Duration::from_secs(app.config.job_interval_s));
    match reseal::at_start(app).await {
        Ok(done) if done.renewed == 0 && done.broken == 0 => {}
        Ok(done) if done.broken > 0 => tracing::error!(broken = done.broken, "positions under seal cannot be opened"),
        Ok(done) => {
            tracing::info!(renewed = done.renewed, "positions from before sealing, or of older keys, were sealed");
        }
        Err(error) => tracing::error!(%error, "not every position could be sealed; the next start goes on"),
    }
    let mut job = Elected::new(app, "tidy");
    loop {
        if elected(app, &mut job).await {
            if let Err(error) = upkeep::upkeep(app, &mut job).await {
                tracing::error!(
                    error = in_full(&error),
                    "what is kept could not be looked through; it is tried again later"
                );
            }
            if let Err(error) = forget::forget(app).await {
                tracing::error!(%error, "old challenges and throttles could not be dropped; tried again later");
            }
            let seconds = i64::try_from(app.config.job_interval_s).unwrap_or(i64::MAX / 2);
            if let Err(error) = job.rest(app, seconds).await {
                tracing::warn!(%error, "how far the work is was not written down");
            }
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(pause) => {}
        }
    }
    job.let_go(app).await;
}

/// Whether this replica does a job now; without an answer it does not.
async fn elected(app: &App, job: &mut Elected) -> bool {
    job.is_ours(app).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "who does the background work is not known now");
        false
    })
}
