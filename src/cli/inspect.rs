//! `hadir inspect`.

use std::{path::PathBuf, time::Instant};

use clap::Args;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::Failure;
use crate::{
    evidence::photo::{
        face::FaceDetector,
        header::PhotoLimits,
        inspect::Examiner,
        remarks::{self, Circumstances},
    },
    model::time::{Clock as _, SystemClock},
};

/// Print what the server sees on photos, one line of JSON each; nothing is stored or sent.
#[derive(Args)]
pub struct InspectArgs {
    /// The photos.
    #[arg(required = true, value_name = "PHOTO")]
    photos: Vec<PathBuf>,
    /// ONNX model that looks for faces.
    #[arg(long, value_name = "FILE")]
    face_model: Option<PathBuf>,
    /// From this score on, 0 to 1, a box of the face model counts as a face.
    #[arg(long, value_name = "SCORE", default_value_t = 0.7)]
    face_score_min: f64,
}

pub(super) fn run(args: &InspectArgs) -> Result<(), Failure> {
    let faces = match &args.face_model {
        Some(path) => Some(FaceDetector::read(&std::fs::read(path)?, args.face_score_min)?),
        None => None,
    };
    let examiner = Examiner { limits: PhotoLimits::default(), faces };
    for path in &args.photos {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let started = Instant::now();
        let mut line = examine(&examiner, &bytes)?;
        line["file"] = json!(path.display().to_string());
        line["milliseconds"] = json!((started.elapsed().as_secs_f64() * 1e6).round() / 1e3);
        line["peak_memory_kib"] = json!(peak_memory_kib());
        println!("{line}");
    }
    Ok(())
}

fn examine(examiner: &Examiner, bytes: &[u8]) -> Result<Value, Failure> {
    let inspected = match examiner.inspect(bytes) {
        Ok(inspected) => inspected,
        Err(refused) => return Ok(json!({ "refused": refused.to_string() })),
    };
    let circumstances = Circumstances { received_at: SystemClock.now(), zone: &TimeZone::UTC, fix: None };
    let findings: Vec<Value> = remarks::findings(&inspected.evidence, &circumstances)
        .iter()
        .map(
            |finding| json!({ "code": finding.code.as_str(), "severity": finding.severity, "words": finding.words.en }),
        )
        .collect();
    Ok(json!({ "evidence": serde_json::to_value(&inspected.evidence)?, "findings": findings }))
}

/// The most memory this process ever held, as Linux counts it.
fn peak_memory_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
