//! The header walk: what the file is and how big it claims to be, before anything is decoded.

use std::io::Cursor;

use image::{ImageDecoder as _, codecs::webp::WebPDecoder};
use serde::{Deserialize, Serialize};

/// The formats that are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// JFIF or EXIF JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
}

impl Format {
    /// The name people use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Webp => "WebP",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }
}

/// What the header says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Header {
    /// By magic bytes, never by file name.
    pub format: Format,
    /// Pixels across, as stored.
    pub width: u32,
    /// Pixels down, as stored.
    pub height: u32,
    /// Colour components of a JPEG; 0 for the others.
    pub components: u8,
    /// Whether a JPEG is progressive.
    pub progressive: bool,
    /// Scans of a JPEG.
    pub scans: u32,
}

/// Limits that are checked on the header, before the work.
#[derive(Clone, Copy, Debug)]
pub struct PhotoLimits {
    /// Longest side in pixels.
    pub side_px_max: u32,
    /// Pixels of a baseline JPEG.
    pub pixels_max: u64,
    /// Pixels of a progressive JPEG, which keeps all coefficients in memory.
    pub progressive_pixels_max: u64,
    /// Pixels of a PNG or WebP, which cannot be decoded in part.
    pub other_pixels_max: u64,
    /// Scans of a progressive JPEG.
    pub scans_max: u32,
    /// Memory one decoder may take.
    pub decode_bytes_max: u64,
}

impl Default for PhotoLimits {
    fn default() -> Self {
        Self {
            side_px_max: 12_000,
            pixels_max: 60_000_000,
            progressive_pixels_max: 25_000_000,
            other_pixels_max: 20_000_000,
            scans_max: 20,
            decode_bytes_max: 256 * 1024 * 1024,
        }
    }
}

/// Why bytes are refused as a photo.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// The magic bytes are of no image format.
    #[error("these {bytes} bytes are not an image")]
    NotAnImage {
        /// How many there were.
        bytes: usize,
    },
    /// An image or document, but of a format that is not taken.
    #[error("{found} is not taken; JPEG, PNG and WebP are")]
    Format {
        /// What it is.
        found: &'static str,
    },
    /// The file ends before its picture does.
    #[error("the {format} file is incomplete: {missing}")]
    Truncated {
        /// Which format.
        format: &'static str,
        /// What is not there.
        missing: &'static str,
    },
    /// A limit would be broken.
    #[error("the photo has {found} {of}; at most {limit} are taken")]
    TooMuch {
        /// What is counted.
        of: &'static str,
        /// What the header says.
        found: u64,
        /// What is allowed.
        limit: u64,
    },
}

impl Header {
    /// Reads the header and holds it against the limits.
    ///
    /// # Errors
    /// [`Refused`] when the bytes are no complete JPEG, PNG or WebP, or break a limit, which it names.
    pub fn read(bytes: &[u8], limits: &PhotoLimits) -> Result<Self, Refused> {
        let header = match bytes {
            [0xFF, 0xD8, 0xFF, ..] => jpeg(bytes)?,
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => png(bytes)?,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(bytes)?,
            _ => return Err(unknown(bytes)),
        };
        header.check(limits)?;
        if header.width == 0 || header.height == 0 {
            return Err(Refused::Truncated { format: header.format.name(), missing: "it holds no picture" });
        }
        if header.format == Format::Png {
            png_ends(bytes)?;
        }
        Ok(header)
    }

    fn check(&self, limits: &PhotoLimits) -> Result<(), Refused> {
        let check = |of, found: u64, limit: u64| {
            if found > limit { Err(Refused::TooMuch { of, found, limit }) } else { Ok(()) }
        };
        check("pixels on its longer side", u64::from(self.width.max(self.height)), u64::from(limits.side_px_max))?;
        let pixels_max = match self.format {
            Format::Jpeg if self.progressive => limits.progressive_pixels_max,
            Format::Jpeg => limits.pixels_max,
            Format::Png | Format::Webp => limits.other_pixels_max,
        };
        check("pixels", u64::from(self.width) * u64::from(self.height), pixels_max)?;
        check("scans", u64::from(self.scans), u64::from(limits.scans_max))
    }
}

