//! Display copies: upright, small, without metadata.

use image::{DynamicImage, codecs::jpeg::JpegEncoder};

use super::{
    decode::{self, Undecodable},
    exif,
    header::{Header, PhotoLimits},
};

/// JPEG quality of a copy.
const QUALITY: u8 = 80;

/// Makes an upright JPEG whose longer side is at most `side_px`, from the bytes of a stored photo.
///
/// # Errors
/// [`Undecodable`] when the photo cannot be read.
pub fn copy(bytes: &[u8], side_px: u32, limits: &PhotoLimits) -> Result<Vec<u8>, Undecodable> {
    let header = Header::read(bytes, limits).map_err(|refused| Undecodable(refused.to_string()))?;
    let image = decode::decode(bytes, &header, limits)?;
    let small = if image.width().max(image.height()) > side_px { image.thumbnail(side_px, side_px) } else { image };
    let mut upright = DynamicImage::ImageRgb8(small.into_rgb8());
    upright.apply_orientation(decode::orientation(exif::read(bytes).orientation));
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY)
        .encode_image(&upright)
        .map_err(|error| Undecodable(error.to_string()))?;
    Ok(out)
}
