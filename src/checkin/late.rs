//! The search that runs after the acknowledgement: everybody's photos and fixes, once all that came before is committed.
//!
//! A receipt stays what it is. What is found now is added to the findings, goes into the log, and opens the case that
//! it would have opened then.

use futures_util::future::join_all;
use serde::Serialize;

use super::{positions, receipt::FindingView};
use crate::{
    app::App,
    evidence::{
        finding::Code,
        location::trust,
        photo::{
            fingerprint::Kept,
            reuse::{self, Search},
        },
    },
    log::{self, LogError},
    model::{
        ids::CheckinId,
        time::Timestamp,
        words::{EntryKind, Verdict},
    },
    policy::{self, EarlierDays},
    reuse::{Subject, searcher::Found},
    review::{self, opening::Meaning},
    store::{
        StoreError, Tx, checkins,
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
    /// The check-ins whose pictures are alike.
    copies: Vec<CheckinId>,
}

/// Compares every photo that waits for it with everybody's; says how many that were.
///
/// # Errors
/// [`LateError`]; what was not finished still waits. A photo that fails keeps nobody behind it waiting.
pub async fn search_waiting(app: &App) -> Result<u64, LateError> {
    let (mut done, mut point) = (0, (Timestamp::from_microsecond(0), CheckinId::from_bytes([0; 16])));
    // What is settled now has everything before it in memory after this.
    let settled = app.now().plus_seconds(-app.config.reuse_settle_s);
    app.reuse.catch_up(&app.store, app.now()).await?;
    loop {
        let mut tx = app.store.read().await?;
        let waiting = fingerprints::waiting(&mut tx, point, settled, TOGETHER).await?;
        let Some(last) = waiting.last().map(|row| (row.recorded_at, row.checkin_id)) else { return Ok(done) };
        let shared = fingerprints::shared(&mut tx, point, last).await?;
        drop(tx);
        point = last;
        done += search_all(app, &waiting, &shared).await?;
    }
}

/// Searches these photos in one pass and records what came of it; of those that are `shared` the database knows that they
/// are like others.
async fn search_all(app: &App, waiting: &[PrintsRow], shared: &[CheckinId]) -> Result<u64, LateError> {
    let found = join_all(waiting.iter().map(|row| everybody(app, row))).await;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    let mut tx = app.store.read().await?;
    for (row, found) in waiting.iter().zip(found) {
        let found = found?;
        if found.as_ref().is_none_or(|found| found.hits.is_empty()) && !shared.contains(&row.checkin_id) {
            without.push(row.checkin_id);
            continue;
        }
        let search = search(app, &mut tx, row, found).await?;
        let same_fix = positions::same_fix_of_others(&mut tx, row.checkin_id).await?;
        let something = same_fix > 0 || search.found.iter().any(|found| !found.own);
        if something { with.push((row, search, same_fix)) } else { without.push(row.checkin_id) }
    }
    drop(tx);
    let mut done = without.len() as u64;
    if !without.is_empty() {
        let mut tx = app.store.write().await?;
        fingerprints::searched_all(&mut tx, &without, app.now()).await?;
        tx.commit().await?;
    }
    for (row, search, same_fix) in with {
        match add(app, row, &search, same_fix).await {
            Ok(()) => done += 1,
            Err(error) => tracing::error!(checkin = %row.checkin_id, %error, "what a search found was not recorded"),
        }
    }
    Ok(done)
}

/// What there is in memory; nothing to compare is nothing found.
async fn everybody(app: &App, row: &PrintsRow) -> Result<Option<Found>, LateError> {
    let Some(kept) = row.prints.as_deref().and_then(Kept::from_bytes) else { return Ok(None) };
    let found = app.reuse.everybody(row.person_id, kept.whole(), row.recorded_at).await;
    found.map(Some).ok_or(LateError::NotSearched)
}

async fn search(app: &App, tx: &mut Tx, row: &PrintsRow, found: Option<Found>) -> Result<Search, LateError> {
    let subject = Subject { person_id: row.person_id, work_date: row.work_date, slot: row.slot };
    let content: [u8; 32] = row.content_sha256.as_slice().try_into().unwrap_or_default();
    let mut search = app.reuse.same_data(tx, subject, &content, row.recorded_at, None).await?;
    if let Some(found) = found {
        app.reuse.add(tx, row.person_id, &found, &mut search).await?;
    }
    Ok(search)
}

/// Adds what the check-in did not know of other people's photos and fixes.
async fn add(app: &App, row: &PrintsRow, search: &Search, same_fix: usize) -> Result<(), LateError> {
    let mut tx = app.store.write().await?;
    // Another replica that searches the same photo waits here, and then finds what is known already.
    fingerprints::searched(&mut tx, row.checkin_id, app.now()).await?;
    let known = checkins::findings(&mut tx, row.checkin_id).await?;
    let late = |code: Code| matches!(code, Code::PhotoOfAnother | Code::PositionSameFix);
    let fresh = |code: Code| late(code) && known.iter().all(|found| found.code != code.as_str());
    let all = reuse::findings(search).into_iter().chain(trust::same_fix(same_fix));
    let found: Vec<_> = all.filter(|finding| fresh(finding.code)).collect();
    let Some(mut checkin) = checkins::by_id(&mut tx, row.checkin_id).await?.filter(|_| !found.is_empty()) else {
        tx.commit().await?;
        return Ok(());
    };
    let decided = policy::decide(&app.rules, found, &EarlierDays::default());
    let next = known.last().map_or(0, |last| last.ordinal + 1);
    let views = decided.findings.iter().zip(next..);
    let rows: Vec<_> = views
        .map(|((finding, flags), ordinal)| FindingView::new(finding, *flags).to_row(row.checkin_id, ordinal))
        .collect();
    checkins::insert_findings(&mut tx, &rows.iter().collect::<Vec<_>>()).await?;
    if decided.verdict == Verdict::Flagged {
        checkin.verdict = Verdict::Flagged;
        presences::doubt(&mut tx, row.person_id, row.work_date, row.slot, row.checkin_id).await?;
        let day = presences::of_day(&mut tx, row.person_id, row.work_date).await?;
        let slot_verdict = day.iter().find(|presence| presence.slot == row.slot).map(|presence| presence.verdict);
        let slot_verdict = slot_verdict.unwrap_or(Verdict::Flagged);
        review::opening::attempt_recorded(app, &mut tx, &checkin, slot_verdict, &decided, Meaning::Flagged).await?;
    }
    let record = LogRecord {
        checkin_id: row.checkin_id,
        rules_version: &decided.rules_version,
        verdict: decided.verdict,
        findings: decided.findings.iter().map(|(finding, _)| finding.code.as_str()).collect(),
        copies: search.found.iter().map(|found| found.checkin_id).collect(),
    };
    log::append(&mut tx, EntryKind::FindingAdded, &record, app.now(), &app.chance).await?;
    tx.commit().await?;
    for (finding, _) in &decided.findings {
        app.metrics.findings.get_or_create(&CodeLabel { code: finding.code.as_str().to_owned() }).inc();
    }
    tracing::info!(checkin = %row.checkin_id, "a search after the acknowledgement found something");
    Ok(())
}
