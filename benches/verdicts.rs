//! Do the findings of a scaled decode equal those of a whole one?

use std::path::Path;

use hadir::evidence::photo::{
    decode,
    header::{Header, PhotoLimits},
    inspect::{Examiner, PhotoEvidence, Seen},
    remarks::{self, Circumstances},
};
use jiff::tz::TimeZone;

use crate::pictures::{self, decoded, jpeg};

pub fn run(folder: Option<&Path>) {
    let photos = pictures::all(folder, || vec![pictures::made(4032, 3024, 88), pictures::made(1600, 1200, 85)]);
    let (mut compared, mut different, mut bits) = (0, 0, Vec::new());
    for photo in &photos {
        let mut versions = vec![(photo.name.clone(), photo.bytes.clone())];
        if let Some(image) = decoded(&photo.bytes).filter(|image| image.width().max(image.height()) <= 6000) {
            for sigma in [2.0, 4.0, 8.0] {
                let scale = image.width().max(image.height()) as f32 / 1600.0;
                let blurred = image::imageops::fast_blur(&image, sigma * scale);
                versions.push((format!("{} blurred by {sigma}", photo.name), jpeg(&blurred, 85)));
            }
            let mut dark = image.clone();
            dark.pixels_mut().for_each(|pixel| pixel.0 = pixel.0.map(|level| level / 12));
            versions.push((format!("{} dark", photo.name), jpeg(&dark, 85)));
            let mut bright = image;
            bright.pixels_mut().for_each(|pixel| pixel.0 = pixel.0.map(|level| 255 - (255 - level) / 4));
            versions.push((format!("{} bright", photo.name), jpeg(&bright, 85)));
        }
        for (name, bytes) in versions {
            let Some((scaled, whole)) = both(&bytes) else { continue };
            compared += 1;
            if let (Some(a), Some(b)) = (&scaled.seen, &whole.seen) {
                bits.push(f64::from(a.fingerprint.distance(&b.fingerprint)));
            }
            let (a, b) = (codes(&scaled), codes(&whole));
            if a != b {
                different += 1;
                println!("{name}: scaled {a:?}, whole {b:?}\n  {:?}\n  {:?}", quality(&scaled), quality(&whole));
            }
        }
    }
    bits.sort_by(f64::total_cmp);
    let at = |share: f64| bits.get((bits.len() as f64 * share) as usize).copied().unwrap_or(f64::NAN);
    println!(
        "{compared} compared, {different} with other findings: {:.2} % equal; fingerprints differ in {} bits (median), {} (95 %), {} (most)",
        100.0 * f64::from(compared - different) / f64::from(compared.max(1)),
        at(0.5),
        at(0.95),
        bits.last().copied().unwrap_or(f64::NAN)
    );
}

fn both(bytes: &[u8]) -> Option<(PhotoEvidence, PhotoEvidence)> {
    let (examiner, limits) = (Examiner::default(), PhotoLimits::default());
    let scaled = examiner.inspect(bytes).ok()?.evidence;
    scaled.seen.as_ref()?;
    let header = Header::read(bytes, &limits).ok()?;
    let decoded = decode::luma_whole(bytes, &header, &limits).ok()?;
    let (seen, _) = examiner.look(decoded, scaled.exif.orientation, None);
    let thumbnail_bits = scaled.seen.as_ref().and_then(|seen| seen.thumbnail_bits);
    let whole = PhotoEvidence { seen: Some(Seen { thumbnail_bits, ..seen }), ..scaled.clone() };
    Some((scaled, whole))
}

fn codes(evidence: &PhotoEvidence) -> Vec<&'static str> {
    let received_at = "2026-11-23T00:05:00Z".parse::<jiff::Timestamp>().expect("a time").into();
    let circumstances = Circumstances { received_at, zone: &TimeZone::UTC, fix: None };
    remarks::findings(evidence, &circumstances).iter().map(|finding| finding.code.as_str()).collect()
}

fn quality(evidence: &PhotoEvidence) -> Option<hadir::evidence::photo::quality::Quality> {
    evidence.seen.as_ref().map(|seen| seen.quality)
}
