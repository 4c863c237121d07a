//! Desks: whose supervisors decide a case. It begins with those nearest to the unit; when it has waited past its target it
//! goes to those above, and nobody is rejected because a supervisor was late.

use std::collections::HashSet;

use jiff::tz::TimeZone;
use serde_json::json;

use super::{ReviewError, append};
use crate::{
    app::App,
    model::{
        ids::{PersonId, UnitId},
        time::{Timestamp, WorkDate, zone_named},
        words::{PolicyName, ReviewEventKind},
    },
    notify::{self, About, Notice},
    store::{
        StoreError, Tx,
        reviews::{self, ReviewRow},
        roles, units,
    },
};

const HOUR_S: i64 = 3_600;
/// Cases that are moved before the next are read.
const TOGETHER: i64 = 200;

/// When a case that begins to wait now goes to those above.
pub(super) fn target(app: &App, now: Timestamp) -> Timestamp {
    let hours = app.policy_values().whole_on(PolicyName::ReviewTarget, now.date_in(&TimeZone::UTC));
    now.plus_seconds(hours * HOUR_S)
}

/// The desk a case of `subject` begins on: the nearest unit upwards that somebody supervises who is neither the person
/// nor whoever decided before. None while there is nobody at all.
pub(super) async fn first(
    tx: &mut Tx,
    unit_id: UnitId,
    on: WorkDate,
    subject: PersonId,
    barred: Option<PersonId>,
) -> Result<Option<UnitId>, StoreError> {
    roles::desk(tx, unit_id, on, subject, barred).await
}

/// The desk above the one a case lies on; that one itself when there is nobody above.
async fn above(tx: &mut Tx, review: &ReviewRow, on: WorkDate) -> Result<Option<UnitId>, StoreError> {
    let start = match review.deciding_unit_id {
        None => Some(review.unit_id),
        Some(desk) => units::by_id(tx, desk).await?.and_then(|unit| unit.parent_id),
    };
    let Some(start) = start else { return Ok(review.deciding_unit_id) };
    let found = first(tx, start, on, review.person_id, review.barred_id).await?;
    Ok(found.or(review.deciding_unit_id))
}

/// The day where a unit is.
async fn today(tx: &mut Tx, unit_id: UnitId, now: Timestamp) -> Result<WorkDate, StoreError> {
    let zone = units::by_id(tx, unit_id).await?.and_then(|unit| zone_named(&unit.time_zone));
    Ok(now.date_in(&zone.map_or(TimeZone::UTC, |(_, zone)| zone)))
}

/// Gives every case that waited past its target to the desk above; says how many went up.
///
/// # Errors
/// [`ReviewError`]; what was not moved still waits.
pub async fn escalate(app: &App) -> Result<u64, ReviewError> {
    let (mut moved, mut told) = (0, HashSet::new());
    loop {
        let now = app.now();
        let mut tx = app.store.read().await?;
        let waiting = reviews::waiting_too_long(&mut tx, now, TOGETHER).await?;
        drop(tx);
        if waiting.is_empty() {
            return Ok(moved);
        }
        let mut failed = false;
        for review in &waiting {
            match escalate_one(app, review, now, &mut told).await {
                Ok(went_up) => moved += u64::from(went_up),
                // Whoever waits behind it does not wait for it.
                Err(error) => {
                    tracing::error!(review = %review.id, %error, "a case that waits too long was not moved");
                    failed = true;
                }
            }
        }
        if failed {
            return Ok(moved);
        }
    }
}

/// True when the case went to another desk. Everybody who is asked to hurry is told once a run, however many cases wait.
async fn escalate_one(
    app: &App,
    review: &ReviewRow,
    now: Timestamp,
    told: &mut HashSet<PersonId>,
) -> Result<bool, ReviewError> {
    let mut tx = app.store.write().await?;
    let on = today(&mut tx, review.unit_id, now).await?;
    let desk = above(&mut tx, review, on).await?;
    // Another replica was first, or somebody decided.
    if !reviews::escalate(&mut tx, review, desk, target(app, now)).await? {
        tx.rollback().await?;
        return Ok(false);
    }
    let went_up = desk != review.deciding_unit_id;
    if went_up {
        let detail = json!({ "from": review.deciding_unit_id, "to": desk });
        append(app, &mut tx, review.id, ReviewEventKind::Escalated, None, detail).await?;
    }
    let mut there = match desk {
        Some(desk) => roles::at_desk(&mut tx, desk, on).await?,
        None => Vec::new(),
    };
    // Neither the person nor whoever decided before hears of it.
    there.retain(|who| *who != review.person_id && Some(*who) != review.barred_id && !told.contains(who));
    for person_id in &there {
        let about = About::CaseOverdue { review_id: review.id };
        notify::enqueue(app, &mut tx, &Notice { person_id: *person_id, about, not_before: now }).await?;
    }
    tx.commit().await?;
    told.extend(there);
    Ok(went_up)
}

/// Moves cases that never went up to the desk nearest to them today: an acting supervisor came or went.
///
/// # Errors
/// [`ReviewError`]; the next run goes on.
pub async fn follow_roles(app: &App) -> Result<u64, ReviewError> {
    let now = app.now();
    let mut tx = app.store.read().await?;
    let desks = reviews::desks(&mut tx).await?;
    drop(tx);
    let mut moved = 0;
    for (unit_id, desk) in desks {
        let mut tx = app.store.read().await?;
        let on = today(&mut tx, unit_id, now).await?;
        // Whoever the case is about or who decided before is left out below, case by case.
        let nobody = PersonId(uuid::Uuid::nil());
        if first(&mut tx, unit_id, on, nobody, None).await? == desk {
            continue;
        }
        let cases = reviews::at_desk(&mut tx, unit_id, desk).await?;
        drop(tx);
        for review in cases {
            let mut tx = app.store.write().await?;
            let nearest = first(&mut tx, unit_id, on, review.person_id, review.barred_id).await?;
            if nearest != review.deciding_unit_id {
                reviews::move_to(&mut tx, review.id, nearest).await?;
                moved += 1;
            }
            tx.commit().await?;
        }
    }
    Ok(moved)
}
