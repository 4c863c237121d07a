//! Notifications: written in the transaction of the deed, sent behind it at least once.
//!
//! What a deed has to tell is a row beside the deed's own rows: when the deed is taken back, nothing is told; when the
//! server stops in between, it is told later. `jobs/` runs [`sender`]; several replicas may.

pub mod backoff;
pub mod mail;
pub mod outlet;
pub mod sender;
pub mod webhook;
pub mod words;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    app::App,
    model::{
        ids::{ChangeId, DeliveryId, NotificationId, PersonId, PlaceRequestId, ReviewId},
        time::{Timestamp, WorkDate},
        words::{Channel, DeliveryState, NoticeKind},
    },
    store::{
        Json, StoreError, Tx,
        deliveries::{self, DeliveryRow},
        notifications::{self, NotificationRow},
    },
};

/// What somebody is told about: ids and times, never evidence and never an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "about", rename_all = "snake_case")]
pub enum About {
    /// A reviewer asks for an explanation.
    ExplanationAsked {
        /// In which case.
        review_id: ReviewId,
        /// Until when it can be given.
        due_at: Timestamp,
    },
    /// A case was decided.
    DecisionMade {
        /// Which.
        review_id: ReviewId,
    },
    /// A case was not decided in its time.
    CaseOverdue {
        /// Which.
        review_id: ReviewId,
    },
    /// What was asked for about a place was decided.
    PlaceDecided {
        /// Which request.
        request_id: PlaceRequestId,
    },
    /// Somebody supervises in another's stead.
    DelegationBegins {
        /// The id of the change that two people made.
        change_id: ChangeId,
        /// First day.
        valid_from: WorkDate,
        /// Last day.
        valid_to: WorkDate,
    },
}

impl About {
    /// What is told.
    pub const fn kind(&self) -> NoticeKind {
        match self {
            Self::ExplanationAsked { .. } => NoticeKind::ExplanationAsked,
            Self::DecisionMade { .. } => NoticeKind::DecisionMade,
            Self::CaseOverdue { .. } => NoticeKind::CaseOverdue,
            Self::PlaceDecided { .. } => NoticeKind::PlaceDecided,
            Self::DelegationBegins { .. } => NoticeKind::DelegationBegins,
        }
    }

    /// The id by which it can be called off.
    pub fn id(&self) -> Uuid {
        match self {
            Self::ExplanationAsked { review_id, .. }
            | Self::DecisionMade { review_id }
            | Self::CaseOverdue { review_id } => review_id.0,
            Self::PlaceDecided { request_id } => request_id.0,
            Self::DelegationBegins { change_id, .. } => change_id.0,
        }
    }

    /// As it is kept, and sent to a webhook.
    pub fn to_json(&self) -> Value {
        match self {
            Self::ExplanationAsked { review_id, due_at } => json!({ "review_id": review_id, "due_at": due_at }),
            Self::DecisionMade { review_id } | Self::CaseOverdue { review_id } => json!({ "review_id": review_id }),
            Self::PlaceDecided { request_id } => json!({ "request_id": request_id }),
            Self::DelegationBegins { change_id, valid_from, valid_to } => {
                json!({ "change_id": change_id, "valid_from": valid_from, "valid_to": valid_to })
            }
        }
    }

    /// What was kept; nothing when it was kept by a program that knew more.
    pub fn read(kind: NoticeKind, about: &Value) -> Option<Self> {
        serde_json::from_value(json!({ "kind": kind, "about": about })).ok()
    }
}

/// What a deed has to tell somebody.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Whom.
    pub person_id: PersonId,
    /// What.
    pub about: About,
    /// Not earlier than this; the deed may be undone until then.
    pub not_before: Timestamp,
}

/// Writes down what is to be told, in the transaction of the deed. Told it is on the channels that are configured now; the
/// row is kept in any case.
///
/// # Errors
/// [`StoreError`]; the deed must then not be committed.
pub async fn enqueue(app: &App, tx: &mut Tx, notice: &Notice) -> Result<NotificationId, StoreError> {
    let now = app.now();
    let row = NotificationRow {
        id: NotificationId::new(now, &app.chance),
        kind: notice.about.kind(),
        person_id: notice.person_id,
        about_id: notice.about.id().to_string(),
        about: Json(notice.about.to_json()),
        not_before: notice.not_before,
        created_at: now,
        cancelled_at: None,
    };
    notifications::insert(tx, &row).await?;
    let due_at = notice.not_before.max(now);
    for channel in channels(app, tx, notice.person_id).await? {
        let delivery = DeliveryRow {
            id: DeliveryId::new(now, &app.chance),
            notification_id: row.id,
            channel,
            state: DeliveryState::Waiting,
            attempts: 0,
            due_at,
            next_at: due_at,
            lease_id: None,
            delivered_at: None,
            dead_at: None,
            last_error: None,
        };
        deliveries::insert(tx, &delivery).await?;
    }
    Ok(row.id)
}

/// On which channels a person is told.
async fn channels(app: &App, tx: &mut Tx, person_id: PersonId) -> Result<Vec<Channel>, StoreError> {
    let mut channels = Vec::new();
    if !app.config.webhook_url.is_empty() {
        channels.push(Channel::Webhook);
    }
    // Nobody is made to have an address.
    if !app.config.smtp_host.is_empty() && notifications::address(tx, person_id).await?.is_some() {
        channels.push(Channel::Email);
    }
    Ok(channels)
}

/// Calls off what was not told yet about this id, in the transaction that makes it untrue; says how many notifications that
/// were. What is being sent at this moment may still arrive.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn cancel(app: &App, tx: &mut Tx, kind: NoticeKind, about_id: Uuid) -> Result<u64, StoreError> {
    let about_id = about_id.to_string();
    let cancelled = notifications::cancel(tx, kind, &about_id, app.now()).await?;
    deliveries::cancel(tx, kind, &about_id).await?;
    Ok(cancelled)
}
