//! Do the findings of a scaled decode equal those of a whole one?

use std::{collections::BTreeMap, path::Path};

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
    let mut tally: BTreeMap<&str, (u32, BTreeMap<&str, u32>)> = BTreeMap::new();
    for photo in &photos {
        for (version, bytes) in versions(&photo.bytes) {
            let Some((scaled, whole)) = both(&bytes) else { continue };
            compared += 1;
            if let (Some(a), Some(b)) = (&scaled.seen, &whole.seen) {
                bits.push(f64::from(a.fingerprint.distance(&b.fingerprint)));
            }
            let (a, b) = (codes(&scaled), codes(&whole));
            if a != b {
                different += 1;
                println!("{} {version}: scaled {a:?}, whole {b:?}", photo.name);
                println!("  {:?}\n  {:?}", quality(&scaled), quality(&whole));
            }
            let (count, found) = tally.entry(version).or_default();
            *count += 1;
            a.into_iter().filter(|code| SEEN.contains(code)).for_each(|code| *found.entry(code).or_default() += 1);
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
    println!("what is found on each version:");
    for (version, (count, found)) in tally {
        println!("  {version:<16} {count:>5}  {found:?}");
    }
}

/// Findings about whether anything can be seen.
const SEEN: &[&str] =
    &["photo.dark", "photo.uniform", "photo.overexposed", "photo.blurred", "photo.partly_covered", "photo.damaged"];

/// The photo as it is, and as somebody would rather not have it.
fn versions(photo: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut versions = vec![("as it is", photo.to_vec())];
    let Some(image) = decoded(photo).filter(|image| image.width().max(image.height()) <= 6000) else { return versions };
    let changed = |change: &dyn Fn(u8) -> u8| {
        let mut image = image.clone();
        image.pixels_mut().for_each(|pixel| pixel.0 = pixel.0.map(change));
        jpeg(&image, 85)
    };
    // Blur grows with the photo, so that it looks the same.
    let scale = image.width().max(image.height()) as f32 / 1600.0;
    for (name, sigma) in [("blurred by 2", 2.0), ("blurred by 4", 4.0), ("blurred by 8", 8.0), ("blurred by 16", 16.0)]
    {
        versions.push((name, jpeg(&image::imageops::fast_blur(&image, sigma * scale), 85)));
    }
    versions.push(("dark", changed(&|level| level / 12)));
    versions.push(("washed out", changed(&|level| 255 - (255 - level) / 8)));
    versions.push(("lens covered", jpeg(&image::imageops::fast_blur(&image, 120.0 * scale), 85)));
    versions
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
