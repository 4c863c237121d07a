//! What the camera claims, held against the check-in and against the file itself. Nothing follows from claims that are
//! not there: pages and phones strip them.

use jiff::{civil, tz::TimeZone};

use super::{Circumstances, finding};
use crate::{
    evidence::{
        finding::{Code, Finding, metres_in_words},
        location::{fence::distance_m, fix::radius_in_sigmas},
        photo::{
            exif::{Claims, offset_seconds},
            header::Header,
            inspect::PhotoEvidence,
            thresholds::{
                EDITORS, ELSEWHERE_M, ELSEWHERE_MINUTES, ELSEWHERE_SIGMAS, OTHER_TIME_HOURS,
                OTHER_TIME_WITH_ZONE_HOURS, SAVED_AGAIN_SECONDS, THUMBNAIL_BITS,
            },
        },
    },
    model::{
        time::Timestamp,
        words::{Severity, UnitOfMeasure, Words},
    },
};

pub(super) fn findings(evidence: &PhotoEvidence, circumstances: &Circumstances<'_>) -> Vec<Finding> {
    let claims = &evidence.exif;
    let bits = evidence.seen.as_ref().and_then(|seen| seen.thumbnail_bits);
    let found = [
        other_time(claims, circumstances),
        elsewhere(claims, circumstances),
        edited(claims).or_else(|| saved_again(claims)),
        dimensions(claims, &evidence.header),
        bits.and_then(thumbnail),
    ];
    found.into_iter().flatten().collect()
}

/// A clock's word on when the picture was taken, and by how many hours it may honestly be wrong.
struct Taken {
    instant: Timestamp,
    limit_hours: f64,
}

impl Taken {
    fn hours_before(&self, received_at: Timestamp) -> f64 {
        received_at.seconds_since(self.instant) / 3600.0
    }
}

/// What the camera's clock says, then what the satellites said. Phones also write a position and a time that are long
/// past, or the date of one zone with the time of another, so that either alone proves nothing.
fn taken(claims: &Claims, zone: &TimeZone) -> Vec<Taken> {
    let offset = claims.taken_at_offset.as_deref().and_then(offset_seconds);
    let by_camera = claims.taken_at.and_then(|taken| {
        Some(match offset {
            Some(east) => {
                let utc: Timestamp = taken.to_zoned(TimeZone::UTC).ok()?.timestamp().into();
                Taken { instant: utc.plus_seconds(-east), limit_hours: OTHER_TIME_WITH_ZONE_HOURS }
            }
            None => {
                Taken { instant: taken.to_zoned(zone.clone()).ok()?.timestamp().into(), limit_hours: OTHER_TIME_HOURS }
            }
        })
    });
    let by_satellite = claims.position_at.map(|instant| Taken { instant, limit_hours: OTHER_TIME_WITH_ZONE_HOURS });
    by_camera.into_iter().chain(by_satellite).collect()
}

/// Every clock there is says so.
fn other_time(claims: &Claims, circumstances: &Circumstances<'_>) -> Option<Finding> {
    let clocks = taken(claims, circumstances.zone);
    let all_off = clocks.iter().all(|taken| taken.hours_before(circumstances.received_at).abs() > taken.limit_hours);
    let first = clocks.first().filter(|_| all_off)?;
    let (hours, limit) = (first.hours_before(circumstances.received_at), first.limit_hours);
    let shown: civil::DateTime = match claims.taken_at {
        Some(by_the_camera) => by_the_camera,
        None => first.instant.to_jiff().to_zoned(circumstances.zone.clone()).datetime(),
    };
    Some(finding(
        Code::PhotoOtherTime,
        Severity::Medium,
        Some((hours, limit, UnitOfMeasure::Hours)),
        Words::new(
            format!("Menurut kamera, foto dibuat {}, bukan saat presensi.", shown.strftime("%Y-%m-%d %H.%M")),
            format!(
                "By the camera's clock the photo was taken on {}, not at the check-in.",
                shown.strftime("%Y-%m-%d %H:%M")
            ),
        ),
    ))
}

