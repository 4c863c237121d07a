//! The one short transaction: check-in, evidence, findings, presence, review, log entry.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    challenge, positions,
    receipt::{self, FindingView, Receipt},
    submit::{Examined, SubmitError},
};
use crate::{
    app::App,
    log,
    model::{
        ids::{CheckinId, DeviceId, PersonId, UnitId},
        time::{Timestamp, WorkDate},
        words::{Assurance, EntryKind, Slot, Timing, Verdict},
    },
    review,
    session::SignedIn,
    store::{
        Json, Tx,
        checkins::{self, CheckinRow, EvidenceRow},
        fingerprints::{self, PrintsRow},
        positions as store_positions,
        presences::{self, Attempt},
    },
    telemetry::CodeLabel,
};

/// What came of it.
pub(super) enum Recorded {
    /// Stored; this is the receipt.
    New(String),
    /// Somebody was faster; this is the error unless it was a copy of the same request.
    Conflict(SubmitError),
}

/// What the log commits to. Hashes of what was sent stand for it, so that an erasure leaves the entry provable.
#[derive(Serialize)]
struct LogRecord<'a> {
    checkin_id: CheckinId,
    person_id: PersonId,
    unit_id: UnitId,
    slot: Slot,
    work_date: WorkDate,
    attempt: i64,
    received_at: Timestamp,
    timing: Timing,
    verdict: Verdict,
    rules_version: &'a str,
    photo_sha256: String,
    /// Of the phone's own words; the entry's salt keeps them from being guessed back.
    request_sha256: String,
    assurance: Assurance,
    device_id: Option<DeviceId>,
    findings: Vec<&'a str>,
}

pub(super) async fn record(app: &App, person: &SignedIn, examined: &Examined) -> Result<Recorded, SubmitError> {
    let Examined { upload, slot, window, timing, decided, .. } = examined;
    let (slot, timing, id, received_at) = (*slot, *timing, upload.draft.id, upload.received_at);
    let (person_id, unit_id, work_date) = (person.actor.person_id, person.unit_id, window.work_date);
    let findings: Vec<FindingView> =
        decided.findings.iter().map(|(finding, flags)| FindingView::new(finding, *flags)).collect();
    let verdict = decided.verdict;
    let position = positions::row(app, person_id, examined)?;

    let mut tx = app.store.write().await?;
    let attempt = Attempt { person_id, unit_id, work_date, slot, verdict, timing, received_at, checkin_id: id };
    let limit = app.config.slot_attempts_max;
    // Locks the slot: further attempts of it wait here until this one is decided.
    let Some((attempt, slot_verdict)) = presences::record(&mut tx, &attempt, limit).await? else {
        tx.rollback().await?;
        return Ok(Recorded::Conflict(SubmitError::AttemptsExhausted { limit }));
    };
    let log_record = log_record(person, examined, attempt, &findings);
    let entry = log::append(&mut tx, EntryKind::Checkin, &log_record, app.now(), &app.chance).await?;
    let receipt = Receipt {
        number: receipt::number(id, work_date, slot),
        checkin_id: id,
        slot,
        work_date,
        attempt,
        received_at,
        timing,
        assurance: examined.assured.tier,
        verdict,
        slot_verdict,
        photo_sha256: hex::encode(upload.sha256),
        photo_bytes: i64::try_from(upload.photo.len()).unwrap_or(i64::MAX),
        rules_version: decided.rules_version.to_string(),
        log_entry_id: entry.id,
        log_entry_sha256: hex::encode(entry.sha256),
        words: receipt::words(slot, received_at, &person.zone, timing, verdict),
    };
    let signed = receipt::sign(&app.keys.receipts, receipt, findings)?;
    let row = checkin_row(person, examined, &signed)?;
    if !checkins::insert(&mut tx, &row).await? {
        tx.rollback().await?;
        return Ok(Recorded::Conflict(SubmitError::IdTaken));
    }
    if let Some(token) = &upload.draft.challenge
        && !challenge::spend(&mut tx, token, id, person_id, slot, received_at).await?
    {
        tx.rollback().await?;
        return Ok(Recorded::Conflict(challenge::Refused::Spent.into()));
    }
    store_evidence(&mut tx, examined, &signed.findings).await?;
    store_positions::insert(&mut tx, &position).await?;
    let prints = prints_row(app, person, examined);
    fingerprints::insert(&mut tx, &prints).await?;
    review::opening::attempt_recorded(app, &mut tx, &row, slot_verdict, decided).await?;
    tx.commit().await?;
    app.reuse.remember(&prints);
    count(app, verdict, &signed.findings);
    Ok(Recorded::New(row.receipt))
}

