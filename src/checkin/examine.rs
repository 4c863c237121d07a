//! The look at photos whose check-ins were acknowledged under pressure, in the order in which they came.
//!
//! A row of the queue is written with its check-in and removed with the verdict, each in one transaction: so each photo is
//! examined, and counts, once, whoever is killed meanwhile. No case begins before.

use std::collections::HashSet;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use jiff::tz::TimeZone;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use super::{
    look::{self, Known, Looked},
    positions, record,
    submit::SubmitError,
};
use crate::{
    app::App,
    blobs::BlobKey,
    evidence::photo::inspect::Inspected,
    log,
    model::{
        ids::{CheckinId, PersonId},
        time::{WorkDate, zone_named},
        words::{EntryKind, Slot, Verdict},
    },
    places::vault::{self, POSITION},
    reuse::Subject,
    review::opening::{self, Meaning},
    store::{
        checkins::CheckinRow,
        examinations::{self, ExaminationRow, Settled},
        log_entries, positions as store_positions, presences, recordings, reviews,
    },
    work::WorkError,
};

/// Photos that are taken at once.
const TOGETHER: i64 = 64;
/// For how long they are this replica's, seconds; what it does not manage by then, another one takes.
const HELD_S: i64 = 30;

#[derive(Serialize)]
struct LogRecord<'a> {
    checkin_id: CheckinId,
    rules_version: &'a str,
    verdict: Verdict,
    photo_sha256: String,
    findings: Vec<&'a str>,
}

/// Examines what waits, until there is nothing left, the machine has no time for it or this process stops; says how many that
/// were.
///
/// # Errors
/// [`SubmitError`] when the database fails; what was not finished still waits.
pub async fn examine_waiting(app: &App, stop: &CancellationToken) -> Result<u64, SubmitError> {
    let mut done = 0;
    loop {
        let now = app.now();
        let mut tx = app.store.glance().await?;
        let (waiting, oldest) = examinations::backlog(&mut tx).await?;
        drop(tx);
        let age_s = oldest.map_or(0.0, |oldest| now.seconds_since(oldest));
        app.peak.set_backlog(waiting);
        app.metrics.examinations_waiting.set(waiting);
        app.metrics.examinations_oldest_seconds.set(age_s as i64);
        // Whoever waits for an answer comes first, but not for ever.
        let patient = age_s < app.config.examine_patience_s as f64;
        if waiting == 0 || (patient && app.peak.presses()) || stop.is_cancelled() {
            return Ok(done);
        }
        let mut tx = app.store.write().await?;
        let rows = examinations::take(&mut tx, now.plus_seconds(HELD_S), now, TOGETHER).await?;
        tx.commit().await?;
        if rows.is_empty() {
            return Ok(done);
        }
        // More than are decoded at once: while some are decoded, others are fetched and compared.
        let under_way = 4 * app.work.decodes_at_once();
        let looked: Vec<_> =
            stream::iter(rows).map(async |row| one(app, &row).await).buffered(under_way).collect().await;
        done += finish_all(app, looked.into_iter().flatten().collect()).await;
    }
}

/// A check-in whose photo was examined.
struct Done {
    checkin: CheckinRow,
    known: Known,
    looked: Looked,
    resealed: Option<Vec<u8>>,
}

/// What came of one; nothing when it has to be tried again.
async fn one(app: &App, row: &ExaminationRow) -> Option<Done> {
    examine(app, row).await.unwrap_or_else(|error| {
        tracing::error!(checkin = %row.checkin_id, %error, "a photo was not examined; it is tried again later");
        None
    })
}

async fn examine(app: &App, row: &ExaminationRow) -> Result<Option<Done>, SubmitError> {
    let known: Known = serde_json::from_value(row.known.0.clone())?;
    let mut tx = app.store.glance().await?;
    let (checkin, zone, position) = examinations::subject(&mut tx, row.checkin_id).await?;
    drop(tx);
    let Some(checkin) = checkin else { return Ok(None) };
    let zone = zone.and_then(|zone| zone_named(&zone)).map_or(TimeZone::UTC, |(_, zone)| zone);
    let Some(bytes) = kept(app, &checkin).await? else {
        tracing::error!(checkin = %checkin.id, "a photo that is to be examined is not there as it was kept");
        return Ok(None);
    };
    let mut sealed = position.map(|row| positions::open(app, checkin.id, &row.sealed)).transpose()?;
    let chosen = sealed.as_ref().and_then(|sealed| sealed.chosen);
    let inspected = inspect(app, &bytes).await?;
    let (person_id, work_date, slot) = (checkin.person_id, checkin.work_date, checkin.slot);
    let subject = Subject { person_id, work_date, slot };
    let looked = look::look(app, subject, &zone, &known, chosen, inspected).await?;
    let resealed = match (&mut sealed, looked.inspected.evidence.exif.position) {
        (Some(sealed), Some(camera)) => {
            sealed.camera = Some(camera);
            Some(vault::seal(app, POSITION, checkin.id.0, &*sealed)?)
        }
        _ => None,
    };
    Ok(Some(Done { checkin, known, looked, resealed }))
}

