//! Positions on the WGS 84 ellipsoid.

use serde::{Deserialize, Serialize};

/// A position in degrees; always finite, in range, and not the null island (0, 0) that broken receivers report.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(try_from = "Degrees")]
pub struct Position {
    latitude: f64,
    longitude: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Degrees {
    latitude: f64,
    longitude: f64,
}

impl TryFrom<Degrees> for Position {
    type Error = PositionError;
    fn try_from(degrees: Degrees) -> Result<Self, PositionError> {
        Self::new(degrees.latitude, degrees.longitude)
    }
}

/// Why two numbers are not a position.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PositionError {
    /// One of them is NaN or infinite.
    #[error("latitude and longitude have to be finite numbers")]
    NotFinite,
    /// Latitude beyond ±90° or longitude beyond ±180°.
    #[error("latitude has to lie within ±90 and longitude within ±180 degrees; are the two swapped?")]
    OutOfRange,
    /// Exactly (0, 0).
    #[error("latitude and longitude are both exactly 0, which is what a phone without a fix reports")]
    NullIsland,
}

impl Position {
    /// Checks and keeps a position given in degrees.
    ///
    /// # Errors
    /// [`PositionError`] says which rule it breaks.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, PositionError> {
        if !latitude.is_finite() || !longitude.is_finite() {
            return Err(PositionError::NotFinite);
        }
        if latitude.abs() > 90.0 || longitude.abs() > 180.0 {
            return Err(PositionError::OutOfRange);
        }
        if latitude == 0.0 && longitude == 0.0 {
            return Err(PositionError::NullIsland);
        }
        Ok(Self { latitude, longitude })
    }

    /// Degrees north.
    pub fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east.
    pub fn longitude(self) -> f64 {
        self.longitude
    }
}
