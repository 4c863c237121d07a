//! Check-ins, their evidence and their findings. Nothing here is ever updated, but for the verdict of a check-in whose photo was
//! examined after its acknowledgement (`examinations.rs`).

use serde_json::Value;
use sqlx::FromRow;

use super::{Json, StoreError, Tx, execute_many, fetch, statements::statements};
use crate::model::{
    ids::{CheckinId, DeviceId, EntryId, PersonId, PlaceId, UnitId},
    time::{Timestamp, WorkDate},
    words::{Assurance, PhotoSource, Severity, Slot, Timing, Verdict},
};

/// The columns of [`CheckinRow`], of `checkins c`.
macro_rules! columns {
    () => {
        "c.id, c.person_id, c.unit_id, c.slot, c.work_date, c.attempt, c.received_at, c.timing, c.verdict,
            c.rules_version, c.photo_sha256, c.photo_bytes, c.photo_type, c.photo_key, c.receipt, c.entry_id,
            c.assurance, c.device_id, c.captured_at, c.photo_source, c.photo_code"
    };
}
pub(super) use columns;

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM checkins c WHERE c.id = $1");
    INSERT = "INSERT INTO checkins (id, person_id, unit_id, slot, work_date, attempt, received_at, timing, verdict,
            rules_version, photo_sha256, photo_bytes, photo_type, photo_key, receipt, entry_id, assurance, device_id,
            captured_at, photo_source, photo_code)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        ON CONFLICT (id) DO NOTHING";
    OF_PERSON = concat!("SELECT ", columns!(), "
        FROM checkins c WHERE c.person_id = $1 AND (c.received_at, c.id) < ($2, $3)
        ORDER BY c.received_at DESC, c.id DESC LIMIT $4");
    OF_DATES = concat!("SELECT ", columns!(), "
        FROM checkins c WHERE c.person_id = $1 AND c.work_date >= $2 AND c.work_date <= $3
            AND (c.received_at, c.id) < ($4, $5)
        ORDER BY c.received_at DESC, c.id DESC LIMIT $6");
    OF_REVIEW = concat!("SELECT ", columns!(), "
        FROM checkins c JOIN review_attempts a ON a.checkin_id = c.id WHERE a.review_id = $1 ORDER BY c.attempt, c.id");
    WITHOUT_PRINTS = concat!("SELECT ", columns!(), "
        FROM checkins c LEFT JOIN fingerprints f ON f.checkin_id = c.id
        WHERE f.checkin_id IS NULL AND c.verdict <> 'examining' ORDER BY c.id LIMIT $1");
    COUNT = "SELECT COUNT(*) FROM checkins";
    BYTES_OF_PERSON = "SELECT CAST(COALESCE(SUM(photo_bytes), 0) AS BIGINT) FROM checkins WHERE person_id = $1";
    INSERT_EVIDENCE = "INSERT INTO evidence (checkin_id, photo, location, place_id) VALUES ($1, $2, $3, $4)";
    EVIDENCE = "SELECT checkin_id, photo, location, place_id FROM evidence WHERE checkin_id = $1";
    INSERT_FINDING = "INSERT INTO findings (checkin_id, ordinal, code, severity, flags, measured, threshold,
            unit_of_measure, words_id, words_en)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    // Findings of a day whose slot a reviewer accepted count no more.
    MEDIUM_DAYS = "SELECT f.code, COUNT(DISTINCT c.work_date) AS days FROM checkins c
            JOIN findings f ON f.checkin_id = c.id
            LEFT JOIN presences p ON p.person_id = c.person_id AND p.work_date = c.work_date AND p.slot = c.slot
        WHERE c.person_id = $1 AND c.work_date >= $2 AND c.work_date < $3 AND f.severity = 'medium'
            AND (p.decision IS NULL OR p.decision <> 'accept')
        GROUP BY f.code ORDER BY f.code";
    RATES = "SELECT f.code, c.work_date, COUNT(DISTINCT c.id) AS checkins,
            COUNT(DISTINCT CASE WHEN f.flags = $3 THEN c.id END) AS flagged,
            COUNT(DISTINCT CASE WHEN f.flags = $3 AND r.decision = 'accept' THEN c.id END) AS accepted,
            COUNT(DISTINCT CASE WHEN f.flags = $3 AND r.decision = 'reject' THEN c.id END) AS rejected
        FROM checkins c JOIN findings f ON f.checkin_id = c.id
            LEFT JOIN review_attempts a ON a.checkin_id = c.id
            LEFT JOIN reviews r ON r.id = a.review_id AND r.origin <> 'second'
        WHERE c.work_date >= $1 AND c.work_date <= $2 GROUP BY f.code, c.work_date ORDER BY c.work_date, f.code";
    PER_DAY = "SELECT work_date, COUNT(*) AS checkins FROM checkins WHERE work_date >= $1 AND work_date <= $2
        GROUP BY work_date ORDER BY work_date";
    FINDINGS = "SELECT checkin_id, ordinal, code, severity, flags, measured, threshold, unit_of_measure, words_id, words_en
        FROM findings WHERE checkin_id = $1 ORDER BY ordinal";
}

/// A check-in as stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct CheckinRow {
    /// Made by the phone.
    pub id: CheckinId,
    /// Whose.
    pub person_id: PersonId,
    /// The person's unit at that time.
    pub unit_id: UnitId,
    /// What it answers.
    pub slot: Slot,
    /// The civil date in the unit's zone.
    pub work_date: WorkDate,
    /// 1 for the first answer to the slot.
    pub attempt: i64,
    /// Server time; the presence time.
    pub received_at: Timestamp,
    /// How that stands to the window.
    pub timing: Timing,
    /// What policy made of it.
    pub verdict: Verdict,
    /// Which rules decided.
    pub rules_version: String,
    /// SHA-256 of the photo's bytes.
    pub photo_sha256: Vec<u8>,
    /// Length of the photo.
    pub photo_bytes: i64,
    /// Media type by magic bytes.
    pub photo_type: String,
    /// Where the photo is stored.
    pub photo_key: String,
    /// What the phone was answered, byte by byte.
    pub receipt: String,
    /// Its entry in the log.
    pub entry_id: EntryId,
    /// What vouches for the phone.
    pub assurance: Assurance,
    /// The device whose key signed it.
    pub device_id: Option<DeviceId>,
    /// When it was captured, by the time the phone says it waited; none when it was not said.
    pub captured_at: Option<Timestamp>,
    /// Where the photo was taken from, by the page's word.
    pub photo_source: PhotoSource,
    /// The short code of the challenge, which the page draws on the photo.
    pub photo_code: Option<String>,
}

/// What was measured from a check-in.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct EvidenceRow {
    /// Of which check-in.
    pub checkin_id: CheckinId,
    /// Photo evidence.
    pub photo: Json<Value>,
    /// Location evidence, without coordinates.
    pub location: Json<Value>,
    /// The place version the location was judged against.
    pub place_id: Option<PlaceId>,
}

