//! The one short transaction: check-in, evidence, findings, presence, review, log entry.
//!
//! All rows are made before it begins, as of the attempts the slot had then; when another attempt was faster, they are made
//! anew. So nothing but writing happens while others wait for their turn to write.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    challenge,
    look::{Known, Looked},
    positions,
    receipt::{self, FindingView, Receipt, SignedReceipt},
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
    policy::Decided,
    review::opening::{self, Meaning},
    session::SignedIn,
    store::{
        Json, StoreError,
        checkins::{CheckinRow, EvidenceRow},
        examinations::ExaminationRow,
        fingerprints::PrintsRow,
        positions::PositionRow,
        presences::{self, Attempt},
        recordings::{self, ExaminedRows, Outcome, Photo, Recording},
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
    let limit = app.config.slot_attempts_max;
    let position = positions::row(app, person.actor.person_id, examined)?;
    let mut standing = examined.standing.as_ref().map(|presence| (presence.attempts, presence.verdict));
    loop {
        if standing.is_some_and(|(attempts, _)| attempts >= limit) {
            return Ok(Recorded::Conflict(SubmitError::AttemptsExhausted { limit }));
        }
        let (recording, receipt) = prepare(app, person, examined, standing, position.clone())?;
        let checkin = recording.checkin.clone();
        let prints = match &recording.photo {
            Photo::Examined(rows) => Some(rows.prints.clone()),
            Photo::Waits(_) => None,
        };
        let decided = examined.looked.as_ref().map(|looked| &looked.decided);
        match write(app, recording, receipt.receipt.slot_verdict, decided).await? {
            Outcome::Recorded => {
                match prints {
                    Some(prints) => app.reuse.remember(&prints),
                    None => app.peak.deferred(),
                }
                count(app, checkin.verdict, receipt.findings.iter().map(|finding| finding.code.as_str()));
                return Ok(Recorded::New(checkin.receipt));
            }
            // Another attempt was faster: this one is the next after it.
            Outcome::Stale => standing = stands(app, &checkin).await?,
            Outcome::IdTaken => return Ok(Recorded::Conflict(SubmitError::IdTaken)),
            Outcome::ChallengeSpent => return Ok(Recorded::Conflict(challenge::Refused::Spent.into())),
        }
    }
}

/// What nobody has to look at is written together with whatever else comes now; a case begins with its attempt.
async fn write(
    app: &App,
    recording: Recording,
    slot_verdict: Verdict,
    decided: Option<&Decided>,
) -> Result<Outcome, StoreError> {
    let meaning = decided.map(|decided| (decided, opening::meaning(app, &recording.checkin)));
    let Some((decided, meaning)) = meaning.filter(|(_, meaning)| *meaning != Meaning::None) else {
        return app.recorder.record(&app.store, recording).await;
    };
    let mut tx = app.store.write().await?;
    let outcome = recordings::write(&mut tx, &[&recording]).await?;
    if outcome == Outcome::Recorded {
        opening::attempt_recorded(app, &mut tx, &recording.checkin, slot_verdict, decided, meaning).await?;
        tx.commit().await?;
    } else {
        tx.rollback().await?;
    }
    Ok(outcome)
}

/// Attempts and verdict of the slot now.
async fn stands(app: &App, checkin: &CheckinRow) -> Result<Option<(i64, Verdict)>, StoreError> {
    let mut tx = app.store.glance().await?;
    let day = presences::of_day(&mut tx, checkin.person_id, checkin.work_date).await?;
    Ok(day.iter().find(|presence| presence.slot == checkin.slot).map(|presence| (presence.attempts, presence.verdict)))
}

