//! The machine's limits: how much is decoded, hashed and uploaded at once, and work that outlives its request.

pub mod peak;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_util::task::TaskTracker;
use tracing::{Instrument as _, Span};

use crate::model::{ids::PersonId, time::Timestamp};

/// Uploads are admitted in steps of this many bytes.
const ADMISSION_STEP_BYTES: usize = 1024;

/// People whose own data is handed out at the same time.
const EXPORTS_AT_ONCE: usize = 2;

/// How much may run at once.
#[derive(Clone, Copy, Debug)]
pub struct WorkLimits {
    /// Photos decoded at the same time.
    pub decodes: usize,
    /// Bytes of uploads under way.
    pub upload_bytes: usize,
    /// The part of that one person may take.
    pub upload_bytes_each: usize,
    /// How long anything waits for its turn.
    pub wait: Duration,
}

/// Permits for the machine's scarce parts, on the runtime that owns database and photo connections.
pub struct Work {
    runtime: Handle,
    unfinished: TaskTracker,
    decodes: Arc<Semaphore>,
    passwords: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
    held: Held,
    asked: Counts,
    enrolled: Counts,
    owed: Mutex<HashSet<String>>,
    exports: Arc<Semaphore>,
    keyed: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
    limits: WorkLimits,
}

/// How often a person did something since.
type Counts = Mutex<HashMap<PersonId, (Timestamp, u32)>>;

/// Bytes of uploads under way, a person.
type Held = Arc<Mutex<HashMap<PersonId, usize>>>;

/// Why work was not done.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// No turn came in time.
    #[error("the server is busy")]
    Busy,
    /// The work panicked or was cut off.
    #[error("the work was not finished")]
    Lost,
}

/// The right to hold an upload in memory; given back on drop.
pub struct Admission {
    _room: OwnedSemaphorePermit,
    held: Held,
    person: PersonId,
    bytes: usize,
}

impl Drop for Admission {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = held.get_mut(&self.person) {
            *bytes = bytes.saturating_sub(self.bytes);
            if *bytes == 0 {
                held.remove(&self.person);
            }
        }
    }
}

/// The right to hand out somebody's own data; given back on drop.
pub struct Export {
    _turn: OwnedSemaphorePermit,
    _alone: OwnedMutexGuard<()>,
}

/// Counts something of a person; false when there were `limit` of them within the hour.
fn counted(counts: &Counts, person: PersonId, now: Timestamp, limit: u32) -> bool {
    const HOUR_S: f64 = 3_600.0;
    const PEOPLE_MAX: usize = 200_000;
    let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    if counts.len() >= PEOPLE_MAX {
        counts.retain(|_, (since, _)| now.seconds_since(*since) < HOUR_S);
    }
    let (since, count) = counts.entry(person).or_insert((now, 0));
    if now.seconds_since(*since) >= HOUR_S {
        (*since, *count) = (now, 0);
    }
    *count = count.saturating_add(1);
    *count <= limit
}

impl Work {
    /// Limits for work on the present runtime.
    pub fn new(limits: WorkLimits) -> Self {
        Self {
            runtime: Handle::current(),
            unfinished: TaskTracker::new(),
            decodes: Arc::new(Semaphore::new(limits.decodes)),
            // A password hash takes as much of a core and of memory as a decode.
            passwords: Arc::new(Semaphore::new(limits.decodes)),
            uploads: Arc::new(Semaphore::new(limits.upload_bytes / ADMISSION_STEP_BYTES)),
            held: Held::default(),
            asked: Mutex::default(),
            owed: Mutex::default(),
            enrolled: Mutex::default(),
            exports: Arc::new(Semaphore::new(EXPORTS_AT_ONCE)),
            keyed: Mutex::default(),
            limits,
        }
    }

    /// Room for an upload of `bytes` by a person.
    ///
    /// # Errors
    /// [`WorkError::Busy`] when none comes free within the wait, or when the person's own uploads fill their part.
    pub async fn admit(&self, person: PersonId, bytes: usize) -> Result<Admission, WorkError> {
        let steps = bytes.div_ceil(ADMISSION_STEP_BYTES).min(self.limits.upload_bytes / ADMISSION_STEP_BYTES);
        let room = self.turn(&self.uploads, u32::try_from(steps).unwrap_or(u32::MAX)).await?;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let own = held.entry(person).or_default();
        if *own > 0 && *own + bytes > self.limits.upload_bytes_each {
            return Err(WorkError::Busy);
        }
        *own += bytes;
        drop(held);
        Ok(Admission { _room: room, held: Arc::clone(&self.held), person, bytes })
    }

    /// Counts a question of a person; false when there were `limit` of them within the hour.
    pub fn may_ask(&self, person: PersonId, now: Timestamp, limit: u32) -> bool {
        counted(&self.asked, person, now, limit)
    }

