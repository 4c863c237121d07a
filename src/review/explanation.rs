//! Explanations: a reviewer asks, the person answers; or the person speaks first. A question is never counted against
//! anybody, and while it waits for its answer nobody decides.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{DUE_DAYS_MAX, ReviewError, Visible, append, made, said, visible};
use crate::{
    app::App,
    blobs::BlobKey,
    display::Original,
    log::{self, looks::Look},
    model::{
        ids::{AnswerId, CheckinId, PersonId, ReviewId},
        time::Timestamp,
        words::{EntryKind, LookKind, NoticeKind, PolicyName, ReviewEventKind, ReviewState},
    },
    notify::{self, About, Notice},
    session::SignedIn,
    store::{
        StoreError, Tx, checkins,
        review_answers::{self, AnswerRow},
        reviews::{self, Asking, ReviewRow},
        roles,
    },
};

/// Answers that are kept in a case; whoever is asked after them may always answer once.
const ANSWERS_MAX: usize = 10;
/// The soonest end of the time for an answer, seconds from now.
const DUE_S_MIN: i64 = 3_600;
const DAY_S: i64 = 86_400;

#[derive(Serialize)]
struct QuestionRecord<'a> {
    review_id: ReviewId,
    asked_by: PersonId,
    question: &'a str,
    due_at: Timestamp,
}

#[derive(Serialize)]
struct AnswerRecord<'a> {
    review_id: ReviewId,
    answer_id: AnswerId,
    person_id: PersonId,
    answer: &'a str,
    photo_sha256: Option<String>,
}

#[derive(Serialize)]
struct LookRecord {
    answer_id: AnswerId,
    viewer: PersonId,
    what: LookKind,
}

/// Asks the person of a held case to explain; the case is given back meanwhile.
///
/// # Errors
/// [`ReviewError`] when the words or the time cannot be taken, or the case is not held.
pub async fn ask(
    app: &App,
    person: &SignedIn,
    id: ReviewId,
    question: &str,
    due_at: Option<Timestamp>,
) -> Result<Visible, ReviewError> {
    let question = said(question)?;
    let now = app.now();
    let answer_days = app.policy_values().whole_on(PolicyName::Answer, now.date_in(&person.zone));
    let due_at = due_at.unwrap_or_else(|| now.plus_seconds(answer_days * DAY_S));
    if due_at < now.plus_seconds(DUE_S_MIN) || due_at > now.plus_seconds(DUE_DAYS_MAX * DAY_S) {
        return Err(ReviewError::Due);
    }
    let by = person.actor.person_id;
    let mut tx = app.store.write().await?;
    let Visible(case) = visible(&mut tx, person, id, now.date_in(&person.zone)).await?;
    // The case's own clock stands still while its person thinks.
    let target_at = case.target_at.plus_seconds(due_at.seconds_since(now).ceil() as i64);
    if !reviews::ask(&mut tx, id, &Asking { by, at: now, question, due_at, target_at }).await? {
        let found = reviews::by_id(&mut tx, id).await?.ok_or(ReviewError::NotFound)?;
        return Err(match found.state {
            ReviewState::Decided => ReviewError::Decided(made(&mut tx, &found).await?),
            _ => ReviewError::NotHeld,
        });
    }
    let detail = json!({ "question": question, "due_at": due_at });
    append(app, &mut tx, id, ReviewEventKind::Asked, Some(by), detail).await?;
    let record = QuestionRecord { review_id: id, asked_by: by, question, due_at };
    log::append(&mut tx, EntryKind::ReviewQuestion, &record, now, &app.chance).await?;
    let review = reviews::by_id(&mut tx, id).await?.ok_or(ReviewError::NotFound)?;
    let about = About::ExplanationAsked { review_id: id, due_at };
    notify::enqueue(app, &mut tx, &Notice { person_id: review.person_id, about, not_before: now }).await?;
    tx.commit().await?;
    Ok(Visible(review))
}

/// What a person answers, as the phone sends it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    /// Made by the phone (UUID version 7); sending it again changes nothing.
    pub id: AnswerId,
    /// In words, 1 to 1000 characters.
    #[schema(min_length = 1, max_length = 1000)]
    pub text: String,
}

/// A case of the person's own.
///
/// # Errors
/// [`ReviewError::NotFound`] when it is none of theirs.
pub async fn own(tx: &mut Tx, person_id: PersonId, id: ReviewId) -> Result<ReviewRow, ReviewError> {
    let review = reviews::by_id(tx, id).await?;
    review.filter(|review| review.person_id == person_id && review.is_told()).ok_or(ReviewError::NotFound)
}

/// Whether an answer is taken now, with so many there already.
pub fn may_answer(review: &ReviewRow, answers: usize) -> bool {
    review.state == ReviewState::Asked || (review.state != ReviewState::Decided && answers < ANSWERS_MAX)
}

/// What stands in the way of an answer; true when it is there already.
async fn is_there(tx: &mut Tx, review: &ReviewRow, new: &NewAnswer, words: &str) -> Result<bool, ReviewError> {
    if let Some(known) = review_answers::by_id(tx, new.id).await? {
        let same = known.review_id == review.id && known.words == words;
        return if same { Ok(true) } else { Err(ReviewError::AnswerIdTaken) };
    }
    let count = review_answers::of_review(tx, review.id).await?.len();
    match review.state {
        ReviewState::Decided => Err(ReviewError::Decided(None)),
        _ if !may_answer(review, count) => Err(ReviewError::AnswersTooMany(count)),
        _ => Ok(false),
    }
}

