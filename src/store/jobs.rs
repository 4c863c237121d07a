//! Who does a background job now, and how far it is.

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{ids::LeaseId, time::Timestamp};

statements! {
    // Whoever holds it already, and anybody once the time is over.
    CLAIM = "INSERT INTO jobs (name, holder, held_until, place) VALUES ($1, $2, $3, '')
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
            WHERE jobs.holder = excluded.holder OR jobs.held_until <= $4
        RETURNING place";
    REST = "UPDATE jobs SET held_until = $3, place = $4 WHERE name = $1 AND holder = $2";
}

/// Takes a job, or keeps it, until a moment; gives how far it is. Nothing when another replica holds it.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn claim(
    tx: &mut Tx,
    name: &str,
    holder: LeaseId,
    until: Timestamp,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let place = fetch!(fetch_optional, (String,), tx, CLAIM, name.to_owned(), holder, until, now)?;
    Ok(place.map(|(place,)| place))
}

/// Writes down how far a job is, and that nobody needs to take it until a moment; false when another replica has it by now.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn rest(tx: &mut Tx, name: &str, holder: LeaseId, until: Timestamp, place: &str) -> Result<bool, StoreError> {
    Ok(execute!(tx, REST, name.to_owned(), holder, until, place.to_owned())? == 1)
}
