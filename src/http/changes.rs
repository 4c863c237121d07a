//! Changes that two people make.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Person,
    pages::{self, Page},
    places::private,
    policy::EffectView,
    problem::{Code, Problem},
};
use crate::{
    app::App,
    changes::{
        self, Authority, Payload,
        effect::{self, Outage},
    },
    model::{
        ids::{ChangeId, PersonId},
        time::Timestamp,
        words::{ChangeKind, ChangeState, Words},
    },
    store::{
        Tx,
        changes::{ChangeRow, Wanted},
    },
};

/// A change to propose.
#[derive(Deserialize, ToSchema)]
pub struct NewChange {
    /// What it says; delegations have an address of their own.
    #[serde(flatten)]
    payload: Payload,
    /// Why: whoever decides reads it.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// What is decided.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangeDecision {
    /// It is made now.
    Approve,
    /// It is not made.
    Refuse,
}

/// A decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChangeDecision {
    /// Which.
    decision: ChangeDecision,
    /// In words.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Which changes.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChangesQuery {
    /// In which state only.
    state: Option<ChangeState>,
    /// Of which kind only.
    kind: Option<ChangeKind>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows, 1 to 100; 20 when not said.
    limit: Option<i64>,
}

/// A change.
#[derive(Serialize, ToSchema)]
pub struct ChangeView {
    /// Id.
    id: ChangeId,
    /// What it is about.
    kind: ChangeKind,
    /// As proposed; its members are those of its kind.
    #[schema(value_type = Object)]
    payload: Value,
    /// What it takes the place of.
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    /// In one sentence.
    words: Words,
    /// Why; empty where a delegation was given without a word.
    reason: String,
    /// Name of who proposed it.
    proposed_by: String,
    /// When.
    proposed_at: Timestamp,
    /// Where it stands.
    state: ChangeState,
    /// Name of who decided.
    decided_by: Option<String>,
    /// When.
    decided_at: Option<Timestamp>,
    /// In the words of who decided.
    note: Option<String>,
    /// Whether the asking person may approve or refuse it now.
    may_decide: bool,
    /// Whether the asking person proposed it.
    mine: bool,
    /// What an outage would do if it were approved now; told when one change that waits is read, not in lists.
    effect: Option<EffectView>,
}

impl ChangeView {
    pub(super) fn new(row: ChangeRow, who: PersonId, may_decide: bool, effect: Option<EffectView>) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            payload: row.payload.0,
            before: row.replaces.map(|replaces| replaces.0),
            words: Words::new(row.words_id, row.words_en),
            reason: row.reason,
            proposed_by: row.proposer,
            proposed_at: row.proposed_at,
            state: row.state,
            decided_by: row.decider,
            decided_at: row.decided_at,
            note: row.note,
            may_decide,
            mine: row.proposed_by == who,
            effect,
        }
    }
}

/// What an outage that waits would do now.
async fn effect_of(tx: &mut Tx, row: &ChangeRow, now: Timestamp) -> Result<Option<EffectView>, Problem> {
    if row.state != ChangeState::Pending || row.kind != ChangeKind::Incident {
        return Ok(None);
    }
    let payload = Payload::from_stored(row.kind, row.payload.0.clone()).map_err(changes::ChangeError::from)?;
    let Payload::Incident(incident) = payload else { return Ok(None) };
    let outage = Outage { unit_id: row.unit_id, starts_at: incident.starts_at, ends_at: incident.ends_at };
    let tree = super::units::tree_of(tx).await?;
    Ok(Some(EffectView::from(effect::of(tx, &tree, outage, now).await?)))
}

async fn whole(app: &App, person: &Person, row: ChangeRow) -> Result<ChangeView, Problem> {
    let mut tx = app.store.read().await?;
    let may_decide = Authority::load(&mut tx, person).await?.may_decide(&row);
    let effect = effect_of(&mut tx, &row, app.now()).await?;
    Ok(ChangeView::new(row, person.actor.person_id, may_decide, effect))
}

/// Changes, latest first: every one for administrators; for supervisors their own, and who is to act in their units.
#[utoipa::path(get, path = "/api/v1/changes", operation_id = "changes", tag = "changes", params(ChangesQuery),
    responses((status = 200, body = Page<ChangeView>, description = "A page")))]
