//! The look at a check-in's photo, and what follows from it together with all that was known before: at once, or after the
//! acknowledgement (`examine.rs`). Both go this way, so both come to the same.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{copies, positions, submit::SubmitError};
use crate::{
    app::App,
    evidence::{
        finding::Finding,
        location::{assess::LocationEvidence, fix::Fix},
        photo::{self, inspect::Inspected, remarks::Circumstances, reuse::Search},
    },
    model::time::Timestamp,
    policy::{self, Decided, EarlierDays},
    reuse::Subject,
};

/// What was known before the photo was looked at; without coordinates, so it may be kept as it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Known {
    /// When it was captured, by the server's clock.
    pub captured_at: Timestamp,
    /// Where it was made.
    pub location: LocationEvidence,
    /// What was found about that.
    pub about_place: Vec<Finding>,
    /// What was found about its times and the phone.
    pub about_time: Vec<Finding>,
}

/// What came of the look.
pub(super) struct Looked {
    pub inspected: Inspected,
    pub copies: Search,
    pub decided: Decided,
}

/// Compares an examined photo with what is known and with what is kept, and decides.
///
/// # Errors
/// [`SubmitError`] when the database fails.
pub(super) async fn look(
    app: &App,
    subject: Subject,
    zone: &TimeZone,
    known: &Known,
    chosen: Option<Fix>,
    inspected: Inspected,
) -> Result<Looked, SubmitError> {
    let circumstances =
        Circumstances { received_at: known.captured_at, zone, fix: chosen.map(|fix| (fix, known.location.basis)) };
    let mut findings = known.about_place.clone();
    findings.extend(photo::remarks::findings(&inspected.evidence, &circumstances));
    let copies = copies::search(app, subject, &inspected).await?;
    findings.extend(photo::reuse::findings(&copies));
    findings.extend_from_slice(&known.about_time);
    let mut earlier = EarlierDays::default();
    if positions::asks_for_earlier_days(&findings) {
        let mut tx = app.store.glance().await?;
        earlier = positions::earlier_days(&mut tx, subject.person_id, subject.work_date).await?;
    }
    let decided = policy::decide(&app.rules, findings, &earlier);
    Ok(Looked { inspected, copies, decided })
}

/// Examines a photo; one that takes too long is known by its header alone.
///
/// # Errors
/// [`SubmitError::Photo`] when it is none, [`SubmitError::Work`] when the machine is busy.
pub(super) async fn examine(app: &App, bytes: &Bytes) -> Result<Inspected, SubmitError> {
    let (bytes, examiner) = (bytes.clone(), Arc::clone(&app.examiner));
    let started = std::time::Instant::now();
    let budget = Duration::from_millis(app.config.photo_examine_max_ms);
    let examined = app.work.decode_within(budget, {
        let (bytes, examiner) = (bytes.clone(), Arc::clone(&examiner));
        move || examiner.inspect(&bytes)
    });
    let inspected = match examined.await? {
        Some(inspected) => inspected?,
        // The attempt is not lost over it: a person looks at the photo.
        None => examiner.glance(&bytes, format!("it took longer than {} ms", budget.as_millis()))?,
    };
    app.metrics.examine_seconds.observe(started.elapsed().as_secs_f64());
    Ok(inspected)
}
