//! What every request needs, put together once and passed on explicitly.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};

use crate::{
    blobs::Blobs,
    config::Config,
    evidence::photo::inspect::Examiner,
    keys::Keys,
    model::{
        chance::Chance,
        time::{Clock, Timestamp},
    },
    policy::{Rules, values::Values},
    reuse::Reuse,
    seal::Sealer,
    store::{Store, recordings::Recorder},
    tally::Tallies,
    telemetry::Metrics,
    ways::Ways,
    work::{Work, peak::Peak},
};

/// The running service.
pub struct App {
    /// Every setting.
    pub config: Config,
    /// Rows.
    pub store: Store,
    /// Writes check-ins together.
    pub recorder: Recorder,
    /// Photos.
    pub blobs: Arc<dyn Blobs>,
    /// The machine's limits.
    pub work: Work,
    /// Whether photos are examined at once.
    pub peak: Peak,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Chance,
    /// Keys.
    pub keys: Keys,
    /// Seals and opens positions.
    pub sealer: Sealer,
    /// Counters.
    pub metrics: Metrics,
    /// Examines photos.
    pub examiner: Arc<Examiner>,
    /// Finds copies.
    pub reuse: Reuse,
    /// The rules in force.
    pub rules: Rules,
    /// How many cases wait for whom, as lately counted.
    pub tallies: Tallies,
    /// How their pages were lately read.
    pub ways: Ways,
    /// Whether new work is welcome; off while stopping.
    pub accepting: AtomicBool,
    /// The values of policy, as last read; see [`App::policy_values`].
    pub values: RwLock<Arc<Values>>,
}

impl App {
    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether new work is welcome.
    pub fn is_accepting(&self) -> bool {
        self.accepting.load(Ordering::Relaxed)
    }

    /// The values of policy, as last read from the database.
    pub fn policy_values(&self) -> Arc<Values> {
        Arc::clone(&self.values.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts newly read values of policy in the place of those before.
    pub fn set_policy_values(&self, values: Values) {
        *self.values.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(values);
    }
}
