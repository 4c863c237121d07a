//! Photos in memory: for tests and for trying things out.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;

use super::{BlobError, BlobKey, Blobs, Listed};
use crate::model::time::{Timestamp, WorkDate};

/// A map from key to bytes. Nothing in it survives a crash, so nothing in it is ever old enough to be swept.
#[derive(Default)]
pub struct MemoryBlobs(Mutex<BTreeMap<BlobKey, Bytes>>);

impl MemoryBlobs {
    fn map(&self) -> MutexGuard<'_, BTreeMap<BlobKey, Bytes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Blobs for MemoryBlobs {
    async fn put(&self, key: &BlobKey, bytes: Bytes, _sha256: &[u8; 32]) -> Result<(), BlobError> {
        self.map().insert(key.clone(), bytes);
        Ok(())
    }

    async fn get(&self, key: &BlobKey) -> Result<Option<Bytes>, BlobError> {
        Ok(self.map().get(key).cloned())
    }

    async fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        self.map().remove(key);
        Ok(())
    }

    async fn list(&self, work_date: WorkDate) -> Result<Vec<Listed>, BlobError> {
        let prefix = format!("{work_date}/");
        let listed = |key: &BlobKey| Listed { key: key.clone(), modified: Timestamp::from_microsecond(i64::MAX) };
        Ok(self.map().keys().filter(|key| key.as_str().starts_with(&prefix)).map(listed).collect())
    }

    async fn ready(&self) -> Result<(), BlobError> {
        Ok(())
    }

    fn name(&self) -> &'static str {
        "memory"
    }
}
