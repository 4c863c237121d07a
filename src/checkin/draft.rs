//! A draft: what a phone claims, well-formed but not yet believed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    evidence::location::{assess::Claim, fix::ReportedFix},
    model::{
        ids::CheckinId,
        time::Timestamp,
        words::{AccuracyBasis, PhotoSource, PositionError},
    },
};

/// Fixes of one capture.
pub const FIXES_MAX: usize = 20;
/// Characters of each descriptive text.
pub const TEXT_MAX: usize = 200;

/// The `checkin` part of a check-in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Made by the phone when the photo is taken (UUID version 7); sending it again gives the same receipt again.
    pub id: CheckinId,
    /// The challenge that was fetched for this capture; left out when there was no network to fetch one, and then a
    /// person looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "1vYl0pZqk3sR8Qp1w0eB6m0vYy3n2o4S5x7u9A1cDeF")]
    pub challenge: Option<String>,
    /// The phone's clock when it sends this.
    pub sent_at: Timestamp,
    /// The phone's clock when the photo was taken; needed of a capture that waited for a network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captured_at: Option<Timestamp>,
    /// Every fix of the capture; the one with the smallest accuracy counts.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub fixes: Vec<ReportedFix>,
    /// Why there is no fix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position_error: Option<PositionError>,
    /// What `accuracy_m` means on this platform; `unknown` when it is not said.
    #[serde(default = "unknown_basis")]
    pub accuracy_basis: AccuracyBasis,
    /// Whether the phone calls the position a mock.
    #[serde(default)]
    pub mocked: bool,
    /// How far east of UTC the phone's clock is set, minutes: 420 for WIB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 420, minimum = -1080, maximum = 1080)]
    pub utc_offset_minutes: Option<i64>,
    /// Where the page took the photo from.
    #[serde(default = "unknown_source")]
    pub photo_source: PhotoSource,
    /// Program and version that made this, for support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "hadir-phone 0.1.0")]
    pub client: Option<String>,
}

/// Why the part cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// Not the JSON that is expected.
    #[error("the checkin part is not valid: {0}")]
    Json(#[from] serde_json::Error),
    /// Something else than an object.
    #[error("the checkin part has to be a JSON object")]
    NotAnObject,
    /// The id has to order by time.
    #[error("id has to be a UUID of version 7")]
    IdVersion,
    /// A list or text is too long.
    #[error("{field} is too long; at most {limit} are taken")]
    TooLong {
        /// Which.
        field: &'static str,
        /// How long it may be.
        limit: usize,
    },
}

impl Draft {
    /// Reads the part.
    ///
    /// # Errors
    /// [`DraftError`] says what is wrong and where.
    pub fn parse(json: &[u8]) -> Result<Self, DraftError> {
        // The decoder would take a list of the values too.
        if json.trim_ascii_start().first() != Some(&b'{') {
            return Err(DraftError::NotAnObject);
        }
        let draft: Self = serde_json::from_slice(json)?;
        if !draft.id.is_version_7() {
            return Err(DraftError::IdVersion);
        }
        if draft.fixes.len() > FIXES_MAX {
            return Err(DraftError::TooLong { field: "fixes", limit: FIXES_MAX });
        }
        if draft.client.as_ref().is_some_and(|client| client.chars().count() > TEXT_MAX) {
            return Err(DraftError::TooLong { field: "client", limit: TEXT_MAX });
        }
        Ok(draft)
    }

    /// What it says about where the phone is.
    pub fn position(&self) -> Claim<'_> {
        Claim {
            fixes: &self.fixes,
            basis: self.accuracy_basis,
            position_error: self.position_error,
            mocked: self.mocked,
            sent_at: self.made_at(),
        }
    }

    /// The phone's clock when this was made: at the capture where that is said, else when it was sent.
    pub fn made_at(&self) -> Timestamp {
        self.captured_at.filter(|captured| *captured <= self.sent_at).unwrap_or(self.sent_at)
    }

    /// Seconds between capture and sending by the phone's clock; below zero when that was set back in between.
    pub fn waited_s(&self) -> Option<f64> {
        self.captured_at.map(|captured_at| self.sent_at.seconds_since(captured_at))
    }
}

fn unknown_source() -> PhotoSource {
    PhotoSource::Unknown
}

fn unknown_basis() -> AccuracyBasis {
    AccuracyBasis::Unknown
}
