//! EXIF: what the camera claims. Evidence, never truth; missing EXIF is normal, because browsers strip it.

use exif::{Exif, In, Reader, Tag, Value};
use jiff::{civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::exif_block;
use crate::model::{geo::Position, time::Timestamp};

/// Longest text that is kept of a field.
const TEXT_MAX: usize = 120;

/// The fields that matter here; each only when present and well-formed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// When the shutter was pressed, by the camera's clock. Has no zone of its own.
    pub taken_at: Option<civil::DateTime>,
    /// Offset of that clock from UTC, like `+07:00`; most cameras do not say.
    pub taken_at_offset: Option<String>,
    /// When a program wrote the file last, by the clock of that device.
    #[serde(default)]
    pub modified_at: Option<civil::DateTime>,
    /// When the camera's receiver made its position; UTC, from the satellites.
    #[serde(default)]
    pub position_at: Option<Timestamp>,
    /// Where the camera thought it was.
    pub position: Option<Position>,
    /// Radius the camera states for that, metres; only iPhones write it.
    #[serde(default)]
    pub position_accuracy_m: Option<f64>,
    /// Camera maker.
    pub make: Option<String>,
    /// Camera model.
    pub model: Option<String>,
    /// Program that wrote the file last.
    pub software: Option<String>,
    /// 1 to 8: how to turn the picture upright.
    pub orientation: Option<u32>,
    /// Pixels across and down as the camera wrote them.
    #[serde(default)]
    pub dimensions: Option<(u32, u32)>,
    /// Whether the phone itself says that this is a screenshot.
    #[serde(default)]
    pub screenshot: bool,
}

/// What a file's EXIF holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The fields.
    pub claims: Claims,
    /// The small JPEG that cameras put beside the picture.
    pub thumbnail: Option<Vec<u8>>,
}

/// Reads the claims of a JPEG, PNG or WebP; bytes without EXIF, or with more of it than any camera writes, claim nothing.
pub fn read(bytes: &[u8]) -> Claims {
    find(bytes).claims
}

/// As [`read`], with the thumbnail.
pub fn find(bytes: &[u8]) -> Found {
    let Some(block) = exif_block::find(bytes).filter(|block| exif_block::is_modest(block)) else {
        return Found::default();
    };
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let parsed = reader.read_raw(block.to_vec()).or_else(|error| error.distill_partial_result(|_| {}));
    let Ok(exif) = parsed else { return Found::default() };
    let claims = Claims {
        taken_at: date_time(&exif, Tag::DateTimeOriginal),
        taken_at_offset: text(&exif, Tag::OffsetTimeOriginal).filter(|value| offset_seconds(value).is_some()),
        modified_at: date_time(&exif, Tag::DateTime),
        position_at: position_at(&exif),
        position: position(&exif),
        position_accuracy_m: parts(&exif, Tag::GPSHPositioningError)
            .and_then(|parts| parts.first().copied().flatten())
            .filter(|metres| metres.is_finite() && *metres > 0.0),
        make: text(&exif, Tag::Make),
        model: text(&exif, Tag::Model),
        software: text(&exif, Tag::Software),
        orientation: number(&exif, Tag::Orientation, In::PRIMARY),
        dimensions: number(&exif, Tag::PixelXDimension, In::PRIMARY).zip(number(
            &exif,
            Tag::PixelYDimension,
            In::PRIMARY,
        )),
        screenshot: is_screenshot(&exif),
    };
    Found { claims, thumbnail: thumbnail(&exif) }
}

fn date_time(exif: &Exif, tag: Tag) -> Option<civil::DateTime> {
    text(exif, tag).and_then(|value| civil::DateTime::strptime("%Y:%m:%d %H:%M:%S", value).ok())
}

fn number(exif: &Exif, tag: Tag, directory: In) -> Option<u32> {
    // Some editors write signed numbers against the standard.
    match &exif.get_field(tag, directory)?.value {
        Value::SLong(numbers) => numbers.first().and_then(|number| u32::try_from(*number).ok()),
        Value::SShort(numbers) => numbers.first().and_then(|number| u32::try_from(*number).ok()),
        value => value.get_uint(0),
    }
}

/// iPhones write the word into the comment of a screenshot.
fn is_screenshot(exif: &Exif) -> bool {
    let Some(Value::Undefined(bytes, _)) = exif.get_field(Tag::UserComment, In::PRIMARY).map(|field| &field.value)
    else {
        return false;
    };
    // Eight bytes name the encoding.
    bytes.get(8..).is_some_and(|comment| comment.trim_ascii().eq_ignore_ascii_case(b"Screenshot"))
}

fn thumbnail(exif: &Exif) -> Option<Vec<u8>> {
    let at = number(exif, Tag::JPEGInterchangeFormat, In::THUMBNAIL)? as usize;
    let length = number(exif, Tag::JPEGInterchangeFormatLength, In::THUMBNAIL)? as usize;
    exif.buf().get(at..at.checked_add(length)?).map(<[u8]>::to_vec)
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

fn position_at(exif: &Exif) -> Option<Timestamp> {
    let date = civil::Date::strptime("%Y:%m:%d", text(exif, Tag::GPSDateStamp)?).ok()?;
    let clock = parts(exif, Tag::GPSTimeStamp)?;
    let [Some(hours), Some(minutes), Some(seconds)] = *clock.as_slice() else { return None };
    let time = civil::Time::new(hours as i8, minutes as i8, seconds as i8, 0).ok()?;
    Some(date.to_datetime(time).to_zoned(TimeZone::UTC).ok()?.timestamp().into())
}

/// Degrees, minutes and seconds as degrees.
fn degrees(exif: &Exif, tag: Tag) -> Option<f64> {
    let mut parts = parts(exif, tag)?.into_iter();
    let degrees = parts.next()??;
    let minutes = parts.next().map_or(Some(0.0), |part| part)?;
    let seconds = parts.next().map_or(Some(0.0), |part| part)?;
    Some(degrees + minutes / 60.0 + seconds / 3600.0)
}

/// The rationals of a field. A zero denominator is no number: the receiver had no fix.
fn parts(exif: &Exif, tag: Tag) -> Option<Vec<Option<f64>>> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(parts) => Some(parts.iter().map(|r| (r.denom != 0).then(|| r.to_f64())).collect()),
        // Some phones write signed rationals against the standard.
        Value::SRational(parts) => Some(parts.iter().map(|r| (r.denom != 0).then(|| r.to_f64())).collect()),
        _ => None,
    }
}

fn sign(exif: &Exif, tag: Tag, negative: char) -> Option<f64> {
    let letter = text(exif, tag)?.chars().next()?;
    Some(if letter.eq_ignore_ascii_case(&negative) { -1.0 } else { 1.0 })
}
