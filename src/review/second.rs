//! Second looks: a share of the decisions is made once more, by somebody who does not know the first. Nothing follows from
//! it for the person; it says how far reviewers agree.

use serde_json::json;

use super::{ReviewError, append, desk};
use crate::{
    app::App,
    model::{
        ids::ReviewId,
        words::{ReviewEventKind, ReviewOrigin},
    },
    store::reviews::{self, NewCase, ReviewRow},
};

/// Cases that are opened before the next are read.
const TOGETHER: i64 = 200;

/// Opens the second looks whose time has come: the first decision can be taken back no longer. Says how many.
///
/// # Errors
/// [`ReviewError`]; what was not opened is opened by the next run.
pub async fn open_due(app: &App) -> Result<u64, ReviewError> {
    let mut opened = 0;
    loop {
        let mut tx = app.store.read().await?;
        let due = reviews::seconds_due(&mut tx, app.now(), TOGETHER).await?;
        drop(tx);
        if due.is_empty() {
            return Ok(opened);
        }
        let mut failed = false;
        for review in &due {
            match open(app, review).await {
                Ok(done) => opened += u64::from(done),
                Err(error) => {
                    tracing::error!(review = %review.id, %error, "a second look was not opened");
                    failed = true;
                }
            }
        }
        if failed {
            return Ok(opened);
        }
    }
}

/// False when there is nobody else to look, or another replica was first.
async fn open(app: &App, review: &ReviewRow) -> Result<bool, ReviewError> {
    let now = app.now();
    let mut tx = app.store.write().await?;
    let mine = reviews::second_opened(&mut tx, review.id).await?;
    let (Some(first), Some(decision), true) = (review.decided_by, review.decision, mine) else {
        tx.commit().await?;
        return Ok(false);
    };
    let desk = desk::first(&mut tx, review.unit_id, review.work_date, review.person_id, Some(first)).await?;
    if desk.is_none() {
        tx.commit().await?;
        return Ok(false);
    }
    let id = ReviewId::new(now, &app.chance);
    let case = NewCase {
        id,
        person_id: review.person_id,
        unit_id: review.unit_id,
        work_date: review.work_date,
        slot: review.slot,
        urgency: review.urgency,
        opened_at: now,
        origin: ReviewOrigin::Second,
        deciding_unit_id: desk,
        target_at: desk::target(app, now),
        cause: None,
    };
    reviews::open_second(&mut tx, &case, review.id, (first, decision)).await?;
    append(app, &mut tx, id, ReviewEventKind::Opened, None, json!({})).await?;
    tx.commit().await?;
    Ok(true)
}
