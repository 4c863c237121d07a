//! Signs that a position may be made up. They are remarks beside the fence decision: none turns inside into outside, and
//! each has honest causes, which stand with it.
//!
//! What a page in a browser is told cannot be proved; whoever feeds the browser carefully is not found here. The photo
//! and the supervisor's look carry more weight than all of these together.

use std::collections::BTreeSet;

use super::{
    fence::{self, ACCURACY_FLOOR_M, Fence},
    fix::{Fix, ReportedFix, radius_in_sigmas},
    shape::Shape,
};
use crate::{
    evidence::finding::{Code, Finding, Measure, metres_in_words},
    model::{
        time::{Timestamp, WorkDate},
        words::{AccuracyBasis, PlaceKind, Severity, UnitOfMeasure, Words},
    },
};

/// Days that are looked back.
pub const LOOK_BACK_DAYS: i64 = 30;
/// Nearer than this to the registered centre is as good as on it, metres.
pub const EXACT_HOME_M: f64 = 0.5;
/// On so many days the same thing is no chance any more.
pub const DAYS_TOGETHER: usize = 3;
/// On so many days the same accuracy with nothing beside it is remarked.
pub const CONSTANT_DAYS: usize = 5;
/// Faster than any vehicle a person takes to work from home, km/h.
pub const JUMP_KMH: f64 = 1_000.0;
/// Less time than this between two check-ins is taken for so much: a better fix a moment later is no journey.
pub const JUMP_SECONDS_MIN: f64 = 60.0;
/// Faster than a car; a train or a plane explains it.
pub const FAST_KMH: f64 = 300.0;
/// From this accuracy on a fix is likely to come from Wi-Fi, whose positions repeat, metres.
pub const NETWORK_FROM_M: f64 = 20.0;
/// A coordinate with no more decimals than this was rounded: 4 decimals are 11 m.
pub const COARSE_DECIMALS: i32 = 4;

/// What a capture shows, beside where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Capture {
    /// The fix that counts, as the phone reported it.
    pub reported: ReportedFix,
    /// The same, as it is judged.
    pub counts: Fix,
    /// Every fix that could be judged, in the order they were made.
    pub usable: Vec<Fix>,
    /// What its accuracy means.
    pub basis: AccuracyBasis,
    /// Whether the fix that counts lies on the centre of a registered home.
    pub on_home_point: bool,
}

/// The position that counted in the person's check-in before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Last {
    /// Where.
    pub fix: Fix,
    /// What its accuracy means.
    pub basis: AccuracyBasis,
    /// When it was captured, by the server's clock.
    pub captured_at: Timestamp,
    /// Whether it was delivered noticeably later than that.
    pub waited: bool,
    /// Whether it was another attempt of the same slot.
    pub same_slot: bool,
}

/// What is known from before; the days are the person's own, without the day at hand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Before {
    /// Other people's check-ins with the very same fix.
    pub same_fix_of_others: usize,
    /// Days on which the same coordinates came with another fix time.
    pub repeated: BTreeSet<WorkDate>,
    /// Days on which the fix lay on the centre of the home.
    pub on_home_point: BTreeSet<WorkDate>,
    /// Days on which the accuracy was the same to the last digit, and height, speed and heading were not there.
    pub constant: BTreeSet<WorkDate>,
    /// The check-in before.
    pub last: Option<Last>,
}

impl Capture {
    /// Whether nothing but the coordinates and the accuracy was measured.
    pub fn is_plain(&self) -> bool {
        let ReportedFix { altitude_m, speed_mps, heading_deg, .. } = self.reported;
        [altitude_m, speed_mps, heading_deg].into_iter().all(|value| value.is_none_or(|value| value == 0.0))
    }
}

/// Whether a fix lies on the centre of a registered home, which no phone does day after day.
pub fn on_home_point(fix: Fix, fences: &[Fence]) -> bool {
    fences.iter().filter(|fence| fence.kind == PlaceKind::Home).any(|fence| match &fence.shape {
        Shape::Circle(circle) => fence::distance_m(fix.position, circle.centre()) <= EXACT_HOME_M,
        Shape::Polygon(_) => false,
    })
}

