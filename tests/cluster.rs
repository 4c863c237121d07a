//! A real S3 cluster: three nodes, of which one may be gone. These run behind `scripts/dev-s3`, which has the nodes.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::future::join_all;
use hadir::{
    blobs::{BlobKey, Blobs, s3::S3Blobs},
    model::{ids::CheckinId, time::WorkDate},
};
use sha2::{Digest as _, Sha256};

use crate::{blobs::keeps_its_promises, garage::Nodes, support::new_id};

const NODES: usize = 3;
const PHOTO_BYTES: usize = 180_000;

/// A photo of a day.
fn photo(day: &str, number: u64) -> (BlobKey, Bytes, [u8; 32]) {
    let mut bytes = vec![number as u8; PHOTO_BYTES];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    let sha256 = Sha256::digest(&bytes).into();
    let day: WorkDate = day.parse().unwrap();
    (BlobKey::photo(day, CheckinId(new_id()), &sha256), bytes.into(), sha256)
}

fn store(nodes: &Nodes, node: usize) -> Arc<S3Blobs> {
    Arc::new(S3Blobs::new(nodes.options(node)))
}

/// Puts so many photos through a node, four at a time; gives those it acknowledged.
async fn put_many(blobs: Arc<S3Blobs>, day: &'static str, numbers: std::ops::Range<u64>) -> Vec<(BlobKey, Bytes)> {
    let turns = Arc::new(tokio::sync::Semaphore::new(4));
    let puts = numbers.map(|number| {
        let (blobs, turns) = (Arc::clone(&blobs), Arc::clone(&turns));
        async move {
            let _turn = turns.acquire().await.unwrap();
            let (key, bytes, sha256) = photo(day, number);
            blobs.put(&key, bytes.clone(), &sha256).await.ok().map(|()| (key, bytes))
        }
    });
    join_all(puts).await.into_iter().flatten().collect()
}

async fn all_are_there(nodes: &Nodes, node: usize, kept: &[(BlobKey, Bytes)]) {
    let blobs = store(nodes, node);
    for (key, bytes) in kept {
        assert_eq!(blobs.get(key).await.unwrap().as_ref(), Some(bytes), "{key} by node {}", node + 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs scripts/dev-s3"]
async fn a_cluster_keeps_the_promises_of_every_photo_store() {
    keeps_its_promises(store(&Nodes::running().await, 0)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs scripts/dev-s3"]
async fn a_cluster_refuses_bytes_that_are_not_those_of_the_hash() {
    let nodes = Nodes::running().await;
    for node in 0..NODES {
        let (key, _, sha256) = photo("2026-12-01", node as u64);
        let blobs = store(&nodes, node);
        assert!(blobs.put(&key, Bytes::from_static(b"other bytes"), &sha256).await.is_err());
        assert_eq!(blobs.get(&key).await.unwrap(), None, "nothing is kept of it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs scripts/dev-s3"]
async fn what_was_put_by_one_node_is_read_and_listed_by_every_other() {
    let nodes = Nodes::running().await;
    let mut kept = Vec::new();
    for node in 0..NODES {
        let first = node as u64 * 100;
        kept.extend(put_many(store(&nodes, node), "2026-12-02", first..first + 20).await);
    }
    assert_eq!(kept.len(), 20 * NODES);
    for node in 0..NODES {
        all_are_there(&nodes, node, &kept).await;
        let listed = store(&nodes, node).list("2026-12-02".parse().unwrap()).await.unwrap();
        assert_eq!(listed.len(), kept.len(), "the sweep sees all of them");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs scripts/dev-s3"]
async fn a_node_killed_during_puts_loses_nothing_that_was_acknowledged() {
    let nodes = Nodes::running().await;
    let mut kept = Vec::new();
    for round in 0..NODES {
        let first = round as u64 * 1000;
        let by_others = tokio::spawn(put_many(store(&nodes, (round + 1) % NODES), "2026-12-03", first..first + 60));
        let by_it = tokio::spawn(put_many(store(&nodes, round), "2026-12-03", first + 500..first + 560));
        tokio::time::sleep(Duration::from_millis(150)).await;
        nodes.kill(round);
        let (by_others, by_it) = (by_others.await.unwrap(), by_it.await.unwrap());
        assert_eq!(by_others.len(), 60, "two of three go on");
        kept.extend(by_others);
        kept.extend(by_it);
        all_are_there(&nodes, (round + 2) % NODES, &kept).await;
        nodes.start(round).await;
        all_are_there(&nodes, round, &kept).await;
    }
    let listed = store(&nodes, 0).list("2026-12-03".parse().unwrap()).await.unwrap();
    assert!(kept.iter().all(|(key, _)| listed.iter().any(|one| one.key == *key)), "the sweep sees all of them");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs scripts/dev-s3"]
async fn a_node_that_stands_still_stops_nobody() {
    let nodes = Nodes::running().await;
    nodes.halt(2);
    let kept = put_many(store(&nodes, 0), "2026-12-04", 0..40).await;
    nodes.go_on(2);
    assert_eq!(kept.len(), 40, "two of three go on");
    all_are_there(&nodes, 1, &kept).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    all_are_there(&nodes, 2, &kept).await;
}
