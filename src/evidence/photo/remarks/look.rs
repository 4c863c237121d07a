//! What the pixels show: at most one finding about whether anything can be seen, then damage, shape and faces.

use super::finding;
use crate::{
    evidence::{
        finding::{Code, Finding},
        photo::{
            face::Faces,
            header::Format,
            inspect::{PhotoEvidence, Seen},
            quality::Quality,
            thresholds::{
                BLURRED_BELOW, BRIGHT_MEAN, BRIGHT_SHADOW, DARK_HIGHLIGHT, DARK_MEAN, PARTLY_COVERED_SHARE,
                SCREEN_RATIO, SHORTER_SIDE_PX, UNIFORM_SHARE,
            },
        },
    },
    model::words::{Severity, UnitOfMeasure, Words},
};

pub(super) fn findings(evidence: &PhotoEvidence) -> Vec<Finding> {
    let header = &evidence.header;
    let shorter = header.width.min(header.height);
    let (visible, others) = match &evidence.seen {
        _ if shorter < SHORTER_SIDE_PX => (Some(small(shorter)), Vec::new()),
        None => (Some(not_examined()), Vec::new()),
        Some(seen) => (visibility(&seen.quality), beside(seen)),
    };
    visible.into_iter().chain(others).chain(screenshot(evidence)).collect()
}

/// Can anything be seen? The worst that is true, once.
fn visibility(quality: &Quality) -> Option<Finding> {
    let checks = [dark, uniform, overexposed, blurred, partly_covered];
    checks.iter().find_map(|check| check(quality))
}

fn beside(seen: &Seen) -> Vec<Finding> {
    let damaged = seen.damage.as_ref().map(|_| damaged());
    let nobody = match seen.faces {
        Faces::Checked { count: 0, best_score, threshold } => Some(no_face(best_score, threshold)),
        Faces::Failed => Some(face_not_checked()),
        Faces::Checked { .. } | Faces::NotChecked => None,
    };
    damaged.into_iter().chain(nobody).collect()
}

fn dark(quality: &Quality) -> Option<Finding> {
    let level = quality.brightness;
    (level < DARK_MEAN && quality.highlight < DARK_HIGHLIGHT).then(|| {
        finding(
            Code::PhotoDark,
            Severity::High,
            Some((level, DARK_MEAN, UnitOfMeasure::Levels)),
            Words::new(
                format!("Foto gelap: kecerahan rata-rata {level:.0} dari 255. Ulangi di tempat terang."),
                format!("The photo is dark: mean brightness {level:.0} of 255. Take it again in the light."),
            ),
        )
    })
}

fn uniform(quality: &Quality) -> Option<Finding> {
    (quality.flat_share >= UNIFORM_SHARE).then(|| {
        finding(
            Code::PhotoUniform,
            Severity::High,
            Some((quality.flat_share, UNIFORM_SHARE, UnitOfMeasure::Share)),
            Words::new(
                "Foto hanya menunjukkan satu bidang rata, seperti lensa yang tertutup.",
                "The photo shows one even surface, as with a covered lens.",
            ),
        )
    })
}

fn overexposed(quality: &Quality) -> Option<Finding> {
    let level = quality.brightness;
    (level > BRIGHT_MEAN && quality.shadow > BRIGHT_SHADOW).then(|| {
        finding(
            Code::PhotoOverexposed,
            Severity::Medium,
            Some((level, BRIGHT_MEAN, UnitOfMeasure::Levels)),
            Words::new(
                format!("Foto terlalu terang: kecerahan rata-rata {level:.0} dari 255. Jangan membelakangi cahaya."),
                format!("The photo is washed out: mean brightness {level:.0} of 255. Do not stand against the light."),
            ),
        )
    })
}

fn blurred(quality: &Quality) -> Option<Finding> {
    let detail = quality.detail;
    (detail < BLURRED_BELOW).then(|| {
        finding(
            Code::PhotoBlurred,
            Severity::Medium,
            Some((detail, BLURRED_BELOW, UnitOfMeasure::Variance)),
            Words::new(
                format!("Foto hampir tanpa detail (ketajaman {detail:.0}, batas {BLURRED_BELOW:.0}): mungkin buram."),
                format!(
                    "The photo has hardly any detail (sharpness {detail:.0}, limit {BLURRED_BELOW:.0}): it may be blurred."
                ),
            ),
        )
    })
}

