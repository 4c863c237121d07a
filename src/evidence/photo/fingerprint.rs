//! A 64-bit perceptual hash: alike pictures have hashes that differ in few bits.

use super::decode::Luma;

/// Side of the square the hash looks at.
const SIDE: usize = 32;
/// Side of the block of low frequencies it keeps.
const KEPT: usize = 8;

/// The DCT hash of an upright picture: the signs of the 8 x 8 lowest frequencies of a 32 x 32 copy against their median
/// (Zauner 2010, section 3.2.1). The first bit, the mean brightness, is left out of the median.
pub fn perceptual_hash(picture: &Luma) -> u64 {
    let small =
        if picture.width >= SIDE && picture.height >= SIDE { picture.averaged(SIDE, SIDE) } else { nearest(picture) };
    let frequencies = low_frequencies(&small);
    let mut sorted = frequencies;
    sorted[1..].sort_by(f64::total_cmp);
    let median = sorted[1 + (KEPT * KEPT - 1) / 2];
    frequencies.iter().enumerate().fold(0, |hash, (bit, value)| hash | (u64::from(*value > median) << bit))
}

/// How many bits differ.
pub fn distance(a: u64, b: u64) -> u32 {
    (a ^ b).count_ones()
}

fn nearest(picture: &Luma) -> Luma {
    let pixel = |index: usize| {
        let (x, y) = (index % SIDE * picture.width / SIDE, index / SIDE * picture.height / SIDE);
        picture.pixels.get(y * picture.width + x).copied().unwrap_or(0)
    };
    Luma { width: SIDE, height: SIDE, pixels: (0..SIDE * SIDE).map(pixel).collect() }
}

/// The 8 x 8 lowest frequencies of the two-dimensional DCT-II.
fn low_frequencies(small: &Luma) -> [f64; KEPT * KEPT] {
    let cosine = |frequency: usize, position: usize| {
        (std::f64::consts::PI / SIDE as f64 * (position as f64 + 0.5) * frequency as f64).cos()
    };
    let mut rows = [[0.0; KEPT]; SIDE];
    for (y, row) in rows.iter_mut().enumerate() {
        for (u, value) in row.iter_mut().enumerate() {
            *value = (0..SIDE).map(|x| small.at(x, y) * cosine(u, x)).sum();
        }
    }
    let mut out = [0.0; KEPT * KEPT];
    for v in 0..KEPT {
        for u in 0..KEPT {
            out[v * KEPT + u] = (0..SIDE).map(|y| rows[y][u] * cosine(v, y)).sum();
        }
    }
    out
}
