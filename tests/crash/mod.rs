//! Whatever is killed, nothing that was acknowledged is lost, and nothing is there twice.
//!
//! The real program is killed in the middle of everything while phones check in and repeat themselves; afterwards every
//! promise is read back. A power cut takes away what was never synced as well; PostgreSQL and S3 fail in all the ways they
//! have. The controls break a rule on purpose, and have to be caught, so that the audit is known to see loss.
//!
//! `KILLS` says how often, 20 when it is not set, and half as often where it is not a kill; `scripts/crash-test` runs many.

mod cities;
mod disk;
mod ledger;
mod phones;
mod postgres;
mod server;

use std::{sync::Arc, time::Duration};

use hadir::model::chance::Chance;
use tokio::sync::watch;

use crate::support::s3::Faults;
use cities::{City, Clustered, Embedded, Farmed};
use disk::Fault;
use ledger::Ledger;
use phones::Phones;
use server::Server;

/// Shortest and longest time between two kills, milliseconds.
const BETWEEN_MS: (u64, u64) = (50, 900);
/// With everything running, every phone has its receipt within this.
const PATIENCE: Duration = Duration::from_secs(90);
/// What a killed server was examining, another one has examined by then.
const EXAMINED_WITHIN: Duration = Duration::from_secs(45);
/// A control that broke nothing by then has failed.
const CONTROL_TRIES: usize = 30;

#[expect(clippy::disallowed_methods, reason = "whoever runs the suite says how long")]
fn kills() -> usize {
    std::env::var("KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(20)
}

/// The servers of a city, and the phones that use them.
struct Play<'a, C: City> {
    city: &'a C,
    servers: Vec<Option<Server>>,
    ledger: Arc<Ledger>,
    phones: Arc<Phones>,
    begun: Vec<tokio::task::JoinHandle<()>>,
    said: watch::Sender<Vec<String>>,
    chance: Chance,
    /// What the servers complained of.
    errors: Vec<String>,
}

impl<'a, C: City> Play<'a, C> {
    /// So many servers, which are not started yet.
    fn new(city: &'a C, servers: usize) -> Self {
        let ledger = Arc::new(Ledger::default());
        let (said, server_is) = watch::channel(Vec::new());
        let phones = Phones::new(server_is, Arc::clone(&ledger), 1);
        let begun = phones.begin();
        let servers = (0..servers).map(|_| None).collect();
        Self { city, servers, ledger, phones, begun, said, chance: Chance::from_seed([7; 32]), errors: Vec::new() }
    }

    /// Starts every server that is not running, and lets the phones check in for a moment.
    async fn go_on(&mut self) {
        for (number, server) in self.servers.iter_mut().enumerate().filter(|(_, server)| server.is_none()) {
            *server = Some(Server::start(&self.city.settings_of(number)).await);
        }
        self.say();
        let (shortest, longest) = BETWEEN_MS;
        let moment = u64::from(u16::from_be_bytes(self.chance.bytes())) * (longest - shortest) / u64::from(u16::MAX);
        tokio::time::sleep(Duration::from_millis(shortest + moment)).await;
    }

    fn kill(&mut self, number: usize) {
        if let Some(server) = self.servers[number].take() {
            let said = server.said();
            let internal = said.lines().filter(|line| line.contains("failed inside"));
            self.errors.extend(internal.rev().take(5).map(str::to_owned));
            server.kill();
        }
        self.say();
    }

    fn say(&self) {
        self.said.send_replace(self.servers.iter().flatten().map(|server| server.url.clone()).collect());
    }

    async fn stop_servers(&mut self, wait: Duration) {
        tokio::time::sleep(wait).await;
        for number in 0..self.servers.len() {
            self.kill(number);
        }
    }

    /// Every phone goes on until it has its receipt; then everything that was promised is read back.
    async fn end(self) {
        self.end_after(Duration::ZERO).await;
    }

