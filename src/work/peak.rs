//! Whether there is time to look at a photo before its check-in is answered.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

/// How many check-ins are being worked on, and how many photos wait behind their acknowledgement.
pub struct Peak {
    here: AtomicUsize,
    at_once: usize,
    backlog: AtomicI64,
    backlog_max: i64,
}

/// A check-in that is being worked on.
pub struct Here<'a>(&'a Peak);

impl Peak {
    /// With so many check-ins whose photos are examined at once, and so many photos that may wait.
    pub fn new(at_once: usize, backlog_max: i64) -> Self {
        Self { here: AtomicUsize::new(0), at_once, backlog: AtomicI64::new(0), backlog_max }
    }

    /// Counts a check-in until the guard is dropped.
    pub fn enter(&self) -> Here<'_> {
        self.here.fetch_add(1, Ordering::Relaxed);
        Here(self)
    }

    /// Whether more check-ins wait for an answer than photos can be examined for in good time.
    pub fn presses(&self) -> bool {
        self.here.load(Ordering::Relaxed) > self.at_once
    }

    /// Whether a photo is better examined later: there is pressure, and room in the queue.
    pub fn defers(&self) -> bool {
        self.presses() && self.backlog.load(Ordering::Relaxed) < self.backlog_max
    }

    /// One more waits.
    pub fn deferred(&self) {
        self.backlog.fetch_add(1, Ordering::Relaxed);
    }

    /// So many wait, of all replicas.
    pub fn set_backlog(&self, waiting: i64) {
        self.backlog.store(waiting, Ordering::Relaxed);
    }
}

impl Drop for Here<'_> {
    fn drop(&mut self) {
        self.0.here.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Peak;

    #[test]
    fn photos_wait_under_pressure_and_only_so_many() {
        let peak = Peak::new(1, 2);
        let first = peak.enter();
        assert!(!peak.defers(), "one at a time is no pressure");
        let second = peak.enter();
        assert!(peak.defers());
        peak.deferred();
        peak.deferred();
        assert!(peak.presses() && !peak.defers(), "the queue is full");
        peak.set_backlog(1);
        assert!(peak.defers());
        drop((first, second));
        assert!(!peak.presses());
    }
}
