//! Notifications as e-mails through one server.

use std::time::{Duration, UNIX_EPOCH};

use lettre::{
    Address, Message,
    message::{
        Mailbox, SinglePart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use tokio::time::timeout;

use super::{
    About,
    outlet::{self, OutletError, Sent},
    words,
};
use crate::{
    config::{Config, SmtpTls},
    model::time::{Timestamp, zone_named},
    store::deliveries::MessageRow,
    telemetry,
};

/// How long a server has to say goodbye; the mail is its already.
const GOODBYE: Duration = Duration::from_secs(1);

/// The mail server.
pub struct Mailer {
    server: (String, u16),
    mode: SmtpTls,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
    from: Mailbox,
    public_url: String,
    timeout: Duration,
}

impl Mailer {
    /// By its settings.
    ///
    /// # Errors
    /// [`OutletError`] when the password, the sender or the certificates cannot be used.
    pub fn open(config: &Config) -> Result<Self, OutletError> {
        let from = config.mail_from.parse::<Mailbox>().map_err(|error| OutletError::From(error.to_string()))?;
        let tls = match config.smtp_tls {
            SmtpTls::None => None,
            SmtpTls::StartTls | SmtpTls::Tls => {
                let host = config.smtp_host.clone();
                let made = TlsParameters::new(host).map_err(|error| OutletError::Certificates(error.to_string()));
                Some(made?)
            }
        };
        let credentials = if config.smtp_user.is_empty() {
            None
        } else {
            let text = outlet::read("smtp_password_file", &config.smtp_password_file)?;
            let password = text.lines().next().unwrap_or_default().to_owned();
            Some(Credentials::new(config.smtp_user.clone(), password))
        };
        Ok(Self {
            server: (config.smtp_host.clone(), config.smtp_port),
            mode: config.smtp_tls,
            tls,
            credentials,
            from,
            public_url: config.public_url.clone(),
            timeout: Duration::from_millis(config.smtp_timeout_ms),
        })
    }

    /// Sends a notification once.
    pub async fn send(&self, message: &MessageRow, now: Timestamp) -> Sent {
        let Some(address) = message.email.as_deref() else {
            return Sent::Nowhere("the person has no address any more".to_owned());
        };
        let mail = match self.write(message, address, now) {
            Ok(mail) => mail,
            Err(why) => return Sent::Refused(without(&why, address)),
        };
        match timeout(self.timeout, self.talk(&mail)).await {
            Err(_) => Sent::Failed(format!("the mail server took more than {} ms", self.timeout.as_millis())),
            Ok(Err(Sent::Failed(why))) => Sent::Failed(without(&why, address)),
            Ok(Err(Sent::Refused(why))) => Sent::Refused(without(&why, address)),
            Ok(Err(other)) => other,
            Ok(Ok(mut connection)) => {
                let _ = timeout(GOODBYE, connection.quit()).await;
                Sent::Delivered
            }
        }
    }

    /// The mail; its id is that of the delivery, so that one that is sent twice can be known.
    fn write(&self, message: &MessageRow, address: &str, now: Timestamp) -> Result<Message, String> {
        let about = About::read(message.kind, &message.about.0).ok_or("a newer program wrote this notification")?;
        let zone = zone_named(&message.time_zone).map_or(jiff::tz::TimeZone::UTC, |(_, zone)| zone);
        let mail = words::mail(&about, &self.public_url, &zone);
        let to: Address = address.parse().map_err(|error| format!("the person's address is none: {error}"))?;
        let at = UNIX_EPOCH + Duration::from_secs(u64::try_from(now.as_second()).unwrap_or(0));
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .date(at)
            .message_id(Some(format!("<{}@{}>", message.id, self.from.email.domain())))
            // No answers from those who are away.
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .subject(mail.subject)
            .singlepart(SinglePart::plain(mail.text))
            .map_err(|error| format!("the e-mail cannot be written: {error}"))
    }

    /// Hands the mail over. A server that refuses us may be mended; one that refuses the mail means it.
    async fn talk(&self, mail: &Message) -> Result<AsyncSmtpConnection, Sent> {
        let failed = |error| Sent::Failed(telemetry::in_full(&error));
        let mut connection = self.connect().await.map_err(failed)?;
        match connection.send(mail.envelope(), &mail.formatted()).await {
            Ok(_) => Ok(connection),
            Err(error) if error.is_permanent() => Err(Sent::Refused(telemetry::in_full(&error))),
            Err(error) => Err(failed(error)),
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, lettre::transport::smtp::Error> {
        let hello = ClientId::Domain(self.from.email.domain().to_owned());
        let (host, port) = (self.server.0.as_str(), self.server.1);
        let from_the_first_byte = self.tls.clone().filter(|_| self.mode == SmtpTls::Tls);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1((host, port), None, &hello, from_the_first_byte, None).await?;
        if let Some(tls) = self.tls.clone().filter(|_| self.mode == SmtpTls::StartTls) {
            connection.starttls(tls, &hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

/// What a server says often names the address, which belongs into no log.
fn without(why: &str, address: &str) -> String {
    why.replace(address, "(recipient)")
}
