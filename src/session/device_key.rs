//! Keys of phones: P-256 keys that a browser makes and never gives away. What they sign is a JWS (ES256), so that any JOSE
//! library can make and check it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::access;
use crate::model::ids::{DeviceId, PersonId};

/// What kind of token proves that a key is held.
pub const PROOF_TYPE: &str = "device-proof+jws";
/// What kind of token signs a check-in.
pub const CHECKIN_TYPE: &str = "checkin+jws";
/// Bytes of a coordinate of P-256.
const COORDINATE_BYTES: usize = 32;
/// Longest token that is looked at, bytes.
pub const TOKEN_MAX: usize = 2048;

/// A public key as a JWK (RFC 7518, 6.2).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicJwk {
    /// `EC`.
    #[schema(example = "EC")]
    pub kty: String,
    /// `P-256`.
    #[schema(example = "P-256")]
    pub crv: String,
    /// URL-safe base64 of 32 bytes.
    #[schema(example = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")]
    pub x: String,
    /// URL-safe base64 of 32 bytes.
    #[schema(example = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")]
    pub y: String,
}

/// A public key, x and y.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey([u8; 2 * COORDINATE_BYTES]);

/// Who says to hold a key.
#[derive(Debug, Deserialize)]
pub struct Proof {
    /// The person.
    pub sub: PersonId,
}

/// What a check-in's signature covers.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct SignedParts {
    /// SHA-256 of the `checkin` part, hexadecimal.
    pub checkin_sha256: String,
    /// SHA-256 of the photo, hexadecimal.
    pub photo_sha256: String,
}

impl PublicKey {
    /// Reads a JWK; nothing when it is no key of P-256. Whether the point lies on the curve shows when it verifies.
    pub fn from_jwk(jwk: &PublicJwk) -> Option<Self> {
        let coordinate = |text: &str| URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == COORDINATE_BYTES);
        let fits = jwk.kty == "EC" && jwk.crv == "P-256";
        let both = [coordinate(&jwk.x)?, coordinate(&jwk.y)?].concat();
        both.try_into().ok().filter(|_| fits).map(Self)
    }

    /// As it is stored.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// As it is stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// SHA-256 of the key: the same key is the same phone.
    pub fn thumbprint(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// What a token of this key says; nothing when it is of another type, or not signed by it.
    pub fn read<T: DeserializeOwned>(&self, token_type: &str, token: &str) -> Option<T> {
        let header = access::header_members(token).ok()?;
        let text = |name: &str| header.get(name).and_then(serde_json::Value::as_str);
        let known = header.keys().all(|name| ["alg", "typ", "kid"].contains(&name.as_str()));
        if !known || text("alg") != Some("ES256") || text("typ") != Some(token_type) {
            return None;
        }
        let (x, y) = self.0.split_at(COORDINATE_BYTES);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let key = DecodingKey::from_ec_components(&x, &y).ok()?;
        let mut rules = Validation::new(Algorithm::ES256);
        // It stands for what it covers, not for a time.
        rules.set_required_spec_claims::<&str>(&[]);
        (rules.validate_exp, rules.validate_aud) = (false, false);
        decode::<T>(token, &key, &rules).ok().map(|read| read.claims)
    }
}

/// Which device a token names.
pub fn named_device(token: &str) -> Option<DeviceId> {
    access::header_members(token).ok()?.get("kid")?.as_str()?.parse().ok()
}
