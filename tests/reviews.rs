//! The supervisor's queue: who sees what, one reviewer at a time, one decision.

use serde_json::json;

use crate::{
    on_both_engines,
    support::{
        ADMINISTRATOR, Answer, COLLEAGUE, CheckIn, EMPLOYEE, MAYOR, OTHER_SUPERVISOR, Phone, STRANGER, SUPERVISOR,
        TestApp,
    },
};

/// A flagged check-in of an employee; gives the ids of check-in and review.
async fn flagged(app: &TestApp, nip: &str) -> (String, String) {
    let answer = app.phone(nip).await.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
    assert_eq!(answer.json["receipt"]["verdict"], "flagged", "{}", answer.text);
    let id = answer.json["receipt"]["checkin_id"].as_str().unwrap().to_owned();
    let own = app.phone(nip).await.get(&format!("/api/v1/checkins/{id}")).await;
    (id, own.json["reviews"][0]["review_id"].as_str().unwrap().to_owned())
}

async fn claim(phone: &Phone<'_>, review: &str) -> Answer {
    phone.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await
}

async fn accept(phone: &Phone<'_>, review: &str) -> Answer {
    let body = json!({"decision": "accept", "reason_code": "device_imprecise", "note": "Sinyal lemah."});
    phone.decide(review, &body).await
}

