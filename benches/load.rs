//! CPU time of one check-in, against what it would cost without looking at the photo, and a scaled decode.
//!
//! Two floors. *upload*: the same service, the same request, as many bytes, but a picture of 100 x 100 pixels in them;
//! a scaled decode has to be added. *bare*: a program that only receives, hashes, decodes at the same scale, keeps the
//! photo durably and commits one row; no sign-in, no challenge, no places, no evidence, no receipt. Each server runs in a
//! process of its own, so that only its time is counted, and all of them in turns.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use actix_web::{HttpRequest, HttpResponse, HttpServer, web};
use cpu_time::ThreadTime;
use futures_util::StreamExt as _;
use hadir::{
    blobs::{BlobKey, Blobs as _, fs::FolderBlobs},
    config::Config,
    evidence::photo::{
        decode,
        header::{Header, PhotoLimits},
        thresholds::DECODED_SIDE_PX,
    },
    http::upload::{self, UploadLimits},
    model::{
        chance::Chance,
        ids::{CheckinId, EntryId},
        time::{Clock as _, SystemClock, WorkDate},
        words::EntryKind,
    },
    store::{
        Store, StoreOptions,
        log_entries::{self, EntryRow},
    },
};

use crate::{
    pictures::{self, Photo, median},
    support::{CheckIn, EMPLOYEE, Engine, PASSWORD, TestApp, form, new_id},
};

/// Check-ins of a round; their challenges are fetched before the clock of the round starts.
const ROUND: usize = 16;
/// Phones that send at the same time.
const TOGETHER: usize = 4;
const ROUNDS: usize = 20;

