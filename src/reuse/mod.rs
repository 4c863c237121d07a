//! The search for copies: is this picture kept already, of this person or of anybody else?
//!
//! Three questions, cheapest first. Same picture data: an index in the database answers. The person's own history: one
//! row of the database, compared crop by crop. Everybody's: the fingerprints of all photos lie in memory ([`index`]) and
//! are compared one by one, exactly, by a thread that answers everyone who waits in one pass ([`searcher`]). Each
//! replica fills its memory from the database ([`catch_up`]).

mod catch_up;
pub mod index;
pub mod scan;
pub mod searcher;

use std::{collections::BTreeSet, sync::Arc};

pub use catch_up::CaughtUp;
use index::Index;
use searcher::{Asked, Found, Searcher};
use tokio::sync::Mutex;

use crate::{
    evidence::photo::{
        fingerprint::{self, Fingerprint, Fingerprints, Kept, Nearness},
        reuse::{Likeness, Search},
        thresholds::ALIKE_BITS,
    },
    model::{
        ids::{CheckinId, PersonId},
        time::{Timestamp, WorkDate},
        words::Slot,
    },
    store::{
        StoreError, Tx,
        fingerprints::{self, PrintsRow},
    },
};

/// Identical and alike photos that are kept with the evidence, each kind.
const KEPT: u32 = 8;
/// Hexadecimal digits of an id, and of the prints behind it.
const ID_DIGITS: usize = 32;
const PRINTS_DIGITS: usize = fingerprint::CROPS * 32 * 2;

/// The search, and what it searches in.
pub struct Reuse {
    index: Arc<Index>,
    searcher: Searcher,
    /// Who reads new rows; one at a time.
    reading: Mutex<CaughtUp>,
    /// What was entered lately, so that rows that are read twice are entered once.
    recent: std::sync::Mutex<BTreeSet<(Timestamp, CheckinId)>>,
}

/// Whose photo is asked for, and which slot's own attempts are left out.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// Whose.
    pub person_id: PersonId,
    /// Attempts of the same slot are naturally alike.
    pub work_date: WorkDate,
    /// See `work_date`.
    pub slot: Slot,
}

impl Reuse {
    /// An empty index and its thread.
    ///
    /// # Errors
    /// The system's, when there can be no further thread.
    pub fn start() -> std::io::Result<Self> {
        let index = Arc::new(Index::default());
        let searcher = Searcher::start(Arc::clone(&index))?;
        Ok(Self { index, searcher, reading: Mutex::default(), recent: std::sync::Mutex::default() })
    }

    /// Photos in the index.
    pub fn len(&self) -> u64 {
        self.index.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Photos with the same picture data, byte by byte, that were recorded until then.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn same_data(
        &self,
        tx: &mut Tx,
        subject: Subject,
        content_sha256: &[u8; 32],
        until: Timestamp,
        prints: Option<&Fingerprints>,
    ) -> Result<Search, StoreError> {
        let Subject { person_id, work_date, slot } = subject;
        let except = (person_id, work_date, slot);
        let rows = fingerprints::same_content(tx, content_sha256, until, except, i64::from(KEPT)).await?;
        let found = rows.iter().map(|row| likeness(row, person_id, true, prints)).collect();
        Ok(Search { found, ..Search::default() })
    }

    /// What the database alone can tell: the same picture data, and the person's own history.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn own(
        &self,
        tx: &mut Tx,
        subject: Subject,
        content_sha256: &[u8; 32],
        now: Timestamp,
        prints: Option<&Fingerprints>,
    ) -> Result<Search, StoreError> {
        let Subject { person_id, work_date, slot } = subject;
        let Some(asked) = prints else { return self.same_data(tx, subject, content_sha256, now, None).await };
        let except = (person_id, work_date, slot);
        let (rows, digits) = fingerprints::known(tx, content_sha256, now, except, i64::from(KEPT)).await?;
        let found = rows.iter().map(|row| likeness(row, person_id, true, prints)).collect();
        let mut search = Search { found, ..Search::default() };
        let asked = [asked.straight, asked.mirrored].concat();
        let mut near = Vec::new();
        for (id, kept) in history(&digits) {
            search.searched_own += 1;
            let bits = scan::nearest_pair(&asked, &kept);
            if bits <= ALIKE_BITS {
                near.push((bits, id));
            }
        }
        near.sort_unstable();
        let known: BTreeSet<CheckinId> = search.found.iter().map(|found| found.checkin_id).collect();
        for (_, id) in near.into_iter().filter(|(_, id)| !known.contains(id)).take(KEPT as usize) {
            if let Some(row) = fingerprints::by_checkin(tx, id).await? {
                search.found.push(likeness(&row, person_id, false, prints));
            }
        }
        Ok(search)
    }

