//! A whole case in few statements: what belongs to all attempts of its slot is read at once.

use serde_json::Value;
use sqlx::FromRow;

use super::{
    Json, StoreError, Tx,
    checkins::{CheckinRow, FindingRow, columns},
    fetch,
    reviews::{NamedReview, ReviewRow, outcomes},
    statements::statements,
};
use crate::model::{
    ids::{CheckinId, PersonId, ReviewId},
    time::WorkDate,
    words::{LookKind, Slot},
};

statements! {
    NAMES = "SELECT p.nip, p.name AS person_name, n.code AS unit_code, n.name AS unit_name, n.time_zone,
            h.name AS claimed_by_name, q.name AS asked_by_name
        FROM reviews r JOIN people p ON p.id = r.person_id JOIN units n ON n.id = r.unit_id
            LEFT JOIN people h ON h.id = r.claimed_by LEFT JOIN people q ON q.id = r.asked_by
        WHERE r.id = $1";
    ATTEMPTS = concat!("SELECT ", columns!(), ", e.location, d.name AS device_name,
            (SELECT COUNT(*) FROM review_attempts a WHERE a.review_id = $4 AND a.checkin_id = c.id) AS in_case,
            (SELECT COUNT(*) FROM looks l
                WHERE l.checkin_id = c.id AND l.viewer_id = $5 AND l.what IN ($6, $7)) AS looks
        FROM checkins c LEFT JOIN evidence e ON e.checkin_id = c.id LEFT JOIN devices d ON d.id = c.device_id
        WHERE c.person_id = $1 AND c.work_date = $2 AND c.slot = $3 ORDER BY c.attempt, c.id");
    FINDINGS = "SELECT f.checkin_id, f.ordinal, f.code, f.severity, f.flags, f.measured, f.threshold, f.unit_of_measure,
            f.words_id, f.words_en
        FROM checkins c JOIN findings f ON f.checkin_id = c.id
        WHERE c.person_id = $1 AND c.work_date = $2 AND c.slot = $3 ORDER BY c.attempt, c.id, f.ordinal";
    OUTCOMES = outcomes!("c.person_id = $1 AND c.work_date = $2 AND c.slot = $3");
}

/// The names that are shown of a case.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Names {
    /// Staff number of its person.
    pub nip: String,
    /// Name of its person.
    pub person_name: String,
    /// Code of its unit.
    pub unit_code: String,
    /// Name of its unit.
    pub unit_name: String,
    /// The unit's zone.
    pub time_zone: String,
    /// Who holds it, or held it last.
    pub claimed_by_name: Option<String>,
    /// Who asked its person last.
    pub asked_by_name: Option<String>,
}

/// An attempt of the slot of a case.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AttemptRow {
    /// The check-in.
    #[sqlx(flatten)]
    pub checkin: CheckinRow,
    /// Location evidence, without coordinates; a check-in without any evidence has none.
    pub location: Option<Json<Value>>,
    /// Name of the phone it came from, where that is enrolled.
    pub device_name: Option<String>,
    /// 1 where the case is about it.
    pub in_case: i64,
    /// How often the viewer opened its photo.
    pub looks: i64,
}

/// What became of a check-in in one review.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Outcome {
    /// Of which check-in.
    pub checkin_id: CheckinId,
    /// The review.
    #[sqlx(flatten)]
    pub named: NamedReview,
}

/// All attempts of the slot of a case, in order, with what belongs to them.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Attempts {
    /// The check-ins.
    pub rows: Vec<AttemptRow>,
    /// Their findings, in the order of the check-ins and then of their own.
    pub findings: Vec<FindingRow>,
    /// Their reviews, oldest first for each check-in.
    pub outcomes: Vec<Outcome>,
}

/// The names of a case.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn names(tx: &mut Tx, id: ReviewId) -> Result<Option<Names>, StoreError> {
    Ok(fetch!(fetch_optional, Names, tx, NAMES, id)?)
}

/// The attempts of the slot of a case, as `viewer` looked at them.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn attempts(tx: &mut Tx, review: &ReviewRow, viewer: PersonId) -> Result<Attempts, StoreError> {
    let (person, day, slot): (PersonId, WorkDate, Slot) = (review.person_id, review.work_date, review.slot);
    let [seen, gone] = [LookKind::Photo, LookKind::PhotoUnavailable];
    let rows = fetch!(fetch_all, AttemptRow, tx, ATTEMPTS, person, day, slot, review.id, viewer, seen, gone)?;
    let findings = fetch!(fetch_all, FindingRow, tx, FINDINGS, person, day, slot)?;
    let outcomes = fetch!(fetch_all, Outcome, tx, OUTCOMES, person, day, slot)?;
    Ok(Attempts { rows, findings, outcomes })
}
