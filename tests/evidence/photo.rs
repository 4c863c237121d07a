//! Photos: what is seen on good ones, and that hostile ones only cost an answer.

use hadir::evidence::photo::{
    exif as claims,
    fingerprint::{Fingerprint, Fingerprints, Kept},
    header::{Format, Header, PhotoLimits, Refused},
    inspect::{Examiner, Inspected, PhotoEvidence},
    luma::{Luma, orientation},
    quality,
    remarks::{self, Circumstances},
    thresholds,
};
use image::DynamicImage;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::support::{
    at,
    photos::{self, Camera, encoded, jpeg, picture, with_exif},
};

fn limits() -> PhotoLimits {
    PhotoLimits::default()
}

fn inspect(bytes: &[u8]) -> Result<Inspected, Refused> {
    Examiner::default().inspect(bytes)
}

fn seen(bytes: &[u8]) -> PhotoEvidence {
    inspect(bytes).expect("a photo").evidence
}

fn prints_of(bytes: &[u8]) -> Fingerprints {
    inspect(bytes).expect("a photo").fingerprints.expect("structure")
}

/// Codes of the findings of a photo that is received at a time.
fn codes(photo: &[u8], received: &str, zone: &TimeZone) -> Vec<&'static str> {
    let circumstances = Circumstances { received_at: at(received), zone, fix: None };
    remarks::findings(&seen(photo), &circumstances).iter().map(|finding| finding.code.as_str()).collect()
}

/// A picture as the checks see it.
fn grey(image: &image::RgbImage) -> Luma {
    let grey = DynamicImage::ImageRgb8(image.clone()).into_luma8();
    Luma { width: grey.width() as usize, height: grey.height() as usize, pixels: grey.into_raw() }
}

#[test]
fn the_header_tells_format_size_and_kind_of_each_format() {
    let image = picture(320, 200, 1);
    for (format, expected) in [
        (image::ImageFormat::Jpeg, Format::Jpeg),
        (image::ImageFormat::Png, Format::Png),
        (image::ImageFormat::WebP, Format::Webp),
    ] {
        let header = Header::read(&encoded(&image, format), &limits()).unwrap();
        assert_eq!((header.format, header.width, header.height), (expected, 320, 200));
    }
    let header = Header::read(&photos::room(), &limits()).unwrap();
    assert_eq!((header.components, header.progressive, header.scans), (3, false, 1));
}

#[test]
fn limits_are_checked_on_the_header_before_any_pixel() {
    let small = PhotoLimits { side_px_max: 300, ..limits() };
    let refused = Header::read(&photos::room(), &small).unwrap_err();
    assert_eq!(refused, Refused::TooMuch { of: "pixels on its longer side", found: 640, limit: 300 });
    let few = PhotoLimits { pixels_max: 1000, ..limits() };
    assert!(matches!(Header::read(&photos::room(), &few), Err(Refused::TooMuch { of: "pixels", .. })));
    assert!(matches!(Header::read(&photos::bomb_png(), &limits()), Err(Refused::TooMuch { found: 60_000, .. })));
    let png = encoded(&picture(64, 48, 1), image::ImageFormat::Png);
    let little = PhotoLimits { other_pixels_max: 3071, ..limits() };
    assert_eq!(Header::read(&png, &little).unwrap_err(), Refused::TooMuch { of: "pixels", found: 3072, limit: 3071 });
    // The frame header of a progressive JPEG differs in its marker only.
    let mut progressive = photos::room();
    let frame_at = progressive.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    progressive[frame_at + 1] = 0xC2;
    let few = PhotoLimits { progressive_pixels_max: 1000, ..limits() };
    assert!(matches!(Header::read(&progressive, &few), Err(Refused::TooMuch { limit: 1000, .. })));
    // Sixteen more scans in front of the real one.
    let photo = photos::room();
    let scan_at = photo.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    let fake_scans = [0xFF, 0xDA, 0, 2].repeat(25);
    let many = [&photo[..scan_at], &fake_scans, &photo[scan_at..]].concat();
    assert_eq!(Header::read(&many, &limits()).unwrap_err(), Refused::TooMuch { of: "scans", found: 26, limit: 20 });
}

