//! The header walk: what the file is and how big it claims to be, before anything is decoded.

use std::{io::Cursor, ops::Range};

use image::{ImageDecoder as _, codecs::webp::WebPDecoder};
use serde::{Deserialize, Serialize};

use super::{content, jpeg};

/// A JPEG of more components than this is no photo.
const COMPONENTS_MAX: u64 = 4;

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
    /// Sampling of the first component of a JPEG, as it stands in the frame header: 0x22 for most phones.
    #[serde(default)]
    pub sampling: u8,
    /// Whether a JPEG is progressive.
    pub progressive: bool,
    /// Scans of a JPEG.
    pub scans: u32,
    /// Header segments of a JPEG, chunks of the others.
    pub segments: u32,
    /// Bytes of a JPEG up to the end marker of its first picture.
    #[serde(default)]
    pub picture_bytes: u64,
    /// Whether more pictures are in the same file (an MPF index), as phones write for depth and gain maps.
    #[serde(default)]
    pub multi_picture: bool,
    /// Whether a C2PA manifest is there. It is only seen, not verified, so nothing follows from it.
    #[serde(default)]
    pub provenance: bool,
    /// First 8 bytes of the SHA-256 of the quantization tables of a JPEG: which program or camera wrote it last.
    #[serde(default, with = "hex::serde")]
    pub quantization: [u8; 8],
}

/// A file whose header is sound and within the limits.
#[derive(Clone, Debug)]
pub struct Walked {
    /// What it says.
    pub header: Header,
    /// The byte ranges that the pixels depend on.
    pub content: Vec<Range<usize>>,
    /// The byte ranges of the colour profile, headings included; JPEG only.
    pub profile: Vec<Range<usize>>,
}

/// Limits that are checked on the header, before the work.
#[derive(Clone, Copy, Debug)]
pub struct PhotoLimits {
    /// Longest side in pixels.
    pub side_px_max: u32,
    /// Pixels of a baseline JPEG.
    pub pixels_max: u64,
    /// Pixels of a JPEG of several scans (all progressive ones are), which keeps all coefficients in memory.
    pub progressive_pixels_max: u64,
    /// Pixels of a PNG or WebP, which cannot be decoded in part.
    pub other_pixels_max: u64,
    /// Scans of a JPEG.
    pub scans_max: u32,
    /// Header segments of a JPEG.
    pub segments_max: u32,
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
            segments_max: 1000,
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

/// Reads the header of a photo and holds it against the limits.
///
/// # Errors
/// [`Refused`] when the bytes are no complete JPEG, PNG or WebP, or break a limit, which it names.
pub fn walk(bytes: &[u8], limits: &PhotoLimits) -> Result<Walked, Refused> {
    let walked = match bytes {
        [0xFF, 0xD8, 0xFF, ..] => jpeg(bytes, limits)?,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => {
            // A header that claims too much is refused for that, not for the pixels that do not follow.
            png_size(bytes)?.check(limits)?;
            png(bytes)?
        }
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(bytes)?,
        _ => return Err(unknown(bytes)),
    };
    let header = walked.header;
    header.check(limits)?;
    if header.width == 0 || header.height == 0 {
        return Err(Refused::Truncated { format: header.format.name(), missing: "it holds no picture" });
    }
    Ok(walked)
}

impl Header {
    /// Reads the header and holds it against the limits.
    ///
    /// # Errors
    /// As [`walk`].
    pub fn read(bytes: &[u8], limits: &PhotoLimits) -> Result<Self, Refused> {
        walk(bytes, limits).map(|walked| walked.header)
    }

    fn of(format: Format, width: u32, height: u32) -> Self {
        Self {
            format,
            width,
            height,
            components: 0,
            sampling: 0,
            progressive: false,
            scans: 0,
            segments: 0,
            picture_bytes: 0,
            multi_picture: false,
            provenance: false,
            quantization: [0; 8],
        }
    }