pub fn run(folder: Option<&Path>) {
    let photos = pictures::all(folder, || {
        vec![
            Photo { name: "180 kB".to_owned(), ..pictures::made(1280, 960, 78) },
            Photo { name: "2.5 MB".to_owned(), ..pictures::made(4032, 3024, 86) },
        ]
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    println!("CPU ms a check-in, median; the last two are check-in/(upload+decode) and check-in/bare");
    let heads = ["bytes", "check-in", "upload", "bare", "decode", "upload", "bare"];
    println!("{:<20} {}", "", heads.map(|head| format!("{head:>9}")).concat());
    for photo in photos {
        let decode = decode_ms(&photo.bytes);
        let [checkin, upload, bare, by_upload, by_bare] = runtime.block_on(side_by_side(&photo.bytes, decode));
        let name: String = photo.name.chars().rev().take(20).collect::<Vec<_>>().into_iter().rev().collect();
        let numbers = [checkin, upload, bare, decode, by_upload, by_bare];
        println!("{name:<20} {:>9}{}", photo.bytes.len(), numbers.map(|number| format!("{number:>9.2}")).concat());
    }
}

/// Rounds against the three servers in turn, so that whatever else the machine does meets all of them alike: medians
/// of their CPU times, and of the two ratios of each turn.
async fn side_by_side(photo: &[u8], decode: f64) -> [f64; 5] {
    let small = hardly_a_picture(photo.len());
    let [checkin, upload, bare] =
        [Running::start("load-server").await, Running::start("load-server").await, Running::start("load-floor").await];
    let mut columns: [Vec<f64>; 5] = Default::default();
    for turn in 0..=ROUNDS {
        let (checkin, upload, bare) = (checkin.round(photo).await, upload.round(&small).await, bare.round(photo).await);
        // The first turn fills caches.
        if turn > 0 {
            let numbers = [checkin, upload, bare, checkin / (upload + decode), checkin / bare];
            columns.iter_mut().zip(numbers).for_each(|(column, number)| column.push(number));
        }
    }
    columns.map(|mut column| median(&mut column))
}

/// A small JPEG with zeros behind its end.
fn hardly_a_picture(bytes: usize) -> Vec<u8> {
    let mut photo = pictures::made(100, 100, 90).bytes;
    photo.resize(bytes, 0);
    photo
}

/// The scaled decode and nothing else.
fn decoded(bytes: &[u8]) {
    let limits = PhotoLimits::default();
    let header = Header::read(bytes, &limits).expect("a photo");
    drop(std::hint::black_box(decode::luma(bytes, &header, DECODED_SIDE_PX, &limits)));
}

fn decode_ms(bytes: &[u8]) -> f64 {
    let time = |_| {
        let start = ThreadTime::now();
        decoded(bytes);
        start.elapsed().as_secs_f64() * 1e3
    };
    median(&mut (0..21).map(time).collect::<Vec<f64>>())
}

/// A server of its own.
struct Running {
    child: Child,
    url: String,
    client: reqwest::Client,
    /// Empty for the bare one.
    token: String,
    /// Goes with it: a server that is killed does not tidy up.
    _folder: tempfile::TempDir,
}

impl Running {
    async fn start(kind: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (child, url) = server(kind, folder.path());
        let client = reqwest::Client::new();
        let token = if kind == "load-server" { sign_in(&client, &url).await } else { String::new() };
        Self { child, url, client, token, _folder: folder }
    }

    /// The server's CPU time for one of a round of uploads.
    async fn round(&self, photo: &[u8]) -> f64 {
        let Self { child, url, client, token, .. } = self;
        let mut drafts = Vec::new();
        for _ in 0..ROUND {
            let challenge = if token.is_empty() { "x".repeat(43) } else { challenge(client, url, token).await };
            let at = "2026-11-23T00:05:00Z";
            drafts.push(serde_json::json!({
                "id": new_id(), "challenge": challenge, "sent_at": at, "accuracy_basis": "web",
                "fixes": [{"latitude": -6.595, "longitude": 106.8166, "accuracy_m": 18.0, "fix_time": at}],
            }));
        }
        // Whatever is left of the fetching has to be over.
        tokio::time::sleep(Duration::from_millis(60)).await;
        let before = cpu_ms(child.id());
        let send = |draft: serde_json::Value| {
            let request = client.post(format!("{url}/api/v1/presence/morning")).bearer_auth(token);
            let request = request.multipart(form(draft.to_string(), photo.to_vec()));
            async move {
                let answer = request.send().await.expect("an answer");
                assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap_or_default());
            }
        };
        futures_util::stream::iter(drafts).map(send).buffer_unordered(TOGETHER).collect::<Vec<()>>().await;
        (cpu_ms(child.id()) - before) / ROUND as f64
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn sign_in(client: &reqwest::Client, url: &str) -> String {
    let body = serde_json::json!({"nip": EMPLOYEE, "password": PASSWORD});
    let answer = client.post(format!("{url}/api/v1/session")).json(&body).send().await.expect("an answer");
    let answer: serde_json::Value = answer.json().await.expect("tokens");
    answer["access_token"].as_str().expect("a token").to_owned()
}

async fn challenge(client: &reqwest::Client, url: &str, token: &str) -> String {
    let body = serde_json::json!({"slot": CheckIn::morning().slot});
    let answer =
        client.post(format!("{url}/api/v1/challenges")).bearer_auth(token).json(&body).send().await.expect("an answer");
    let answer: serde_json::Value = answer.json().await.expect("a challenge");
    answer["challenge"].as_str().expect("a challenge").to_owned()
}

/// What it keeps is kept in `folder`.
fn server(kind: &str, folder: &Path) -> (Child, String) {
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new(program);
    command.arg(kind).env("TMPDIR", folder).stdout(Stdio::piped());
    let mut child = command.spawn().expect("a server");
    let mut url = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut url).expect("its address");
    (child, url.trim().to_owned())
}

/// CPU time of all threads of a process.
fn cpu_ms(process: u32) -> f64 {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).expect("/proc");
    let nanoseconds = |task: fs::DirEntry| {
        let text = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        text.split(' ').next().and_then(|number| number.parse::<f64>().ok()).unwrap_or(0.0)
    };
    tasks.flatten().map(nanoseconds).sum::<f64>() / 1e6
}

/// As the program runs.
fn threads() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

/// A real server with the city of the tests; one slot may be answered as often as it takes.
pub fn serve() {
    threads().block_on(async {
        let app = TestApp::start_with(Engine::Sqlite, |config| {
            config.slot_attempts_max = 1_000_000;
            config.reuse_interval_ms = 3_600_000;
        })
        .await;
        println!("{}", app.url);
        std::io::stdout().flush().expect("an output");
        std::future::pending::<()>().await;
    });
}

struct Floor {
    config: Config,
    blobs: FolderBlobs,
    store: Store,
    chance: Chance,
}

/// The least: receive, hash, decode, keep the photo durably, commit one row.
pub fn serve_floor() {
    threads().block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let options = StoreOptions {
            url: format!("sqlite:{}", folder.path().join("floor.sqlite3").display()),
            connections: 4,
            acquire_timeout: Duration::from_secs(5),
        };
        let floor = Arc::new(Floor {
            config: Config::default(),
            blobs: FolderBlobs::open(folder.path().join("photos")).expect("a folder"),
            store: Store::open(&options).await.expect("a database"),
            chance: Chance::from_seed([1; 32]),
        });
        let server = HttpServer::new(move || {
            actix_web::App::new()
                .app_data(web::Data::from(Arc::clone(&floor)))
                .route("/api/v1/presence/morning", web::post().to(keep))
        });
        let server = server.workers(2).bind("127.0.0.1:0").expect("a port");
        println!("http://{}", server.addrs()[0]);
        std::io::stdout().flush().expect("an output");
        server.run().await.expect("a server");
    });
}

async fn keep(floor: web::Data<Floor>, request: HttpRequest, body: web::Payload) -> HttpResponse {
    let received = upload::receive(&request, body, &UploadLimits::new(&floor.config)).await.ok().expect("an upload");
    let photo = received.photo.clone();
    web::block(move || decoded(&photo)).await.expect("a decode");
    let now = SystemClock.now();
    let id = CheckinId::new(now, &floor.chance);
    let date: WorkDate = "2026-11-23".parse().expect("a date");
    floor
        .blobs
        .put(&BlobKey::photo(date, id, &received.sha256), received.photo, &received.sha256)
        .await
        .expect("a photo");
    let row = EntryRow {
        id: EntryId::new(now, &floor.chance),
        kind: EntryKind::Checkin,
        recorded_at: now,
        salt: floor.chance.bytes::<32>().to_vec(),
        record: received.checkin,
        entry_sha256: floor.chance.bytes::<32>().to_vec(),
    };
    let mut tx = floor.store.write().await.expect("a transaction");
    log_entries::insert(&mut tx, &row).await.expect("a row");
    tx.commit().await.expect("a commit");
    HttpResponse::Created().finish()
}
