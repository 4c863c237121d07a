//! Where a check-in was made: kept sealed, compared by keyed hashes.

use aws_lc_rs::hmac;
use serde::{Deserialize, Serialize};

use super::{
    delivery::Captured,
    draft::Draft,
    submit::{Examined, SubmitError},
};
use crate::{
    app::App,
    evidence::{
        finding::{Code, Finding},
        location::{
            assess::Positions,
            fix::ReportedFix,
            trust::{Before, Capture, LOOK_BACK_DAYS, Last},
        },
    },
    model::{
        geo::Position,
        ids::{CheckinId, PersonId},
        time::{Timestamp, WorkDate},
        words::{AccuracyBasis, Severity, Slot},
    },
    places::vault::{self, POSITION, VaultError},
    policy::EarlierDays,
    store::{
        StoreError, Tx, checkins,
        positions::{self, EarlierRow, PositionRow},
    },
};

/// Check-ins of others that are counted.
const OTHERS_MAX: i64 = 8;
const DAY_S: i64 = 86_400;

/// Everything about a check-in's position that must not be read in the database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sealed {
    /// What the phone claimed, byte by byte.
    pub request: String,
    /// The fix that counts.
    pub chosen: Option<crate::evidence::location::fix::Fix>,
    /// What the accuracy means.
    pub basis: Option<AccuracyBasis>,
    /// Where the camera thought it was.
    pub camera: Option<Position>,
}

/// Opens what a check-in said.
///
/// # Errors
/// [`VaultError`] when it was changed, or its key is gone.
pub fn open(app: &App, id: CheckinId, sealed: &[u8]) -> Result<Sealed, VaultError> {
    vault::open(app, POSITION, id.0, sealed)
}

/// The position of an earlier check-in, when it is the one that comes with its seal.
fn last(app: &App, row: &EarlierRow, of: (WorkDate, Slot)) -> Option<Last> {
    match open(app, row.checkin_id, row.sealed.as_ref()?) {
        Ok(sealed) => {
            let captured = Draft::parse(sealed.request.as_bytes()).ok();
            let captured = captured.map(|draft| Captured::new(&draft, None, row.received_at));
            Some(Last {
                fix: sealed.chosen?,
                basis: sealed.basis.unwrap_or(AccuracyBasis::Unknown),
                captured_at: captured.map_or(row.received_at, |captured| captured.at),
                waited: captured.is_some_and(|captured| captured.waited()),
                same_slot: (row.work_date, row.slot) == of,
            })
        }
        Err(error) => {
            tracing::error!(checkin = %row.checkin_id, %error, "an earlier position cannot be read");
            None
        }
    }
}

/// What is known of a person from before, as far as a capture can be held against it.
pub(super) async fn before(
    app: &App,
    tx: &mut Tx,
    person_id: PersonId,
    capture: &Capture,
    (today, slot): (WorkDate, Slot),
    at: Timestamp,
) -> Result<Before, StoreError> {
    let mut before = Before::default();
    let fix_key = fix_key(&app.keys.positions, &capture.reported);
    let point_key = point_key(&app.keys.positions, &capture.reported);
    let since = at.plus_seconds(-LOOK_BACK_DAYS * DAY_S);
    let (others, earlier) = positions::around(tx, fix_key.as_deref(), person_id, (since, at), OTHERS_MAX).await?;
    before.same_fix_of_others = copied(&others, &earlier, fix_key.as_ref());
    before.last = earlier.iter().find_map(|row| last(app, row, (today, slot)));
    for row in earlier {
        if row.work_date == today {
            continue;
        }
        if point_key.is_some() && row.point_key == point_key && row.fix_key.is_some() && row.fix_key != fix_key {
            before.repeated.insert(row.work_date);
        }
        if row.on_home_point {
            before.on_home_point.insert(row.work_date);
        }
        if row.plain && row.accuracy_m == capture.reported.accuracy_m {
            before.constant.insert(row.work_date);
        }
    }
    Ok(before)
}