on_both_engines! {
    async fn a_supervisor_sees_the_unit_and_those_below_and_nobody_else_does(app: TestApp) {
        let (checkin, review) = flagged(&app, EMPLOYEE).await;
        flagged(&app, STRANGER).await;
        let queue_of = async |nip: &str| {
            let answer = app.phone(nip).await.get("/api/v1/reviews").await;
            answer.json["items"].as_array().map(|items| items.iter().map(|item| item["person"]["nip"].as_str().unwrap().to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(queue_of(SUPERVISOR).await.unwrap(), [EMPLOYEE]);
        assert_eq!(queue_of(OTHER_SUPERVISOR).await.unwrap(), [STRANGER]);
        assert_eq!(queue_of(MAYOR).await.unwrap().len(), 2);
        for nip in [EMPLOYEE, ADMINISTRATOR] {
            let answer = app.phone(nip).await.get("/api/v1/reviews").await;
            assert_eq!((answer.status, answer.code()), (403, "role-missing"));
        }
        let other = app.phone(OTHER_SUPERVISOR).await;
        for path in [format!("/api/v1/reviews/{review}"), format!("/api/v1/checkins/{checkin}"), format!("/api/v1/checkins/{checkin}/photo")] {
            let answer = other.get(&path).await;
            assert_eq!((answer.status, answer.code()), (404, "not-found"), "{path}");
        }
        for nip in [COLLEAGUE, ADMINISTRATOR] {
            assert_eq!(app.phone(nip).await.get(&format!("/api/v1/checkins/{checkin}")).await.status, 404);
        }
        assert_eq!(claim(&other, &review).await.status, 404);
        app.stop().await;
    }

    async fn a_case_tells_why_and_shows_the_photo_in_small_without_metadata(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let photo = crate::support::photos::room_file();
        let sent = phone.check_in(CheckIn { accuracy: 500.0, photo, ..CheckIn::morning() }).await;
        let supervisor = app.phone(SUPERVISOR).await;
        let queue = supervisor.get("/api/v1/reviews").await.json;
        let item = &queue["items"][0];
        assert_eq!(item["urgency"], "normal");
        assert!(item.get("reasons").is_none(), "the queue does not tell why a case is in it");
        let case = supervisor.get(&format!("/api/v1/reviews/{}", item["id"].as_str().unwrap())).await.json;
        assert_eq!(case["reasons"][0]["code"], "location.cannot_tell");
        assert_eq!(case["checkins"][0]["id"], sent.json["receipt"]["checkin_id"]);
        assert_eq!(case["history"][0]["kind"], "opened");
        assert!(!case.to_string().contains("106.81"), "no position in digits leaves: {case}");
        let url = case["checkins"][0]["photo_url"].as_str().unwrap();
        for (side, width, height) in [(320, 240, 320), (1280, 720, 960)] {
            let copy = supervisor.get(&format!("{url}?side={side}")).await;
            assert_eq!((copy.status, copy.header("content-type"), copy.header("cache-control")), (200, "image/jpeg", "no-store"));
            let decoded = crate::support::photos::decoded(&copy.bytes);
            assert_eq!((decoded.width(), decoded.height()), (width, height));
            assert!(exif::Reader::new().read_from_container(&mut std::io::Cursor::new(&copy.bytes)).is_err(), "no metadata");
            let again = supervisor.get(&format!("{url}?side={side}")).await;
            assert_eq!(again.bytes, copy.bytes);
        }
        let odd = supervisor.get(&format!("{url}?side=5000")).await;
        assert_eq!((odd.status, odd.code()), (400, "parameter-invalid"));
        let mut tx = app.app.store.read().await.unwrap();
        let looks = hadir::store::log_entries::count(&mut tx, hadir::model::words::EntryKind::EvidenceViewed).await.unwrap();
        drop(tx);
        assert_eq!(looks, 4, "each look is in the log");
        app.stop().await;
    }

    async fn two_reviewers_never_hold_the_same_case_and_a_lease_ends(app: TestApp) {
        let (_, review) = flagged(&app, EMPLOYEE).await;
        let (first, second) = (app.phone(SUPERVISOR).await, app.phone(MAYOR).await);
        assert_eq!(claim(&first, &review).await.json["claim"]["mine"], true);
        assert_eq!(claim(&first, &review).await.status, 200, "renewed");
        let held = claim(&second, &review).await;
        assert_eq!((held.status, held.code()), (409, "review-held"));
        assert!(held.json["held_until"].is_string());
        let early = accept(&second, &review).await;
        assert_eq!((early.status, early.code()), (409, "review-not-held"));
        app.clock.advance_seconds(601);
        let (first, second) = (app.phone(SUPERVISOR).await, app.phone(MAYOR).await);
        assert_eq!(claim(&second, &review).await.status, 200);
        let lost = accept(&first, &review).await;
        assert_eq!((lost.status, lost.code()), (409, "review-not-held"));
        assert_eq!(first.delete(&format!("/api/v1/reviews/{review}/claim")).await.code(), "review-not-held");
        assert_eq!(second.delete(&format!("/api/v1/reviews/{review}/claim")).await.status, 204);
        assert_eq!(claim(&first, &review).await.status, 200);
        app.stop().await;
    }

    async fn of_ten_who_claim_at_once_exactly_one_gets_the_case(app: TestApp) {
        let (_, review) = flagged(&app, EMPLOYEE).await;
        let phones = [app.phone(SUPERVISOR).await, app.phone(MAYOR).await];
        let claims = (0..10).map(|turn| claim(&phones[turn % 2], &review));
        let answers = futures_util::future::join_all(claims).await;
        let winners: std::collections::HashSet<usize> = answers.iter().enumerate().filter(|(_, a)| a.status == 200).map(|(turn, _)| turn % 2).collect();
        assert_eq!(winners.len(), 1, "only copies of one reviewer's claim may win");
        app.stop().await;
    }

    async fn a_case_is_decided_once_with_a_reason_that_fits_and_the_person_sees_it(app: TestApp) {
        let (checkin, review) = flagged(&app, EMPLOYEE).await;
        let supervisor = app.phone(SUPERVISOR).await;
        let unclaimed = accept(&supervisor, &review).await;
        assert_eq!((unclaimed.status, unclaimed.code()), (409, "review-not-held"));
        claim(&supervisor, &review).await;
        let path = format!("/api/v1/reviews/{review}/decision");
        let odd = supervisor.post(&path, &json!({"decision": "accept", "reason_code": "not_at_place"})).await;
        assert_eq!((odd.status, odd.code()), (422, "reason-invalid"));
        let long = supervisor.post(&path, &json!({"decision": "reject", "reason_code": "not_at_place", "note": "x".repeat(1001)})).await;
        assert_eq!((long.status, long.code()), (422, "note-too-long"));
        let unknown = supervisor.post(&path, &json!({"decision": "maybe", "reason_code": "not_at_place"})).await;
        assert_eq!((unknown.status, unknown.code()), (400, "body-invalid"));
        let decided = accept(&supervisor, &review).await;
        assert_eq!(decided.status, 200, "{}", decided.text);
        assert_eq!(decided.json["ruling"]["decision"], "accept");
        let kinds: Vec<&str> = decided.json["history"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["opened", "claimed", "decided"]);
        assert_eq!(decided.json["history"][2]["actor"], "Siti");
        let again = accept(&supervisor, &review).await;
        assert_eq!((again.status, again.code()), (409, "review-decided"));
        assert_eq!(claim(&app.phone(MAYOR).await, &review).await.code(), "review-decided");

        let employee = app.phone(EMPLOYEE).await;
        let own = employee.get("/api/v1/me/checkins").await.json;
        assert_eq!(own["items"][0]["id"], checkin);
        assert_eq!(own["items"][0]["reviews"][0]["decision"], "accept");
        assert_eq!(own["items"][0]["reviews"][0]["note"], "Sinyal lemah.");
        assert_eq!(own["items"][0]["reviews"][0]["decided_by"], "Siti");
        let today = employee.get("/api/v1/me/today").await.json;
        assert_eq!(today["slots"][0]["presence"]["state"], "settled");
        assert_eq!(supervisor.get("/api/v1/reviews").await.json["items"], json!([]));
        assert_eq!(supervisor.get("/api/v1/reviews?state=decided").await.json["items"][0]["id"], review);
        app.stop().await;
    }

    async fn rejecting_a_flagged_attempt_takes_nothing_from_one_that_was_accepted(app: TestApp) {
        let (_, review) = flagged(&app, EMPLOYEE).await;
        let phone = app.phone(EMPLOYEE).await;
        assert_eq!(phone.check_in(CheckIn::morning()).await.json["receipt"]["verdict"], "accepted");
        let supervisor = app.phone(SUPERVISOR).await;
        let case = claim(&supervisor, &review).await.json;
        let seen: Vec<bool> = case["checkins"].as_array().unwrap().iter().map(|attempt| attempt["in_case"].as_bool().unwrap()).collect();
        assert_eq!(seen, [true, false], "the accepted attempt is shown beside the flagged one");
        let body = json!({"decision": "reject", "reason_code": "photo_unreadable"});
        assert_eq!(supervisor.decide(&review, &body).await.status, 200);
        let today = phone.get("/api/v1/me/today").await.json;
        assert_eq!(today["slots"][0]["presence"]["decision"], "accept", "{today}");
        app.stop().await;
    }

    async fn an_attempt_that_arrives_while_somebody_looks_ends_the_lease(app: TestApp) {
        let (_, review) = flagged(&app, EMPLOYEE).await;
        let supervisor = app.phone(SUPERVISOR).await;
        claim(&supervisor, &review).await;
        flagged(&app, EMPLOYEE).await;
        let unseen = accept(&supervisor, &review).await;
        assert_eq!((unseen.status, unseen.code()), (409, "review-not-held"));
        assert_eq!(claim(&supervisor, &review).await.json["attempts"], 2);
        assert_eq!(accept(&supervisor, &review).await.status, 200);
        app.stop().await;
    }

    async fn a_copy_somebody_else_put_into_the_photo_store_is_not_shown(app: TestApp) {
        let (checkin, _) = flagged(&app, EMPLOYEE).await;
        let supervisor = app.phone(SUPERVISOR).await;
        let path = format!("/api/v1/checkins/{checkin}/photo?side=320");
        let shown = supervisor.get(&path).await;
        let stored = app.app.blobs.list("2026-11-23".parse().unwrap()).await.unwrap();
        let copy = stored.iter().find(|listed| listed.key.as_str().ends_with(".320.jpg")).unwrap();
        let swapped = crate::support::photos::other_room();
        app.app.blobs.put(&copy.key, bytes::Bytes::from(swapped.clone()), &hash(&swapped)).await.unwrap();
        assert_eq!(supervisor.get(&path).await.bytes, shown.bytes, "made anew from the verified original");
        app.stop().await;
    }

    async fn nobody_decides_a_case_of_their_own(app: TestApp) {
        let (_, review) = flagged(&app, SUPERVISOR).await;
        let supervisor = app.phone(SUPERVISOR).await;
        assert_eq!(supervisor.get("/api/v1/reviews").await.json["items"], json!([]));
        assert_eq!(claim(&supervisor, &review).await.status, 404);
        let mayor = app.phone(MAYOR).await;
        assert_eq!(claim(&mayor, &review).await.status, 200);
        assert_eq!(accept(&mayor, &review).await.status, 200);
        app.stop().await;
    }

    async fn a_supervisor_whose_term_is_over_sees_nothing(app: TestApp) {
        let (checkin, review) = flagged(&app, EMPLOYEE).await;
        let roles = "nip,role,unit,valid_from,valid_to\n2001,supervisor,DINAS,2026-01-01,2026-11-22\n".to_owned();
        hadir::people::import::texts_in(&app.app, &[("roles.csv".to_owned(), roles)], false).await.unwrap();
        let supervisor = app.phone(SUPERVISOR).await;
        assert_eq!(supervisor.get("/api/v1/reviews").await.code(), "role-missing");
        assert_eq!(supervisor.get(&format!("/api/v1/reviews/{review}")).await.code(), "role-missing");
        assert_eq!(supervisor.get(&format!("/api/v1/checkins/{checkin}/photo")).await.status, 404);
        app.stop().await;
    }

    async fn pages_go_from_the_oldest_day_and_the_worst_case_on_without_gap_or_repeat(app: TestApp) {
        // Tuesday: one is only imprecise, one is far away; Monday's case is older than both.
        flagged(&app, EMPLOYEE).await;
        app.set_clock("2026-11-24T00:05:00Z");
        flagged(&app, COLLEAGUE).await;
        app.clock.advance_seconds(60);
        let far = app.phone(EMPLOYEE).await.check_in(CheckIn { latitude: -6.5, ..CheckIn::morning() }).await;
        assert_eq!(far.json["receipt"]["verdict"], "flagged");
        let supervisor = app.phone(SUPERVISOR).await;
        let (mut seen, mut next) = (Vec::new(), String::new());
        loop {
            let page = supervisor.get(&format!("/api/v1/reviews?limit=1{next}")).await.json;
            let item = &page["items"][0];
            seen.push(format!("{} {} {}", item["work_date"].as_str().unwrap(), item["person"]["nip"].as_str().unwrap(), item["urgency"].as_str().unwrap()));
            match page["next"].as_str() {
                Some(cursor) => next = format!("&after={cursor}"),
                None => break,
            }
        }
        assert_eq!(seen, ["2026-11-23 1001 normal", "2026-11-24 1001 high", "2026-11-24 1002 normal"]);
        for bad in ["?limit=0", "?limit=101", "?after=nonsense", "?state=closed", "?unknown=1"] {
            let answer = supervisor.get(&format!("/api/v1/reviews{bad}")).await;
            assert_eq!((answer.status, answer.code()), (400, "parameter-invalid"), "{bad}");
        }
        app.stop().await;
    }

    async fn an_altered_photo_is_never_shown(app: TestApp) {
        let (checkin, _) = flagged(&app, EMPLOYEE).await;
        let date = "2026-11-23".parse().unwrap();
        let stored = app.app.blobs.list(date).await.unwrap();
        app.app.blobs.put(&stored[0].key, bytes::Bytes::from(crate::support::photos::other_room()), &hash(&crate::support::photos::other_room())).await.unwrap();
        let answer = app.phone(SUPERVISOR).await.get(&format!("/api/v1/checkins/{checkin}/photo")).await;
        assert_eq!((answer.status, answer.code()), (409, "photo-unavailable"));
        app.app.blobs.delete(&stored[0].key).await.unwrap();
        let answer = app.phone(SUPERVISOR).await.get(&format!("/api/v1/checkins/{checkin}/photo")).await;
        assert_eq!((answer.status, answer.code()), (409, "photo-unavailable"));
        app.stop().await;
    }
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).into()
}
