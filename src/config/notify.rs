//! Which settings of notifications go together.

use std::net::IpAddr;

use hyper::Uri;

use super::{Config, SmtpTls};

impl Config {
    /// What has to hold, and what to say when it does not.
    pub(super) fn notification_rules(&self) -> Vec<(bool, &'static str)> {
        let (webhook, mail) = (!self.webhook_url.is_empty(), !self.smtp_host.is_empty());
        let named = |file: &std::path::Path| !file.as_os_str().is_empty();
        let slowest_ms = self.webhook_timeout_ms.max(self.smtp_timeout_ms);
        vec![
            (
                !webhook || is_safe(&self.webhook_url),
                "webhook_url has to begin with https://, or with http:// and an address of this machine, and to hold no \
                 password",
            ),
            (
                webhook == named(&self.webhook_secret_file),
                "webhook_url and webhook_secret_file go together: the receiver knows by the secret who sent it",
            ),
            (
                self.public_url.is_empty() || is_safe(&self.public_url),
                "public_url has to begin with https://, or with http:// and an address of this machine",
            ),
            (!mail || !self.public_url.is_empty(), "smtp_host needs public_url: links in e-mails begin with it"),
            (!mail || self.mail_from.contains('@'), "smtp_host needs mail_from: an address, or Name <address>"),
            (
                !mail || self.smtp_tls != SmtpTls::None || is_this_machine(&self.smtp_host),
                "smtp_tls = \"none\" is for a relay on this machine: for another smtp_host use starttls or tls",
            ),
            (
                self.smtp_user.is_empty() != named(&self.smtp_password_file),
                "smtp_user and smtp_password_file go together",
            ),
            (self.webhook_timeout_ms >= 100, "webhook_timeout_ms has to be at least 100"),
            (self.smtp_timeout_ms >= 100, "smtp_timeout_ms has to be at least 100"),
            (
                i64::try_from(slowest_ms)
                    .is_ok_and(|ms| self.notify_lease_s.saturating_mul(1_000) >= ms.saturating_mul(2)),
                "notify_lease_s has to be at least twice as long as webhook_timeout_ms and smtp_timeout_ms, or what is \
                 being sent would be sent again",
            ),
            (self.notify_interval_ms >= 100, "notify_interval_ms has to be at least 100"),
            ((1..=64).contains(&self.notify_together), "notify_together has to lie between 1 and 64"),
            (self.notify_attempts_max >= 1, "notify_attempts_max has to be at least 1"),
            (
                1 <= self.notify_retry_s && self.notify_retry_s <= self.notify_retry_max_s,
                "notify_retry_s has to lie between 1 and notify_retry_max_s",
            ),
            (self.notify_retry_max_s <= 604_800, "notify_retry_max_s has to be at most 604800, a week"),
        ]
    }
}

/// Whether what is sent there stays between the two: HTTPS, or this machine.
fn is_safe(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let secret = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    match (uri.scheme_str(), uri.host()) {
        (Some("https"), Some(host)) => !host.is_empty() && !secret,
        (Some("http"), Some(host)) => is_this_machine(host) && !secret,
        _ => false,
    }
}

/// Whether a host is the one this program runs on.
fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
