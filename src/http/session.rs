//! Sign-in, refresh, sign-out, and the public keys.

use actix_web::{HttpResponse, web};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{auth::Person, console, problem::Problem};
use crate::{
    app::App,
    session::{
        refresh,
        sign_in::{self, Tokens},
    },
};

/// Staff number and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Staff number.
    #[schema(example = "199001012015011001")]
    nip: String,
    /// Password.
    #[schema(example = "a long password")]
    password: String,
    /// The mark this device got at its last sign-in.
    device_token: Option<String>,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// Good once.
    refresh_token: String,
}

/// What a signed-in phone holds.
#[derive(Serialize, ToSchema)]
pub struct TokensView {
    /// For every request, as `Authorization: Bearer`.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Life of the access token, seconds.
    #[schema(example = 600)]
    expires_in_s: i64,
    /// Good once, for the next pair; shown again within 30 s, before the next one is used, it gives the same pair.
    refresh_token: String,
    /// Mark of this device, to show at the next sign-in; absent after a refresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    device_token: Option<String>,
}

/// Public keys, as a JWK set (RFC 8037).
#[derive(Serialize, ToSchema)]
pub struct KeySet {
    /// The keys.
    keys: Vec<PublicKey>,
}

/// One public key.
#[derive(Serialize, ToSchema)]
pub struct PublicKey {
    /// Always `OKP`.
    #[schema(example = "OKP")]
    kty: &'static str,
    /// Always `Ed25519`.
    #[schema(example = "Ed25519")]
    crv: &'static str,
    /// Always `EdDSA`.
    #[schema(example = "EdDSA")]
    alg: &'static str,
    /// Names the key.
    kid: String,
    /// The key, in URL-safe base64.
    x: String,
    /// What it signs.
    #[serde(rename = "use")]
    #[schema(example = "sig")]
    usage: &'static str,
}

fn tokens(app: &App, tokens: Tokens) -> HttpResponse {
    HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(TokensView {
        access_token: tokens.access_token,
        token_type: "Bearer",
        expires_in_s: app.config.access_token_s,
        refresh_token: tokens.refresh_token,
        device_token: tokens.device_token,
    })
}

/// Sign in with staff number and password.
#[utoipa::path(post, path = "/api/v1/session", operation_id = "sign_in", tag = "session", request_body = SignIn,
    responses((status = 200, body = TokensView, description = "Signed in")))]
pub async fn sign_in(app: web::Data<App>, body: web::Json<SignIn>) -> Result<HttpResponse, Problem> {
    let found = sign_in::sign_in(&app, &body.nip, &body.password, body.device_token.as_deref()).await?;
    Ok(tokens(&app, found))
}

/// Exchange a refresh token for a new pair.
#[utoipa::path(post, path = "/api/v1/session/refresh", operation_id = "refresh", tag = "session", request_body = Refresh,
    responses((status = 200, body = TokensView, description = "A new pair")))]
pub async fn refresh(app: web::Data<App>, body: web::Json<Refresh>) -> Result<HttpResponse, Problem> {
    let found = sign_in::renew(&app, &body.refresh_token).await?;
    Ok(tokens(&app, found))
}

/// Sign out: access and refresh tokens of this sign-in, or its cookie, stop working.
#[utoipa::path(delete, path = "/api/v1/session", operation_id = "sign_out", tag = "session",
    responses((status = 204, description = "Signed out")))]
pub async fn sign_out(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    refresh::close(&app, person.actor.session_id).await?;
    Ok(HttpResponse::NoContent().cookie(console::forgotten()).finish())
}

/// Sign out everywhere: every sign-in of this person stops working, on all phones.
#[utoipa::path(delete, path = "/api/v1/sessions", operation_id = "sign_out_everywhere", tag = "session",
    responses((status = 204, description = "Signed out everywhere")))]
pub async fn sign_out_everywhere(app: web::Data<App>, person: Person) -> Result<HttpResponse, Problem> {
    refresh::close_all(&app, person.actor.person_id).await?;
    Ok(HttpResponse::NoContent().cookie(console::forgotten()).finish())
}

/// The public keys that verify receipts.
#[utoipa::path(get, path = "/api/v1/keys", operation_id = "keys", tag = "session",
    responses((status = 200, body = KeySet, description = "A JWK set")))]
pub async fn keys(app: web::Data<App>) -> HttpResponse {
    let signer = &app.keys.receipts;
    let x = URL_SAFE_NO_PAD.encode(signer.public);
    let key = PublicKey { kty: "OKP", crv: "Ed25519", alg: "EdDSA", kid: signer.kid.clone(), x, usage: "sig" };
    HttpResponse::Ok().json(KeySet { keys: vec![key] })
}