#[test]
fn the_claims_of_a_camera_are_read_and_none_is_normal() {
    assert_eq!(claims::read(&photos::room()), claims::Claims::default());
    let camera = Camera {
        taken_at: Some("2026:11:23 07:04:58"),
        offset: Some("+07:00"),
        position: Some(([6, 35, 42], [106, 48, 59])),
        denominator: 1,
        orientation: Some(6),
    };
    let found = claims::read(&with_exif(&photos::room(), &camera));
    assert_eq!(found.taken_at.unwrap().to_string(), "2026-11-23T07:04:58");
    assert_eq!((found.make.as_deref(), found.model.as_deref()), (Some("Contoh"), Some("Ponsel 5")));
    assert_eq!(found.orientation, Some(6));
    let position = found.position.unwrap();
    assert!((position.latitude() + 6.595).abs() < 1e-9 && (position.longitude() - 106.816_388_888_888_9).abs() < 1e-9);
}

#[test]
fn a_position_with_zero_denominators_and_a_blank_date_claim_nothing() {
    let camera = Camera {
        taken_at: Some("0000:00:00 00:00:00"),
        position: Some(([6, 35, 42], [106, 48, 59])),
        denominator: 0,
        ..Camera::default()
    };
    let found = claims::read(&with_exif(&photos::room(), &camera));
    assert_eq!((found.position, found.taken_at), (None, None));
}

#[test]
fn another_day_is_remarked_and_the_same_moment_in_any_zone_is_not() {
    let zone = TimeZone::get("Asia/Jakarta").unwrap();
    let codes = |taken_at, offset| {
        let photo = with_exif(&photos::room(), &Camera { taken_at: Some(taken_at), offset, ..Camera::default() });
        codes(&photo, "2026-11-23T00:05:00Z", &zone)
    };
    assert_eq!(codes("2026:11:16 07:05:00", None), ["photo.other_time"]);
    assert_eq!(codes("2026:11:23 07:05:00", None), Vec::<&str>::new());
    assert_eq!(codes("2026:11:22 08:05:00", None), Vec::<&str>::new(), "a clock without a zone may be a day off");
    assert_eq!(codes("2026:11:23 07:05:00", Some("+07:00")), Vec::<&str>::new());
    assert_eq!(codes("2026:11:23 00:05:00", Some("+00:00")), Vec::<&str>::new());
    assert_eq!(codes("2026:11:22 23:00:00", Some("+07:00")), ["photo.other_time"]);
}

#[test]
fn a_picture_is_known_again_after_recompression_resizing_cropping_mirroring_and_in_any_rotation() {
    let original = prints_of(&photos::room_file()).kept();
    let image = photos::decoded(&photos::room_file()).into_rgb8();
    let bits = |bytes: &[u8]| prints_of(bytes).nearest(&original.straight);
    let (width, height) = image.dimensions();
    let half = image::imageops::thumbnail(&image, width / 2, height / 2);
    let cropped =
        image::imageops::crop_imm(&image, width / 20, height / 20, width * 9 / 10, height * 9 / 10).to_image();
    let changed = [
        ("half size", jpeg(&half), 20),
        ("lossless", encoded(&image, image::ImageFormat::Png), 8),
        ("a tenth cropped", jpeg(&cropped), 31),
        ("brighter", jpeg(&image::imageops::brighten(&image, 30)), 24),
    ];
    for (how, bytes, limit) in changed {
        let near = bits(&bytes);
        assert!(near.bits <= limit && !near.mirrored, "{how}: {near:?}");
    }
    let mirrored = bits(&jpeg(&image::imageops::flip_horizontal(&image)));
    assert!(mirrored.bits <= 8 && mirrored.mirrored, "{mirrored:?}");
    let sideways = image::imageops::rotate270(&image);
    let tagged = with_exif(&jpeg(&sideways), &Camera { orientation: Some(6), ..Camera::default() });
    assert!(bits(&tagged).bits <= 8, "the picture is compared upright: {:?}", bits(&tagged));
    assert!(bits(&jpeg(&sideways)).bits > 70, "and not as it is stored");
    assert!(bits(&photos::fresh()).bits > 79);
}

