//! Time evidence: the server's clock decides; the phone's clock is a remark.

use super::finding::{Code, Finding, Measure};
use crate::model::{
    time::Timestamp,
    words::{Severity, Timing, Words},
};

/// Beyond this difference between the phone's clock and the server's, the difference is recorded.
pub const CLOCK_SKEW_SECONDS: f64 = 300.0;

/// What the times of a check-in say.
///
/// `minutes_late` counts from the close of the window; `sent_at` is the phone's clock when it sent.
pub fn findings(
    received_at: Timestamp,
    sent_at: Timestamp,
    timing: Timing,
    minutes_late: f64,
    grace_minutes: f64,
) -> Vec<Finding> {
    let mut found = Vec::new();
    if timing == Timing::Late {
        let minutes = minutes_late.ceil().max(1.0);
        found.push(Finding {
            code: Code::Late,
            severity: Severity::Info,
            measure: Some(Measure { measured: minutes, threshold: grace_minutes, unit: "min" }),
            words: Words::new(
                format!("Terlambat {minutes:.0} menit, masih dalam toleransi {grace_minutes:.0} menit."),
                format!("{minutes:.0} minutes late, inside the grace of {grace_minutes:.0} minutes."),
            ),
        });
    }
    let skew = sent_at.seconds_since(received_at);
    if skew.abs() > CLOCK_SKEW_SECONDS {
        let minutes = (skew.abs() / 60.0).round();
        let (arah, way) = if skew > 0.0 { ("lebih cepat", "ahead") } else { ("lebih lambat", "behind") };
        found.push(Finding {
            code: Code::ClockSkew,
            severity: Severity::Low,
            measure: Some(Measure { measured: skew, threshold: CLOCK_SKEW_SECONDS, unit: "s" }),
            words: Words::new(
                format!("Jam ponsel {arah} {minutes:.0} menit dari jam server; jam server yang dipakai."),
                format!("The phone's clock is {minutes:.0} minutes {way}; the server's clock counts."),
            ),
        });
    }
    found
}
