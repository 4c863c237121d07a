//! The marker walk of a JPEG (ITU-T T.81, annex B), to the end of its first picture.

use std::ops::Range;

use super::header::Refused;

/// What the markers say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Walk {
    pub width: u32,
    pub height: u32,
    pub components: u8,
    /// Sampling of the first component: across in the upper four bits, down in the lower.
    pub sampling: u8,
    pub progressive: bool,
    pub scans: u32,
    /// Segments in front of and between the scans.
    pub segments: u32,
    /// Bytes up to the end marker, which is not counted.
    pub picture_bytes: usize,
    /// Whether a multi-picture index is there (CIPA DC-007).
    pub multi_picture: bool,
    /// Whether a C2PA manifest store is there; it is not verified.
    pub provenance: bool,
    /// Where the quantization tables are.
    pub quantization: Vec<Range<usize>>,
    /// Everything the pixels depend on: tables, frame header, scans.
    pub content: Vec<Range<usize>>,
    /// Where the segments of the colour profile are, with their heading.
    pub profile: Vec<Range<usize>>,
}

pub(super) const PROFILE_MARK: &[u8] = b"ICC_PROFILE\0";

/// Walks from marker to marker; what lies inside a segment is not looked for markers, what lies inside a scan is.
///
/// More segments than `segments_max` end the walk at once.
pub(super) fn walk(bytes: &[u8], segments_max: u32) -> Result<Walk, Refused> {
    let truncated = |missing| Refused::Truncated { format: "JPEG", missing };
    let (mut walk, mut at, mut scan_from) = (Walk::default(), 2, None);
    loop {
        let marker = next_marker(bytes, &mut at).ok_or(truncated("it stops before its end marker"))?;
        let marker_at = at - 2;
        if let Some(from) = scan_from.take() {
            walk.keep(from..marker_at);
        }
        match marker {
            0xD9 => {
                walk.picture_bytes = marker_at;
                break;
            }
            0x01 | 0xD0..=0xD8 => continue,
            _ => {}
        }
        let segment = segment(bytes, at).ok_or(truncated("it stops inside a header segment"))?;
        let end = at + 2 + segment.len();
        walk.segments += 1;
        if walk.segments > segments_max {
            let (found, limit) = (u64::from(walk.segments), u64::from(segments_max));
            return Err(Refused::TooMuch { of: "header segments or more", found, limit });
        }
        match marker {
            0xC4 | 0xCC | 0xDD => walk.keep(marker_at..end),
            0xDB => {
                walk.keep(marker_at..end);
                walk.quantization.push(at + 2..end);
            }
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                walk.frame(marker, segment).ok_or(truncated("its frame header is cut short"))?;
                walk.keep(marker_at..end);
            }
            0xDA => {
                walk.scans += 1;
                scan_from = Some(marker_at);
            }
            0xE2 if segment.starts_with(b"MPF\0") => walk.multi_picture = true,
            0xE2 if segment.starts_with(PROFILE_MARK) => walk.profile.push(at + 2..end),
            0xEB if memchr::memmem::find(segment, b"c2pa").is_some() => walk.provenance = true,
            _ => {}
        }
        at = end;
    }
    if walk.scans == 0 || walk.width == 0 || walk.height == 0 {
        return Err(truncated("it holds no picture"));
    }
    Ok(walk)
}

impl Walk {
    fn frame(&mut self, marker: u8, segment: &[u8]) -> Option<()> {
        let [_precision, h1, h0, w1, w0, components, ref described @ ..] = *segment else { return None };
        self.sampling = described.get(1).copied().unwrap_or(0);
        (self.height, self.width) = (u32::from(u16::from_be_bytes([h1, h0])), u32::from(u16::from_be_bytes([w1, w0])));
        self.components = components;
        self.progressive = matches!(marker, 0xC2 | 0xC6 | 0xCA | 0xCE);
        Some(())
    }

    fn keep(&mut self, range: Range<usize>) {
        self.content.push(range);
    }
}

/// The next marker at or after `at`, past fill bytes, stuffed zeros and restart markers; `at` moves behind it.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let found = memchr::memchr(0xFF, bytes.get(*at..)?)? + *at;
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
