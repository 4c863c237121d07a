//! The least that could be done with a check-in: receive it, hash it, keep the photo durably, commit one row. No sign-in,
//! no challenge, no places, no look at the photo, no evidence, no receipt.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, HttpServer, web};
use hadir::{
    blobs::{BlobKey, Blobs},
    config::Config,
    http::upload::{self, UploadLimits},
    model::{
        chance::Chance,
        ids::{CheckinId, EntryId},
        time::{Clock as _, SystemClock, WorkDate},
        words::EntryKind,
    },
    server,
    store::{
        Store, StoreOptions,
        log_entries::{self, EntryRow},
    },
};

use super::{
    Stores, city,
    process::{tell, threads},
};

struct Floor {
    config: Config,
    blobs: Arc<dyn Blobs>,
    store: Store,
    chance: Chance,
}

/// Serves until it is killed.
pub fn serve() {
    threads().block_on(async {
        let mut config = city::settings(Stores::chosen()).await;
        std::fs::create_dir_all(&config.data_dir).expect("a folder");
        if config.database_url.is_empty() {
            config.database_url = format!("sqlite:{}", config.data_dir.join("floor.sqlite3").display());
        }
        let options = StoreOptions {
            url: config.database_url.clone(),
            connections: config.database_connections,
            acquire_timeout: std::time::Duration::from_secs(30),
        };
        let store = Store::open(&options).await.expect("a database");
        let blobs = server::open_photos(&config).await.expect("a photo store");
        let floor = Arc::new(Floor { config, blobs, store, chance: Chance::from_seed([1; 32]) });
        let server = HttpServer::new(move || {
            actix_web::App::new()
                .app_data(web::Data::from(Arc::clone(&floor)))
                .route("/api/v1/presence/morning", web::post().to(keep))
        });
        let server = server.workers(2).bind("127.0.0.1:0").expect("a port");
        tell(server.addrs()[0]);
        server.run().await.expect("a server");
    });
}

async fn keep(floor: web::Data<Floor>, request: HttpRequest, body: web::Payload) -> HttpResponse {
    let Ok(received) = upload::receive(&request, body, &UploadLimits::new(&floor.config)).await else {
        return HttpResponse::BadRequest().finish();
    };
    let now = SystemClock.now();
    let id = CheckinId::new(now, &floor.chance);
    let date: WorkDate = "2026-11-23".parse().expect("a date");
    let key = BlobKey::photo(date, id, &received.sha256);
    floor.blobs.put(&key, received.photo, &received.sha256).await.expect("a photo");
    let row = EntryRow {
        id: EntryId::new(now, &floor.chance),
        kind: EntryKind::Checkin,
        recorded_at: now,
        salt: floor.chance.bytes::<32>().to_vec(),
        record: received.checkin,
        entry_sha256: floor.chance.bytes::<32>().to_vec(),
    };
    let mut tx = floor.store.write().await.expect("a transaction");
    log_entries::insert(&mut tx, &[&row]).await.expect("a row");
    tx.commit().await.expect("a commit");
    HttpResponse::Created().finish()
}
