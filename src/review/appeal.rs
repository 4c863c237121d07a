//! Appeals: a person who does not agree with a rejection asks, once, for somebody else's decision.

use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::json;

use super::{ReviewError, append, desk, explanation::own, said};
use crate::{
    app::App,
    log,
    model::{
        ids::{PersonId, ReviewId},
        time::Timestamp,
        words::{Decision, EntryKind, PolicyName, ReviewEventKind, ReviewState},
    },
    session::SignedIn,
    store::reviews::{self, Appealing, ReviewRow},
};

const DAY_S: i64 = 86_400;

#[derive(Serialize)]
struct LogRecord<'a> {
    review_id: ReviewId,
    person_id: PersonId,
    appeal: &'a str,
}

/// How long an appeal may be made: as was promised on the day of the decision, whatever changed since.
fn time_s(app: &App, decided_at: Timestamp) -> i64 {
    app.policy_values().whole_on(PolicyName::Appeal, decided_at.date_in(&TimeZone::UTC)) * DAY_S
}

/// Until when this decision can be appealed against; nothing when it cannot be.
pub fn until(app: &App, review: &ReviewRow) -> Option<Timestamp> {
    let rejected = review.state == ReviewState::Decided && review.decision == Some(Decision::Reject);
    let decided_at = review.decided_at?;
    let end = decided_at.plus_seconds(time_s(app, decided_at));
    (rejected && review.appealed_at.is_none() && app.now() < end).then_some(end)
}

/// Appeals against a rejection: the case waits for somebody else.
///
/// # Errors
/// [`ReviewError::NoAppeal`] when there is nothing to appeal against, or it is too late.
pub async fn appeal(app: &App, person: &SignedIn, id: ReviewId, words: &str) -> Result<(), ReviewError> {
    let words = said(words)?;
    let (now, person_id) = (app.now(), person.actor.person_id);
    let mut tx = app.store.write().await?;
    let case = own(&mut tx, person_id, id).await?;
    let today = now.date_in(&person.zone);
    let appealing = Appealing {
        person_id,
        words,
        at: now,
        decided_after: now.plus_seconds(-time_s(app, case.decided_at.unwrap_or(now))),
        deciding_unit_id: desk::first(&mut tx, case.unit_id, today, person_id, case.decided_by).await?,
        target_at: desk::target(app, now),
    };
    if !reviews::appeal(&mut tx, id, &appealing).await? {
        return Err(ReviewError::NoAppeal);
    }
    append(app, &mut tx, id, ReviewEventKind::Appealed, Some(person_id), json!({ "appeal": words })).await?;
    let record = LogRecord { review_id: id, person_id, appeal: words };
    log::append(&mut tx, EntryKind::ReviewAppeal, &record, now, &app.chance).await?;
    tx.commit().await?;
    Ok(())
}
