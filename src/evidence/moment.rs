//! Time evidence: the server's clock decides; the phone's clock is a remark.

use super::finding::{Code, Finding, Measure};
use crate::model::{
    time::Timestamp,
    words::{PhotoSource, Severity, Timing, Words},
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
    /// What there is to hold the moment of the capture against.
    pub capture: CaptureMoment,
}

/// The moment of a capture: what the phone says, and between which moments it has to lie.
#[derive(Clone, Debug)]
pub struct CaptureMoment {
    /// When it was captured, by the time the phone says it waited; none when it was not said.
    pub captured_at: Option<Timestamp>,
    /// The same as people read it, `07.12 WIB`.
    pub captured_clock: String,
    /// When its one-time code was given out; none without a code.
    pub code_given_at: Option<Timestamp>,
    /// For how long a code is good for what is sent at once, seconds.
    pub code_fresh_s: f64,
    /// Where the page took the photo from.
    pub photo_source: PhotoSource,
}

/// A code that was fetched so much later than the photo was taken does not belong to it; clocks of one phone run evenly.
const CODE_AFTER_S: f64 = 5.0;

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
    found.extend(capture(moments));
    found
}

/// What the moment of the capture says. Whoever has no network is not blamed: where only the phone's word is left, a
/// person looks.
fn capture(moments: &Moments<'_>) -> Vec<Finding> {
    let CaptureMoment { captured_at, captured_clock, code_given_at, code_fresh_s, photo_source } = &moments.capture;
    let mut found = Vec::new();
    let waited_min = captured_at.map(|captured| moments.received_at.seconds_since(captured) / 60.0);
    if moments.timing == Timing::DeliveredLate {
        let waited = waited_min.unwrap_or(0.0).round();
        found.push(Finding {
            code: Code::DeliveredLate,
            severity: Severity::Medium,
            measure: Some(Measure { measured: waited, threshold: 0.0, unit: "min" }),
            words: Words::new(
                format!("Diambil pukul {captured_clock} menurut ponsel, tiba {waited:.0} menit kemudian setelah jendela ditutup."),
                format!("Taken at {captured_clock} by the phone, arrived {waited:.0} minutes later, after the window had closed."),
            ),
        });
    }
    match code_given_at {
        None => found.push(plain(
            Code::ChallengeMissing,
            "Tanpa kode sekali pakai: foto dapat berasal dari waktu lain.",
            "Without a one-time code: the photo may be from another time.",
        )),
        Some(given) if captured_at.is_some_and(|captured| given.seconds_since(captured) > CODE_AFTER_S) => {
            found.push(plain(
                Code::ChallengeAfter,
                "Kode sekali pakai diambil sesudah foto: foto dapat berasal dari waktu lain.",
                "The one-time code was fetched after the photo: the photo may be from another time.",
            ));
        }
        Some(given) => found.extend(offline(moments.received_at.seconds_since(*given), *code_fresh_s)),
    }
    if *photo_source == PhotoSource::File {
        found.push(plain(
            Code::PhotoFromFile,
            "Foto dipilih dari berkas, bukan dari kamera langsung.",
            "The photo was chosen from files, not taken live.",
        ));
    }
    found
}

/// A code that is older than those of captures that are sent at once.
fn offline(age_s: f64, fresh_s: f64) -> Option<Finding> {
    let minutes = (age_s / 60.0).round();
    (age_s >= fresh_s).then(|| Finding {
        code: Code::CapturedOffline,
        severity: Severity::Low,
        measure: Some(Measure { measured: minutes, threshold: fresh_s / 60.0, unit: "min" }),
        words: Words::new(
            format!("Diambil tanpa jaringan: kodenya diambil {minutes:.0} menit sebelum kiriman tiba."),
            format!("Captured without a network: its code was fetched {minutes:.0} minutes before it arrived."),
        ),
    })
}

fn plain(code: Code, id: &str, en: &str) -> Finding {
    Finding { code, severity: Severity::Medium, measure: None, words: Words::new(id, en) }
}