/// The camera's position against the phone's fix. Without a time that is near, they need not be the same place.
///
/// False alarms: a camera program that writes its last known position, a photo from the gallery. That there is no
/// position is ordinary: browsers and pickers strip it.
fn elsewhere(claims: &Claims, circumstances: &Circumstances<'_>) -> Option<Finding> {
    let (position, (fix, basis)) = (claims.position?, circumstances.fix?);
    let near = |taken: &Taken| taken.hours_before(circumstances.received_at).abs() * 60.0 <= ELSEWHERE_MINUTES;
    if !taken(claims, circumstances.zone).iter().any(near) {
        return None;
    }
    let axis = |accuracy: f64| accuracy.max(10.0) / radius_in_sigmas(basis);
    let sigma = axis(fix.accuracy_m).hypot(axis(claims.position_accuracy_m.unwrap_or(0.0)));
    let limit = ELSEWHERE_M.max(ELSEWHERE_SIGMAS * sigma);
    let metres = distance_m(position, fix.position);
    let words = metres_in_words(metres);
    (metres > limit).then(|| {
        finding(
            Code::PhotoElsewhere,
            Severity::Medium,
            Some((metres, limit, UnitOfMeasure::Metres)),
            Words::new(
                format!("Posisi di dalam foto berjarak {} dari posisi ponsel.", words.id),
                format!("The position inside the photo is {} away from the phone's.", words.en),
            ),
        )
    })
}

fn edited(claims: &Claims) -> Option<Finding> {
    let software = claims.software.as_deref()?;
    let small = software.to_lowercase();
    EDITORS.iter().any(|name| small.contains(name)).then(|| {
        finding(
            Code::PhotoEdited,
            Severity::Medium,
            None,
            Words::new(
                format!("Berkas foto terakhir ditulis oleh program pengolah gambar: {software}."),
                format!("The photo was last written by a program that changes pictures: {software}."),
            ),
        )
    })
}

fn saved_again(claims: &Claims) -> Option<Finding> {
    let (taken, modified) = (claims.taken_at?, claims.modified_at?);
    let seconds = modified.duration_since(taken).as_secs_f64();
    (seconds > SAVED_AGAIN_SECONDS).then(|| {
        finding(
            Code::PhotoSavedAgain,
            Severity::Low,
            Some((seconds, SAVED_AGAIN_SECONDS, UnitOfMeasure::Seconds)),
            Words::new(
                format!("Berkas foto ditulis ulang pada {}, sesudah diambil.", modified.strftime("%Y-%m-%d %H.%M.%S")),
                format!(
                    "The file was written again on {}, after it was taken.",
                    modified.strftime("%Y-%m-%d %H:%M:%S")
                ),
            ),
        )
    })
}

fn dimensions(claims: &Claims, header: &Header) -> Option<Finding> {
    let (width, height) = claims.dimensions?;
    let claimed = [width.min(height), width.max(height)];
    let real = [header.width.min(header.height), header.width.max(header.height)];
    // Some cameras write zeros.
    (claimed != real && claimed[0] > 0).then(|| {
        finding(
            Code::PhotoDimensions,
            Severity::Low,
            Some((f64::from(header.width), f64::from(width), UnitOfMeasure::Pixels)),
            Words::new(
                format!("Kamera menulis {width} x {height} piksel, berkasnya {} x {}.", header.width, header.height),
                format!(
                    "The camera wrote {width} x {height} pixels, the file has {} x {}.",
                    header.width, header.height
                ),
            ),
        )
    })
}

fn thumbnail(bits: u32) -> Option<Finding> {
    (bits > THUMBNAIL_BITS).then(|| {
        finding(
            Code::PhotoThumbnail,
            Severity::Low,
            Some((f64::from(bits), f64::from(THUMBNAIL_BITS), UnitOfMeasure::Bits)),
            Words::new(
                format!("Gambar kecil di dalam berkas berbeda dari fotonya ({bits} dari 256 bit)."),
                format!("The small picture inside the file shows something else than the photo ({bits} of 256 bits)."),
            ),
        )
    })
}
