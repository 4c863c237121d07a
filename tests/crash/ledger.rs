//! What was promised to the phones, and whether it is there.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Mutex, MutexGuard},
};

use hadir::{
    blobs::{BlobKey, Blobs},
    model::{
        ids::{CheckinId, PersonId},
        time::Timestamp,
        words::{EntryKind, Verdict},
    },
    store::{
        Store, Tx,
        checkins::{self, CheckinRow},
        examinations, log_entries, people, presences,
    },
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A promise.
struct Promise {
    sha256: [u8; 32],
    /// The receipt; none where the phone is still waiting.
    receipt: Option<String>,
}

/// Every check-in that was ever sent.
#[derive(Default)]
pub struct Ledger {
    sent: Mutex<HashMap<CheckinId, Promise>>,
    complaints: Mutex<Vec<String>>,
    last_said: Mutex<String>,
}

/// What an audit found.
#[derive(Default, PartialEq, Eq)]
pub struct Audit {
    /// Check-ins with a receipt.
    pub acknowledged: usize,
    /// Rows there are.
    pub stored: usize,
    /// Of those, whose photo is not examined yet.
    pub waiting: usize,
    /// What is wrong.
    pub faults: Vec<String>,
}

impl Ledger {
    fn all(&self) -> MutexGuard<'_, HashMap<CheckinId, Promise>> {
        self.sent.lock().unwrap()
    }

    pub fn sent(&self, id: CheckinId, sha256: [u8; 32]) {
        self.all().entry(id).or_insert(Promise { sha256, receipt: None });
    }

    pub fn acknowledged(&self, id: CheckinId, sha256: [u8; 32], receipt: String) {
        self.all().insert(id, Promise { sha256, receipt: Some(receipt) });
    }

    pub fn count(&self) -> usize {
        self.all().values().filter(|promise| promise.receipt.is_some()).count()
    }

    /// Something a phone must never be told.
    pub fn complain(&self, what: String) {
        self.complaints.lock().unwrap().push(what);
    }

    /// What a phone was told instead of a receipt.
    pub fn said(&self, what: String) {
        *self.last_said.lock().unwrap() = what;
    }

    pub fn last_said(&self) -> String {
        self.last_said.lock().unwrap().clone()
    }

    /// The control that acknowledges before the commit: whatever was sent counts as promised.
    pub fn believe_everything(&self) {
        for promise in self.all().values_mut() {
            promise.receipt.get_or_insert_default();
        }
    }

    /// Reads back what was promised, and everything else there is: rows, photos by their hash, receipts, log entries, and
    /// that each slot counts its attempts once. Nothing may be writing.
    pub async fn audit(&self, store: &Store, blobs: &dyn Blobs) -> Audit {
        let mut tx = store.read().await.unwrap();
        let mut rows = HashMap::new();
        let mut audit = Audit { faults: self.complaints.lock().unwrap().clone(), ..Audit::default() };
        for person in people::all(&mut tx).await.unwrap() {
            let theirs = of_person(&mut tx, person.id).await;
            audit.faults.extend(counted_once(&mut tx, person.id, &theirs).await);
            rows.extend(theirs.into_iter().map(|row| (row.id, row)));
        }
        audit.stored = rows.len();
        audit.faults.extend(examined_once(&mut tx, &rows).await);
        audit.waiting = rows.values().filter(|row| row.verdict == Verdict::Examining).count();
        for row in rows.values() {
            audit.faults.extend(is_whole(&mut tx, blobs, row).await.err());
        }
        for (id, promise) in &*self.all() {
            let Some(receipt) = &promise.receipt else { continue };
            audit.acknowledged += 1;
            match rows.get(id) {
                None => audit.faults.push(format!("{id} was acknowledged and is lost")),
                Some(row) if row.photo_sha256 != promise.sha256 => audit.faults.push(format!("{id} has another photo")),
                Some(row) if row.receipt != *receipt => audit.faults.push(format!("{id} has another receipt")),
                Some(_) => {}
            }
        }
        let invented = rows.keys().filter(|id| !self.all().contains_key(id));
        audit.faults.extend(invented.map(|id| format!("{id} was never sent")));
        audit
    }
}

