//! How many cases wait, of what. Counting is one pass over all that wait, so what was counted among many is told again for
//! a few seconds, to the same person, and two who ask at once wait for one count.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    model::{ids::PersonId, time::Timestamp},
    store::{
        Store, StoreError, Tx,
        queue::{self, Asker, Group, Scope},
    },
};

/// Among so many cases the count is kept; a count of fewer is always a new one.
pub const KEPT_FROM: i64 = 200;
/// How long it is kept.
pub const KEPT_S: i64 = 5;
/// Counts that are kept at most; those that are over go first.
const KEPT_MAX: usize = 1_024;

/// How many cases wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// When it was counted.
    pub at: Timestamp,
    /// By unit, slot and urgency.
    pub groups: Vec<Group>,
    /// With each reason.
    pub reasons: Vec<(String, i64)>,
    /// With each thing that several have in common.
    pub causes: Vec<(String, i64)>,
    /// Waiting for their person's words.
    pub asked: i64,
}

impl Tally {
    /// Counts.
    ///
    /// # Errors
    /// [`StoreError`] when a statement fails.
    pub async fn count(tx: &mut Tx, asker: Asker, scope: Scope) -> Result<Self, StoreError> {
        Ok(Self {
            at: asker.now,
            groups: queue::groups(tx, asker, scope).await?,
            reasons: queue::reasons(tx, asker, scope).await?,
            causes: queue::causes(tx, asker, scope).await?,
            asked: queue::asked(tx, asker).await?,
        })
    }

    fn is_of_many(&self) -> bool {
        self.sum(|_| true) >= KEPT_FROM
    }

    /// Cases of some groups.
    pub fn sum(&self, of: impl Fn(&Group) -> bool) -> i64 {
        self.groups.iter().filter(|group| of(group)).map(|group| group.count).sum()
    }
}

type Slot = Arc<tokio::sync::Mutex<Option<Arc<Tally>>>>;

/// Counts of the last seconds, by who asked for what.
#[derive(Default)]
pub struct Tallies(Mutex<HashMap<(PersonId, Scope), Slot>>);

impl Tallies {
    /// What waits for this person: newly counted, or a few seconds ago among very many.
    ///
    /// # Errors
    /// [`StoreError`] when a statement fails.
    pub async fn of(&self, store: &Store, asker: Asker, scope: Scope) -> Result<Arc<Tally>, StoreError> {
        let slot = self.slot((asker.person_id, scope));
        let mut last = slot.lock().await;
        match last.as_ref() {
            Some(tally) if tally.is_of_many() && is_fresh(tally, asker.now) => Ok(Arc::clone(tally)),
            // A short count is made by each for themselves.
            Some(tally) if !tally.is_of_many() => {
                drop(last);
                let tally = Arc::new(count(store, asker, scope).await?);
                *slot.lock().await = Some(Arc::clone(&tally));
                Ok(tally)
            }
            _ => {
                let tally = Arc::new(count(store, asker, scope).await?);
                *last = Some(Arc::clone(&tally));
                Ok(tally)
            }
        }
    }

    fn slot(&self, of: (PersonId, Scope)) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= KEPT_MAX && !slots.contains_key(&of) {
            // Whoever is counting holds theirs.
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        Arc::clone(slots.entry(of).or_default())
    }
}

/// Nobody waits for somebody else's count with a connection in hand.
async fn count(store: &Store, asker: Asker, scope: Scope) -> Result<Tally, StoreError> {
    Tally::count(&mut store.read().await?, asker, scope).await
}

fn is_fresh(tally: &Tally, now: Timestamp) -> bool {
    tally.at <= now && now < tally.at.plus_seconds(KEPT_S)
}
