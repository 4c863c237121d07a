//! The comparison itself: one fingerprint against a block of them, word by word, as wide as the processor can.

use crate::evidence::photo::fingerprint::Fingerprint;

/// Fingerprints of a block: 32 KiB, so that a block stays near the processor while everyone who waits is answered.
pub const BLOCK: usize = 1024;
/// Fingerprints that are compared side by side.
const LANES: usize = 8;

/// The words of a block: the first words of all fingerprints, then the second ones, and so on.
#[derive(Clone, Debug)]
pub struct Words(Vec<u64>);

impl Default for Words {
    fn default() -> Self {
        Self(vec![0; BLOCK * 4])
    }
}

impl Words {
    /// Puts a fingerprint in its place.
    pub fn set(&mut self, place: usize, print: Fingerprint) {
        for (word, value) in print.0.into_iter().enumerate() {
            self.0[word * BLOCK + place] = value;
        }
    }

    /// The fingerprint at a place.
    pub fn get(&self, place: usize) -> Fingerprint {
        Fingerprint(std::array::from_fn(|word| self.0[word * BLOCK + place]))
    }

    /// The smallest distance of a fingerprint to any of the block.
    pub fn nearest(&self, print: Fingerprint) -> u64 {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vpopcntdq") {
                #[expect(unsafe_code, reason = "the processor was asked on the line above")]
                return unsafe { nearest_avx512(&self.0, print.0) };
            }
            if is_x86_feature_detected!("popcnt") {
                #[expect(unsafe_code, reason = "the processor was asked on the line above")]
                return unsafe { nearest_popcnt(&self.0, print.0) };
            }
        }
        nearest(&self.0, print.0)
    }
}

/// The nearest pair of two small sets of fingerprints.
pub fn nearest_pair(asked: &[Fingerprint], kept: &[Fingerprint]) -> u32 {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("popcnt") {
        #[expect(unsafe_code, reason = "the processor was asked on the line above")]
        return unsafe { pair_popcnt(asked, kept) };
    }
    pair(asked, kept)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "popcnt")]
fn pair_popcnt(asked: &[Fingerprint], kept: &[Fingerprint]) -> u32 {
    pair(asked, kept)
}

#[expect(clippy::inline_always, reason = "it has to become part of the functions for each processor")]
#[inline(always)]
fn pair(asked: &[Fingerprint], kept: &[Fingerprint]) -> u32 {
    let distance = |a: &Fingerprint, b: &Fingerprint| {
        (a.0[0] ^ b.0[0]).count_ones()
            + (a.0[1] ^ b.0[1]).count_ones()
            + (a.0[2] ^ b.0[2]).count_ones()
            + (a.0[3] ^ b.0[3]).count_ones()
    };
    let mut least = u32::MAX;
    for a in asked {
        for b in kept {
            least = least.min(distance(a, b));
        }
    }
    least
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn nearest_avx512(words: &[u64], print: [u64; 4]) -> u64 {
    nearest(words, print)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "popcnt")]
fn nearest_popcnt(words: &[u64], print: [u64; 4]) -> u64 {
    nearest(words, print)
}

#[expect(clippy::inline_always, reason = "it has to become part of the functions for each processor")]
#[inline(always)]
fn nearest(words: &[u64], print: [u64; 4]) -> u64 {
    let (first, rest) = words.split_at(BLOCK);
    let (second, rest) = rest.split_at(BLOCK);
    let (third, fourth) = rest.split_at(BLOCK);
    let mut least = [u64::MAX; LANES];
    let firsts = first.as_chunks::<LANES>().0.iter();
    let seconds = second.as_chunks::<LANES>().0.iter();
    let thirds = third.as_chunks::<LANES>().0.iter();
    let fourths = fourth.as_chunks::<LANES>().0.iter();
    for (((a, b), c), d) in firsts.zip(seconds).zip(thirds).zip(fourths) {
        for lane in 0..LANES {
            let bits = u64::from((a[lane] ^ print[0]).count_ones())
                + u64::from((b[lane] ^ print[1]).count_ones())
                + u64::from((c[lane] ^ print[2]).count_ones())
                + u64::from((d[lane] ^ print[3]).count_ones());
            least[lane] = least[lane].min(bits);
        }
    }
    least.into_iter().min().unwrap_or(u64::MAX)
}
