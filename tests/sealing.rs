//! Nothing in the database tells where anybody was; what is sealed opens with the keys, and only in its own row.

use hadir::{
    model::chance::Chance,
    places::{reseal, vault},
    seal::{Cell, SealError, Sealer, key_id},
    store::{Tx, home_readings, people, place_requests, places, positions},
};
use proptest::prelude::*;
use serde_json::json;

use crate::{
    on_both_engines,
    support::{CheckIn, EMPLOYEE, Engine, HOME, HOMELESS, TestApp, photos},
};

/// Every row of the tables that hold positions, as text.
async fn rows(tx: &mut Tx) -> Vec<Vec<u8>> {
    let nil = uuid::Uuid::nil();
    let mut found: Vec<Vec<u8>> = Vec::new();
    found.extend(
        places::after(tx, nil.to_string().parse().unwrap(), 999).await.unwrap().into_iter().map(|row| row.shape),
    );
    found.extend(
        positions::after(tx, nil.to_string().parse().unwrap(), 999).await.unwrap().into_iter().map(|row| row.sealed),
    );
    found.extend(
        home_readings::after(tx, nil.to_string().parse().unwrap(), 999)
            .await
            .unwrap()
            .into_iter()
            .map(|row| row.sealed),
    );
    found.extend(
        place_requests::after(tx, nil.to_string().parse().unwrap(), 999)
            .await
            .unwrap()
            .into_iter()
            .map(|row| row.shape),
    );
    found
}

/// A check-in, a reading and a request, so that every table holds something.
async fn live(app: &TestApp) {
    let phone = app.phone(EMPLOYEE).await;
    let answer = phone.check_in(CheckIn { photo: photos::room_file(), ..CheckIn::morning() }).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let now = app.app.now();
    let fix = json!({"latitude": HOME.0, "longitude": HOME.1, "accuracy_m": 12.0, "fix_time": now});
    let reading =
        app.phone(HOMELESS).await.post("/api/v1/me/home/readings", &json!({"sent_at": now, "fixes": [fix]})).await;
    assert_eq!(reading.status, 200, "{}", reading.text);
    let shape = json!({"shape": "circle", "center": {"latitude": HOME.0, "longitude": HOME.1}, "radius_m": 100.0});
    let body = json!({"kind": "relative", "reason_code": "family", "reference": "1", "valid_to": "2026-11-25", "shape": shape});
    let asked = phone.post("/api/v1/me/place-requests", &body).await;
    assert_eq!(asked.status, 201, "{}", asked.text);
}

