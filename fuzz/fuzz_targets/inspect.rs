//! The whole examination of any bytes, up to findings; small limits, so that many are tried.
#![no_main]

use std::sync::LazyLock;

use hadir::evidence::photo::{
    header::PhotoLimits,
    inspect::Examiner,
    remarks::{self, Circumstances},
};

static EXAMINER: LazyLock<Examiner> = LazyLock::new(|| Examiner {
    limits: PhotoLimits { side_px_max: 2_000, pixels_max: 600_000, progressive_pixels_max: 300_000, other_pixels_max: 300_000, ..PhotoLimits::default() },
    faces: None,
});

// A panic of a decoder is caught and becomes evidence, so it must not end the run; one that is not caught still does.
libfuzzer_sys::fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |bytes: &[u8]| {
    let Ok(inspected) = EXAMINER.inspect(bytes) else { return };
    if let Some(seen) = &inspected.evidence.seen {
        assert!(seen.quality.detail.is_finite() && (0.0..=1.0).contains(&seen.quality.flat_share));
    }
    // The evidence is kept as JSON and has to come back from it.
    let json = serde_json::to_string(&inspected.evidence).expect("evidence as JSON");
    serde_json::from_str::<hadir::evidence::photo::inspect::PhotoEvidence>(&json).expect("evidence from JSON");
    let received_at = hadir::model::time::Timestamp::from_microsecond(1_800_000_000_000_000);
    let zone = jiff::tz::TimeZone::UTC;
    remarks::findings(&inspected.evidence, &Circumstances { received_at, zone: &zone, fix: None });
});
