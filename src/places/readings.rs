//! Readings at home: each is one capture; a home needs several, on several days.

use serde::{Deserialize, Serialize};

use super::{
    registration::{self, ACCURACY_MAX_M, Estimate, Reading},
    request::PlaceError,
    vault::{self, READING},
};
use crate::{
    app::App,
    evidence::location::{
        assess::{Claim, Malformed},
        fix,
    },
    model::{
        geo::Position,
        ids::{PersonId, ReadingId},
        time::Timestamp,
    },
    session::SignedIn,
    store::{
        Tx,
        home_readings::{self, ReadingRow},
        people,
    },
};

/// Older readings count no more, days.
pub const READINGS_DAYS: i64 = 30;
/// A reading sooner after the one before is the same reading, seconds.
pub const APART_S: f64 = 3_600.0;
/// More than so many say nothing new.
pub const READINGS_MAX: usize = 30;

#[derive(Serialize, Deserialize)]
struct SealedReading {
    position: Position,
    accuracy_m: f64,
}

/// How far a registration has come.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The readings with their places in time.
    pub rows: Vec<ReadingRow>,
    /// What they come to.
    pub estimate: Option<Estimate>,
    /// The readings themselves.
    pub readings: Vec<Reading>,
}

/// Keeps the best fix of a capture as a reading.
///
/// # Errors
/// [`PlaceError`] when it is too coarse, too soon after the last one, or no position at all.
pub async fn add(app: &App, person: &SignedIn, claim: &Claim<'_>) -> Result<Progress, PlaceError> {
    let checked: Vec<_> = claim.fixes.iter().map(|fix| fix::usable(fix, claim.sent_at)).collect();
    let Some((_, fix)) = fix::best(&checked) else {
        let unusable = checked.into_iter().find_map(Result::err);
        return Err(unusable.map_or(Malformed::Nothing, Malformed::Fix).into());
    };
    if claim.mocked {
        return Err(PlaceError::Mocked);
    }
    if fix.accuracy_m > ACCURACY_MAX_M {
        return Err(PlaceError::TooCoarse(fix.accuracy_m));
    }
    let (now, person_id) = (app.now(), person.actor.person_id);
    let mut tx = app.store.write().await?;
    people::hold(&mut tx, person_id).await?;
    let rows = home_readings::unused(&mut tx, person_id, since(now)).await?;
    if rows.len() >= READINGS_MAX {
        return Err(PlaceError::TooManyReadings);
    }
    if let Some(last) = rows.last() {
        let wait_s = APART_S - now.seconds_since(last.taken_at);
        if wait_s > 0.0 {
            return Err(PlaceError::TooSoon { wait_s });
        }
    }
    let id = ReadingId::new(now, &app.chance);
    let sealed = SealedReading { position: fix.position, accuracy_m: fix.accuracy_m };
    let row = ReadingRow {
        id,
        person_id,
        work_date: now.date_in(&person.zone),
        taken_at: now,
        accuracy_m: fix.accuracy_m,
        sealed: vault::seal(app, READING, id.0, &sealed)?,
        request_id: None,
    };
    home_readings::insert(&mut tx, &row).await?;
    let progress = progress(app, &mut tx, person_id, now).await?;
    tx.commit().await?;
    Ok(progress)
}

/// Forgets the readings that no request has used: to begin again elsewhere.
///
/// # Errors
/// [`PlaceError::Store`].
pub async fn forget(app: &App, person_id: PersonId) -> Result<(), PlaceError> {
    let mut tx = app.store.write().await?;
    people::hold(&mut tx, person_id).await?;
    home_readings::forget(&mut tx, person_id).await?;
    tx.commit().await?;
    Ok(())
}

/// How far a person's registration has come.
///
/// # Errors
/// [`PlaceError`] when the database fails or a seal does not open.
pub async fn progress(app: &App, tx: &mut Tx, person_id: PersonId, now: Timestamp) -> Result<Progress, PlaceError> {
    let rows = home_readings::unused(tx, person_id, since(now)).await?;
    let readings = opened(app, &rows)?;
    Ok(Progress { estimate: registration::estimate(&readings), rows, readings })
}

/// The readings under their seals.
///
/// # Errors
/// [`PlaceError::Vault`].
pub fn opened(app: &App, rows: &[ReadingRow]) -> Result<Vec<Reading>, PlaceError> {
    let reading = |row: &ReadingRow| {
        let SealedReading { position, accuracy_m } = vault::open(app, READING, row.id.0, &row.sealed)?;
        Ok(Reading { position, accuracy_m, day: row.work_date })
    };
    rows.iter().map(reading).collect()
}

/// From when on readings count.
pub fn since(now: Timestamp) -> Timestamp {
    now.plus_seconds(-READINGS_DAYS * 86_400)
}
