//! Sign-in: password, access token, rotating refresh token, the console's cookie, throttle.

pub mod access;
pub mod console;
pub mod device_key;
pub mod devices;
pub mod password;
pub mod refresh;
pub mod sign_in;
pub mod throttle;

use crate::{
    app::App,
    model::{
        actor::{Actor, HeldRole},
        ids::{PersonId, SessionId, UnitId},
        time,
    },
    store::{StoreError, sessions},
};

/// A person whose token was checked, with what every request needs to know.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who, through which sign-in, with which roles today.
    pub actor: Actor,
    /// The unit the person belongs to.
    pub unit_id: UnitId,
    /// The unit's zone.
    pub zone: jiff::tz::TimeZone,
}

/// Looks up who stands behind a session now; nothing when it was revoked, is over, or the person was deactivated.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn resolve(app: &App, session_id: SessionId, person_id: PersonId) -> Result<Option<SignedIn>, StoreError> {
    let now = app.now();
    let mut tx = app.store.glance().await?;
    let rows = sessions::holder(&mut tx, session_id, now).await?;
    Ok(signed_in(&rows, session_id, now).filter(|found| found.actor.person_id == person_id))
}

/// The person behind a session's rows, one a role, with the roles in force today.
fn signed_in(rows: &[sessions::Holder], session_id: SessionId, now: time::Timestamp) -> Option<SignedIn> {
    let holder = rows.first()?;
    let zone = time::zone_named(&holder.time_zone).map_or(jiff::tz::TimeZone::UTC, |(_, zone)| zone);
    let today = now.date_in(&zone);
    let in_force = |row: &&sessions::Holder| {
        row.valid_from.is_some_and(|from| from <= today) && row.valid_to.is_none_or(|to| to >= today)
    };
    let held = |row: &sessions::Holder| Some(HeldRole { role: row.role?, unit_id: row.role_unit_id });
    let roles = rows.iter().filter(in_force).filter_map(held).collect();
    Some(SignedIn { actor: Actor { person_id: holder.person_id, session_id, roles }, unit_id: holder.unit_id, zone })
}
