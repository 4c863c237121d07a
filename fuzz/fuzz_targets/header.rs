//! The header walk on any bytes.
#![no_main]

use hadir::evidence::photo::{
    content,
    header::{PhotoLimits, walk},
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(walked) = walk(bytes, &PhotoLimits::default()) {
        assert!(walked.content.iter().all(|range| range.start <= range.end && range.start <= bytes.len()));
        content::hash(bytes, &walked.content);
    }
});