fn log_record<'a>(
    person: &SignedIn,
    examined: &'a Examined,
    attempt: i64,
    findings: &'a [FindingView],
) -> LogRecord<'a> {
    LogRecord {
        checkin_id: examined.upload.draft.id,
        person_id: person.actor.person_id,
        unit_id: person.unit_id,
        slot: examined.slot,
        work_date: examined.window.work_date,
        attempt,
        received_at: examined.upload.received_at,
        timing: examined.timing,
        verdict: examined.decided.verdict,
        rules_version: &examined.decided.rules_version,
        photo_sha256: hex::encode(examined.upload.sha256),
        request_sha256: hex::encode(Sha256::digest(examined.upload.request.as_bytes())),
        assurance: examined.assured.tier,
        device_id: examined.assured.device_id,
        findings: findings.iter().map(|finding| finding.code.as_str()).collect(),
    }
}

fn checkin_row(
    person: &SignedIn,
    examined: &Examined,
    signed: &receipt::SignedReceipt,
) -> Result<CheckinRow, SubmitError> {
    let receipt = &signed.receipt;
    Ok(CheckinRow {
        id: receipt.checkin_id,
        person_id: person.actor.person_id,
        unit_id: person.unit_id,
        slot: receipt.slot,
        work_date: receipt.work_date,
        attempt: receipt.attempt,
        received_at: receipt.received_at,
        timing: receipt.timing,
        verdict: receipt.verdict,
        rules_version: receipt.rules_version.clone(),
        photo_sha256: examined.upload.sha256.to_vec(),
        photo_bytes: receipt.photo_bytes,
        photo_type: examined.inspected.evidence.header.format.media_type().to_owned(),
        photo_key: examined.key.to_string(),
        receipt: serde_json::to_string(signed)?,
        entry_id: receipt.log_entry_id,
        assurance: receipt.assurance,
        device_id: examined.assured.device_id,
        captured_at: examined.capture_time.told.then_some(examined.capture_time.at),
        photo_source: examined.upload.draft.photo_source,
        photo_code: examined.upload.draft.challenge.as_deref().map(challenge::code),
    })
}

/// A search that ran before the answer saw everything but what is being committed at this moment. So it is always done
/// once more, when that has settled.
fn prints_row(app: &App, person: &SignedIn, examined: &Examined) -> PrintsRow {
    PrintsRow {
        checkin_id: examined.upload.draft.id,
        person_id: person.actor.person_id,
        work_date: examined.window.work_date,
        slot: examined.slot,
        recorded_at: app.now(),
        content_sha256: examined.inspected.evidence.content_sha256.to_vec(),
        prints: examined.inspected.fingerprints.map(|prints| prints.kept().to_bytes().to_vec()),
        searched_at: None,
    }
}

async fn store_evidence(tx: &mut Tx, examined: &Examined, findings: &[FindingView]) -> Result<(), SubmitError> {
    let checkin_id = examined.upload.draft.id;
    let evidence = EvidenceRow {
        checkin_id,
        photo: Json(photo_evidence(examined)?),
        location: Json(serde_json::to_value(&examined.location)?),
        place_id: examined.location.judged.as_ref().map(|judged| judged.best.place_id),
    };
    checkins::insert_evidence(tx, &evidence).await?;
    for (ordinal, finding) in (0_i64..).zip(findings) {
        checkins::insert_finding(tx, &finding.to_row(checkin_id, ordinal)).await?;
    }
    Ok(())
}

fn photo_evidence(examined: &Examined) -> Result<serde_json::Value, SubmitError> {
    let mut value = serde_json::to_value(&examined.inspected.evidence)?;
    // Where the camera was is kept under seal.
    value["exif"]["position"] = serde_json::Value::Null;
    value["copies"] = serde_json::to_value(&examined.copies)?;
    Ok(value)
}

fn count(app: &App, verdict: Verdict, findings: &[FindingView]) {
    app.metrics.checkins.get_or_create(&CodeLabel { code: verdict.to_string() }).inc();
    for finding in findings {
        app.metrics.findings.get_or_create(&CodeLabel { code: finding.code.clone() }).inc();
    }
}