    fn check(&self, limits: &PhotoLimits) -> Result<(), Refused> {
        let check = |of, found: u64, limit: u64| {
            if found > limit { Err(Refused::TooMuch { of, found, limit }) } else { Ok(()) }
        };
        check("pixels on its longer side", u64::from(self.width.max(self.height)), u64::from(limits.side_px_max))?;
        let pixels_max = match self.format {
            // Four components are decoded whole and in colour.
            Format::Jpeg if self.components > 3 => limits.other_pixels_max,
            Format::Jpeg if self.progressive || self.scans > 1 => limits.progressive_pixels_max,
            Format::Jpeg => limits.pixels_max,
            Format::Png | Format::Webp => limits.other_pixels_max,
        };
        check("pixels", u64::from(self.width) * u64::from(self.height), pixels_max)?;
        check("colour components", u64::from(self.components), COMPONENTS_MAX)?;
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

fn jpeg(bytes: &[u8], limits: &PhotoLimits) -> Result<Walked, Refused> {
    let walk = jpeg::walk(bytes, limits.segments_max)?;
    let digest = content::hash(bytes, &walk.quantization);
    let mut quantization = [0; 8];
    quantization.copy_from_slice(&digest[..8]);
    let header = Header {
        components: walk.components,
        sampling: walk.sampling,
        progressive: walk.progressive,
        scans: walk.scans,
        segments: walk.segments,
        picture_bytes: walk.picture_bytes as u64,
        multi_picture: walk.multi_picture,
        provenance: walk.provenance,
        quantization,
        ..Header::of(Format::Jpeg, walk.width, walk.height)
    };
    Ok(Walked { header, content: walk.content, profile: walk.profile })
}

/// Reads the header chunk of a PNG (W3C PNG, section 11.2.1).
fn png_size(bytes: &[u8]) -> Result<Header, Refused> {
    let (Some(width), Some(height)) = (number(bytes, 16), number(bytes, 20)) else {
        return Err(Refused::Truncated { format: "PNG", missing: "its header chunk is cut short" });
    };
    Ok(Header::of(Format::Png, width, height))
}

/// Walks the chunks of a PNG to IEND.
fn png(bytes: &[u8]) -> Result<Walked, Refused> {
    let mut walked = Walked { header: png_size(bytes)?, content: Vec::new(), profile: Vec::new() };
    let mut at: usize = 8;
    while let (Some(length), Some(kind)) = (number(bytes, at), bytes.get(at + 4..at + 8)) {
        if kind == b"IEND" {
            return Ok(walked);
        }
        let end = at.saturating_add(12).saturating_add(length as usize);
        walked.chunk(kind, at..end, &[b"IHDR", b"PLTE", b"tRNS", b"IDAT"], *b"caBX");
        at = end;
    }
    Err(Refused::Truncated { format: "PNG", missing: "it stops before its end chunk" })
}

impl Walked {
    fn chunk(&mut self, kind: &[u8], range: Range<usize>, picture: &[&[u8; 4]], provenance: [u8; 4]) {
        self.header.segments = self.header.segments.saturating_add(1);
        self.header.provenance |= kind == provenance;
        if picture.iter().any(|name| *name == kind) {
            // Neighbours become one range: a PNG may have thousands of data chunks.
            match self.content.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => self.content.push(range),
            }
        }
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Walks the chunks of a WebP (RFC 9649, section 2.3) and lets the decoder read the size.
fn webp(bytes: &[u8]) -> Result<Walked, Refused> {
    let truncated = |missing| Refused::Truncated { format: "WebP", missing };
    let little = |at: usize| bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes);
    let claimed = little(4).unwrap_or(0);
    if u64::from(claimed) + 8 > bytes.len() as u64 {
        return Err(truncated("it is shorter than it says"));
    }
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|_| truncated("its header cannot be read"))?;
    let (width, height) = decoder.dimensions();
    let header = Header::of(Format::Webp, width, height);
    let mut walked = Walked { header, content: Vec::new(), profile: Vec::new() };
    let mut at: usize = 12;
    while let (Some(kind), Some(length)) = (bytes.get(at..at + 4), little(at + 4)) {
        let end = at.saturating_add(8).saturating_add(length as usize);
        walked.chunk(kind, at..end.min(bytes.len()), &[b"VP8 ", b"VP8L", b"ALPH", b"ANMF"], *b"C2PA");
        at = end.saturating_add(length as usize % 2);
    }
    Ok(walked)
}
