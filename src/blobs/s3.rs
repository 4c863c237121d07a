//! Photos on an S3-compatible server.
//!
//! Each put carries its SHA-256, which honest servers check; after a doubtful answer the object is read back and hashed
//! here. Bodies are in memory, so that no server meets chunk framing it does not know.

use std::time::Duration;

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_sdk_s3::{
    Client,
    config::{
        BehaviorVersion, Region, RequestChecksumCalculation, ResponseChecksumValidation, retry::RetryConfig,
        timeout::TimeoutConfig,
    },
    error::{DisplayErrorContext, SdkError},
    primitives::ByteStream,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::{BlobError, BlobKey, Blobs, Listed};
use crate::model::time::{Timestamp, WorkDate};

/// Tries of one operation, the first included.
const TRIES: u32 = 3;
/// Pause before the second try, and longest before any: a phone tries again by itself and should not wait long to be told.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_millis(400));
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_millis(1_500);

/// Where the server is and how to speak to it.
#[derive(Clone, Debug)]
pub struct S3Options {
    /// URL of the server; none is the cloud's own for the region.
    pub endpoint: Option<String>,
    /// Region.
    pub region: String,
    /// Bucket; it has to exist.
    pub bucket: String,
    /// Access key id.
    pub access_key_id: String,
    /// Secret access key.
    pub secret_access_key: String,
    /// Bucket in the path instead of the host name.
    pub path_style: bool,
    /// Extra checksums of the SDK only where required.
    pub checksum_when_required: bool,
    /// Limit of one operation with its retries.
    pub timeout: Duration,
}

/// Name of the object a probe writes and removes.
const PROBE: &str = "hadir-probe";

/// What a server was found to honour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Capabilities {
    /// It refuses bytes that are not those of the SHA-256 sent with them.
    pub checks_sha256: bool,
    /// It refuses to replace an object when asked not to (`If-None-Match: *`).
    pub keeps_existing: bool,
}

/// A bucket.
pub struct S3Blobs {
    client: Client,
    bucket: String,
}

impl S3Blobs {
    /// A client for the bucket; says nothing to the server yet.
    pub fn new(options: S3Options) -> Self {
        let credentials = Credentials::new(options.access_key_id, options.secret_access_key, None, None, "hadir");
        let when_required = options.checksum_when_required;
        let mut config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(options.region))
            .credentials_provider(credentials)
            .force_path_style(options.path_style)
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(TRIES)
                    .with_initial_backoff(PAUSE.0)
                    .with_max_backoff(PAUSE.1),
            )
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT)
                    .operation_timeout(options.timeout)
                    .operation_attempt_timeout(options.timeout / 2)
                    .build(),
            )
            .request_checksum_calculation(if when_required {
                RequestChecksumCalculation::WhenRequired
            } else {
                RequestChecksumCalculation::WhenSupported
            })
            .response_checksum_validation(if when_required {
                ResponseChecksumValidation::WhenRequired
            } else {
                ResponseChecksumValidation::WhenSupported
            });
        if let Some(endpoint) = options.endpoint {
            config = config.endpoint_url(endpoint);
        }
        Self { client: Client::from_conf(config.build()), bucket: options.bucket }
    }

    /// Finds out what the server honours, with an object that is removed again. Nothing here relies on either; whoever
    /// runs the service should know.
    ///
    /// # Errors
    /// [`BlobError`] when the server cannot be used at all.
    pub async fn probe(&self) -> Result<Capabilities, BlobError> {
        let put = || self.client.put_object().bucket(&self.bucket).key(PROBE).body(ByteStream::from_static(b"probe"));
        put().send().await.map_err(|error| failed("keep", PROBE, error))?;
        let wrong_checksum = STANDARD.encode(Sha256::digest(b"something else"));
        let checks_sha256 = put().checksum_sha256(wrong_checksum).send().await.is_err();
        let keeps_existing = put().if_none_match("*").send().await.is_err();
        let removed = self.client.delete_object().bucket(&self.bucket).key(PROBE).send().await;
        removed.map_err(|error| failed("remove", PROBE, error))?;
        Ok(Capabilities { checks_sha256, keeps_existing })
    }

    /// Reads the object back and compares the hash.
    async fn holds(&self, key: &BlobKey, sha256: &[u8; 32]) -> Result<bool, BlobError> {
        match self.get(key).await? {
            None => Ok(false),
            Some(bytes) if Sha256::digest(&bytes).as_slice() == sha256 => Ok(true),
            Some(_) => Err(BlobError::OtherBytes(key.to_string())),
        }
    }
}