#[test]
fn fingerprints_of_unrelated_pictures_differ_in_about_half_of_their_bits() {
    let prints: Vec<Fingerprint> =
        (0..40).map(|seed| Fingerprints::of(&grey(&photos::scene(128, 96, seed))).straight[0]).collect();
    let distances: Vec<u32> =
        prints.iter().enumerate().flat_map(|(n, a)| prints[..n].iter().map(|b| a.distance(b))).collect();
    let mean = f64::from(distances.iter().sum::<u32>()) / distances.len() as f64;
    assert!((mean - 124.0).abs() < 8.0, "{mean}");
    assert!(*distances.iter().min().unwrap() > 79, "{distances:?}");
}

#[test]
fn what_is_kept_of_a_photo_comes_back_from_its_bytes() {
    let kept = prints_of(&photos::room()).kept();
    assert_eq!(Kept::from_bytes(&kept.to_bytes()), Some(kept));
    assert_eq!(Kept::from_bytes(&kept.to_bytes()[1..]), None);
}

#[test]
fn a_grey_picture_is_turned_as_the_image_library_turns_it() {
    let picture = photos::scene(7, 4, 3);
    for tag in 0..=9 {
        let mut expected = DynamicImage::ImageLuma8(DynamicImage::ImageRgb8(picture.clone()).into_luma8());
        expected.apply_orientation(orientation(Some(tag)));
        let turned = grey(&picture).upright(orientation(Some(tag)));
        assert_eq!((turned.width as u32, turned.height as u32), (expected.width(), expected.height()), "tag {tag}");
        assert_eq!(turned.pixels, expected.into_luma8().into_raw(), "tag {tag}");
    }
}

#[test]
fn a_stale_satellite_time_beside_a_right_clock_accuses_nobody() {
    let zone = TimeZone::get("Asia/Jakarta").unwrap();
    let circumstances = Circumstances { received_at: at("2026-11-23T00:05:00Z"), zone: &zone, fix: None };
    let says = |taken_at: Option<&str>, position_at: Option<&str>| {
        let mut evidence = seen(&photos::room());
        evidence.exif.taken_at = taken_at.map(|text| text.parse().unwrap());
        evidence.exif.position_at = position_at.map(at);
        remarks::findings(&evidence, &circumstances).iter().map(|finding| finding.words.en.clone()).collect::<Vec<_>>()
    };
    let none = Vec::<String>::new();
    assert_eq!(says(Some("2026-11-23T07:04:58"), Some("2026-11-22T09:00:00Z")), none, "the last known position");
    assert_eq!(
        says(Some("2026-11-23T07:04:58"), Some("2026-11-24T00:04:50Z")),
        none,
        "the date of one zone, the time of another"
    );
    assert_eq!(says(None, Some("2026-11-23T00:04:50Z")), none);
    assert_eq!(
        says(Some("2026-11-16T07:05:00"), Some("2026-11-23T00:04:50Z")),
        none,
        "one clock that is right is enough"
    );
    assert_eq!(
        says(Some("2026-11-16T07:05:00"), Some("2026-11-16T00:05:00Z")),
        ["By the camera's clock the photo was taken on 2026-11-16 07:05, not at the check-in."]
    );
    assert_eq!(
        says(None, Some("2026-11-16T00:05:00Z")),
        ["By the camera's clock the photo was taken on 2026-11-16 07:05, not at the check-in."]
    );
}

