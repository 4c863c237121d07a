//! Where the EXIF block of a file is, and whether it is of a size that a camera writes.
//!
//! A parser that follows every pointer of a hostile block builds millions of entries from a few kilobytes, because
//! directories may overlap. So the directories are counted first, without keeping anything.

/// Largest block that is read; in a JPEG no other can be.
const BLOCK_MAX: usize = 65_536;
/// Most directory entries of a block, as far as they fit into it; cameras write one to two hundred.
const ENTRIES_MAX: usize = 6000;
/// Most directories of a block.
const DIRECTORIES_MAX: usize = 16;
/// Tags whose value points to a further directory: EXIF, GPS, interoperability.
const POINTERS: [u16; 3] = [0x8769, 0x8825, 0xA005];
/// What stands before the block in a JPEG, and by mistake in some WebP files.
const JPEG_MARK: &[u8] = b"Exif\0\0";

/// The EXIF block (a TIFF structure) of a JPEG, PNG or WebP.
pub fn find(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [0xFF, 0xD8, rest @ ..] => in_jpeg(rest),
        [0x89, b'P', b'N', b'G', _, _, _, _, rest @ ..] => in_chunks(rest, *b"eXIf", false),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', rest @ ..] => in_chunks(rest, *b"EXIF", true),
        _ => None,
    }
}

fn in_jpeg(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let [0xFF, marker, high, low, ..] = *rest else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let payload = rest.get(4..2 + length)?;
        match marker {
            0xE1 if payload.starts_with(JPEG_MARK) => return payload.get(JPEG_MARK.len()..),
            // The picture begins: what follows is no metadata.
            0xDA | 0xD9 => return None,
            _ => rest = rest.get(2 + length..)?,
        }
    }
}

/// Chunks of PNG (length, name, data, checksum) and of RIFF (name, length, data, padding to two bytes).
fn in_chunks(mut rest: &[u8], wanted: [u8; 4], riff: bool) -> Option<&[u8]> {
    loop {
        let (first, second): ([u8; 4], [u8; 4]) = (rest.get(..4)?.try_into().ok()?, rest.get(4..8)?.try_into().ok()?);
        let (name, length) =
            if riff { (first, u32::from_le_bytes(second)) } else { (second, u32::from_be_bytes(first)) };
        let length = usize::try_from(length).ok()?;
        let data = rest.get(8..8_usize.checked_add(length)?)?;
        if name == wanted {
            return Some(data.strip_prefix(JPEG_MARK).unwrap_or(data));
        }
        let behind = if riff { length % 2 } else { 4 };
        rest = rest.get(8 + length + behind..)?;
    }
}

/// Whether a block is small and its directories are few; a broken one is left to the parser.
pub fn is_modest(block: &[u8]) -> bool {
    if block.len() > BLOCK_MAX {
        return false;
    }
    let Some(order) = Order::of(block) else { return true };
    let (mut waiting, mut directories, mut entries) = (vec![order.long(block, 4)], 0, 0);
    while let Some(next) = waiting.pop() {
        let Some(at) = next.filter(|at| *at != 0) else { continue };
        let Some(count) = order.short(block, at) else { continue };
        // A broken pointer finds a directory anywhere; only what fits can be read.
        let count = usize::from(count).min(block.len().saturating_sub(at + 2) / 12);
        directories += 1;
        entries += count;
        if directories > DIRECTORIES_MAX || entries > ENTRIES_MAX {
            return false;
        }
        let end = at + 2 + count * 12;
        for entry in (at + 2..end).step_by(12) {
            if order.short(block, entry).is_some_and(|tag| POINTERS.contains(&tag)) {
                waiting.push(order.long(block, entry + 8));
            }
        }
        waiting.push(order.long(block, end));
    }
    true
}

/// Byte order of a TIFF structure.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn of(block: &[u8]) -> Option<Self> {
        match block {
            [b'I', b'I', 42, 0, ..] => Some(Self::Little),
            [b'M', b'M', 0, 42, ..] => Some(Self::Big),
            _ => None,
        }
    }

    fn short(self, block: &[u8], at: usize) -> Option<u16> {
        let two = block.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(match self {
            Self::Little => u16::from_le_bytes(two),
            Self::Big => u16::from_be_bytes(two),
        })
    }

    fn long(self, block: &[u8], at: usize) -> Option<usize> {
        let four = block.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let value = match self {
            Self::Little => u32::from_le_bytes(four),
            Self::Big => u32::from_be_bytes(four),
        };
        usize::try_from(value).ok()
    }
}
