//! Acting supervisors: given for a time, approved from above, and gone with their last day.

use hadir::{model::words::EntryKind, store::log_entries};
use serde_json::{Value, json};

use crate::{
    changes::{decide, id},
    on_both_engines,
    support::{
        ADMINISTRATOR, Answer, COLLEAGUE, CheckIn, EMPLOYEE, MAYOR, OTHER_SUPERVISOR, Phone, STRANGER, SUPERVISOR,
        TestApp,
    },
};

async fn give(phone: &Phone<'_>, unit: &str, nip: &str, from: &str, to: &str) -> Answer {
    let body = json!({"unit": unit, "nip": nip, "valid_from": from, "valid_to": to, "note": "Cuti tahunan."});
    phone.post("/api/v1/delegations", &body).await
}

/// Whether somebody may see the queue now.
async fn sees_the_queue(app: &TestApp, nip: &str) -> bool {
    let queue = app.phone(nip).await.get("/api/v1/reviews").await;
    assert!([200, 403].contains(&queue.status), "{}", queue.text);
    queue.status == 200 && !queue.json["items"].as_array().unwrap().is_empty()
}

on_both_engines! {
    async fn sight_of_the_queue_begins_and_ends_with_its_dates(app: TestApp) {
        app.phone(EMPLOYEE).await.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
        let given = give(&app.phone(SUPERVISOR).await, "DINAS", COLLEAGUE, "2026-11-24", "2026-11-25").await;
        let change = id(&given);
        assert_eq!(given.json["words"]["id"], "Agus (1002) bertindak sebagai atasan Dinas (DINAS) mulai 24-11-2026 sampai 25-11-2026.");
        let mayor = app.phone(MAYOR).await;
        assert_eq!(mayor.get("/api/v1/changes?state=pending").await.json["items"][0]["may_decide"], true);
        assert_eq!(decide(&mayor, &change, "approve").await.status, 200);
        // The days are those of the unit: midnight in the west is 17.00 in UTC.
        for (at, seen) in [
            ("2026-11-23T16:59:59Z", false),
            ("2026-11-23T17:00:00Z", true),
            ("2026-11-25T16:59:59Z", true),
            ("2026-11-25T17:00:00Z", false),
        ] {
            app.set_clock(at);
            assert_eq!(sees_the_queue(&app, COLLEAGUE).await, seen, "{at}");
        }
        app.stop().await;
    }

    async fn sight_is_lost_in_the_middle_of_a_sign_in(app: TestApp) {
        let change = id(&give(&app.phone(SUPERVISOR).await, "DINAS", COLLEAGUE, "2026-11-23", "2026-11-23").await);
        assert_eq!(decide(&app.phone(ADMINISTRATOR).await, &change, "approve").await.status, 200, "an administrator may, too");
        app.set_clock("2026-11-23T16:55:00Z");
        let acting = app.phone(COLLEAGUE).await;
        assert_eq!(acting.get("/api/v1/reviews").await.status, 200);
        app.set_clock("2026-11-23T17:00:01Z");
        assert_eq!(acting.get("/api/v1/reviews").await.code(), "role-missing", "with the same token");
        app.stop().await;
    }

    async fn it_is_approved_from_above_and_by_nobody_else(app: TestApp) {
        let supervisor = app.phone(SUPERVISOR).await;
        let change = id(&give(&supervisor, "DINAS", COLLEAGUE, "2026-11-24", "2026-11-25").await);
        assert!(!sees_the_queue(&app, COLLEAGUE).await);
        assert_eq!(decide(&supervisor, &change, "approve").await.code(), "change-own");
        assert_eq!(decide(&app.phone(OTHER_SUPERVISOR).await, &change, "approve").await.status, 404);
        assert_eq!(decide(&app.phone(COLLEAGUE).await, &change, "approve").await.code(), "role-missing");
        // Somebody beside them, with the same unit and nothing above it.
        let beside = json!({"kind": "role", "nip": STRANGER, "role": "supervisor", "unit": "DINAS", "valid_from": "2026-11-23",
            "valid_to": null, "reason": "Berdua."});
        let made = id(&app.phone(ADMINISTRATOR).await.post("/api/v1/changes", &beside).await);
        crate::changes::more_administrators(&app).await;
        assert_eq!(decide(&app.phone(crate::changes::SECOND).await, &made, "approve").await.status, 200);
        let stranger = app.phone(STRANGER).await;
        assert_eq!(stranger.get(&format!("/api/v1/changes/{change}")).await.json["may_decide"], false);
        let refused = decide(&stranger, &change, "approve").await;
        assert_eq!((refused.status, refused.code()), (403, "role-missing"));
        assert_eq!(decide(&app.phone(MAYOR).await, &change, "refuse").await.json["state"], "refused");
        app.stop().await;
    }

    async fn who_acts_passes_nothing_on_and_nobody_acts_for_longer_than_ninety_days(app: TestApp) {
        let supervisor = app.phone(SUPERVISOR).await;
        for (unit, nip, from, to, why) in [
            ("DINAS", SUPERVISOR, "2026-11-24", "2026-11-25", "yourself"),
            ("MKS", COLLEAGUE, "2026-11-24", "2026-11-25", "no unit MKS"),
            ("TIADA", COLLEAGUE, "2026-11-24", "2026-11-25", "no unit TIADA"),
            ("KOTA", COLLEAGUE, "2026-11-24", "2026-11-25", "no unit KOTA"),
            ("DINAS", "7777", "2026-11-24", "2026-11-25", "7777"),
            ("DINAS", COLLEAGUE, "2026-11-22", "2026-11-25", "past"),
            ("DINAS", COLLEAGUE, "2026-11-25", "2026-11-24", "before the first day"),
            ("DINAS", COLLEAGUE, "2026-11-24", "2027-02-22", "90 days"),
        ] {
            let refused = give(&supervisor, unit, nip, from, to).await;
            assert_eq!((refused.status, refused.code()), (422, "change-invalid"), "{unit} {nip}: {}", refused.text);
            assert!(refused.json["detail"].as_str().unwrap().contains(why), "{}", refused.text);
        }
        let longest = give(&supervisor, "BIDANG", COLLEAGUE, "2026-11-24", "2027-02-21").await;
        assert_eq!(decide(&app.phone(MAYOR).await, &id(&longest), "approve").await.status, 200, "ninety days, below one's own unit");
        app.set_clock("2026-11-24T00:05:00Z");
        let onward = give(&app.phone(COLLEAGUE).await, "BIDANG", STRANGER, "2026-11-25", "2026-11-26").await;
        assert!(onward.code() == "change-invalid" && onward.text.contains("a role of your own"), "{}", onward.text);
        assert_eq!(give(&app.phone(EMPLOYEE).await, "BIDANG", STRANGER, "2026-11-25", "2026-11-26").await.code(), "role-missing");
        let twice = give(&app.phone(SUPERVISOR).await, "BIDANG", COLLEAGUE, "2026-11-25", "2026-11-26").await;
        assert!(twice.code() == "change-invalid" && twice.text.contains("already"), "{}", twice.text);
        app.stop().await;
    }

    async fn what_its_giver_may_no_longer_give_is_not_approved(app: TestApp) {
        let change = id(&give(&app.phone(SUPERVISOR).await, "DINAS", COLLEAGUE, "2026-11-24", "2026-11-25").await);
        crate::changes::more_administrators(&app).await;
        let administrator = app.phone(ADMINISTRATOR).await;
        let role = administrator.get("/api/v1/people/2001").await.json["roles"][0]["id"].clone();
        let end = json!({"kind": "role_end", "role_id": role, "valid_to": "2026-11-22", "reason": "Mutasi."});
        let made = id(&administrator.post("/api/v1/changes", &end).await);
        assert_eq!(decide(&app.phone(crate::changes::SECOND).await, &made, "approve").await.status, 200);
        let refused = decide(&app.phone(MAYOR).await, &change, "approve").await;
        assert!(refused.code() == "change-invalid" && refused.text.contains("any more"), "{}", refused.text);
        app.stop().await;
    }

    async fn who_gave_it_ends_it_today_and_nobody_else(app: TestApp) {
        let supervisor = app.phone(SUPERVISOR).await;
        let change = id(&give(&supervisor, "DINAS", COLLEAGUE, "2026-11-23", "2026-12-23").await);
        assert_eq!(decide(&app.phone(MAYOR).await, &change, "approve").await.status, 200);
        let held = app.phone(COLLEAGUE).await.get("/api/v1/delegations").await;
        let row = &held.json["delegations"][0];
        assert_eq!((&row["gave"], &row["in_force"], &row["given_by"]), (&json!(false), &json!(true), &json!("Siti")));
        let path = format!("/api/v1/delegations/{}", row["id"].as_str().unwrap());
        for nip in [COLLEAGUE, MAYOR, ADMINISTRATOR] {
            assert_eq!(app.phone(nip).await.delete(&path).await.status, 404, "{nip} did not give it");
        }
        assert_eq!(supervisor.delete(&path).await.status, 204);
        let given = supervisor.get("/api/v1/delegations").await;
        let row = &given.json["delegations"][0];
        assert_eq!((&row["gave"], &row["valid_to"], &row["in_force"]), (&json!(true), &json!("2026-11-23"), &json!(true)));
        assert_eq!(supervisor.delete(&path).await.code(), "change-decided", "it ends today already");
        app.set_clock("2026-11-23T17:00:00Z");
        assert_eq!(app.phone(COLLEAGUE).await.get("/api/v1/reviews").await.code(), "role-missing");
        let mut tx = app.app.store.read().await.unwrap();
        assert_eq!(log_entries::count(&mut tx, EntryKind::DelegationEnded).await.unwrap(), 1);
        drop(tx);
        app.stop().await;
    }

    async fn what_has_not_begun_is_ended_before_it_begins(app: TestApp) {
        let supervisor = app.phone(SUPERVISOR).await;
        let change = id(&give(&supervisor, "DINAS", COLLEAGUE, "2026-11-25", "2026-11-27").await);
        assert_eq!(decide(&app.phone(MAYOR).await, &change, "approve").await.status, 200);
        let given = supervisor.get("/api/v1/delegations").await;
        let path = format!("/api/v1/delegations/{}", given.json["delegations"][0]["id"].as_str().unwrap());
        assert_eq!(supervisor.delete(&path).await.status, 204);
        app.set_clock("2026-11-25T00:05:00Z");
        assert_eq!(app.phone(COLLEAGUE).await.get("/api/v1/reviews").await.code(), "role-missing");
        let gone = app.phone(COLLEAGUE).await.get("/api/v1/delegations").await;
        assert_eq!(gone.json["delegations"][0]["in_force"], Value::Bool(false));
        app.stop().await;
    }
}