/// How many check-ins of others had the fix of this one by the time it arrived, unless its person had it before them.
/// Asked again when everything that arrived at the same moment is committed.
pub(super) async fn same_fix_of_others(tx: &mut Tx, id: CheckinId) -> Result<usize, StoreError> {
    let Some(row) = positions::by_checkin(tx, id).await? else { return Ok(0) };
    let Some(key) = &row.fix_key else { return Ok(0) };
    let others = positions::others_with_fix(tx, key, row.person_id, row.received_at, OTHERS_MAX).await?;
    if others.is_empty() {
        return Ok(0);
    }
    let since = row.received_at.plus_seconds(-LOOK_BACK_DAYS * DAY_S);
    let earlier = positions::between(tx, row.person_id, since, row.received_at).await?;
    Ok(copied(&others, &earlier, row.fix_key.as_ref()))
}

/// Of these check-ins of others those that came before the person's own first one with the same fix: who had a fix first
/// copied it from nobody.
fn copied(others: &[(CheckinId, Timestamp)], own: &[EarlierRow], fix_key: Option<&Vec<u8>>) -> usize {
    let first = own.iter().find(|row| fix_key.is_some() && row.fix_key.as_ref() == fix_key).map(|row| row.received_at);
    others.iter().filter(|(_, received_at)| first.is_none_or(|own| *received_at < own)).count()
}

/// Whether the rules depend on earlier days.
pub(super) fn asks_for_earlier_days(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Medium && finding.code.is_about_position())
}

/// On how many earlier days the person had the same medium findings about the position, as far as nobody accepted them.
pub(super) async fn earlier_days(tx: &mut Tx, person_id: PersonId, today: WorkDate) -> Result<EarlierDays, StoreError> {
    let rows = checkins::medium_days(tx, person_id, today.plus_days(-LOOK_BACK_DAYS), today).await?;
    let known = |(code, days): (String, i64)| Some((code.parse::<Code>().ok()?, usize::try_from(days).ok()?));
    Ok(rows.into_iter().filter_map(known).collect())
}

/// The row of a check-in.
pub(super) fn row(app: &App, person_id: PersonId, examined: &Examined) -> Result<PositionRow, SubmitError> {
    let Positions { chosen, basis, .. } = examined.positions;
    let id = examined.upload.draft.id;
    let sealed = Sealed {
        request: examined.upload.request.clone(),
        chosen,
        basis,
        camera: examined.looked.as_ref().and_then(|looked| looked.inspected.evidence.exif.position),
    };
    let capture = examined.capture.as_ref();
    let keys = &app.keys.positions;
    Ok(PositionRow {
        checkin_id: id,
        person_id,
        work_date: examined.window.work_date,
        slot: examined.slot,
        received_at: examined.upload.received_at,
        sealed: vault::seal(app, POSITION, id.0, &sealed)?,
        fix_key: capture.and_then(|capture| fix_key(keys, &capture.reported)),
        point_key: capture.and_then(|capture| point_key(keys, &capture.reported)),
        accuracy_m: chosen.map(|fix| fix.accuracy_m),
        plain: capture.is_some_and(Capture::is_plain),
        on_home_point: capture.is_some_and(|capture| capture.on_home_point),
    })
}

/// Coordinates to 7 decimals (1 cm), accuracy and time of a fix; nothing when it has no time of its own.
fn fix_key(keys: &hmac::Key, fix: &ReportedFix) -> Option<Vec<u8>> {
    let (latitude, longitude, accuracy) = (fix.latitude?, fix.longitude?, fix.accuracy_m?);
    let text = format!("fix|{latitude:.7}|{longitude:.7}|{accuracy}|{}", fix.fix_time?.as_microsecond());
    Some(hmac::sign(keys, text.as_bytes()).as_ref().to_vec())
}

/// Coordinates to 7 decimals.
fn point_key(keys: &hmac::Key, fix: &ReportedFix) -> Option<Vec<u8>> {
    let text = format!("point|{:.7}|{:.7}", fix.latitude?, fix.longitude?);
    Some(hmac::sign(keys, text.as_bytes()).as_ref().to_vec())
}