/// One finding as stored, with the words the person was shown.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct FindingRow {
    /// Of which check-in.
    pub checkin_id: CheckinId,
    /// Order.
    pub ordinal: i64,
    /// Code.
    pub code: String,
    /// Weight.
    pub severity: Severity,
    /// Whether it is a reason for the flag.
    pub flags: bool,
    /// Measured value.
    pub measured: Option<f64>,
    /// What it was compared with.
    pub threshold: Option<f64>,
    /// Unit of both.
    pub unit_of_measure: Option<String>,
    /// Bahasa Indonesia.
    pub words_id: String,
    /// English.
    pub words_en: String,
}

/// One check-in.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_id(tx: &mut Tx, id: CheckinId) -> Result<Option<CheckinRow>, StoreError> {
    Ok(fetch!(fetch_optional, CheckinRow, tx, BY_ID, id)?)
}

/// Stores check-ins and says how many: those whose id is there already are left out.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn insert(tx: &mut Tx, rows: &[&CheckinRow]) -> Result<u64, StoreError> {
    Ok(execute_many!(tx, INSERT, [], rows, row =>
        row.id, row.person_id, row.unit_id, row.slot, row.work_date, row.attempt, row.received_at, row.timing, row.verdict,
        row.rules_version.clone(), row.photo_sha256.clone(), row.photo_bytes, row.photo_type.clone(),
        row.photo_key.clone(), row.receipt.clone(), row.entry_id, row.assurance, row.device_id, row.captured_at,
        row.photo_source, row.photo_code.clone()))
}

/// A person's check-ins before a point, newest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_person(
    tx: &mut Tx,
    person_id: PersonId,
    before: (Timestamp, CheckinId),
    limit: i64,
) -> Result<Vec<CheckinRow>, StoreError> {
    Ok(fetch!(fetch_all, CheckinRow, tx, OF_PERSON, person_id, before.0, before.1, limit)?)
}

