//! What vouches for the phone a check-in came from.

use sha2::{Digest as _, Sha256};

use super::submit::Upload;
use crate::{
    evidence::device::Signature,
    model::{ids::DeviceId, words::Assurance},
    session::device_key::{self, CHECKIN_TYPE, PublicKey, SignedParts},
    store::devices::DeviceRow,
};

/// So long a phone counts as just enrolled, seconds.
const NEW_S: f64 = 86_400.0;

/// The tier of a check-in, and how its signature was found.
#[derive(Clone, Copy, Debug)]
pub struct Assured {
    /// The tier.
    pub tier: Assurance,
    /// The device whose key signed it.
    pub device_id: Option<DeviceId>,
    /// What became of the signature.
    pub signature: Signature,
}

/// What vouches for the phone, by the person's devices, those taken away among them.
pub(super) fn assure(devices: &[DeviceRow], upload: &Upload) -> Assured {
    let without = |signature| Assured { tier: Assurance::Session, device_id: None, signature };
    let mut enrolled = devices.iter().filter(|device| device.revoked_at.is_none());
    let named = upload.signature.as_deref().and_then(|token| Some((token, device_key::named_device(token)?)));
    let Some((token, id)) = named else {
        // What names no key is no signature.
        return without(if enrolled.next().is_some() { Signature::Left } else { Signature::None });
    };
    let Some(device) = enrolled.find(|device| device.id == id) else { return without(Signature::UnknownKey) };
    let signed = PublicKey::from_bytes(&device.public_key).and_then(|key| key.read(CHECKIN_TYPE, token));
    let covers = SignedParts {
        checkin_sha256: hex::encode(Sha256::digest(upload.request.as_bytes())),
        photo_sha256: hex::encode(upload.sha256),
    };
    if signed != Some(covers) {
        return without(Signature::Wrong);
    }
    let fresh = upload.received_at.seconds_since(device.enrolled_at) < NEW_S;
    let signature = if fresh { Signature::New } else { Signature::Good };
    Assured { tier: Assurance::DeviceKey, device_id: Some(id), signature }
}
