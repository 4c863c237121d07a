//! A person's phones: enrolled by proof that their key is held, taken away by their person. Every change is in the log.

use serde::Serialize;

use super::{
    SignedIn,
    device_key::{PROOF_TYPE, Proof, PublicJwk, PublicKey, TOKEN_MAX},
};
use crate::{
    app::App,
    log::{self, LogError},
    model::{
        ids::{DeviceId, PersonId},
        words::EntryKind,
    },
    store::{
        StoreError,
        devices::{self, DeviceRow},
    },
};

/// Longest name, characters.
pub const NAME_MAX: usize = 80;

/// Why no phone was enrolled or taken away.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// No key of P-256.
    #[error("public_key has to be a JWK of kty EC and crv P-256")]
    Key,
    /// The proof is not signed by the key, or for somebody else.
    #[error("proof has to be a JWS by this key whose `sub` is your id")]
    Proof,
    /// The name is empty, too long, or cannot be stored.
    #[error("name has to have 1 to {NAME_MAX} characters")]
    Name,
    /// There are as many as are allowed.
    #[error("there are {0} enrolled phones already; take one away first")]
    TooMany(i64),
    /// The person has no such phone.
    #[error("you have no such phone enrolled")]
    NotFound,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
}

#[derive(Serialize)]
struct LogRecord {
    device_id: DeviceId,
    person_id: PersonId,
    thumbprint: String,
    act: &'static str,
}

/// A key to enrol.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// What the person reads.
    pub name: String,
    /// The public key.
    pub public_key: PublicJwk,
    /// A token of type [`PROOF_TYPE`] by it.
    pub proof: String,
}

/// Enrols a phone; the same key again is the same phone. True when it was not enrolled before.
///
/// # Errors
/// [`DeviceError`].
pub async fn enrol(app: &App, person: &SignedIn, new: &NewDevice) -> Result<(DeviceRow, bool), DeviceError> {
    let person_id = person.actor.person_id;
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.contains('\0') {
        return Err(DeviceError::Name);
    }
    let key = PublicKey::from_jwk(&new.public_key).ok_or(DeviceError::Key)?;
    let proof = Some(new.proof.as_str()).filter(|proof| proof.len() <= TOKEN_MAX);
    let proof: Proof = proof.and_then(|proof| key.read(PROOF_TYPE, proof)).ok_or(DeviceError::Proof)?;
    if proof.sub != person_id {
        return Err(DeviceError::Proof);
    }
    let now = app.now();
    let mut tx = app.store.write().await?;
    let thumbprint = key.thumbprint().to_vec();
    let before = devices::of_person(&mut tx, person_id).await?;
    let known = before.iter().find(|used| used.device.thumbprint == thumbprint);
    let count = i64::try_from(before.len()).unwrap_or(i64::MAX);
    if known.is_none() && count >= app.config.devices_max {
        return Err(DeviceError::TooMany(count));
    }
    let row = DeviceRow {
        id: DeviceId::new(now, &app.chance),
        person_id,
        name: name.to_owned(),
        thumbprint,
        public_key: key.as_bytes().to_vec(),
        enrolled_at: now,
        revoked_at: None,
    };
    let row = devices::enrol(&mut tx, &row).await?;
    let fresh = known.is_none();
    if fresh {
        record(app, &mut tx, &row, "enrolled").await?;
    }
    tx.commit().await?;
    Ok((row, fresh))
}

/// Takes a phone away: what it signs counts no more.
///
/// # Errors
/// [`DeviceError::NotFound`] when the person has no such phone.
pub async fn revoke(app: &App, person: &SignedIn, id: DeviceId) -> Result<(), DeviceError> {
    let person_id = person.actor.person_id;
    let mut tx = app.store.write().await?;
    let row = devices::by_id(&mut tx, id).await?.ok_or(DeviceError::NotFound)?;
    if !devices::revoke(&mut tx, id, person_id, app.now()).await? {
        return Err(DeviceError::NotFound);
    }
    record(app, &mut tx, &row, "revoked").await?;
    tx.commit().await?;
    Ok(())
}

async fn record(app: &App, tx: &mut crate::store::Tx, row: &DeviceRow, act: &'static str) -> Result<(), DeviceError> {
    let thumbprint = hex::encode(&row.thumbprint);
    let record = LogRecord { device_id: row.id, person_id: row.person_id, thumbprint, act };
    log::append(tx, EntryKind::DeviceKey, &record, app.now(), &app.chance).await?;
    Ok(())
}
