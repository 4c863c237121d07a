//! Reviews: the cases that flagged attempts open, and what supervisors do with them. The history is only appended to.
//!
//! A case is [`opening`], lies on a [`desk`], is held ([`lease`]), decided and perhaps taken back ([`decision`]), alone or
//! together with others of one [`cause`]; its person may be asked ([`explanation`]) and may [`appeal`]. Some decisions are
//! made twice ([`second`]), and [`agreement`] says how often they were the same.

pub mod agreement;
pub mod appeal;
pub mod cause;
pub mod decision;
pub mod desk;
pub mod explanation;
pub mod lease;
pub mod opening;
pub mod second;
pub mod suggestion;

use serde_json::Value;

use crate::{
    app::App,
    blobs::BlobError,
    display::DisplayError,
    evidence::photo::header::Refused,
    log::LogError,
    model::{
        actor::Actor,
        ids::{CheckinId, PersonId, ReviewEventId, ReviewId},
        time::{Timestamp, WorkDate},
        words::{Decision, ReasonCode, ReviewEventKind, ReviewState, Words},
    },
    session::SignedIn,
    store::{
        Json, StoreError, Tx, people,
        review_events::{self, ReviewEventRow},
        reviews::{self, ReviewRow},
        roles,
    },
    work::WorkError,
};

/// Longest note of a reviewer, question, answer or appeal, characters.
pub const NOTE_MAX: usize = 1000;
/// Longest time for an answer, days.
pub const DUE_DAYS_MAX: i64 = 14;

/// Why a review was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// There is no such review, or it is not for these eyes.
    #[error("there is no such review for you")]
    NotFound,
    /// Somebody else holds it.
    #[error("{by} is looking at this case")]
    Held {
        /// Until when.
        until: Timestamp,
        /// Who.
        by: String,
    },
    /// The lease ran out, or was never taken.
    #[error("you do not hold this case")]
    NotHeld,
    /// It was decided.
    #[error("this case is decided already")]
    Decided(Option<Made>),
    /// The case is not what the decision was about.
    #[error("the case has changed since version {sent}; it is version {version} now")]
    Changed {
        /// What was decided about.
        sent: i64,
        /// What there is.
        version: i64,
    },
    /// A photo of the case was never opened by whoever decides.
    #[error("the photo of check-in {0} was not opened by you")]
    Unseen(CheckinId),
    /// There is no decision to take back, or not any more.
    #[error("a decision can be taken back by whoever made it, for {seconds} s")]
    UndoOver {
        /// For how long.
        seconds: i64,
    },
    /// A case cannot be decided together with the others.
    #[error("{} of the cases cannot be accepted together with the others", .0.len())]
    Group(Vec<(ReviewId, Words)>),
    /// The person was asked, and still has time to answer.
    #[error("the person was asked to explain and has time until {until}")]
    Waiting {
        /// Until when.
        until: Timestamp,
    },
    /// An answer would come too soon or too late.
    #[error("due_at has to lie between an hour and {DUE_DAYS_MAX} days from now")]
    Due,
    /// There are as many answers as are kept.
    #[error("there are {0} answers in this case already")]
    AnswersTooMany(usize),
    /// The answer's id was used for something else.
    #[error("this answer id was used before, for something else")]
    AnswerIdTaken,
    /// There is no rejection to appeal against, or not any more.
    #[error("there is no decision here that you can appeal against now")]
    NoAppeal,
    /// The photo beside an answer is none, or breaks a limit.
    #[error(transparent)]
    Photo(#[from] Refused),
    /// The machine is busy.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// The photo store failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The photo beside an answer cannot be shown.
    #[error(transparent)]
    Display(#[from] DisplayError),
    /// The reason belongs to the other decision.
    #[error("{reason} is no reason to {decision}")]
    Reason {
        /// Which reason.
        reason: ReasonCode,
        /// Which decision.
        decision: Decision,
    },
    /// The note is too long.
    #[error("the note has more than {NOTE_MAX} characters, or characters that cannot be stored")]
    Note,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// A review that somebody was found to be allowed to work on. It can only be had in this module.
pub struct Visible(ReviewRow);

impl Visible {
    /// The review.
    pub fn row(&self) -> &ReviewRow {
        &self.0
    }
}

/// A review this person may work on: one of a supervised unit, never their own.
///
/// # Errors
/// [`ReviewError::NotFound`] otherwise.
pub async fn visible(tx: &mut Tx, person: &SignedIn, id: ReviewId, today: WorkDate) -> Result<Visible, ReviewError> {
    let review = reviews::by_id(tx, id).await?.ok_or(ReviewError::NotFound)?;
    let Actor { person_id, .. } = person.actor;
    let own =
        review.person_id == person_id || (review.state != ReviewState::Decided && review.barred_id == Some(person_id));
    let allowed = !own && roles::supervises(tx, person_id, review.unit_id, today).await?;
    if allowed { Ok(Visible(review)) } else { Err(ReviewError::NotFound) }
}

/// A decision that somebody else made first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Name of who decided.
    pub by: String,
    /// What.
    pub decision: Decision,
}

/// What was decided while somebody else looked.
async fn made(tx: &mut Tx, review: &ReviewRow) -> Result<Option<Made>, StoreError> {
    let (Some(by), Some(decision)) = (review.decided_by, review.decision) else { return Ok(None) };
    let by = people::by_id(tx, by).await?.map(|person| person.name).unwrap_or_default();
    Ok(Some(Made { by, decision }))
}

fn is_storable(words: &str) -> bool {
    words.chars().count() <= NOTE_MAX && !words.contains('\0')
}

/// Words that somebody has to say: not empty, not too long.
fn said(words: &str) -> Result<&str, ReviewError> {
    let words = words.trim();
    if words.is_empty() || !is_storable(words) { Err(ReviewError::Note) } else { Ok(words) }
}

async fn append(
    app: &App,
    tx: &mut Tx,
    review_id: ReviewId,
    kind: ReviewEventKind,
    actor_id: Option<PersonId>,
    detail: Value,
) -> Result<(), StoreError> {
    let at = app.now();
    let id = ReviewEventId::new(at, &app.chance);
    let event = ReviewEventRow { id, review_id, kind, actor_id, actor_name: None, at, detail: Json(detail) };
    review_events::add(tx, &event).await
}
