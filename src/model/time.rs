//! Time: instants to the microsecond, civil work dates, and the clock as a value.

use std::{
    fmt,
    sync::atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, civil, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An instant in UTC, to the microsecond (what both databases keep exactly).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// How far east of UTC the clocks of a zone are at this instant, seconds.
    pub fn east_of_utc_s(self, zone: &TimeZone) -> i64 {
        i64::from(zone.to_offset(self.to_jiff()).seconds())
    }

    /// From microseconds since 1970-01-01T00:00:00Z; outside years -9999..9999 it is clamped.
    pub fn from_microsecond(micros: i64) -> Self {
        let (min, max) = (jiff::Timestamp::MIN.as_microsecond(), jiff::Timestamp::MAX.as_microsecond());
        Self(micros.clamp(min, max))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn as_microsecond(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, as tokens carry them.
    pub fn as_second(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The same instant for calendar arithmetic.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::MAX)
    }

    /// This instant plus whole seconds (negative goes back).
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_microsecond(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Seconds from `earlier` to `self`, with fraction; negative when `self` is earlier.
    pub fn seconds_since(self, earlier: Self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "differences of interest are far below 2^53 microseconds")]
        let micros = self.0.saturating_sub(earlier.0) as f64;
        micros / 1e6
    }

    /// The civil date of this instant in `zone`.
    pub fn date_in(self, zone: &TimeZone) -> WorkDate {
        WorkDate(zone.to_datetime(self.to_jiff()).date())
    }

    /// The clock time of this instant in `zone`, like `07.05`, as Indonesian writes it.
    pub fn clock_time_in(self, zone: &TimeZone) -> String {
        let local = zone.to_datetime(self.to_jiff());
        format!("{:02}.{:02}", local.hour(), local.minute())
    }

    /// What `zone` is called at this instant, like `WIB`.
    pub fn zone_letters_in(self, zone: &TimeZone) -> String {
        zone.to_offset_info(self.to_jiff()).abbreviation().to_owned()
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(value: jiff::Timestamp) -> Self {
        Self(value.as_microsecond())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.to_jiff())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parsed: jiff::Timestamp = text.parse().map_err(|_| {
            de::Error::custom(format!("`{text}` is not an RFC 3339 time with an offset, like 2026-11-22T00:05:00Z"))
        })?;
        Ok(parsed.into())
    }
}

impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        super::text_schema(utoipa::openapi::KnownFormat::DateTime, "2026-11-23T00:05:07.250000Z")
    }
}

impl utoipa::ToSchema for Timestamp {}

impl utoipa::PartialSchema for WorkDate {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        super::text_schema(utoipa::openapi::KnownFormat::Date, "2026-11-23")
    }
}

impl utoipa::ToSchema for WorkDate {}

/// The civil date a check-in counts for, in the zone of the person's unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorkDate(pub civil::Date);

impl WorkDate {
    /// The date `days` later (negative: earlier); stays put at the ends of the calendar.
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(SignedDuration::from_hours(days.saturating_mul(24))))
    }

    /// The first instant of the date in a zone; where there is none, of its UTC day.
    pub fn begins_in(self, zone: &TimeZone) -> Timestamp {
        let midnight = self.0.to_datetime(civil::Time::midnight());
        let local = midnight.to_zoned(zone.clone()).or_else(|_| midnight.to_zoned(TimeZone::UTC));
        local.map_or(Timestamp::from_microsecond(0), |local| local.timestamp().into())
    }
}

impl fmt::Display for WorkDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for WorkDate {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Where the time of day comes from.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
        jiff::Timestamp::now().into()
    }
}

/// A clock that stands still until it is set; for tests and for replaying a past day.
pub struct SetClock(AtomicI64);

impl SetClock {
    /// A clock standing at `at`.
    pub fn new(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.as_microsecond()))
    }

    /// Moves the clock to `at`.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_microsecond(), Ordering::SeqCst);
    }

    /// Moves the clock on by whole seconds.
    pub fn advance_seconds(&self, seconds: i64) {
        self.set(self.now().plus_seconds(seconds));
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst))
    }
}

/// The IANA name and the rules of a zone given by that name, or by the Indonesian abbreviations WIB, WITA and WIT.
pub fn zone_named(text: &str) -> Option<(String, TimeZone)> {
    let name = match text {
        "WIB" => "Asia/Jakarta",
        "WITA" => "Asia/Makassar",
        "WIT" => "Asia/Jayapura",
        other => other,
    };
    let zone = TimeZone::get(name).ok()?;
    Some((zone.iana_name()?.to_owned(), zone))
}
