//! Import: all or nothing, line and column, and the same files again change nothing.

use hadir::{
    people::import::{self, ImportError, Summary, Tally},
    store::{people, places, units},
};

use crate::{
    on_both_engines,
    support::{HOME, TestApp, city},
};

fn file(name: &str, text: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), text.to_owned())]
}

fn mistakes(outcome: Result<Summary, ImportError>) -> Vec<String> {
    match outcome {
        Err(ImportError::Mistakes(found)) => found.0.iter().map(ToString::to_string).collect(),
        other => panic!("not mistakes: {other:?}"),
    }
}

on_both_engines! {
    async fn the_same_files_again_change_nothing_and_a_difference_changes_only_itself(app: TestApp) {
        let again = import::texts_in(&app.app, &city(), false).await.unwrap();
        let unchanged = |count| Tally { added: 0, changed: 0, unchanged: count };
        assert_eq!(again, Summary { units: unchanged(5), people: unchanged(9), roles: unchanged(4), schedules: unchanged(2), places: unchanged(5), rosters: unchanged(0), incidents: unchanged(0), passwords: 0 });
        let changed = import::texts_in(&app.app, &file("people.csv", "nip,name,unit\n1001,Dewi Lestari,BIDANG\n1002,Agus,BIDANG\n1999,Baru,MKS\n"), false).await.unwrap();
        assert_eq!(changed.people, Tally { added: 1, changed: 1, unchanged: 1 });
        let mut tx = app.app.store.read().await.unwrap();
        let dewi = people::by_nip(&mut tx, "1001").await.unwrap().unwrap();
        assert_eq!(dewi.name, "Dewi Lestari");
        assert!(dewi.password_hash.is_some(), "the password is kept");
        drop(tx);
        app.stop().await;
    }

    async fn a_moved_home_is_a_new_version_and_history_stays(app: TestApp) {
        let moved = "nip,latitude,longitude,radius_m,valid_from\n1001,-6.6,106.8,120,2026-12-01\n";
        let summary = import::texts_in(&app.app, &file("places.csv", moved), false).await.unwrap();
        assert_eq!(summary.places, Tally { added: 0, changed: 1, unchanged: 0 });
        let mut tx = app.app.store.read().await.unwrap();
        let person = people::by_nip(&mut tx, "1001").await.unwrap().unwrap().id;
        let before = places::in_force(&mut tx, person, "2026-11-30".parse().unwrap()).await.unwrap();
        let after = places::in_force(&mut tx, person, "2026-12-01".parse().unwrap()).await.unwrap();
        drop(tx);
        let latitude = |row| hadir::places::vault::fence(&app.app, row).unwrap().shape.middle().latitude();
        assert_eq!((before.len(), before[0].version, latitude(&before[0])), (1, 1, HOME.0));
        assert_eq!((after.len(), after[0].version, latitude(&after[0])), (1, 2, -6.6));
        let backwards = "nip,latitude,longitude,radius_m,valid_from\n1001,-6.7,106.8,120,2026-06-01\n";
        let found = mistakes(import::texts_in(&app.app, &file("places.csv", backwards), false).await);
        assert_eq!(found, ["places.csv, line 2: column valid_from: the stored home begins on 2026-12-01; a change has to begin later"]);
        app.stop().await;
    }

    async fn what_a_file_does_not_say_stays_as_it_is(app: TestApp) {
        let active = async || {
            let mut tx = app.app.store.read().await.unwrap();
            people::by_nip(&mut tx, "1001").await.unwrap().unwrap().active
        };
        import::texts_in(&app.app, &file("people.csv", "nip,name,unit,active\n1001,Dewi,BIDANG,no\n"), false).await.unwrap();
        assert!(!active().await);
        import::texts_in(&app.app, &file("people.csv", "nip,name,unit\n1001,Dewi L,BIDANG\n"), false).await.unwrap();
        assert!(!active().await, "a file without the column reactivates nobody");
        let places = |radius: i32| file("places.csv", &format!("nip,latitude,longitude,radius_m\n1005,-6.6,106.8,{radius}\n"));
        import::texts_in(&app.app, &places(100), false).await.unwrap();
        let corrected = import::texts_in(&app.app, &places(120), false).await.unwrap();
        assert_eq!(corrected.places.changed, 1, "a correction on the first day begins on the second");
        app.stop().await;
    }

    async fn one_mistake_anywhere_imports_nothing_at_all(app: TestApp) {
        let files = [
            file("units.csv", "code,name,parent,time_zone\nBARU,Unit Baru,KOTA,WIB\n"),
            file("people.csv", "nip,name,unit\n5001,Satu,BARU\n5002,Dua,TIADA\n"),
        ].concat();
        let found = mistakes(import::texts_in(&app.app, &files, false).await);
        assert_eq!(found, ["people.csv, line 3: column unit: there is no unit `TIADA`, neither here nor stored"]);
        let mut tx = app.app.store.read().await.unwrap();
        assert!(units::all(&mut tx).await.unwrap().iter().all(|unit| unit.code != "BARU"));
        assert!(people::by_nip(&mut tx, "5001").await.unwrap().is_none());
        drop(tx);
        app.stop().await;
    }

    async fn a_dry_run_says_what_would_change_and_changes_nothing(app: TestApp) {
        let files = file("people.csv", "nip,name,unit\n5001,Satu,MKS\n");
        assert_eq!(import::texts_in(&app.app, &files, true).await.unwrap().people.added, 1);
        assert_eq!(import::texts_in(&app.app, &files, false).await.unwrap().people.added, 1);
        app.stop().await;
    }

    async fn units_come_in_any_order_and_never_in_a_circle(app: TestApp) {
        let shuffled = "code,name,parent,time_zone\nC,Tiga,B,WIT\nB,Dua,A,WITA\nA,Satu,,Asia/Jakarta\n";
        let summary = import::texts_in(&app.app, &file("units.csv", shuffled), false).await.unwrap();
        assert_eq!(summary.units.added, 3);
        let circle = "code,name,parent,time_zone\nA,Satu,C,WIB\n";
        let found = mistakes(import::texts_in(&app.app, &file("units.csv", circle), false).await);
        assert!(found[0].contains("run in a circle"), "{found:?}");
        app.stop().await;
    }

    async fn a_first_password_is_set_once_and_a_later_one_does_not_replace_it(app: TestApp) {
        let files = |password: &str| file("people.csv", &format!("nip,name,unit,password\n5001,Satu,MKS,{password}\n"));
        assert_eq!(import::texts_in(&app.app, &files("first-password"), false).await.unwrap().passwords, 1);
        assert_eq!(import::texts_in(&app.app, &files("second-password"), false).await.unwrap().passwords, 0);
        let body = serde_json::json!({"nip": "5001", "password": "first-password"});
        let answer = app.send(reqwest::Method::POST, "/api/v1/session", |request| request.json(&body)).await;
        assert_eq!(answer.status, 200);
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mistake_names_its_line_and_column() {
    let app = TestApp::start(crate::support::Engine::Sqlite).await;
    let cases = [
        ("people.csv", "nip,name,unit\n1,,KOTA\n", "people.csv, line 2, column 2 (name): is empty"),
        ("people.csv", "nip,name,unit\n1,A\n", "people.csv, line 2: 2 cells where the header has 3"),
        (
            "people.csv",
            "nip,name,unit\na b,A,KOTA\n",
            "people.csv, line 2, column 1 (nip): `a b` is not a staff number of up to 32 letters and digits",
        ),
        ("people.csv", "nip,name,unit\n1,A,KOTA\n1,B,KOTA\n", "people.csv, line 3: this nip stands on line 2 already"),
        (
            "people.csv",
            "nip,name,unit,password\n1,A,KOTA,short\n",
            "people.csv, line 2, column 4 (password): `…` is not a password of at least 8 characters",
        ),
        (
            "units.csv",
            "code,name,parent,time_zone\nX,X,,WIBB\n",
            "units.csv, line 2, column 4 (time_zone): `WIBB` is not a time zone: WIB, WITA, WIT or an IANA name like Asia/Jakarta",
        ),
        (
            "roles.csv",
            "nip,role,unit,valid_from,valid_to\n1001,boss,,2026-01-01,\n",
            "roles.csv, line 2, column 2 (role): `boss` is not supervisor, auditor or administrator",
        ),
        (
            "roles.csv",
            "nip,role,unit,valid_from,valid_to\n1001,supervisor,,2026-01-01,\n",
            "roles.csv, line 2, column 3 (unit): is empty; a supervisor supervises a unit",
        ),
        (
            "roles.csv",
            "nip,role,unit,valid_from,valid_to\n1001,auditor,,2026-02-30,\n",
            "roles.csv, line 2, column 4 (valid_from): `2026-02-30` is not a date like 2026-01-31",
        ),
        (
            "roles.csv",
            "nip,role,unit,valid_from,valid_to\n1001,auditor,,2026-02-03,2026-02-01\n",
            "roles.csv, line 2, column 5 (valid_to): is before valid_from",
        ),
        (
            "schedules.csv",
            "unit,slot,valid_from,valid_to,weekdays,opens,closes,grace_minutes\nKOTA,spot,2026-01-01,,mon-fri,06:00,08:00,0\n",
            "schedules.csv, line 2, column 2 (slot): `spot` is not morning or evening",
        ),
        (
            "schedules.csv",
            "unit,slot,valid_from,valid_to,weekdays,opens,closes,grace_minutes\nKOTA,morning,2026-01-01,,fri-mon,06:00,08:00,0\n",
            "schedules.csv, line 2, column 5 (weekdays): `fri-mon` is not days like mon-fri or mon wed fri",
        ),
        (
            "schedules.csv",
            "unit,slot,valid_from,valid_to,weekdays,opens,closes,grace_minutes\nKOTA,morning,2026-01-01,,mon-fri,08:00,06:00,0\n",
            "schedules.csv, line 2, column 7 (closes): has to be later than opens",
        ),
        (
            "schedules.csv",
            "unit,slot,valid_from,valid_to,weekdays,opens,closes,grace_minutes\nKOTA,morning,2026-01-01,,mon-fri,22:00,24:00,1\n",
            "schedules.csv, line 2, column 8 (grace_minutes): would reach beyond midnight",
        ),
        (
            "schedules.csv",
            "unit,slot,valid_from,valid_to,weekdays,opens,closes,grace_minutes\nKOTA,morning,2026-01-01,2026-01-01,mon-fri,09:00,10:00,0\n",
            "schedules.csv, line 2: column valid_to: the stored schedule from this date has another end and other times; change one of them at a time, or begin the exception on another date",
        ),
        (
            "schedules.csv",
            "unit,slot,valid_from,valid_to,weekdays,opens,closes,grace_minutes\nMKS,morning,2026-01-01,,mon-fri,09:00,10:00,9223372036854775807\n",
            "schedules.csv, line 2, column 8 (grace_minutes): `9223372036854775807` is not a number of minutes",
        ),
        (
            "places.csv",
            "nip,latitude,longitude,radius_m\n1001,106.8,-6.5,100\n",
            "places.csv, line 2, column 2 (latitude): latitude has to lie within ±90 and longitude within ±180 degrees; are the two swapped?",
        ),
        (
            "places.csv",
            "nip,latitude,longitude,radius_m\n1001,-6.5,106.8,5000\n",
            "places.csv, line 2, column 4 (radius_m): `5000` is not a radius of 75 to 200 m",
        ),
        (
            "places.csv",
            "nip,latitude,longitude,radius_m\n7777,-6.5,106.8,100\n",
            "places.csv, line 2: column nip: there is no person `7777`, neither here nor stored",
        ),
        ("people.csv", "nip,name,unit,salary\n1,A,KOTA,5\n", "people.csv, line 1: `salary` is no column of people"),
        ("empty.csv", "", "empty.csv, line 1: the file is empty"),
    ];
    for (name, text, expected) in cases {
        let found = mistakes(import::texts_in(&app.app, &file(name, text), false).await);
        assert_eq!(found, [expected]);
    }
    let strange = mistakes(import::texts_in(&app.app, &file("x.csv", "a,b\n1,2\n"), false).await);
    assert!(
        strange[0].starts_with("x.csv, line 1: the header fits none of: units (code,name,parent,time_zone)"),
        "{strange:?}"
    );
    app.stop().await;
}
