//! A person's phones: enrolled by proof that their key is held, taken away by their person, or by a supervisor when they
//! are lost. Every change is in the log.

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
        StoreError, Tx,
        devices::{self, DeviceRow, UsedDevice},
        people, roles,
    },
};

/// Longest name, characters.
pub const NAME_MAX: usize = 80;
/// Phones one person may enrol in an hour.
const ENROLMENTS_HOURLY: u32 = 20;

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
    /// The key was taken away; only a new one can be enrolled.
    #[error("this key was taken away; make a new one")]
    Revoked,
    /// Too many were enrolled within the hour.
    #[error("too many phones were enrolled within the hour")]
    TooOften,
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
    by: PersonId,
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
    let fresh = !before.iter().any(|used| used.device.thumbprint == thumbprint);
    if fresh {
        if !app.work.may_enrol(person_id, now, ENROLMENTS_HOURLY) {
            return Err(DeviceError::TooOften);
        }
        retire(app, &mut tx, before).await?;
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
    let row = devices::enrol(&mut tx, &row).await?.ok_or(DeviceError::Revoked)?;
    if fresh {
        record(app, &mut tx, &row, "enrolled", person_id).await?;
    }
    tx.commit().await?;
    Ok((row, fresh))
}

/// Makes room for one more: a lost key must not keep its person from enrolling, so the one unused for longest goes.
async fn retire(app: &App, tx: &mut Tx, mut enrolled: Vec<UsedDevice>) -> Result<(), DeviceError> {
    enrolled.sort_by_key(|used| used.last_used_at.unwrap_or(used.device.enrolled_at));
    let room = usize::try_from(app.config.devices_max).unwrap_or(usize::MAX).saturating_sub(1);
    let over = enrolled.len().saturating_sub(room);
    for used in enrolled.into_iter().take(over) {
        devices::revoke(tx, used.device.id, used.device.person_id, app.now()).await?;
        record(app, tx, &used.device, "retired", used.device.person_id).await?;
    }
    Ok(())
}

/// Takes an own phone away: what it signs counts no more.
///
/// # Errors
/// [`DeviceError::NotFound`] when the person has no such phone.
pub async fn revoke(app: &App, person: &SignedIn, id: DeviceId) -> Result<(), DeviceError> {
    take_away(app, person.actor.person_id, person.actor.person_id, id).await
}

/// Takes a phone away from somebody whose unit `by` supervises: it was lost, and its person cannot do it.
///
/// # Errors
/// [`DeviceError::NotFound`] when the person has no such phone, or is none of theirs.
pub async fn revoke_lost(app: &App, by: &SignedIn, nip: &str, id: DeviceId) -> Result<(), DeviceError> {
    let viewer = by.actor.person_id;
    let mut tx = app.store.glance().await?;
    let whose = people::by_nip(&mut tx, nip).await?.ok_or(DeviceError::NotFound)?;
    if !roles::supervises(&mut tx, viewer, whose.unit_id, app.now().date_in(&by.zone)).await? {
        return Err(DeviceError::NotFound);
    }
    drop(tx);
    take_away(app, whose.id, viewer, id).await
}

async fn take_away(app: &App, person_id: PersonId, by: PersonId, id: DeviceId) -> Result<(), DeviceError> {
    let mut tx = app.store.write().await?;
    let row = devices::by_id(&mut tx, id).await?.ok_or(DeviceError::NotFound)?;
    if !devices::revoke(&mut tx, id, person_id, app.now()).await? {
        return Err(DeviceError::NotFound);
    }
    record(app, &mut tx, &row, "revoked", by).await?;
    tx.commit().await?;
    Ok(())
}

async fn record(app: &App, tx: &mut Tx, row: &DeviceRow, act: &'static str, by: PersonId) -> Result<(), DeviceError> {
    let thumbprint = hex::encode(&row.thumbprint);
    let record = LogRecord { device_id: row.id, person_id: row.person_id, thumbprint, act, by };
    log::append(tx, EntryKind::DeviceKey, &record, app.now(), &app.chance).await?;
    Ok(())
}
