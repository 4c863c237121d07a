//! How often a changed picture is known again, and how often two unrelated ones are taken for the same.

use std::path::Path;

use hadir::evidence::photo::{
    fingerprint::Fingerprints,
    inspect::Examiner,
    thresholds::{SAME_PICTURE_BITS, STRUCTURE_MIN, others_bits},
};
use image::{Rgb, RgbImage, imageops};

use crate::pictures::{self, Noise, decoded, jpeg};

/// Longer side of what is changed: what a phone page sends.
const SIDE: u32 = 1280;

type Change = (&'static str, fn(&RgbImage, u64) -> Vec<u8>);

const CHANGES: &[Change] = &[
    ("re-encoded, quality 50", |image, _| jpeg(image, 50)),
    ("half size", |image, _| {
        jpeg(&imageops::resize(image, image.width() / 2, image.height() / 2, imageops::FilterType::Triangle), 85)
    }),
    ("brighter", |image, _| jpeg(&levels(image, |level| level * 1.25 + 10.0), 85)),
    ("darker", |image, _| jpeg(&levels(image, |level| level * 0.7), 85)),
    ("small text", |image, seed| jpeg(&with_text(image, seed), 85)),
    ("5 % cropped", |image, _| jpeg(&cropped(image, 0.05, 0.5), 85)),
    ("10 % cropped", |image, _| jpeg(&cropped(image, 0.10, 0.5), 85)),
    ("20 % cropped", |image, _| jpeg(&cropped(image, 0.20, 0.5), 85)),
    ("10 % cropped at a corner", |image, _| jpeg(&cropped(image, 0.10, 0.0), 85)),
    ("mirrored", |image, _| jpeg(&imageops::flip_horizontal(image), 85)),
    ("turned by 2 degrees", |image, _| jpeg(&warped(image, &Warp { angle: 0.035, ..Warp::default() }), 85)),
    ("photo of a screen, tight", |image, seed| jpeg(&recaptured(image, seed, 0.02), 80)),
    ("photo of a screen, loose", |image, seed| jpeg(&recaptured(image, seed, 0.10), 80)),
];

pub fn run(folder: Option<&Path>) {
    let photos = pictures::all(folder, || vec![pictures::made(1600, 1200, 85)]);
    let pictures: Vec<RgbImage> =
        photos.iter().filter_map(|photo| decoded(&photo.bytes)).filter(large_enough).map(fitted).collect();
    let kept: Vec<Fingerprints> = pictures.iter().map(|image| prints(&jpeg(image, 85))).collect();
    let usable: Vec<usize> = (0..kept.len()).filter(|at| kept[*at].structure >= STRUCTURE_MIN).collect();
    println!("{} pictures of {} photos, {} with enough structure", kept.len(), photos.len(), usable.len());
    println!("\nrecall, %, by differing bits (whole against whole and its mirror image | crops against crops)");
    let limits = [
        SAME_PICTURE_BITS,
        others_bits(100_000_000),
        others_bits(10_000_000),
        others_bits(1_000_000),
        others_bits(1_000),
    ];
    println!("{:<28} {}| {}", "", heads(&limits), heads(&limits));
    for (name, change) in CHANGES {
        let (mut whole, mut crops) = (Vec::new(), Vec::new());
        for at in &usable {
            let changed = prints(&change(&pictures[*at], *at as u64 + 1));
            let straight = kept[*at].straight[0].distance(&changed.straight[0]);
            whole.push(straight.min(kept[*at].straight[0].distance(&changed.mirrored[0])));
            crops.push(changed.nearest(&kept[*at].straight).bits);
        }
        println!("{name:<28} {}| {}", recall(&whole, &limits), recall(&crops, &limits));
    }
    unrelated(&pictures);
}

fn heads(limits: &[u32]) -> String {
    limits.iter().map(|limit| format!("{limit:>6} ")).collect()
}

fn recall(bits: &[u32], limits: &[u32]) -> String {
    let share =
        |limit: &u32| 100.0 * bits.iter().filter(|bits| *bits <= limit).count() as f64 / bits.len().max(1) as f64;
    limits.iter().map(|limit| format!("{:>6.1} ", share(limit))).collect()
}

/// Pairs of different photos. The quarters of a large photo count as further pictures, but not against each other.
fn unrelated(pictures: &[RgbImage]) {
    let mut prints_of: Vec<(usize, Fingerprints)> = Vec::new();
    for (photo, image) in pictures.iter().enumerate() {
        let (width, height) = (image.width() / 2, image.height() / 2);
        let mut views = vec![image.clone()];
        if width.min(height) >= 200 {
            for (x, y) in [(0, 0), (width, 0), (0, height), (width, height)] {
                views.push(imageops::crop_imm(image, x, y, width, height).to_image());
            }
        }
        let prints =
            views.iter().map(|view| prints(&jpeg(view, 85))).filter(|prints| prints.structure >= STRUCTURE_MIN);
        prints_of.extend(prints.map(|prints| (photo, prints)));
    }
    let (mut pairs, mut sum, mut squares) = (0_u64, 0.0, 0.0);
    let (mut whole, mut crops) = ([0_u64; 257], [0_u64; 257]);
    for (at, (photo, a)) in prints_of.iter().enumerate() {
        for (other, b) in &prints_of[..at] {
            if other == photo {
                continue;
            }
            let straight = a.straight[0].distance(&b.straight[0]);
            pairs += 1;
            sum += f64::from(straight);
            squares += f64::from(straight).powi(2);
            whole[straight.min(a.mirrored[0].distance(&b.straight[0])) as usize] += 1;
            crops[a.nearest(&b.straight).bits as usize] += 1;
        }
    }
    let mean = sum / pairs as f64;
    println!(
        "\n{pairs} unrelated pairs of {} pictures: {mean:.1} bits differ on average, standard deviation {:.1}",
        prints_of.len(),
        (squares / pairs as f64 - mean * mean).sqrt()
    );
    let up_to = |counts: &[u64; 257], limit: usize| counts[..=limit].iter().sum::<u64>();
    println!("false pairs up to so many bits (whole and mirror image | crops against crops)");
    for limit in [31, 50, 60, 65, 68, 70, 73, 76, 79, 85, 90] {
        println!("{limit:>4}: {:>6} | {:>6}", up_to(&whole, limit), up_to(&crops, limit));
    }
}

fn prints(bytes: &[u8]) -> Fingerprints {
    let limits = hadir::evidence::photo::header::PhotoLimits::default();
    let header = hadir::evidence::photo::header::Header::read(bytes, &limits).expect("a photo");
    let decoded = hadir::evidence::photo::decode::luma(bytes, &header, 1008, &limits).expect("pixels");
    Examiner::default().look(decoded, None, None).1
}

fn large_enough(image: &RgbImage) -> bool {
    image.width().min(image.height()) >= 200
}

fn fitted(image: RgbImage) -> RgbImage {
    let longer = image.width().max(image.height());
    if longer <= SIDE {
        return image;
    }
    imageops::thumbnail(&image, image.width() * SIDE / longer, image.height() * SIDE / longer)
}

fn levels(image: &RgbImage, change: impl Fn(f64) -> f64) -> RgbImage {
    let mut image = image.clone();
    image
        .pixels_mut()
        .for_each(|pixel| pixel.0 = pixel.0.map(|level| change(f64::from(level)).clamp(0.0, 255.0) as u8));
    image
}

/// What is left when a share of width and height is cut away; `place` is 0 at the upper left, 0.5 in the middle.
fn cropped(image: &RgbImage, share: f64, place: f64) -> RgbImage {
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    let (left, top) = (width * share * place, height * share * place);
    imageops::crop_imm(image, left as u32, top as u32, (width * (1.0 - share)) as u32, (height * (1.0 - share)) as u32)
        .to_image()
}

/// Two lines of block letters, white with a dark edge, as programs stamp date and place.
fn with_text(image: &RgbImage, seed: u64) -> RgbImage {
    let (mut image, mut noise) = (image.clone(), Noise(seed));
    let cell = (image.width() / 240).max(2);
    for line in 0..2 {
        let top = image.height().saturating_sub(cell * (10 + line * 9));
        for letter in 0..22 {
            for dot in 0..35 {
                if noise.next() % 5 < 2 {
                    continue;
                }
                let (x, y) = (cell * (2 + letter * 6 + dot % 5), top + cell * (dot / 5));
                for (dx, dy) in (0..cell).flat_map(|dx| (0..cell).map(move |dy| (dx, dy))) {
                    if x + dx < image.width() && y + dy < image.height() {
                        image.put_pixel(x + dx, y + dy, Rgb([250, 250, 250]));
                    }
                }
            }
        }
    }
    image
}

/// A photo of a screen that shows the picture: its pixel grid, a slanted view, the room around it by `margin`, another
/// tone curve, a reflection, a little blur and sensor noise. Simulated; no real screens were photographed.
fn recaptured(image: &RgbImage, seed: u64, margin: f64) -> RgbImage {
    let mut noise = Noise(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut screen = image.clone();
    for (x, y, pixel) in screen.enumerate_pixels_mut() {
        let gain = if x % 3 == 0 || y % 3 == 0 { 0.82 } else { 1.05 };
        pixel.0 = pixel.0.map(|level| (f64::from(level) * gain).clamp(0.0, 255.0) as u8);
    }
    let warp = Warp {
        angle: noise.between(-0.02, 0.02),
        slant: (noise.between(-0.04, 0.04), noise.between(-0.04, 0.04)),
        margin: noise.between(margin / 2.0, margin),
    };
    let seen = imageops::fast_blur(&warped(&screen, &warp), 0.8);
    let (cast, light) = ([noise.between(0.92, 1.05), 1.0, noise.between(0.92, 1.08)], noise.between(-0.2, 0.2));
    let (width, gamma) = (f64::from(seen.width()), noise.between(0.85, 1.2));
    let mut photo = seen;
    for (x, _, pixel) in photo.enumerate_pixels_mut() {
        let gain = 1.0 + light * (f64::from(x) / width - 0.5);
        for (level, cast) in pixel.0.iter_mut().zip(cast) {
            let value = (f64::from(*level) / 255.0).powf(gamma) * 255.0 * gain * cast + 6.0 + noise.between(-5.0, 5.0);
            *level = value.clamp(0.0, 255.0) as u8;
        }
    }
    photo
}

/// How the view onto a picture differs from the picture.
#[derive(Default)]
struct Warp {
    angle: f64,
    slant: (f64, f64),
    margin: f64,
}

fn warped(image: &RgbImage, warp: &Warp) -> RgbImage {
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    let (sine, cosine) = warp.angle.sin_cos();
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        // From -1 to 1 in both directions.
        let (u, v) = (f64::from(x) / width * 2.0 - 1.0, f64::from(y) / height * 2.0 - 1.0);
        let (u, v) = (u * (1.0 + 2.0 * warp.margin), v * (1.0 + 2.0 * warp.margin));
        let (u, v) = (u * cosine - v * sine * height / width, u * sine * width / height + v * cosine);
        let depth = 1.0 + warp.slant.0 * u + warp.slant.1 * v;
        let (sx, sy) = ((u / depth + 1.0) / 2.0 * width, (v / depth + 1.0) / 2.0 * height);
        if sx < 0.0 || sy < 0.0 || sx >= width || sy >= height {
            return Rgb([38, 36, 40]);
        }
        *image.get_pixel(sx as u32, sy as u32)
    })
}
