//! Failed sign-ins slow the next one down, an account and a known device of it apart from each other, so that a
//! stranger who guesses cannot keep the owner out on the owner's own phone.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    app::App,
    model::time::Timestamp,
    store::{StoreError, throttles},
};

/// So many failures cost nothing: people mistype, and several phones may sign in at once.
const FREE_FAILURES: i64 = 10;
/// The longest wait, seconds.
const LONGEST_WAIT_SECONDS: i64 = 900;
/// Random bytes that tell devices apart.
const DEVICE_BYTES: usize = 16;

/// Seconds to wait after this many failures in a row: none, then 1, doubling, up to a quarter of an hour.
pub fn wait_seconds(failures: i64) -> i64 {
    let over = failures.saturating_sub(FREE_FAILURES);
    if over < 0 {
        0
    } else {
        1_i64.checked_shl(u32::try_from(over).unwrap_or(63).min(62)).unwrap_or(i64::MAX).min(LONGEST_WAIT_SECONDS)
    }
}

/// The bucket an attempt counts in.
pub fn bucket(app: &App, nip: &str, device_token: Option<&str>) -> String {
    match device_token.and_then(|token| known_device(&app.keys.device, nip, token)) {
        Some(device) => format!("device:{nip}:{device}"),
        None => format!("account:{nip}"),
    }
}

/// Counts an attempt before it is looked at; it is taken back by [`succeeded`]. Gives the seconds to wait instead when
/// the bucket is blocked.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn begin(app: &App, bucket: &str, now: Timestamp) -> Result<Result<(), i64>, StoreError> {
    let mut tx = app.store.write().await?;
    if app.work.owes(bucket) {
        throttles::delete(&mut tx, bucket).await?;
    }
    let longest = now.plus_seconds(LONGEST_WAIT_SECONDS);
    let Some(failures) = throttles::count(&mut tx, bucket, now, longest).await? else {
        let left = throttles::by_bucket(&mut tx, bucket).await?.map_or(0.0, |row| row.blocked_until.seconds_since(now));
        return Ok(Err(left.ceil().max(1.0) as i64));
    };
    throttles::block(&mut tx, bucket, now.plus_seconds(wait_seconds(failures))).await?;
    tx.commit().await?;
    app.work.paid(bucket);
    Ok(Ok(()))
}

/// Forgets the failures of a bucket after a good sign-in.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn succeeded(app: &App, bucket: &str) -> Result<(), StoreError> {
    let emptied = async {
        let mut tx = app.store.write().await?;
        throttles::delete(&mut tx, bucket).await?;
        tx.commit().await
    };
    let emptied = emptied.await;
    if emptied.is_err() {
        // Whoever knows the password is not kept out because a disk was full.
        app.work.owe(bucket);
    }
    emptied
}

/// The mark a phone keeps after a good sign-in, to be counted apart from strangers.
pub fn new_device_token(app: &App, nip: &str) -> String {
    let device: [u8; DEVICE_BYTES] = app.chance.bytes();
    let tag = hmac::sign(&app.keys.device, &device_message(nip, &device));
    URL_SAFE_NO_PAD.encode([device.as_slice(), tag.as_ref()].concat())
}

fn known_device(key: &hmac::Key, nip: &str, token: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (device, tag) = bytes.split_at_checked(DEVICE_BYTES)?;
    hmac::verify(key, &device_message(nip, device), tag).ok()?;
    Some(hex::encode(device))
}

fn device_message(nip: &str, device: &[u8]) -> Vec<u8> {
    [nip.as_bytes(), b"\0", device].concat()
}
