//! A finding: one explained fact about the evidence.

use serde::{Deserialize, Serialize};

use crate::model::words::{Severity, UnitOfMeasure, Words};

/// The codes, each with its text form. A text form is part of the API and never changes its meaning.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// What a finding is about; [`super::catalogue`] explains each.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Whether it is about where the phone says it is.
            pub fn is_about_position(self) -> bool {
                self.as_str().starts_with("position.") || self.as_str().starts_with("location.")
            }

            /// The text form.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }

        impl std::str::FromStr for Code {
            type Err = UnknownCode;
            fn from_str(text: &str) -> Result<Self, UnknownCode> {
                Self::ALL.iter().find(|code| code.as_str() == text).copied().ok_or_else(|| UnknownCode(text.to_owned()))
            }
        }
    };
}

/// A text that is the code of no finding.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is the code of no finding; `hadir spec findings` lists them")]
pub struct UnknownCode(String);

codes! {
    /// The position lies outside every fence, beyond what the phone's imprecision explains.
    LocationOutside = "location.outside",
    /// The position is too coarse or too near the edge to tell.
    LocationCannotTell = "location.cannot_tell",
    /// Positions were sent, but none was fresh enough to be judged.
    LocationStale = "location.stale",
    /// The phone sent no position and said why.
    LocationMissing = "location.missing",
    /// No place of this person is in force on the day.
    PlaceMissing = "place.missing",
    /// A place of this person in force is stored and cannot be read.
    PlaceUnreadable = "place.unreadable",
    /// The phone itself says that the position is a mock.
    PositionMocked = "position.mocked",
    /// Another person sent the very same fix.
    PositionSameFix = "position.same_fix",
    /// The fix lies on the registered centre itself, on several days.
    PositionExactHome = "position.exact_home",
    /// The same coordinates to the last digit on several days.
    PositionRepeated = "position.repeated",
    /// Too far from the check-in before for the time between.
    PositionJump = "position.jump",
    /// The coordinates are rounded.
    PositionCoarse = "position.coarse",
    /// The same accuracy on many days, with nothing else measured.
    PositionConstant = "position.constant",
    /// The fix does not say when it was made.
    PositionNoTime = "position.no_time",
    /// Nothing can be recognised because the photo is black.
    PhotoDark = "photo.dark",
    /// The photo is one even surface, as with a covered lens.
    PhotoUniform = "photo.uniform",
    /// The photo is washed out.
    PhotoOverexposed = "photo.overexposed",
    /// The photo shows very little detail: blurred, or a plain wall.
    PhotoBlurred = "photo.blurred",
    /// Most of the photo is an even surface.
    PhotoPartlyCovered = "photo.partly_covered",
    /// The photo is too small to recognise anything on it.
    PhotoSmall = "photo.small",
    /// The photo could not be decoded and was therefore not examined.
    PhotoNotExamined = "photo.not_examined",
    /// Part of the picture data is broken or missing.
    PhotoDamaged = "photo.damaged",
    /// A face model ran and found no face.
    PhotoNoFace = "photo.no_face",
    /// The face model could not run on this photo.
    PhotoFaceNotChecked = "photo.face_not_checked",
    /// The file is a screenshot, or looks like one.
    PhotoScreenshot = "photo.screenshot",
    /// The same person used this picture before.
    PhotoUsedBefore = "photo.used_before",
    /// Another person sent this picture.
    PhotoOfAnother = "photo.of_another",
    /// The photo is much like an earlier one of the same person.
    PhotoLikeBefore = "photo.like_before",
    /// The camera's own date differs from the moment of the check-in.
    PhotoOtherTime = "photo.other_time",
    /// The camera's own position differs from the phone's.
    PhotoElsewhere = "photo.elsewhere",
    /// A program that changes pictures wrote the file.
    PhotoEdited = "photo.edited",
    /// The file was written again after it was taken.
    PhotoSavedAgain = "photo.saved_again",
    /// The camera wrote other dimensions than the file has.
    PhotoDimensions = "photo.dimensions",
    /// The thumbnail shows another picture.
    PhotoThumbnail = "photo.thumbnail",
    /// The page says that the photo was chosen from files.
    PhotoFromFile = "photo.from_file",
    /// The check-in came after the window, inside the grace.
    Late = "time.late",
    /// Captured inside the window by the phone's clock, delivered after the grace.
    DeliveredLate = "time.delivered_late",
    /// Captured without a network, with a one-time code that had been fetched before.
    CapturedOffline = "time.captured_offline",
    /// Captured before the window that it answers had opened.
    CapturedBefore = "time.captured_before_window",
    /// The phone's clock was set back between capture and sending.
    ClockChanged = "time.clock_changed",
    /// The one-time code was fetched long before the window opened.
    ChallengeEarly = "challenge.early",
    /// There is no one-time code.
    ChallengeMissing = "challenge.missing",
    /// The one-time code was fetched after the photo had been taken.
    ChallengeAfter = "challenge.after_capture",
    /// The signature of an enrolled phone's key does not fit.
    DeviceSignature = "device.signature",
    /// Signed by a key that is not enrolled, or was taken away.
    DeviceUnknown = "device.unknown",
    /// Signed by a phone that was enrolled within the last day.
    DeviceNew = "device.new",
    /// Not signed, although the person has an enrolled phone.
    DeviceNotSigned = "device.not_signed",
    /// The phone's clock differs from the server's.
    ClockSkew = "time.clock_skew",
    /// The phone's clock is set to a zone that is none of the country's.
    ZoneMismatch = "time.zone",
}

/// One explained fact: what, how heavy, measured against what, and in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is about.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// The measured value and what it was compared with, where there are numbers.
    pub measure: Option<Measure>,
    /// What the person and the reviewer read.
    pub words: Words,
}

/// Two numbers of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What was measured.
    pub measured: f64,
    /// What it was compared with.
    pub threshold: f64,
    /// Unit of both.
    pub unit: UnitOfMeasure,
}

/// No distance on Earth is longer; a phone may claim an accuracy that is.
const HALF_ROUND_THE_EARTH_M: f64 = 2.1e7;

/// Metres as people write them: `212 m`, `1,3 km`.
pub fn metres_in_words(metres: f64) -> Words {
    if metres < 999.5 {
        let text = format!("{metres:.0} m");
        return Words::new(text.clone(), text);
    }
    if metres > HALF_ROUND_THE_EARTH_M {
        return Words::new("> 20.000 km", "> 20,000 km");
    }
    let text = format!("{:.1} km", metres / 1000.0);
    Words::new(text.replace('.', ","), text)
}
