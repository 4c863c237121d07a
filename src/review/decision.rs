//! Decisions: by whoever holds the case and saw its photos, once, and taken back within a minute if it was a slip.

use serde::Serialize;
use serde_json::json;

use super::{ReviewError, Visible, append, is_storable, made, visible};
use crate::{
    app::App,
    log,
    model::{
        ids::{CheckinId, PersonId, ReviewId},
        time::Timestamp,
        words::{
            Decision, EntryKind, NoticeKind, PolicyName, ReasonCode, ReviewEventKind, ReviewOrigin, ReviewState,
            Verdict,
        },
    },
    notify::{self, About, Notice},
    session::SignedIn,
    store::{
        StoreError, Tx, checkins,
        presences::{self, Standing},
        reviews::{self, BeforeDecision, EarlierRuling, ReviewRow, Ruled},
    },
};

/// What a reviewer decides.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// Accept or reject.
    pub decision: Decision,
    /// Why, from the closed list.
    pub reason: ReasonCode,
    /// And in words.
    pub note: Option<String>,
    /// What the reviewer saw; not compared when not said.
    pub version: Option<i64>,
}

#[derive(Serialize)]
struct DecisionRecord<'a> {
    review_id: ReviewId,
    origin: ReviewOrigin,
    decided_by: PersonId,
    decided_at: Timestamp,
    decision: Decision,
    reason_code: ReasonCode,
    note: Option<&'a str>,
    checkins: Vec<CheckinId>,
    /// Findings that an acceptance set aside.
    overruled: &'a [String],
}

#[derive(Serialize)]
struct UndoRecord {
    review_id: ReviewId,
    undone_by: PersonId,
    decision: Option<Decision>,
}

/// What stands in the way of a ruling by itself.
pub(super) fn check(ruling: &Ruling) -> Result<(), ReviewError> {
    let Ruling { decision, reason, note, .. } = ruling;
    if reason.decision() != *decision {
        return Err(ReviewError::Reason { reason: *reason, decision: *decision });
    }
    if note.as_deref().is_some_and(|note| !is_storable(note)) {
        return Err(ReviewError::Note);
    }
    Ok(())
}

/// Decides a case, once; the presence is settled with it.
///
/// # Errors
/// [`ReviewError`] when the reason does not fit, the lease is not held, a photo was not seen, or the case has changed.
pub async fn decide(app: &App, person: &SignedIn, id: ReviewId, ruling: &Ruling) -> Result<Visible, ReviewError> {
    check(ruling)?;
    let now = app.now();
    let mut tx = app.store.write().await?;
    let Visible(case) = visible(&mut tx, person, id, now.date_in(&person.zone)).await?;
    if let Some(sent) = ruling.version.filter(|sent| *sent != case.version && case.state != ReviewState::Decided) {
        return Err(ReviewError::Changed { sent, version: case.version });
    }
    let decided = rule(app, &mut tx, person, &case, ruling, now).await?;
    tx.commit().await?;
    Ok(decided)
}

/// Writes a decision down: the presence, the case, its history, the log.
pub(super) async fn rule(
    app: &App,
    tx: &mut Tx,
    person: &SignedIn,
    case: &ReviewRow,
    ruling: &Ruling,
    now: Timestamp,
) -> Result<Visible, ReviewError> {
    let Ruling { decision, reason, .. } = *ruling;
    let (id, by) = (case.id, person.actor.person_id);
    // The slot before the case, as a check-in takes them: the other order could wait for each other for ever.
    let (presence, left) = settle(tx, case, decision).await?.unzip();
    let drawn = case.origin != ReviewOrigin::Second
        && case.state != ReviewState::Appealed
        && app.chance.draws(app.policy_values().on(PolicyName::Second, now.date_in(&person.zone)));
    let ruled = Ruled {
        by,
        at: now,
        decision,
        reason_code: reason,
        note: ruling.note.clone(),
        // Whoever looks a second time has seen the first decision by then.
        before: (case.origin != ReviewOrigin::Second).then(|| BeforeDecision { presence, left, ruling: earlier(case) }),
        second_at: drawn.then(|| now.plus_seconds(app.config.undo_s)),
    };
    if !reviews::decide(tx, id, &ruled).await? {
        return Err(refusal(tx, id, now).await?);
    }
    if let Some(checkin_id) = reviews::unseen(tx, id, by).await? {
        return Err(ReviewError::Unseen(checkin_id));
    }
    let overruled = if decision == Decision::Accept { reviews::reasons(tx, id).await? } else { Vec::new() };
    let note = ruling.note.as_deref();
    let detail = json!({ "decision": decision, "reason_code": reason, "note": note, "overruled": overruled });
    append(app, tx, id, ReviewEventKind::Decided, Some(by), detail).await?;
    let record = DecisionRecord {
        review_id: id,
        origin: case.origin,
        decided_by: by,
        decided_at: now,
        decision,
        reason_code: reason,
        note,
        checkins: checkins::of_review(tx, id).await?.iter().map(|checkin| checkin.id).collect(),
        overruled: &overruled,
    };
    log::append(tx, EntryKind::ReviewDecision, &record, now, &app.chance).await?;
    let silent = case.origin == ReviewOrigin::Second
        || (case.origin == ReviewOrigin::Routine && decision == Decision::Accept && !case.is_told());
    if !silent {
        // Not before it can no longer be taken back.
        let not_before = now.plus_seconds(app.config.undo_s);
        let about = About::DecisionMade { review_id: id };
        notify::enqueue(app, tx, &Notice { person_id: case.person_id, about, not_before }).await?;
    }
    Ok(Visible(reviews::by_id(tx, id).await?.ok_or(ReviewError::NotFound)?))
}

