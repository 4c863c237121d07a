//! A slot may be answered again: every attempt is kept, the best verdict and the earliest time stand.

use crate::{
    on_both_engines,
    support::{CheckIn, EMPLOYEE, SUPERVISOR, TestApp},
};

on_both_engines! {
    async fn a_better_attempt_improves_the_slot_and_never_makes_it_later(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        let coarse = phone.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
        assert_eq!(coarse.json["receipt"]["slot_verdict"], "flagged");
        app.set_clock("2026-11-23T00:07:00Z");
        let fine = phone.check_in(CheckIn::morning()).await;
        assert_eq!(fine.json["receipt"]["attempt"], 2);
        assert_eq!(fine.json["receipt"]["slot_verdict"], "accepted");
        app.set_clock("2026-11-23T00:08:00Z");
        let worse = phone.check_in(CheckIn { latitude: -6.5, ..CheckIn::morning() }).await;
        assert_eq!(worse.json["receipt"]["verdict"], "flagged");
        assert_eq!(worse.json["receipt"]["slot_verdict"], "accepted");

        let today = phone.get("/api/v1/me/today").await.json;
        let presence = &today["slots"][0]["presence"];
        assert_eq!(presence["verdict"], "accepted");
        assert_eq!(presence["attempts"], 3);
        assert_eq!(presence["first_received_at"], "2026-11-23T00:05:00.000000Z");
        assert_eq!(presence["best_checkin_id"], fine.json["receipt"]["checkin_id"]);
        assert_eq!(app.stored().await, (3, 3));
        app.stop().await;
    }

    async fn flagged_attempts_of_one_slot_are_one_case_and_other_slots_are_others(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        for accuracy in [500.0, 600.0] {
            phone.check_in(CheckIn { accuracy, ..CheckIn::morning() }).await;
        }
        app.set_clock("2026-11-23T09:30:00Z");
        let phone = app.phone(EMPLOYEE).await;
        phone.check_in(CheckIn { accuracy: 500.0, ..CheckIn::evening() }).await;
        let queue = app.phone(SUPERVISOR).await.get("/api/v1/reviews").await.json;
        let items = queue["items"].as_array().unwrap();
        assert_eq!(items.len(), 2, "{queue}");
        assert_eq!((&items[0]["slot"], &items[0]["attempts"]), (&"morning".into(), &2.into()));
        assert_eq!((&items[1]["slot"], &items[1]["attempts"]), (&"evening".into(), &1.into()));
        app.stop().await;
    }

    async fn an_accepted_attempt_moves_the_open_case_behind_the_others(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        phone.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
        phone.check_in(CheckIn::morning()).await;
        let queue = app.phone(SUPERVISOR).await.get("/api/v1/reviews").await.json;
        assert_eq!(queue["items"][0]["urgency"], "low", "{queue}");
        app.stop().await;
    }

    async fn the_sixth_attempt_is_refused_and_the_five_before_are_kept(app: TestApp) {
        let phone = app.phone(EMPLOYEE).await;
        for attempt in 1..=5 {
            let answer = phone.check_in(CheckIn::morning()).await;
            assert_eq!((answer.status, &answer.json["receipt"]["attempt"]), (201, &attempt.into()), "{}", answer.text);
        }
        let sixth = phone.check_in(CheckIn::morning()).await;
        assert_eq!((sixth.status, sixth.code()), (409, "attempts-exhausted"));
        let mut tx = app.app.store.read().await.unwrap();
        assert_eq!(hadir::store::checkins::count(&mut tx).await.unwrap(), 5);
        drop(tx);
        app.stop().await;
    }
}
