//! Whether the database and the photo store hold the same: a day's rows against a day's objects ([`day`]), and photos read
//! back against their hashes ([`read_back`]). What nothing refers to is kept for a while ([`orphans`]) and then removed; what
//! a row promises and is not there is an alarm.

pub mod compare;
pub mod orphans;

use sha2::{Digest as _, Sha256};

use crate::{
    app::App,
    blobs::{BlobError, BlobKey, Listed},
    model::{ids::CheckinId, time::WorkDate},
    store::{
        StoreError,
        photos::{self, PhotoRow},
    },
};

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// The photo store failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A photo that a row promises and that is not there as promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Of which check-in or answer.
    pub photo: PhotoRow,
    /// What is wrong.
    pub what: Wrong,
}

/// What is wrong with a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There is no such object.
    Missing,
    /// Its bytes are not those of the hash.
    Altered,
}

impl Wrong {
    /// In words, for people and log lines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Altered => "altered",
        }
    }
}

/// What a day came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Photos that rows promise.
    pub promised: usize,
    /// Promises that are not kept.
    pub faults: Vec<Fault>,
    /// Objects that nothing refers to.
    pub orphans: Vec<Listed>,
}

/// Compares a day's rows with the objects of that day. The photos are not read. An object of less than `young_s` seconds may
/// belong to a check-in that is on its way, and is no orphan yet.
///
/// # Errors
/// [`ReconcileError`] when either side does not answer.
pub async fn day(app: &App, work_date: WorkDate, young_s: f64) -> Result<Day, ReconcileError> {
    // The objects first: one that is there before its row is young, and one that comes later is asked for again.
    let objects = app.blobs.list(work_date).await?;
    let rows = photos::all_of_day(&mut app.store.glance().await?, work_date).await?;
    let compared = compare::compare(&rows, &objects, app.now(), young_s);
    let mut faults = Vec::new();
    for photo in compared.missing {
        faults.extend(check(app, &photo).await?.map(|what| Fault { photo, what }));
    }
    Ok(Day { promised: rows.len(), faults, orphans: compared.orphans })
}

/// Reads photos back, `count` of them behind `after`, and compares their hashes. Gives what is wrong, how many were read, and
/// where to go on; at the end, from the beginning.
///
/// # Errors
/// [`ReconcileError`] when either side does not answer.
pub async fn read_back(
    app: &App,
    after: CheckinId,
    count: i64,
) -> Result<(Vec<Fault>, usize, Option<CheckinId>), ReconcileError> {
    let mut tx = app.store.glance().await?;
    let rows = photos::after(&mut tx, after, count).await?;
    drop(tx);
    let (mut faults, read) = (Vec::new(), rows.len());
    let next = rows.last().filter(|_| i64::try_from(read).is_ok_and(|read| read == count)).map(|row| CheckinId(row.id));
    for photo in rows {
        faults.extend(check(app, &photo).await?.map(|what| Fault { photo, what }));
    }
    Ok((faults, read, next))
}

/// Reads one photo back; nothing when it is as it should be.
///
/// # Errors
/// [`BlobError`] when the photo store does not answer.
pub async fn check(app: &App, photo: &PhotoRow) -> Result<Option<Wrong>, BlobError> {
    let Some(key) = BlobKey::parse(&photo.photo_key) else { return Ok(Some(Wrong::Missing)) };
    Ok(match app.blobs.get(&key).await? {
        None => Some(Wrong::Missing),
        Some(bytes) => (Sha256::digest(&bytes).as_slice() != photo.photo_sha256).then_some(Wrong::Altered),
    })
}
