//! All of it, in order: header, limits, EXIF, pixels, fingerprint, quality.

use std::panic;

use serde::{Deserialize, Serialize};

use super::{
    decode::{self, Luma, Undecodable},
    exif::{self, Claims},
    fingerprint,
    header::{Header, PhotoLimits, Refused},
    quality::{self, Quality},
};

/// Longer side of the small grey copy that is measured; thresholds hold for this size only.
const MEASURED_SIDE: usize = 504;

/// What was seen of a photo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhotoEvidence {
    /// What the file says it is.
    pub header: Header,
    /// What the camera claims.
    pub exif: Claims,
    /// What the pixels show; none when they could not be decoded.
    pub seen: Option<Seen>,
    /// Why they could not be decoded.
    pub not_examined: Option<String>,
}

/// What the pixels show.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// Perceptual hash of the upright picture.
    #[serde(with = "hexadecimal")]
    pub perceptual_hash: u64,
    /// Brightness, detail, evenness.
    pub quality: Quality,
}

/// Examines the bytes of a photo.
///
/// # Errors
/// [`Refused`] when they are no photo or break a limit. A sound photo that the decoder cannot read is not an error: it
/// is evidence that says so.
pub fn inspect(bytes: &[u8], limits: &PhotoLimits) -> Result<PhotoEvidence, Refused> {
    let header = Header::read(bytes, limits)?;
    // A panic inside a decoder is a check that could not run, not a lost check-in.
    let exif = panic::catch_unwind(|| exif::read(bytes)).unwrap_or_default();
    let looked = panic::catch_unwind(|| look(bytes, &header, exif.orientation, limits));
    let (seen, not_examined) = match looked {
        Ok(Ok(seen)) => (Some(seen), None),
        Ok(Err(error)) => (None, Some(error.0)),
        Err(_) => (None, Some("the decoder broke off".to_owned())),
    };
    Ok(PhotoEvidence { header, exif, seen, not_examined })
}

fn look(bytes: &[u8], header: &Header, turn: Option<u32>, limits: &PhotoLimits) -> Result<Seen, Undecodable> {
    let image = decode::decode(bytes, header, limits)?;
    let picture = Luma::shrink(image, decode::orientation(turn), MEASURED_SIDE);
    Ok(Seen { perceptual_hash: fingerprint::perceptual_hash(&picture), quality: quality::measure(&picture) })
}

/// 64 bits as 16 hexadecimal digits: JSON numbers cannot hold them.
mod hexadecimal {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{value:016x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map_err(D::Error::custom)
    }
}
