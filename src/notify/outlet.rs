//! The channels that are configured, ready to be used.

use std::path::{Path, PathBuf};

use super::{mail::Mailer, webhook::Webhook};
use crate::{
    config::Config,
    model::{time::Timestamp, words::Channel},
    store::deliveries::MessageRow,
};

/// Why a channel cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OutletError {
    /// A file cannot be read.
    #[error("{setting}: {path} cannot be read: {source}")]
    File {
        /// Which setting names it.
        setting: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The secret is none.
    #[error(
        "webhook_secret_file: a line has to be whsec_ and 24 to 64 bytes in Base64; make one with: \
         echo \"whsec_$(openssl rand -base64 32)\""
    )]
    Secret,
    /// The address cannot be sent to.
    #[error("webhook_url is not an address")]
    Address,
    /// There is nothing to know the other side by.
    #[error("the certificates of this system cannot be used: {0}")]
    Certificates(String),
    /// The sender's address is none.
    #[error("mail_from is not an address, nor Name <address>: {0}")]
    From(String),
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The other side took it.
    Delivered,
    /// It may work later.
    Failed(String),
    /// It will never work.
    Refused(String),
    /// There is nobody to send it to any more.
    Nowhere(String),
}

/// A channel.
pub enum Outlet {
    /// Requests to one receiver.
    Webhook(Box<Webhook>),
    /// E-mails through one server.
    Email(Box<Mailer>),
}

impl Outlet {
    /// Those that the settings name.
    ///
    /// # Errors
    /// [`OutletError`] names the setting.
    pub fn all(config: &Config) -> Result<Vec<Self>, OutletError> {
        let mut all = Vec::new();
        if !config.webhook_url.is_empty() {
            all.push(Self::Webhook(Box::new(Webhook::open(config)?)));
        }
        if !config.smtp_host.is_empty() {
            all.push(Self::Email(Box::new(Mailer::open(config)?)));
        }
        Ok(all)
    }

    /// Which it is.
    pub fn channel(&self) -> Channel {
        match self {
            Self::Webhook(_) => Channel::Webhook,
            Self::Email(_) => Channel::Email,
        }
    }

    /// Sends once.
    pub async fn send(&self, message: &MessageRow, now: Timestamp) -> Sent {
        match self {
            Self::Webhook(webhook) => webhook.send(message, now).await,
            Self::Email(mailer) => mailer.send(message, now).await,
        }
    }
}

/// The text of a file that a setting names.
pub(super) fn read(setting: &'static str, path: &Path) -> Result<String, OutletError> {
    std::fs::read_to_string(path).map_err(|source| OutletError::File { setting, path: path.into(), source })
}
