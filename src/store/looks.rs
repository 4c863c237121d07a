//! Looks: who saw whose evidence, so that its subject can be told.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{CheckinId, EntryId, PersonId},
    time::Timestamp,
    words::LookKind,
};

statements! {
    INSERT = "INSERT INTO looks (entry_id, checkin_id, viewer_id, at, what) VALUES ($1, $2, $3, $4, $5)";
    OF_CHECKIN = "SELECT l.entry_id, l.checkin_id, l.viewer_id, l.at, l.what, p.name AS viewer_name
        FROM looks l JOIN people p ON p.id = l.viewer_id WHERE l.checkin_id = $1 ORDER BY l.at, l.entry_id";
}

/// A look as stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct LookRow {
    /// Its entry in the log.
    pub entry_id: EntryId,
    /// At which check-in, or at a case of it.
    pub checkin_id: CheckinId,
    /// Who looked.
    pub viewer_id: PersonId,
    /// When.
    pub at: Timestamp,
    /// At what of it.
    pub what: LookKind,
    /// Name of who looked; not stored with the look.
    #[sqlx(default)]
    pub viewer_name: Option<String>,
}

/// Stores a look.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn insert(tx: &mut Tx, row: &LookRow) -> Result<(), StoreError> {
    execute!(tx, INSERT, row.entry_id, row.checkin_id, row.viewer_id, row.at, row.what)?;
    Ok(())
}

/// Every look at a check-in, oldest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_checkin(tx: &mut Tx, id: CheckinId) -> Result<Vec<LookRow>, StoreError> {
    Ok(fetch!(fetch_all, LookRow, tx, OF_CHECKIN, id)?)
}