/// Everything there is to remark on a capture.
pub fn findings(
    capture: &Capture,
    before: &Before,
    today: WorkDate,
    captured_at: Timestamp,
    waited: bool,
) -> Vec<Finding> {
    let days = |earlier: &BTreeSet<WorkDate>| {
        let mut days = earlier.clone();
        days.insert(today);
        days
    };
    let found = [
        same_fix(before.same_fix_of_others),
        capture.on_home_point.then(|| exact_home(&days(&before.on_home_point))).flatten(),
        repeated(&days(&before.repeated), capture.reported.accuracy_m),
        before.last.and_then(|last| jump(capture, last, captured_at, waited)),
        coarse(&capture.reported),
        capture.is_plain().then(|| constant(&days(&before.constant))).flatten(),
        capture.reported.fix_time.is_none().then(no_time),
    ];
    found.into_iter().flatten().collect()
}

/// The same coordinates to 7 decimals, the same accuracy and the same fix time as another person: one receiver.
///
/// False alarms: a couple in one office who share a phone; a phone that was handed over. The chance of two receivers is
/// nil.
pub fn same_fix(others: usize) -> Option<Finding> {
    (others > 0).then(|| Finding {
        code: Code::PositionSameFix,
        severity: Severity::High,
        measure: Some(Measure { measured: others as f64, threshold: 0.0, unit: UnitOfMeasure::CheckIns }),
        words: Words::new(
            "Posisi ini sama persis (koordinat, ketelitian, dan waktu) dengan posisi yang dikirim orang lain.",
            "This very fix (coordinates, accuracy and time) was sent by another person.",
        ),
    })
}

/// On the registered centre itself, on several days: as if typed in.
///
/// False alarms: an honest fix comes this near on one day in 800 (normal error of 10 m), on three days once in 500
/// million; a phone that always gives the same Wi-Fi position, from which the home was registered too.
fn exact_home(days: &BTreeSet<WorkDate>) -> Option<Finding> {
    (days.len() >= DAYS_TOGETHER).then(|| Finding {
        code: Code::PositionExactHome,
        severity: Severity::Medium,
        measure: Some(Measure {
            measured: days.len() as f64,
            threshold: DAYS_TOGETHER as f64,
            unit: UnitOfMeasure::Days,
        }),
        words: Words::new(
            format!(
                "Posisi tepat di titik rumah terdaftar (selisih di bawah {EXACT_HOME_M} m) pada {} hari: {}. \
                 Bisa karena posisi Wi-Fi yang selalu sama.",
                days.len(),
                listed(days)
            ),
            format!(
                "Exactly on the registered point of the home (within {EXACT_HOME_M} m) on {} days: {}. \
                 A Wi-Fi position that never changes can do this.",
                days.len(),
                listed(days)
            ),
        ),
    })
}

/// The same coordinates to 7 decimals (1 cm) on several days, each time with a fresh time.
///
/// False alarms: positions from Wi-Fi and from caches repeat, hence only low from 20 m accuracy on; two satellite fixes
/// coincide once in two million.
fn repeated(days: &BTreeSet<WorkDate>, accuracy_m: Option<f64>) -> Option<Finding> {
    let network = accuracy_m.is_none_or(|metres| metres >= NETWORK_FROM_M);
    (days.len() >= DAYS_TOGETHER).then(|| Finding {
        code: Code::PositionRepeated,
        severity: if network { Severity::Low } else { Severity::Medium },
        measure: Some(Measure {
            measured: days.len() as f64,
            threshold: DAYS_TOGETHER as f64,
            unit: UnitOfMeasure::Days,
        }),
        words: Words::new(
            format!(
                "Koordinat sama persis sampai 7 angka desimal pada {} hari berbeda ({}). \
                 Bisa karena posisi Wi-Fi atau cache, bisa juga lokasi palsu.",
                days.len(),
                listed(days)
            ),
            format!(
                "The same coordinates to 7 decimals on {} different days ({}). \
                 Wi-Fi or cached positions do this, and so do made-up ones.",
                days.len(),
                listed(days)
            ),
        ),
    })
}

