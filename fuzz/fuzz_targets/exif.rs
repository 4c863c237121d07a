//! What a camera claims, from any bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let found = hadir::evidence::photo::exif::find(bytes);
    if let Some(metres) = found.claims.position_accuracy_m {
        assert!(metres.is_finite() && metres > 0.0);
    }
});
