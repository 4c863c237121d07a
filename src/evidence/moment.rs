//! Time evidence: the server's clock decides; the phone's clock is a remark.

use super::finding::{Code, Finding, Measure};
use crate::model::{
    time::Timestamp,
    words::{Severity, Timing, Words},
};

/// Beyond this difference between the phone's clock and the server's, the difference is recorded.
///
/// False alarms: cheap phones whose clock was set by hand; nothing depends on it, because the server's clock counts.
pub const CLOCK_SKEW_SECONDS: f64 = 300.0;

/// The times of a check-in.
#[derive(Clone, Debug)]
pub struct Moments<'a> {
    /// Server time.
    pub received_at: Timestamp,
    /// The phone's clock when it sent.
    pub sent_at: Timestamp,
    /// How far east of UTC the phone's clock is set, minutes.
    pub phone_east_min: Option<i64>,
    /// How far east of UTC the clocks of the country are now, minutes.
    pub country_east_min: &'a [i64],
    /// On time or late.
    pub timing: Timing,
    /// Minutes since the close of the window.
    pub minutes_late: f64,
    /// Minutes of grace after it.
    pub grace_minutes: f64,
}

/// What the times of a check-in say.
pub fn findings(moments: &Moments<'_>) -> Vec<Finding> {
    let Moments { received_at, sent_at, minutes_late, grace_minutes, .. } = *moments;
    let mut found = Vec::new();
    // Beyond 18 hours it is no zone. False alarms: a phone that was set up abroad, a journey.
    let zone = moments.phone_east_min.filter(|east| east.unsigned_abs() <= 18 * 60);
    if let Some(east) = zone.filter(|east| !moments.country_east_min.contains(east)) {
        let (hours, minutes) = (east.abs() / 60, east.abs() % 60);
        let zone = format!("UTC{}{hours:02}:{minutes:02}", if east < 0 { '-' } else { '+' });
        found.push(Finding {
            code: Code::ZoneMismatch,
            severity: Severity::Low,
            measure: None,
            words: Words::new(
                format!("Zona waktu ponsel {zone}, bukan WIB, WITA, atau WIT."),
                format!("The phone's time zone is {zone}, not WIB, WITA or WIT."),
            ),
        });
    }
    if moments.timing == Timing::Late {
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