async fn of_person(tx: &mut Tx, person: PersonId) -> Vec<CheckinRow> {
    let end = (Timestamp::from_microsecond(i64::MAX / 4), CheckinId(uuid::Uuid::max()));
    checkins::of_person(tx, person, end, 1_000_000).await.unwrap()
}

/// Attempts of a slot are numbered from 1 without a gap, and the slot says how many there are.
async fn counted_once(tx: &mut Tx, person: PersonId, rows: &[CheckinRow]) -> Vec<String> {
    let mut slots: BTreeMap<_, Vec<i64>> = BTreeMap::new();
    for row in rows {
        slots.entry((row.work_date, row.slot.to_string())).or_default().push(row.attempt);
    }
    let mut faults = Vec::new();
    for ((day, slot), mut attempts) in slots {
        attempts.sort_unstable();
        let told = presences::of_day(tx, person, day).await.unwrap();
        let told = told.iter().find(|row| row.slot.to_string() == slot).map_or(0, |row| row.attempts);
        let count = i64::try_from(attempts.len()).unwrap();
        if told != count || !attempts.iter().copied().eq(1..=count) {
            faults.push(format!("{person} {day} {slot}: {count} attempts, {told} counted"));
        }
    }
    faults
}

/// A row has its photo, its evidence and its entry in the log.
async fn is_whole(tx: &mut Tx, blobs: &dyn Blobs, row: &CheckinRow) -> Result<(), String> {
    let id = row.id;
    let key = BlobKey::parse(&row.photo_key).ok_or(format!("{id} names no photo"))?;
    match blobs.get(&key).await {
        Ok(Some(photo)) if Sha256::digest(&photo).as_slice() == row.photo_sha256 => {}
        Ok(Some(_)) => return Err(format!("{id} has a photo of other bytes")),
        Ok(None) => return Err(format!("{id} has lost its photo")),
        Err(error) => return Err(format!("{id}: {error}")),
    }
    let entry = log_entries::by_id(tx, row.entry_id).await.unwrap().ok_or(format!("{id} is not in the log"))?;
    let receipt: Value = serde_json::from_str(&row.receipt).map_err(|error| format!("{id}: {error}"))?;
    if receipt["receipt"]["log_entry_sha256"] != hex::encode(&entry.entry_sha256) {
        return Err(format!("{id} has another entry in the log"));
    }
    let examined = checkins::evidence(tx, id).await.unwrap().is_some();
    let waits = examinations::waits(tx, id).await.unwrap();
    match (row.verdict, examined, waits) {
        (Verdict::Examining, false, true) | (Verdict::Accepted | Verdict::Flagged, true, false) => Ok(()),
        state => Err(format!("{id} has verdict, evidence and a place in the queue that do not fit: {state:?}")),
    }
}

/// Each photo that was examined after its acknowledgement is in the log once.
async fn examined_once(tx: &mut Tx, rows: &HashMap<CheckinId, CheckinRow>) -> Option<String> {
    let later =
        |row: &&CheckinRow| row.verdict != Verdict::Examining && row.receipt.contains("\"verdict\":\"examining\"");
    let (examined, logged) =
        (rows.values().filter(later).count(), log_entries::count(tx, EntryKind::PhotoExamined).await.unwrap());
    (logged != i64::try_from(examined).unwrap())
        .then(|| format!("{examined} photos were examined after the acknowledgement, {logged} times"))
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { acknowledged, stored, waiting, faults } = self;
        writeln!(f, "{acknowledged} acknowledged, {stored} stored, {waiting} to be examined, {} faults", faults.len())?;
        self.faults.iter().take(20).try_for_each(|fault| writeln!(f, "  {fault}"))
    }
}
