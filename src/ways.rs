//! Which way of reading the queue was quickest a moment ago, for whom. Every way gives the same page, so that one which is
//! out of date costs time and nothing else.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::{
    model::{ids::PersonId, time::Timestamp},
    store::{
        StoreError, Tx,
        queue::{self, Asker, Kind, QueuePoint, QueuedReview, Scope, Way, Wishes},
    },
};

/// How long a way is taken again.
const KEPT_S: i64 = 60;
/// Ways that are kept at most; when there are more, all begin anew.
const KEPT_MAX: usize = 4_096;

/// Who asks, whether for what is decided, and below which unit.
type Asked = (PersonId, bool, Option<String>);

/// The ways of the last minute.
#[derive(Default)]
pub struct Ways(Mutex<HashMap<Asked, (Way, Timestamp)>>);

impl Ways {
    /// The next page of some cases, oldest day first and worst first within it. Those of one state are looked for among all
    /// that the asker may see.
    ///
    /// # Errors
    /// [`StoreError`] when a statement fails.
    pub async fn page(
        &self,
        tx: &mut Tx,
        (kind, scope): (Kind, Scope),
        asker: Asker,
        wishes: &Wishes,
        after: QueuePoint,
        limit: i64,
    ) -> Result<Vec<QueuedReview>, StoreError> {
        if (kind, scope) == (Kind::Waiting, Scope::Mine) {
            return queue::mine(tx, asker, wishes, after, limit).await;
        }
        let way = self.way(tx, kind, asker, wishes).await?;
        queue::read(tx, kind, way, asker, wishes, after, limit).await
    }

    async fn way(&self, tx: &mut Tx, kind: Kind, asker: Asker, wishes: &Wishes) -> Result<Way, StoreError> {
        if let Some(reason) = &wishes.reason
            && queue::is_rare(tx, reason).await?
        {
            return Ok(Way::OfReason);
        }
        let asked = (asker.person_id, kind.is_decided(), wishes.unit.clone());
        if let Some(way) = self.kept(&asked, asker.now) {
            return Ok(way);
        }
        let way = queue::way(tx, kind, asker, wishes.unit.as_deref()).await?;
        self.keep(asked, way, asker.now);
        Ok(way)
    }

    fn kept(&self, asked: &Asked, now: Timestamp) -> Option<Way> {
        let ways = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ways.get(asked).filter(|(_, at)| *at <= now && now < at.plus_seconds(KEPT_S)).map(|(way, _)| *way)
    }

    fn keep(&self, asked: Asked, way: Way, now: Timestamp) {
        let mut ways = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ways.len() >= KEPT_MAX {
            ways.clear();
        }
        ways.insert(asked, (way, now));
    }
}
