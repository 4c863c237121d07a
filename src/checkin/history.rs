//! What a person sees of own check-ins, and a reviewer of a case's: findings, decisions, distance in bands.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    permit::Permit,
    receipt::{self, FindingView},
};
use crate::{
    evidence::location::assess::LocationEvidence,
    model::{
        ids::{CheckinId, ReviewId},
        time::{Timestamp, WorkDate},
        words::{Assurance, Decision, PhotoSource, ReasonCode, ReviewState, Slot, Timing, Verdict},
    },
    store::{StoreError, Tx, checkins, reviews},
};

/// Upper ends of the bands a distance is told in, metres: exact distances from repeated readings would give a home away.
const BANDS_M: [f64; 6] = [50.0, 100.0, 250.0, 500.0, 1000.0, 5000.0];

/// One check-in with what was found and decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CheckinView {
    /// Id.
    pub id: CheckinId,
    /// The number on the receipt.
    pub number: String,
    /// What it answers.
    pub slot: Slot,
    /// The day it counts for.
    pub work_date: WorkDate,
    /// Which answer to the slot.
    pub attempt: i64,
    /// Server time.
    pub received_at: Timestamp,
    /// On time, late, or delivered late.
    pub timing: Timing,
    /// What vouches for the phone it came from.
    pub assurance: Assurance,
    /// When it was captured, as far as the phone said how long it waited.
    pub captured_at: Option<Timestamp>,
    /// Where the photo was taken from, by the page's word.
    pub photo_source: PhotoSource,
    /// The short code that has to be on a photo of the page.
    #[schema(example = "7K3Q")]
    pub photo_code: Option<String>,
    /// What policy made of it.
    pub verdict: Verdict,
    /// Which rules decided.
    pub rules_version: String,
    /// SHA-256 of the photo.
    pub photo_sha256: String,
    /// What was found.
    pub findings: Vec<FindingView>,
    /// How far from the place, in a band, and how precise the phone was.
    pub location: Option<LocationView>,
    /// The reviews it is part of.
    pub reviews: Vec<ReviewOutcome>,
}

/// Location evidence as far as it is shown: never in coordinates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LocationView {
    /// Distance to the place is at least this, metres.
    #[schema(example = 250.0)]
    pub distance_from_m: f64,
    /// And less than this; none is open.
    #[schema(example = 500.0)]
    pub distance_to_m: Option<f64>,
    /// The phone's stated accuracy, metres.
    #[schema(example = 35.0)]
    pub accuracy_m: f64,
}

/// How a review of this check-in stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReviewOutcome {
    /// The review.
    pub review_id: ReviewId,
    /// Open or decided.
    pub state: ReviewState,
    /// What was decided.
    pub decision: Option<Decision>,
    /// Why.
    pub reason_code: Option<ReasonCode>,
    /// In the reviewer's words.
    pub note: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<String>,
}

/// Everything that is shown of a check-in.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn view(tx: &mut Tx, permit: &Permit) -> Result<CheckinView, StoreError> {
    let id = permit.checkin().id;
    let findings = checkins::findings(tx, id).await?;
    let evidence = checkins::evidence(tx, id).await?.map(|evidence| evidence.location.0);
    let outcomes = reviews::of_checkin(tx, id).await?;
    Ok(shown(permit, findings, evidence, outcomes))
}

/// The same of what was read before: findings, location evidence, reviews.
pub fn shown(
    permit: &Permit,
    findings: Vec<checkins::FindingRow>,
    evidence: Option<Value>,
    outcomes: Vec<reviews::NamedReview>,
) -> CheckinView {
    let row = permit.checkin();
    let evidence = evidence.and_then(|evidence| serde_json::from_value::<LocationEvidence>(evidence).ok());
    CheckinView {
        id: row.id,
        number: receipt::number(row.id, row.work_date, row.slot),
        slot: row.slot,
        work_date: row.work_date,
        attempt: row.attempt,
        received_at: row.received_at,
        timing: row.timing,
        assurance: row.assurance,
        captured_at: row.captured_at,
        photo_source: row.photo_source,
        photo_code: row.photo_code.clone(),
        verdict: row.verdict,
        rules_version: row.rules_version.clone(),
        photo_sha256: hex::encode(&row.photo_sha256),
        findings: findings.into_iter().map(FindingView::from_row).collect(),
        location: evidence.and_then(|evidence| location(&evidence)),
        reviews: outcomes.into_iter().map(ReviewOutcome::from).collect(),
    }
}

impl From<reviews::NamedReview> for ReviewOutcome {
    fn from(found: reviews::NamedReview) -> Self {
        Self {
            review_id: found.review.id,
            state: found.review.state,
            decision: found.review.decision,
            reason_code: found.review.reason_code,
            note: found.review.note,
            decided_at: found.review.decided_at,
            decided_by: found.decided_by_name,
        }
    }
}

fn location(evidence: &LocationEvidence) -> Option<LocationView> {
    let (accuracy_m, judged) = (evidence.accuracy_m?, evidence.judged.as_ref()?);
    let distance = judged.best.distance_m;
    let below = BANDS_M.iter().copied().take_while(|end| *end <= distance).last();
    Some(LocationView {
        distance_from_m: below.unwrap_or(0.0),
        distance_to_m: BANDS_M.iter().copied().find(|end| *end > distance),
        accuracy_m,
    })
}
