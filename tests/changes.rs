//! Changes that two people make: proposed by one, approved by another, applied at once.

use hadir::{model::words::EntryKind, people::import, store::log_entries};
use serde_json::{Value, json};

use crate::{
    on_both_engines,
    support::{
        ADMINISTRATOR, Answer, COLLEAGUE, CheckIn, EMPLOYEE, HOMELESS, MAYOR, PASSWORD, Phone, SUPERVISOR, TestApp,
    },
};

/// A second and a third administrator.
pub const SECOND: &str = "9002";
pub const THIRD: &str = "9003";

/// Adds two more administrators.
pub async fn more_administrators(app: &TestApp) {
    let people = format!("nip,name,unit,password\n{SECOND},Bayu,KOTA,{PASSWORD}\n{THIRD},Citra,KOTA,{PASSWORD}\n");
    let roles = format!(
        "nip,role,unit,valid_from,valid_to\n{SECOND},administrator,,2026-01-01,\n{THIRD},administrator,,2026-01-01,\n"
    );
    let files = [("people.csv".to_owned(), people), ("roles.csv".to_owned(), roles)];
    import::texts_in(&app.app, &files, false).await.unwrap();
}

pub async fn propose(phone: &Phone<'_>, change: Value) -> Answer {
    let mut body = change;
    body["reason"] = json!("Sesuai surat.");
    phone.post("/api/v1/changes", &body).await
}

pub fn id(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json["id"].as_str().unwrap().to_owned()
}

pub async fn decide(phone: &Phone<'_>, change: &str, decision: &str) -> Answer {
    phone.post(&format!("/api/v1/changes/{change}/decision"), &json!({"decision": decision, "note": "Baik."})).await
}

/// Proposed by one administrator, approved by another.
async fn agreed(app: &TestApp, change: Value) -> Answer {
    let made = id(&propose(&app.phone(ADMINISTRATOR).await, change).await);
    let approved = decide(&app.phone(SECOND).await, &made, "approve").await;
    assert_eq!((approved.status, &approved.json["state"]), (200, &json!("approved")), "{}", approved.text);
    approved
}

async fn logged(app: &TestApp, kind: EntryKind) -> i64 {
    let mut tx = app.app.store.read().await.unwrap();
    log_entries::count(&mut tx, kind).await.unwrap()
}

fn role(nip: &str, role: &str, unit: Option<&str>) -> Value {
    json!({"kind": "role", "nip": nip, "role": role, "unit": unit, "valid_from": "2026-11-23", "valid_to": null})
}

fn morning(valid_from: &str) -> Value {
    json!({"kind": "schedule", "unit": "BIDANG", "slot": "morning", "valid_from": valid_from, "valid_to": null,
        "weekdays": 31, "opens_minute": 420, "closes_minute": 540, "grace_minutes": 15})
}

fn outage(code: &str) -> Value {
    json!({"kind": "incident", "code": code, "unit": "DINAS", "starts_at": "2026-11-23T00:00:00Z",
        "ends_at": "2026-11-23T01:00:00Z", "words_id": "Listrik padam.", "words_en": "No power."})
}

fn policy(name: &str, value: f64, valid_from: &str) -> Value {
    json!({"kind": "policy", "name": name, "value": value, "valid_from": valid_from})
}

