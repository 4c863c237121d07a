//! Lines of the organisation tree: every unit with itself and each unit above it, so that who sees what is one look and not
//! a walk. They are drawn anew in the transaction that changes the tree.

use super::{StoreError, Tx, execute, statements::statements};

/// Whether the role `ra` makes a person a supervisor on a day.
macro_rules! in_force {
    ($person:literal, $day:literal) => {
        concat!(
            "ra.person_id = ",
            $person,
            " AND ra.role = 'supervisor' AND ra.valid_from <= ",
            $day,
            " AND (ra.valid_to IS NULL OR ra.valid_to >= ",
            $day,
            ")"
        )
    };
}
pub(super) use in_force;

/// Units that a person supervises directly on a day.
macro_rules! desks {
    ($person:literal, $day:literal) => {
        concat!("SELECT ra.unit_id FROM role_assignments ra WHERE ", $crate::store::lines::in_force!($person, $day))
    };
}
pub(super) use desks;

/// Units that a person supervises on a day, with all below them; one may come twice.
macro_rules! supervised {
    ($person:literal, $day:literal) => {
        concat!(
            "SELECT l.unit_id FROM role_assignments ra JOIN unit_lines l ON l.above_id = ra.unit_id WHERE ",
            $crate::store::lines::in_force!($person, $day)
        )
    };
}
pub(super) use supervised;

/// Whether a person supervises a unit, or one above it, on a day: for one unit at a time.
macro_rules! supervises {
    ($unit:literal, $person:literal, $day:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM unit_lines l JOIN role_assignments ra ON ra.unit_id = l.above_id WHERE l.unit_id = ",
            $unit,
            " AND ",
            $crate::store::lines::in_force!($person, $day),
            ")"
        )
    };
}
pub(super) use supervises;

statements! {
    CLEAR = "DELETE FROM unit_lines";
    // A circle, which nothing here makes, would end at the depth that is followed.
    DRAW = "INSERT INTO unit_lines (unit_id, above_id, distance)
        WITH RECURSIVE lines (unit_id, above_id, distance) AS (
            SELECT id, id, 0 FROM units
            UNION ALL SELECT l.unit_id, u.parent_id, l.distance + 1 FROM lines l JOIN units u ON u.id = l.above_id
                WHERE u.parent_id IS NOT NULL AND l.distance < 32)
        SELECT unit_id, above_id, MIN(distance) FROM lines GROUP BY unit_id, above_id";
}

/// Draws the lines of all units anew. Belongs into each transaction that adds or moves a unit, after
/// [`hold`](super::units::hold) of the oldest one.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn draw(tx: &mut Tx) -> Result<(), StoreError> {
    execute!(tx, CLEAR)?;
    execute!(tx, DRAW)?;
    Ok(())
}
