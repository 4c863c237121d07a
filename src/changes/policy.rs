//! Values of policy by two people, and the snapshot that everything reads them from.

use serde_json::json;

use super::{ChangeError, Checked, Scene, payload::PolicyChange, span};
use crate::{
    app::App,
    model::{
        ids::ChangeId,
        words::{PolicyName, Words},
    },
    policy::values::{self, Set, Values},
    store::{StoreError, Tx, policy_values},
};

pub(super) fn check(scene: &Scene<'_>, change: &PolicyChange) -> Result<Checked, ChangeError> {
    if let Some(why) = values::misfit(change.name, change.value) {
        return Err(ChangeError::Invalid(why));
    }
    let from = scene.begin(change.valid_from, scene.now.date_in(scene.zone))?;
    let before = scene.app.policy_values().on(change.name, from);
    let (what, days) = (values::words(change.name), span(from, None));
    let (old, new) = (values::written(change.name, before), values::written(change.name, change.value));
    let words = Words::new(
        format!("{}: {} menjadi {}, {}.", what.id, old.id, new.id, days.id),
        format!("{}: {} becomes {}, {}.", what.en, old.en, new.en, days.en),
    );
    let replaces = json!({ "name": change.name, "value": before });
    Ok(Checked { unit_id: None, person_id: None, replaces: Some(replaces), words })
}

pub(super) async fn apply(
    tx: &mut Tx,
    scene: &Scene<'_>,
    change_id: ChangeId,
    change: &PolicyChange,
) -> Result<(), ChangeError> {
    if let Some(why) = values::misfit(change.name, change.value) {
        return Err(ChangeError::Invalid(why));
    }
    let from = scene.begin(change.valid_from, scene.now.date_in(scene.zone))?;
    Ok(policy_values::insert(tx, change_id, change.name, change.value, from).await?)
}

/// Reads the values anew: at the start, after an approval, and now and then, because another replica may have approved.
///
/// # Errors
/// [`StoreError`] when the database fails; the values read before stay in use.
pub async fn reload(app: &App) -> Result<(), StoreError> {
    let mut tx = app.store.glance().await?;
    let rows = policy_values::all(&mut tx).await?;
    let sets = rows.iter().map(|row| Set { name: row.name, value: row.value, valid_from: row.valid_from }).collect();
    app.set_policy_values(Values::new(|name: PolicyName| app.config.policy_default(name), sets));
    Ok(())
}
