//! Leases: whoever looks at a case holds it for a while, so that no two people decide the same one.

use serde_json::{Value, json};

use super::{ReviewError, Visible, append, made, visible};
use crate::{
    app::App,
    model::{
        ids::ReviewId,
        words::{ReviewEventKind, ReviewState},
    },
    session::SignedIn,
    store::{people, reviews},
};

/// Takes the lease of a case, or renews it.
///
/// # Errors
/// [`ReviewError::Held`] when somebody else has it.
pub async fn claim(app: &App, person: &SignedIn, id: ReviewId) -> Result<Visible, ReviewError> {
    let now = app.now();
    let by = person.actor.person_id;
    let until = now.plus_seconds(app.config.claim_lease_s);
    let mut tx = app.store.write().await?;
    let Visible(before) = visible(&mut tx, person, id, now.date_in(&person.zone)).await?;
    if !reviews::claim(&mut tx, id, by, until, now).await? {
        let review = reviews::by_id(&mut tx, id).await?.ok_or(ReviewError::NotFound)?;
        if review.state == ReviewState::Decided {
            return Err(ReviewError::Decided(made(&mut tx, &review).await?));
        }
        let holder = match review.claimed_by {
            Some(holder) => people::by_id(&mut tx, holder).await?,
            None => None,
        };
        let by = holder.map(|holder| holder.name).unwrap_or_default();
        return Err(ReviewError::Held { until: review.claim_expires_at.unwrap_or(now), by });
    }
    let renewed = before.claimed_by == Some(by) && before.claim_expires_at.is_some_and(|end| end > now);
    if !renewed {
        append(app, &mut tx, id, ReviewEventKind::Claimed, Some(by), json!({ "until": until })).await?;
    }
    let review = reviews::by_id(&mut tx, id).await?.ok_or(ReviewError::NotFound)?;
    tx.commit().await?;
    Ok(Visible(review))
}

/// Gives a case back.
///
/// # Errors
/// [`ReviewError::NotHeld`] when the person does not hold it.
pub async fn release(app: &App, person: &SignedIn, id: ReviewId) -> Result<(), ReviewError> {
    let now = app.now();
    let by = person.actor.person_id;
    let mut tx = app.store.write().await?;
    visible(&mut tx, person, id, now.date_in(&person.zone)).await?;
    if !reviews::release(&mut tx, id, by).await? {
        return Err(ReviewError::NotHeld);
    }
    append(app, &mut tx, id, ReviewEventKind::Released, Some(by), Value::Object(serde_json::Map::new())).await?;
    tx.commit().await?;
    Ok(())
}
