//! Devices: the public keys that sign a person's check-ins.

use sqlx::FromRow;

use super::{StoreError, Tx, execute, fetch, statements::statements};
use crate::model::{
    ids::{DeviceId, PersonId},
    time::Timestamp,
};

statements! {
    BY_ID = "SELECT id, person_id, name, thumbprint, public_key, enrolled_at, revoked_at FROM devices WHERE id = $1";
    OF_PERSON = "SELECT d.id, d.person_id, d.name, d.thumbprint, d.public_key, d.enrolled_at, d.revoked_at,
            (SELECT MAX(c.received_at) FROM checkins c WHERE c.person_id = d.person_id AND c.device_id = d.id) AS last_used_at
        FROM devices d WHERE d.person_id = $1 AND d.revoked_at IS NULL ORDER BY d.enrolled_at, d.id";
    EVERY_OF_PERSON = "SELECT id, person_id, name, thumbprint, public_key, enrolled_at, revoked_at FROM devices
        WHERE person_id = $1 ORDER BY enrolled_at, id";
    HAS_ANY = "SELECT COUNT(*) FROM devices WHERE person_id = $1 AND revoked_at IS NULL";
    // The same key again is the same device; one that was taken away stays away.
    ENROL = "INSERT INTO devices (id, person_id, name, thumbprint, public_key, enrolled_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (person_id, thumbprint) DO UPDATE SET name = excluded.name WHERE devices.revoked_at IS NULL
        RETURNING id, person_id, name, thumbprint, public_key, enrolled_at, revoked_at";
    REVOKE = "UPDATE devices SET revoked_at = $3 WHERE id = $1 AND person_id = $2 AND revoked_at IS NULL";
}

/// A device as stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct DeviceRow {
    /// Id; names the key in a signature.
    pub id: DeviceId,
    /// Whose.
    pub person_id: PersonId,
    /// What the person reads.
    pub name: String,
    /// SHA-256 of the public key.
    pub thumbprint: Vec<u8>,
    /// The public key: x and y of a point of P-256, 32 bytes each.
    pub public_key: Vec<u8>,
    /// Since when it counts.
    pub enrolled_at: Timestamp,
    /// Since when it counts no more.
    pub revoked_at: Option<Timestamp>,
}

/// A device with the last check-in it signed.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct UsedDevice {
    /// The device.
    #[sqlx(flatten)]
    pub device: DeviceRow,
    /// When it last signed a check-in.
    pub last_used_at: Option<Timestamp>,
}

/// One device.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn by_id(tx: &mut Tx, id: DeviceId) -> Result<Option<DeviceRow>, StoreError> {
    Ok(fetch!(fetch_optional, DeviceRow, tx, BY_ID, id)?)
}

/// A person's devices that count, oldest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn of_person(tx: &mut Tx, person_id: PersonId) -> Result<Vec<UsedDevice>, StoreError> {
    Ok(fetch!(fetch_all, UsedDevice, tx, OF_PERSON, person_id)?)
}

/// How many devices of a person count.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn count(tx: &mut Tx, person_id: PersonId) -> Result<i64, StoreError> {
    let (count,) = fetch!(fetch_one, (i64,), tx, HAS_ANY, person_id)?;
    Ok(count)
}

/// Enrols a key, or finds the device it belongs to; gives what is stored then, and nothing when it was taken away.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn enrol(tx: &mut Tx, row: &DeviceRow) -> Result<Option<DeviceRow>, StoreError> {
    let (name, thumbprint, key) = (row.name.clone(), row.thumbprint.clone(), row.public_key.clone());
    Ok(fetch!(fetch_optional, DeviceRow, tx, ENROL, row.id, row.person_id, name, thumbprint, key, row.enrolled_at)?)
}

/// Takes a device away; false when the person has no such device.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn revoke(tx: &mut Tx, id: DeviceId, person_id: PersonId, now: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, REVOKE, id, person_id, now)? == 1)
}

/// A person's devices, those that were taken away with them, oldest first.
///
/// # Errors
/// [`StoreError`] when the statement fails.
pub async fn every_of_person(tx: &mut Tx, person_id: PersonId) -> Result<Vec<DeviceRow>, StoreError> {
    Ok(fetch!(fetch_all, DeviceRow, tx, EVERY_OF_PERSON, person_id)?)
}
