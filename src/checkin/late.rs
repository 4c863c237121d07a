//! The search that runs after the acknowledgement: everybody's photos, once all that came before is committed.
//!
//! A receipt stays what it is. What is found now is added to the findings, goes into the log, and opens the case that
//! it would have opened then.

use futures_util::future::join_all;
use serde::Serialize;

use super::receipt::FindingView;
use crate::{
    app::App,
    evidence::{
        finding::Code,
        photo::{
            fingerprint::Kept,
            reuse::{self, Search},
        },
    },
    log::{self, LogError},
    model::{
        ids::CheckinId,
        words::{EntryKind, Verdict},
    },
    policy,
    reuse::Subject,
    review,
    store::{
        StoreError, checkins,
        fingerprints::{self, PrintsRow},
        presences,
    },
    telemetry::CodeLabel,
};

/// Photos that are searched in one pass.
const TOGETHER: i64 = 32;

/// Why a search was not finished.
#[derive(Debug, thiserror::Error)]
pub enum LateError {
    /// The thread that searches is gone.
    #[error("the photos in memory could not be searched")]
    NotSearched,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Something could not be written as JSON.
    #[error(transparent)]
    Encoding(#[from] serde_json::Error),
}

#[derive(Serialize)]
struct LogRecord<'a> {
    checkin_id: CheckinId,
    rules_version: &'a str,
    verdict: Verdict,
    findings: Vec<&'a str>,
}

/// Compares every photo that waits for it with everybody's; says how many that were.
///
/// # Errors
/// [`LateError`]; what was not finished still waits.
pub async fn search_waiting(app: &App) -> Result<u64, LateError> {
    let mut done = 0;
    loop {
        app.reuse.catch_up(&app.store).await?;
        let settled = app.now().plus_seconds(-app.config.reuse_settle_s);
        let mut tx = app.store.read().await?;
        let waiting = fingerprints::waiting(&mut tx, settled, TOGETHER).await?;
        tx.rollback().await?;
        if waiting.is_empty() {
            return Ok(done);
        }
        done += waiting.len() as u64;
        let searches = join_all(waiting.iter().map(|row| search(app, row))).await;
        let mut without = Vec::new();
        for (row, search) in waiting.iter().zip(searches) {
            let search = search?;
            if search.found.iter().any(|found| !found.own) {
                add(app, row, &search).await?;
            } else {
                without.push(row.checkin_id);
            }
        }
        let mut tx = app.store.write().await?;
        for id in without {
            fingerprints::searched(&mut tx, id, app.now()).await?;
        }
        tx.commit().await?;
    }
}

async fn search(app: &App, row: &PrintsRow) -> Result<Search, LateError> {
    let everybody = match row.prints.as_deref().and_then(Kept::from_bytes) {
        Some(kept) => Some(app.reuse.everybody(row.person_id, kept.whole()).await.ok_or(LateError::NotSearched)?),
        None => None,
    };
    let subject = Subject { person_id: row.person_id, work_date: row.work_date, slot: row.slot };
    let content: [u8; 32] = row.content_sha256.as_slice().try_into().unwrap_or_default();
    let mut tx = app.store.read().await?;
    let mut search = app.reuse.same_data(&mut tx, subject, &content, None).await?;
    if let Some(found) = everybody {
        app.reuse.add(&mut tx, row.person_id, &found, &mut search).await?;
    }
    tx.rollback().await?;
    Ok(search)
}

/// Adds what the check-in did not know of another person's photo.
async fn add(app: &App, row: &PrintsRow, search: &Search) -> Result<(), LateError> {
    let mut tx = app.store.write().await?;
    if !fingerprints::searched(&mut tx, row.checkin_id, app.now()).await? {
        return Ok(());
    }
    let known = checkins::findings(&mut tx, row.checkin_id).await?;
    let fresh = |code: Code| code == Code::PhotoOfAnother && known.iter().all(|found| found.code != code.as_str());
    let found: Vec<_> = reuse::findings(search).into_iter().filter(|finding| fresh(finding.code)).collect();
    let Some(mut checkin) = checkins::by_id(&mut tx, row.checkin_id).await?.filter(|_| !found.is_empty()) else {
        tx.commit().await?;
        return Ok(());
    };
    let decided = policy::decide(&app.rules, found);
    let next = known.last().map_or(0, |last| last.ordinal + 1);
    for ((finding, flags), ordinal) in decided.findings.iter().zip(next..) {
        let view = FindingView::new(finding, *flags);
        checkins::insert_finding(&mut tx, &view.to_row(row.checkin_id, ordinal)).await?;
    }
    if decided.verdict == Verdict::Flagged {
        checkin.verdict = Verdict::Flagged;
        presences::doubt(&mut tx, row.person_id, row.work_date, row.slot, row.checkin_id).await?;
        let day = presences::of_day(&mut tx, row.person_id, row.work_date).await?;
        let slot_verdict = day.iter().find(|presence| presence.slot == row.slot).map(|presence| presence.verdict);
        let slot_verdict = slot_verdict.unwrap_or(Verdict::Flagged);
        review::attempt_recorded(app, &mut tx, &checkin, slot_verdict, &decided).await?;
    }
    let record = LogRecord {
        checkin_id: row.checkin_id,
        rules_version: decided.rules_version,
        verdict: decided.verdict,
        findings: decided.findings.iter().map(|(finding, _)| finding.code.as_str()).collect(),
    };
    log::append(&mut tx, EntryKind::FindingAdded, &record, app.now(), &app.chance).await?;
    tx.commit().await?;
    for (finding, _) in &decided.findings {
        app.metrics.findings.get_or_create(&CodeLabel { code: finding.code.as_str().to_owned() }).inc();
    }
    tracing::info!(checkin = %row.checkin_id, "a search after the acknowledgement found a copy");
    Ok(())
}
