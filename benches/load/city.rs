//! The real server, with as many people as are needed, each signed in and holding a challenge.

use std::{fmt::Write as _, fs, sync::Arc};

use hadir::{
    app::App,
    checkin::challenge,
    config::{Config, PhotoStore, Secret},
    model::{chance::Chance, ids::SessionId, time::SystemClock, words::Slot},
    people::import,
    server,
    session::access,
    store::{people, sessions},
};

use super::{
    Stores,
    process::{PHONES, tell, threads},
};
use crate::support::{Engine, postgres, s3};

/// People of a unit.
const UNIT: usize = 30;
/// For how long they stay signed in, seconds.
const SIGNED_IN_S: i64 = 3_600;

/// Where everybody lives; nobody minds.
pub const HOME: (f64, f64) = (-6.595, 106.8166);

/// The settings of both servers, as the environment asks.
pub async fn settings(stores: Stores) -> Config {
    let folder = std::env::temp_dir();
    let mut config = Config {
        listen: "127.0.0.1:0".to_owned(),
        data_dir: folder.join("data"),
        workers: 2,
        drain_s: 0,
        challenge_s: SIGNED_IN_S,
        ..Config::default()
    };
    let room = std::env::var("LOAD_ROOM").ok().and_then(|text| text.parse().ok()).filter(|room| *room > 0);
    if let Some(room) = room {
        config.upload_budget_bytes = room;
    }
    if stores.engine == Engine::Postgres {
        config.database_url = postgres::Database::create().await.url;
        config.photo_store = PhotoStore::S3;
        config.s3_endpoint = std::env::var("LOAD_S3").expect("LOAD_S3");
        config.s3_access_key_id = s3::ACCESS_KEY.to_owned();
        config.s3_secret_access_key = Secret::new(s3::SECRET_KEY);
    }
    config
}

/// Serves until it is killed.
pub fn serve(count: usize) {
    threads().block_on(async {
        let config = settings(Stores::chosen()).await;
        let chance = Chance::from_seed([42; 32]);
        let app = server::compose(config, Arc::new(SystemClock), chance).await.expect("a composed application");
        import::texts_in(&app, &files(count), false).await.expect("an imported city");
        let phones = sign_in_everybody(&app).await;
        fs::write(std::env::temp_dir().join(PHONES), serde_json::to_vec(&phones).expect("JSON")).expect("a file");
        let running = server::start(Arc::clone(&app)).expect("a listening server");
        tell(running.address());
        std::future::pending::<()>().await;
    });
}

/// A city in which it is always the hour of the morning check-in.
fn files(count: usize) -> Vec<(String, String)> {
    let mut units = String::from("code,name,parent,time_zone\nKOTA,Kota,,WIB\n");
    let mut people = String::from("nip,name,unit\n");
    let mut places = String::from("nip,latitude,longitude,radius_m,valid_from\n");
    for unit in 0..count.div_ceil(UNIT) {
        writeln!(units, "U{unit},Bidang {unit},KOTA,WIB").expect("a text");
    }
    for number in 0..count {
        let nip = 100_000 + number;
        writeln!(people, "{nip},Pegawai {number},U{}", number / UNIT).expect("a text");
        writeln!(places, "{nip},{},{},100,2026-01-01", HOME.0, HOME.1).expect("a text");
    }
    let schedules = "unit,slot,valid_from,valid_to,weekdays,opens,closes,grace_minutes\n\
        KOTA,morning,2026-01-01,,mon-sun,00:01,23:58,0\n";
    let named = |name: &str, text: String| (name.to_owned(), text);
    vec![
        named("units.csv", units),
        named("people.csv", people),
        named("schedules.csv", schedules.to_owned()),
        named("places.csv", places),
    ]
}

/// Access token and challenge of each.
async fn sign_in_everybody(app: &App) -> Vec<[String; 2]> {
    let now = app.now();
    let mut tx = app.store.write().await.expect("a transaction");
    let everybody = people::all(&mut tx).await.expect("people");
    let mut signed_in = Vec::with_capacity(everybody.len());
    for person in everybody {
        let id = SessionId::new(now, &app.chance);
        let row = sessions::SessionRow {
            id,
            person_id: person.id,
            generation: 0,
            created_at: now,
            rotated_at: now,
            expires_at: now.plus_seconds(SIGNED_IN_S),
            revoked_at: None,
            cookie_sha256: None,
            seen_at: None,
        };
        sessions::insert(&mut tx, &row).await.expect("a session");
        let token = access::issue(&app.keys.access, person.id, id, now, SIGNED_IN_S).expect("a token");
        signed_in.push((person.id, token));
    }
    tx.commit().await.expect("a commit");
    let mut phones = Vec::with_capacity(signed_in.len());
    for (person_id, token) in signed_in {
        let issued = challenge::issue(app, person_id, Slot::Morning).await.expect("a challenge");
        phones.push([token, issued.token]);
    }
    phones
}