/// Keeps an answer: the photo first, then the row. An answer that is there already stays as it is.
///
/// # Errors
/// [`ReviewError`]; nothing is then stored, and the same answer may be sent again.
pub async fn answer(
    app: &App,
    person: &SignedIn,
    id: ReviewId,
    new: &NewAnswer,
    photo: Option<(Bytes, [u8; 32])>,
) -> Result<(), ReviewError> {
    let words = said(&new.text)?;
    let person_id = person.actor.person_id;
    let mut tx = app.store.glance().await?;
    let review = own(&mut tx, person_id, id).await?;
    if is_there(&mut tx, &review, new, words).await? {
        return Ok(());
    }
    drop(tx);
    let now = app.now();
    let (mut photo_sha256, mut photo_key) = (None, None);
    if let Some((bytes, sha256)) = photo {
        inspect(app, &bytes).await?;
        let key = BlobKey::answer(now.date_in(&person.zone), new.id, &sha256);
        app.blobs.put(&key, bytes, &sha256).await?;
        (photo_sha256, photo_key) = (Some(sha256.to_vec()), Some(key.to_string()));
    }
    let mut tx = app.store.write().await?;
    // Locks the case: a copy of this answer waits here, and then finds it.
    let review = reviews::hold(&mut tx, id).await?.ok_or(ReviewError::NotFound)?;
    if !reviews::answered(&mut tx, id, person_id, runs_on(&review, now)).await? {
        return Err(ReviewError::Decided(None));
    }
    if is_there(&mut tx, &review, new, words).await? {
        tx.rollback().await?;
        return Ok(());
    }
    let photo_sha256_hex = photo_sha256.as_deref().map(hex::encode);
    let row =
        AnswerRow { id: new.id, review_id: id, answered_at: now, words: words.to_owned(), photo_sha256, photo_key };
    review_answers::insert(&mut tx, &row).await?;
    notify::cancel(app, &mut tx, NoticeKind::ExplanationAsked, id.0).await?;
    let detail = json!({ "answer_id": new.id });
    append(app, &mut tx, id, ReviewEventKind::Answered, Some(person_id), detail).await?;
    let record =
        AnswerRecord { review_id: id, answer_id: new.id, person_id, answer: words, photo_sha256: photo_sha256_hex };
    log::append(&mut tx, EntryKind::ReviewAnswer, &record, now, &app.chance).await?;
    tx.commit().await?;
    Ok(())
}

/// When the case goes to those above, now that its clock runs on before the time for the answer was over.
fn runs_on(review: &ReviewRow, now: Timestamp) -> Timestamp {
    let spared = review.due_at.filter(|due| review.state == ReviewState::Asked && *due > now);
    spared.map_or(review.target_at, |due| review.target_at.plus_seconds(-(due.seconds_since(now).floor() as i64)))
}

/// The same limits as for the photo of a check-in.
async fn inspect(app: &App, bytes: &Bytes) -> Result<(), ReviewError> {
    let (bytes, examiner) = (bytes.clone(), Arc::clone(&app.examiner));
    let budget = Duration::from_millis(app.config.photo_examine_max_ms);
    if let Some(inspected) = app.work.decode_within(budget, move || examiner.inspect(&bytes)).await? {
        inspected?;
    }
    Ok(())
}

/// A copy of the photo beside an answer, for its person and for whoever may work on the case; each look is logged.
///
/// # Errors
/// [`ReviewError::NotFound`] when there is none, or not for these eyes.
pub async fn look(app: &App, person: &SignedIn, id: AnswerId, side_px: u32) -> Result<Bytes, ReviewError> {
    let viewer = person.actor.person_id;
    let mut tx = app.store.glance().await?;
    let answer = review_answers::by_id(&mut tx, id).await?.ok_or(ReviewError::NotFound)?;
    let review = reviews::by_id(&mut tx, answer.review_id).await?.ok_or(ReviewError::NotFound)?;
    let today = app.now().date_in(&person.zone);
    if review.person_id != viewer && !roles::supervises(&mut tx, viewer, review.unit_id, today).await? {
        return Err(ReviewError::NotFound);
    }
    let checkin_id = first_checkin(&mut tx, review.id).await?;
    drop(tx);
    let (Some(key), Some(sha256)) = (&answer.photo_key, &answer.photo_sha256) else {
        return Err(ReviewError::NotFound);
    };
    let copy = Original::new(key, sha256)?.copy(app, side_px).await?;
    let mut tx = app.store.write().await?;
    let look = Look { checkin_id, viewer, what: LookKind::AnswerPhoto };
    let record = LookRecord { answer_id: id, viewer, what: LookKind::AnswerPhoto };
    log::looks::append(&mut tx, &look, &record, app.now(), &app.chance).await?;
    tx.commit().await?;
    Ok(copy)
}

/// The check-in under which looks into a case are told.
async fn first_checkin(tx: &mut Tx, id: ReviewId) -> Result<CheckinId, ReviewError> {
    let rows: Result<_, StoreError> = checkins::of_review(tx, id).await;
    rows?.first().map(|row| row.id).ok_or(ReviewError::NotFound)
}
