//! Log lines and metrics.

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::{
    config::{Config, LogFormat},
    model::words::Channel,
};

/// Starts writing log lines to standard error.
///
/// # Errors
/// The filter cannot be understood, or log lines are being written already.
pub fn start(config: &Config) -> Result<(), String> {
    let filter: Targets = config.log_filter.parse().map_err(|error| format!("log_filter: {error}"))?;
    let lines = fmt::layer().with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry().with(filter);
    match config.log_format {
        LogFormat::Text => registry.with(lines.with_target(false)).try_init(),
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init(),
    }
    .map_err(|error| error.to_string())
}

/// An error with its causes, in one line; a cause that its effect repeats is left out.
pub fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let more = cause.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = cause.source();
    }
    text
}

/// Labels of an answered request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    /// GET, POST, ...
    pub method: String,
    /// The route's pattern, never the path: ids do not become labels.
    pub route: String,
    /// Status code.
    pub status: u16,
}

/// One label.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct CodeLabel {
    /// A finding's or a verdict's code.
    pub code: String,
}

/// Labels of an attempt to send a notification.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct DeliveryLabels {
    /// `webhook` or `email`.
    pub channel: &'static str,
    /// `sent`, `failed` (to be tried again) or `dead` (given up).
    pub outcome: &'static str,
}

impl DeliveryLabels {
    /// An outcome on a channel.
    pub fn new(channel: Channel, outcome: &'static str) -> Self {
        Self { channel: channel.as_str(), outcome }
    }
}

/// A channel of notifications.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ChannelLabel {
    /// `webhook` or `email`.
    pub channel: &'static str,
}

/// What the server counts.
pub struct Metrics {
    registry: Registry,
    /// Answered requests.
    pub requests: Family<RequestLabels, Counter>,
    /// How long requests took.
    pub request_seconds: Histogram,
    /// Stored check-ins by verdict.
    pub checkins: Family<CodeLabel, Counter>,
    /// Findings by code.
    pub findings: Family<CodeLabel, Counter>,
    /// How long photos took to examine.
    pub examine_seconds: Histogram,
    /// How long the search for copies took inside check-ins.
    pub reuse_seconds: Histogram,
    /// How often the display copies of a photo were made.
    pub copies_made: Counter,
    /// Uploads under way.
    pub uploads: Gauge,
    /// Objects without a row that were removed.
    pub orphans: Counter,
    /// Photos that are not as a row promises: `missing` or `altered`.
    pub photo_faults: Family<CodeLabel, Gauge>,
    /// Photos that wait to be examined after the acknowledgement.
    pub examinations_waiting: Gauge,
    /// How long the oldest of them waits.
    pub examinations_oldest_seconds: Gauge,
    /// Attempts to send notifications.
    pub deliveries: Family<DeliveryLabels, Counter>,
    /// Notifications that should have been sent by now.
    pub deliveries_waiting: Family<ChannelLabel, Gauge>,
    /// How long the oldest of them waits.
    pub deliveries_oldest_seconds: Family<ChannelLabel, Gauge>,
    /// Notifications that were given up.
    pub deliveries_dead: Family<ChannelLabel, Gauge>,
}

impl Default for Metrics {
    fn default() -> Self {
        let seconds = || Histogram::new([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0]);
        let mut metrics = Self {
            registry: Registry::with_prefix("hadir"),
            requests: Family::default(),
            request_seconds: seconds(),
            checkins: Family::default(),
            findings: Family::default(),
            examine_seconds: seconds(),
            reuse_seconds: seconds(),
            copies_made: Counter::default(),
            uploads: Gauge::default(),
            orphans: Counter::default(),
            photo_faults: Family::default(),
            examinations_waiting: Gauge::default(),
            examinations_oldest_seconds: Gauge::default(),
            deliveries: Family::default(),
            deliveries_waiting: Family::default(),
            deliveries_oldest_seconds: Family::default(),
            deliveries_dead: Family::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("requests", "Answered requests", metrics.requests.clone());
        registry.register_with_unit(
            "request",
            "Time to answer a request",
            Unit::Seconds,
            metrics.request_seconds.clone(),
        );
        registry.register("checkins", "Stored check-ins by verdict", metrics.checkins.clone());
        registry.register("findings", "Findings by code", metrics.findings.clone());
        registry.register_with_unit(
            "examine",
            "Time to examine a photo",
            Unit::Seconds,
            metrics.examine_seconds.clone(),
        );
        registry.register_with_unit(
            "reuse",
            "Time to search for copies inside a check-in",
            Unit::Seconds,
            metrics.reuse_seconds.clone(),
        );
        registry.register("photo_copies", "Photos whose display copies were made", metrics.copies_made.clone());
        registry.register("uploads", "Uploads under way", metrics.uploads.clone());
        registry.register(
            "photo_faults",
            "Photos that are not as a row promises, by what is wrong",
            metrics.photo_faults.clone(),
        );
        registry.register(
            "examinations_waiting",
            "Photos that wait to be examined after the acknowledgement",
            metrics.examinations_waiting.clone(),
        );
        registry.register(
            "examinations_oldest_seconds",
            "How long the oldest of these photos waits",
            metrics.examinations_oldest_seconds.clone(),
        );
        registry.register(
            "orphans_removed",
            "Stored objects without a check-in that were removed",
            metrics.orphans.clone(),
        );
        metrics.register_notifications();
        metrics
    }
}

impl Metrics {
    fn register_notifications(&mut self) {
        let registry = self.registry.sub_registry_with_prefix("notifications");
        registry.register("attempts", "Attempts to send notifications", self.deliveries.clone());
        let waiting = self.deliveries_waiting.clone();
        registry.register("waiting", "Notifications that should have been sent by now", waiting);
        registry.register_with_unit(
            "oldest",
            "How long the oldest of them waits",
            Unit::Seconds,
            self.deliveries_oldest_seconds.clone(),
        );
        registry.register("dead", "Notifications that were given up", self.deliveries_dead.clone());
    }

    /// All of them in the OpenMetrics text format.
    pub fn render(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
