//! The queue: which cases wait for a supervisor, how many of what, and who holds them at this moment. It never tells why a
//! case is in it, so that routine looks and second ones cannot be told apart.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::header, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Person,
    pages::{self, Page},
    problem::Problem,
};
use crate::{
    app::App,
    evidence::{finding::Code as FindingCode, titles},
    model::{
        ids::{PersonId, ReviewId},
        time::{Timestamp, WorkDate},
        words::{Decision, ReasonCode, ReviewState, Slot, Words},
    },
    review::cause::{self, CauseView},
    store::{
        queue::{self, Asker, Claim, Kind, QueuePoint, QueuedReview, Scope, Wishes},
        reviews::ReviewRow,
    },
};

/// Leases that are told at once.
const CLAIMS_MAX: i64 = 500;
const HOUR_S: i64 = 3_600;

/// Whose cases.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ScopeWord {
    /// Those that are the asker's to decide now: of the units supervised directly, and what came up from below.
    Mine,
    /// All that the asker may see.
    All,
}

/// Which page of the queue.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    /// `open` (when not said; those appealed against and those whose question was not answered in time are among them),
    /// `asked`, `appealed` or `decided`. All but `open` are of everything the asker may see.
    state: Option<ReviewState>,
    /// `all` when not said.
    #[param(inline)]
    scope: Option<ScopeWord>,
    /// Code of a unit; with all below it.
    unit: Option<String>,
    /// Of one slot.
    slot: Option<Slot>,
    /// With a reason of this code.
    #[param(example = "location.outside")]
    reason: Option<String>,
    /// Waiting for at least so many hours.
    older_than_h: Option<u32>,
    /// With this in common, as `/reviews/counts` names it.
    cause: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows, 1 to 100; 20 when not said.
    limit: Option<i64>,
}

/// What is counted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CountsQuery {
    /// `all` when not said.
    #[param(inline)]
    scope: Option<ScopeWord>,
}

/// A case in the queue.
#[derive(Serialize, ToSchema)]
pub struct ReviewSummary {
    /// Id.
    pub id: ReviewId,
    /// Counts what changed in it; a decision may name the one it is about.
    pub version: i64,
    /// Whose check-in.
    pub person: PersonView,
    /// In which unit.
    pub unit: UnitView,
    /// Of which day.
    pub work_date: WorkDate,
    /// Which slot.
    pub slot: Slot,
    /// Where it stands.
    pub state: ReviewState,
    /// How urgent: `high` with a reason of high severity, else `normal`, or `low` once an attempt of the slot was accepted.
    #[schema(example = "high")]
    pub urgency: &'static str,
    /// When it began to wait.
    pub opened_at: Timestamp,
    /// When it goes to the supervisors above.
    pub due_at: Timestamp,
    /// Whether its time was over, at this desk or at one before.
    pub overdue: bool,
    /// Whether its time was over before, so that it went to those above where there are any.
    pub escalated: bool,
    /// How many attempts it is about.
    pub attempts: i64,
    /// Who is looking now.
    pub claim: Option<ClaimView>,
    /// What was decided.
    pub ruling: Option<RulingView>,
}

/// A person, as far as a reviewer needs.
#[derive(Serialize, ToSchema)]
pub struct PersonView {
    /// Id.
    pub id: PersonId,
    /// Staff number.
    pub nip: String,
    /// Name.
    pub name: String,
}

