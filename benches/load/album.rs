//! As many different photos as are needed, made as fast as they are sent.
//!
//! A few pictures are encoded with a restart marker behind each row of blocks, so that the rows stand by themselves; a
//! photo takes each of its bands from one of them. No two are alike to the search for copies, and each is a whole JPEG.

use image::imageops::FilterType;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::pictures::{self, Noise};

/// Pictures the bands are taken from.
const PICTURES: usize = 8;
/// Bands of a photo.
const BANDS: usize = 12;
/// Pixels of a row of blocks with halved colours.
const ROW_PX: u32 = 16;

/// A picture in parts.
struct Rows {
    head: Vec<u8>,
    rows: Vec<Vec<u8>>,
}

/// Photos of one size.
pub struct Album {
    pictures: Vec<Rows>,
}

impl Album {
    /// Photos of this size and quality.
    pub fn new(width: u32, height: u32, quality: u8) -> Self {
        Self { pictures: (0..PICTURES as u64).map(|seed| Rows::new(width, height, quality, seed)).collect() }
    }

    /// The photo of a number; other numbers have others.
    pub fn photo(&self, number: u64) -> Vec<u8> {
        let mut noise = Noise(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let choice: [usize; BANDS] = std::array::from_fn(|_| (noise.next() >> 33) as usize % PICTURES);
        let first = &self.pictures[0];
        let count = first.rows.len();
        let mut photo = first.head.clone();
        for row in 0..count {
            photo.extend_from_slice(&self.pictures[choice[row * BANDS / count]].rows[row]);
            if row + 1 < count {
                photo.extend_from_slice(&[0xFF, 0xD0 + (row % 8) as u8]);
            }
        }
        photo.extend_from_slice(&[0xFF, 0xD9]);
        photo
    }
}

impl Rows {
    fn new(width: u32, height: u32, quality: u8, seed: u64) -> Self {
        let bytes = encoded(width, height, quality, seed);
        let scan = bytes.windows(2).position(|two| two == [0xFF, 0xDA]).expect("a scan");
        let length = usize::from(u16::from_be_bytes([bytes[scan + 2], bytes[scan + 3]]));
        let (head, data) = bytes.split_at(scan + 2 + length);
        let data = &data[..data.len() - 2];
        let (mut rows, mut start) = (Vec::new(), 0);
        for at in 0..data.len() - 1 {
            if data[at] == 0xFF && (0xD0..=0xD7).contains(&data[at + 1]) {
                rows.push(data[start..at].to_vec());
                start = at + 2;
            }
        }
        rows.push(data[start..].to_vec());
        assert_eq!(rows.len() as u32, height.div_ceil(ROW_PX), "a restart marker behind each row");
        Self { head: head.to_vec(), rows }
    }
}

/// The room of the tests in other light: slow waves over it, and the noise of a sensor.
fn encoded(width: u32, height: u32, quality: u8, seed: u64) -> Vec<u8> {
    let room = pictures::decoded(&std::fs::read(pictures::ROOM).expect("tests/photos/room.jpg")).expect("a photo");
    let mut image = image::imageops::resize(&room, width, height, FilterType::Triangle);
    let mut noise = Noise(seed.wrapping_mul(0xD134_2543_DE82_EF95) | 1);
    for _ in 0..8 {
        noise.next();
    }
    let waves: Vec<[f64; 4]> = (0..10)
        .map(|_| {
            [noise.between(-9.0, 9.0), noise.between(-9.0, 9.0), noise.between(0.0, 6.3), noise.between(12.0, 30.0)]
        })
        .collect();
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let (across, down) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
        let light: f64 =
            waves.iter().map(|[by_x, by_y, from, much]| much * (by_x * across + by_y * down + from).sin()).sum();
        let grain = noise.between(-9.0, 9.0);
        pixel.0 = pixel.0.map(|level| (f64::from(level) * 0.6 + 50.0 + light + grain).clamp(0.0, 255.0) as u8);
    }
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_restart_interval((width.div_ceil(ROW_PX)) as u16);
    encoder.encode(image.as_raw(), width as u16, height as u16, ColorType::Rgb).expect("a JPEG");
    bytes
}