    /// Compares with everybody's photos in memory that were recorded until then, but the person's own. Nothing when the
    /// memory does not hold all of them yet, or could not be asked: then this has to be done later.
    pub async fn everybody(&self, person_id: PersonId, prints: [Fingerprint; 2], until: Timestamp) -> Option<Found> {
        if !self.index.is_complete() {
            return None;
        }
        let except = self.index.ordinal(person_id);
        self.searcher.ask(Asked { prints, except, until: until.as_microsecond() }).await
    }

    /// Adds what was found among everybody's photos to a search; what is gone from the database is left out.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn add(
        &self,
        tx: &mut Tx,
        person_id: PersonId,
        found: &Found,
        search: &mut Search,
    ) -> Result<(), StoreError> {
        for hit in &found.hits {
            for row in fingerprints::at(tx, Timestamp::from_microsecond(hit.recorded_at)).await? {
                let known = search.found.iter().any(|found| found.checkin_id == row.checkin_id);
                // Several rows may carry the same instant.
                let nearness = nearness(&row, found.prints).filter(|nearness| nearness.bits <= found.limit);
                if row.person_id != person_id && !known && nearness.is_some() {
                    search.found.push(Likeness { nearness, ..likeness(&row, person_id, false, None) });
                }
            }
        }
        search.searched = Some(found.searched);
        Ok(())
    }

    /// Enters a row that was committed here, without waiting for the next reading.
    pub fn remember(&self, row: &PrintsRow) {
        if let Some(kept) = row.prints.as_deref().and_then(Kept::from_bytes) {
            self.enter(row.checkin_id, row.person_id, row.recorded_at, kept.straight[0]);
        }
    }

    fn enter(&self, checkin_id: CheckinId, person_id: PersonId, recorded_at: Timestamp, print: Fingerprint) {
        let mut recent = self.recent.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if recent.insert((recorded_at, checkin_id)) {
            self.index.enter(print, recorded_at.as_microsecond(), person_id);
        }
    }
}

/// How near the whole picture, straight or mirrored, comes to that of a row.
fn nearness(row: &PrintsRow, [straight, mirrored]: [Fingerprint; 2]) -> Option<Nearness> {
    let kept = Kept::from_bytes(row.prints.as_deref()?)?.straight[0];
    let (straight, mirrored) = (straight.distance(&kept), mirrored.distance(&kept));
    Some(Nearness { bits: straight.min(mirrored), mirrored: mirrored < straight })
}

fn likeness(row: &PrintsRow, person_id: PersonId, identical: bool, prints: Option<&Fingerprints>) -> Likeness {
    let kept = row.prints.as_deref().and_then(Kept::from_bytes);
    Likeness {
        checkin_id: row.checkin_id,
        own: row.person_id == person_id,
        work_date: row.work_date,
        identical,
        nearness: prints.zip(kept).map(|(prints, kept)| prints.nearest(&kept.straight)),
    }
}

/// The ids and the straight prints of one row of digits.
fn history(digits: &str) -> impl Iterator<Item = (CheckinId, [Fingerprint; fingerprint::CROPS])> {
    let (rows, _) = digits.as_bytes().as_chunks::<{ ID_DIGITS + PRINTS_DIGITS }>();
    rows.iter().map(|row| {
        let (id, prints) = row.split_at(ID_DIGITS);
        let (words, _) = prints.as_chunks::<16>();
        let print = |crop: usize| Fingerprint(std::array::from_fn(|word| word_of(&words[crop * 4 + word])));
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(id.as_chunks::<2>().0) {
            *byte = value_of(pair[0]) << 4 | value_of(pair[1]);
        }
        (CheckinId::from_bytes(bytes), std::array::from_fn(print))
    })
}

fn word_of(digits: &[u8; 16]) -> u64 {
    digits.iter().fold(0, |word, digit| word << 4 | u64::from(value_of(*digit)))
}

/// Of a hexadecimal digit as the two databases write them: 0 to 9, then A to F or a to f.
fn value_of(digit: u8) -> u8 {
    (digit & 0x0F) + (digit >> 6) * 9
}
