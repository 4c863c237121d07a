//! Every field that is read of a camera's claims against exiftool, photo by photo.

use std::{path::Path, process::Command};

use hadir::evidence::photo::exif::{self, Claims};
use serde_json::Value;

use crate::pictures;

/// A field: its name, what exiftool calls it, what we read, how the two are compared.
type Field = (&'static str, &'static str, fn(&Claims) -> Option<String>, fn(&str, &str) -> bool);

const FIELDS: &[Field] = &[
    ("taken_at", "DateTimeOriginal", |claims| claims.taken_at.map(date_time), same_text),
    ("taken_at_offset", "OffsetTimeOriginal", |claims| claims.taken_at_offset.clone(), same_text),
    ("modified_at", "ModifyDate", |claims| claims.modified_at.map(date_time), same_text),
    ("latitude", "GPSLatitude", |claims| claims.position.map(|at| at.latitude().abs().to_string()), same_number),
    ("longitude", "GPSLongitude", |claims| claims.position.map(|at| at.longitude().abs().to_string()), same_number),
    (
        "position_accuracy_m",
        "GPSHPositioningError",
        |claims| claims.position_accuracy_m.map(|m| m.to_string()),
        same_number,
    ),
    ("make", "Make", |claims| claims.make.clone(), same_text),
    ("model", "Model", |claims| claims.model.clone(), same_text),
    ("software", "Software", |claims| claims.software.clone(), same_text),
    ("orientation", "Orientation", |claims| claims.orientation.map(|tag| tag.to_string()), same_number),
    ("width", "ExifImageWidth", |claims| claims.dimensions.map(|size| size.0.to_string()), same_number),
    ("height", "ExifImageHeight", |claims| claims.dimensions.map(|size| size.1.to_string()), same_number),
];

fn date_time(at: jiff::civil::DateTime) -> String {
    at.strftime("%Y:%m:%d %H:%M:%S").to_string()
}

fn same_text(ours: &str, theirs: &str) -> bool {
    // Ours is cut at 120 characters and has no characters that steer a terminal.
    let clean: String = theirs.chars().filter(|letter| !letter.is_control()).take(120).collect();
    // In exiftool's JSON a text like 1.00 is a number.
    ours.trim() == clean.trim() || same_number(ours, theirs)
}

fn same_number(ours: &str, theirs: &str) -> bool {
    match (ours.parse::<f64>(), theirs.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= 1e-7 * b.abs().max(1.0),
        _ => false,
    }
}

pub fn run(folder: Option<&Path>) {
    let Some(folder) = folder else {
        println!("name a folder of photos");
        return;
    };
    let photos = pictures::all(Some(folder), Vec::new);
    let mut rows: Vec<[u32; 4]> = vec![[0; 4]; FIELDS.len()];
    for chunk in photos.chunks(200) {
        let output = Command::new("exiftool")
            .args(["-n", "-json", "-G1", "-fast2", "-EXIF:all", "-api", "MissingTagValue="])
            .args(chunk.iter().map(|photo| &photo.name))
            .output()
            .expect("exiftool is not installed");
        let answers: Vec<Value> = serde_json::from_slice(&output.stdout).expect("what exiftool prints");
        for answer in answers {
            let source = answer["SourceFile"].as_str().unwrap_or_default();
            let Some(photo) = chunk.iter().find(|photo| photo.name == source) else { continue };
            compare(photo, &answer, &mut rows);
        }
    }
    println!(
        "{} photos\n{:<20} {:>6} {:>7} {:>9} {:>5}",
        photos.len(),
        "field",
        "equal",
        "missing",
        "different",
        "ours"
    );
    for ((name, ..), [equal, missing, different, ours]) in FIELDS.iter().zip(rows) {
        println!("{name:<20} {equal:>6} {missing:>7} {different:>9} {ours:>5}");
    }
    println!("missing: only exiftool reads it; ours: only we read it");
}

fn compare(photo: &pictures::Photo, answer: &Value, rows: &mut [[u32; 4]]) {
    let claims = exif::read(&photo.bytes);
    for ((name, tag, read, same), row) in FIELDS.iter().zip(rows) {
        let (ours, theirs) = (read(&claims), exiftools(answer, tag));
        let column = match (&ours, &theirs) {
            (None, None) => continue,
            (Some(ours), Some(theirs)) if same(ours, theirs) => 0,
            (None, Some(_)) => 1,
            (Some(_), Some(_)) => 2,
            (Some(_), None) => 3,
        };
        row[column] += 1;
        if column != 0 {
            println!("{}: {name}: ours {ours:?}, exiftool {theirs:?}", photo.name);
        }
    }
}

/// The value in the main directory, the EXIF directory or the GPS directory; blanks are none.
fn exiftools(answer: &Value, tag: &str) -> Option<String> {
    let value = ["IFD0", "ExifIFD", "GPS"].iter().find_map(|group| answer.get(format!("{group}:{tag}")))?;
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let text = text.trim_matches(['\0', ' ']).to_owned();
    (!text.is_empty()).then_some(text)
}
