//! The photos that are measured: those of a folder, or some made from the one in the tests.

use std::{
    fs,
    path::{Path, PathBuf},
};

use image::{DynamicImage, RgbImage, codecs::jpeg::JpegEncoder, imageops::FilterType};

/// The photo of the tests.
pub const ROOM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/photos/room.jpg");

/// A photo and its name.
pub struct Photo {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Every photo in a folder, by name; made ones without a folder.
pub fn all(folder: Option<&Path>, made: impl FnOnce() -> Vec<Photo>) -> Vec<Photo> {
    let Some(folder) = folder else { return made() };
    let mut paths = Vec::new();
    walk(folder, &mut paths);
    paths.sort();
    let read =
        |path: PathBuf| Photo { bytes: fs::read(&path).expect("a readable file"), name: path.display().to_string() };
    paths.into_iter().map(read).collect()
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(&path, paths);
            continue;
        }
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if ["jpg", "jpeg", "png", "webp"].contains(&ending.as_str()) {
            paths.push(path);
        }
    }
}

/// The pixels of a photo, upright or not; none when the image crate cannot read it.
pub fn decoded(bytes: &[u8]) -> Option<RgbImage> {
    image::load_from_memory(bytes).ok().map(DynamicImage::into_rgb8)
}

pub fn jpeg(image: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(image).expect("a JPEG");
    bytes
}

/// A small generator for noise and choices; the same seed gives the same numbers.
pub struct Noise(pub u64);

impl Noise {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * ((self.next() >> 40) as f64 / (1_u64 << 24) as f64)
    }
}

/// The room of the tests, enlarged and with sensor noise, so that a file has about as many bytes as a phone's.
pub fn made(width: u32, height: u32, quality: u8) -> Photo {
    let bytes = fs::read(ROOM).expect("tests/photos/room.jpg");
    let room = decoded(&bytes).expect("a photo");
    let mut image = image::imageops::resize(&room, width, height, FilterType::Triangle);
    let mut noise = Noise(u64::from(width) | 1);
    for pixel in image.pixels_mut() {
        let grain = noise.between(-9.0, 9.0);
        pixel.0 = pixel.0.map(|level| (f64::from(level) + grain).clamp(0.0, 255.0) as u8);
    }
    Photo { name: format!("made {width} x {height}"), bytes: jpeg(&image, quality) }
}

/// The middle value.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
