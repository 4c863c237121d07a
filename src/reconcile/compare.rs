//! Rows against objects. Pure.

use std::collections::HashSet;

use crate::{blobs::Listed, model::time::Timestamp, store::photos::PhotoRow};

/// Objects of less than this may belong to a check-in that is being stored, whatever holds it up, seconds.
pub const YOUNG_S: f64 = 86_400.0;

/// What does not go together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Rows without their object.
    pub missing: Vec<PhotoRow>,
    /// Objects without a row that are not young any more; a copy belongs to the row of its photo.
    pub orphans: Vec<Listed>,
}

/// Compares the rows of a day with its objects.
pub fn compare(rows: &[PhotoRow], objects: &[Listed], now: Timestamp, young_s: f64) -> Compared {
    let there: HashSet<&str> = objects.iter().map(|object| object.key.as_str()).collect();
    let promised: HashSet<&str> = rows.iter().map(|row| row.photo_key.as_str()).collect();
    let is_old = |object: &&Listed| now.seconds_since(object.modified) > young_s;
    let is_orphan = |object: &&Listed| !promised.contains(object.key.original());
    Compared {
        missing: rows.iter().filter(|row| !there.contains(row.photo_key.as_str())).cloned().collect(),
        orphans: objects.iter().filter(is_old).filter(is_orphan).cloned().collect(),
    }
}
