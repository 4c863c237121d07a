//! Access tokens: short-lived, one algorithm, every claim required and checked against our own clock.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    keys::Signer,
    model::{
        ids::{PersonId, SessionId},
        time::Timestamp,
    },
};

/// Who makes the tokens.
pub const ISSUER: &str = "hadir";
/// Who they are for.
pub const AUDIENCE: &str = "hadir-api";
/// What kind of token it is (RFC 9068).
pub const TOKEN_TYPE: &str = "at+jwt";
/// Clocks of replicas may differ this much.
const LEEWAY_SECONDS: i64 = 5;

/// What an access token says. Roles are not among it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// [`ISSUER`].
    pub iss: String,
    /// [`AUDIENCE`].
    pub aud: String,
    /// Who.
    pub sub: PersonId,
    /// Through which sign-in.
    pub sid: SessionId,
    /// Issued at, seconds.
    pub iat: i64,
    /// Not before, seconds.
    pub nbf: i64,
    /// Expires at, seconds.
    pub exp: i64,
}

/// Why a token is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// Not a token of ours: shape, key, algorithm, type, signature, issuer or audience.
    #[error("the access token is not valid here")]
    Invalid,
    /// Was good once.
    #[error("the access token has expired")]
    Expired,
}

/// Why a token could not be made.
#[derive(Debug, thiserror::Error)]
#[error("a token could not be signed")]
pub struct SigningError(#[from] jsonwebtoken::errors::Error);

/// Makes an access token.
///
/// # Errors
/// [`SigningError`] when the library refuses.
pub fn issue(
    signer: &Signer,
    person_id: PersonId,
    session_id: SessionId,
    now: Timestamp,
    lifetime_seconds: i64,
) -> Result<String, SigningError> {
    let issued = now.as_second();
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: person_id,
        sid: session_id,
        iat: issued,
        nbf: issued,
        exp: issued + lifetime_seconds,
    };
    sign(signer, TOKEN_TYPE, &claims)
}

/// Signs any claims as a token of a type.
///
/// # Errors
/// [`SigningError`] when the library refuses.
pub fn sign(signer: &Signer, token_type: &str, claims: &impl Serialize) -> Result<String, SigningError> {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(token_type.to_owned());
    header.kid = Some(signer.kid.clone());
    Ok(encode(&header, claims, &signer.encoding)?)
}

/// Checks an access token.
///
/// # Errors
/// [`Refused`].
pub fn check(signer: &Signer, token: &str, now: Timestamp) -> Result<Claims, Refused> {
    check_header(signer, token)?;
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_audience(&[AUDIENCE]);
    rules.set_issuer(&[ISSUER]);
    rules.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    // Times are compared with our own clock below, because the library reads the machine's.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    let claims = decode::<Claims>(token, &signer.decoding, &rules).map_err(|_| Refused::Invalid)?.claims;
    let seconds = now.as_second();
    if seconds >= claims.exp.saturating_add(LEEWAY_SECONDS) {
        return Err(Refused::Expired);
    }
    if seconds < claims.nbf.saturating_sub(LEEWAY_SECONDS) {
        return Err(Refused::Invalid);
    }
    Ok(claims)
}

/// What the header of a token says, before anything of it is believed.
pub(super) fn header_members(token: &str) -> Result<serde_json::Map<String, Value>, Refused> {
    let encoded = token.split('.').next().ok_or(Refused::Invalid)?;
    let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| Refused::Invalid)?;
    serde_json::from_slice(&bytes).map_err(|_| Refused::Invalid)
}

/// The library accepts any `typ` and ignores `crit`; ours has exactly three members, with these values.
fn check_header(signer: &Signer, token: &str) -> Result<(), Refused> {
    let header = header_members(token)?;
    let expected = [("alg", "EdDSA"), ("typ", TOKEN_TYPE), ("kid", signer.kid.as_str())];
    let matches = header.len() == expected.len()
        && expected.iter().all(|(name, value)| header.get(*name).and_then(Value::as_str) == Some(*value));
    if matches { Ok(()) } else { Err(Refused::Invalid) }
}