/// Faster from the check-in before than anything on wheels, after three standard deviations of both fixes are taken off.
///
/// False alarms: a fix that is wrong and sure of itself (a phone was seen 110 km off for an hour), hence high only when
/// the fix that counts and the last of two or more both say so, and not between attempts of one slot; a flight, hence 1,000 km/h; 300 is a train.
/// When the capture was is only the phone's word where one of the two waited for a network, hence low then.
fn jump(capture: &Capture, last: Last, captured_at: Timestamp, waited: bool) -> Option<Finding> {
    let sigma = |fix: Fix, basis| fix.accuracy_m.max(ACCURACY_FLOOR_M) / radius_in_sigmas(basis);
    let hours = captured_at.seconds_since(last.captured_at).abs().max(JUMP_SECONDS_MIN) / 3600.0;
    let speed = |fix: Fix| {
        let apart = fence::distance_m(fix.position, last.fix.position);
        let sure = (apart - 3.0 * (sigma(fix, capture.basis) + sigma(last.fix, last.basis))).max(0.0);
        (sure / 1000.0 / hours, apart)
    };
    // The fix that counts and the last one have to agree on it: either alone may be the odd one.
    let (kmh, apart) =
        [speed(capture.counts), speed(*capture.usable.last()?)].into_iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
    if kmh <= FAST_KMH {
        return None;
    }
    // A second attempt with a better fix is no journey; the reviewer of the slot sees both.
    let high = kmh > JUMP_KMH && capture.usable.len() > 1 && !last.same_slot && !waited && !last.waited;
    let way = metres_in_words(apart);
    let minutes = (hours * 60.0).round().max(1.0);
    Some(Finding {
        code: Code::PositionJump,
        severity: if high { Severity::High } else { Severity::Low },
        measure: Some(Measure {
            measured: kmh.round(),
            threshold: if high { JUMP_KMH } else { FAST_KMH },
            unit: UnitOfMeasure::KilometresAnHour,
        }),
        words: Words::new(
            format!("Berpindah {} dalam {minutes:.0} menit sejak presensi sebelumnya.", way.id),
            format!("{} from the check-in {minutes:.0} minutes before.", way.en),
        ),
    })
}

/// Both coordinates have no more than four decimals.
///
/// False alarms: the approximate permission, browsers that guard privacy, one honest fix in a million.
fn coarse(reported: &ReportedFix) -> Option<Finding> {
    let rounded = |degrees: f64| {
        let scaled = degrees * 10_f64.powi(COARSE_DECIMALS);
        (scaled - scaled.round()).abs() < 1e-6
    };
    (rounded(reported.latitude?) && rounded(reported.longitude?)).then(|| Finding {
        code: Code::PositionCoarse,
        severity: Severity::Low,
        measure: None,
        words: Words::new(
            "Koordinat dibulatkan sampai 4 angka desimal atau kurang; mungkin izin lokasi hanya perkiraan.",
            "The coordinates are rounded to 4 decimals or fewer; perhaps the location permission is for approximate ones.",
        ),
    })
}

/// The same accuracy to the last digit on several days, without height, speed and heading.
///
/// False alarms: browsers and Wi-Fi positions do this, and iPhones give round numbers; hence low, and never alone.
fn constant(days: &BTreeSet<WorkDate>) -> Option<Finding> {
    (days.len() >= CONSTANT_DAYS).then(|| Finding {
        code: Code::PositionConstant,
        severity: Severity::Low,
        measure: Some(Measure {
            measured: days.len() as f64,
            threshold: CONSTANT_DAYS as f64,
            unit: UnitOfMeasure::Days,
        }),
        words: Words::new(
            format!("Ketelitian sama persis tanpa ketinggian, kecepatan, dan arah pada {} hari.", days.len()),
            format!("The same accuracy to the last digit, without height, speed and heading, on {} days.", days.len()),
        ),
    })
}

/// The phone does not say when the fix was made, so its age is unknown.
///
/// False alarms: a program that leaves the field out.
fn no_time() -> Finding {
    Finding {
        code: Code::PositionNoTime,
        severity: Severity::Info,
        measure: None,
        words: Words::new(
            "Ponsel tidak menyebut kapan posisi diambil.",
            "The phone does not say when the position was taken.",
        ),
    }
}

/// The last few days, oldest first.
fn listed(days: &BTreeSet<WorkDate>) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = days.iter().skip(days.len().saturating_sub(SHOWN)).map(ToString::to_string).collect();
    shown.join(", ")
}
