//! A real server on a free port with a real database, a real photo store, a clock that stands still and seeded chance.

pub mod contract;
pub mod demo;
pub mod photos;
pub mod postgres;
pub mod receiver;
pub mod s3;
pub mod smtp;
pub mod tls;

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU32, Ordering},
};

use hadir::{
    app::App,
    config::{Config, PhotoStore, Secret},
    model::{
        chance::Chance,
        time::{SetClock, Timestamp},
    },
    people::import,
    server::{self, Running},
    store::{checkins, people},
};
use reqwest::{
    Client, Method, RequestBuilder,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// Monday, 2026-11-23, 07.05 WIB: inside the morning window in WIB.
pub const MONDAY_MORNING: &str = "2026-11-23T00:05:00Z";
pub const PASSWORD: &str = "kata-sandi-uji";
/// The home of the employees 1001 to 1004.
pub const HOME: (f64, f64) = (-6.595, 106.8166);
pub const EMPLOYEE: &str = "1001";
pub const COLLEAGUE: &str = "1002";
/// In another unit, in WITA.
pub const STRANGER: &str = "1003";
/// In WIT.
pub const EASTERNER: &str = "1004";
pub const HOMELESS: &str = "1005";
/// Supervises the unit above that of 1001 and 1002.
pub const SUPERVISOR: &str = "2001";
/// Supervises the unit of 1003.
pub const OTHER_SUPERVISOR: &str = "2002";
/// Supervises the whole city.
pub const MAYOR: &str = "2003";
pub const ADMINISTRATOR: &str = "9001";

/// Which stores a test runs on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// SQLite and a local folder, the default.
    Sqlite,
    /// PostgreSQL and S3.
    Postgres,
}

/// Declares each test once and runs it on both engines.
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$attr:meta])* async fn $name:ident($app:ident: TestApp) $body:block)*) => {
        mod sqlite_and_folder {
            use super::*;
            $($(#[$attr])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let $app = TestApp::start($crate::support::Engine::Sqlite).await;
                $body
            })*
        }
        mod postgres_and_s3 {
            use super::*;
            $($(#[$attr])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let $app = TestApp::start($crate::support::Engine::Postgres).await;
                $body
            })*
        }
    };
}

/// A running server and everything that keeps it alive.
pub struct TestApp {
    pub app: Arc<App>,
    pub clock: Arc<SetClock>,
    pub url: String,
    pub client: Client,
    running: Option<Running>,
    folder: TempDir,
    _s3: Option<s3::Server>,
    database: Option<postgres::Database>,
}

impl TestApp {
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, |_| {}).await
    }

    /// Starts with other settings.
    pub async fn start_with(engine: Engine, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut config = Config {
            listen: "127.0.0.1:0".to_owned(),
            data_dir: folder.path().join("data"),
            workers: 2,
            drain_s: 0,
            // Tests that are about draws switch them on.
            routine_percent: 0.0,
            second_percent: 0.0,
            ..Config::default()
        };
        let (mut s3, mut database) = (None, None);
        if engine == Engine::Postgres {
            let server = s3::Server::start(&folder.path().join("s3")).await;
            config.photo_store = PhotoStore::S3;
            config.s3_endpoint = server.url.clone();
            config.s3_access_key_id = s3::ACCESS_KEY.to_owned();
            config.s3_secret_access_key = Secret::new(s3::SECRET_KEY);
            let fresh = postgres::Database::create().await;
            config.database_url = fresh.url.clone();
            (s3, database) = (Some(server), Some(fresh));
        }
        change(&mut config);
        config.check().expect("usable settings");
        let clock = Arc::new(SetClock::new(at(MONDAY_MORNING)));
        let app =
            server::compose(config, clock.clone(), Chance::from_seed([42; 32])).await.expect("a composed application");
        fill(&app).await;
        let running = server::start(Arc::clone(&app)).expect("a listening server");
        let url = format!("http://{}", running.address());
        Self { app, clock, url, client: Client::new(), running: Some(running), folder, _s3: s3, database }
    }

    /// Stops the server as a signal would, and removes the database.
    pub async fn stop(mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
        if let Some(database) = self.database.take() {
            database.drop().await;
        }
    }

    /// Stops the server and keeps its folder.
    pub async fn stop_and_keep(mut self) -> TempDir {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
        self.folder
    }

    pub fn set_clock(&self, text: &str) {
        self.clock.set(at(text));
    }

    /// A request without a token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// Sends a request and holds the answer against the API's description.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        build: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let response = build(self.request(method.clone(), path)).send().await.expect("an answer");
        Answer::read(method.as_str(), path, response).await
    }

    /// A signed-in phone.
    pub async fn phone(&self, nip: &str) -> Phone<'_> {
        let body = json!({"nip": nip, "password": PASSWORD});
        let answer = self.send(Method::POST, "/api/v1/session", |request| request.json(&body)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        Phone {
            app: self,
            token: answer.json["access_token"].as_str().expect("a token").to_owned(),
            tokens: answer.json,
        }
    }

    /// How many check-ins and how many photos are stored.
    pub async fn stored(&self) -> (i64, usize) {
        let mut tx = self.app.store.read().await.expect("a transaction");
        let rows = checkins::count(&mut tx).await.expect("a count");
        let today = self.app.now().date_in(&jiff::tz::TimeZone::UTC);
        let mut photos = 0;
        for back in -1..=8 {
            photos += self.app.blobs.list(today.plus_days(-back)).await.expect("a listing").len();
        }
        (rows, photos)
    }
}

