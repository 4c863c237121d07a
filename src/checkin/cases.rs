//! Own cases as their person sees them: what was found, what was asked, answered and decided, and what can be done now.

use serde::Serialize;
use utoipa::ToSchema;

use super::receipt::FindingView;
use crate::{
    app::App,
    model::{
        ids::{AnswerId, CheckinId, ReviewId},
        time::{Timestamp, WorkDate},
        words::{Decision, ReasonCode, ReviewEventKind, ReviewState, Slot, Words},
    },
    review::{appeal, explanation},
    store::{StoreError, Tx, checkins, people, review_answers, review_events, reviews},
};

/// An own case.
#[derive(Serialize, ToSchema)]
pub struct MyCase {
    /// Id.
    pub id: ReviewId,
    /// Of which day.
    pub work_date: WorkDate,
    /// Which slot.
    pub slot: Slot,
    /// Where it stands.
    pub state: ReviewState,
    /// When the first flagged attempt arrived.
    pub opened_at: Timestamp,
    /// Why a person has to look, each reason once.
    pub reasons: Vec<FindingView>,
    /// The flagged attempts.
    pub checkins: Vec<CheckinId>,
    /// What was asked last.
    pub question: Option<QuestionView>,
    /// What was answered, oldest first.
    pub answers: Vec<AnswerView>,
    /// What was decided last.
    pub ruling: Option<MyRuling>,
    /// Why the person does not agree.
    pub appeal: Option<AppealView>,
    /// Whether an answer is taken now.
    pub may_answer: bool,
    /// Whether an appeal is taken now.
    pub may_appeal: bool,
    /// Until when it is.
    pub appeal_until: Option<Timestamp>,
    /// What happened, in order.
    pub history: Vec<StepView>,
}

/// A reviewer's question.
#[derive(Serialize, ToSchema)]
pub struct QuestionView {
    /// What is asked.
    pub text: String,
    /// When.
    pub asked_at: Timestamp,
    /// By whom.
    pub asked_by: String,
    /// Until when an answer is waited for.
    pub due_at: Timestamp,
}

/// An answer.
#[derive(Serialize, ToSchema)]
pub struct AnswerView {
    /// Id.
    pub id: AnswerId,
    /// What was said.
    pub text: String,
    /// When.
    pub answered_at: Timestamp,
    /// Whether a photo is beside it, under `/api/v1/answers/{id}/photo`.
    pub has_photo: bool,
}

/// A decision as its person reads it.
#[derive(Serialize, ToSchema)]
pub struct MyRuling {
    /// Accept or reject.
    pub decision: Decision,
    /// Why.
    pub reason_code: ReasonCode,
    /// The same in words.
    pub reason_words: Words,
    /// In the reviewer's words.
    pub note: Option<String>,
    /// When.
    pub decided_at: Timestamp,
    /// By whom.
    pub decided_by: String,
}

/// An appeal.
#[derive(Serialize, ToSchema)]
pub struct AppealView {
    /// What the person says.
    pub text: String,
    /// When.
    pub appealed_at: Timestamp,
}

/// A step of the history.
#[derive(Serialize, ToSchema)]
pub struct StepView {
    /// What happened.
    pub kind: ReviewEventKind,
    /// When.
    pub at: Timestamp,
    /// Who did it; absent for the service.
    pub actor: Option<String>,
    /// In words.
    pub words: Words,
}

impl From<review_answers::AnswerRow> for AnswerView {
    fn from(row: review_answers::AnswerRow) -> Self {
        Self { id: row.id, text: row.words, answered_at: row.answered_at, has_photo: row.photo_key.is_some() }
    }
}

/// The question of a case, with the name of who asked.
pub fn question(review: &reviews::ReviewRow, asked_by: Option<String>) -> Option<QuestionView> {
    Some(QuestionView {
        text: review.question.clone()?,
        asked_at: review.asked_at?,
        asked_by: asked_by.unwrap_or_default(),
        due_at: review.due_at?,
    })
}

/// The answers of a case.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn answers(tx: &mut Tx, id: ReviewId) -> Result<Vec<AnswerView>, StoreError> {
    Ok(review_answers::of_review(tx, id).await?.into_iter().map(AnswerView::from).collect())
}

/// The appeal of a case.
pub fn appealed(review: &reviews::ReviewRow) -> Option<AppealView> {
    Some(AppealView { text: review.appeal.clone()?, appealed_at: review.appealed_at? })
}

/// The last decision of a case.
fn ruling(review: &reviews::ReviewRow, decided_by: Option<String>) -> Option<MyRuling> {
    let reason_code = review.reason_code?;
    Some(MyRuling {
        decision: review.decision?,
        reason_code,
        reason_words: reason_code.words(),
        note: review.note.clone(),
        decided_at: review.decided_at?,
        decided_by: decided_by.unwrap_or_default(),
    })
}

/// Everything that is shown of an own case.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn view(app: &App, tx: &mut Tx, named: reviews::NamedReview) -> Result<MyCase, StoreError> {
    let reviews::NamedReview { review, decided_by_name } = named;
    let rows = checkins::of_review(tx, review.id).await?;
    let appeal_until = appeal::until(app, &review);
    let answers = answers(tx, review.id).await?;
    let asked_by = match review.asked_by {
        Some(by) => people::by_id(tx, by).await?.map(|person| person.name),
        None => None,
    };
    let step = |row: review_events::ReviewEventRow| {
        Some(StepView { words: row.kind.words()?, kind: row.kind, at: row.at, actor: row.actor_name })
    };
    Ok(MyCase {
        id: review.id,
        work_date: review.work_date,
        slot: review.slot,
        state: review.state,
        opened_at: review.opened_at,
        reasons: reasons(tx, &rows).await?,
        checkins: rows.iter().map(|row| row.id).collect(),
        question: question(&review, asked_by),
        ruling: ruling(&review, decided_by_name),
        appeal: appealed(&review),
        may_answer: explanation::may_answer(&review, answers.len()),
        answers,
        may_appeal: appeal_until.is_some(),
        appeal_until,
        history: review_events::of_review(tx, review.id).await?.into_iter().filter_map(step).collect(),
    })
}

/// Why a person has to look, each reason once; the latest attempt first, because its words are the freshest.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn reasons(tx: &mut Tx, rows: &[checkins::CheckinRow]) -> Result<Vec<FindingView>, StoreError> {
    let mut reasons: Vec<FindingView> = Vec::new();
    for row in rows.iter().rev() {
        for finding in checkins::findings(tx, row.id).await?.into_iter().filter(|finding| finding.flags) {
            if !reasons.iter().any(|known| known.code == finding.code) {
                reasons.push(FindingView::from_row(finding));
            }
        }
    }
    Ok(reasons)
}
