//! Photo evidence: from bytes to what a careful person would see, in one pass.
//!
//! `inspect` reads from top to bottom: [`header`] (what the file is, held against the limits), [`exif`] (what the camera
//! claims), [`decode`] (one small grey plane), [`fingerprint`] and [`quality`] (what that plane shows), [`face`] (whether
//! somebody is on it). [`remarks`] turns the evidence into findings, [`reuse`] what the search for copies found;
//! [`rendition`] makes the copies that people look at.

pub mod content;
pub mod decode;
pub mod exif;
pub mod exif_block;
pub mod face;
pub mod fingerprint;
pub mod header;
pub mod inspect;
mod jpeg;
pub mod luma;
pub mod quality;
pub mod remarks;
pub mod rendition;
pub mod reuse;
pub mod thresholds;