fn partly_covered(quality: &Quality) -> Option<Finding> {
    let percent = quality.flat_share * 100.0;
    (quality.flat_share >= PARTLY_COVERED_SHARE).then(|| {
        finding(
            Code::PhotoPartlyCovered,
            Severity::Low,
            Some((quality.flat_share, PARTLY_COVERED_SHARE, UnitOfMeasure::Share)),
            Words::new(
                format!("{percent:.0} % foto adalah bidang rata: mungkin jari di depan lensa."),
                format!("{percent:.0} % of the photo is an even surface: there may be a finger in front of the lens."),
            ),
        )
    })
}

fn small(shorter: u32) -> Finding {
    finding(
        Code::PhotoSmall,
        Severity::High,
        Some((f64::from(shorter), f64::from(SHORTER_SIDE_PX), UnitOfMeasure::Pixels)),
        Words::new(
            format!("Foto terlalu kecil untuk dilihat: sisi pendeknya {shorter} piksel."),
            format!("The photo is too small to recognise anything: its shorter side has {shorter} pixels."),
        ),
    )
}

fn not_examined() -> Finding {
    finding(
        Code::PhotoNotExamined,
        Severity::Medium,
        None,
        Words::new(
            "Foto tersimpan, tetapi server belum dapat memeriksanya; seseorang akan melihatnya.",
            "The photo is stored, but the server could not examine it; a person will look at it.",
        ),
    )
}

fn damaged() -> Finding {
    finding(
        Code::PhotoDamaged,
        Severity::Medium,
        None,
        Words::new(
            "Sebagian data foto rusak atau hilang; bagian bawahnya mungkin kosong. Kirim foto lain bila masih bisa.",
            "Part of the photo's data is broken or missing; its lower part may be empty. Send another one if you still can.",
        ),
    )
}

fn no_face(best_score: f64, threshold: f64) -> Finding {
    finding(
        Code::PhotoNoFace,
        Severity::Medium,
        Some((best_score, threshold, UnitOfMeasure::Score)),
        Words::new(
            "Tidak ditemukan wajah pada foto. Pastikan wajah terlihat dan cukup terang.",
            "No face was found on the photo. Make sure that the face is visible and in the light.",
        ),
    )
}

fn face_not_checked() -> Finding {
    finding(
        Code::PhotoFaceNotChecked,
        Severity::Low,
        None,
        Words::new(
            "Pemeriksaan wajah tidak dapat dijalankan pada foto ini.",
            "The face check could not run on this photo.",
        ),
    )
}

/// Said by the phone itself, or guessed from a format and a shape that no camera makes.
fn screenshot(evidence: &PhotoEvidence) -> Option<Finding> {
    if evidence.exif.screenshot {
        return Some(finding(
            Code::PhotoScreenshot,
            Severity::Medium,
            None,
            Words::new(
                "Menurut ponsel, berkas ini tangkapan layar, bukan foto kamera.",
                "By the phone's own note this is a screenshot, not a photo of the camera.",
            ),
        ));
    }
    let header = &evidence.header;
    let ratio = f64::from(header.width.max(header.height)) / f64::from(header.width.min(header.height).max(1));
    (header.format == Format::Png && ratio >= SCREEN_RATIO).then(|| {
        finding(
            Code::PhotoScreenshot,
            Severity::Low,
            Some((ratio, SCREEN_RATIO, UnitOfMeasure::Ratio)),
            Words::new(
                format!(
                    "Berkas PNG berbentuk layar ponsel (perbandingan sisi {}): mungkin tangkapan layar.",
                    comma(ratio)
                ),
                format!("A PNG in the shape of a phone's screen (sides {ratio:.2} to 1): it may be a screenshot."),
            ),
        )
    })
}

fn comma(number: f64) -> String {
    format!("{number:.2}").replace('.', ",")
}
