//! CPU time of one thread, median of interleaved runs: what a check-in's photo costs, and what else it could cost.

use std::{hint::black_box, path::Path};

use cpu_time::ThreadTime;
use hadir::evidence::photo::{
    content, decode, exif,
    fingerprint::Fingerprints,
    header::{self, Header, PhotoLimits},
    inspect::Examiner,
    quality, rendition,
    thresholds::{DECODED_SIDE_PX, MEASURED_SIDE_PX},
};
use image::{DynamicImage, imageops::FilterType};
use sha2::{Digest as _, Sha256};

use crate::pictures::{self, Photo, jpeg, median};

const RUNS: usize = 9;

pub fn run(folder: Option<&Path>) {
    let photos = pictures::all(folder, || vec![pictures::made(4032, 3024, 88), pictures::made(1600, 1200, 85)]);
    println!("libjpeg-turbo: {}", if cfg!(feature = "turbo") { "yes" } else { "no (build with --features turbo)" });
    println!(
        "{:<44} {:>6} {:>6} | {:>8} {:>8} {:>8} {:>8} {:>8} | {:>7} {:>7}",
        "CPU ms, median", "MP", "MB", "naive", "whole", "checks", "decode", "copies", "naive/", "checks/"
    );
    println!("{:<44} {:>6} {:>6} | {:>44} | {:>7} {:>7}", "", "", "", "", "checks", "decode");
    let (mut all_naive, mut all_bare) = (Vec::new(), Vec::new());
    for photo in &photos {
        let Ok(header) = Header::read(&photo.bytes, &PhotoLimits::default()) else { continue };
        let megapixels = f64::from(header.width) * f64::from(header.height) / 1e6;
        let [naive, whole, checks, bare, copies] = measure(photo, &header);
        all_naive.push(naive / checks);
        all_bare.push(checks / bare);
        let name: String = photo.name.chars().rev().take(44).collect::<Vec<_>>().into_iter().rev().collect();
        println!(
            "{name:<44} {megapixels:>6.1} {:>6.2} | {naive:>8.1} {whole:>8.1} {checks:>8.2} {bare:>8.2} {copies:>8.1} | {:>7.1} {:>7.2}",
            photo.bytes.len() as f64 / 1e6,
            naive / checks,
            checks / bare
        );
    }
    if let Some(photo) = photos.last() {
        stages(photo);
    }
    println!(
        "median of {} photos: naive/checks {:.1}, checks/decode {:.2}",
        all_naive.len(),
        median(&mut all_naive),
        median(&mut all_bare)
    );
}

fn measure(photo: &Photo, header: &Header) -> [f64; 5] {
    let (bytes, limits, examiner) = (photo.bytes.as_slice(), PhotoLimits::default(), Examiner::default());
    let mut times: [Vec<f64>; 5] = std::array::from_fn(|_| Vec::new());
    for _ in 0..RUNS {
        let mut time = |place: usize, work: &mut dyn FnMut()| {
            let start = ThreadTime::now();
            work();
            times[place].push(start.elapsed().as_secs_f64() * 1e3);
        };
        time(0, &mut || naive(bytes, &examiner));
        time(1, &mut || {
            if let Ok(decoded) = decode::luma_whole(bytes, header, &limits) {
                black_box(examiner.look(decoded, None, None));
            }
        });
        time(2, &mut || drop(black_box(examiner.inspect(bytes))));
        time(3, &mut || drop(black_box(decode::luma(bytes, header, DECODED_SIDE_PX, &limits))));
        time(4, &mut || drop(black_box(rendition::copies(bytes, &[1280, 320], &limits))));
    }
    times.map(|mut values| median(&mut values))
}

/// Where the time of the checks goes, for one photo.
fn stages(photo: &Photo) {
    let (bytes, limits) = (photo.bytes.as_slice(), PhotoLimits::default());
    let Ok(walked) = header::walk(bytes, &limits) else { return };
    let Ok(decoded) = decode::luma(bytes, &walked.header, DECODED_SIDE_PX, &limits) else { return };
    let small = decoded.luma.clone().fitted(MEASURED_SIDE_PX);
    let time = |work: &dyn Fn()| {
        let run = |_| {
            let start = ThreadTime::now();
            work();
            start.elapsed().as_secs_f64() * 1e3
        };
        median(&mut (0..4 * RUNS).map(run).collect::<Vec<f64>>())
    };
    println!("stages of {}, CPU ms:", photo.name);
    println!("  header walk     {:>7.3}", time(&|| drop(black_box(header::walk(bytes, &limits)))));
    println!("  EXIF            {:>7.3}", time(&|| drop(black_box(exif::find(bytes)))));
    println!(
        "  content hash    {:>7.3}",
        time(&|| {
            black_box(content::hash(bytes, &walked.content));
        })
    );
    println!(
        "  decode          {:>7.3}",
        time(&|| drop(black_box(decode::luma(bytes, &walked.header, DECODED_SIDE_PX, &limits))))
    );
    println!(
        "  to {MEASURED_SIDE_PX} px       {:>7.3}",
        time(&|| drop(black_box(decoded.luma.resized(decoded.luma.whole(), small.width, small.height))))
    );
    println!(
        "  fingerprints    {:>7.3}",
        time(&|| {
            black_box(Fingerprints::of(&small));
        })
    );
    println!(
        "  quality         {:>7.3}",
        time(&|| {
            black_box(quality::measure(&small));
        })
    );
}

/// All of it through the image crate, as one would write it first: both copies, the small grey picture, the same checks.
fn naive(bytes: &[u8], examiner: &Examiner) {
    black_box(Sha256::digest(bytes));
    let claims = exif::read(bytes);
    let Ok(mut image) = image::load_from_memory(bytes) else { return };
    image.apply_orientation(hadir::evidence::photo::luma::orientation(claims.orientation));
    for side in [1280, 320] {
        let copy = image.resize(side, side, FilterType::Lanczos3).into_rgb8();
        black_box(jpeg(&copy, 80));
    }
    let grey = DynamicImage::ImageLuma8(image.resize(504, 504, FilterType::Lanczos3).into_luma8()).into_luma8();
    let luma = hadir::evidence::photo::luma::Luma {
        width: grey.width() as usize,
        height: grey.height() as usize,
        pixels: grey.into_raw(),
    };
    black_box(examiner.look(decode::Decoded { luma, decoder: decode::Decoder::Image, damage: None }, None, None));
}
