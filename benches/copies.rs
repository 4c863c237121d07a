//! Both display copies of a photo against `vipsthumbnail`, which is what one would install for it.

use std::{fs, path::Path, process::Command};

use cpu_time::ThreadTime;
use hadir::evidence::photo::{header::PhotoLimits, rendition};

use crate::pictures::{self, median};

/// Files of one call: its time is counted in ticks of 10 ms.
const TOGETHER: usize = 21;

pub fn run(folder: Option<&Path>) {
    let photos = pictures::all(folder, || vec![pictures::made(4032, 3024, 86), pictures::made(1600, 1200, 85)]);
    let scratch = tempfile::tempdir().expect("a folder");
    println!("CPU ms a photo: both copies here (median), both by vipsthumbnail (its start is taken off)");
    let mut ratios = Vec::new();
    for photo in photos {
        if rendition::copies(&photo.bytes, &[1280, 320], &PhotoLimits::default()).is_err() {
            continue;
        }
        let time = |_| {
            let time = ThreadTime::now();
            drop(std::hint::black_box(rendition::copies(&photo.bytes, &[1280, 320], &PhotoLimits::default())));
            time.elapsed().as_secs_f64() * 1e3
        };
        let ours = median(&mut (0..7).map(time).collect::<Vec<f64>>());
        let files: Vec<String> =
            (0..TOGETHER).map(|number| scratch.path().join(format!("{number}.jpg")).display().to_string()).collect();
        files.iter().for_each(|file| fs::write(file, &photo.bytes).expect("a file"));
        let theirs: f64 = ["1280", "320"].map(|side| vips(&files, side) - vips(&files[..1], side)).iter().sum();
        let theirs = theirs / (TOGETHER - 1) as f64;
        ratios.push(theirs / ours);
        let name: String = photo.name.chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
        println!("{name:<60} {ours:>8.1} {theirs:>8.1}");
    }
    println!("median of {} photos: vipsthumbnail takes {:.2} times as long", ratios.len(), median(&mut ratios));
}

/// CPU time of one call for all these files, with all its threads, milliseconds.
fn vips(files: &[String], side: &str) -> f64 {
    let before = children();
    let size = format!("{side}x{side}");
    let output = Command::new("vipsthumbnail")
        .args(files)
        .args(["--size", &size, "--rotate", "-o", "%s.copy.jpg[Q=80,strip]"])
        .output()
        .expect("vipsthumbnail is not installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    children() - before
}

/// CPU time of the children that have ended, milliseconds (fields 16 and 17 of /proc/self/stat, in ticks of 10 ms).
fn children() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").expect("/proc");
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(13) + ticks(14)) * 10.0
}