/// An answer that was held against the API's description.
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
    pub bytes: Vec<u8>,
    pub json: Value,
}

impl Answer {
    pub async fn read(method: &str, path: &str, response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.expect("a body").to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        let answer = Self { status, headers, text, bytes, json };
        contract::check(method, path, &answer);
        answer
    }

    /// The problem's code.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or("(no problem)")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// Codes of the findings of a receipt.
    pub fn findings(&self) -> Vec<&str> {
        self.json["findings"].as_array().into_iter().flatten().filter_map(|finding| finding["code"].as_str()).collect()
    }
}

/// A signed-in phone.
#[derive(Clone)]
pub struct Phone<'a> {
    pub app: &'a TestApp,
    pub token: String,
    pub tokens: Value,
}

/// One check-in to send; the defaults are a good one.
#[derive(Clone)]
pub struct CheckIn {
    pub slot: &'static str,
    pub id: Uuid,
    pub latitude: f64,
    pub longitude: f64,
    pub accuracy: f64,
    pub photo: Vec<u8>,
    /// Changes the `checkin` part.
    pub change: fn(&mut Value),
    /// Instead of fetching one.
    pub challenge: Option<String>,
}

impl CheckIn {
    pub fn morning() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        Self {
            slot: "morning",
            id: new_id(),
            latitude: HOME.0 + 0.000_012_3,
            // No two phones report the same.
            longitude: HOME.1 + 1e-7 * f64::from(COUNT.fetch_add(1, Ordering::Relaxed) % 250 + 1),
            accuracy: 18.0,
            photo: photos::fresh(),
            change: |_| {},
            challenge: None,
        }
    }

    pub fn evening() -> Self {
        Self { slot: "evening", ..Self::morning() }
    }
}

impl Phone<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.app.send(Method::GET, path, |request| request.bearer_auth(&self.token)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.app.send(Method::DELETE, path, |request| request.bearer_auth(&self.token)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.app.send(Method::POST, path, |request| request.bearer_auth(&self.token).json(body)).await
    }

    /// Opens the photos of a case and decides it, as a reviewer has to.
    pub async fn decide(&self, review: &str, ruling: &Value) -> Answer {
        self.open_photos(review).await;
        self.post(&format!("/api/v1/reviews/{review}/decision"), ruling).await
    }

    pub async fn open_photos(&self, review: &str) {
        let case = self.get(&format!("/api/v1/reviews/{review}")).await;
        for attempt in case.json["checkins"].as_array().into_iter().flatten() {
            if attempt["in_case"] == true {
                self.get(&format!("{}?side=320", attempt["photo_url"].as_str().expect("an address"))).await;
            }
        }
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.app.send(Method::PUT, path, |request| request.bearer_auth(&self.token).json(body)).await
    }

    pub async fn challenge(&self, slot: &str) -> String {
        let answer = self.post("/api/v1/challenges", &json!({"slot": slot})).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json["challenge"].as_str().expect("a challenge").to_owned()
    }

    /// The `checkin` part of a check-in.
    pub async fn draft(&self, checkin: &CheckIn) -> Value {
        let challenge = match &checkin.challenge {
            Some(challenge) => challenge.clone(),
            None => self.challenge(checkin.slot).await,
        };
        let now = self.app.app.now();
        let mut draft = json!({
            "id": checkin.id, "challenge": challenge, "sent_at": now, "accuracy_basis": "web",
            "fixes": [{"latitude": checkin.latitude, "longitude": checkin.longitude, "accuracy_m": checkin.accuracy,
                "fix_time": now.plus_seconds(-3)}],
        });
        (checkin.change)(&mut draft);
        draft
    }

    pub async fn check_in(&self, checkin: CheckIn) -> Answer {
        let draft = self.draft(&checkin).await;
        self.upload(checkin.slot, form(draft.to_string(), checkin.photo)).await
    }

    pub async fn upload(&self, slot: &str, form: Form) -> Answer {
        let path = format!("/api/v1/presence/{slot}");
        self.app.send(Method::POST, &path, |request| request.bearer_auth(&self.token).multipart(form)).await
    }
}

