//! Notifications as requests to a system of the operator's, signed as Standard Webhooks has it
//! (<https://www.standardwebhooks.com>), so that its libraries check them.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Request, Response, StatusCode, Uri, body::Incoming, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::json;
use tokio::time::timeout;

use super::outlet::{self, OutletError, Sent};
use crate::{config::Config, model::time::Timestamp, store::deliveries::MessageRow, telemetry};

/// What a secret begins with.
const SECRET_PREFIX: &str = "whsec_";
/// How long a secret may be, bytes.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// So much of an answer is read, bytes, and so long: only then can the connection be used again.
const ANSWER_BYTES_MAX: usize = 8_192;
const ANSWER_TIME: Duration = Duration::from_secs(1);
/// A connection that nobody uses is closed after this.
const IDLE: Duration = Duration::from_secs(20);

/// The receiver.
pub struct Webhook {
    url: Uri,
    keys: Vec<hmac::Key>,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    timeout: Duration,
}

impl Webhook {
    /// By its settings.
    ///
    /// # Errors
    /// [`OutletError`] when the secret or the certificates cannot be used.
    pub fn open(config: &Config) -> Result<Self, OutletError> {
        let url: Uri = config.webhook_url.parse().map_err(|_| OutletError::Address)?;
        let keys = keys(&outlet::read("webhook_secret_file", &config.webhook_secret_file)?)?;
        // Redirects are not followed: whoever answers for that address does not choose where notifications go.
        let client = Client::builder(TokioExecutor::new()).pool_idle_timeout(IDLE).build(connector(&url)?);
        Ok(Self { url, keys, client, timeout: Duration::from_millis(config.webhook_timeout_ms) })
    }

    /// Posts a notification once.
    pub async fn send(&self, message: &MessageRow, now: Timestamp) -> Sent {
        let request = match self.request(message, now) {
            Ok(request) => request,
            Err(error) => return Sent::Refused(error.to_string()),
        };
        match timeout(self.timeout, self.client.request(request)).await {
            Err(_) => Sent::Failed(format!("no answer within {} ms", self.timeout.as_millis())),
            Ok(Err(error)) => Sent::Failed(telemetry::in_full(&error)),
            Ok(Ok(answer)) => came_of(answer).await,
        }
    }

    fn request(&self, message: &MessageRow, now: Timestamp) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
        let body = json!({
            "id": message.notification_id, "kind": message.kind, "person": { "nip": message.nip },
            "about": message.about.0, "at": message.created_at,
        })
        .to_string();
        let id = message.id.to_string();
        Request::post(&self.url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, concat!("hadir/", env!("CARGO_PKG_VERSION")))
            .header("webhook-id", &id)
            .header("webhook-timestamp", now.as_second())
            .header("webhook-signature", signature(&self.keys, &id, now.as_second(), &body))
            .body(Full::from(body))
    }
}

/// The status decides; what else the receiver says is not needed.
async fn came_of(answer: Response<Incoming>) -> Sent {
    let status = answer.status();
    let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX);
    let _ = timeout(ANSWER_TIME, body.collect()).await;
    match status {
        _ if status.is_success() => Sent::Delivered,
        StatusCode::GONE => Sent::Refused("the receiver answered 410: it wants no more".to_owned()),
        _ if status.is_redirection() => {
            Sent::Failed(format!("the receiver answered {}; redirects are not followed", status.as_u16()))
        }
        _ => Sent::Failed(format!("the receiver answered {}", status.as_u16())),
    }
}

/// `v1,` and the HMAC-SHA-256 over `id.time.body` in Base64, one for each key, with spaces between them.
pub fn signature(keys: &[hmac::Key], id: &str, at_s: i64, body: &str) -> String {
    let signed = format!("{id}.{at_s}.{body}");
    let one = |key| format!("v1,{}", STANDARD.encode(hmac::sign(key, signed.as_bytes())));
    keys.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// The keys of a file of secrets, one a line.
///
/// # Errors
/// [`OutletError::Secret`] when a line is none, or there is none.
pub fn keys(text: &str) -> Result<Vec<hmac::Key>, OutletError> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let key = |line: &str| {
        let secret = STANDARD.decode(line.strip_prefix(SECRET_PREFIX)?).ok()?;
        SECRET_BYTES.contains(&secret.len()).then(|| hmac::Key::new(hmac::HMAC_SHA256, &secret))
    };
    let keys: Option<Vec<hmac::Key>> = lines.map(key).collect();
    keys.filter(|keys| !keys.is_empty()).ok_or(OutletError::Secret)
}

/// Connections by the certificates of this system; to this machine itself, none are needed.
fn connector(url: &Uri) -> Result<HttpsConnector<HttpConnector>, OutletError> {
    let builder = HttpsConnectorBuilder::new();
    if url.scheme_str() == Some("http") {
        let nobody = rustls::RootCertStore::empty();
        let tls = rustls::ClientConfig::builder().with_root_certificates(nobody).with_no_client_auth();
        return Ok(builder.with_tls_config(tls).https_or_http().enable_http1().build());
    }
    let builder = builder.with_native_roots().map_err(|error| OutletError::Certificates(error.to_string()))?;
    Ok(builder.https_only().enable_http1().build())
}