#[test]
fn a_position_in_the_photo_far_from_the_phones_is_remarked_only_when_both_are_of_now() {
    use hadir::{
        evidence::location::fix::Fix,
        model::{geo::Position, words::AccuracyBasis},
    };
    let zone = TimeZone::get("Asia/Jakarta").unwrap();
    let fix = Fix { position: Position::new(-6.595, 106.8166).unwrap(), accuracy_m: 20.0 };
    let circumstances =
        Circumstances { received_at: at("2026-11-23T00:05:00Z"), zone: &zone, fix: Some((fix, AccuracyBasis::Web)) };
    let says = |latitude: f64, taken_at: &str, accuracy: Option<f64>| {
        let mut evidence = seen(&photos::room());
        evidence.exif.position = Some(Position::new(latitude, 106.8166).unwrap());
        evidence.exif.position_accuracy_m = accuracy;
        evidence.exif.taken_at = Some(taken_at.parse().unwrap());
        let found = remarks::findings(&evidence, &circumstances);
        found.iter().map(|finding| (finding.code.as_str(), finding.words.en.clone())).collect::<Vec<_>>()
    };
    let far = ("photo.elsewhere", "The position inside the photo is 2.2 km away from the phone's.".to_owned());
    assert_eq!(says(-6.575, "2026-11-23T07:04:58", None), [far]);
    assert_eq!(says(-6.591, "2026-11-23T07:04:58", None), [], "442 m");
    assert_eq!(says(-6.575, "2026-11-23T07:04:58", Some(1500.0)), [], "the camera was not sure");
    assert_eq!(says(-6.575, "2026-11-23T06:40:00", None), [], "25 minutes before");
}