on_both_engines! {
    async fn a_role_holds_once_somebody_else_approved_it(app: TestApp) {
        more_administrators(&app).await;
        let (proposer, employee) = (app.phone(ADMINISTRATOR).await, app.phone(EMPLOYEE).await);
        let made = propose(&proposer, role(EMPLOYEE, "supervisor", Some("MKS"))).await;
        let change = id(&made);
        assert_eq!((&made.json["state"], &made.json["may_decide"], &made.json["mine"]), (&json!("pending"), &json!(false), &json!(true)));
        assert_eq!(made.json["words"]["id"], "Dewi (1001) menjadi atasan Makassar (MKS) mulai 23-11-2026.");
        assert_eq!(made.json["payload"], json!({"nip": "1001", "role": "supervisor", "unit": "MKS", "valid_from": "2026-11-23", "valid_to": null}));
        assert_eq!(employee.get("/api/v1/units").await.status, 403, "not yet");
        let own = decide(&proposer, &change, "approve").await;
        assert_eq!((own.status, own.code()), (409, "change-own"));
        let second = app.phone(SECOND).await;
        assert_eq!(second.get(&format!("/api/v1/changes/{change}")).await.json["may_decide"], true);
        let approved = decide(&second, &change, "approve").await;
        assert_eq!((approved.status, &approved.json["state"], &approved.json["decided_by"]), (200, &json!("approved"), &json!("Bayu")), "{}", approved.text);
        assert_eq!(employee.get("/api/v1/units").await.json["units"][0]["code"], "MKS");
        let again = decide(&app.phone(THIRD).await, &change, "refuse").await;
        assert_eq!((again.status, again.code()), (409, "change-decided"));
        assert_eq!((logged(&app, EntryKind::ChangeProposed).await, logged(&app, EntryKind::ChangeDecided).await), (1, 1));
        app.stop().await;
    }

    async fn nobody_approves_a_role_for_themself(app: TestApp) {
        more_administrators(&app).await;
        let change = id(&propose(&app.phone(ADMINISTRATOR).await, role(SECOND, "supervisor", Some("KOTA"))).await);
        let subject = app.phone(SECOND).await;
        for decision in ["approve", "refuse"] {
            let refused = decide(&subject, &change, decision).await;
            assert_eq!((refused.status, refused.code()), (409, "change-own"), "{decision}");
        }
        assert_eq!(subject.get(&format!("/api/v1/changes/{change}")).await.json["may_decide"], false);
        assert_eq!(decide(&app.phone(THIRD).await, &change, "approve").await.status, 200);
        app.stop().await;
    }

    async fn nobody_ends_another_administrators_role_without_a_third(app: TestApp) {
        more_administrators(&app).await;
        let proposer = app.phone(ADMINISTRATOR).await;
        let seen = proposer.get("/api/v1/people/9002").await;
        let role_id = &seen.json["roles"][0]["id"];
        let end = json!({"kind": "role_end", "role_id": role_id, "valid_to": "2026-11-22"});
        let made = propose(&proposer, end).await;
        let change = id(&made);
        assert_eq!(made.json["before"]["valid_to"], Value::Null);
        let subject = app.phone(SECOND).await;
        assert_eq!(decide(&subject, &change, "refuse").await.code(), "change-own");
        assert_eq!(decide(&app.phone(THIRD).await, &change, "approve").await.status, 200);
        assert_eq!(subject.get("/api/v1/people").await.code(), "role-missing", "over since yesterday");
        for (valid_to, why) in [("2026-11-22", "over already"), ("2026-12-31", "over already")] {
            let again = propose(&proposer, json!({"kind": "role_end", "role_id": role_id, "valid_to": valid_to})).await;
            assert!(again.code() == "change-invalid" && again.json["detail"].as_str().unwrap().contains(why), "{}", again.text);
        }
        app.stop().await;
    }

    async fn of_two_who_decide_at_once_one_decides(app: TestApp) {
        more_administrators(&app).await;
        let change = id(&propose(&app.phone(ADMINISTRATOR).await, role(EMPLOYEE, "auditor", None)).await);
        let (second, third) = (app.phone(SECOND).await, app.phone(THIRD).await);
        let (one, other) = tokio::join!(decide(&second, &change, "approve"), decide(&third, &change, "approve"));
        let mut answers = [(one.status, one.code()), (other.status, other.code())];
        answers.sort_unstable();
        assert_eq!(answers, [(200, "(no problem)"), (409, "change-decided")]);
        let roles = app.phone(ADMINISTRATOR).await.get("/api/v1/people/1001").await;
        assert_eq!(roles.json["roles"].as_array().unwrap().len(), 1);
        assert_eq!(logged(&app, EntryKind::ChangeDecided).await, 1);
        app.stop().await;
    }

    async fn of_two_changes_that_collide_one_is_made(app: TestApp) {
        more_administrators(&app).await;
        let proposer = app.phone(ADMINISTRATOR).await;
        let (second, third) = (app.phone(SECOND).await, app.phone(THIRD).await);
        for pair in [
            [role(EMPLOYEE, "supervisor", Some("MKS")), role(EMPLOYEE, "supervisor", Some("MKS"))],
            [outage("PADAM"), outage("PADAM")],
        ] {
            let [first, other] = pair;
            let (first, other) = (id(&propose(&proposer, first).await), id(&propose(&proposer, other).await));
            let (one, two) = tokio::join!(decide(&second, &first, "approve"), decide(&third, &other, "approve"));
            let mut answers = [(one.status, one.code()), (two.status, two.code())];
            answers.sort_unstable();
            assert_eq!(answers, [(200, "(no problem)"), (422, "change-invalid")], "{} {}", one.text, two.text);
            let pending = proposer.get("/api/v1/changes?state=pending").await;
            let left = pending.json["items"][0]["id"].as_str().unwrap();
            assert_eq!(pending.json["items"].as_array().unwrap().len(), 1, "what could not be made still waits");
            assert_eq!(proposer.delete(&format!("/api/v1/changes/{left}")).await.json["state"], "withdrawn");
        }
        assert_eq!(proposer.get("/api/v1/people/1001").await.json["roles"].as_array().unwrap().len(), 1);
        assert_eq!(proposer.get("/api/v1/incidents").await.json["incidents"].as_array().unwrap().len(), 1);
        app.stop().await;
    }

    async fn what_is_refused_or_withdrawn_changes_nothing(app: TestApp) {
        more_administrators(&app).await;
        let (proposer, second) = (app.phone(ADMINISTRATOR).await, app.phone(SECOND).await);
        let refused = id(&propose(&proposer, role(EMPLOYEE, "auditor", None)).await);
        let answer = decide(&second, &refused, "refuse").await;
        assert_eq!((&answer.json["state"], &answer.json["note"]), (&json!("refused"), &json!("Baik.")));
        app.clock.advance_seconds(1);
        let withdrawn = id(&propose(&proposer, role(EMPLOYEE, "auditor", None)).await);
        assert_eq!(second.delete(&format!("/api/v1/changes/{withdrawn}")).await.status, 404, "only by who proposed it");
        assert_eq!(proposer.delete(&format!("/api/v1/changes/{withdrawn}")).await.json["state"], "withdrawn");
        assert_eq!(proposer.delete(&format!("/api/v1/changes/{withdrawn}")).await.code(), "change-decided");
        assert_eq!(decide(&second, &withdrawn, "approve").await.code(), "change-decided");
        assert_eq!(proposer.get("/api/v1/people/1001").await.json["roles"], json!([]));
        let states = |answer: &Answer| answer.json["items"].as_array().unwrap().iter().map(|row| row["state"].clone()).collect::<Vec<_>>();
        assert_eq!(states(&proposer.get("/api/v1/changes").await), [json!("withdrawn"), json!("refused")], "latest first");
        assert_eq!(states(&proposer.get("/api/v1/changes?state=refused&kind=role").await), [json!("refused")]);
        let first = proposer.get("/api/v1/changes?limit=1").await;
        let rest = proposer.get(&format!("/api/v1/changes?limit=1&after={}", first.json["next"].as_str().unwrap())).await;
        assert_eq!((states(&rest), &rest.json["next"]), (vec![json!("refused")], &Value::Null));
        app.stop().await;
    }

    async fn changes_are_for_administrators_and_nobody_else(app: TestApp) {
        let change = id(&propose(&app.phone(ADMINISTRATOR).await, role(EMPLOYEE, "auditor", None)).await);
        let supervisor = app.phone(SUPERVISOR).await;
        assert_eq!(propose(&supervisor, role(EMPLOYEE, "auditor", None)).await.code(), "role-missing");
        assert_eq!(supervisor.get(&format!("/api/v1/changes/{change}")).await.status, 404);
        assert_eq!(decide(&supervisor, &change, "approve").await.status, 404);
        assert_eq!(supervisor.get("/api/v1/changes").await.json["items"], json!([]));
        assert_eq!(app.phone(EMPLOYEE).await.get("/api/v1/changes").await.code(), "role-missing");
        app.stop().await;
    }

    async fn a_schedule_holds_from_its_first_day_for_its_unit(app: TestApp) {
        more_administrators(&app).await;
        let approved = agreed(&app, morning("2026-11-24")).await;
        assert_eq!(approved.json["before"]["opens_minute"], 360);
        assert_eq!(approved.json["words"]["id"],
            "Presensi pagi Bidang (BIDANG): 07.00-09.00, toleransi 15 menit, Sen, Sel, Rab, Kam, Jum, mulai 24-11-2026.");
        let opens = |day: &Answer| day.json["slots"][0]["opens_at"].clone();
        let mayor = app.phone(MAYOR).await;
        let of = async |unit: &str, date: &str| opens(&mayor.get(&format!("/api/v1/units/{unit}/today?date={date}")).await);
        assert_eq!(of("BIDANG", "2026-11-23").await, "2026-11-22T23:00:00.000000Z", "today keeps its times");
        assert_eq!(of("BIDANG", "2026-11-24").await, "2026-11-24T00:00:00.000000Z");
        assert_eq!(of("DINAS", "2026-11-24").await, "2026-11-23T23:00:00.000000Z", "not for the unit above");
        let mut changed = morning("2026-11-24");
        changed["grace_minutes"] = json!(30);
        agreed(&app, changed).await;
        let own = app.phone(SUPERVISOR).await.get("/api/v1/schedules?unit=BIDANG").await;
        let rows: Vec<&Value> = own.json["schedules"].as_array().unwrap().iter().filter(|row| row["unit"] == "BIDANG").collect();
        assert_eq!((rows.len(), &rows[0]["grace_minutes"], &rows[0]["inherited"]), (1, &json!(30), &json!(false)), "the same row from the same day");
        app.stop().await;
    }

    async fn what_cannot_be_is_told_in_words(app: TestApp) {
        let proposer = app.phone(ADMINISTRATOR).await;
        let with = |mut change: Value, member: &str, value: Value| {
            change[member] = value;
            change
        };
        for (change, why) in [
            (role("7777", "auditor", None), "7777"),
            (role(EMPLOYEE, "supervisor", None), "name it"),
            (role(EMPLOYEE, "supervisor", Some("TIADA")), "TIADA"),
            (role(EMPLOYEE, "administrator", Some("KOTA")), "leave unit out"),
            (role(SUPERVISOR, "supervisor", Some("DINAS")), "already"),
            (with(role(EMPLOYEE, "auditor", None), "valid_from", json!("2026-11-22")), "past"),
            (with(role(EMPLOYEE, "auditor", None), "valid_to", json!("2026-11-22")), "before the first day"),
            (json!({"kind": "role_end", "role_id": "0199d5a0-7c00-7000-8000-000000000001", "valid_to": "2026-12-01"}), "no such role"),
            (with(morning("2026-11-24"), "slot", json!("spot")), "morning or evening"),
            (with(morning("2026-11-24"), "weekdays", json!(0)), "weekdays"),
            (with(morning("2026-11-24"), "closes_minute", json!(420)), "later than opens_minute"),
            (with(morning("2026-11-24"), "grace_minutes", json!(1000)), "midnight"),
            (with(morning("2026-11-24"), "grace_minutes", json!(i64::MAX)), "grace_minutes"),
            (morning("2026-11-22"), "is over"),
            (with(outage("P"), "ends_at", json!("2026-11-23T00:00:00Z")), "later than starts_at"),
            (with(outage("P"), "ends_at", json!("2026-12-23T00:00:00Z")), "at most 14 days"),
            (outage("a b"), "letters"),
            (with(outage("P"), "words_en", json!("")), "one line"),
            (policy("answer_days", 2.5, "2026-12-01"), "whole number"),
            (policy("answer_days", 15.0, "2026-12-01"), "between 1 and 14"),
            (policy("routine_percent", 3.0, "2026-11-01"), "past"),
            (json!({"kind": "delegation", "unit": "DINAS", "nip": EMPLOYEE, "valid_from": "2026-11-24", "valid_to": "2026-11-25"}), "delegations"),
        ] {
            let refused = propose(&proposer, change.clone()).await;
            assert_eq!((refused.status, refused.code()), (422, "change-invalid"), "{change}: {}", refused.text);
            assert!(refused.json["detail"].as_str().unwrap().contains(why), "{change}: {}", refused.text);
        }
        for body in [
            json!({"kind": "role", "reason": "x"}),
            json!({"kind": "tax", "reason": "x"}),
            with(with(role(EMPLOYEE, "auditor", None), "reason", json!("x")), "extra", json!(1)),
            role(EMPLOYEE, "auditor", None),
        ] {
            let refused = proposer.post("/api/v1/changes", &body).await;
            assert_eq!((refused.status, refused.code()), (400, "body-invalid"), "{body}: {}", refused.text);
        }
        let mut silent = role(EMPLOYEE, "auditor", None);
        silent["reason"] = json!("  ");
        assert_eq!(proposer.post("/api/v1/changes", &silent).await.code(), "change-invalid");
        assert_eq!(logged(&app, EntryKind::ChangeProposed).await, 0, "nothing was proposed");
        app.stop().await;
    }

    async fn an_outage_is_seen_beforehand_and_excuses_once_it_is_approved(app: TestApp) {
        more_administrators(&app).await;
        app.phone(EMPLOYEE).await.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
        app.set_clock("2026-11-23T02:00:00Z");
        let proposer = app.phone(ADMINISTRATOR).await;
        let span = json!({"unit": "DINAS", "starts_at": "2026-11-23T00:00:00Z", "ends_at": "2026-11-23T01:00:00Z"});
        let preview = proposer.post("/api/v1/incidents/preview", &span).await;
        assert_eq!((preview.status, &preview.json["excuses"], &preview.json["open_cases"]), (200, &json!(3), &json!(1)), "{}", preview.text);
        let people: Vec<(&str, &str)> = preview.json["people"].as_array().unwrap().iter()
            .map(|row| (row["nip"].as_str().unwrap(), row["unit_code"].as_str().unwrap())).collect();
        assert_eq!(people, [("1002", "BIDANG"), (HOMELESS, "BIDANG"), ("2001", "DINAS")]);
        assert_eq!(preview.json["people"][0]["slots"], json!([{"work_date": "2026-11-23", "slot": "morning"}]));
        let everybody = json!({"unit": null, "starts_at": "2026-11-23T00:00:00Z", "ends_at": "2026-11-23T01:00:00Z"});
        assert_eq!(proposer.post("/api/v1/incidents/preview", &everybody).await.json["excuses"], 9, "in the east the morning was over by then");
        let evening = json!({"unit": "DINAS", "starts_at": "2026-11-23T09:00:00Z", "ends_at": "2026-11-23T10:00:00Z"});
        assert_eq!(proposer.post("/api/v1/incidents/preview", &evening).await.json["excuses"], 0, "nothing is over yet");
        let backwards = json!({"unit": null, "starts_at": "2026-11-23T02:00:00Z", "ends_at": "2026-11-23T01:00:00Z"});
        assert_eq!(proposer.post("/api/v1/incidents/preview", &backwards).await.code(), "change-invalid");
        let made = propose(&proposer, outage("PADAM-1")).await;
        assert_eq!(made.json["effect"]["excuses"], 3, "{}", made.text);
        assert_eq!(made.json["words"]["id"], "Gangguan untuk Dinas (DINAS) dari 23-11-2026 07.00 WIB sampai 23-11-2026 08.00 WIB: Listrik padam.");
        let supervisor = app.phone(SUPERVISOR).await;
        let state = async || {
            let day = supervisor.get("/api/v1/units/BIDANG/today").await;
            let row = day.json["people"].as_array().unwrap().iter().find(|row| row["nip"] == HOMELESS).unwrap().clone();
            row["slots"][0]["state"].clone()
        };
        assert_eq!(state().await, "missing");
        assert_eq!(decide(&app.phone(SECOND).await, &id(&made), "approve").await.status, 200);
        assert_eq!(state().await, "excused");
        assert_eq!(proposer.post("/api/v1/incidents/preview", &span).await.json["excuses"], 0, "excused already");
        let declared = supervisor.get("/api/v1/incidents").await;
        assert_eq!((&declared.json["incidents"][0]["code"], &declared.json["incidents"][0]["unit"]), (&json!("PADAM-1"), &json!("DINAS")));
        let twice = propose(&proposer, outage("PADAM-1")).await;
        assert!(twice.code() == "change-invalid" && twice.text.contains("already"), "{}", twice.text);
        app.stop().await;
    }

    async fn a_value_of_policy_holds_from_its_first_day_and_tells_its_history(app: TestApp) {
        more_administrators(&app).await;
        let value = |answer: &Answer, name: &str| answer.json["values"].as_array().unwrap().iter().find(|row| row["name"] == name).unwrap().clone();
        let before = app.phone(ADMINISTRATOR).await.get("/api/v1/policy").await;
        let answer_days = value(&before, "answer_days");
        assert_eq!((&answer_days["value"], &answer_days["default"], &answer_days["history"]), (&json!(2.0), &json!(2.0), &json!([])));
        assert_eq!((&answer_days["min"], &answer_days["max"], &answer_days["unit_of_measure"]), (&json!(1.0), &json!(14.0), &json!("days")));
        let approved = agreed(&app, policy("answer_days", 3.0, "2026-11-24")).await;
        assert_eq!(approved.json["before"], json!({"name": "answer_days", "value": 2.0}));
        assert_eq!(approved.json["words"]["en"], "How long a person has to answer a question: 2 days becomes 3 days, from 24-11-2026 on.");
        let employee = app.phone(EMPLOYEE).await;
        let sent = employee.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
        let checkin = sent.json["receipt"]["checkin_id"].as_str().unwrap();
        let review = employee.get(&format!("/api/v1/checkins/{checkin}")).await.json["reviews"][0]["review_id"].as_str().unwrap().to_owned();
        assert_eq!(value(&app.phone(SUPERVISOR).await.get("/api/v1/policy").await, "answer_days")["value"], 2.0, "not yet");
        app.set_clock("2026-11-24T00:05:00Z");
        let supervisor = app.phone(SUPERVISOR).await;
        supervisor.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await;
        let asked = supervisor.post(&format!("/api/v1/reviews/{review}/question"), &json!({"text": "Di mana Anda?"})).await;
        assert_eq!(asked.json["question"]["due_at"], "2026-11-27T00:05:00.000000Z", "three days: {}", asked.text);
        let after = value(&supervisor.get("/api/v1/policy").await, "answer_days");
        assert_eq!(after["value"], 3.0);
        let step = &after["history"][0];
        assert_eq!((&step["value"], &step["proposed_by"], &step["approved_by"], &step["reason"]),
            (&json!(3.0), &json!("Ratna"), &json!("Bayu"), &json!("Sesuai surat.")));
        app.stop().await;
    }

    async fn cases_that_wait_belong_together_by_an_outage_that_is_declared_afterwards(app: TestApp) {
        more_administrators(&app).await;
        for nip in [EMPLOYEE, COLLEAGUE] {
            app.phone(nip).await.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
        }
        let supervisor = app.phone(SUPERVISOR).await;
        assert_eq!(supervisor.get("/api/v1/reviews/counts").await.json["causes"], json!([]));
        agreed(&app, outage("PADAM-9")).await;
        app.phone("1005").await.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
        let causes = supervisor.get("/api/v1/reviews/counts").await.json["causes"].clone();
        assert_eq!((&causes[0]["kind"], &causes[0]["count"]), (&json!("incident"), &json!(3)), "before and after: {causes}");
        assert_eq!(causes[0]["words"]["en"], "No power.");
        app.stop().await;
    }

    async fn the_share_of_routine_looks_is_a_value_of_policy(app: TestApp) {
        more_administrators(&app).await;
        app.phone(EMPLOYEE).await.check_in(CheckIn::morning()).await;
        let supervisor = app.phone(SUPERVISOR).await;
        assert_eq!(supervisor.get("/api/v1/reviews/counts").await.json["total"], 0);
        agreed(&app, policy("routine_percent", 100.0, "2026-11-23")).await;
        app.phone(COLLEAGUE).await.check_in(CheckIn::morning()).await;
        assert_eq!(supervisor.get("/api/v1/reviews/counts").await.json["total"], 1);
        app.stop().await;
    }

    async fn a_rejection_keeps_the_time_for_an_appeal_that_held_when_it_was_made(app: TestApp) {
        more_administrators(&app).await;
        let employee = app.phone(EMPLOYEE).await;
        let sent = employee.check_in(CheckIn { accuracy: 500.0, ..CheckIn::morning() }).await;
        let checkin = sent.json["receipt"]["checkin_id"].as_str().unwrap();
        let review = employee.get(&format!("/api/v1/checkins/{checkin}")).await.json["reviews"][0]["review_id"].as_str().unwrap().to_owned();
        let supervisor = app.phone(SUPERVISOR).await;
        supervisor.post(&format!("/api/v1/reviews/{review}/claim"), &json!({})).await;
        let body = json!({"decision": "reject", "reason_code": "not_at_place"});
        assert_eq!(supervisor.decide(&review, &body).await.status, 200);
        agreed(&app, policy("appeal_days", 1.0, "2026-11-24")).await;
        app.set_clock("2026-12-01T00:05:00Z");
        let employee = app.phone(EMPLOYEE).await;
        let case = employee.get(&format!("/api/v1/me/reviews/{review}")).await;
        assert_eq!(case.json["appeal_until"], "2026-12-07T00:05:00.000000Z", "{}", case.text);
        let appealed = employee.post(&format!("/api/v1/me/reviews/{review}/appeal"), &json!({"text": "Saya di rumah."})).await;
        assert_eq!(appealed.status, 200, "{}", appealed.text);
        app.stop().await;
    }

    async fn a_day_that_went_by_while_it_waited_begins_today(app: TestApp) {
        more_administrators(&app).await;
        let proposer = app.phone(ADMINISTRATOR).await;
        let late = id(&propose(&proposer, role(EMPLOYEE, "auditor", None)).await);
        let times = id(&propose(&proposer, morning("2026-11-24")).await);
        app.set_clock("2026-11-26T00:05:00Z");
        let second = app.phone(SECOND).await;
        assert_eq!(decide(&second, &late, "approve").await.status, 200);
        assert_eq!(second.get("/api/v1/people/1001").await.json["roles"][0]["valid_from"], "2026-11-26", "nobody held it before");
        let refused = decide(&second, &times, "approve").await;
        assert_eq!((refused.status, refused.code()), (422, "change-invalid"), "days that have begun keep their times");
        assert_eq!(second.get(&format!("/api/v1/changes/{times}")).await.json["state"], "pending");
        app.stop().await;
    }
}
