//! EXIF: what the camera claims. Evidence, never truth; missing EXIF is normal, because browsers strip it.

use exif::{Exif, In, Reader, Tag, Value};
use jiff::civil;
use serde::{Deserialize, Serialize};

use super::exif_block;
use crate::model::geo::Position;

/// Longest text that is kept of a field.
const TEXT_MAX: usize = 120;

/// The fields that matter here; each only when present and well-formed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// When the shutter was pressed, by the camera's clock. Has no zone of its own.
    pub taken_at: Option<civil::DateTime>,
    /// Offset of that clock from UTC, like `+07:00`; most cameras do not say.
    pub taken_at_offset: Option<String>,
    /// Where the camera thought it was.
    pub position: Option<Position>,
    /// Camera maker.
    pub make: Option<String>,
    /// Camera model.
    pub model: Option<String>,
    /// Program that wrote the file last.
    pub software: Option<String>,
    /// 1 to 8: how to turn the picture upright.
    pub orientation: Option<u32>,
}

/// Reads the claims of a JPEG, PNG or WebP; bytes without EXIF, or with more of it than any camera writes, claim nothing.
pub fn read(bytes: &[u8]) -> Claims {
    let Some(block) = exif_block::find(bytes).filter(|block| exif_block::is_modest(block)) else {
        return Claims::default();
    };
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let parsed = reader.read_raw(block.to_vec()).or_else(|error| error.distill_partial_result(|_| {}));
    let Ok(exif) = parsed else { return Claims::default() };
    Claims {
        taken_at: text(&exif, Tag::DateTimeOriginal)
            .and_then(|value| civil::DateTime::strptime("%Y:%m:%d %H:%M:%S", value).ok()),
        taken_at_offset: text(&exif, Tag::OffsetTimeOriginal).filter(|value| offset_seconds(value).is_some()),
        position: position(&exif),
        make: text(&exif, Tag::Make),
        model: text(&exif, Tag::Model),
        software: text(&exif, Tag::Software),
        orientation: exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0)),
    }
}

/// Seconds east of UTC of an offset like `+07:00`.
pub fn offset_seconds(text: &str) -> Option<i64> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..=18).contains(&hours) && (0..60).contains(&minutes)).then(|| sign * (hours * 3600 + minutes * 60))
}

fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let text = String::from_utf8_lossy(parts.first()?);
    let clean: String = text.trim_matches(['\0', ' ']).chars().filter(|c| !c.is_control()).take(TEXT_MAX).collect();
    (!clean.is_empty()).then_some(clean)
}

fn position(exif: &Exif) -> Option<Position> {
    let latitude = degrees(exif, Tag::GPSLatitude)? * sign(exif, Tag::GPSLatitudeRef, 'S')?;
    let longitude = degrees(exif, Tag::GPSLongitude)? * sign(exif, Tag::GPSLongitudeRef, 'W')?;
    Position::new(latitude, longitude).ok()
}

/// Degrees, minutes and seconds as degrees. A zero denominator means the receiver had no fix.
fn degrees(exif: &Exif, tag: Tag) -> Option<f64> {
    let parts: Vec<Option<f64>> = match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(parts) => parts.iter().map(|r| (r.denom != 0).then(|| r.to_f64())).collect(),
        // Some phones write signed rationals against the standard.
        Value::SRational(parts) => parts.iter().map(|r| (r.denom != 0).then(|| r.to_f64())).collect(),
        _ => return None,
    };
    let mut parts = parts.into_iter();
    let degrees = parts.next()??;
    let minutes = parts.next().map_or(Some(0.0), |part| part)?;
    let seconds = parts.next().map_or(Some(0.0), |part| part)?;
    Some(degrees + minutes / 60.0 + seconds / 3600.0)
}

fn sign(exif: &Exif, tag: Tag, negative: char) -> Option<f64> {
    let letter = text(exif, tag)?.chars().next()?;
    Some(if letter.eq_ignore_ascii_case(&negative) { -1.0 } else { 1.0 })
}
