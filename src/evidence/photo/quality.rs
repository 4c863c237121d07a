//! Can a person see something on it: brightness, detail, evenness.

use serde::{Deserialize, Serialize};

use super::decode::Luma;

/// Tiles an axis for the evenness measure.
const TILES: usize = 8;
/// A tile whose brightness varies less than this (standard deviation) is flat.
const FLAT_BELOW: f64 = 3.0;

/// Measures of one small grey copy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Mean brightness, 0 to 255.
    pub brightness: f64,
    /// Brightness that 95 % of the pixels stay below.
    pub highlight: u8,
    /// Variance of the 3 x 3 Laplacian; small means little detail.
    pub detail: f64,
    /// Share of 8 x 8 tiles without any structure, 0 to 1.
    pub flat_share: f64,
}

/// Measures a small upright copy; comparable only between copies of the same size.
pub fn measure(picture: &Luma) -> Quality {
    let count = picture.pixels.len().max(1);
    let sum: u64 = picture.pixels.iter().map(|pixel| u64::from(*pixel)).sum();
    Quality {
        brightness: sum as f64 / count as f64,
        highlight: percentile(&picture.pixels, 0.95),
        detail: laplacian_variance(picture),
        flat_share: flat_share(picture),
    }
}

fn percentile(pixels: &[u8], share: f64) -> u8 {
    let mut histogram = [0_usize; 256];
    for pixel in pixels {
        histogram[usize::from(*pixel)] += 1;
    }
    let wanted = (pixels.len() as f64 * share) as usize;
    let mut seen = 0;
    for (level, count) in histogram.iter().enumerate() {
        seen += count;
        if seen >= wanted {
            return level as u8;
        }
    }
    255
}

fn laplacian_variance(picture: &Luma) -> f64 {
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for y in 1..picture.height.saturating_sub(1) {
        for x in 1..picture.width.saturating_sub(1) {
            let around = picture.at(x - 1, y) + picture.at(x + 1, y) + picture.at(x, y - 1) + picture.at(x, y + 1);
            let value = around - 4.0 * picture.at(x, y);
            count += 1.0;
            sum += value;
            squares += value * value;
        }
    }
    if count == 0.0 { 0.0 } else { squares / count - (sum / count).powi(2) }
}

fn flat_share(picture: &Luma) -> f64 {
    let (width, height) = (picture.width / TILES, picture.height / TILES);
    if width == 0 || height == 0 {
        return 0.0;
    }
    let flat = (0..TILES * TILES).filter(|tile| {
        let (left, top) = (tile % TILES * width, tile / TILES * height);
        let (mut sum, mut squares) = (0.0, 0.0);
        for y in top..top + height {
            for x in left..left + width {
                sum += picture.at(x, y);
                squares += picture.at(x, y).powi(2);
            }
        }
        let count = (width * height) as f64;
        (squares / count - (sum / count).powi(2)).max(0.0).sqrt() < FLAT_BELOW
    });
    flat.count() as f64 / (TILES * TILES) as f64
}
