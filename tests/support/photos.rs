//! Photos made for the tests, good and bad.

use std::io::Cursor;

use exif::{Field, In, Rational, Tag, Value, experimental::Writer};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, codecs::jpeg::JpegEncoder};

/// A textured picture; the same seed gives the same pixels.
pub fn picture(width: u32, height: u32, seed: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let wave = (f64::from(x * 7 + seed) / 31.0).sin() * 50.0 + (f64::from(y * 5) / 23.0).cos() * 40.0;
        let grain = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503) ^ seed) % 23;
        let ramp = f64::from(y) * 70.0 / f64::from(height);
        let value = (90.0 + wave + ramp + f64::from(grain)).clamp(0.0, 255.0) as u8;
        Rgb([value, value.saturating_sub(18), value / 2 + 30])
    })
}

/// Cosine and sine of one wave at each place.
type Table = Vec<(f64, f64)>;

/// A picture that shares nothing with that of another seed: twenty random waves and some grain.
pub fn scene(width: u32, height: u32, seed: u64) -> RgbImage {
    use rand_chacha::{
        ChaCha8Rng,
        rand_core::{Rng as _, SeedableRng as _},
    };
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut below = |limit: u32| f64::from(random.next_u32() % limit);
    let waves: Vec<(Table, Table)> = (0..20)
        .map(|_| {
            let (across, down, phase) = (below(9), below(9), below(628) / 100.0);
            let strength = (30.0 - 2.0 * (across + down)).max(4.0);
            let table = |frequency: f64, phase: f64, side: u32, strength: f64| {
                let angle = |place: u32| f64::from(place) / f64::from(side) * frequency * std::f64::consts::TAU + phase;
                (0..side).map(|place| (angle(place).cos() * strength, angle(place).sin())).collect()
            };
            (table(across, phase, width, strength), table(down, 0.0, height, 1.0))
        })
        .collect();
    RgbImage::from_fn(width, height, |x, y| {
        let level: f64 = waves
            .iter()
            .map(|(across, down)| {
                across[x as usize].0 * down[y as usize].0 - across[x as usize].1 * down[y as usize].1 * 9.0
            })
            .sum();
        let grain = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) % 19;
        let value = (110.0 + level + f64::from(grain)).clamp(0.0, 255.0) as u8;
        Rgb([value, value.saturating_sub(10), value / 2 + 40])
    })
}

/// A good photo that nobody has sent before.
pub fn fresh() -> Vec<u8> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1_000);
    jpeg(&scene(320, 240, NEXT.fetch_add(1, Ordering::Relaxed)))
}

/// A good photo of about so many bytes: comments, which a JPEG may have, before the picture.
pub fn padded(bytes: usize) -> Vec<u8> {
    let photo = fresh();
    let comment = [&[0xFF, 0xFE, 0xFF, 0xFF], vec![b' '; 0xFFFD].as_slice()].concat();
    [&photo[..2], &comment.repeat(bytes / comment.len()), &photo[2..]].concat()
}

pub fn jpeg(image: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 85).encode_image(image).expect("a JPEG");
    bytes
}

pub fn encoded(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image.clone()).write_to(&mut bytes, format).expect("an encoded picture");
    bytes.into_inner()
}

/// The pixels of a picture the tests made or got.
#[expect(clippy::disallowed_methods, reason = "nothing hostile in here")]
pub fn decoded(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).expect("a picture")
}

/// A good photo.
pub fn room() -> Vec<u8> {
    jpeg(&picture(640, 480, 1))
}

/// Another good photo.
pub fn other_room() -> Vec<u8> {
    jpeg(&picture(640, 480, 99))
}

/// The photo that is kept as a file, with EXIF as a phone writes it.
pub fn room_file() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/photos/room.jpg")).expect("tests/photos/room.jpg")
}

/// A JPEG without its second half.
pub fn truncated() -> Vec<u8> {
    let whole = room();
    whole[..whole.len() / 2].to_vec()
}

/// 65 bytes that claim 60,000 x 60,000 pixels.
pub fn bomb_png() -> Vec<u8> {
    let mut bytes = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', 0, 0, 0, 13, b'I', b'H', b'D', b'R'];
    bytes.extend(60_000_u32.to_be_bytes());
    bytes.extend(60_000_u32.to_be_bytes());
    bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend([0, 0, 0, 8, b'I', b'D', b'A', b'T', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    bytes.resize(65, 0);
    bytes
}

/// What a camera claims in a test.
#[derive(Default)]
pub struct Camera {
    pub taken_at: Option<&'static str>,
    pub offset: Option<&'static str>,
    pub position: Option<([u32; 3], [u32; 3])>,
    pub denominator: u32,
    pub orientation: Option<u16>,
}

/// A JPEG with EXIF.
pub fn with_exif(jpeg: &[u8], camera: &Camera) -> Vec<u8> {
    let ascii =
        |tag, text: &str| Field { tag, ifd_num: In::PRIMARY, value: Value::Ascii(vec![text.as_bytes().to_vec()]) };
    let degrees = |parts: [u32; 3]| {
        let rational = parts.map(|part| Rational { num: part, denom: camera.denominator });
        Value::Rational(rational.to_vec())
    };
    let mut fields = vec![ascii(Tag::Make, "Contoh"), ascii(Tag::Model, "Ponsel 5")];
    fields.extend(camera.taken_at.map(|text| ascii(Tag::DateTimeOriginal, text)));
    fields.extend(camera.offset.map(|text| ascii(Tag::OffsetTimeOriginal, text)));
    if let Some((south, east)) = camera.position {
        fields.push(ascii(Tag::GPSLatitudeRef, "S"));
        fields.push(Field { tag: Tag::GPSLatitude, ifd_num: In::PRIMARY, value: degrees(south) });
        fields.push(ascii(Tag::GPSLongitudeRef, "E"));
        fields.push(Field { tag: Tag::GPSLongitude, ifd_num: In::PRIMARY, value: degrees(east) });
    }
    fields.extend(camera.orientation.map(|value| Field {
        tag: Tag::Orientation,
        ifd_num: In::PRIMARY,
        value: Value::Short(vec![value]),
    }));
    let mut writer = Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut tiff = Cursor::new(Vec::new());
    writer.write(&mut tiff, false).expect("EXIF");
    let payload = [b"Exif\0\0".as_slice(), &tiff.into_inner()].concat();
    let length = u16::try_from(payload.len() + 2).expect("a short segment").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &payload, &jpeg[2..]].concat()
}