    /// The same, with so much time for the photos that wait to be examined.
    async fn end_after(mut self, wait: Duration) {
        self.go_on().await;
        self.phones.stop();
        let all = futures_util::future::join_all(std::mem::take(&mut self.begun));
        let over = tokio::time::timeout(PATIENCE, all).await;
        assert!(over.is_ok(), "phones still wait for a receipt: {}", self.ledger.last_said());
        self.stop_servers(wait).await;
        let audit = self.city.audit(&self.ledger).await;
        println!("{} times: {audit}", kills());
        assert!(wait.is_zero() || audit.waiting == 0, "photos still wait to be examined: {audit}");
        assert!(audit.faults.is_empty(), "{audit}\n{}", self.errors.join("\n"));
        assert_eq!(audit.acknowledged, audit.stored, "every phone went on until it had its receipt");
        assert!(audit.acknowledged > kills() * 2, "hardly anything happened: {audit}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_nothing_that_it_acknowledged() {
    let city = Embedded::new();
    let mut play = Play::new(&city, 1);
    for _ in 0..kills() {
        play.go_on().await;
        play.kill(0);
    }
    play.end_after(EXAMINED_WITHIN).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_loses_nothing_that_was_acknowledged() {
    let city = Embedded::new();
    let mut play = Play::new(&city, 1);
    for _ in 0..kills() {
        play.go_on().await;
        play.kill(0);
        city.disk.cut_power();
    }
    play.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_and_a_clock_that_jumps_lose_nothing() {
    let city = Embedded::new();
    let mut play = Play::new(&city, 1);
    for time in 0..kills().div_ceil(2) {
        play.go_on().await;
        city.disk.fault(Fault::Full, time % 2 == 0);
        // Up to an hour ahead and behind: the window of the slot stays open.
        city.disk.set_clock_off(if time % 3 == 0 { 0 } else { i64::from(play.chance.bytes::<1>()[0]) * 28 - 3_600 });
        play.go_on().await;
        if time % 4 == 0 {
            play.kill(0);
        }
        city.disk.fault(Fault::Full, false);
    }
    city.disk.set_clock_off(0);
    play.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_replicas_one_can_be_killed_at_any_time() {
    let city = Clustered::new("", None).await;
    let mut play = Play::new(&city, 2);
    for time in 0..kills() {
        play.go_on().await;
        play.kill(time % 2);
    }
    play.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_database_loses_nothing_and_the_server_goes_on_after_it() {
    let city = Clustered::new("", None).await;
    let mut play = Play::new(&city, 1);
    for _ in 0..kills() {
        play.go_on().await;
        city.postgres.kill();
        city.postgres.start();
    }
    play.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs scripts/dev-s3"]
async fn in_a_cluster_servers_and_nodes_of_the_photo_store_can_be_killed_at_any_time() {
    let city = Farmed::new().await;
    let mut play = Play::new(&city, 2);
    for time in 0..kills() {
        play.go_on().await;
        if time % 3 == 0 {
            play.kill(time % 2);
            continue;
        }
        let (node, before) = (time % 3, play.ledger.count());
        city.nodes.kill(node);
        play.go_on().await;
        // The server in front of the node that is gone says so; the other one goes on.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(play.ledger.count() > before, "check-ins stood still: {}", play.ledger.last_said());
        city.nodes.start(node).await;
    }
    play.end_after(EXAMINED_WITHIN).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_that_are_cut_off_and_a_photo_store_that_fails_lose_nothing() {
    let city = Clustered::new("", Some(24)).await;
    city.s3.fail(Faults { one_in: 6 });
    let mut play = Play::new(&city, 1);
    for time in 0..kills().div_ceil(2) {
        play.go_on().await;
        if time % 4 == 0 {
            play.kill(0);
        }
    }
    city.s3.fail(Faults::default());
    play.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_a_disk_that_only_says_it_keeps_is_caught() {
    let city = Embedded::new();
    let mut play = Play::new(&city, 1);
    for _ in 0..CONTROL_TRIES {
        city.disk.fault(Fault::Lies, true);
        play.go_on().await;
        play.kill(0);
        city.disk.cut_power();
        if play.ledger.count() > 0 && !city.audit(&play.ledger).await.faults.is_empty() {
            return;
        }
    }
    panic!("a disk that loses was not noticed in {CONTROL_TRIES} power cuts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_acknowledging_before_the_commit_is_caught() {
    let city = Embedded::new();
    let mut play = Play::new(&city, 1);
    for _ in 0..CONTROL_TRIES {
        play.go_on().await;
        play.kill(0);
        play.ledger.believe_everything();
        if city.audit(&play.ledger).await.faults.iter().any(|fault| fault.ends_with("is lost")) {
            return;
        }
    }
    panic!("what was acknowledged too early was never lost in {CONTROL_TRIES} kills");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_commits_that_nobody_waits_for_are_caught() {
    let city = Clustered::new("-c synchronous_commit=off -c wal_writer_delay=10s", None).await;
    let mut play = Play::new(&city, 1);
    for _ in 0..CONTROL_TRIES {
        play.go_on().await;
        city.postgres.kill();
        play.kill(0);
        city.postgres.start();
        if city.audit(&play.ledger).await.faults.iter().any(|fault| fault.ends_with("is lost")) {
            return;
        }
    }
    panic!("commits that nobody waited for were never lost in {CONTROL_TRIES} kills");
}
