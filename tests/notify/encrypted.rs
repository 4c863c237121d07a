//! The program as an operator runs it: over TLS to a webhook and a mail server, and what it says of what it gave up.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::Arc,
};

use hadir::{
    config::{Config, SmtpTls},
    model::{
        chance::Chance,
        time::{Clock as _, SystemClock},
        words::DeliveryState,
    },
    people::import,
    server,
};

use super::{deliveries_of, delivery, replica, send_due, set_address, told};
use crate::support::{
    EMPLOYEE, Engine, TestApp, city,
    receiver::{self, Receiver, Reply},
    smtp::{Script, Server},
    tls,
};

fn hadir(arguments: &[&str], config: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hadir"));
    command.args(arguments).arg("--config").arg(config).stdin(Stdio::null());
    command.env_clear().env("PATH", "/usr/bin:/bin").env("SSL_CERT_FILE", tls::authority());
    command
}

/// Starts a server and waits until it listens.
fn serve(config: &Path) -> Child {
    let mut child = hadir(&["serve"], config).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    lines.by_ref().map_while(Result::ok).find(|line| line.contains("listening")).expect("a server that listens");
    // Its log is read on, so that it is never in its way.
    std::thread::spawn(move || lines.for_each(drop));
    child
}

fn stop(mut child: Child) {
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert!(child.wait().unwrap().success(), "a clean stop");
}

fn write(config: &Config, path: &Path) {
    std::fs::write(path, config.print()).unwrap();
}

/// Sends to both through TLS of this kind.
async fn through(mode: SmtpTls) {
    let receiver = Receiver::start_tls().await;
    let (tls, starttls) = (mode == SmtpTls::Tls, mode == SmtpTls::StartTls);
    let mail = Server::start(Script { tls, starttls, account: Some(("hadir", "rahasia")), ..Script::default() }).await;
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config {
        listen: "127.0.0.1:0".to_owned(),
        data_dir: folder.path().join("data"),
        drain_s: 0,
        ..Config::default()
    };
    receiver.configure(&mut config);
    mail.configure(&mut config);
    config.smtp_host = "localhost".to_owned();
    config.smtp_tls = mode;
    config.smtp_user = "hadir".to_owned();
    config.smtp_password_file = folder.path().join("smtp.password");
    std::fs::write(&config.smtp_password_file, "rahasia\n").unwrap();
    config.notify_interval_ms = 100;
    config.check().unwrap();
    let app = server::compose(config.clone(), Arc::new(SystemClock), Chance::from_seed([6; 32])).await.unwrap();
    import::texts_in(&app, &city(), false).await.unwrap();
    set_address(&app, EMPLOYEE, Some("dewi@kota.example")).await;
    let (id, _) = told(&app, app.now()).await;
    // This process trusts nobody of the tests: nothing goes out to whom it does not know.
    assert_eq!(send_due(&app).await, 2);
    for row in deliveries_of(&app, id).await {
        let why = row.last_error.unwrap();
        assert!(row.state == DeliveryState::Waiting && why.contains("certificate"), "{}: {why}", row.channel);
    }
    assert!(receiver.received().is_empty() && mail.mails().is_empty());
    let (second, _) = told(&app, app.now()).await;
    app.store.close().await;
    let file = folder.path().join("hadir.toml");
    write(&config, &file);
    let running = serve(&file);
    receiver.wait_for(1).await;
    mail.wait_for(1).await;
    stop(running);
    assert!(receiver.received()[0].is_genuine && mail.mails()[0].encrypted);
    assert_eq!(mail.commands().iter().any(|line| line == "STARTTLS"), starttls);
    let (again, _) = replica(&config, SystemClock.now()).await;
    let states: Vec<_> = deliveries_of(&again, second).await.iter().map(|row| row.state).collect();
    assert_eq!(states, [DeliveryState::Delivered, DeliveryState::Delivered]);
    again.store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_channels_are_encrypted_and_know_whom_they_talk_to() {
    through(SmtpTls::StartTls).await;
    through(SmtpTls::Tls).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_given_up_is_listed_and_sent_again_on_demand() {
    let receiver = Receiver::start(&[Reply::Status(410), Reply::Status(410), Reply::Status(410)]).await;
    let app = TestApp::start_with(Engine::Sqlite, |config| receiver.configure(config)).await;
    // The program goes by the clock of the machine, this server by one that stands still.
    app.clock.set(SystemClock.now());
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(told(&app.app, app.app.now()).await.0);
    }
    assert_eq!(send_due(&app.app).await, 3);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hadir.toml");
    write(&app.app.config, &file);
    let run =
        |arguments: &[&str]| -> Output { hadir(&[&["notifications"], arguments].concat(), &file).output().unwrap() };
    let said = |output: Output| {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let listed = said(run(&["list"]));
    assert!(listed.starts_with("3 given up\n"), "{listed}");
    let one = delivery(&app.app, ids[0]).await.id.to_string();
    let line = listed.lines().find(|line| line.starts_with(&one)).unwrap();
    assert!(line.contains("\twebhook\tdecision_made\t1001\t") && line.ends_with("it wants no more"), "{line}");
    assert_eq!(said(run(&["list", "--limit", "1"])).lines().count(), 2);
    let unknown = run(&["retry", &one, "0199d5a0-7c00-7000-8000-0000000000ff"]);
    let why = String::from_utf8_lossy(&unknown.stderr);
    assert!(!unknown.status.success() && why.contains("is none that was given up; nothing was changed"), "{why}");
    assert!(!run(&["retry"]).status.success(), "which?");
    assert_eq!(said(run(&["retry", &one])), "1 will be sent again\n");
    app.clock.set(SystemClock.now());
    assert_eq!(send_due(&app.app).await, 1);
    assert_eq!(delivery(&app.app, ids[0]).await.state, DeliveryState::Delivered);
    assert_eq!(said(run(&["retry", "--all"])), "2 will be sent again\n");
    assert!(said(run(&["list"])).contains("2 to be sent by webhook, the oldest for "), "by nobody yet");
    app.clock.set(SystemClock.now());
    assert_eq!(send_due(&app.app).await, 2);
    assert_eq!(said(run(&["list"])), "0 given up\n");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_cannot_send_as_it_is_told_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config { data_dir: folder.path().join("data"), ..Config::default() };
    receiver::configure(&mut config, "http://127.0.0.1:1/in");
    let file = folder.path().join("hadir.toml");
    write(&config, &file);
    for (secret, expected) in [
        (None, "cannot be read"),
        (Some("s3cret"), "whsec_"),
        (Some("whsec_c2hvcnQ="), "24 to 64 bytes"),
        (Some(""), "whsec_"),
    ] {
        match secret {
            None => std::fs::remove_file(&config.webhook_secret_file).unwrap(),
            Some(text) => std::fs::write(&config.webhook_secret_file, text).unwrap(),
        }
        let output = hadir(&["serve"], &file).output().unwrap();
        let why = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && why.contains("webhook_secret_file") && why.contains(expected), "{why}");
    }
}