    /// Counts an enrolment of a person; false when there were `limit` of them within the hour.
    pub fn may_enrol(&self, person: PersonId, now: Timestamp, limit: u32) -> bool {
        counted(&self.enrolled, person, now, limit)
    }

    /// The right to hand out a person's own data; few at once, and one a person.
    ///
    /// # Errors
    /// [`WorkError::Busy`] at once when there is none.
    pub fn export(&self, person: PersonId) -> Result<Export, WorkError> {
        let turn = Arc::clone(&self.exports).try_acquire_owned().map_err(|_| WorkError::Busy)?;
        let alone = self.keyed(&format!("export of {person}")).try_lock_owned().map_err(|_| WorkError::Busy)?;
        Ok(Export { _turn: turn, _alone: alone })
    }

    /// Runs beside everything else; a stop does not wait for it.
    pub fn beside(&self, job: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(job.instrument(Span::current()));
    }

    /// Bytes of uploads that could still be let in.
    pub fn upload_bytes_free(&self) -> usize {
        self.uploads.available_permits() * ADMISSION_STEP_BYTES
    }

    /// Decodes a photo, or does something as heavy, off the request threads.
    ///
    /// # Errors
    /// [`WorkError::Busy`] when no turn came, [`WorkError::Lost`] when it panicked.
    pub async fn decode<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, WorkError> {
        let permit = self.turn(&self.decodes, 1).await?;
        self.blocking(permit, job).await
    }

    /// As [`Work::decode`], but waits no longer than `budget` once the turn has come; nothing then. The work goes on and
    /// keeps its permit, so that the cores are not promised twice.
    ///
    /// # Errors
    /// As [`Work::decode`].
    pub async fn decode_within<T: Send + 'static>(
        &self,
        budget: Duration,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Option<T>, WorkError> {
        let permit = self.turn(&self.decodes, 1).await?;
        match timeout(budget, self.blocking(permit, job)).await {
            Ok(done) => done.map(Some),
            Err(_) => Ok(None),
        }
    }

    /// How many photos are decoded at the same time.
    pub fn decodes_at_once(&self) -> usize {
        self.limits.decodes.max(1)
    }

    /// Hashes or checks a password off the request threads.
    ///
    /// # Errors
    /// As [`Work::decode`].
    pub async fn password<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, WorkError> {
        let permit = self.turn(&self.passwords, 1).await?;
        self.blocking(permit, job).await
    }

    /// Remembers that a bucket of sign-ins was to be emptied and could not be.
    pub fn owe(&self, bucket: &str) {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner).insert(bucket.to_owned());
    }

    /// Whether that is still so.
    pub fn owes(&self, bucket: &str) -> bool {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner).contains(bucket)
    }

    /// It was emptied.
    pub fn paid(&self, bucket: &str) {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner).remove(bucket);
    }

    /// Waits until nobody else holds this key; it is free again when the guard is dropped.
    pub async fn one_at_a_time(&self, key: &str) -> OwnedMutexGuard<()> {
        self.keyed(key).lock_owned().await
    }

    fn keyed(&self, key: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut keyed = self.keyed.lock().unwrap_or_else(PoisonError::into_inner);
        keyed.retain(|_, turn| turn.strong_count() > 0);
        let turn = keyed.get(key).and_then(Weak::upgrade).unwrap_or_default();
        keyed.insert(key.to_owned(), Arc::downgrade(&turn));
        turn
    }

    /// Runs to its end even if whoever waits for it goes away; the shutdown waits for it too.
    ///
    /// # Errors
    /// [`WorkError::Lost`] when it panicked.
    pub async fn to_the_end<T: Send + 'static>(
        &self,
        job: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, WorkError> {
        let tracked = self.unfinished.track_future(job.instrument(Span::current()));
        self.runtime.spawn(tracked).await.map_err(|_| WorkError::Lost)
    }

    /// Waits until nothing is unfinished.
    pub async fn finish(&self) {
        self.unfinished.close();
        self.unfinished.wait().await;
    }

    async fn turn(&self, queue: &Arc<Semaphore>, permits: u32) -> Result<OwnedSemaphorePermit, WorkError> {
        let acquired = timeout(self.limits.wait, Arc::clone(queue).acquire_many_owned(permits)).await;
        acquired.map_err(|_| WorkError::Busy)?.map_err(|_| WorkError::Busy)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that uses the blocking pool")]
    async fn blocking<T: Send + 'static>(
        &self,
        permit: OwnedSemaphorePermit,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, WorkError> {
        let span = Span::current();
        let run = move || {
            // Held by the work itself: a caller that gives up does not free the core.
            let _permit = permit;
            span.in_scope(job)
        };
        self.runtime.spawn_blocking(run).await.map_err(|_| WorkError::Lost)
    }
}