/// A person's check-ins for the work dates of a range before a point, newest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_dates(
    tx: &mut Tx,
    person_id: PersonId,
    (first, last): (WorkDate, WorkDate),
    before: (Timestamp, CheckinId),
    limit: i64,
) -> Result<Vec<CheckinRow>, StoreError> {
    Ok(fetch!(fetch_all, CheckinRow, tx, OF_DATES, person_id, first, last, before.0, before.1, limit)?)
}

/// The flagged attempts of a case, in order.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_review(tx: &mut Tx, review_id: crate::model::ids::ReviewId) -> Result<Vec<CheckinRow>, StoreError> {
    Ok(fetch!(fetch_all, CheckinRow, tx, OF_REVIEW, review_id)?)
}

/// Check-ins whose photo was examined and has no fingerprints yet.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn without_prints(tx: &mut Tx, limit: i64) -> Result<Vec<CheckinRow>, StoreError> {
    Ok(fetch!(fetch_all, CheckinRow, tx, WITHOUT_PRINTS, limit)?)
}

/// Bytes of all photos of a person's check-ins.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn bytes_of_person(tx: &mut Tx, person_id: PersonId) -> Result<i64, StoreError> {
    let (bytes,) = fetch!(fetch_one, (i64,), tx, BYTES_OF_PERSON, person_id)?;
    Ok(bytes)
}

/// How many check-ins are stored.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    let (count,) = fetch!(fetch_one, (i64,), tx, COUNT)?;
    Ok(count)
}

/// Stores what was measured.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn insert_evidence(tx: &mut Tx, rows: &[&EvidenceRow]) -> Result<(), StoreError> {
    execute_many!(tx, INSERT_EVIDENCE, [], rows, row =>
        row.checkin_id, row.photo.clone(), row.location.clone(), row.place_id);
    Ok(())
}

/// What was measured from a check-in.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn evidence(tx: &mut Tx, id: CheckinId) -> Result<Option<EvidenceRow>, StoreError> {
    Ok(fetch!(fetch_optional, EvidenceRow, tx, EVIDENCE, id)?)
}

/// Stores findings.
///
/// # Errors
/// [`StoreError`] when a statement fails.
pub async fn insert_findings(tx: &mut Tx, rows: &[&FindingRow]) -> Result<(), StoreError> {
    execute_many!(tx, INSERT_FINDING, [], rows, row =>
        row.checkin_id, row.ordinal, row.code.clone(), row.severity, row.flags, row.measured, row.threshold,
        row.unit_of_measure.clone(), row.words_id.clone(), row.words_en.clone());
    Ok(())
}

/// The findings of a check-in, in order.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn findings(tx: &mut Tx, id: CheckinId) -> Result<Vec<FindingRow>, StoreError> {
    Ok(fetch!(fetch_all, FindingRow, tx, FINDINGS, id)?)
}

/// On how many days `from <= day < until` a person's check-ins had each finding of medium severity, without those a
/// reviewer accepted.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn medium_days(
    tx: &mut Tx,
    person_id: PersonId,
    from: WorkDate,
    until: WorkDate,
) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(fetch!(fetch_all, (String, i64), tx, MEDIUM_DAYS, person_id, from, until)?)
}

/// How often a finding came on a day, and what reviewers made of it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct RateRow {
    /// Which finding.
    pub code: String,
    /// Which day.
    pub work_date: WorkDate,
    /// Check-ins with it.
    pub checkins: i64,
    /// Of those, flagged for it.
    pub flagged: i64,
    /// Of those, accepted by a reviewer.
    pub accepted: i64,
    /// Of those, rejected by a reviewer.
    pub rejected: i64,
}

impl RateRow {
    /// The same finding and day, never seen.
    pub fn empty(&self) -> Self {
        Self { checkins: 0, flagged: 0, accepted: 0, rejected: 0, ..self.clone() }
    }

    /// Counts another day in.
    pub fn add(&mut self, other: &Self) {
        self.checkins += other.checkins;
        self.flagged += other.flagged;
        self.accepted += other.accepted;
        self.rejected += other.rejected;
    }
}

/// How often each finding came on each day of a period.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn rates(tx: &mut Tx, from: WorkDate, to: WorkDate) -> Result<Vec<RateRow>, StoreError> {
    Ok(fetch!(fetch_all, RateRow, tx, RATES, from, to, true)?)
}

/// Check-ins of each day of a period.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn per_day(tx: &mut Tx, from: WorkDate, to: WorkDate) -> Result<Vec<(WorkDate, i64)>, StoreError> {
    Ok(fetch!(fetch_all, (WorkDate, i64), tx, PER_DAY, from, to)?)
}