on_both_engines! {
    async fn keys_rotate_and_old_ones_retire_without_anything_lost(app: TestApp) {
        live(&app).await;
        let (app_, chance) = (&app.app, &app.app.chance);
        let mut tx = app_.store.read().await.unwrap();
        let before = rows(&mut tx).await;
        drop(tx);
        let first = key_id(&before[0]);
        assert!(before.len() > 6 && first.is_some() && before.iter().all(|sealed| key_id(sealed) == first));
        let second = app_.sealer.add_key(chance).unwrap();
        let done = reseal::all(app_).await.unwrap();
        assert_eq!((done.rows, done.renewed, done.broken), (before.len() as u64, before.len() as u64, 0));
        let mut tx = app_.store.read().await.unwrap();
        let after = rows(&mut tx).await;
        drop(tx);
        assert!(after.iter().all(|sealed| key_id(sealed) == Some(second)));
        assert_eq!(reseal::all(app_).await.unwrap().renewed, 0, "once is enough");
        assert!(matches!(app_.sealer.retire_old(first.unwrap()), Err(SealError::Moved)), "not the current key");
        assert_eq!(app_.sealer.retire_old(second).unwrap(), [first.unwrap()]);
        // Everything still opens: a check-in is judged inside.
        app.set_clock("2026-11-23T09:05:00Z");
        let answer = app.phone(EMPLOYEE).await.check_in(CheckIn::evening()).await;
        assert_eq!(answer.json["receipt"]["verdict"], "accepted", "{}", answer.text);
        app.stop().await;
    }

    async fn one_broken_seal_stops_neither_a_start_nor_a_rotation_and_plain_text_is_not_believed_later(app: TestApp) {
        reseal::all(&app.app).await.unwrap();
        let mut tx = app.app.store.write().await.unwrap();
        let person = people::by_nip(&mut tx, EMPLOYEE).await.unwrap().unwrap();
        let mut row = places::of_person(&mut tx, person.id).await.unwrap().remove(0);
        row.shape = br#"{"shape":"circle","center":{"latitude":-6.5,"longitude":106.8},"radius_m":2500.0}"#.to_vec();
        places::seal(&mut tx, &row).await.unwrap();
        tx.commit().await.unwrap();
        // What a start and a rotation do.
        let done = reseal::all(&app.app).await.unwrap();
        assert_eq!((done.renewed, done.broken), (0, 1));
        let answer = app.phone(EMPLOYEE).await.check_in(CheckIn::morning()).await;
        assert_eq!(answer.findings(), ["place.unreadable"], "{}", answer.text);
        let tried = app.phone(EMPLOYEE).await.post("/api/v1/me/preflight", &json!({"sent_at": app.app.now(), "fixes": [{"latitude": HOME.0, "longitude": HOME.1, "accuracy_m": 12.0}]})).await;
        assert_eq!((tried.json["standing"].as_str(), tried.json["missing"].clone()), (Some("cannot_compare"), json!([])), "{}", tried.text);
        app.stop().await;
    }

    async fn a_place_that_was_changed_in_the_database_flags_and_loses_nothing(app: TestApp) {
        let mut tx = app.app.store.write().await.unwrap();
        let person = people::by_nip(&mut tx, EMPLOYEE).await.unwrap().unwrap();
        let mut row = places::of_person(&mut tx, person.id).await.unwrap().remove(0);
        let end = row.shape.len() - 1;
        row.shape[end] ^= 1;
        places::seal(&mut tx, &row).await.unwrap();
        tx.commit().await.unwrap();
        let answer = app.phone(EMPLOYEE).await.check_in(CheckIn::morning()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert!(answer.findings().contains(&"place.unreadable"), "{}", answer.text);
        assert_eq!(answer.json["receipt"]["verdict"], "flagged");
        app.stop().await;
    }

    async fn a_fence_opens_in_no_other_row(app: TestApp) {
        let mut tx = app.app.store.write().await.unwrap();
        let all = places::after(&mut tx, uuid::Uuid::nil().to_string().parse().unwrap(), 9).await.unwrap();
        let swapped = places::PlaceRow { shape: all[1].shape.clone(), ..all[0].clone() };
        assert!(vault::fence(&app.app, &all[0]).is_ok());
        assert!(vault::fence(&app.app, &swapped).is_err());
        drop(tx);
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_byte_of_the_database_tells_a_coordinate() {
    let app = TestApp::start(Engine::Sqlite).await;
    live(&app).await;
    let folder = app.app.config.data_dir.clone();
    // The photo's own EXIF says where the camera was: 6°35'42" south.
    for file in ["hadir.sqlite3", "hadir.sqlite3-wal"] {
        let bytes = std::fs::read(folder.join(file)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        for needle in ["-6.59", "106.81", "\"latitude\"", "6.595"] {
            assert!(!text.contains(needle), "{needle} stands in {file}");
        }
        for number in [HOME.0, HOME.1] {
            assert!(!bytes.windows(8).any(|window| window == number.to_be_bytes()), "{number} stands in {file}");
        }
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn places_go_out_as_geojson_and_come_in_again() {
    let app = TestApp::start(Engine::Sqlite).await;
    let out = hadir::places::transfer::export(&app.app, Some(EMPLOYEE)).await.unwrap();
    let mut file: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(file["features"][0]["geometry"]["coordinates"], json!([106.8166, -6.595]), "longitude first");
    assert_eq!(file["features"][0]["properties"]["radius_m"], 100.0);
    file["features"][0]["properties"]["nip"] = json!(HOMELESS);
    assert_eq!(hadir::places::transfer::import(&app.app, &file.to_string()).await.unwrap(), 1);
    let answer = app.phone(HOMELESS).await.check_in(CheckIn::morning()).await;
    assert_eq!(answer.json["receipt"]["verdict"], "accepted", "{}", answer.text);
    file["features"][0]["properties"]["nip"] = json!("nobody");
    let error = hadir::places::transfer::import(&app.app, &file.to_string()).await.unwrap_err().to_string();
    assert_eq!(error, "feature 1: there is no person `nobody`");
    app.stop().await;
}

fn sealer(folder: &std::path::Path) -> (Sealer, Chance) {
    let chance = Chance::from_seed([3; 32]);
    (Sealer::load(&folder.join("ring"), true, &chance).unwrap(), chance)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ring_that_is_missing_is_not_replaced_while_something_is_sealed() {
    let app = TestApp::start(Engine::Sqlite).await;
    let config = app.app.config.clone();
    std::fs::rename(config.data_dir.join("sealing.keys"), config.data_dir.join("elsewhere")).unwrap();
    let clock = std::sync::Arc::new(hadir::model::time::SetClock::new(app.app.now()));
    let again = hadir::server::compose(config, clock, Chance::from_seed([1; 32])).await;
    let error = again.err().expect("no start").to_string();
    assert!(error.contains("sealing.keys cannot be read or made"), "{error}");
    app.stop().await;
}

#[test]
fn the_ring_is_for_the_owner_only_and_a_named_one_is_never_made() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (sealer, chance) = sealer(folder.path());
    let mode = std::fs::metadata(folder.path().join("ring")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(matches!(Sealer::load(&folder.path().join("other"), false, &chance), Err(SealError::File { .. })));
    sealer.add_key(&chance).unwrap();
    assert_eq!(std::fs::metadata(folder.path().join("ring")).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::write(folder.path().join("ring"), "1 abc\n").unwrap();
    assert!(matches!(sealer.reload(), Err(SealError::Malformed { line: 1, .. })));
}

proptest! {
    #[test]
    fn what_is_sealed_opens_again_and_one_bit_less_does_not(text in prop::collection::vec(any::<u8>(), 0..200), place in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let folder = tempfile::tempdir().unwrap();
        let (sealer, chance) = sealer(folder.path());
        let id = uuid::Uuid::from_u128(7);
        let cell = Cell { column: "table.column", id: &id };
        let mut sealed = sealer.seal(&chance, cell, &text).unwrap();
        prop_assert_eq!(sealer.open(cell, &sealed).unwrap(), text);
        let other = Cell { column: "table.other", id: &id };
        prop_assert!(sealer.open(other, &sealed).is_err());
        let at = place.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert!(sealer.open(cell, &sealed).is_err());
        for length in 0..sealed.len() {
            prop_assert!(sealer.open(cell, &sealed[..length]).is_err());
        }
        prop_assert!(sealer.open(cell, b"{}").is_err(), "plain text is not believed");
    }
}
