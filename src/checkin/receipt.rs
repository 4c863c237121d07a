//! Receipts: what the phone keeps, readable and signed.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    evidence::finding::Finding,
    keys::Signer,
    model::{
        ids::{CheckinId, EntryId},
        time::{Timestamp, WorkDate},
        words::{Assurance, Severity, Slot, Timing, UnitOfMeasure, Verdict, Words},
    },
    session::access::{self, SigningError},
    store::checkins::FindingRow,
};

/// What kind of token the signature is.
pub const TOKEN_TYPE: &str = "receipt+jws";
/// Letters of a receipt's number: Crockford's, which cannot be misread.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What a phone is answered, and answered again word by word when it asks again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SignedReceipt {
    /// What was recorded.
    pub receipt: Receipt,
    /// What was found, in words and numbers.
    pub findings: Vec<FindingView>,
    /// The same receipt as a JWS (EdDSA); any JOSE library verifies it with the public key under `/api/v1/keys`.
    #[schema(example = "eyJ0eXAiOiJyZWNlaXB0K2p3cyIsImFsZyI6IkVkRFNBIn0.eyJudW1iZXIiOiIuLi4ifQ.c2lnbmF0dXJl")]
    pub signature: String,
}

/// What was recorded of a check-in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// A short number to say on the telephone.
    #[schema(example = "20261123-M-7F3K9Q2A")]
    pub number: String,
    /// The check-in's id, as the phone made it.
    pub checkin_id: CheckinId,
    /// What it answers.
    pub slot: Slot,
    /// The day it counts for, in the unit's zone.
    pub work_date: WorkDate,
    /// Which answer to this slot it is.
    #[schema(minimum = 1, example = 1)]
    pub attempt: i64,
    /// Server time; this is the presence time.
    pub received_at: Timestamp,
    /// On time, late inside the grace, or delivered late.
    pub timing: Timing,
    /// What vouches for the phone it came from.
    #[serde(default = "session_only")]
    pub assurance: Assurance,
    /// What policy made of this attempt.
    pub verdict: Verdict,
    /// The best verdict of all attempts of this slot so far.
    pub slot_verdict: Verdict,
    /// SHA-256 of the photo as it arrived.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub photo_sha256: String,
    /// Bytes of the photo.
    #[schema(example = 184_320)]
    pub photo_bytes: i64,
    /// Which rules decided.
    #[schema(example = "2026-11.1")]
    pub rules_version: String,
    /// Its entry in the log.
    pub log_entry_id: EntryId,
    /// What the log commits to.
    #[schema(example = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae")]
    pub log_entry_sha256: String,
    /// In one sentence.
    pub words: Words,
}

/// Receipts from before there were device keys say nothing of them.
fn session_only() -> Assurance {
    Assurance::Session
}

/// A finding as people and programs read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FindingView {
    /// Stable code.
    #[schema(example = "location.outside")]
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// Whether it is a reason for the flag.
    pub flags: bool,
    /// The measured value.
    #[schema(example = 212.4)]
    pub measured: Option<f64>,
    /// What it was compared with.
    #[schema(example = 46.2)]
    pub threshold: Option<f64>,
    /// Unit of both.
    #[schema(example = "m")]
    pub unit: Option<String>,
    /// In words.
    pub words: Words,
}

impl FindingView {
    /// Of a fresh finding.
    pub fn new(finding: &Finding, flags: bool) -> Self {
        Self {
            code: finding.code.as_str().to_owned(),
            severity: finding.severity,
            flags,
            measured: finding.measure.map(|measure| round(measure.measured, measure.unit)),
            threshold: finding.measure.map(|measure| round(measure.threshold, measure.unit)),
            unit: finding.measure.map(|measure| measure.unit.as_str().to_owned()),
            words: finding.words.clone(),
        }
    }

    /// As it is stored.
    pub fn to_row(&self, checkin_id: CheckinId, ordinal: i64) -> FindingRow {
        FindingRow {
            checkin_id,
            ordinal,
            code: self.code.clone(),
            severity: self.severity,
            flags: self.flags,
            measured: self.measured,
            threshold: self.threshold,
            unit_of_measure: self.unit.clone(),
            words_id: self.words.id.clone(),
            words_en: self.words.en.clone(),
        }
    }

    /// Of a stored finding.
    pub fn from_row(row: FindingRow) -> Self {
        Self {
            code: row.code,
            severity: row.severity,
            flags: row.flags,
            measured: row.measured,
            threshold: row.threshold,
            unit: row.unit_of_measure,
            words: Words::new(row.words_id, row.words_en),
        }
    }
}

/// Numbers for people: whole metres, because finer ones would only help to find a home from several readings, and three
/// decimals for the rest.
fn round(value: f64, unit: UnitOfMeasure) -> f64 {
    let scale = if unit == UnitOfMeasure::Metres { 1.0 } else { 1000.0 };
    (value * scale).round() / scale
}

/// A short number from the date, the slot and the random part of the id.
pub fn number(id: CheckinId, work_date: WorkDate, slot: Slot) -> String {
    let letters = letters(id.0.as_u128(), 8);
    let slot = match slot {
        Slot::Morning => 'M',
        Slot::Evening => 'E',
        Slot::Spot => 'S',
    };
    format!("{}-{slot}-{letters}", work_date.0.strftime("%Y%m%d"))
}

/// The last bits of a number, five a letter.
pub(super) fn letters(number: u128, count: u32) -> String {
    (0..count).rev().map(|place| char::from(LETTERS[(number >> (place * 5) & 31) as usize])).collect()
}

/// Signs a receipt.
///
/// # Errors
/// [`SigningError`] when the library refuses.
pub fn sign(signer: &Signer, receipt: Receipt, findings: Vec<FindingView>) -> Result<SignedReceipt, SigningError> {
    let signature = access::sign(signer, TOKEN_TYPE, &receipt)?;
    Ok(SignedReceipt { receipt, findings, signature })
}

/// The one sentence of a receipt, in local time.
pub fn words(slot: Slot, received_at: Timestamp, zone: &TimeZone, timing: Timing, verdict: Verdict) -> Words {
    let slot = slot.words();
    let clock_time = format!("{} {}", received_at.clock_time_in(zone), received_at.zone_letters_in(zone));
    let (waktu, time) = match timing {
        Timing::OnTime => ("", ""),
        Timing::Late => (", terlambat dalam toleransi", ", late inside the grace"),
        Timing::DeliveredLate => (", terkirim setelah jendela ditutup", ", delivered after the window"),
    };
    let (hasil, result) = match verdict {
        Verdict::Accepted => ("diterima", "accepted"),
        Verdict::Examining => ("tersimpan, fotonya sedang diperiksa", "saved, its photo is being examined"),
        Verdict::Flagged => ("tersimpan dan akan dilihat atasan", "saved and to be seen by your supervisor"),
    };
    Words::new(
        format!("Presensi {} pukul {clock_time}{waktu}: {hasil}.", slot.id),
        format!("The {} check-in at {clock_time}{time}: {result}.", slot.en),
    )
}
