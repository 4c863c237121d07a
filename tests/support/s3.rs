//! An S3 server in the test process: the real protocol over real sockets, signatures checked.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use hadir::{blobs::s3::S3Options, model::chance::Chance};
use http_body_util::BodyExt as _;
use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{
    Body,
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use s3s_fs::FileSystem;
use tokio::{net::TcpListener, task::JoinHandle};

pub const ACCESS_KEY: &str = "HADIRTESTACCESSKEY00";
pub const SECRET_KEY: &str = "a-secret-only-the-tests-know";
pub const BUCKET: &str = "hadir";

/// How a client reaches a server.
pub fn options(url: &str) -> S3Options {
    S3Options {
        endpoint: Some(url.to_owned()),
        region: "us-east-1".to_owned(),
        bucket: BUCKET.to_owned(),
        access_key_id: ACCESS_KEY.to_owned(),
        secret_access_key: SECRET_KEY.to_owned(),
        path_style: true,
        checksum_when_required: true,
        timeout: Duration::from_secs(10),
    }
}

/// How it fails, by chance.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// One of so many requests, of those that can be chosen; 0 is none.
    pub one_in: u8,
}

/// One way of failing.
#[derive(Clone, Copy)]
enum Fault {
    /// Nothing is done.
    Unavailable,
    /// It is done, and an error is answered.
    Error,
    /// It is done, and there is no answer.
    Silence,
    /// It is done, and the connection breaks.
    Break,
    /// Half an answer.
    Half,
    /// An answer with other bytes.
    Other,
}

/// Longer than any client here waits.
const SILENCE: Duration = Duration::from_secs(30);

/// A server with one bucket.
pub struct Server {
    pub url: String,
    accepting: JoinHandle<()>,
    faults: Arc<Mutex<Faults>>,
}

impl Server {
    pub async fn start(root: &Path) -> Self {
        std::fs::create_dir_all(root.join(BUCKET)).expect("a bucket");
        let mut builder = S3ServiceBuilder::new(FileSystem::new(root).expect("a file system"));
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let faults = Arc::new(Mutex::new(Faults::default()));
        let (chosen, chance) = (Arc::clone(&faults), Arc::new(Chance::from_seed([3; 32])));
        let accepting = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                socket.set_nodelay(true).expect("no delay");
                let (service, chosen, chance) = (service.clone(), Arc::clone(&chosen), Arc::clone(&chance));
                let answer = service_fn(move |request| {
                    let faults = *chosen.lock().expect("a lock");
                    let fault = choose(faults, &chance);
                    answer(service.clone(), request, fault)
                });
                tokio::spawn(async move {
                    let http = Builder::new(TokioExecutor::new());
                    let _ = http.serve_connection(TokioIo::new(socket), answer).await;
                });
            }
        });
        Self { url, accepting, faults }
    }

    /// From now on it fails so.
    pub fn fail(&self, faults: Faults) {
        *self.faults.lock().expect("a lock") = faults;
    }
}

fn choose(faults: Faults, chance: &Chance) -> Option<Fault> {
    let [whether, which] = chance.bytes::<2>();
    let all = [Fault::Unavailable, Fault::Error, Fault::Silence, Fault::Break, Fault::Half, Fault::Other];
    (faults.one_in > 0 && whether % faults.one_in == 0).then(|| all[usize::from(which) % all.len()])
}

async fn answer(
    service: S3Service,
    request: Request<Incoming>,
    fault: Option<Fault>,
) -> Result<Response<Body>, Box<dyn std::error::Error + Send + Sync>> {
    let error = |status| Ok(Response::builder().status(status).body(Body::empty())?);
    if matches!(fault, Some(Fault::Unavailable)) {
        return error(503);
    }
    let answered = service.call(request.map(Body::from)).await.map_err(|error| format!("{error:?}"))?;
    match fault {
        Some(Fault::Error) => error(500),
        Some(Fault::Silence) => {
            tokio::time::sleep(SILENCE).await;
            error(500)
        }
        Some(Fault::Break) => Err("broken".into()),
        Some(Fault::Half | Fault::Other) => {
            let (head, body) = answered.into_parts();
            let mut bytes = body.collect().await.map_err(|error| format!("{error:?}"))?.to_bytes().to_vec();
            match fault {
                Some(Fault::Half) => bytes.truncate(bytes.len() / 2),
                _ => bytes.iter_mut().for_each(|byte| *byte ^= 1),
            }
            Ok(Response::from_parts(head, Body::from(Bytes::from(bytes))))
        }
        _ => Ok(answered),
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