fn unknown(bytes: &[u8]) -> Refused {
    let found = match bytes {
        [b'G', b'I', b'F', b'8', ..] => "GIF",
        [b'%', b'P', b'D', b'F', ..] => "PDF",
        [b'B', b'M', ..] => "BMP",
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => "TIFF",
        [_, _, _, _, b'f', b't', b'y', b'p', rest @ ..] => match rest {
            [b'a', b'v', b'i', ..] => "AVIF",
            [b'h', b'e', ..] | [b'm', b'i' | b's', b'f', b'1', ..] => "HEIC",
            _ => "a video",
        },
        _ => return Refused::NotAnImage { bytes: bytes.len() },
    };
    Refused::Format { found }
}

/// Walks the markers of a JPEG to the end of its first picture (ITU-T T.81, annex B).
fn jpeg(bytes: &[u8]) -> Result<Header, Refused> {
    let truncated = |missing| Refused::Truncated { format: "JPEG", missing };
    let mut header = Header { format: Format::Jpeg, width: 0, height: 0, components: 0, progressive: false, scans: 0 };
    let mut at = 2;
    loop {
        let marker = next_marker(bytes, &mut at).ok_or(truncated("it stops before its end marker"))?;
        match marker {
            0xD9 => break,
            0x01 | 0xD0..=0xD8 => continue,
            _ => {}
        }
        let segment = segment(bytes, at).ok_or(truncated("it stops inside a header segment"))?;
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            let [_precision, h1, h0, w1, w0, components, ..] = *segment else {
                return Err(truncated("its frame header is cut short"));
            };
            (header.height, header.width) =
                (u32::from(u16::from_be_bytes([h1, h0])), u32::from(u16::from_be_bytes([w1, w0])));
            header.components = components;
            header.progressive = matches!(marker, 0xC2 | 0xC6 | 0xCA | 0xCE);
        }
        header.scans += u32::from(marker == 0xDA);
        at += 2 + segment.len();
    }
    if header.scans == 0 || header.width == 0 || header.height == 0 {
        return Err(truncated("it holds no picture"));
    }
    Ok(header)
}

/// The next marker at or after `at`, past fill bytes, stuffed zeros and restart markers; `at` moves behind it.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let found = bytes.get(*at..)?.iter().position(|byte| *byte == 0xFF)? + *at;
        let marker = *bytes.get(found + 1)?;
        // A fill byte may be the first of the next pair.
        *at = if marker == 0xFF { found + 1 } else { found + 2 };
        if !matches!(marker, 0x00 | 0xFF | 0xD0..=0xD7) {
            return Some(marker);
        }
    }
}

/// The payload of the segment whose length field stands at `at`.
fn segment(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let length = usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    bytes.get(at + 2..at + length.max(2))
}

/// Reads the header chunk of a PNG (W3C PNG, section 11.2.1).
fn png(bytes: &[u8]) -> Result<Header, Refused> {
    let (Some(width), Some(height)) = (number(bytes, 16), number(bytes, 20)) else {
        return Err(Refused::Truncated { format: "PNG", missing: "its header chunk is cut short" });
    };
    Ok(Header { format: Format::Png, width, height, components: 0, progressive: false, scans: 0 })
}

/// Walks the chunks of a PNG to IEND. After the limits: a header that claims too much is refused for that, not for the
/// pixels that do not follow.
fn png_ends(bytes: &[u8]) -> Result<(), Refused> {
    let mut at: usize = 8;
    while let (Some(length), Some(kind)) = (number(bytes, at), bytes.get(at + 4..at + 8)) {
        if kind == b"IEND" {
            return Ok(());
        }
        at = at.saturating_add(12).saturating_add(length as usize);
    }
    Err(Refused::Truncated { format: "PNG", missing: "it stops before its end chunk" })
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn webp(bytes: &[u8]) -> Result<Header, Refused> {
    let truncated = |missing| Refused::Truncated { format: "WebP", missing };
    let claimed = bytes.get(4..8).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes);
    if u64::from(claimed) + 8 > bytes.len() as u64 {
        return Err(truncated("it is shorter than it says"));
    }
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|_| truncated("its header cannot be read"))?;
    let (width, height) = decoder.dimensions();
    Ok(Header { format: Format::Webp, width, height, components: 0, progressive: false, scans: 0 })
}