/// What the decision makes of the presence; gives how it stood and how it stands. A second look changes nothing, and
/// neither does a routine one that finds nothing.
async fn settle(tx: &mut Tx, case: &ReviewRow, decision: Decision) -> Result<Option<(Standing, Standing)>, StoreError> {
    let quiet = case.origin == ReviewOrigin::Routine && decision == Decision::Accept && case.decision.is_none();
    if case.origin == ReviewOrigin::Second || quiet {
        return Ok(None);
    }
    let (person_id, work_date, slot) = (case.person_id, case.work_date, case.slot);
    let standing = presences::hold(tx, person_id, work_date, slot).await?;
    if decision == Decision::Reject {
        // What was accepted and drawn for a look stands no longer, unless another attempt does.
        let rows = checkins::of_review(tx, case.id).await?;
        for checkin in rows.iter().filter(|row| row.verdict == Verdict::Accepted) {
            presences::doubt(tx, person_id, work_date, slot, checkin.id).await?;
        }
    }
    presences::settle(tx, person_id, work_date, slot, decision).await?;
    Ok(standing.zip(presences::hold(tx, person_id, work_date, slot).await?))
}

/// The ruling that an appeal asks to be made again.
fn earlier(case: &ReviewRow) -> Option<EarlierRuling> {
    Some(EarlierRuling {
        by: case.decided_by?,
        at: case.decided_at?,
        decision: case.decision?,
        reason_code: case.reason_code?,
        note: case.note.clone(),
    })
}

/// Why a case could not be decided.
async fn refusal(tx: &mut Tx, id: ReviewId, now: Timestamp) -> Result<ReviewError, ReviewError> {
    let found = reviews::by_id(tx, id).await?.ok_or(ReviewError::NotFound)?;
    Ok(match (found.state, found.due_at) {
        (ReviewState::Decided, _) => ReviewError::Decided(made(tx, &found).await?),
        (ReviewState::Asked, Some(until)) if until > now => ReviewError::Waiting { until },
        _ => ReviewError::NotHeld,
    })
}

/// Until when whoever decided may take it back; nothing when nobody may.
pub fn undo_until(app: &App, review: &ReviewRow, asker: PersonId) -> Option<Timestamp> {
    let own = review.state == ReviewState::Decided && review.decided_by == Some(asker);
    let until = review.decided_at?.plus_seconds(app.config.undo_s);
    (own && review.before_decision.is_some() && until > app.now()).then_some(until)
}

/// Takes one's own decision back: everything stands as before, and the case is held again.
///
/// # Errors
/// [`ReviewError::UndoOver`] when it is too late, somebody else decided, or more has come since.
pub async fn undo(app: &App, person: &SignedIn, id: ReviewId) -> Result<Visible, ReviewError> {
    let (now, by) = (app.now(), person.actor.person_id);
    let over = || ReviewError::UndoOver { seconds: app.config.undo_s };
    let mut tx = app.store.write().await?;
    let Visible(case) = visible(&mut tx, person, id, now.date_in(&person.zone)).await?;
    let before = case.before_decision.clone().ok_or_else(over)?.0;
    let (person_id, work_date, slot) = (case.person_id, case.work_date, case.slot);
    let now_stands = presences::hold(&mut tx, person_id, work_date, slot).await?;
    // A further attempt has opened a case of its own meanwhile.
    if before.ruling.is_none() && reviews::open_of_slot(&mut tx, person_id, work_date, slot).await?.is_some() {
        return Err(over());
    }
    if let Some(standing) = before.presence {
        // More has come since, which nobody may take back with it.
        if before.left != now_stands {
            return Err(over());
        }
        presences::restore(&mut tx, person_id, work_date, slot, standing).await?;
    }
    let since = now.plus_seconds(-app.config.undo_s);
    let until = now.plus_seconds(app.config.claim_lease_s);
    if !reviews::undo(&mut tx, id, by, (since, until), before.ruling.as_ref()).await? {
        return Err(over());
    }
    append(app, &mut tx, id, ReviewEventKind::Undone, Some(by), json!({ "decision": case.decision })).await?;
    let record = UndoRecord { review_id: id, undone_by: by, decision: case.decision };
    log::append(&mut tx, EntryKind::ReviewUndone, &record, now, &app.chance).await?;
    notify::cancel(app, &mut tx, NoticeKind::DecisionMade, id.0).await?;
    let review = reviews::by_id(&mut tx, id).await?.ok_or(ReviewError::NotFound)?;
    tx.commit().await?;
    Ok(Visible(review))
}
