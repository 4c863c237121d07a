//! Can a person see something on it: brightness, detail, evenness.

use serde::{Deserialize, Serialize};

use super::luma::Luma;

/// Tiles an axis for the evenness measure.
const TILES: usize = 8;
/// A tile whose brightness varies less than this (standard deviation) is flat.
const FLAT_BELOW: f64 = 3.0;

/// Measures of one small grey copy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Mean brightness, 0 to 255.
    pub brightness: f64,
    /// Brightness that 5 % of the pixels stay below.
    #[serde(default)]
    pub shadow: u8,
    /// Brightness that 95 % of the pixels stay below.
    pub highlight: u8,
    /// Variance of the 3 x 3 Laplacian; small means little detail.
    pub detail: f64,
    /// Share of 8 x 8 tiles without any structure, 0 to 1.
    pub flat_share: f64,
}

/// Measures a small upright copy; comparable only between copies of the same size.
pub fn measure(picture: &Luma) -> Quality {
    let levels = levels(&picture.pixels);
    let count = picture.pixels.len().max(1);
    let sum: u64 = levels.iter().zip(0_u64..).map(|(count, level)| u64::from(*count) * level).sum();
    Quality {
        brightness: sum as f64 / count as f64,
        shadow: percentile(&levels, count, 0.05),
        highlight: percentile(&levels, count, 0.95),
        detail: laplacian_variance(picture),
        flat_share: flat_share(picture),
    }
}

/// How many pixels have each brightness. Four counters side by side: runs of equal pixels do not wait for each other.
fn levels(pixels: &[u8]) -> [u32; 256] {
    let mut side_by_side = [[0_u32; 256]; 4];
    let (fours, rest) = pixels.as_chunks::<4>();
    for four in fours {
        for (counts, pixel) in side_by_side.iter_mut().zip(four) {
            counts[usize::from(*pixel)] += 1;
        }
    }
    for pixel in rest {
        side_by_side[0][usize::from(*pixel)] += 1;
    }
    std::array::from_fn(|level| side_by_side.iter().map(|counts| counts[level]).sum())
}

fn percentile(levels: &[u32; 256], pixels: usize, share: f64) -> u8 {
    let wanted = (pixels as f64 * share) as u32;
    let mut seen = 0;
    for (level, count) in (0_u8..=255).zip(levels) {
        seen += count;
        if seen >= wanted {
            return level;
        }
    }
    255
}

fn laplacian_variance(picture: &Luma) -> f64 {
    let Luma { width, height, pixels } = picture;
    if *width < 3 || *height < 3 {
        return 0.0;
    }
    let rows: Vec<&[u8]> = pixels.chunks_exact(*width).collect();
    let (mut sum, mut squares) = (0_i64, 0_i64);
    for three in rows.windows(3) {
        let (row_sum, row_squares) = laplacian(three[0], three[1], three[2]);
        sum += row_sum;
        squares += row_squares;
    }
    let count = ((width - 2) * (height - 2)) as f64;
    squares as f64 / count - (sum as f64 / count).powi(2)
}

/// Sum and sum of squares of the Laplacian of the middle row.
fn laplacian(above: &[u8], row: &[u8], below: &[u8]) -> (i64, i64) {
    /// A value is at most 1020, so the squares of so many stay inside 32 bits.
    const RUN: usize = 1024;
    let inner = row.len() - 2;
    let (mut sum, mut squares) = (0, 0);
    for start in (0..inner).step_by(RUN) {
        let run = start..(start + RUN).min(inner);
        let [left, centre, right] = [0, 1, 2].map(|shift| &row[run.start + shift..run.end + shift]);
        let [up, down] = [above, below].map(|row| &row[1..][run.clone()]);
        let (mut run_sum, mut run_squares) = (0_i32, 0_i32);
        for place in 0..run.len() {
            let around =
                i32::from(left[place]) + i32::from(right[place]) + i32::from(up[place]) + i32::from(down[place]);
            let value = around - 4 * i32::from(centre[place]);
            run_sum += value;
            run_squares += value * value;
        }
        sum += i64::from(run_sum);
        squares += i64::from(run_squares);
    }
    (sum, squares)
}

fn flat_share(picture: &Luma) -> f64 {
    let (width, height) = (picture.width / TILES, picture.height / TILES);
    if width == 0 || height == 0 {
        return 0.0;
    }
    let mut flat = 0;
    for band in picture.pixels.chunks_exact(picture.width * height).take(TILES) {
        let (mut sums, mut squares) = ([0_u64; TILES], [0_u64; TILES]);
        for row in band.chunks_exact(picture.width) {
            for (tile, pixels) in row.chunks_exact(width).take(TILES).enumerate() {
                sums[tile] += u64::from(pixels.iter().map(|pixel| u32::from(*pixel)).sum::<u32>());
                squares[tile] += u64::from(pixels.iter().map(|pixel| u32::from(*pixel).pow(2)).sum::<u32>());
            }
        }
        let count = (width * height) as f64;
        let variances =
            sums.iter().zip(&squares).map(|(sum, square)| *square as f64 / count - (*sum as f64 / count).powi(2));
        flat += variances.filter(|variance| variance.max(0.0).sqrt() < FLAT_BELOW).count();
    }
    flat as f64 / (TILES * TILES) as f64
}
