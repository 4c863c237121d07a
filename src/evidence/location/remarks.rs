//! What location evidence says in findings and words.

use super::{
    fence::{Judged, OUTSIDE_UP_TO, Outcome, Reason},
    fix::{Fix, MAX_AGE_SECONDS},
};
use crate::{
    evidence::finding::{Code, Finding, Measure, metres_in_words},
    model::words::{PlaceKind, PositionError, Severity, UnitOfMeasure, Words},
};

/// The findings of a judged fix; none when it is inside.
pub fn findings(fix: Fix, judged: &Judged) -> Vec<Finding> {
    match judged.outcome {
        Outcome::Inside => Vec::new(),
        Outcome::Outside => vec![outside(fix, judged)],
        Outcome::Uncertain(reason) => vec![cannot_tell(fix, judged, reason)],
    }
}

fn outside(fix: Fix, judged: &Judged) -> Finding {
    let (gap, distance, accuracy) = (judged.best.gap_m, judged.best.distance_m, fix.accuracy_m);
    let (gap_words, distance_words, accuracy_words) =
        (metres_in_words(gap), metres_in_words(distance), metres_in_words(accuracy));
    // The gap at which an honest phone of this precision is no longer believed: exp(-g^2 / 2 sigma^2) = OUTSIDE_UP_TO.
    let threshold = judged.best.sigma_m * (-2.0 * OUTSIDE_UP_TO.ln()).sqrt();
    let place = place_words(judged.best.kind);
    Finding {
        code: Code::LocationOutside,
        severity: Severity::High,
        measure: Some(Measure { measured: gap, threshold, unit: UnitOfMeasure::Metres }),
        words: Words::new(
            format!(
                "Di luar batas sejauh {} ({} dari {}, ketelitian ± {}).",
                gap_words.id, distance_words.id, place.id, accuracy_words.id
            ),
            format!(
                "Outside by {} ({} from {}, accuracy ± {}).",
                gap_words.en, distance_words.en, place.en, accuracy_words.en
            ),
        ),
    }
}

fn cannot_tell(fix: Fix, judged: &Judged, reason: Reason) -> Finding {
    let accuracy = metres_in_words(fix.accuracy_m);
    let accuracy_max_m = judged.accuracy_max_m.unwrap_or(0.0).floor();
    let finest = metres_in_words(accuracy_max_m);
    // A polygon has no radius: its fence is as far as the fix from its middle without the gap.
    let radius_m = judged.best.radius_m.unwrap_or(judged.best.distance_m - judged.best.gap_m);
    let radius = metres_in_words(radius_m);
    let distance = metres_in_words(judged.best.distance_m);
    let place = place_words(judged.best.kind);
    let (measure, words) = match reason {
        Reason::TooCoarse => (
            Measure { measured: fix.accuracy_m, threshold: accuracy_max_m, unit: UnitOfMeasure::Metres },
            Words::new(
                format!(
                    "Belum dapat dipastikan: ketelitian ponsel ± {} terlalu kasar, perlu ± {} atau lebih baik. Coba lagi di dekat jendela.",
                    accuracy.id, finest.id
                ),
                format!(
                    "Cannot tell: the phone's accuracy of ± {} is too coarse, ± {} or better is needed. Try again near a window.",
                    accuracy.en, finest.en
                ),
            ),
        ),
        Reason::NearEdge => (
            Measure { measured: judged.best.distance_m, threshold: radius_m, unit: UnitOfMeasure::Metres },
            Words::new(
                format!(
                    "Belum dapat dipastikan: {} dari {}, dekat batas {} (ketelitian ± {}). Coba lagi di dekat jendela.",
                    distance.id, place.id, radius.id, accuracy.id
                ),
                format!(
                    "Cannot tell: {} from {}, near the fence at {} (accuracy ± {}). Try again near a window.",
                    distance.en, place.en, radius.en, accuracy.en
                ),
            ),
        ),
    };
    Finding { code: Code::LocationCannotTell, severity: Severity::Medium, measure: Some(measure), words }
}

/// All fixes were well-formed but made too long before sending; `age_seconds` is that of the freshest.
///
/// False alarms: phones hand out their last known position indoors, sometimes days old.
pub fn stale(age_seconds: f64) -> Finding {
    let minutes = (age_seconds.abs() / 60.0).round();
    let (saat, when) = if age_seconds < 0.0 { ("sesudah", "dated after") } else { ("sebelum", "old") };
    Finding {
        code: Code::LocationStale,
        severity: Severity::Medium,
        measure: Some(Measure { measured: age_seconds, threshold: MAX_AGE_SECONDS, unit: UnitOfMeasure::Seconds }),
        words: Words::new(
            format!("Posisi tidak dapat dipakai: waktunya {minutes:.0} menit {saat} dikirim. Ambil posisi baru."),
            format!("The position cannot be used: it was {minutes:.0} minutes {when} when sent. Take a fresh one."),
        ),
    }
}

/// The phone sent no position.
pub fn missing(reason: PositionError) -> Finding {
    let (sebab, why) = match reason {
        PositionError::Denied => ("izin lokasi ditolak", "the location permission was refused"),
        PositionError::Unavailable => ("ponsel tidak dapat menentukan posisi", "the phone could not find its position"),
        PositionError::Timeout => ("ponsel tidak menjawab tepat waktu", "the phone gave no position in time"),
    };
    Finding {
        code: Code::LocationMissing,
        severity: Severity::Medium,
        measure: None,
        words: Words::new(format!("Tanpa posisi: {sebab}."), format!("No position: {why}.")),
    }
}

/// No place is in force on the day, so there is nothing to compare with.
pub fn no_place() -> Finding {
    Finding {
        code: Code::PlaceMissing,
        severity: Severity::Medium,
        measure: None,
        words: Words::new(
            "Belum ada rumah terdaftar yang berlaku pada hari ini; posisi dicatat tanpa dibandingkan.",
            "No registered home is in force on this day; the position was recorded without a comparison.",
        ),
    }
}

/// A place in force is stored and cannot be read, so nothing can be compared.
pub fn unreadable() -> Finding {
    Finding {
        code: Code::PlaceUnreadable,
        severity: Severity::Medium,
        measure: None,
        words: Words::new(
            "Tempat terdaftar tidak dapat dibaca oleh server; posisi dicatat tanpa dibandingkan. Ini bukan kesalahan Anda.",
            "The server could not read a registered place; the position was recorded without a comparison. This is no fault of yours.",
        ),
    }
}

/// The phone's own mock flag is set.
///
/// False alarms: a developer's phone, a receiver over Bluetooth that feeds positions in through the mock interface, a
/// plug-in that sets the flag right after the permission was asked for. That it is not set proves nothing: pages have no
/// such flag, and a rooted phone hides it.
pub fn mocked() -> Finding {
    Finding {
        code: Code::PositionMocked,
        severity: Severity::High,
        measure: None,
        words: Words::new(
            "Ponsel menandai posisi ini sebagai posisi tiruan (mock location).",
            "The phone marks this position as a mock location.",
        ),
    }
}

fn place_words(kind: PlaceKind) -> Words {
    match kind {
        PlaceKind::Home => Words::new("titik rumah", "home"),
        PlaceKind::Relative => Words::new("rumah kerabat", "the relative's place"),
        // Health is nobody's business here.
        PlaceKind::Hospital | PlaceKind::Isolation => Words::new("tempat yang disetujui", "the approved place"),
        PlaceKind::OfficialTravel => Words::new("tempat dinas luar", "the place of the official travel"),
        PlaceKind::Disaster => Words::new("tempat pengungsian", "the place of refuge"),
    }
}
