//! Values of policy that approved changes set.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::ChangeId,
    time::{Timestamp, WorkDate},
    words::PolicyName,
};

statements! {
    INSERT = "INSERT INTO policy_values (change_id, name, value, valid_from) VALUES ($1, $2, $3, $4)";
    ALL = "SELECT v.name, v.value, v.valid_from, c.decided_at, c.reason, p.name AS proposer, d.name AS approver
        FROM policy_values v JOIN changes c ON c.id = v.change_id JOIN people p ON p.id = c.proposed_by
            LEFT JOIN people d ON d.id = c.decided_by
        ORDER BY v.name, v.valid_from, c.decided_at, v.change_id";
}

/// A value, with how it came about.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct PolicyValueRow {
    /// Of what.
    pub name: PolicyName,
    /// The value.
    pub value: f64,
    /// Its first day.
    pub valid_from: WorkDate,
    /// When it was approved.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub reason: String,
    /// Name of who proposed it.
    pub proposer: String,
    /// Name of who approved it.
    pub approver: Option<String>,
}

/// Stores what a change sets.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn insert(
    tx: &mut Tx,
    change_id: ChangeId,
    name: PolicyName,
    value: f64,
    valid_from: WorkDate,
) -> Result<(), StoreError> {
    execute!(tx, INSERT, change_id, name, value, valid_from)?;
    Ok(())
}

/// Every value, by name and first day; of equal ones the one that was approved last comes last.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<PolicyValueRow>, StoreError> {
    Ok(fetch!(fetch_all, PolicyValueRow, tx, ALL)?)
}
