//! What a mail server gets, and what is made of what it says.

use std::{collections::VecDeque, time::Duration};

use hadir::model::words::DeliveryState;

use super::{delivery, on_each_engine, send_due, set_address, state, told};
use crate::support::{
    EMPLOYEE, Engine, TestApp,
    smtp::{Script, Server},
};

const ADDRESS: &str = "dewi@kota.example";

async fn started(engine: Engine, script: Script) -> (Server, TestApp) {
    let server = Server::start(script).await;
    let app = TestApp::start_with(engine, |config| server.configure(config)).await;
    set_address(&app.app, EMPLOYEE, Some(ADDRESS)).await;
    (server, app)
}

on_each_engine! {
    async fn a_mail_says_what_happened_and_where_to_look_in_both_languages(engine) {
        let (server, app) = started(engine, Script::default()).await;
        let (id, review_id) = told(&app.app, app.app.now()).await;
        assert_eq!(send_due(&app.app).await, 1);
        let (row, mail) = (delivery(&app.app, id).await, server.mails().remove(0));
        assert_eq!((row.state, row.delivered_at), (DeliveryState::Delivered, Some(app.app.now())));
        assert_eq!((mail.from.as_str(), mail.to.as_str()), ("hadir@kota.example", ADDRESS));
        for line in [
            "From: Hadir <hadir@kota.example>".to_owned(),
            format!("To: {ADDRESS}"),
            format!("Message-ID: <{}@kota.example>", row.id),
            "Auto-Submitted: auto-generated".to_owned(),
            "Date: Mon, 23 Nov 2026 00:05:00 +0000".to_owned(),
            "Subject: Presensi Anda sudah diputuskan / Your check-in was decided".to_owned(),
            "Content-Type: text/plain; charset=utf-8".to_owned(),
        ] {
            assert!(mail.head.lines().any(|found| found.trim() == line), "{line}\n{}", mail.head);
        }
        let link = format!("https://hadir.kota.example/phone#/case/{review_id}");
        assert_eq!(mail.text.matches(&link).count(), 2, "{}", mail.text);
        let (first, second) = mail.text.split_once("* * *").unwrap();
        assert!(first.contains("Satu presensi Anda") && second.contains("One of your check-ins"), "{}", mail.text);
        app.stop().await;
    }

    async fn what_the_server_cannot_take_now_is_sent_later(engine) {
        let script = Script {
            greetings: VecDeque::from(["421 4.3.2 come back later"]),
            recipients: VecDeque::from(["450 4.2.1 dewi@kota.example is busy"]),
            mails: VecDeque::from(["451 4.3.0 no room now"]),
            ..Script::default()
        };
        let (server, app) = started(engine, script).await;
        let (id, _) = told(&app.app, app.app.now()).await;
        for said in ["421", "is busy", "no room"] {
            assert_eq!(send_due(&app.app).await, 1);
            let row = delivery(&app.app, id).await;
            assert_eq!(row.state, DeliveryState::Waiting);
            let why = row.last_error.unwrap();
            assert!(why.contains(said) || why.contains("later"), "{said}: {why}");
            assert!(!why.contains(ADDRESS), "{why}");
            app.clock.set(row.next_at);
        }
        assert_eq!(send_due(&app.app).await, 1);
        assert_eq!((state(&app.app, id).await, server.mails().len()), (DeliveryState::Delivered, 1));
        app.stop().await;
    }

    async fn a_mail_that_is_refused_for_good_is_given_up_at_once(engine) {
        for (recipient, mail) in [(Some("550 5.1.1 dewi@kota.example is nobody here"), None), (None, Some("554 5.7.1 no"))] {
            let script = Script {
                recipients: recipient.into_iter().collect(),
                mails: mail.into_iter().collect(),
                ..Script::default()
            };
            let (server, app) = started(engine, script).await;
            let (id, _) = told(&app.app, app.app.now()).await;
            assert_eq!(send_due(&app.app).await, 1);
            let row = delivery(&app.app, id).await;
            assert_eq!((row.state, row.attempts), (DeliveryState::Dead, 1));
            let why = row.last_error.unwrap();
            assert!(!why.contains(ADDRESS) && (why.contains("(recipient)") || mail.is_some()), "{why}");
            assert!(server.mails().is_empty());
            app.stop().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_hangs_up_is_called_again() {
    let script = Script { hang_ups: VecDeque::from(["EHLO", "RCPT", "DATA"]), ..Script::default() };
    let (server, app) = started(Engine::Sqlite, script).await;
    let (id, _) = told(&app.app, app.app.now()).await;
    for _ in 0..3 {
        assert_eq!(send_due(&app.app).await, 1);
        let row = delivery(&app.app, id).await;
        assert_eq!(row.state, DeliveryState::Waiting);
        app.clock.set(row.next_at);
    }
    assert_eq!(send_due(&app.app).await, 1);
    assert_eq!(server.mails().len(), 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_says_nothing_has_its_time_and_no_more() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (server, began) = (Server::start(Script::default()).await, std::time::Instant::now());
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        server.configure(config);
        config.smtp_port = silent.local_addr().unwrap().port();
        config.smtp_timeout_ms = 300;
    })
    .await;
    set_address(&app.app, EMPLOYEE, Some(ADDRESS)).await;
    let (id, _) = told(&app.app, app.app.now()).await;
    send_due(&app.app).await;
    let row = delivery(&app.app, id).await;
    assert_eq!(row.last_error.as_deref(), Some("the mail server took more than 300 ms"));
    assert!(row.state == DeliveryState::Waiting && began.elapsed() < Duration::from_secs(20));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_is_the_operators_to_mend_and_loses_no_mail() {
    let server = Server::start(Script { account: Some(("hadir", "rahasia-surel")), ..Script::default() }).await;
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        server.configure(config);
        config.smtp_user = "hadir".to_owned();
        config.smtp_password_file = config.data_dir.with_file_name("smtp.password");
        std::fs::write(&config.smtp_password_file, "salah\n").unwrap();
    })
    .await;
    set_address(&app.app, EMPLOYEE, Some(ADDRESS)).await;
    let (id, _) = told(&app.app, app.app.now()).await;
    assert_eq!(send_due(&app.app).await, 1);
    let row = delivery(&app.app, id).await;
    assert_eq!(row.state, DeliveryState::Waiting, "535 is permanent, but not about this mail");
    std::fs::write(&app.app.config.smtp_password_file, "rahasia-surel\n").unwrap();
    app.clock.set(row.next_at);
    assert_eq!(send_due(&app.app).await, 1);
    assert_eq!((state(&app.app, id).await, server.mails().len()), (DeliveryState::Delivered, 1));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_looked_up_when_the_mail_is_sent() {
    let (server, app) = started(Engine::Sqlite, Script::default()).await;
    let (moved, _) = told(&app.app, app.app.now()).await;
    set_address(&app.app, EMPLOYEE, Some("dewi.baru@kota.example")).await;
    send_due(&app.app).await;
    assert_eq!(
        (state(&app.app, moved).await, server.mails()[0].to.as_str()),
        (DeliveryState::Delivered, "dewi.baru@kota.example")
    );
    let (gone, _) = told(&app.app, app.app.now()).await;
    set_address(&app.app, EMPLOYEE, None).await;
    send_due(&app.app).await;
    let row = delivery(&app.app, gone).await;
    assert_eq!((row.state, row.dead_at), (DeliveryState::Cancelled, None), "nobody has to look at that");
    set_address(&app.app, EMPLOYEE, Some("dewi di rumah")).await;
    let (broken, _) = told(&app.app, app.app.now()).await;
    send_due(&app.app).await;
    assert_eq!(state(&app.app, broken).await, DeliveryState::Dead);
    assert_eq!(server.mails().len(), 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_offers_no_encryption_is_told_nothing() {
    let server = Server::start(Script { starttls: false, ..Script::default() }).await;
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        server.configure(config);
        config.smtp_tls = hadir::config::SmtpTls::StartTls;
    })
    .await;
    set_address(&app.app, EMPLOYEE, Some(ADDRESS)).await;
    let (id, _) = told(&app.app, app.app.now()).await;
    send_due(&app.app).await;
    assert_eq!(state(&app.app, id).await, DeliveryState::Waiting);
    let said = server.commands();
    assert!(said.iter().all(|line| line.starts_with("EHLO") || line == "QUIT"), "{said:?}");
    app.stop().await;
}