pub async fn list(
    app: web::Data<App>,
    person: Person,
    query: web::Query<ChangesQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = pages::limit(query.limit)?;
    let before = match &query.after {
        None => (Timestamp::from_microsecond(i64::MAX), ChangeId(uuid::Uuid::max())),
        Some(cursor) => {
            let [at, id] = pages::parts(cursor)?;
            (pages::instant(&at)?, pages::part(&id)?)
        }
    };
    let wanted = Wanted { state: query.state, kind: query.kind, before, limit: limit + 1 };
    let mut tx = app.store.read().await?;
    let mut rows = changes::list(&mut tx, &person, wanted, app.now()).await?;
    let authority = Authority::load(&mut tx, &person).await?;
    let more = i64::try_from(rows.len()).is_ok_and(|count| count > limit);
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let last = rows.last().filter(|_| more);
    let next = last.map(|row| pages::cursor(&[row.proposed_at.as_microsecond().to_string(), row.id.to_string()]));
    let view = |row: ChangeRow| {
        let may_decide = authority.may_decide(&row);
        ChangeView::new(row, person.actor.person_id, may_decide, None)
    };
    Ok(private(Page { items: rows.into_iter().map(view).collect(), next }))
}

/// One change; of an outage that waits also what it would do.
#[utoipa::path(get, path = "/api/v1/changes/{id}", operation_id = "change", tag = "changes",
    params(("id" = ChangeId, Path, description = "The change's id")),
    responses((status = 200, body = ChangeView, description = "The change")))]
pub async fn show(app: web::Data<App>, person: Person, id: web::Path<ChangeId>) -> Result<HttpResponse, Problem> {
    let mut tx = app.store.read().await?;
    let authority = Authority::load(&mut tx, &person).await?;
    let row = changes::visible(&mut tx, &authority, *id).await?;
    drop(tx);
    Ok(private(whole(&app, &person, row).await?))
}

/// Propose a change; somebody else approves it.
#[utoipa::path(post, path = "/api/v1/changes", operation_id = "propose_change", tag = "changes", request_body = NewChange,
    responses((status = 201, body = ChangeView, description = "It waits for somebody else")))]
pub async fn propose(app: web::Data<App>, person: Person, body: web::Json<NewChange>) -> Result<HttpResponse, Problem> {
    let NewChange { payload, reason } = body.into_inner();
    if payload.kind() == ChangeKind::Delegation {
        return Err(Problem::new(
            Code::ChangeInvalid,
            "a delegation is proposed at /api/v1/delegations, by a supervisor",
        ));
    }
    let row = changes::propose(&app, &person, &payload, &reason).await?;
    Ok(HttpResponse::Created().json(whole(&app, &person, row).await?))
}

/// Approve or refuse a change, once; what is approved holds at once. Never one's own.
#[utoipa::path(post, path = "/api/v1/changes/{id}/decision", operation_id = "decide_change", tag = "changes",
    params(("id" = ChangeId, Path, description = "The change's id")), request_body = NewChangeDecision,
    responses((status = 200, body = ChangeView, description = "The change, decided")))]
pub async fn decide(
    app: web::Data<App>,
    person: Person,
    id: web::Path<ChangeId>,
    body: web::Json<NewChangeDecision>,
) -> Result<HttpResponse, Problem> {
    let approve = matches!(body.decision, ChangeDecision::Approve);
    let row = changes::decide(&app, &person, *id, approve, body.note.as_deref()).await?;
    Ok(private(ChangeView::new(row, person.actor.person_id, false, None)))
}

/// Take an own change back before it is decided.
#[utoipa::path(delete, path = "/api/v1/changes/{id}", operation_id = "withdraw_change", tag = "changes",
    params(("id" = ChangeId, Path, description = "The change's id")),
    responses((status = 200, body = ChangeView, description = "The change, withdrawn")))]
pub async fn withdraw(app: web::Data<App>, person: Person, id: web::Path<ChangeId>) -> Result<HttpResponse, Problem> {
    let row = changes::withdraw(&app, &person, *id).await?;
    Ok(private(ChangeView::new(row, person.actor.person_id, false, None)))
}
