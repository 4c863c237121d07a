//! Every setting, with its unit in its name. The only reader of the environment.
//!
//! Sources, later ones win: built-in default, the TOML file, `HADIR_<NAME>` in the environment, command-line flags.
//! Unknown names are refused in each of them.

mod notify;

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::model::words::PolicyName;

/// What every environment variable of ours begins with.
pub const ENVIRONMENT_PREFIX: &str = "HADIR_";

/// Name of the SQLite file in the data folder.
pub const SQLITE_FILE: &str = "hadir.sqlite3";

/// A text that is never printed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "\"\"" } else { "\"(secret)\"" })
    }
}

/// Where photos are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PhotoStore {
    /// A local folder.
    Folder,
    /// An S3-compatible server.
    S3,
    /// Memory: for trying things out; gone when the server stops.
    Memory,
}

/// How log lines are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// How a mail server is talked to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// In the clear: for a relay on this machine.
    None,
    /// Encrypted by STARTTLS before anything is said; a server that does not offer it is told nothing.
    StartTls,
    /// Encrypted from the first byte.
    Tls,
}

/// Declares the settings once: field, default, and the sentence that `config print` and the README show.
macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:expr;)*) => {
        /// All settings.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Config {
            $($(#[doc = $doc])+ pub $name: $type,)*
        }

        impl Default for Config {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        /// Name and meaning of each setting, in order.
        pub const SETTINGS: &[(&str, &str)] = &[$((stringify!($name), concat!($($doc),+)),)*];
    };
}

settings! {
    /// Address and port to listen on.
    listen: String = "127.0.0.1:8080".to_owned();
    /// Folder for everything kept locally: the SQLite file, the photos, the secret.
    data_dir: PathBuf = "hadir-data".into();
    /// `sqlite:PATH` or `postgres://USER@HOST/DATABASE`; empty is a file in `data_dir`.
    database_url: String = String::new();
    /// Connections for reading (SQLite) or in all (PostgreSQL).
    database_connections: u32 = 8;
    /// How long a request waits for a database connection, milliseconds.
    database_wait_ms: u64 = 5_000;
    /// Where photos are kept: `folder`, `s3` or `memory`.
    photo_store: PhotoStore = PhotoStore::Folder;
    /// Folder of the photos; empty is `photos` in `data_dir`.
    photo_dir: PathBuf = PathBuf::new();
    /// URL of the S3 server; empty is the cloud's own for the region.
    s3_endpoint: String = String::new();
    /// S3 region.
    s3_region: String = "us-east-1".to_owned();
    /// S3 bucket; it has to exist.
    s3_bucket: String = "hadir".to_owned();
    /// S3 access key id.
    s3_access_key_id: String = String::new();
    /// S3 secret access key.
    s3_secret_access_key: Secret = Secret::default();
    /// Put the bucket into the path instead of the host name, as most servers outside the cloud need.
    s3_path_style: bool = true;
    /// Send the SDK's own extra checksums only where the protocol requires them; several servers refuse them otherwise.
    s3_checksum_when_required: bool = true;
    /// Time limit of one S3 operation with its retries, milliseconds.
    s3_timeout_ms: u64 = 20_000;
    /// File with the 32-byte secret (64 hexadecimal digits) that all keys come from; empty is `secret.key` in `data_dir`, made on the first start. Replicas share one.
    secret_file: PathBuf = PathBuf::new();
    /// File with the keys that seal positions; empty is `sealing.keys` in `data_dir`, made on the first start. Replicas share one. Keep it out of backups of the database.
    sealing_keys_file: PathBuf = PathBuf::new();
    /// How many readings a person may try in an hour without checking in, on one server.
    preflights_hourly: u32 = 120;
    /// Codes of findings that are recorded and never flag, with commas between them.
    findings_silent: String = String::new();
    /// Threads that answer requests; 0 is one a core.
    workers: usize = 0;
    /// Largest photo, bytes.
    photo_max_bytes: usize = 15_000_000;
    /// Largest `checkin` part, bytes.
    checkin_max_bytes: usize = 16_384;
    /// Longest side of a photo, pixels.
    photo_side_max_px: u32 = 12_000;
    /// Most pixels of a baseline JPEG.
    photo_max_px: u64 = 60_000_000;
    /// Most pixels of a progressive JPEG.
    photo_progressive_max_px: u64 = 25_000_000;
    /// Most pixels of a PNG or a WebP.
    photo_other_max_px: u64 = 20_000_000;
    /// Most scans of a JPEG.
    photo_max_scans: u32 = 20;
    /// Most header segments of a JPEG.
    photo_max_segments: u32 = 1_000;
    /// Memory one photo decoder may take, bytes.
    photo_decode_max_bytes: u64 = 268_435_456;
    /// How long a check-in waits for its photo to be examined, milliseconds; after that a person has to look.
    photo_examine_max_ms: u64 = 10_000;
    /// ONNX model that looks for faces; empty: none, and the evidence says "not checked". Needs a build with `faces`.
    face_model_file: PathBuf = PathBuf::new();
    /// From this score on, 0 to 1, a box of the face model counts as a face.
    face_score_min: f64 = 0.7;
    /// Up to so many kept photos, a photo is compared with everybody's before the answer, beyond that right after it.
    reuse_inline_max_photos: u64 = 250_000;
    /// Seconds between a check-in and its search among everybody's: long enough for all before it to be committed.
    reuse_settle_s: i64 = 5;
    /// Pause between two searches of what still has to be compared, milliseconds.
    reuse_interval_ms: u64 = 1_000;
    /// Photos decoded at the same time; 0 is one a core.
    decode_permits: usize = 0;
    /// Check-ins under way up to which photos are examined before the answer; 0 is eight a decode permit. With more of them,
    /// photos are examined right after it.
    examine_at_once_max: usize = 0;
    /// Photos that may wait to be examined after the answer; with more of them, check-ins wait again.
    examine_backlog_max: i64 = 20_000;
    /// A photo that waited so long is examined while check-ins press all the same, seconds.
    examine_patience_s: i64 = 20;
    /// Memory for uploads under way, bytes, all together.
    upload_budget_bytes: usize = 268_435_456;
    /// The part of that one person may take, bytes; a single upload always may.
    upload_person_bytes: usize = 67_108_864;
    /// How long an upload waits to be let in before it is told to come back, milliseconds.
    admission_wait_ms: u64 = 5_000;
    /// How long an upload may stand still, seconds.
    upload_idle_s: u64 = 15;
    /// How long an upload may take in all, seconds.
    upload_total_s: u64 = 120;
    /// Time a phone has to open a connection's request, seconds.
    request_head_s: u64 = 15;
    /// Time a request other than an upload may take, its body included, seconds.
    request_total_s: u64 = 30;
    /// Life of an access token, seconds; at most 600.
    access_token_s: i64 = 600;
    /// Life of a sign-in without a new password, days.
    session_days: i64 = 90;
    /// Life of a challenge, seconds.
    challenge_s: i64 = 600;
    /// How long a challenge is good for a capture that is delivered late, and how long such a delivery is waited for, seconds.
    delivery_s: i64 = 43_200;
    /// Unused challenges one person may fetch in the life of one.
    challenge_open_max: i64 = 20;
    /// Answers to one slot.
    slot_attempts_max: i64 = 5;
    /// Phones one person may have enrolled; the one unused for longest makes room for another.
    devices_max: i64 = 5;
    /// How long a person has to answer a reviewer's question when the reviewer sets no other time, days.
    answer_days: i64 = 2;
    /// How long after a rejection a person may appeal, days.
    appeal_days: i64 = 14;
    /// How long a case may wait before it goes to the superior above, hours.
    review_target_h: i64 = 48;
    /// Of a hundred accepted check-ins, how many a person looks at all the same.
    routine_percent: f64 = 3.0;
    /// Of a hundred decided cases, how many somebody else looks at again.
    second_percent: f64 = 5.0;
    /// How long a reviewer holds a case without renewing, seconds.
    claim_lease_s: i64 = 600;
    /// How long a reviewer may take a decision back, seconds.
    undo_s: i64 = 60;
    /// A sign-in of the console ends when nobody used it for so long, seconds.
    console_idle_s: i64 = 1_800;
    /// And after this time in any case, seconds.
    console_session_s: i64 = 36_000;
    /// Time in which a stopping server still answers, saying that it stops, seconds.
    drain_s: u64 = 5;
    /// Time for uploads to finish when the server is asked to stop, seconds.
    shutdown_s: u64 = 130;
    /// How often background jobs run, seconds.
    job_interval_s: u64 = 3_600;
    /// How long a photo that belongs to no check-in is kept after it was found, days.
    orphan_keep_days: i64 = 30;
    /// Photos that are read back and compared with their hash in each round of the background jobs.
    photos_read_back: u32 = 500;
    /// Log lines: `text` or `json`.
    log_format: LogFormat = LogFormat::Text;
    /// What is logged: a level, or a list like `info,hadir=debug`.
    log_filter: String = "info".to_owned();
    /// Address under which people reach the pages, like `https://hadir.kota.example`; links in e-mails begin with it.
    public_url: String = String::new();
    /// Where notifications are posted as JSON; empty: nowhere.
    webhook_url: String = String::new();
    /// File with the secret that signs webhooks: a line `whsec_` and 24 to 64 random bytes in Base64. Each of several lines signs, so that a secret can be changed.
    webhook_secret_file: PathBuf = PathBuf::new();
    /// How long the receiver of a webhook has to answer, milliseconds.
    webhook_timeout_ms: u64 = 10_000;
    /// Mail server that notifications are sent through; empty: no e-mails.
    smtp_host: String = String::new();
    /// Port of the mail server.
    smtp_port: u16 = 587;
    /// How the mail server is talked to: `starttls`, `tls`, or `none` for a relay on this machine.
    smtp_tls: SmtpTls = SmtpTls::StartTls;
    /// Who signs in at the mail server; empty: nobody has to.
    smtp_user: String = String::new();
    /// File with the password for the mail server, on its first line.
    smtp_password_file: PathBuf = PathBuf::new();
    /// How long sending one e-mail may take, milliseconds.
    smtp_timeout_ms: u64 = 30_000;
    /// Whom e-mails come from: an address, or `Name <address>`.
    mail_from: String = String::new();
    /// Pause between two looks for notifications to send, milliseconds.
    notify_interval_ms: u64 = 1_000;
    /// Notifications sent at the same time on a channel.
    notify_together: usize = 8;
    /// How long a server has to send what it took before another one takes it, seconds.
    notify_lease_s: i64 = 120;
    /// Attempts to send a notification before it is given up.
    notify_attempts_max: i64 = 20;
    /// Longest pause after a first failed attempt, seconds; each further one is twice as long.
    notify_retry_s: i64 = 30;
    /// Longest pause between two attempts, seconds.
    notify_retry_max_s: i64 = 21_600;
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the settings file {path} cannot be read: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("{origin}: {reason}")]
    Value {
        /// Which file or variable.
        origin: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Two settings contradict each other, or one is out of its range.
    #[error("{0}")]
    Conflict(String),
}

impl Config {
    /// Reads file and environment, with `flags` (setting name and TOML value) on top.
    ///
    /// # Errors
    /// [`ConfigError`] names the source and the setting.
    pub fn load(file: Option<&Path>, flags: &[(&str, String)]) -> Result<Self, ConfigError> {
        #[expect(clippy::disallowed_methods, reason = "the only reader of the environment")]
        let environment: BTreeMap<String, String> =
            std::env::vars().filter(|(name, _)| name.starts_with(ENVIRONMENT_PREFIX)).collect();
        let config = Self::from_sources(file, &environment, flags)?;
        config.check()?;
        Ok(config)
    }

    /// As [`Config::load`], with the environment given and nothing cross-checked.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from_sources(
        file: Option<&Path>,
        environment: &BTreeMap<String, String>,
        flags: &[(&str, String)],
    ) -> Result<Self, ConfigError> {
        let mut table = match file {
            None => toml::Table::new(),
            Some(path) => {
                let text =
                    std::fs::read_to_string(path).map_err(|source| ConfigError::File { path: path.into(), source })?;
                let wrong = |error: &dyn fmt::Display| ConfigError::Value {
                    origin: path.display().to_string(),
                    reason: error.to_string(),
                };
                let table: toml::Table = text.parse().map_err(|error| wrong(&error))?;
                // Read alone first, so that a mistake in the file is told with its place in the file.
                toml::from_str::<Self>(&text).map_err(|error| wrong(&error))?;
                table
            }
        };
        for (variable, text) in environment {
            let name = variable.trim_start_matches(ENVIRONMENT_PREFIX).to_ascii_lowercase();
            Self::overlay(&mut table, variable, &name, text)?;
        }
        for (name, text) in flags {
            Self::overlay(&mut table, &format!("--{}", name.replace('_', "-")), name, text)?;
        }
        table
            .try_into()
            .map_err(|error| ConfigError::Value { origin: "settings".to_owned(), reason: error.to_string() })
    }

    fn overlay(table: &mut toml::Table, origin: &str, name: &str, text: &str) -> Result<(), ConfigError> {
        let value = |candidate: toml::Value| {
            let mut one = toml::Table::new();
            one.insert(name.to_owned(), candidate.clone());
            one.try_into::<Self>().map(|_| candidate)
        };
        // A number or a flag where the setting takes one, else a text.
        let literal = format!("v = {text}").parse::<toml::Table>().ok().and_then(|mut parsed| parsed.remove("v"));
        let typed = literal.filter(|literal| !literal.is_str()).and_then(|literal| value(literal).ok());
        let chosen = match typed {
            Some(found) => found,
            None => value(toml::Value::String(text.to_owned())).map_err(|error| ConfigError::Value {
                origin: origin.to_owned(),
                reason: error.message().to_owned(),
            })?,
        };
        table.insert(name.to_owned(), chosen);
        Ok(())
    }

    /// Holds the settings against each other.
    ///
    /// # Errors
    /// [`ConfigError::Conflict`] says which two do not go together and what to do.
    pub fn check(&self) -> Result<(), ConfigError> {
        let rules = [
            (
                self.upload_budget_bytes >= self.photo_max_bytes + self.checkin_max_bytes,
                "upload_budget_bytes has to hold at least one largest photo: raise it or lower photo_max_bytes",
            ),
            (
                self.shutdown_s > self.upload_total_s,
                "shutdown_s has to be longer than upload_total_s, or a stop would cut uploads off",
            ),
            (self.upload_idle_s <= self.upload_total_s, "upload_idle_s cannot be longer than upload_total_s"),
            ((1..=600).contains(&self.access_token_s), "access_token_s has to lie between 1 and 600"),
            (self.session_days >= 1, "session_days has to be at least 1"),
            (self.challenge_s >= 10, "challenge_s has to be at least 10"),
            (
                (self.challenge_s..=86_400).contains(&self.delivery_s),
                "delivery_s has to lie between challenge_s and 86400, a day",
            ),
            ((1..=14).contains(&self.answer_days), "answer_days has to lie between 1 and 14"),
            ((1..=365).contains(&self.appeal_days), "appeal_days has to lie between 1 and 365"),
            ((1..=720).contains(&self.review_target_h), "review_target_h has to lie between 1 and 720"),
            ((0.0..=100.0).contains(&self.routine_percent), "routine_percent has to lie between 0 and 100"),
            ((0.0..=100.0).contains(&self.second_percent), "second_percent has to lie between 0 and 100"),
            (self.devices_max >= 1, "devices_max has to be at least 1"),
            (self.slot_attempts_max >= 1, "slot_attempts_max has to be at least 1"),
            (self.challenge_open_max >= 1, "challenge_open_max has to be at least 1"),
            (self.claim_lease_s >= 30, "claim_lease_s has to be at least 30"),
            ((0..=3_600).contains(&self.undo_s), "undo_s has to lie between 0 and 3600"),
            (
                60 <= self.console_idle_s && self.console_idle_s <= self.console_session_s,
                "console_idle_s has to be at least 60 and at most console_session_s",
            ),
            (self.database_connections >= 1, "database_connections has to be at least 1"),
            (
                self.listen.parse::<std::net::SocketAddr>().is_ok(),
                "listen has to be an address and a port, like 127.0.0.1:8080",
            ),
            (
                self.photo_store != PhotoStore::S3
                    || !(self.s3_access_key_id.is_empty() || self.s3_secret_access_key.reveal().is_empty()),
                "photo_store = \"s3\" needs s3_access_key_id and s3_secret_access_key",
            ),
            (self.examine_backlog_max >= 0, "examine_backlog_max has to be at least 0"),
            (self.examine_patience_s >= 0, "examine_patience_s has to be at least 0"),
            (self.job_interval_s >= 1, "job_interval_s has to be at least 1"),
            ((1..=3_650).contains(&self.orphan_keep_days), "orphan_keep_days has to lie between 1 and 3650"),
            (self.request_total_s >= 1, "request_total_s has to be at least 1"),
            (self.reuse_interval_ms >= 100, "reuse_interval_ms has to be at least 100"),
            (self.reuse_settle_s >= 1, "reuse_settle_s has to be at least 1"),
            ((0.0..=1.0).contains(&self.face_score_min), "face_score_min has to lie between 0 and 1"),
            (self.photo_max_bytes >= 10_000, "photo_max_bytes has to be at least 10000: no photo is smaller"),
            (
                self.database_url.is_empty()
                    || self.database_url.starts_with("postgres:")
                    || self.database_url.starts_with("postgresql:")
                    || self
                        .database_url
                        .strip_prefix("sqlite:")
                        .is_some_and(|file| !file.is_empty() && file != ":memory:"),
                "database_url has to start with sqlite: and name a file, or with postgres:",
            ),
            (
                self.log_filter.parse::<tracing_subscriber::filter::Targets>().is_ok(),
                "log_filter has to be a level, or a list like info,hadir=debug",
            ),
        ];
        match rules.into_iter().chain(self.notification_rules()).find(|(holds, _)| !holds) {
            Some((_, broken)) => Err(ConfigError::Conflict(broken.to_owned())),
            None => Ok(()),
        }
    }

    /// The settings as a commented TOML file; a secret is named and not shown.
    pub fn print(&self) -> String {
        let table = toml::Table::try_from(self).unwrap_or_default();
        let secret = |name: &str| match name {
            "s3_secret_access_key" => !self.s3_secret_access_key.reveal().is_empty(),
            "database_url" => holds_password(&self.database_url),
            _ => false,
        };
        let line = |(name, meaning): &(&str, &str)| {
            let value = table.get(*name)?;
            let setting =
                if secret(name) { format!("# {name} is set and not shown") } else { format!("{name} = {value}") };
            Some(format!("# {}\n{setting}\n", meaning.trim()))
        };
        SETTINGS.iter().filter_map(line).collect::<Vec<_>>().join("\n")
    }

    /// The database to open.
    pub fn database_url(&self) -> String {
        if self.database_url.is_empty() {
            format!("sqlite:{}", self.data_dir.join(SQLITE_FILE).display())
        } else {
            self.database_url.clone()
        }
    }

    /// What a value of policy is where two people set no other.
    pub fn policy_default(&self, name: PolicyName) -> f64 {
        match name {
            PolicyName::ReviewTarget => self.review_target_h as f64,
            PolicyName::Routine => self.routine_percent,
            PolicyName::Second => self.second_percent,
            PolicyName::Answer => self.answer_days as f64,
            PolicyName::Appeal => self.appeal_days as f64,
        }
    }

    /// The folder of the photos.
    pub fn photo_dir(&self) -> PathBuf {
        if self.photo_dir.as_os_str().is_empty() { self.data_dir.join("photos") } else { self.photo_dir.clone() }
    }

    /// The file of the sealing keys.
    pub fn sealing_keys_file(&self) -> PathBuf {
        if self.sealing_keys_file.as_os_str().is_empty() {
            self.data_dir.join("sealing.keys")
        } else {
            self.sealing_keys_file.clone()
        }
    }

    /// The file of the secret.
    pub fn secret_file(&self) -> PathBuf {
        if self.secret_file.as_os_str().is_empty() {
            self.data_dir.join("secret.key")
        } else {
            self.secret_file.clone()
        }
    }
}

/// Whether a database URL carries a password.
fn holds_password(url: &str) -> bool {
    let who = url.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@'));
    who.is_some_and(|(who, _)| who.contains(':'))
}