/// A unit.
#[derive(Serialize, ToSchema)]
pub struct UnitView {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// A lease.
#[derive(Serialize, ToSchema)]
pub struct ClaimView {
    /// Whether it is the asker's own.
    pub mine: bool,
    /// Name of who holds it.
    pub by: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A decision.
#[derive(Serialize, ToSchema)]
pub struct RulingView {
    /// Accept or reject.
    pub decision: Decision,
    /// Why.
    pub reason_code: Option<ReasonCode>,
    /// In the reviewer's words.
    pub note: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<PersonId>,
}

/// How many cases wait, of what.
#[derive(Serialize, ToSchema)]
pub struct Counts {
    /// When they were counted: now, or up to 5 s ago among two hundred cases and more.
    counted_at: Timestamp,
    /// All.
    total: i64,
    /// Past their target.
    overdue: i64,
    /// With a reason of high severity.
    high: i64,
    /// Waiting for their person's words.
    asked: i64,
    /// With each reason; a case may have several, or none.
    reasons: Vec<ReasonCount>,
    /// Of each unit.
    units: Vec<UnitCount>,
    /// Of each slot.
    slots: Vec<SlotCount>,
    /// What several have in common.
    causes: Vec<CauseView>,
}

/// Cases with a reason.
#[derive(Serialize, ToSchema)]
pub struct ReasonCount {
    /// Code of the finding.
    code: String,
    /// In words.
    words: Words,
    /// How many.
    count: i64,
}

/// Cases of a unit.
#[derive(Serialize, ToSchema)]
pub struct UnitCount {
    /// Code.
    code: String,
    /// Name.
    name: String,
    /// How many.
    count: i64,
}

/// Cases of a slot.
#[derive(Serialize, ToSchema)]
pub struct SlotCount {
    /// Which.
    slot: Slot,
    /// How many.
    count: i64,
}

/// What is held at this moment.
#[derive(Serialize, ToSchema)]
pub struct Claims {
    /// Cases that somebody holds.
    claims: Vec<HeldCase>,
    /// Server time.
    now: Timestamp,
}

/// A case that somebody holds.
#[derive(Serialize, ToSchema)]
pub struct HeldCase {
    /// Which.
    review_id: ReviewId,
    /// Whether it is the asker.
    mine: bool,
    /// Name of who holds it.
    by: String,
    /// When the lease ends.
    expires_at: Timestamp,
}

/// Who asks for a queue, and when.
pub(super) fn asker(person: &Person, now: Timestamp) -> Asker {
    Asker { person_id: person.actor.person_id, today: now.date_in(&person.zone), now }
}

impl From<Option<ScopeWord>> for Scope {
    fn from(word: Option<ScopeWord>) -> Self {
        if word == Some(ScopeWord::Mine) { Self::Mine } else { Self::All }
    }
}

/// The cases that wait: oldest day first, worst first within it.
#[utoipa::path(get, path = "/api/v1/reviews", operation_id = "queue", tag = "review", params(QueueQuery),
    responses((status = 200, body = Page<ReviewSummary>, description = "A page of the queue")))]
pub async fn list(app: web::Data<App>, person: Person, query: web::Query<QueueQuery>) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let query = query.into_inner();
    let limit = pages::limit(query.limit)?;
    let after = query.after.as_deref().map_or(Ok(beginning()), read_cursor)?;
    let state = query.state.unwrap_or(ReviewState::Open);
    let asker = asker(&person, now);
    let wishes = Wishes {
        unit: query.unit,
        slot: query.slot,
        reason: query.reason,
        opened_until: now.plus_seconds(-i64::from(query.older_than_h.unwrap_or(0)) * HOUR_S),
        cause: query.cause,
    };
    let mut tx = app.store.glance().await?;
    let kind = if state == ReviewState::Open { Kind::Waiting } else { Kind::OfState(state) };
    let mut rows = app.ways.page(&mut tx, (kind, query.scope.into()), asker, &wishes, after, limit + 1).await?;
    let more = i64::try_from(rows.len()).is_ok_and(|count| count > limit);
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next = rows.last().filter(|_| more).map(|row| write_cursor(&row.review));
    let items: Vec<ReviewSummary> = rows.into_iter().map(|row| summary(row, asker)).collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(Page { items, next }))
}

/// How many cases wait, by reason, unit and slot, and which have something in common.
#[utoipa::path(get, path = "/api/v1/reviews/counts", operation_id = "queue_counts", tag = "review", params(CountsQuery),
    responses((status = 200, body = Counts, description = "Counts")))]
