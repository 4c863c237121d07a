//! The content hash: SHA-256 over what the pixels depend on, and nothing else.
//!
//! Whoever changes the date or the position in the EXIF of a photo, or its comment, changes the hash of the file, but
//! not this one. It needs no decoding, and two different pictures never share it.

use sha2::{Digest as _, Sha256};

/// SHA-256 of the ranges of a file, one after the other.
pub fn hash(bytes: &[u8], ranges: &[std::ops::Range<usize>]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for range in ranges {
        hasher.update(bytes.get(range.clone()).unwrap_or_default());
    }
    hasher.finalize().into()
}
