//! Check-ins on their way into the database: all their rows, many of them in one transaction.
//!
//! A transaction is dear by its beginning, its end and the number of its statements, not by the number of its rows. So
//! check-ins that arrive at the same time are written together, and what one of them cannot do keeps no other from it:
//! then each is written by itself.

use std::collections::HashSet;

use super::{
    Store, StoreError, Tx, challenges,
    checkins::{self, CheckinRow, EvidenceRow, FindingRow},
    examinations::{self, ExaminationRow},
    fingerprints::{self, PrintsRow},
    log_entries::{self, EntryRow},
    positions::{self, PositionRow},
    presences::{self, Attempt},
    reviews,
    together::Together,
};

/// Check-ins in one transaction.
const MOST: usize = 32;
/// Transactions at the same time on PostgreSQL: while one waits for the disk, another one is filled.
const TURNS: usize = 2;

/// All rows of a check-in.
#[derive(Clone, Debug)]
pub struct Recording {
    /// What it means for its slot.
    pub attempt: Attempt,
    /// Its entry in the log.
    pub entry: EntryRow,
    /// The check-in.
    pub checkin: CheckinRow,
    /// The hash of the challenge it uses up.
    pub challenge: Option<[u8; 32]>,
    /// Where it was made.
    pub position: PositionRow,
    /// What its photo shows, or that this is found out later.
    pub photo: Photo,
}

/// What is known of a photo.
#[derive(Clone, Debug)]
pub enum Photo {
    /// It was examined.
    Examined(Box<ExaminedRows>),
    /// It is examined after the acknowledgement.
    Waits(ExaminationRow),
}

/// What came of the examination.
#[derive(Clone, Debug)]
pub struct ExaminedRows {
    /// What was measured.
    pub evidence: EvidenceRow,
    /// What was found.
    pub findings: Vec<FindingRow>,
    /// What the photo is compared by.
    pub prints: PrintsRow,
}

/// Writes what came of examinations.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn write_examined(tx: &mut Tx, all: &[&ExaminedRows]) -> Result<(), StoreError> {
    let evidence: Vec<_> = all.iter().map(|one| &one.evidence).collect();
    checkins::insert_evidence(tx, &evidence).await?;
    let findings: Vec<_> = all.iter().flat_map(|one| &one.findings).collect();
    checkins::insert_findings(tx, &findings).await?;
    let prints: Vec<_> = all.iter().map(|one| &one.prints).collect();
    fingerprints::insert(tx, &prints).await
}

/// What became of a recording; only a recorded one left anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It is stored.
    Recorded,
    /// Another attempt of its slot was recorded meanwhile: its number is not the next one.
    Stale,
    /// There is a check-in of this id.
    IdTaken,
    /// The challenge was used up by another check-in.
    ChallengeSpent,
}

/// Writes check-ins, those that come at the same time in one transaction.
pub struct Recorder {
    together: Together<Recording, Result<Outcome, StoreError>>,
}

impl Recorder {
    /// For a database.
    pub fn new(store: &Store) -> Self {
        let turns = match store {
            Store::Sqlite { .. } => 1,
            Store::Postgres(_) => TURNS,
        };
        Self { together: Together::new(turns, MOST) }
    }

    /// Records a check-in; when this answers [`Outcome::Recorded`], it is durable.
    ///
    /// # Errors
    /// [`StoreError`]; whether it was kept is then unknown, so the caller has to look it up by id.
    pub async fn record(&self, store: &Store, recording: Recording) -> Result<Outcome, StoreError> {
        let answer = self.together.run(recording, |jobs| record_all(store, jobs)).await;
        answer.unwrap_or_else(|| Err(StoreError::broken_off()))
    }
}

async fn record_all(store: &Store, all: Vec<Recording>) -> Vec<Result<Outcome, StoreError>> {
    let mut slots = HashSet::new();
    let apart = all.iter().all(|one| slots.insert(one.attempt.slot_key()));
    if all.len() > 1 && apart {
        match record_in_one(store, &all.iter().collect::<Vec<_>>()).await {
            Ok(Outcome::Recorded) => return all.iter().map(|_| Ok(Outcome::Recorded)).collect(),
            // One of them stands in the way of the others.
            Ok(_) | Err(StoreError::Statement(_) | StoreError::Unavailable(sqlx::Error::Database(_))) => {}
            // There is no database now: nobody has to wait until that was seen for each.
            Err(error) => {
                tracing::warn!(%error, check_ins = all.len(), "check-ins could not be written");
                return all.iter().map(|_| Err(StoreError::broken_off())).collect();
            }
        }
    }
    let mut outcomes = Vec::with_capacity(all.len());
    for one in &all {
        outcomes.push(record_in_one(store, &[one]).await);
    }
    outcomes
}

async fn record_in_one(store: &Store, all: &[&Recording]) -> Result<Outcome, StoreError> {
    let mut tx = store.write().await?;
    let outcome = write(&mut tx, all).await?;
    if outcome == Outcome::Recorded {
        tx.commit().await?;
    } else {
        tx.rollback().await?;
    }
    Ok(outcome)
}

/// Writes the rows of check-ins of different slots. With any other outcome than [`Outcome::Recorded`] one of them cannot be
/// written, and the transaction has to be rolled back.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn write(tx: &mut Tx, all: &[&Recording]) -> Result<Outcome, StoreError> {
    let mut all = all.to_vec();
    // In one order for everybody: so nobody waits for somebody who waits for them.
    all.sort_by_key(|one| one.attempt.slot_key());
    let count = all.len() as u64;
    let attempts: Vec<_> = all.iter().map(|one| &one.attempt).collect();
    // Locks the slots: further attempts of them wait here until these are decided.
    if presences::record(tx, &attempts).await? != count {
        return Ok(Outcome::Stale);
    }
    let entries: Vec<_> = all.iter().map(|one| &one.entry).collect();
    log_entries::insert(tx, &entries).await?;
    let rows: Vec<_> = all.iter().map(|one| &one.checkin).collect();
    if checkins::insert(tx, &rows).await? != count {
        return Ok(Outcome::IdTaken);
    }
    let spent: Vec<_> = all.iter().filter_map(|one| Some((one.challenge?, &one.checkin))).collect();
    if challenges::spend(tx, &spent).await? != spent.len() as u64 {
        return Ok(Outcome::ChallengeSpent);
    }
    let positions: Vec<_> = all.iter().map(|one| &one.position).collect();
    positions::insert(tx, &positions).await?;
    let (mut examined, mut waiting) = (Vec::new(), Vec::new());
    for one in &all {
        match &one.photo {
            Photo::Examined(rows) => examined.push(&**rows),
            Photo::Waits(row) => waiting.push(row),
        }
    }
    write_examined(tx, &examined).await?;
    examinations::insert(tx, &waiting).await?;
    let calmed: Vec<_> = all.iter().filter(|one| one.attempt.calms()).map(|one| one.attempt.slot_key()).collect();
    reviews::calm(tx, &calmed).await?;
    Ok(Outcome::Recorded)
}
