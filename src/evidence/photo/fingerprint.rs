//! Fingerprints: 256 bits a picture; alike pictures have fingerprints that differ in few bits.
//!
//! The hash is PDQ (Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019): the
//! signs of the 16 x 16 lowest frequencies, without the constant ones, of a 64 x 64 copy against their median. The copy
//! is made by averaging areas instead of PDQ's two box filters, so distances to its reference hashes are small, not zero.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::luma::{Luma, Part};

/// Bits of a fingerprint.
pub const BITS: u32 = 256;
/// Fingerprints that are kept of a photo: of the whole and of three centre crops, so that a cropped copy is found.
pub const CROPS: usize = 4;
/// Bytes of all that is kept of a photo: the crops, and the mirrored whole.
pub const BYTES: usize = (CROPS + 1) * 32;
/// Share of width and height that each crop cuts off, half of it on either side.
const CUTS: [f64; CROPS] = [0.0, 0.05, 0.10, 0.15];

/// Side of the square the hash looks at.
const SIDE: usize = 64;
/// Frequencies an axis.
const KEPT: usize = 16;

/// 256 bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Fingerprint(pub [u64; 4]);

impl Fingerprint {
    /// How many bits differ.
    pub fn distance(&self, other: &Self) -> u32 {
        self.0.iter().zip(&other.0).map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    /// The 32 bytes it is kept as.
    pub fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (eight, word) in bytes.chunks_exact_mut(8).zip(self.0) {
            eight.copy_from_slice(&word.to_be_bytes());
        }
        bytes
    }

    /// From the 32 bytes it is kept as.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let mut words = [0; 4];
        for (word, eight) in words.iter_mut().zip(bytes.chunks_exact(8)) {
            *word = eight.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        Self(words)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        hex::serde::serialize(self.to_bytes(), serializer)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        hex::serde::deserialize(deserializer).map(Self::from_bytes)
    }
}

/// What is kept of a photo, and what is asked for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fingerprints {
    /// Of the whole picture and of its centre crops.
    pub straight: [Fingerprint; CROPS],
    /// The same of the mirrored picture: front cameras mirror, and so do people.
    pub mirrored: [Fingerprint; CROPS],
    /// How much structure there is to compare, 0 to 100 (PDQ's quality): fingerprints of an even surface are noise.
    pub structure: u8,
}

/// How near a photo comes to one that is kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Nearness {
    /// Differing bits of the nearest pair of crops.
    pub bits: u32,
    /// Whether it is the mirrored picture that comes so near.
    pub mirrored: bool,
}

impl Fingerprints {
    /// The fingerprints of an upright picture.
    pub fn of(picture: &Luma) -> Self {
        let (mut straight, mut mirrored) = ([Fingerprint::default(); CROPS], [Fingerprint::default(); CROPS]);
        let mut structure = 0;
        for (crop, cut) in CUTS.into_iter().enumerate() {
            let square = picture.resized(inner(picture, cut), SIDE, SIDE);
            if crop == 0 {
                structure = self::structure(&square);
            }
            let frequencies = frequencies(&square);
            straight[crop] = signs(&frequencies);
            mirrored[crop] = signs(&mirror(&frequencies));
        }
        Self { straight, mirrored, structure }
    }

    /// The nearest of every crop of this picture, straight and mirrored, to every kept crop of another.
    pub fn nearest(&self, kept: &[Fingerprint; CROPS]) -> Nearness {
        let nearest = |asked: &[Fingerprint; CROPS]| {
            asked.iter().flat_map(|a| kept.iter().map(|b| a.distance(b))).min().unwrap_or(BITS)
        };
        let (straight, mirrored) = (nearest(&self.straight), nearest(&self.mirrored));
        Nearness { bits: straight.min(mirrored), mirrored: mirrored < straight }
    }

    /// What is kept of them.
    pub fn kept(&self) -> Kept {
        Kept { straight: self.straight, mirrored: self.mirrored[0] }
    }
}

/// What is kept of a photo.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kept {
    /// Of the whole picture and of its centre crops.
    pub straight: [Fingerprint; CROPS],
    /// Of the mirrored whole.
    pub mirrored: Fingerprint,
}