/// The form of a check-in.
pub fn form(checkin: String, photo: Vec<u8>) -> Form {
    Form::new()
        .part("checkin", Part::text(checkin).mime_str("application/json").expect("a media type"))
        .part("photo", Part::bytes(photo).file_name("photo.jpg").mime_str("image/jpeg").expect("a media type"))
}

/// A new UUID of version 7.
pub fn new_id() -> Uuid {
    static CHANCE: OnceLock<Chance> = OnceLock::new();
    let chance = CHANCE.get_or_init(|| Chance::from_seed([9; 32]));
    hadir::model::ids::CheckinId::new(at(MONDAY_MORNING), chance).0
}

pub fn at(text: &str) -> Timestamp {
    text.parse::<jiff::Timestamp>().expect("a time").into()
}

/// The city of the tests, as CSV files.
pub fn city() -> Vec<(String, String)> {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    vec![
        file(
            "units.csv",
            "code,name,parent,time_zone\nKOTA,Kota,,WIB\nDINAS,Dinas,KOTA,WIB\nBIDANG,Bidang,DINAS,WIB\nMKS,Makassar,KOTA,WITA\nJPR,Jayapura,KOTA,WIT\n",
        ),
        file(
            "people.csv",
            "nip,name,unit\n1001,Dewi,BIDANG\n1002,Agus,BIDANG\n1003,Andi,MKS\n1004,Yosina,JPR\n1005,Rudi,BIDANG\n2001,Siti,DINAS\n2002,Yohanes,MKS\n2003,Walikota,KOTA\n9001,Ratna,KOTA\n",
        ),
        file(
            "roles.csv",
            "nip,role,unit,valid_from,valid_to\n2001,supervisor,DINAS,2026-01-01,\n2002,supervisor,MKS,2026-01-01,\n2003,supervisor,KOTA,2026-01-01,\n9001,administrator,,2026-01-01,\n",
        ),
        file(
            "schedules.csv",
            "unit,slot,valid_from,valid_to,weekdays,opens,closes,grace_minutes\nKOTA,morning,2026-01-01,,mon-fri,06:00,08:00,30\nKOTA,evening,2026-01-01,,mon-fri,16:00,18:00,30\n",
        ),
        file(
            "places.csv",
            "nip,latitude,longitude,radius_m,valid_from\n1001,-6.595,106.8166,100,2026-01-01\n1002,-6.595,106.8166,100,2026-01-01\n1003,-6.595,106.8166,100,2026-01-01\n1004,-6.595,106.8166,100,2026-01-01\n2001,-6.595,106.8166,100,2026-01-01\n",
        ),
    ]
}

/// Imports the city and gives everybody the password; hashing it once is slow enough.
async fn fill(app: &App) {
    static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
    let hash = HASH
        .get_or_init(|| async {
            hadir::session::password::hash(&app.work, &app.chance, PASSWORD).await.expect("a hash")
        })
        .await;
    import::texts_in(app, &city(), false).await.expect("an imported city");
    let mut tx = app.store.write().await.expect("a transaction");
    for person in people::all(&mut tx).await.expect("people") {
        people::set_password(&mut tx, person.id, hash).await.expect("a password");
    }
    tx.commit().await.expect("a commit");
}
