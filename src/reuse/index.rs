//! The fingerprints of all photos in memory: 44 bytes each, in blocks that are never changed once they are full, so that
//! a search holds on to what there was when it began while new photos are entered.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use super::scan::{BLOCK, Words};
use crate::{evidence::photo::fingerprint::Fingerprint, model::ids::PersonId};

/// What stands for nobody.
pub const NOBODY: u32 = u32::MAX;

/// A block of fingerprints, with the instant each row was written and whose it is.
#[derive(Clone, Debug)]
pub struct Block {
    words: Words,
    recorded_at: Vec<i64>,
    persons: Vec<u32>,
}

impl Default for Block {
    fn default() -> Self {
        Self { words: Words::default(), recorded_at: Vec::with_capacity(BLOCK), persons: Vec::with_capacity(BLOCK) }
    }
}

/// A fingerprint that came near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// Differing bits.
    pub bits: u32,
    /// When its row was written, microseconds: how it is found in the database.
    pub recorded_at: i64,
}

impl Block {
    fn push(&mut self, print: Fingerprint, recorded_at: i64, person: u32) {
        self.words.set(self.recorded_at.len(), print);
        self.recorded_at.push(recorded_at);
        self.persons.push(person);
    }

    /// How many fingerprints are in it.
    pub fn len(&self) -> usize {
        self.recorded_at.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.recorded_at.is_empty()
    }

    /// Hands on every fingerprint within `limit` bits that was recorded until then and is not of the person `except`.
    pub fn near(&self, print: Fingerprint, limit: u32, until: i64, except: u32, mut found: impl FnMut(Near)) {
        if self.words.nearest(print) > u64::from(limit) {
            return;
        }
        for (place, (recorded_at, person)) in self.recorded_at.iter().zip(&self.persons).enumerate() {
            let bits = self.words.get(place).distance(&print);
            if bits <= limit && *person != except && *recorded_at <= until {
                found(Near { bits, recorded_at: *recorded_at });
            }
        }
    }
}

/// What there was at one moment.
pub struct Snapshot {
    full: Arc<Vec<Arc<Block>>>,
    open: Block,
}

impl Snapshot {
    /// The blocks.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.full.iter().map(AsRef::as_ref).chain(std::iter::once(&self.open))
    }

    /// Fingerprints in all of them.
    pub fn len(&self) -> u64 {
        (self.full.len() * BLOCK + self.open.len()) as u64
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[derive(Default)]
struct Kept {
    full: Arc<Vec<Arc<Block>>>,
    open: Block,
    persons: HashMap<PersonId, u32>,
}

/// All fingerprints.
#[derive(Default)]
pub struct Index {
    kept: Mutex<Kept>,
    complete: AtomicBool,
}

impl Index {
    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a fingerprint; nothing that is being searched changes.
    pub fn enter(&self, print: Fingerprint, recorded_at: i64, person_id: PersonId) {
        let mut kept = self.kept();
        let next = u32::try_from(kept.persons.len()).unwrap_or(NOBODY);
        let person = *kept.persons.entry(person_id).or_insert(next);
        kept.open.push(print, recorded_at, person);
        if kept.open.len() == BLOCK {
            let full = std::mem::take(&mut kept.open);
            Arc::make_mut(&mut kept.full).push(Arc::new(full));
        }
    }

    /// The short name of a person inside the index.
    pub fn ordinal(&self, person_id: PersonId) -> u32 {
        self.kept().persons.get(&person_id).copied().unwrap_or(NOBODY)
    }

    /// What there is now.
    pub fn snapshot(&self) -> Snapshot {
        let kept = self.kept();
        Snapshot { full: Arc::clone(&kept.full), open: kept.open.clone() }
    }

    /// How many fingerprints there are.
    pub fn len(&self) -> u64 {
        let kept = self.kept();
        (kept.full.len() * BLOCK + kept.open.len()) as u64
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether every row that was there at the start has been read.
    pub fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Acquire)
    }

    /// Says so.
    pub fn set_complete(&self) {
        self.complete.store(true, Ordering::Release);
    }
}
