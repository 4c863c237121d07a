//! Somebody else decides about a place; an approval makes a version and ends the one before.

use serde::Serialize;

use super::{
    request::{self, PlaceError, next_working_day},
    vault::{self, REQUEST_SHAPE},
    versions::{self, New},
};
use crate::{
    app::App,
    evidence::location::shape::Shape,
    log,
    model::{
        ids::{PersonId, PlaceId, PlaceRequestId},
        time::{WorkDate, zone_named},
        words::{EntryKind, PlaceAct, PlaceKind, PlaceRequestState, Role},
    },
    notify::{self, About, Notice},
    session::SignedIn,
    store::{
        Tx, home_readings, people,
        place_requests::{self, DecisionRow, PlaceRequestRow},
        roles, units,
    },
};

/// What the log commits to.
#[derive(Serialize)]
struct LogRecord<'a> {
    request_id: PlaceRequestId,
    person_id: PersonId,
    state: PlaceRequestState,
    decided_by: PersonId,
    place_id: Option<PlaceId>,
    valid_from: Option<WorkDate>,
    valid_to: Option<WorkDate>,
    note: Option<&'a str>,
}

/// A request somebody may decide. It can only be had here.
pub struct Decidable {
    row: PlaceRequestRow,
}

impl Decidable {
    /// The request.
    pub fn row(&self) -> &PlaceRequestRow {
        &self.row
    }
}

/// Whether the personnel agency decides it: corrections, and what tells of somebody's health.
pub fn is_for_agency(row: &PlaceRequestRow) -> bool {
    row.act == PlaceAct::Correct || matches!(row.kind, PlaceKind::Hospital | PlaceKind::Isolation)
}

/// A request for the eyes of whoever may decide it: a supervisor of the person's unit, or an administrator where it is
/// for the personnel agency; never the person, nor who asked.
///
/// # Errors
/// [`PlaceError::NotFound`] for everybody else, [`PlaceError::Own`] for who asked.
pub async fn decidable(
    tx: &mut Tx,
    person: &SignedIn,
    id: PlaceRequestId,
    today: WorkDate,
) -> Result<Decidable, PlaceError> {
    let row = place_requests::by_id(tx, id).await?.ok_or(PlaceError::NotFound)?;
    let viewer = person.actor.person_id;
    let allowed = if is_for_agency(&row) {
        person.actor.holds(Role::Administrator)
    } else {
        roles::supervises(tx, viewer, row.unit_id, today).await?
    };
    if row.person_id == viewer || row.requested_by == viewer {
        return Err(PlaceError::Own);
    }
    if allowed { Ok(Decidable { row }) } else { Err(PlaceError::NotFound) }
}

/// Approves a request; the place is good from the next working day, a place for a time from today.
///
/// # Errors
/// [`PlaceError`]; nothing is then changed.
pub async fn approve(
    app: &App,
    person: &SignedIn,
    id: PlaceRequestId,
    note: Option<String>,
) -> Result<PlaceRequestRow, PlaceError> {
    note_fits(note.as_ref())?;
    let now = app.now();
    let mut tx = app.store.write().await?;
    let decidable = decidable(&mut tx, person, id, now.date_in(&person.zone)).await?;
    let person_id = decidable.row.person_id;
    // Whoever changes a person's places waits here; what is read afterwards stays true.
    people::hold(&mut tx, person_id).await?;
    let row = place_requests::by_id(&mut tx, id).await?.ok_or(PlaceError::NotFound)?;
    if row.state != PlaceRequestState::Pending {
        return Err(PlaceError::Decided);
    }
    let shape: Shape = vault::open(app, REQUEST_SHAPE, row.id.0, &row.shape)?;
    let dates = Dates::of(app, &mut tx, &row).await?;
    let new = New {
        person_id,
        kind: row.kind,
        shape: &shape,
        sigma_m: row.sigma_m,
        from: dates.from,
        to: dates.to,
        request_id: Some(row.id),
    };
    let place_id = versions::add(app, &mut tx, &new, row.act == PlaceAct::Correct).await?;
    let decision = DecisionRow {
        state: PlaceRequestState::Approved,
        decided_by: person.actor.person_id,
        decided_at: now,
        note,
        place_id: Some(place_id),
    };
    finish(app, tx, row, decision, Some(dates)).await
}

