//! Photos: what is seen on good ones, and that hostile ones only cost an answer.

use hadir::evidence::photo::{
    decode::{Luma, orientation},
    exif as claims, fingerprint,
    header::{Format, Header, PhotoLimits, Refused},
    inspect::{PhotoEvidence, inspect},
    quality, remarks,
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

fn seen(bytes: &[u8]) -> PhotoEvidence {
    inspect(bytes, &limits()).expect("a photo")
}

fn hash_of(bytes: &[u8]) -> u64 {
    seen(bytes).seen.expect("pixels").perceptual_hash
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
    let received = at("2026-11-23T00:05:00Z");
    let codes = |taken_at, offset| {
        let photo = with_exif(&photos::room(), &Camera { taken_at: Some(taken_at), offset, ..Camera::default() });
        remarks::findings(&seen(&photo), received, &zone)
            .iter()
            .map(|finding| finding.code.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes("2026:11:16 07:05:00", None), ["photo.other_time"]);
    assert_eq!(codes("2026:11:23 07:05:00", None), Vec::<&str>::new());
    assert_eq!(codes("2026:11:22 08:05:00", None), Vec::<&str>::new(), "a clock without a zone may be a day off");
    assert_eq!(codes("2026:11:23 07:05:00", Some("+07:00")), Vec::<&str>::new());
    assert_eq!(codes("2026:11:23 00:05:00", Some("+00:00")), Vec::<&str>::new());
    assert_eq!(codes("2026:11:22 23:00:00", Some("+07:00")), ["photo.other_time"]);
}

#[test]
fn the_hash_survives_recompression_size_and_rotation_tag_and_tells_pictures_apart() {
    let original = hash_of(&photos::room_file());
    let image = photos::decoded(&photos::room_file()).into_rgb8();
    let far = |bytes: &[u8]| fingerprint::distance(original, hash_of(bytes));
    let half = image::imageops::thumbnail(&image, 360, 480);
    assert!(far(&jpeg(&half)) <= 6, "{}", far(&jpeg(&half)));
    let lossless = encoded(&image, image::ImageFormat::Png);
    assert!(far(&lossless) <= 4, "{}", far(&lossless));
    let sideways = image::imageops::rotate270(&image);
    let tagged = with_exif(&jpeg(&sideways), &Camera { orientation: Some(6), ..Camera::default() });
    assert!(far(&tagged) <= 4, "the picture is hashed upright: {}", far(&tagged));
    assert!(far(&jpeg(&sideways)) > 15, "and not as it is stored");
    assert!(far(&photos::room()) > 15);
}

#[test]
fn darkness_evenness_and_blur_are_measured() {
    let measure = |image: image::RgbImage| {
        quality::measure(&Luma::shrink(DynamicImage::ImageRgb8(image), orientation(None), 504))
    };
    let good = measure(picture(1280, 960, 1));
    assert!(good.brightness > 60.0 && good.detail > 100.0 && good.flat_share < 0.1, "{good:?}");
    let mut dark = picture(1280, 960, 1);
    dark.pixels_mut().for_each(|pixel| pixel.0 = pixel.0.map(|channel| channel / 25));
    let dark = measure(dark);
    assert!(dark.brightness < remarks::DARK_MEAN && dark.highlight < remarks::DARK_HIGHLIGHT, "{dark:?}");
    let mut covered = picture(1280, 960, 1);
    covered.pixels_mut().for_each(|pixel| pixel.0 = [90, 40, 40]);
    assert!(measure(covered).flat_share >= remarks::UNIFORM_SHARE);
    let blurred = measure(image::imageops::blur(&picture(640, 480, 1), 12.0));
    assert!(blurred.detail < remarks::BLURRED_BELOW, "{blurred:?}");
}

#[test]
fn a_sound_header_around_broken_pixels_is_evidence_that_says_so_never_a_pass() {
    // The header and the end are whole; the colour tables between them are gone.
    let photo = photos::room();
    let table_at = photo.windows(2).position(|pair| pair == [0xFF, 0xC4]).unwrap();
    let mut broken = photo;
    broken[table_at + 1] = 0xEE;
    let evidence = seen(&broken);
    assert!(evidence.seen.is_none() && evidence.not_examined.is_some());
    let codes: Vec<&str> = remarks::findings(&evidence, at("2026-11-23T00:05:00Z"), &TimeZone::UTC)
        .iter()
        .map(|f| f.code.as_str())
        .collect();
    assert_eq!(codes, ["photo.not_examined"]);
}

#[test]
fn files_that_end_too_early_are_refused_at_every_length() {
    for whole in [
        photos::room(),
        encoded(&picture(64, 48, 1), image::ImageFormat::Png),
        encoded(&picture(64, 48, 1), image::ImageFormat::WebP),
    ] {
        for length in (0..whole.len() - 1).step_by(whole.len() / 97 + 1) {
            assert!(inspect(&whole[..length], &limits()).is_err(), "{length} of {} bytes", whole.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn hostile_bytes_only_cost_an_answer(start in 0_usize..3, noise in prop::collection::vec(any::<u8>(), 0..400)) {
        let magic: [&[u8]; 3] = [&[0xFF, 0xD8, 0xFF], b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP"];
        let _ = inspect(&[magic[start], &noise].concat(), &limits());
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
        let _ = inspect(&bytes, &limits());
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