#[test]
fn what_a_file_says_about_its_making_is_remarked() {
    let zone = TimeZone::get("Asia/Jakarta").unwrap();
    let circumstances = Circumstances { received_at: at("2026-11-23T00:05:00Z"), zone: &zone, fix: None };
    let codes = |change: fn(&mut PhotoEvidence)| {
        let mut evidence = seen(&photos::room());
        change(&mut evidence);
        remarks::findings(&evidence, &circumstances).iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(codes(|evidence| evidence.exif.software = Some("Snapseed 2.21".into())), ["photo.edited"]);
    assert_eq!(codes(|evidence| evidence.exif.software = Some("HDR+ 1.0.345618096zdh".into())), Vec::<&str>::new());
    let saved = |evidence: &mut PhotoEvidence| {
        evidence.exif.taken_at = Some("2026-11-23T07:00:00".parse().unwrap());
        evidence.exif.modified_at = Some("2026-11-23T07:02:00".parse().unwrap());
    };
    assert_eq!(codes(saved), ["photo.saved_again"]);
    assert_eq!(codes(|evidence| evidence.exif.dimensions = Some((4032, 3024))), ["photo.dimensions"]);
    assert_eq!(codes(|evidence| evidence.exif.dimensions = Some((480, 640))), Vec::<&str>::new(), "turned");
    assert_eq!(codes(|evidence| evidence.exif.screenshot = true), ["photo.screenshot"]);
    assert_eq!(codes(|evidence| evidence.seen.as_mut().unwrap().thumbnail_bits = Some(120)), ["photo.thumbnail"]);
    let bright = |evidence: &mut PhotoEvidence| {
        let quality = &mut evidence.seen.as_mut().unwrap().quality;
        (quality.brightness, quality.shadow) = (245.0, 230);
    };
    assert_eq!(codes(bright), ["photo.overexposed"]);
    assert_eq!(codes(|evidence| evidence.seen.as_mut().unwrap().quality.flat_share = 0.8), ["photo.partly_covered"]);
}

#[test]
fn every_finding_is_explained_once_and_the_page_is_the_one_in_the_repository() {
    use hadir::evidence::{catalogue, finding::Code};
    let entries = catalogue::catalogue();
    assert_eq!(entries.len(), Code::ALL.len());
    assert!(
        entries.iter().all(|entry| !entry.means.is_empty() && !entry.honest.is_empty() && !entry.threshold.is_empty())
    );
    let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/api-spec/findings.md")).unwrap();
    assert!(catalogue::page() == kept, "run scripts/bless");
}

#[test]
fn the_content_hash_stays_when_only_metadata_change_and_changes_with_the_picture() {
    let photo = photos::room();
    let camera = Camera { taken_at: Some("2026:11:23 07:04:58"), ..Camera::default() };
    assert_eq!(seen(&photo).content_sha256, seen(&with_exif(&photo, &camera)).content_sha256);
    assert_ne!(seen(&photo).content_sha256, seen(&photos::other_room()).content_sha256);
    let again = encoded(&photos::picture(640, 480, 1), image::ImageFormat::Png);
    assert_ne!(seen(&photo).content_sha256, seen(&again).content_sha256);
    // A chunk of text in front of the pixels of a PNG.
    let text = [&again[..33], &[0, 0, 0, 3], b"tEXt", b"a\0b", &[0, 0, 0, 0], &again[33..]].concat();
    assert_eq!(seen(&again).content_sha256, seen(&text).content_sha256);
}

#[test]
fn a_photo_whose_data_are_cut_is_called_damaged_and_is_still_examined() {
    let photo = photos::room();
    let cut = [&photo[..photo.len() * 2 / 3], &[0xFF, 0xD9]].concat();
    let evidence = seen(&cut);
    assert!(evidence.seen.as_ref().unwrap().damage.is_some(), "{evidence:?}");
    assert_eq!(codes(&cut, "2026-11-23T00:05:00Z", &TimeZone::UTC), ["photo.damaged"]);
    assert_eq!(seen(&photo).seen.unwrap().damage, None);
    // A few bytes too many in front of the end take nothing from the picture; some phones write them.
    let end = photo.len() - 2;
    let padded = [&photo[..end], &[0, 0, 0, 0], &photo[end..]].concat();
    assert_eq!(seen(&padded).seen.unwrap().damage, None);
}

#[test]
fn the_threshold_for_other_peoples_photos_follows_its_formula() {
    // Upper tail of the normal distribution by its continued fraction (Abramowitz and Stegun 26.2.14).
    let tail = |z: f64| {
        let fraction = (1..=60).rev().fold(z, |below, k| z + f64::from(k) / below);
        (-z * z / 2.0).exp() / (std::f64::consts::TAU.sqrt() * fraction)
    };
    for (photos, bits) in thresholds::OTHERS_BITS {
        let chance = |bits: u32| 2.0 * *photos as f64 * 4.2 * tail((128.0 - f64::from(bits) - 0.5) / 8.2);
        assert!(chance(*bits) <= 1e-5 && chance(bits + 1) > 1e-5, "{photos}: {bits}, {}", chance(*bits));
    }
    assert_eq!(thresholds::others_bits(0), 78);
    assert_eq!(thresholds::others_bits(10_000_000), 67);
    assert_eq!(thresholds::others_bits(u64::MAX), thresholds::OTHERS_BITS_BEYOND);
}

#[test]
fn darkness_evenness_and_blur_are_measured() {
    let measure = |image: image::RgbImage| quality::measure(&grey(&image).fitted(thresholds::MEASURED_SIDE_PX));
    let good = measure(picture(1280, 960, 1));
    assert!(good.brightness > 60.0 && good.detail > 100.0 && good.flat_share < 0.1, "{good:?}");
    let mut dark = picture(1280, 960, 1);
    dark.pixels_mut().for_each(|pixel| pixel.0 = pixel.0.map(|channel| channel / 25));
    let dark = measure(dark);
    assert!(dark.brightness < thresholds::DARK_MEAN && dark.highlight < thresholds::DARK_HIGHLIGHT, "{dark:?}");
    let mut covered = picture(1280, 960, 1);
    covered.pixels_mut().for_each(|pixel| pixel.0 = [90, 40, 40]);
    assert!(measure(covered).flat_share >= thresholds::UNIFORM_SHARE);
    let blurred = measure(image::imageops::blur(&picture(640, 480, 1), 12.0));
    assert!(blurred.detail < thresholds::BLURRED_BELOW, "{blurred:?}");
}

#[test]
fn a_sound_header_around_broken_pixels_is_evidence_that_says_so_never_a_pass() {
    // The header and the end are whole, but its pixels have 12 bits, which no decoder here takes.
    let mut broken = photos::room();
    let frame_at = broken.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    broken[frame_at + 4] = 12;
    let evidence = seen(&broken);
    assert!(evidence.seen.is_none() && evidence.not_examined.is_some());
    assert_eq!(codes(&broken, "2026-11-23T00:05:00Z", &TimeZone::UTC), ["photo.not_examined"]);
}

#[test]
fn a_file_on_which_a_decoder_breaks_off_is_answered_all_the_same() {
    // Found by fuzzing: zune-jpeg 0.5.15 panics on it.
    let broken = include_bytes!("../photos/broken/decoder-breaks-off.jpg");
    let evidence = seen(broken);
    assert!(evidence.seen.is_some() || evidence.not_examined.is_some(), "{evidence:?}");
}

#[test]
fn files_that_end_too_early_are_refused_at_every_length() {
    for whole in [
        photos::room(),
        encoded(&picture(64, 48, 1), image::ImageFormat::Png),
        encoded(&picture(64, 48, 1), image::ImageFormat::WebP),
    ] {
        for length in (0..whole.len() - 1).step_by(whole.len() / 97 + 1) {
            assert!(inspect(&whole[..length]).is_err(), "{length} of {} bytes", whole.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn hostile_bytes_only_cost_an_answer(start in 0_usize..3, noise in prop::collection::vec(any::<u8>(), 0..400)) {
        let magic: [&[u8]; 3] = [&[0xFF, 0xD8, 0xFF], b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP"];
        let _ = inspect(&[magic[start], &noise].concat());
    }

    #[test]
    fn a_photo_with_flipped_bytes_only_costs_an_answer(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), which in 0_usize..3) {
        let format = [image::ImageFormat::Jpeg, image::ImageFormat::Png, image::ImageFormat::WebP][which];
        let mut bytes = if which == 0 {
            with_exif(&jpeg(&picture(48, 32, 2)), &Camera { taken_at: Some("2026:11:23 07:04:58"), position: Some(([6, 35, 42], [106, 48, 59])), denominator: 1, orientation: Some(3), ..Camera::default() })
        } else {
            encoded(&picture(48, 32, 2), format)
        };
        for (index, value) in flips {
            let place = index.index(bytes.len());
            bytes[place] = value;
        }
        let _ = inspect(&bytes);
    }
}

/// An EXIF block whose directories overlap: a few kilobytes that a parser turns into millions of entries.
fn nested_exif(pointers: u16) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0".to_vec();
    block.extend(pointers.to_le_bytes());
    for number in 0..u32::from(pointers) {
        block.extend(0x8769_u16.to_le_bytes());
        block.extend(4_u16.to_le_bytes());
        block.extend(1_u32.to_le_bytes());
        block.extend((10 + number * 12 + 4).to_le_bytes());
    }
    block.resize(60_000, 0xFF);
    let length = u16::try_from(block.len() + 8).unwrap().to_be_bytes();
    let photo = photos::room();
    [&photo[..2], &[0xFF, 0xE1], &length, b"Exif\0\0", &block, &photo[2..]].concat()
}

#[test]
fn exif_that_would_fill_the_memory_claims_nothing_and_the_photo_is_still_examined() {
    let evidence = seen(&nested_exif(2700));
    assert_eq!(evidence.exif, claims::Claims::default());
    assert!(evidence.seen.is_some());
}

#[test]
fn a_camera_clock_offset_beyond_all_zones_is_none() {
    for offset in ["+9223372036854775807:00", "+19:00", "07:00", "+7", "", "+07:60"] {
        assert_eq!(claims::offset_seconds(offset), None, "{offset}");
    }
    assert_eq!(claims::offset_seconds("-09:30"), Some(-34_200));
}
