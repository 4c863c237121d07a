//! How a case begins: a flagged attempt opens or joins the one of its slot, and of the accepted ones a share is drawn for a
//! look all the same, so that it is known what passes unseen.

use serde_json::json;

use super::{append, cause, desk};
use crate::{
    app::App,
    model::{
        ids::ReviewId,
        words::{PolicyName, ReviewEventKind, ReviewOrigin, Verdict},
    },
    policy::Decided,
    store::{
        StoreError, Tx,
        checkins::CheckinRow,
        reviews::{self, NewCase},
    },
};

/// Urgency without a reason of high severity.
const NORMAL: i64 = 1;
/// Urgency of a case whose slot an accepted attempt answers; those with a reason of high severity keep theirs.
const SLOT_IS_ACCEPTED: i64 = 2;

/// What an attempt means for the cases of its slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// Nothing; at most an open case moves behind the others.
    None,
    /// It was accepted, and is drawn for a routine look.
    Drawn,
    /// It was flagged: somebody has to look.
    Flagged,
}

/// What an attempt means; of the accepted ones a share is drawn.
pub fn meaning(app: &App, checkin: &CheckinRow) -> Meaning {
    if checkin.verdict != Verdict::Accepted {
        Meaning::Flagged
    } else if app.chance.draws(app.policy_values().on(PolicyName::Routine, checkin.work_date)) {
        Meaning::Drawn
    } else {
        Meaning::None
    }
}

/// Opens or joins the case of an attempt whose rows are in the transaction.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn attempt_recorded(
    app: &App,
    tx: &mut Tx,
    checkin: &CheckinRow,
    slot_verdict: Verdict,
    decided: &Decided,
    meaning: Meaning,
) -> Result<(), StoreError> {
    let (person_id, work_date, slot) = (checkin.person_id, checkin.work_date, checkin.slot);
    // Without an earlier attempt there is no case.
    let again = checkin.attempt > 1;
    match meaning {
        Meaning::None => Ok(()),
        Meaning::Drawn => {
            // Somebody looks at this slot already.
            if again && reviews::open_of_slot(tx, person_id, work_date, slot).await?.is_some() {
                return Ok(());
            }
            open(app, tx, checkin, ReviewOrigin::Routine, NORMAL, &[]).await
        }
        Meaning::Flagged => {
            let (urgency, accepted) = (decided.urgency(), slot_verdict == Verdict::Accepted);
            let urgency = if accepted && urgency > 0 { SLOT_IS_ACCEPTED } else { urgency };
            let reasons = decided.findings.iter().filter(|(_, flags)| *flags);
            let codes: Vec<&str> = reasons.map(|(finding, _)| finding.code.as_str()).collect();
            open(app, tx, checkin, ReviewOrigin::Flagged, urgency, &codes).await
        }
    }
}

async fn open(
    app: &App,
    tx: &mut Tx,
    checkin: &CheckinRow,
    origin: ReviewOrigin,
    urgency: i64,
    codes: &[&str],
) -> Result<(), StoreError> {
    let (id, person_id, work_date) =
        (ReviewId::new(checkin.received_at, &app.chance), checkin.person_id, checkin.work_date);
    let case = NewCase {
        id,
        person_id,
        unit_id: checkin.unit_id,
        work_date,
        slot: checkin.slot,
        urgency,
        opened_at: checkin.received_at,
        origin,
        deciding_unit_id: desk::first(tx, checkin.unit_id, work_date, person_id, None).await?,
        target_at: desk::target(app, checkin.received_at),
        cause: cause::of_attempt(tx, checkin, codes).await?,
    };
    let found = reviews::open(tx, &case).await?;
    reviews::add_attempt(tx, found, checkin.id).await?;
    for code in codes {
        reviews::add_reason(tx, found, code).await?;
    }
    let kind = if found == id { ReviewEventKind::Opened } else { ReviewEventKind::AttemptAdded };
    append(app, tx, found, kind, None, json!({ "checkin_id": checkin.id, "reasons": codes })).await
}