pub async fn counts(
    app: web::Data<App>,
    person: Person,
    query: web::Query<CountsQuery>,
) -> Result<HttpResponse, Problem> {
    let asker = asker(&person, app.now());
    let scope = query.scope.into();
    let tally = app.tallies.of(&app.store, asker, scope).await?;
    let (mut units, mut slots) = (BTreeMap::<(&str, &str), i64>::new(), BTreeMap::<Slot, i64>::new());
    for group in &tally.groups {
        *units.entry((&group.unit_code, &group.unit_name)).or_default() += group.count;
        *slots.entry(group.slot).or_default() += group.count;
    }
    let unit =
        |((code, name), count): ((&str, &str), i64)| UnitCount { code: code.to_owned(), name: name.to_owned(), count };
    let reason = |(code, count): &(String, i64)| ReasonCount { words: title(code), code: code.clone(), count: *count };
    let mut causes = Vec::new();
    let mut tx = app.store.glance().await?;
    for (cause, count) in &tally.causes {
        causes.extend(cause::view(&mut tx, cause, *count).await?);
    }
    let counts = Counts {
        counted_at: tally.at,
        total: tally.sum(|_| true),
        overdue: tally.sum(|group| group.overdue),
        high: tally.sum(|group| group.urgency == 0),
        asked: tally.asked,
        reasons: tally.reasons.iter().map(reason).collect(),
        units: units.into_iter().map(unit).collect(),
        slots: slots.into_iter().map(|(slot, count)| SlotCount { slot, count }).collect(),
        causes,
    };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(counts))
}

/// What is held at this moment, among all that the asker may see.
#[utoipa::path(get, path = "/api/v1/reviews/claims", operation_id = "claims", tag = "review",
    responses((status = 200, body = Claims, description = "Leases that run")))]
pub async fn claims(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let mut tx = app.store.glance().await?;
    let held = |claim: Claim| HeldCase {
        review_id: claim.review_id,
        mine: claim.by == person.actor.person_id,
        by: claim.name,
        expires_at: claim.expires_at,
    };
    let claims = queue::claims(&mut tx, asker(&person, now), CLAIMS_MAX).await?.into_iter().map(held).collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(Claims { claims, now }))
}

/// A finding's name in words; that of a code from before, or to come, is the code.
fn title(code: &str) -> Words {
    code.parse::<FindingCode>().map_or_else(|_| Words::new(code, code), titles::title)
}

/// A row of the queue as it is shown.
pub(super) fn summary(row: QueuedReview, asker: Asker) -> ReviewSummary {
    let QueuedReview { review, nip, person_name, unit_code, unit_name, claimed_by_name, attempts } = row;
    let is_decided = review.state == ReviewState::Decided;
    let claim = review.claimed_by.zip(review.claim_expires_at).filter(|(_, end)| !is_decided && *end > asker.now);
    let ruling = review.decision.map(|decision| RulingView {
        decision,
        reason_code: review.reason_code,
        note: review.note.clone(),
        decided_at: review.decided_at,
        decided_by: review.decided_by,
    });
    ReviewSummary {
        id: review.id,
        version: review.version,
        person: PersonView { id: review.person_id, nip, name: person_name },
        unit: UnitView { code: unit_code, name: unit_name },
        work_date: review.work_date,
        slot: review.slot,
        state: review.state,
        urgency: match review.urgency {
            0 => "high",
            1 => "normal",
            _ => "low",
        },
        opened_at: review.opened_at,
        due_at: review.target_at,
        overdue: !is_decided && (review.target_at <= asker.now || review.escalations > 0),
        escalated: review.escalations > 0,
        attempts,
        claim: claim.map(|(by, expires_at)| ClaimView {
            mine: by == asker.person_id,
            by: claimed_by_name.unwrap_or_default(),
            expires_at,
        }),
        ruling,
    }
}

/// Before every case there can be.
fn beginning() -> QueuePoint {
    QueuePoint {
        work_date: WorkDate(jiff::civil::date(1, 1, 1)),
        urgency: -1,
        opened_at: Timestamp::from_microsecond(0),
        id: ReviewId(uuid::Uuid::nil()),
    }
}

fn write_cursor(review: &ReviewRow) -> String {
    let opened = review.opened_at.as_microsecond();
    pages::cursor(&[
        review.work_date.to_string(),
        review.urgency.to_string(),
        opened.to_string(),
        review.id.to_string(),
    ])
}

fn read_cursor(cursor: &str) -> Result<QueuePoint, Problem> {
    let [work_date, urgency, opened_at, id] = pages::parts(cursor)?;
    let work_date: WorkDate = pages::part(&work_date)?;
    if work_date.0.year() < 1 {
        return Err(pages::none_of_ours());
    }
    Ok(QueuePoint {
        work_date,
        urgency: pages::part(&urgency)?,
        opened_at: pages::instant(&opened_at)?,
        id: pages::part(&id)?,
    })
}
