//! What every request needs, put together once and passed on explicitly.

use std::sync::{
    Arc,
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
    policy::Rules,
    reuse::Reuse,
    seal::Sealer,
    store::Store,
    telemetry::Metrics,
    work::Work,
};

/// The running service.
pub struct App {
    /// Every setting.
    pub config: Config,
    /// Rows.
    pub store: Store,
    /// Photos.
    pub blobs: Arc<dyn Blobs>,
    /// The machine's limits.
    pub work: Work,
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
    /// Whether new work is welcome; off while stopping.
    pub accepting: AtomicBool,
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
}