/// All rows of the check-in as the next attempt of its slot, with the receipt.
fn prepare(
    app: &App,
    person: &SignedIn,
    examined: &Examined,
    standing: Option<(i64, Verdict)>,
    position: PositionRow,
) -> Result<(Recording, SignedReceipt), SubmitError> {
    let Examined { upload, slot, window, timing, looked, .. } = examined;
    let (slot, timing, id, received_at) = (*slot, *timing, upload.draft.id, upload.received_at);
    let (person_id, unit_id, work_date) = (person.actor.person_id, person.unit_id, window.work_date);
    let findings = looked.as_ref().map_or_else(Vec::new, |looked| views(&looked.decided));
    let verdict = looked.as_ref().map_or(Verdict::Examining, |looked| looked.decided.verdict);
    let number = standing.map_or(1, |(attempts, _)| attempts + 1);
    let log_record = log_record(app, person, examined, (number, verdict), &findings);
    let (entry, appended) = log::entry(EntryKind::Checkin, &log_record, app.now(), &app.chance)?;
    let receipt = Receipt {
        number: receipt::number(id, work_date, slot),
        checkin_id: id,
        slot,
        work_date,
        attempt: number,
        received_at,
        timing,
        assurance: examined.assured.tier,
        verdict,
        slot_verdict: standing.map_or(verdict, |(_, so_far)| so_far.min(verdict)),
        photo_sha256: hex::encode(upload.sha256),
        photo_bytes: i64::try_from(upload.photo.len()).unwrap_or(i64::MAX),
        rules_version: app.rules.version.to_string(),
        log_entry_id: appended.id,
        log_entry_sha256: hex::encode(appended.sha256),
        words: receipt::words(slot, received_at, &person.zone, timing, verdict),
    };
    let signed = receipt::sign(&app.keys.receipts, receipt, findings)?;
    let row = checkin_row(person, examined, &signed)?;
    let recording = Recording {
        attempt: Attempt { person_id, unit_id, work_date, slot, verdict, timing, received_at, checkin_id: id, number },
        entry,
        photo: photo(app, examined, &row)?,
        checkin: row,
        challenge: upload.draft.challenge.as_deref().map(challenge::hash),
        position,
    };
    Ok((recording, signed))
}

/// What came of the look at the photo, or what is needed for it later.
fn photo(app: &App, examined: &Examined, row: &CheckinRow) -> Result<Photo, SubmitError> {
    Ok(match &examined.looked {
        Some(looked) => Photo::Examined(Box::new(examined_rows(app, row, &examined.known, looked)?)),
        None => Photo::Waits(ExaminationRow {
            checkin_id: row.id,
            queued_at: row.received_at,
            known: Json(serde_json::to_value(&examined.known)?),
            held_until: row.received_at,
        }),
    })
}

/// What came of the look at a check-in's photo, as rows.
pub(super) fn examined_rows(
    app: &App,
    checkin: &CheckinRow,
    known: &Known,
    looked: &Looked,
) -> Result<ExaminedRows, SubmitError> {
    let findings = views(&looked.decided);
    Ok(ExaminedRows {
        evidence: EvidenceRow {
            checkin_id: checkin.id,
            photo: Json(photo_evidence(looked)?),
            location: Json(serde_json::to_value(&known.location)?),
            place_id: known.location.judged.as_ref().map(|judged| judged.best.place_id),
        },
        findings: (0_i64..).zip(&findings).map(|(ordinal, finding)| finding.to_row(checkin.id, ordinal)).collect(),
        prints: prints_row(app, checkin, looked),
    })
}

fn views(decided: &Decided) -> Vec<FindingView> {
    decided.findings.iter().map(|(finding, flags)| FindingView::new(finding, *flags)).collect()
}

fn log_record<'a>(
    app: &'a App,
    person: &SignedIn,
    examined: &'a Examined,
    (attempt, verdict): (i64, Verdict),
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
        verdict,
        rules_version: &app.rules.version,
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
        photo_type: examined.media_type.to_owned(),
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
fn prints_row(app: &App, checkin: &CheckinRow, looked: &Looked) -> PrintsRow {
    PrintsRow {
        checkin_id: checkin.id,
        person_id: checkin.person_id,
        work_date: checkin.work_date,
        slot: checkin.slot,
        recorded_at: app.now(),
        content_sha256: looked.inspected.evidence.content_sha256.to_vec(),
        prints: looked.inspected.fingerprints.map(|prints| prints.kept().to_bytes().to_vec()),
        searched_at: None,
    }
}

fn photo_evidence(looked: &Looked) -> Result<serde_json::Value, SubmitError> {
    let mut value = serde_json::to_value(&looked.inspected.evidence)?;
    // Where the camera was is kept under seal.
    value["exif"]["position"] = serde_json::Value::Null;
    value["copies"] = serde_json::to_value(&looked.copies)?;
    Ok(value)
}

/// Counts a verdict and what was found; what is still examined is counted then.
pub(super) fn count<'a>(app: &App, verdict: Verdict, codes: impl Iterator<Item = &'a str>) {
    app.metrics.checkins.get_or_create(&CodeLabel { code: verdict.to_string() }).inc();
    for code in codes {
        app.metrics.findings.get_or_create(&CodeLabel { code: code.to_owned() }).inc();
    }
}
