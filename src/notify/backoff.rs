//! How long to wait after a failed attempt.

/// The pause after `attempts` attempts, seconds: the longest is twice that of the attempt before, up to `max_s`, and
/// between its half and itself by `chance`, so that what failed together is not tried again together.
pub fn pause_s(attempts: i64, first_s: i64, max_s: i64, chance: u64) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 62)).unwrap_or(62);
    let longest = first_s.saturating_mul(1_i64 << doublings).clamp(1, max_s.max(1));
    let shortest = longest - longest / 2;
    let spread = u64::try_from(longest - shortest).unwrap_or(0) + 1;
    shortest + i64::try_from(chance % spread).unwrap_or(0)
}
