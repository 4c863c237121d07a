//! Every photo store keeps the same promises.

use std::sync::Arc;

use bytes::Bytes;
use hadir::{
    blobs::{
        BlobKey, Blobs,
        fs::FolderBlobs,
        memory::MemoryBlobs,
        s3::{Capabilities, S3Blobs, S3Options},
    },
    model::{ids::CheckinId, time::WorkDate},
};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::support::{
    new_id,
    s3::{self, options},
};

fn date() -> WorkDate {
    "2026-11-23".parse().unwrap()
}

fn key_of(bytes: &[u8]) -> (BlobKey, [u8; 32]) {
    let sha256 = Sha256::digest(bytes).into();
    (BlobKey::photo(date(), CheckinId(new_id()), &sha256), sha256)
}

/// What every store promises.
pub async fn keeps_its_promises(blobs: Arc<dyn Blobs>) {
    blobs.ready().await.unwrap();
    let bytes = Bytes::from(vec![7; 300_000]);
    let (key, sha256) = key_of(&bytes);
    assert_eq!(blobs.get(&key).await.unwrap(), None);
    blobs.delete(&key).await.unwrap();
    blobs.put(&key, bytes.clone(), &sha256).await.unwrap();
    assert_eq!(blobs.get(&key).await.unwrap(), Some(bytes.clone()));
    // Repeated, also by many at once, it stays the same object.
    let repeats = (0..16).map(|_| blobs.put(&key, bytes.clone(), &sha256));
    assert!(futures_util::future::join_all(repeats).await.iter().all(Result::is_ok));
    assert_eq!(blobs.get(&key).await.unwrap(), Some(bytes.clone()));
    blobs.put(&key.copy(320), Bytes::from_static(b"copy"), &Sha256::digest(b"copy").into()).await.unwrap();
    let mut listed: Vec<BlobKey> = blobs.list(date()).await.unwrap().into_iter().map(|listed| listed.key).collect();
    listed.sort();
    assert_eq!(listed, [key.clone(), key.copy(320)]);
    assert_eq!(blobs.list(date().plus_days(1)).await.unwrap(), []);
    blobs.delete(&key).await.unwrap();
    assert_eq!(blobs.get(&key).await.unwrap(), None);
    assert_eq!(blobs.list(date()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn memory_keeps_its_promises() {
    keeps_its_promises(Arc::new(MemoryBlobs::default())).await;
}

#[tokio::test]
async fn a_folder_keeps_its_promises() {
    let folder = tempfile::tempdir().unwrap();
    keeps_its_promises(Arc::new(FolderBlobs::open(folder.path()).unwrap())).await;
}

#[tokio::test]
async fn s3_keeps_its_promises() {
    let folder = tempfile::tempdir().unwrap();
    let server = s3::Server::start(folder.path()).await;
    keeps_its_promises(Arc::new(S3Blobs::new(options(&server.url)))).await;
}

#[tokio::test]
async fn s3_refuses_a_wrong_secret_and_bytes_that_are_not_those_of_the_hash() {
    let folder = tempfile::tempdir().unwrap();
    let server = s3::Server::start(folder.path()).await;
    let stranger = S3Blobs::new(S3Options { secret_access_key: "guessed".to_owned(), ..options(&server.url) });
    let (key, sha256) = key_of(b"a photo");
    let refused = stranger.put(&key, Bytes::from_static(b"a photo"), &sha256).await.unwrap_err();
    assert!(std::error::Error::source(&refused).unwrap().to_string().contains("SignatureDoesNotMatch"), "{refused:?}");
    let blobs = S3Blobs::new(options(&server.url));
    assert!(
        blobs.put(&key, Bytes::from_static(b"other bytes"), &sha256).await.is_err(),
        "the checksum is checked by the server"
    );
}

#[tokio::test]
async fn what_an_s3_server_honours_is_found_out_and_the_probe_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let server = s3::Server::start(folder.path()).await;
    let found = S3Blobs::new(options(&server.url)).probe().await.unwrap();
    assert_eq!(found, Capabilities { checks_sha256: true, keeps_existing: true });
    assert!(!folder.path().join(s3::BUCKET).join("hadir-probe").exists());
}

#[tokio::test]
async fn an_s3_server_that_is_gone_is_an_error_within_the_time_limit() {
    let blobs =
        S3Blobs::new(S3Options { timeout: std::time::Duration::from_millis(500), ..options("http://127.0.0.1:9") });
    let (key, sha256) = key_of(b"a photo");
    assert!(blobs.put(&key, Bytes::from_static(b"a photo"), &sha256).await.is_err());
    assert!(blobs.ready().await.is_err());
}

#[tokio::test]
async fn what_a_crash_left_half_written_in_a_folder_is_dropped_and_never_listed() {
    let folder = tempfile::tempdir().unwrap();
    FolderBlobs::open(folder.path()).unwrap();
    let half = std::fs::File::create(folder.path().join(".unfinished/old")).unwrap();
    half.set_modified(std::time::UNIX_EPOCH).unwrap();
    std::fs::write(folder.path().join(".unfinished/somebody-elses"), b"half").unwrap();
    std::fs::create_dir(folder.path().join("2026-11-23")).unwrap();
    std::fs::write(folder.path().join("2026-11-23/notes.txt"), b"not ours").unwrap();
    let blobs = FolderBlobs::open(folder.path()).unwrap();
    let left: Vec<_> =
        std::fs::read_dir(folder.path().join(".unfinished")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["somebody-elses"], "only what is old enough to be nobody's");
    assert_eq!(blobs.list(date()).await.unwrap(), []);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_an_error_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = FolderBlobs::open(folder.path()).unwrap();
    // A file where the folder of the date would be.
    std::fs::write(folder.path().join("2026-11-23"), b"in the way").unwrap();
    let (key, sha256) = key_of(b"a photo");
    assert!(blobs.put(&key, Bytes::from_static(b"a photo"), &sha256).await.is_err());
    assert_eq!(std::fs::read_dir(folder.path().join(".unfinished")).unwrap().count(), 0);
}

proptest! {
    #[test]
    fn only_keys_of_ours_are_keys(text in "\\PC{0,140}") {
        if let Some(key) = BlobKey::parse(&text) {
            prop_assert_eq!(key.as_str(), text.as_str());
            prop_assert!(!text.contains("..") || text.rfind('/') == text.find('/'));
        }
    }

    #[test]
    fn a_key_is_found_again_from_its_text(sha256 in any::<[u8; 32]>(), side in 1_u32..5000) {
        let id = CheckinId(new_id());
        let key = BlobKey::photo(date(), id, &sha256);
        prop_assert_eq!(BlobKey::parse(key.as_str()), Some(key.clone()));
        prop_assert_eq!(key.owner(), Some(id.0));
        prop_assert_eq!(BlobKey::parse(key.copy(side).as_str()), Some(key.copy(side)));
    }
}
