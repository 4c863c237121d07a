//! Challenges.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{auth::Person, problem::Problem};
use crate::{
    app::App,
    checkin::challenge,
    model::{time::Timestamp, words::Slot},
};

/// Which slot the capture is for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChallenge {
    /// The slot.
    slot: Slot,
}

/// A one-time token for one capture.
#[derive(Serialize, ToSchema)]
pub struct ChallengeView {
    /// To be sent back in the `checkin` part.
    #[schema(example = "1vYl0pZqk3sR8Qp1w0eB6m0vYy3n2o4S5x7u9A1cDeF")]
    challenge: String,
    /// The slot it is for.
    slot: Slot,
    /// Until when it is good for a capture that is sent at once.
    expires_at: Timestamp,
    /// Until when it is good for a capture that says when it was made and could not be sent before.
    offline_until: Timestamp,
    /// Its short form, to be drawn on the photo: whoever reviews sees that the photo belongs to this challenge.
    #[schema(example = "7K3Q")]
    code: String,
}

/// Fetch a one-time token for one capture.
#[utoipa::path(post, path = "/api/v1/challenges", operation_id = "new_challenge", tag = "check-in", request_body = NewChallenge,
    responses((status = 201, body = ChallengeView, description = "A challenge")))]
pub async fn create(
    app: web::Data<App>,
    person: Person,
    body: web::Json<NewChallenge>,
) -> Result<HttpResponse, Problem> {
    let issued = challenge::issue(&app, person.actor.person_id, body.slot).await?;
    let challenge::Issued { token: challenge, slot, expires_at, offline_until, code } = issued;
    let view = ChallengeView { challenge, slot, expires_at, offline_until, code };
    Ok(HttpResponse::Created().insert_header(("cache-control", "no-store")).json(view))
}
