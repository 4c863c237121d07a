//! Photo evidence: from bytes to what a careful person would see, in one pass.

pub mod decode;
pub mod exif;
pub mod exif_block;
pub mod fingerprint;
pub mod header;
pub mod inspect;
pub mod quality;
pub mod remarks;
pub mod rendition;
