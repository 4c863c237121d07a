//! Is this picture kept already? The part of a check-in that asks the search for copies.

use super::submit::SubmitError;
use crate::{
    app::App,
    evidence::photo::{inspect::Inspected, reuse::Search},
    reuse::Subject,
};

/// The person's own history always; everybody's as long as that is quick.
pub(super) async fn search(app: &App, subject: Subject, inspected: &Inspected) -> Result<Search, SubmitError> {
    let person_id = subject.person_id;
    let started = std::time::Instant::now();
    let prints = inspected.fingerprints.as_ref();
    let everybody = match prints {
        Some(prints) if app.reuse.len() <= app.config.reuse_inline_max_photos => {
            app.reuse.everybody(person_id, prints.kept().whole(), app.now()).await
        }
        _ => None,
    };
    let mut tx = app.store.glance().await?;
    let mut search = app.reuse.own(&mut tx, subject, &inspected.evidence.content_sha256, app.now(), prints).await?;
    if let Some(found) = everybody {
        app.reuse.add(&mut tx, person_id, &found, &mut search).await?;
    }
    drop(tx);
    app.metrics.reuse_seconds.observe(started.elapsed().as_secs_f64());
    Ok(search)
}
