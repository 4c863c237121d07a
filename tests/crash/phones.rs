//! People whose phones check in as fast as they can, and try again with the same id until they have a receipt.

use std::{sync::Arc, time::Duration};

use hadir::model::{
    chance::Chance,
    ids::CheckinId,
    time::{Clock as _, SystemClock},
};
use reqwest::{
    Client, StatusCode,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::ledger::Ledger;
use crate::support::photos;

pub const PASSWORD: &str = "kata-sandi-uji";
/// Phones at the same time, each of another person.
pub const PHONES: usize = 12;
/// Different pictures of a phone: attempts of one slot may be alike. One time in eight it takes any phone's, which is found
/// to be the same, and opens a case.
const PICTURES: usize = 2;
/// Pause after an answer that is none.
const AGAIN_AFTER: Duration = Duration::from_millis(20);
/// A phone gives up waiting for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the servers are that run now.
pub type Where = watch::Receiver<Vec<String>>;

/// What every phone needs.
pub struct Phones {
    client: Client,
    servers: Where,
    ledger: Arc<Ledger>,
    chance: Chance,
    pictures: Vec<Vec<u8>>,
    stop: CancellationToken,
}

impl Phones {
    pub fn new(servers: Where, ledger: Arc<Ledger>, seed: u8) -> Arc<Self> {
        Arc::new(Self {
            client: Client::builder().timeout(PATIENCE).build().unwrap(),
            servers,
            ledger,
            chance: Chance::from_seed([seed; 32]),
            pictures: (0..PICTURES * PHONES).map(|_| photos::fresh()).collect(),
            stop: CancellationToken::new(),
        })
    }

    /// Lets all of them check in until [`Phones::stop`].
    pub fn begin(self: &Arc<Self>) -> Vec<tokio::task::JoinHandle<()>> {
        (0..PHONES).map(|number| tokio::spawn(Arc::clone(self).check_in_all_day(number))).collect()
    }

    /// Each sends what it has begun, and no more.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    async fn check_in_all_day(self: Arc<Self>, number: usize) {
        let mut token = None;
        while !self.stop.is_cancelled() {
            self.check_in(number, &mut token).await;
        }
    }

    /// One check-in, until it has a receipt.
    async fn check_in(&self, number: usize, token: &mut Option<String>) {
        let id = CheckinId::new(SystemClock.now(), &self.chance);
        let [which, a, b, c] = self.chance.bytes::<4>();
        let whose = if which < 32 { usize::from(a) % PHONES } else { number };
        // Bytes behind the picture's end: another file each time.
        let photo = [&self.pictures[whose * PICTURES + usize::from(which) % PICTURES][..], id.0.as_bytes()].concat();
        let sha256: [u8; 32] = Sha256::digest(&photo).into();
        let aside = |byte: u8| (f64::from(byte) - 128.0) * 1e-6;
        let place = (-6.595 + aside(a), 106.8166 + aside(b), 15.0 + f64::from(c) / 50.0);
        let mut challenge = None;
        loop {
            let Some(url) = self.url().await else { return };
            match self.attempt(&url, number, token, &mut challenge, (id, place), &photo, sha256).await {
                Ok(()) => return,
                Err(Trouble::Again) => tokio::time::sleep(AGAIN_AFTER).await,
                Err(Trouble::SignIn) => *token = None,
            }
        }
    }

    /// One of the servers, whichever a balancer would take; nothing when there will be none any more.
    async fn url(&self) -> Option<String> {
        let mut servers = self.servers.clone();
        let running = servers.wait_for(|urls| !urls.is_empty()).await.ok()?;
        Some(running[usize::from(self.chance.bytes::<1>()[0]) % running.len()].clone())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one request")]
    async fn attempt(
        &self,
        url: &str,
        number: usize,
        token: &mut Option<String>,
        challenge: &mut Option<String>,
        (id, place): (CheckinId, (f64, f64, f64)),
        photo: &[u8],
        sha256: [u8; 32],
    ) -> Result<(), Trouble> {
        let bearer = match token {
            Some(token) => token.clone(),
            None => token.insert(self.sign_in(url, number).await?).clone(),
        };
        let code = match challenge {
            Some(challenge) => challenge.clone(),
            None => challenge.insert(self.challenge(url, &bearer).await?).clone(),
        };
        let at = SystemClock.now();
        let (latitude, longitude, accuracy) = place;
        let draft = json!({
            "id": id, "challenge": code, "sent_at": at, "accuracy_basis": "web",
            "fixes": [{"latitude": latitude, "longitude": longitude, "accuracy_m": accuracy, "fix_time": at}],
        });
        let form = Form::new()
            .part("checkin", Part::text(draft.to_string()).mime_str("application/json").unwrap())
            .part("photo", Part::bytes(photo.to_vec()).file_name("photo.jpg").mime_str("image/jpeg").unwrap());
        let request = self.client.post(format!("{url}/api/v1/presence/morning")).bearer_auth(bearer).multipart(form);
        self.ledger.sent(id, sha256);
        let answer = request.send().await.map_err(|error| self.nothing(&error))?;
        let status = answer.status();
        let text = answer.text().await.map_err(|_| Trouble::Again)?;
        self.ledger.said(format!("{status} {text}"));
        match status {
            StatusCode::CREATED | StatusCode::OK => {
                self.ledger.acknowledged(id, sha256, text);
                Ok(())
            }
            StatusCode::UNAUTHORIZED => Err(Trouble::SignIn),
            StatusCode::SERVICE_UNAVAILABLE => Err(Trouble::Again),
            // The challenge of a clock that has jumped since.
            StatusCode::UNPROCESSABLE_ENTITY if text.contains("challenge") => {
                *challenge = None;
                Err(Trouble::Again)
            }
            other => {
                self.ledger.complain(format!("{id}: {other} {text}"));
                Ok(())
            }
        }
    }

    fn nothing(&self, error: &reqwest::Error) -> Trouble {
        self.ledger.said(format!("{error:?}"));
        Trouble::Again
    }

    async fn sign_in(&self, url: &str, number: usize) -> Result<String, Trouble> {
        let body = json!({"nip": nip(number), "password": PASSWORD});
        self.ask(self.client.post(format!("{url}/api/v1/session")).json(&body), "access_token").await
    }

    async fn challenge(&self, url: &str, token: &str) -> Result<String, Trouble> {
        let request = self.client.post(format!("{url}/api/v1/challenges")).bearer_auth(token);
        self.ask(request.json(&json!({"slot": "morning"})), "challenge").await
    }

    async fn ask(&self, request: reqwest::RequestBuilder, field: &str) -> Result<String, Trouble> {
        let answer = request.send().await.map_err(|error| self.nothing(&error))?;
        let status = answer.status();
        let text = answer.text().await.map_err(|_| Trouble::Again)?;
        self.ledger.said(format!("{status} {text}"));
        if status == StatusCode::UNAUTHORIZED {
            return Err(Trouble::SignIn);
        }
        let body: Value = serde_json::from_str(&text).map_err(|_| Trouble::Again)?;
        body[field].as_str().map(str::to_owned).ok_or(Trouble::Again)
    }
}

/// Why there is no receipt yet.
enum Trouble {
    /// The server is gone, or busy.
    Again,
    /// The sign-in is over.
    SignIn,
}

pub fn nip(number: usize) -> String {
    format!("{}", 1001 + number)
}

/// The city of the phones, as CSV files: wherever it is morning now.
pub fn city() -> Vec<(&'static str, String)> {
    let hour = SystemClock.now().as_microsecond() / 3_600_000_000 % 24;
    // So many hours east of UTC it is seven.
    let east = (7 - hour + 36) % 24 - 12;
    let zone = match east {
        0 => "Etc/GMT".to_owned(),
        1.. => format!("Etc/GMT-{east}"),
        _ => format!("Etc/GMT+{}", -east),
    };
    let each = |columns: &str| (0..PHONES).map(|number| nip(number) + columns + "\n").collect::<String>();
    let (people, places) = (each(&format!(",Orang,KOTA,{PASSWORD}")), each(",-6.595,106.8166,100,2026-01-01"));
    vec![
        ("units.csv", format!("code,name,parent,time_zone\nKOTA,Kota,,{zone}\n")),
        ("people.csv", format!("nip,name,unit,password\n{people}")),
        (
            "schedules.csv",
            "unit,slot,valid_from,valid_to,weekdays,opens,closes,grace_minutes\n\
             KOTA,morning,2026-01-01,,mon-sun,05:00,11:00,30\n"
                .to_owned(),
        ),
        ("places.csv", format!("nip,latitude,longitude,radius_m,valid_from\n{places}")),
    ]
}
