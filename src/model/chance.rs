//! Randomness as a value that is passed in, so that tests can repeat a run.

use std::sync::{Mutex, PoisonError};

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};

/// A cryptographic random generator shared by all requests.
pub struct Chance(Mutex<ChaCha20Rng>);

impl Chance {
    /// A generator that yields the same bytes for the same 32-byte seed.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(Mutex::new(ChaCha20Rng::from_seed(seed)))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        // A panic elsewhere cannot leave the generator half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut out);
        out
    }

    /// Whether something that happens in so many of 100 cases happens now.
    pub fn draws(&self, percent: f64) -> bool {
        // 53 bits are what a number of this kind holds exactly.
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let ticket = (u64::from_le_bytes(self.bytes()) >> 11) as f64 / (1_u64 << 53) as f64;
        ticket * 100.0 < percent
    }
}
