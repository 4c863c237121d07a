//! Looks at evidence: in the log for the auditors, and beside it for whoever was looked at.

use serde::Serialize;

use super::{LogError, append as append_entry};
use crate::{
    model::{
        chance::Chance,
        ids::{CheckinId, PersonId},
        time::Timestamp,
        words::{EntryKind, LookKind},
    },
    store::{
        Tx,
        looks::{self, LookRow},
    },
};

/// Who looks at what.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// At which check-in.
    pub checkin_id: CheckinId,
    /// Who.
    pub viewer: PersonId,
    /// At what of it.
    pub what: LookKind,
}

/// Appends a look with its record to the transaction at hand.
///
/// # Errors
/// [`LogError`]; nothing may then be shown.
pub async fn append(
    tx: &mut Tx,
    look: &Look,
    record: &impl Serialize,
    now: Timestamp,
    chance: &Chance,
) -> Result<(), LogError> {
    let entry_id = append_entry(tx, EntryKind::EvidenceViewed, record, now, chance).await?.id;
    let Look { checkin_id, viewer: viewer_id, what } = *look;
    looks::insert(tx, &LookRow { entry_id, checkin_id, viewer_id, at: now, what, viewer_name: None }).await?;
    Ok(())
}
