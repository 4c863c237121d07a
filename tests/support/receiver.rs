//! A receiver of webhooks: a real HTTP server that checks signatures by itself and answers as a test tells it to.

use std::{
    collections::VecDeque,
    convert::Infallible,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use futures_util::stream;
use hadir::config::Config;
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    Request, Response,
    body::{Frame, Incoming},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
    time::sleep,
};

use super::tls;

/// Shared with the receiver.
pub const SECRET: &str = "whsec_aGFkaXItdGVzdHMtc2hhcmUtdGhpcy1zZWNyZXQ=";

/// What the receiver answers, one after the other; afterwards 204.
#[derive(Clone, Debug)]
pub enum Reply {
    /// This.
    Status(u16),
    /// After a while.
    Slow(Duration, u16),
    /// Elsewhere.
    Redirect(String),
    /// 200, and then it never stops talking.
    Endless,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Received {
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`.
    pub at_s: i64,
    /// Whether `webhook-signature` is by the shared secret, over what came.
    pub is_genuine: bool,
    /// The body.
    pub body: Value,
    /// The path that was asked for.
    pub path: String,
}

#[derive(Default)]
struct Shared {
    replies: Mutex<VecDeque<Reply>>,
    received: Mutex<Vec<Received>>,
}

/// A running receiver.
pub struct Receiver {
    pub url: String,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl Receiver {
    pub async fn start(replies: &[Reply]) -> Self {
        Self::serve(replies, false).await
    }

    /// Over TLS, by the certificate of the tests.
    pub async fn start_tls() -> Self {
        Self::serve(&[], true).await
    }

    async fn serve(replies: &[Reply], encrypted: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let url =
            if encrypted { format!("https://localhost:{port}/in") } else { format!("http://127.0.0.1:{port}/in") };
        let shared = Arc::new(Shared { replies: Mutex::new(replies.iter().cloned().collect()), ..Shared::default() });
        let theirs = Arc::clone(&shared);
        let accepting = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let shared = Arc::clone(&theirs);
                tokio::spawn(async move {
                    if encrypted {
                        if let Ok(stream) = tls::acceptor().accept(socket).await {
                            converse(stream, shared).await;
                        }
                    } else {
                        converse(socket, shared).await;
                    }
                });
            }
        });
        Self { url, shared, accepting }
    }

    /// What came so far.
    pub fn received(&self) -> Vec<Received> {
        self.shared.received.lock().expect("a lock").clone()
    }

    /// Waits until so many came.
    pub async fn wait_for(&self, count: usize) {
        for _ in 0..400 {
            if self.received().len() >= count {
                return;
            }
            sleep(Duration::from_millis(25)).await;
        }
        assert!(self.received().len() >= count, "{} of {count} came", self.received().len());
    }

    /// Lets the settings name this receiver.
    pub fn configure(&self, config: &mut Config) {
        configure(config, &self.url);
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Settings that name a receiver, driven by the test and not by the clock of the machine.
pub fn configure(config: &mut Config, url: &str) {
    config.webhook_url = url.to_owned();
    config.webhook_secret_file = secret_file(config);
    config.webhook_timeout_ms = 2_000;
    config.notify_interval_ms = 3_600_000;
}

/// A file with the secret beside the data folder.
fn secret_file(config: &Config) -> PathBuf {
    let path = config.data_dir.with_file_name("webhook.secret");
    std::fs::write(&path, format!("{SECRET}\n")).expect("a file");
    path
}

async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, shared: Arc<Shared>) {
    let service = service_fn(move |request| answer(request, Arc::clone(&shared)));
    let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}

type Body = UnsyncBoxBody<Bytes, Infallible>;

async fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> Result<Response<Body>, hyper::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    let (id, at) = (header("webhook-id"), header("webhook-timestamp"));
    let received = Received {
        is_genuine: is_genuine(&id, &at, &header("webhook-signature"), &body),
        at_s: at.parse().unwrap_or(0),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        path: head.uri.path().to_owned(),
        id,
    };
    shared.received.lock().expect("a lock").push(received);
    let reply = shared.replies.lock().expect("a lock").pop_front().unwrap_or(Reply::Status(204));
    let empty = || Full::default().boxed_unsync();
    let answer = Response::builder();
    Ok(match reply {
        Reply::Status(status) => answer.status(status).body(empty()),
        Reply::Slow(pause, status) => {
            sleep(pause).await;
            answer.status(status).body(empty())
        }
        Reply::Redirect(to) => answer.status(307).header("location", to).body(empty()),
        Reply::Endless => answer.status(200).body(endless()),
    }
    .expect("an answer"))
}

/// Says something every few milliseconds.
fn endless() -> Body {
    let chunks = stream::unfold((), |()| async {
        sleep(Duration::from_millis(5)).await;
        Some((Ok(Frame::data(Bytes::from_static(&[b'x'; 512]))), ()))
    });
    StreamBody::new(chunks).boxed_unsync()
}

/// As the receiver's own library would look at it.
fn is_genuine(id: &str, at: &str, signatures: &str, body: &[u8]) -> bool {
    let secret = STANDARD.decode(SECRET.trim_start_matches("whsec_")).expect("a secret");
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
    let signed = [id.as_bytes(), b".", at.as_bytes(), b".", body].concat();
    signatures
        .split(' ')
        .filter_map(|signature| STANDARD.decode(signature.strip_prefix("v1,")?).ok())
        .any(|tag| hmac::verify(&key, &signed, &tag).is_ok())
}

/// A server that reads a request, says these bytes and hangs up; gives its address.
pub async fn hangs_up(after: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/in", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut some = [0; 512];
            let _ = socket.read(&mut some).await;
            let _ = socket.write_all(after).await;
        }
    });
    url
}
