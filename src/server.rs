//! Puts a server together from its settings, starts it, and stops it without cutting anything off.

use std::{
    net::SocketAddr,
    num::NonZeroUsize,
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix_web::{HttpServer, dev::ServerHandle, middleware::from_fn, web};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    app::App,
    blobs::{
        Blobs,
        fs::FolderBlobs,
        memory::MemoryBlobs,
        s3::{S3Blobs, S3Options},
    },
    changes,
    config::{Config, PhotoStore, SQLITE_FILE},
    evidence::{
        finding::{Code, UnknownCode},
        photo::{face::FaceDetector, header::PhotoLimits, inspect::Examiner},
    },
    http::{auth, request_log, routes},
    jobs,
    keys::{KeyError, Keys},
    model::{
        chance::Chance,
        ids::{CheckinId, PlaceId},
        time::Clock,
    },
    notify::outlet::{Outlet, OutletError},
    places::reseal,
    policy::{Rules, values::Values},
    reuse::Reuse,
    seal::{self, SealError, Sealer},
    store::{Store, StoreError, StoreOptions, places, positions, recordings::Recorder},
    tally::Tallies,
    telemetry::Metrics,
    ways::Ways,
    work::{Work, WorkLimits, peak::Peak},
};

/// Idle connections are closed after this.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A phone that is told "no" while it still sends has this long to read the answer.
const LINGER: Duration = Duration::from_secs(20);

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder or the photo folder cannot be used.
    #[error("the folder {path} cannot be used: {source}")]
    Folder {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The database cannot be used.
    #[error("the database cannot be used")]
    Store(#[from] StoreError),
    /// There are no keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// There are no sealing keys.
    #[error(transparent)]
    Sealing(#[from] SealError),
    /// A finding that does not exist was made silent.
    #[error("findings_silent: {0}")]
    Silent(#[source] UnknownCode),
    /// The face model cannot be used.
    #[error("face_model_file {path}: {why}")]
    FaceModel {
        /// Which file.
        path: String,
        /// Why not.
        why: String,
    },
    /// Notifications cannot be sent as the settings say.
    #[error(transparent)]
    Notifications(#[from] OutletError),
    /// There can be no further thread.
    #[error("a thread could not be started")]
    Thread(#[source] std::io::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which.
        address: String,
        /// Why.
        source: std::io::Error,
    },
}

/// Puts the parts together; the database is open and migrated afterwards.
///
/// # Errors
/// [`StartError`] names the part.
pub async fn compose(config: Config, clock: Arc<dyn Clock>, chance: Chance) -> Result<Arc<App>, StartError> {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let folder = |path: &std::path::Path, source| StartError::Folder { path: path.display().to_string(), source };
    make_private(&config.data_dir).map_err(|error| folder(&config.data_dir, error))?;
    // A file that was named has to be there: a secret made in its place would fit no other replica's.
    let may_create = config.secret_file.as_os_str().is_empty();
    let keys = Keys::load(&config.secret_file(), may_create, &chance)?;
    let rules = Rules::current(&silent(&config.findings_silent)?);
    if config.database_url.is_empty() {
        make_file_private(&config.data_dir.join(SQLITE_FILE)).map_err(|error| folder(&config.data_dir, error))?;
    }
    let store = Store::open(&store_options(&config)).await?;
    // A new ring in the place of one that is missing would open nothing and look as if it did.
    let may_create_ring = config.sealing_keys_file.as_os_str().is_empty() && !is_anything_sealed(&store).await?;
    let sealer = Sealer::load(&config.sealing_keys_file(), may_create_ring, &chance)?;
    let blobs = open_photos(&config).await?;
    let decodes = if config.decode_permits == 0 { cores } else { config.decode_permits };
    let at_once = if config.examine_at_once_max == 0 { 8 * decodes } else { config.examine_at_once_max };
    let peak = Peak::new(at_once, config.examine_backlog_max);
    let work = Work::new(WorkLimits {
        decodes,
        upload_bytes: config.upload_budget_bytes,
        upload_bytes_each: config.upload_person_bytes,
        wait: Duration::from_millis(config.admission_wait_ms),
    });
    let examiner = Arc::new(examiner(&config)?);
    let reuse = Reuse::start().map_err(StartError::Thread)?;
    let (metrics, accepting) = (Metrics::default(), AtomicBool::new(true));
    let (tallies, recorder) = (Tallies::default(), Recorder::new(&store));
    let values = RwLock::new(Arc::new(Values::new(|name| config.policy_default(name), Vec::new())));
    let app = Arc::new(App {
        config,
        store,
        recorder,
        blobs,
        work,
        peak,
        clock,
        chance,
        keys,
        sealer,
        metrics,
        examiner,
        reuse,
        rules,
        tallies,
        ways: Ways::default(),
        accepting,
        values,
    });
    changes::policy::reload(&app).await?;
    let sealed = reseal::fences_at_start(&app).await?;
    if sealed.renewed > 0 {
        tracing::info!(renewed = sealed.renewed, "places from before sealing, or of older keys, were sealed");
    }
    Ok(app)
}

/// The photo store of these settings.
///
/// # Errors
/// [`StartError::Folder`] when the folder cannot be used; a server that does not answer is none.
pub async fn open_photos(config: &Config) -> Result<Arc<dyn Blobs>, StartError> {
    Ok(match config.photo_store {
        PhotoStore::Memory => {
            tracing::warn!("photos are kept in memory only: they are gone when the server stops");
            Arc::new(MemoryBlobs::default())
        }
        PhotoStore::S3 => Arc::new(Box::pin(open_s3(config)).await),
        PhotoStore::Folder => {
            let path = config.photo_dir();
            let opened = FolderBlobs::open(&path);
            Arc::new(opened.map_err(|source| StartError::Folder { path: path.display().to_string(), source })?)
        }
    })
}

/// How the database is reached.
pub fn store_options(config: &Config) -> StoreOptions {
    StoreOptions {
        url: config.database_url(),
        connections: config.database_connections,
        acquire_timeout: Duration::from_millis(config.database_wait_ms),
    }
}

/// Whether the database holds something under seal.
async fn is_anything_sealed(store: &Store) -> Result<bool, StoreError> {
    let mut tx = store.glance().await?;
    let places = places::after(&mut tx, PlaceId(uuid::Uuid::nil()), 1).await?;
    let positions = positions::after(&mut tx, CheckinId(uuid::Uuid::nil()), 1).await?;
    let sealed = places.iter().map(|row| &row.shape).chain(positions.iter().map(|row| &row.sealed));
    Ok(sealed.into_iter().any(|sealed| seal::key_id(sealed).is_some()))
}

/// The codes of a list with commas.
fn silent(list: &str) -> Result<Vec<Code>, StartError> {
    let codes = list.split(',').map(str::trim).filter(|code| !code.is_empty()).map(str::parse);
    codes.collect::<Result<_, UnknownCode>>().map_err(StartError::Silent)
}

/// What examines photos, by its settings.
fn examiner(config: &Config) -> Result<Examiner, StartError> {
    let limits = PhotoLimits {
        side_px_max: config.photo_side_max_px,
        pixels_max: config.photo_max_px,
        progressive_pixels_max: config.photo_progressive_max_px,
        other_pixels_max: config.photo_other_max_px,
        scans_max: config.photo_max_scans,
        segments_max: config.photo_max_segments,
        decode_bytes_max: config.photo_decode_max_bytes,
    };
    let path = &config.face_model_file;
    if path.as_os_str().is_empty() {
        return Ok(Examiner { limits, faces: None });
    }
    let failed = |why: String| StartError::FaceModel { path: path.display().to_string(), why };
    let onnx = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    let faces = FaceDetector::read(&onnx, config.face_score_min).map_err(|error| failed(error.to_string()))?;
    Ok(Examiner { limits, faces: Some(faces) })
}

/// The folder holds photos and positions of people: nobody but the owner looks in.
fn make_private(folder: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Made before SQLite opens it; its companions get the same rights from it.
fn make_file_private(file: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(file).map(drop)
}

/// A client for the bucket. A server that does not answer now is no reason not to start: `/readyz` says so until it does.
async fn open_s3(config: &Config) -> S3Blobs {
    let blobs = S3Blobs::new(s3_options(config));
    match blobs.probe().await {
        Ok(found) => {
            tracing::info!(found.checks_sha256, found.keeps_existing, "the S3 server answers");
            if !found.checks_sha256 {
                tracing::warn!(
                    "the S3 server does not check SHA-256: damage on the way is noticed only when a photo is read"
                );
            }
        }
        Err(error) => tracing::error!(%error, "the S3 server does not answer; check-ins are refused until it does"),
    }
    blobs
}

fn s3_options(config: &Config) -> S3Options {
    S3Options {
        endpoint: (!config.s3_endpoint.is_empty()).then(|| config.s3_endpoint.clone()),
        region: config.s3_region.clone(),
        bucket: config.s3_bucket.clone(),
        access_key_id: config.s3_access_key_id.clone(),
        secret_access_key: config.s3_secret_access_key.reveal().to_owned(),
        path_style: config.s3_path_style,
        checksum_when_required: config.s3_checksum_when_required,
        timeout: Duration::from_millis(config.s3_timeout_ms),
    }
}

/// A server that answers.
pub struct Running {
    app: Arc<App>,
    address: SocketAddr,
    handle: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
    working: JoinHandle<()>,
    stop_jobs: CancellationToken,
}

/// Starts answering and the background jobs.
///
/// # Errors
/// [`StartError::Listen`] when the address is taken, [`StartError::Notifications`] when a file they need is not there.
pub fn start(app: Arc<App>) -> Result<Running, StartError> {
    let config = &app.config;
    let outlets = Outlet::all(config)?;
    let data = web::Data::from(Arc::clone(&app));
    let mut server = HttpServer::new(move || {
        // The last wrap is the first to see a request.
        actix_web::App::new()
            .app_data(data.clone())
            .wrap(from_fn(auth::authenticate))
            .wrap(from_fn(request_log::observe))
            .wrap(routes::security_headers())
            .configure(routes::configure)
    })
    .disable_signals()
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(Duration::from_secs(config.request_head_s))
    .client_disconnect_timeout(LINGER)
    .shutdown_timeout(config.shutdown_s);
    if config.workers > 0 {
        server = server.workers(config.workers);
    }
    let listen = |source| StartError::Listen { address: config.listen.clone(), source };
    let server = server.bind(&config.listen).map_err(listen)?;
    let address = server.addrs().first().copied().ok_or_else(|| listen(std::io::Error::other("no address")))?;
    let server = server.run();
    let (handle, stop_jobs) = (server.handle(), CancellationToken::new());
    let serving = tokio::spawn(server);
    let working = tokio::spawn(jobs::run(Arc::clone(&app), outlets, stop_jobs.clone()));
    tracing::info!(%address, database = app.store.engine(), photos = app.blobs.name(), "listening");
    Ok(Running { app, address, handle, serving, working, stop_jobs })
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops in two phases: no new work is taken, then everything under way is finished and the stores are closed.
    pub async fn stop(self) {
        self.app.accepting.store(false, Ordering::Relaxed);
        tracing::info!("stopping: uploads under way are finished first");
        // Long enough for a load balancer to see that /readyz says no, and for phones to be told to come back.
        tokio::time::sleep(Duration::from_secs(self.app.config.drain_s)).await;
        self.handle.stop(true).await;
        self.app.work.finish().await;
        self.stop_jobs.cancel();
        for (name, ended) in [("server", self.serving.await.map(drop)), ("jobs", self.working.await)] {
            if let Err(error) = ended {
                tracing::error!(name, %error, "did not end well");
            }
        }
        self.app.store.close().await;
        tracing::info!("stopped");
    }
}