/// Refuses a request, with a reason.
///
/// # Errors
/// [`PlaceError`]; nothing is then changed.
pub async fn refuse(
    app: &App,
    person: &SignedIn,
    id: PlaceRequestId,
    note: String,
) -> Result<PlaceRequestRow, PlaceError> {
    if note.trim().is_empty() {
        return Err(PlaceError::Reason("a refusal needs a note that says why".to_owned()));
    }
    note_fits(Some(&note))?;
    let now = app.now();
    let mut tx = app.store.write().await?;
    let row = decidable(&mut tx, person, id, now.date_in(&person.zone)).await?.row;
    let decided_by = person.actor.person_id;
    let state = PlaceRequestState::Refused;
    let decision = DecisionRow { state, decided_by, decided_at: now, note: Some(note), place_id: None };
    home_readings::release(&mut tx, row.person_id, row.id).await?;
    finish(app, tx, row, decision, None).await
}

/// Takes an own request back.
///
/// # Errors
/// [`PlaceError`]; nothing is then changed.
pub async fn withdraw(app: &App, person: &SignedIn, id: PlaceRequestId) -> Result<PlaceRequestRow, PlaceError> {
    let mut tx = app.store.write().await?;
    let decided_by = person.actor.person_id;
    let row = place_requests::by_id(&mut tx, id).await?.filter(|row| row.requested_by == decided_by);
    let row = row.ok_or(PlaceError::NotFound)?;
    let state = PlaceRequestState::Withdrawn;
    let decision = DecisionRow { state, decided_by, decided_at: app.now(), note: None, place_id: None };
    // The readings are the person's: they are good for another request.
    home_readings::release(&mut tx, row.person_id, row.id).await?;
    finish(app, tx, row, decision, None).await
}

async fn finish(
    app: &App,
    mut tx: Tx,
    row: PlaceRequestRow,
    decision: DecisionRow,
    dates: Option<Dates>,
) -> Result<PlaceRequestRow, PlaceError> {
    if !place_requests::decide(&mut tx, row.id, &decision).await? {
        return Err(PlaceError::Decided);
    }
    let record = LogRecord {
        request_id: row.id,
        person_id: row.person_id,
        state: decision.state,
        decided_by: decision.decided_by,
        place_id: decision.place_id,
        valid_from: dates.map(|dates| dates.from),
        valid_to: dates.and_then(|dates| dates.to),
        note: decision.note.as_deref(),
    };
    log::append(&mut tx, EntryKind::PlaceDecided, &record, app.now(), &app.chance).await?;
    let decided = place_requests::by_id(&mut tx, row.id).await?.ok_or(PlaceError::NotFound)?;
    // Whoever took it back knows.
    if decision.state != PlaceRequestState::Withdrawn {
        let about = About::PlaceDecided { request_id: row.id };
        notify::enqueue(app, &mut tx, &Notice { person_id: row.person_id, about, not_before: app.now() }).await?;
    }
    tx.commit().await?;
    Ok(decided)
}

/// From when to when a version holds.
#[derive(Clone, Copy)]
struct Dates {
    from: WorkDate,
    to: Option<WorkDate>,
}

impl Dates {
    /// What was asked for, but not on days that are over: only a correction reaches back.
    async fn of(app: &App, tx: &mut Tx, row: &PlaceRequestRow) -> Result<Self, PlaceError> {
        if row.act == PlaceAct::Correct {
            return Ok(Self { from: row.valid_from, to: row.valid_to });
        }
        let now = app.now();
        let unit = units::by_id(tx, row.unit_id).await?;
        let zone = unit.and_then(|unit| zone_named(&unit.time_zone)).map_or(jiff::tz::TimeZone::UTC, |(_, zone)| zone);
        let soonest = if row.kind == PlaceKind::Home {
            next_working_day(tx, row.unit_id, &zone, now).await?
        } else {
            now.date_in(&zone)
        };
        let from = row.valid_from.max(soonest);
        if row.valid_to.is_some_and(|to| to < from) {
            return Err(PlaceError::Dates("the days that were asked for are over; refuse it".to_owned()));
        }
        Ok(Self { from, to: row.valid_to })
    }
}

fn note_fits(note: Option<&String>) -> Result<(), PlaceError> {
    let fits = note.is_none_or(|note| note.chars().count() <= request::NOTE_MAX && !note.contains('\0'));
    if fits {
        Ok(())
    } else {
        Err(PlaceError::Reason(format!("the note may have at most {} characters", request::NOTE_MAX)))
    }
}
