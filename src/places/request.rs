//! Somebody asks for a place: a home from readings, a place for a time, or a correction that reaches into the past.

use serde::Serialize;

use super::{
    readings, registration,
    vault::{self, REQUEST_SHAPE, VaultError},
    versions::VersionError,
};
use crate::{
    app::App,
    evidence::location::{
        assess::Malformed,
        shape::{Circle, Shape, ShapeError},
    },
    log::{self, LogError},
    model::{
        ids::{PersonId, PlaceRequestId, UnitId},
        time::{Timestamp, WorkDate},
        words::{EntryKind, PlaceAct, PlaceKind, PlaceReason, PlaceRequestState, Role},
    },
    presence,
    session::SignedIn,
    store::{
        StoreError, Tx, home_readings, people,
        place_requests::{self, PlaceRequestRow},
        places,
    },
};

/// Radii of a home, metres.
pub const HOME_RADIUS_M: std::ops::RangeInclusive<f64> = 75.0..=200.0;
/// When it is not said.
pub const HOME_RADIUS_DEFAULT_M: f64 = 100.0;
/// Days between two homes.
pub const HOME_EVERY_DAYS: i64 = 30;
/// Changes of home in [`HOME_YEAR_DAYS`].
pub const HOME_CHANGES_MAX: usize = 3;
/// A year.
pub const HOME_YEAR_DAYS: i64 = 365;
/// Longest stay at a place for a time, days; travel may be as long as [`TRAVEL_DAYS_MAX`].
pub const STAY_DAYS_MAX: i64 = 14;
/// Longest official travel, days.
pub const TRAVEL_DAYS_MAX: i64 = 90;
/// How far ahead a place may be asked for, days.
pub const AHEAD_DAYS_MAX: i64 = 60;
/// Longest note, characters.
pub const NOTE_MAX: usize = 500;
/// Longest reference, characters.
pub const REFERENCE_MAX: usize = 100;
/// Requests that may wait at once, a person.
pub const PENDING_MAX: usize = 5;
/// Requests that are looked at for the limits.
const RECENT: i64 = 200;
/// Uncertainty of a place that was drawn or typed, metres.
const DRAWN_SIGMA_M: f64 = 10.0;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What kind of place.
    pub kind: PlaceKind,
    /// Its fence; a home has none, because it comes from readings.
    pub shape: Option<Shape>,
    /// Radius of a home, metres.
    pub radius_m: Option<f64>,
    /// First day; the soonest when it is not said.
    pub valid_from: Option<WorkDate>,
    /// Last day.
    pub valid_to: Option<WorkDate>,
    /// Why.
    pub reason: PlaceReason,
    /// Number of an order or a letter.
    pub reference: Option<String>,
    /// In words.
    pub note: Option<String>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// No such request, or not for these eyes.
    #[error("there is no such request for you")]
    NotFound,
    /// There is no such person.
    #[error("there is no such person")]
    NoPerson,
    /// A reading is too coarse.
    #[error("accuracy ± {0:.0} m is too coarse for a home; ± {max:.0} m or better is needed", max = super::registration::ACCURACY_MAX_M)]
    TooCoarse(f64),
    /// A reading too soon.
    #[error("the next reading is taken in {wait_s:.0} s")]
    TooSoon {
        /// Seconds.
        wait_s: f64,
    },
    /// Enough readings.
    #[error("there are readings enough; ask for the home, or begin again")]
    TooManyReadings,
    /// A mock position is no reading.
    #[error("the phone marks this position as a mock; a home is registered with real ones")]
    Mocked,
    /// Not enough readings.
    #[error("{readings} more readings are needed, on {days} more days")]
    TooFew {
        /// How many.
        readings: usize,
        /// On how many more days.
        days: usize,
    },
    /// The position cannot be used.
    #[error(transparent)]
    Position(#[from] Malformed),
    /// The fence cannot be taken.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The fence is not there, or there where it has no place.
    #[error("{0}")]
    ShapeWanted(&'static str),
    /// The dates do not go together.
    #[error("{0}")]
    Dates(String),
    /// A home too soon after the last.
    #[error("{0}")]
    TooOften(String),
    /// Another place holds on those days.
    #[error("{0}")]
    Overlap(String),
    /// A request waits already.
    #[error("{0}")]
    Pending(&'static str),
    /// The reason does not go with the kind.
    #[error("{0}")]
    Reason(String),
    /// It was decided.
    #[error("this request was decided already")]
    Decided,
    /// Nobody decides for themself, nor what they asked for.
    #[error("somebody else has to decide this")]
    Own,
    /// A role is missing.
    #[error("this needs a role you do not hold today")]
    Role,
    /// The seal.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
}

impl From<VersionError> for PlaceError {
    fn from(error: VersionError) -> Self {
        match error {
            VersionError::Overlap(_) => Self::Overlap(error.to_string()),
            VersionError::Vault(error) => error.into(),
            VersionError::Store(error) => error.into(),
        }
    }
}

/// What the log commits to.
#[derive(Serialize)]
struct LogRecord<'a> {
    request_id: PlaceRequestId,
    person_id: PersonId,
    unit_id: UnitId,
    act: PlaceAct,
    kind: PlaceKind,
    requested_by: PersonId,
    valid_from: WorkDate,
    valid_to: Option<WorkDate>,
    reason_code: PlaceReason,
    reference: Option<&'a str>,
    readings: i64,
    days: i64,
}

/// Asks for a home or a place for a time, for oneself.
///
/// # Errors
/// [`PlaceError`]; nothing is then stored.
pub async fn own(app: &App, person: &SignedIn, asked: Asked) -> Result<PlaceRequestRow, PlaceError> {
    words_fit(&asked)?;
    let (now, person_id) = (app.now(), person.actor.person_id);
    let today = now.date_in(&person.zone);
    let mut tx = app.store.write().await?;
    people::hold(&mut tx, person_id).await?;
    let requests = place_requests::of_person(&mut tx, person_id, RECENT).await?;
    let pending = requests.iter().filter(|request| request.state == PlaceRequestState::Pending);
    if pending.clone().count() >= PENDING_MAX {
        return Err(PlaceError::Pending("too many requests wait for a decision; withdraw one first"));
    }
    let row = if asked.kind == PlaceKind::Home {
        if pending.clone().any(|request| request.kind == PlaceKind::Home) {
            return Err(PlaceError::Pending("a home waits for a decision already; withdraw it first"));
        }
        let soonest = next_working_day(&mut tx, person.unit_id, &person.zone, now).await?;
        home(app, &mut tx, person, &asked, soonest, &requests).await?
    } else {
        stay(app, person, &asked, today)?
    };
    place_requests::insert(&mut tx, &row).await?;
    if row.kind == PlaceKind::Home {
        home_readings::use_for(&mut tx, person_id, readings::since(now), row.id).await?;
    }
    append(app, &mut tx, &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// Asks for a change that may reach into the past; another administrator has to approve it.
///
/// # Errors
/// [`PlaceError`]; nothing is then stored.
pub async fn correction(
    app: &App,
    administrator: &SignedIn,
    nip: &str,
    asked: Asked,
) -> Result<PlaceRequestRow, PlaceError> {
    if !administrator.actor.holds(Role::Administrator) {
        return Err(PlaceError::Role);
    }
    words_fit(&asked)?;
    if asked.kind != PlaceKind::Home {
        return Err(PlaceError::Reason("only homes are corrected; a place for a time is asked for anew".to_owned()));
    }
    if asked.note.as_ref().is_none_or(|note| note.trim().is_empty()) {
        return Err(PlaceError::Reason("a correction needs a note that says why".to_owned()));
    }
    let shape = asked.shape.clone().ok_or(PlaceError::ShapeWanted("a correction needs a shape"))?;
    let from = asked.valid_from.ok_or_else(|| PlaceError::Dates("a correction needs valid_from".to_owned()))?;
    in_order(from, asked.valid_to)?;
    let mut tx = app.store.write().await?;
    let person = people::by_nip(&mut tx, nip).await?.ok_or(PlaceError::NoPerson)?;
    if person.id == administrator.actor.person_id {
        return Err(PlaceError::Own);
    }
    people::hold(&mut tx, person.id).await?;
    let requests = place_requests::of_person(&mut tx, person.id, RECENT).await?;
    if requests.iter().any(|row| row.state == PlaceRequestState::Pending && row.kind == PlaceKind::Home) {
        return Err(PlaceError::Pending("a home of this person waits for a decision already"));
    }
    let mut row = blank(app, person.id, person.unit_id, administrator.actor.person_id, &asked, &shape, from)?;
    row.act = PlaceAct::Correct;
    place_requests::insert(&mut tx, &row).await?;
    append(app, &mut tx, &row).await?;
    tx.commit().await?;
    Ok(row)
}

/// A home from the person's readings.
async fn home(
    app: &App,
    tx: &mut Tx,
    person: &SignedIn,
    asked: &Asked,
    soonest: WorkDate,
    requests: &[PlaceRequestRow],
) -> Result<PlaceRequestRow, PlaceError> {
    let (now, person_id) = (app.now(), person.actor.person_id);
    if asked.shape.is_some() {
        return Err(PlaceError::ShapeWanted("a home is registered from readings; leave the shape out"));
    }
    if asked.valid_to.is_some() {
        return Err(PlaceError::Dates("a home has no end; it ends when the next one begins".to_owned()));
    }
    let valid_from = asked.valid_from.unwrap_or(soonest);
    if valid_from < soonest {
        let text = format!("a home is good from the next working day, {soonest}, at the soonest");
        return Err(PlaceError::Dates(text));
    }
    not_too_far(valid_from, now.date_in(&person.zone))?;
    let radius_m = asked.radius_m.unwrap_or(HOME_RADIUS_DEFAULT_M);
    if !HOME_RADIUS_M.contains(&radius_m) {
        return Err(PlaceError::ShapeWanted("the radius of a home is 75 to 200 m; more needs the personnel agency"));
    }
    let homes: Vec<places::PlaceRow> = of_kind(places::of_person(tx, person_id).await?, PlaceKind::Home);
    let first = homes.is_empty();
    let fits = matches!(
        (asked.reason, first),
        (PlaceReason::FirstHome, true) | (PlaceReason::Moved | PlaceReason::Inaccurate, false)
    );
    if !fits {
        let reasons = if first { "first_home" } else { "moved or inaccurate" };
        return Err(PlaceError::Reason(format!("the reason for this home is {reasons}")));
    }
    not_too_often(&changes(&homes, requests), valid_from)?;
    let progress = readings::progress(app, tx, person_id, now).await?;
    let Some(estimate) = progress.estimate else {
        return Err(PlaceError::TooFew { readings: registration::READINGS_MIN, days: registration::DAYS_MIN });
    };
    if !estimate.is_enough() {
        let (readings, days) = (estimate.readings_missing(), estimate.days_missing());
        return Err(PlaceError::TooFew { readings, days });
    }
    let shape = Shape::Circle(Circle::new(estimate.centre, radius_m)?);
    let mut row = blank(app, person_id, person.unit_id, person_id, asked, &shape, valid_from)?;
    row.sigma_m = estimate.sigma_m;
    row.readings = i64::try_from(estimate.agreeing.len()).unwrap_or(i64::MAX);
    row.days = i64::try_from(estimate.days).unwrap_or(i64::MAX);
    row.spread_m = Some(estimate.spread_m);
    Ok(row)
}

/// A place for a time.
fn stay(app: &App, person: &SignedIn, asked: &Asked, today: WorkDate) -> Result<PlaceRequestRow, PlaceError> {
    let shape = asked.shape.clone().ok_or(PlaceError::ShapeWanted("a place for a time needs a shape"))?;
    let valid_from = asked.valid_from.unwrap_or(today);
    if valid_from < today {
        return Err(PlaceError::Dates(format!("a place cannot begin in the past; the soonest day is {today}")));
    }
    not_too_far(valid_from, today)?;
    let to = asked.valid_to.ok_or_else(|| PlaceError::Dates("a place for a time needs its last day".to_owned()))?;
    in_order(valid_from, Some(to))?;
    let longest = if asked.kind == PlaceKind::OfficialTravel { TRAVEL_DAYS_MAX } else { STAY_DAYS_MAX };
    if to > valid_from.plus_days(longest - 1) {
        return Err(PlaceError::Dates(format!("this kind of place holds for {longest} days at most; ask again after")));
    }
    let wanted = match asked.kind {
        PlaceKind::Home | PlaceKind::Relative => PlaceReason::Family,
        PlaceKind::Hospital | PlaceKind::Isolation => PlaceReason::Medical,
        PlaceKind::OfficialTravel => PlaceReason::Duty,
        PlaceKind::Disaster => PlaceReason::Disaster,
    };
    if asked.reason != wanted {
        return Err(PlaceError::Reason(format!("the reason for this kind of place is {wanted}")));
    }
    if asked.reference.as_ref().is_none_or(|text| text.trim().is_empty()) {
        return Err(PlaceError::Reason("a place for a time needs the number of an order or a letter".to_owned()));
    }
    let person_id = person.actor.person_id;
    blank(app, person_id, person.unit_id, person_id, asked, &shape, valid_from)
}

fn blank(
    app: &App,
    person_id: PersonId,
    unit_id: UnitId,
    requested_by: PersonId,
    asked: &Asked,
    shape: &Shape,
    valid_from: WorkDate,
) -> Result<PlaceRequestRow, PlaceError> {
    let now = app.now();
    let id = PlaceRequestId::new(now, &app.chance);
    Ok(PlaceRequestRow {
        id,
        person_id,
        unit_id,
        act: PlaceAct::Register,
        kind: asked.kind,
        state: PlaceRequestState::Pending,
        requested_by,
        requested_at: now,
        valid_from,
        valid_to: asked.valid_to,
        reason_code: asked.reason,
        reference: asked.reference.clone(),
        note: asked.note.clone(),
        shape: vault::seal(app, REQUEST_SHAPE, id.0, shape)?,
        cell_key: Some(vault::cell_key(app, shape.middle())),
        sigma_m: DRAWN_SIGMA_M,
        readings: 0,
        days: 0,
        spread_m: None,
        decided_by: None,
        decided_at: None,
        decision_note: None,
        place_id: None,
    })
}

async fn append(app: &App, tx: &mut Tx, row: &PlaceRequestRow) -> Result<(), PlaceError> {
    let record = LogRecord {
        request_id: row.id,
        person_id: row.person_id,
        unit_id: row.unit_id,
        act: row.act,
        kind: row.kind,
        requested_by: row.requested_by,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        reason_code: row.reason_code,
        reference: row.reference.as_deref(),
        readings: row.readings,
        days: row.days,
    };
    log::append(tx, EntryKind::PlaceRequested, &record, app.now(), &app.chance).await?;
    Ok(())
}

/// The next day after today with a window in the unit's schedule; tomorrow when none is planned.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn next_working_day(
    tx: &mut Tx,
    unit_id: UnitId,
    zone: &jiff::tz::TimeZone,
    now: Timestamp,
) -> Result<WorkDate, StoreError> {
    let calendar = presence::calendar(tx, unit_id, zone, now).await?;
    let after = calendar.windows.iter().map(|window| window.work_date).filter(|date| *date > calendar.today);
    Ok(after.min().unwrap_or_else(|| calendar.today.plus_days(1)))
}

pub(super) fn of_kind(mut rows: Vec<places::PlaceRow>, kind: PlaceKind) -> Vec<places::PlaceRow> {
    rows.retain(|row| row.kind == kind);
    rows
}

/// From when the homes hold that the person asked for by way of a change: neither the first one, nor what was imported
/// or corrected by others.
fn changes(homes: &[places::PlaceRow], requests: &[PlaceRequestRow]) -> Vec<WorkDate> {
    let own =
        |request: &&PlaceRequestRow| request.act == PlaceAct::Register && request.reason_code != PlaceReason::FirstHome;
    let made: Vec<_> = requests.iter().filter(own).filter_map(|request| request.place_id).collect();
    homes.iter().filter(|home| made.contains(&home.id)).map(|home| home.valid_from).collect()
}

/// At most one change in 30 days, three in a year.
fn not_too_often(changes: &[WorkDate], valid_from: WorkDate) -> Result<(), PlaceError> {
    if let Some(last) = changes.iter().max() {
        let soonest = last.plus_days(HOME_EVERY_DAYS);
        if valid_from < soonest {
            return Err(PlaceError::TooOften(format!(
                "a home changes at most once in {HOME_EVERY_DAYS} days; the next one may begin on {soonest}"
            )));
        }
    }
    let year = valid_from.plus_days(-HOME_YEAR_DAYS);
    if changes.iter().filter(|date| **date > year).count() >= HOME_CHANGES_MAX {
        return Err(PlaceError::TooOften(format!(
            "a home changes at most {HOME_CHANGES_MAX} times in a year; ask the personnel agency"
        )));
    }
    Ok(())
}

fn in_order(from: WorkDate, to: Option<WorkDate>) -> Result<(), PlaceError> {
    match to {
        Some(to) if to < from => Err(PlaceError::Dates(format!("the last day {to} is before the first, {from}"))),
        _ => Ok(()),
    }
}

fn not_too_far(from: WorkDate, today: WorkDate) -> Result<(), PlaceError> {
    if from > today.plus_days(AHEAD_DAYS_MAX) {
        return Err(PlaceError::Dates(format!("a place is asked for at most {AHEAD_DAYS_MAX} days ahead")));
    }
    Ok(())
}

fn words_fit(asked: &Asked) -> Result<(), PlaceError> {
    let fits = |text: &Option<String>, longest: usize| {
        text.as_ref().is_none_or(|text| text.chars().count() <= longest && !text.contains('\0'))
    };
    if !fits(&asked.note, NOTE_MAX) {
        return Err(PlaceError::Reason(format!("the note may have at most {NOTE_MAX} characters")));
    }
    if !fits(&asked.reference, REFERENCE_MAX) {
        return Err(PlaceError::Reason(format!("the reference may have at most {REFERENCE_MAX} characters")));
    }
    Ok(())
}