/// Its bytes; none when they are not those that were acknowledged, which others raise an alarm about.
async fn kept(app: &App, checkin: &CheckinRow) -> Result<Option<Bytes>, SubmitError> {
    let Some(key) = BlobKey::parse(&checkin.photo_key) else { return Ok(None) };
    let bytes = app.blobs.get(&key).await?;
    Ok(bytes.filter(|bytes| Sha256::digest(bytes).as_slice() == checkin.photo_sha256))
}

/// As at arrival; but what was acknowledged is refused no more: a person looks at it.
async fn inspect(app: &App, bytes: &Bytes) -> Result<Inspected, SubmitError> {
    match look::examine(app, bytes).await {
        Err(SubmitError::Photo(refused)) => Ok(app.examiner.glance(bytes, refused.to_string())?),
        Err(SubmitError::Work(WorkError::Lost)) => {
            Ok(app.examiner.glance(bytes, "its examination broke off".to_owned())?)
        }
        examined => examined,
    }
}

/// Writes down what came of the examinations, those without consequences together; says how many were written here.
async fn finish_all(app: &App, all: Vec<Done>) -> u64 {
    let mut slots = HashSet::new();
    let (mut quiet, mut apart) = (Vec::new(), Vec::new());
    for mut done in all {
        done.checkin.verdict = done.looked.decided.verdict;
        done.checkin.rules_version = done.looked.decided.rules_version.to_string();
        let meaning = opening::meaning(app, &done.checkin);
        if meaning == Meaning::None && slots.insert(slot(&done.checkin)) {
            quiet.push((done, meaning));
        } else {
            apart.push((done, meaning));
        }
    }
    let mut finished = 0;
    match finish(app, &quiet).await {
        Ok(true) => finished += quiet.len() as u64,
        // One of them stands in the way of the others.
        Ok(false) | Err(_) => apart.append(&mut quiet),
    }
    for one in apart {
        let id = one.0.checkin.id;
        match finish(app, &[one]).await {
            Ok(first) => finished += u64::from(first),
            Err(error) => tracing::error!(checkin = %id, %error, "what a photo shows was not written down"),
        }
    }
    finished
}

fn slot(checkin: &CheckinRow) -> (PersonId, WorkDate, Slot) {
    (checkin.person_id, checkin.work_date, checkin.slot)
}

/// Their verdicts and all that follows from them, once: false when another replica was faster with one of them.
async fn finish(app: &App, all: &[(Done, Meaning)]) -> Result<bool, SubmitError> {
    if all.is_empty() {
        return Ok(true);
    }
    let settled = all.iter().map(|(done, _)| Settled {
        checkin_id: done.checkin.id,
        slot: slot(&done.checkin),
        verdict: done.checkin.verdict,
        rules_version: done.checkin.rules_version.clone(),
    });
    let (mut rows, mut entries) = (Vec::with_capacity(all.len()), Vec::with_capacity(all.len()));
    for (done, _) in all {
        rows.push(record::examined_rows(app, &done.checkin, &done.known, &done.looked)?);
        entries.push(log::entry(EntryKind::PhotoExamined, &log_record(done), app.now(), &app.chance)?.0);
    }
    let mut tx = app.store.write().await?;
    if !examinations::settle(&mut tx, &settled.collect::<Vec<_>>()).await? {
        tx.rollback().await?;
        return Ok(false);
    }
    recordings::write_examined(&mut tx, &rows.iter().collect::<Vec<_>>()).await?;
    log_entries::insert(&mut tx, &entries.iter().collect::<Vec<_>>()).await?;
    let calms = |checkin: &&CheckinRow| checkin.attempt > 1 && checkin.verdict == Verdict::Accepted;
    let calmed: Vec<_> = all.iter().map(|(done, _)| &done.checkin).filter(calms).map(slot).collect();
    reviews::calm(&mut tx, &calmed).await?;
    for (done, meaning) in all {
        if let Some(sealed) = &done.resealed {
            store_positions::seal(&mut tx, done.checkin.id, sealed).await?;
        }
        if *meaning != Meaning::None {
            let day = presences::of_day(&mut tx, done.checkin.person_id, done.checkin.work_date).await?;
            let stands = day.iter().find(|presence| presence.slot == done.checkin.slot);
            let slot_verdict = stands.map_or(done.checkin.verdict, |presence| presence.verdict);
            let decided = &done.looked.decided;
            opening::attempt_recorded(app, &mut tx, &done.checkin, slot_verdict, decided, *meaning).await?;
        }
    }
    tx.commit().await?;
    for ((done, _), rows) in all.iter().zip(&rows) {
        app.reuse.remember(&rows.prints);
        let codes = done.looked.decided.findings.iter().map(|(finding, _)| finding.code.as_str());
        record::count(app, done.checkin.verdict, codes);
    }
    Ok(true)
}

fn log_record(done: &Done) -> LogRecord<'_> {
    LogRecord {
        checkin_id: done.checkin.id,
        rules_version: &done.checkin.rules_version,
        verdict: done.checkin.verdict,
        photo_sha256: hex::encode(&done.checkin.photo_sha256),
        findings: done.looked.decided.findings.iter().map(|(finding, _)| finding.code.as_str()).collect(),
    }
}