/// The SDK's errors say little by themselves; this keeps the whole chain as text.
fn failed<E: std::error::Error + Send + Sync + 'static>(
    doing: &'static str,
    key: impl std::fmt::Display,
    error: E,
) -> BlobError {
    BlobError::failed(doing, key, DisplayErrorContext(error).to_string())
}

#[async_trait]
impl Blobs for S3Blobs {
    async fn put(&self, key: &BlobKey, bytes: Bytes, sha256: &[u8; 32]) -> Result<(), BlobError> {
        let media_type = if key.is_copy() { "image/jpeg" } else { "application/octet-stream" };
        let sent = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key.as_str())
            .content_type(media_type)
            .checksum_sha256(STANDARD.encode(sha256))
            .body(ByteStream::from(bytes))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            // Nobody is there to ask whether it was kept; sending it again is harmless.
            Err(error @ SdkError::DispatchFailure(_)) => Err(failed("keep", key, error)),
            // The answer may have been lost on the way although the object was kept.
            Err(doubt) if self.holds(key, sha256).await.unwrap_or(false) => {
                tracing::warn!(key = key.as_str(), error = %DisplayErrorContext(&doubt), "kept although the answer was an error");
                Ok(())
            }
            Err(error) => Err(failed("keep", key, error)),
        }
    }

    async fn get(&self, key: &BlobKey) -> Result<Option<Bytes>, BlobError> {
        let answer = self.client.get_object().bucket(&self.bucket).key(key.as_str()).send().await;
        match answer {
            Ok(object) => {
                let body = object.body.collect().await.map_err(|error| failed("read", key, error))?;
                Ok(Some(body.into_bytes()))
            }
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(aws_sdk_s3::operation::get_object::GetObjectError::is_no_such_key) =>
            {
                Ok(None)
            }
            Err(error) => Err(failed("read", key, error)),
        }
    }

    async fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        let answer = self.client.delete_object().bucket(&self.bucket).key(key.as_str()).send().await;
        match answer {
            Ok(_) => Ok(()),
            // The protocol calls a repeat a success; some servers do not.
            Err(error) if error.raw_response().is_some_and(|raw| raw.status().as_u16() == 404) => Ok(()),
            Err(error) => Err(failed("remove", key, error)),
        }
    }

    async fn list(&self, work_date: WorkDate) -> Result<Vec<Listed>, BlobError> {
        let mut pages =
            self.client.list_objects_v2().bucket(&self.bucket).prefix(format!("{work_date}/")).into_paginator().send();
        let mut listed = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failed("list", work_date, error))?;
            listed.extend(page.contents().iter().filter_map(|object| {
                let modified = object.last_modified()?;
                let micros = modified.secs().saturating_mul(1_000_000);
                Some(Listed { key: BlobKey::parse(object.key()?)?, modified: Timestamp::from_microsecond(micros) })
            }));
        }
        Ok(listed)
    }

    async fn ready(&self) -> Result<(), BlobError> {
        let answer = self.client.head_bucket().bucket(&self.bucket).send().await;
        answer.map(drop).map_err(|error| failed("open", &self.bucket, error))
    }

    fn name(&self) -> &'static str {
        "s3"
    }
}
