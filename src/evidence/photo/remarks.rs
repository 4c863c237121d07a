//! What photo evidence says in findings and words.

use jiff::tz::TimeZone;

use super::{exif, inspect::PhotoEvidence};
use crate::{
    evidence::finding::{Code, Finding, Measure},
    model::{
        time::Timestamp,
        words::{Severity, Words},
    },
};

/// A picture whose mean is below this and whose highlights are below [`DARK_HIGHLIGHT`] shows nothing.
pub const DARK_MEAN: f64 = 20.0;
/// See [`DARK_MEAN`].
pub const DARK_HIGHLIGHT: u8 = 60;
/// A picture with at least this share of flat tiles is one even surface.
pub const UNIFORM_SHARE: f64 = 0.98;
/// With a shorter side below this nobody can recognise a person, and the measures above mean nothing.
pub const SHORTER_SIDE_PX: u32 = 96;
/// Below this Laplacian variance there is hardly any detail. About 3 % of good photos (plain walls, sky) are below too,
/// so blur never flags by itself.
pub const BLURRED_BELOW: f64 = 20.0;
/// A camera clock without a zone may differ this much from the server's for honest reasons.
pub const OTHER_TIME_HOURS: f64 = 26.0;
/// With a zone it has no such excuse.
pub const OTHER_TIME_WITH_ZONE_HOURS: f64 = 1.0;

/// The findings of a photo received at an instant in a unit's zone.
pub fn findings(evidence: &PhotoEvidence, received_at: Timestamp, zone: &TimeZone) -> Vec<Finding> {
    let shorter = evidence.header.width.min(evidence.header.height);
    let pixels = match &evidence.seen {
        _ if shorter < SHORTER_SIDE_PX => Some(small(shorter)),
        Some(seen) => look(&seen.quality),
        None => Some(not_examined()),
    };
    pixels.into_iter().chain(other_time(evidence, received_at, zone)).collect()
}

fn look(quality: &super::quality::Quality) -> Option<Finding> {
    if quality.brightness < DARK_MEAN && quality.highlight < DARK_HIGHLIGHT {
        return Some(Finding {
            code: Code::PhotoDark,
            severity: Severity::High,
            measure: Some(Measure { measured: quality.brightness, threshold: DARK_MEAN, unit: "level" }),
            words: Words::new(
                format!("Foto gelap: kecerahan rata-rata {:.0} dari 255. Ulangi di tempat terang.", quality.brightness),
                format!(
                    "The photo is dark: mean brightness {:.0} of 255. Take it again in the light.",
                    quality.brightness
                ),
            ),
        });
    }
    if quality.flat_share >= UNIFORM_SHARE {
        return Some(Finding {
            code: Code::PhotoUniform,
            severity: Severity::High,
            measure: Some(Measure { measured: quality.flat_share, threshold: UNIFORM_SHARE, unit: "share" }),
            words: Words::new(
                "Foto hanya menunjukkan satu bidang rata, seperti lensa yang tertutup.",
                "The photo shows one even surface, as with a covered lens.",
            ),
        });
    }
    (quality.detail < BLURRED_BELOW).then(|| Finding {
        code: Code::PhotoBlurred,
        severity: Severity::Medium,
        measure: Some(Measure { measured: quality.detail, threshold: BLURRED_BELOW, unit: "variance" }),
        words: Words::new(
            format!(
                "Foto hampir tanpa detail (ketajaman {:.0}, batas {BLURRED_BELOW:.0}): mungkin buram.",
                quality.detail
            ),
            format!(
                "The photo has hardly any detail (sharpness {:.0}, limit {BLURRED_BELOW:.0}): it may be blurred.",
                quality.detail
            ),
        ),
    })
}

fn small(shorter: u32) -> Finding {
    Finding {
        code: Code::PhotoSmall,
        severity: Severity::High,
        measure: Some(Measure { measured: f64::from(shorter), threshold: f64::from(SHORTER_SIDE_PX), unit: "px" }),
        words: Words::new(
            format!("Foto terlalu kecil untuk dilihat: sisi pendeknya {shorter} piksel."),
            format!("The photo is too small to recognise anything: its shorter side has {shorter} pixels."),
        ),
    }
}

fn not_examined() -> Finding {
    Finding {
        code: Code::PhotoNotExamined,
        severity: Severity::Medium,
        measure: None,
        words: Words::new(
            "Foto tersimpan tetapi tidak dapat dibuka oleh server, jadi belum diperiksa. Kirim foto lain bila masih bisa.",
            "The photo is stored but the server could not open it, so it was not examined. Send another one if you still can.",
        ),
    }
}

fn other_time(evidence: &PhotoEvidence, received_at: Timestamp, zone: &TimeZone) -> Option<Finding> {
    let taken = evidence.exif.taken_at?;
    let offset = evidence.exif.taken_at_offset.as_deref().and_then(exif::offset_seconds);
    let (instant, limit): (Timestamp, f64) = match offset {
        Some(seconds) => {
            let utc = taken.to_zoned(TimeZone::UTC).ok()?.timestamp();
            (Timestamp::from(utc).plus_seconds(-seconds), OTHER_TIME_WITH_ZONE_HOURS)
        }
        None => (taken.to_zoned(zone.clone()).ok()?.timestamp().into(), OTHER_TIME_HOURS),
    };
    let hours = received_at.seconds_since(instant) / 3600.0;
    (hours.abs() > limit).then(|| Finding {
        code: Code::PhotoOtherTime,
        severity: Severity::Medium,
        measure: Some(Measure { measured: hours, threshold: limit, unit: "h" }),
        words: Words::new(
            format!("Menurut kamera, foto dibuat {}, bukan saat presensi.", taken.strftime("%Y-%m-%d %H.%M")),
            format!(
                "By the camera's clock the photo was taken on {}, not at the check-in.",
                taken.strftime("%Y-%m-%d %H:%M")
            ),
        ),
    })
}
