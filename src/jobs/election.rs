//! Of several replicas one does a job. It holds the job for a while and says again and again that it is still there; when
//! it falls silent, another takes over.

use crate::{
    app::App,
    model::{ids::LeaseId, time::Timestamp},
    store::{StoreError, jobs},
};

/// How long a replica that falls silent keeps a job from the others, seconds.
const HELD_S: i64 = 60;
/// With less than this left it says again that it is there, seconds.
const RENEWED_S: f64 = 40.0;

/// A job, as one replica sees it.
pub struct Elected {
    name: &'static str,
    holder: LeaseId,
    /// Until when it is surely ours.
    until: Option<Timestamp>,
    /// How far it is, in its own words.
    pub place: String,
}

impl Elected {
    /// A job that this replica may be elected for.
    pub fn new(app: &App, name: &'static str) -> Self {
        Self { name, holder: LeaseId::new(app.now(), &app.chance), until: None, place: String::new() }
    }

    /// Whether this replica is the one that does it now.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; then nobody does it.
    pub async fn is_ours(&mut self, app: &App) -> Result<bool, StoreError> {
        let now = app.now();
        if self.until.is_some_and(|until| until.seconds_since(now) > RENEWED_S) {
            return Ok(true);
        }
        let (until, held) = (now.plus_seconds(HELD_S), self.until.is_some());
        let mut tx = app.store.write().await?;
        let place = jobs::claim(&mut tx, self.name, self.holder, until, now).await?;
        tx.commit().await?;
        self.until = place.as_ref().map(|_| until);
        if !held {
            self.place = place.unwrap_or_default();
        }
        Ok(self.until.is_some())
    }

    /// It is done for now: nobody takes it for so many seconds. What is in `place` is kept.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn rest(&mut self, app: &App, seconds: i64) -> Result<(), StoreError> {
        self.until = None;
        let mut tx = app.store.write().await?;
        jobs::rest(&mut tx, self.name, self.holder, app.now().plus_seconds(seconds), &self.place).await?;
        tx.commit().await
    }

    /// This replica stops: another one need not wait until it is missed.
    pub async fn let_go(&mut self, app: &App) {
        if self.until.is_some()
            && let Err(error) = self.rest(app, 0).await
        {
            tracing::warn!(%error, "the others take over a little later");
        }
    }
}