impl Kept {
    /// The bytes of a row.
    pub fn to_bytes(&self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        let prints = self.straight.into_iter().chain([self.mirrored]);
        for (place, print) in bytes.chunks_exact_mut(32).zip(prints) {
            place.copy_from_slice(&print.to_bytes());
        }
        bytes
    }

    /// From the bytes of a row; nothing when they are of another length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (prints, rest) = bytes.as_chunks::<32>();
        let prints: [[u8; 32]; CROPS + 1] = prints.try_into().ok().filter(|_| rest.is_empty())?;
        let [a, b, c, d, mirrored] = prints.map(Fingerprint::from_bytes);
        Some(Self { straight: [a, b, c, d], mirrored })
    }

    /// The whole picture, straight and mirrored: what everybody's photos are compared with.
    pub fn whole(&self) -> [Fingerprint; 2] {
        [self.straight[0], self.mirrored]
    }
}

/// The centre of a picture without a share of its width and height.
fn inner(picture: &Luma, cut: f64) -> Part {
    let whole = picture.whole();
    Part {
        left: whole.width * cut / 2.0,
        top: whole.height * cut / 2.0,
        width: whole.width * (1.0 - cut),
        height: whole.height * (1.0 - cut),
    }
}

/// Sum of the brightness steps between neighbours, in percent, divided by 90 and cut at 100, as PDQ defines it.
fn structure(square: &Luma) -> u8 {
    let step = |a: u8, b: u8| u32::from(a.abs_diff(b)) * 100 / 255;
    let rows = square.pixels.chunks_exact(SIDE);
    let across: u32 = rows.clone().flat_map(|row| row.iter().zip(&row[1..])).map(|(a, b)| step(*a, *b)).sum();
    let down: u32 = square.pixels.iter().zip(square.pixels.iter().skip(SIDE)).map(|(a, b)| step(*a, *b)).sum();
    ((across + down) / 90).min(100) as u8
}

/// Rows of the DCT-II matrix for the frequencies 1 to 16, transposed: `[position][frequency]`.
static COSINES: LazyLock<[[f32; KEPT]; SIDE]> = LazyLock::new(|| {
    let mut cosines = [[0.0; KEPT]; SIDE];
    for (position, row) in cosines.iter_mut().enumerate() {
        for (frequency, value) in row.iter_mut().enumerate() {
            let angle = std::f64::consts::PI / (2 * SIDE) as f64 * (frequency + 1) as f64 * (2 * position + 1) as f64;
            *value = ((2.0 / SIDE as f64).sqrt() * angle.cos()) as f32;
        }
    }
    cosines
});

/// `[down][across]`
type Frequencies = [[f32; KEPT]; KEPT];

fn frequencies(square: &Luma) -> Frequencies {
    let cosines = &*COSINES;
    let mut out = [[0.0; KEPT]; KEPT];
    for (row, down) in square.pixels.chunks_exact(SIDE).zip(cosines) {
        let mut across = [0.0; KEPT];
        for (pixel, cosines) in row.iter().zip(cosines) {
            for (sum, cosine) in across.iter_mut().zip(cosines) {
                *sum += f32::from(*pixel) * cosine;
            }
        }
        for (sums, cosine) in out.iter_mut().zip(down) {
            for (sum, value) in sums.iter_mut().zip(&across) {
                *sum += value * cosine;
            }
        }
    }
    out
}

/// The frequencies of the mirrored picture: every odd one across changes its sign.
fn mirror(frequencies: &Frequencies) -> Frequencies {
    let mut mirrored = *frequencies;
    for row in &mut mirrored {
        row.iter_mut().step_by(2).for_each(|value| *value = -*value);
    }
    mirrored
}

fn signs(frequencies: &Frequencies) -> Fingerprint {
    let mut sorted: Vec<f32> = frequencies.iter().flatten().copied().collect();
    let (_, median, _) = sorted.select_nth_unstable_by(KEPT * KEPT / 2 - 1, f32::total_cmp);
    let mut words = [0; 4];
    for (bit, value) in frequencies.iter().flatten().enumerate() {
        words[bit / 64] |= u64::from(value > median) << (bit % 64);
    }
    Fingerprint(words)
}
