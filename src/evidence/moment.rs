//! Time evidence: the server's clock decides; the phone's clock is a remark.

use super::finding::{Code, Finding, Measure};
use crate::model::{
    time::Timestamp,
    words::{PhotoSource, Severity, Timing, UnitOfMeasure, Words},
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
    /// First instant of the window that is answered.
    pub opens: Timestamp,
    /// What there is to hold the moment of the capture against.
    pub capture: CaptureMoment,
}

/// The moment of a capture: what the phone says, and between which moments it has to lie.
#[derive(Clone, Debug)]
pub struct CaptureMoment {
    /// When it was captured, between the code and the arrival; none when the phone did not say.
    pub at: Option<Timestamp>,
    /// What the phone's word alone comes to.
    pub word: Option<Timestamp>,
    /// The first of them as people read it: `07.12 WIB`, with the date where it is another day.
    pub clock: String,
    /// Whether the phone's clock was set back between capture and sending.
    pub clock_changed: bool,
    /// When its one-time code was given out; none without a code.
    pub code_given_at: Option<Timestamp>,
    /// For how long a code is good for what is sent at once, seconds.
    pub code_fresh_s: f64,
    /// Where the page took the photo from.
    pub photo_source: PhotoSource,
}

/// A code that was fetched so much later than the photo was taken does not belong to it; clocks of one phone run evenly.
const CODE_AFTER_S: f64 = 5.0;
/// A capture so much before the window is one of its first moments.
const BEFORE_WINDOW_S: f64 = 60.0;

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
    // Somebody who delivered late may have been late as well.
    if moments.timing == Timing::Late || (moments.timing == Timing::DeliveredLate && minutes_late > 0.0) {
        let minutes = minutes_late.ceil().max(1.0);
        found.push(Finding {
            code: Code::Late,
            severity: Severity::Info,
            measure: Some(Measure { measured: minutes, threshold: grace_minutes, unit: UnitOfMeasure::Minutes }),
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
            measure: Some(Measure { measured: skew, threshold: CLOCK_SKEW_SECONDS, unit: UnitOfMeasure::Seconds }),
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
    let Moments { received_at, opens, capture, .. } = moments;
    let mut found = Vec::new();
    let before_window = capture.at.is_some_and(|at| opens.seconds_since(at) > BEFORE_WINDOW_S);
    if moments.timing == Timing::DeliveredLate {
        found.push(delivered_late(capture, *received_at));
    } else if before_window {
        found.push(plain(
            Code::CapturedBefore,
            format!("Diambil pukul {} menurut ponsel, sebelum jendela presensi dibuka.", capture.clock),
            format!("Taken at {} by the phone, before the window had opened.", capture.clock),
        ));
    }
    if capture.clock_changed {
        found.push(plain(
            Code::ClockChanged,
            "Jam ponsel berubah antara pengambilan dan pengiriman: jam pengambilan tidak pasti.",
            "The phone's clock changed between capture and sending: when it was captured is uncertain.",
        ));
    }
    found.extend(code(moments));
    if capture.photo_source == PhotoSource::File {
        found.push(plain(
            Code::PhotoFromFile,
            "Foto dipilih dari berkas, bukan dari kamera langsung.",
            "The photo was chosen from files, not taken live.",
        ));
    }
    found
}

fn delivered_late(capture: &CaptureMoment, received_at: Timestamp) -> Finding {
    let waited_min = capture.at.map_or(0.0, |at| received_at.seconds_since(at) / 60.0).round();
    let (lama, long) = duration(waited_min);
    let clock = &capture.clock;
    Finding {
        measure: Some(Measure { measured: waited_min, threshold: 0.0, unit: UnitOfMeasure::Minutes }),
        ..plain(
            Code::DeliveredLate,
            format!("Diambil pukul {clock} menurut ponsel, tiba {lama} kemudian setelah jendela ditutup."),
            format!("Taken at {clock} by the phone, arrived {long} later, after the window had closed."),
        )
    }
}

/// What the one-time code says: the capture lies between its giving and the arrival.
fn code(moments: &Moments<'_>) -> Option<Finding> {
    let Moments { received_at, opens, capture, .. } = moments;
    let Some(given) = capture.code_given_at else {
        return Some(plain(
            Code::ChallengeMissing,
            "Tanpa kode sekali pakai: foto dapat berasal dari waktu lain.",
            "Without a one-time code: the photo may be from another time.",
        ));
    };
    if capture.word.is_some_and(|word| given.seconds_since(word) > CODE_AFTER_S) {
        return Some(plain(
            Code::ChallengeAfter,
            "Kode sekali pakai diambil sesudah foto: foto dapat berasal dari waktu lain.",
            "The one-time code was fetched after the photo: the photo may be from another time.",
        ));
    }
    let age_s = received_at.seconds_since(given);
    if age_s < capture.code_fresh_s {
        return None;
    }
    let minutes = (age_s / 60.0).round();
    let (lama, long) = duration(minutes);
    let early = opens.seconds_since(given) > capture.code_fresh_s;
    let (code, severity) =
        if early { (Code::ChallengeEarly, Severity::Medium) } else { (Code::CapturedOffline, Severity::Low) };
    let (akhir, end) = if early {
        (
            ", sebelum jendela dibuka: foto dapat berasal dari waktu lain",
            ", before the window opened: the photo may be from another time",
        )
    } else {
        ("", "")
    };
    Some(Finding {
        code,
        severity,
        measure: Some(Measure {
            measured: minutes,
            threshold: capture.code_fresh_s / 60.0,
            unit: UnitOfMeasure::Minutes,
        }),
        words: Words::new(
            format!("Diambil tanpa jaringan: kodenya diambil {lama} sebelum kiriman tiba{akhir}."),
            format!("Captured without a network: its code was fetched {long} before it arrived{end}."),
        ),
    })
}

/// Minutes as people say them, in both languages.
fn duration(minutes: f64) -> (String, String) {
    let (hours, rest) = ((minutes / 60.0).floor(), minutes % 60.0);
    match (hours, rest) {
        (0.0, _) => (format!("{minutes:.0} menit"), format!("{minutes:.0} min")),
        (_, 0.0) => (format!("{hours:.0} jam"), format!("{hours:.0} h")),
        _ => (format!("{hours:.0} jam {rest:.0} menit"), format!("{hours:.0} h {rest:.0} min")),
    }
}

fn plain(code: Code, id: impl Into<String>, en: impl Into<String>) -> Finding {
    Finding { code, severity: Severity::Medium, measure: None, words: Words::new(id, en) }
}
