//! From bytes to pixels, under limits; the only place that decodes.
//!
//! With the feature `turbo`, libjpeg-turbo decodes JPEG: it leaves out the colours and computes the picture at 1/2, 1/4
//! or 1/8 of its size directly. Whatever it does not take, and everything without the feature, goes to zune-jpeg, which
//! is written in Rust alone and decodes the whole grey plane. PNG and WebP go through the `image` crate.

use std::{borrow::Cow, io::Cursor};

use image::{DynamicImage, ImageReader, Limits};
use serde::{Deserialize, Serialize};
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::JpegDecoder;

use super::{
    header::{Format, Header, PhotoLimits},
    luma::Luma,
};

/// The bytes could not be turned into pixels although their header is sound.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the photo could not be decoded: {0}")]
pub struct Undecodable(pub String);

/// Who decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decoder {
    /// libjpeg-turbo, scaled.
    Turbo,
    /// zune-jpeg, whole.
    Zune,
    /// The `image` crate, whole.
    Image,
}

/// A grey plane as stored, not upright yet.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The plane.
    pub luma: Luma,
    /// Who made it.
    pub decoder: Decoder,
    /// What the decoder said about missing or broken picture data; the plane then is only partly the picture.
    pub damage: Option<String>,
}

/// Decodes the brightness of a photo whose header was checked, at a size whose longer side is at least `side_min`
/// pixels or the photo's own.
///
/// # Errors
/// [`Undecodable`] when every decoder gives up or would need more memory than allowed.
pub fn luma(bytes: &[u8], header: &Header, side_min: usize, limits: &PhotoLimits) -> Result<Decoded, Undecodable> {
    // Four components are printing colours, which only the image crate turns into brightness.
    if header.format != Format::Jpeg || header.components == 4 {
        let luma = grey(whole(bytes, header, limits)?);
        return Ok(Decoded { luma, decoder: Decoder::Image, damage: None });
    }
    #[cfg(feature = "turbo")]
    let said = match turbo::luma(bytes, header, side_min, limits) {
        Ok(luma) => return Ok(Decoded { luma, decoder: Decoder::Turbo, damage: None }),
        Err(error) => Some(error.0),
    };
    #[cfg(not(feature = "turbo"))]
    let said = {
        let _ = side_min;
        None
    };
    jpeg_luma(bytes, header, limits, said)
}

/// What a scaled decode is compared with: every pixel decoded, by the decoder that is always there.
///
/// # Errors
/// As [`luma`].
pub fn luma_whole(bytes: &[u8], header: &Header, limits: &PhotoLimits) -> Result<Decoded, Undecodable> {
    if header.format == Format::Jpeg && header.components != 4 {
        return jpeg_luma(bytes, header, limits, None);
    }
    luma(bytes, header, usize::MAX, limits)
}

/// `said`: what another decoder said before it gave up.
fn jpeg_luma(
    bytes: &[u8],
    header: &Header,
    limits: &PhotoLimits,
    said: Option<String>,
) -> Result<Decoded, Undecodable> {
    let (pixels, damage) = match zune(&open_ended(bytes, header), header, ColorSpace::Luma, limits, true) {
        Ok(pixels) => (pixels, said),
        Err(broken) => (
            zune(bytes, header, ColorSpace::Luma, limits, false)?,
            Some(broken.0).filter(|text| is_damage(text)).or(said),
        ),
    };
    let luma = Luma { width: header.width as usize, height: header.height as usize, pixels };
    Ok(Decoded { luma, decoder: Decoder::Zune, damage: damage.filter(|text| is_damage(text)) })
}

/// The decoder takes an end marker in the place of missing data for the truth, but tells when the bytes end too early.
/// So the marker is replaced by a few zeros, which it may read ahead.
fn open_ended<'a>(bytes: &'a [u8], header: &Header) -> Cow<'a, [u8]> {
    const READ_AHEAD: [u8; 64] = [0; 64];
    // With this sampling the decoder reads one row of blocks more than there is.
    const READS_TOO_FAR: u8 = 0x12;
    match usize::try_from(header.picture_bytes).ok().and_then(|end| bytes.get(..end)) {
        Some(picture) if header.scans == 1 && header.sampling != READS_TOO_FAR => {
            Cow::Owned([picture, &READ_AHEAD].concat())
        }
        _ => Cow::Borrowed(bytes),
    }
}

/// Whether a decoder's remark means that part of the picture is not there. Some phones write a few bytes too many in
/// front of the end marker; that takes nothing from the picture.
fn is_damage(said: &str) -> bool {
    const DAMAGE: [&str; 6] =
        ["premature end", "exhausted", "bad huffman", "invalid huffman", "found marker", "where not expected"];
    let said = said.to_lowercase();
    DAMAGE.iter().any(|words| said.contains(words))
}

fn zune(
    bytes: &[u8],
    header: &Header,
    colours: ColorSpace,
    limits: &PhotoLimits,
    strict: bool,
) -> Result<Vec<u8>, Undecodable> {
    let options = DecoderOptions::new_fast()
        .set_max_width(limits.side_px_max as usize)
        .set_max_height(limits.side_px_max as usize)
        .jpeg_set_max_scans(limits.scans_max as usize)
        .jpeg_set_out_colorspace(colours)
        .set_strict_mode(strict);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let gives_up = |error: zune_jpeg::errors::DecodeErrors| Undecodable(error.to_string());
    decoder.decode_headers().map_err(gives_up)?;
    let size = decoder.info().map(|info| (u32::from(info.width), u32::from(info.height)));
    if size != Some((header.width, header.height)) {
        return Err(Undecodable("its pixels are not those of its header".to_owned()));
    }
    let pixels = decoder.decode().map_err(gives_up)?;
    let expected = header.width as usize * header.height as usize * colours.num_components();
    if pixels.len() != expected {
        return Err(Undecodable("the decoder made another number of pixels than the header says".to_owned()));
    }
    Ok(pixels)
}

fn grey(image: DynamicImage) -> Luma {
    let grey = image.into_luma8();
    Luma { width: grey.width() as usize, height: grey.height() as usize, pixels: grey.into_raw() }
}

/// Decodes all of a photo in colour, at a size whose longer side is at least `side_min` or the photo's own.
///
/// # Errors
/// As [`luma`].
pub fn colours(bytes: &[u8], header: &Header, side_min: usize, limits: &PhotoLimits) -> Result<Rgb, Undecodable> {
    #[cfg(feature = "turbo")]
    if header.format == Format::Jpeg
        && let Ok(rgb) = turbo::rgb(bytes, header, side_min, limits)
    {
        return Ok(rgb);
    }
    #[cfg(not(feature = "turbo"))]
    let _ = side_min;
    if header.format == Format::Jpeg && header.components != 4 {
        let pixels = zune(bytes, header, ColorSpace::RGB, limits, false)?;
        return Ok(Rgb { width: header.width as usize, height: header.height as usize, pixels });
    }
    let image = whole(bytes, header, limits)?.into_rgb8();
    Ok(Rgb { width: image.width() as usize, height: image.height() as usize, pixels: image.into_raw() })
}

/// A picture of three bytes a pixel, row by row.
#[derive(Clone, Debug)]
pub struct Rgb {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Red, green, blue.
    pub pixels: Vec<u8>,
}

fn whole(bytes: &[u8], header: &Header, limits: &PhotoLimits) -> Result<DynamicImage, Undecodable> {
    let format = match header.format {
        Format::Jpeg => image::ImageFormat::Jpeg,
        Format::Png => image::ImageFormat::Png,
        Format::Webp => image::ImageFormat::WebP,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut allowed = Limits::no_limits();
    allowed.max_image_width = Some(limits.side_px_max);
    allowed.max_image_height = Some(limits.side_px_max);
    allowed.max_alloc = Some(limits.decode_bytes_max);
    reader.limits(allowed);
    let image = reader.decode().map_err(|error| Undecodable(error.to_string()))?;
    if (image.width(), image.height()) != (header.width, header.height) {
        return Err(Undecodable("its pixels are not those of its header".to_owned()));
    }
    Ok(image)
}

/// libjpeg-turbo. It calls a warning an error, so whatever it refuses is tried by the other decoder.
#[cfg(feature = "turbo")]
mod turbo {
    use turbojpeg::{Decompressor, Image, PixelFormat, ScalingFactor};

    use super::{Header, Luma, PhotoLimits, Rgb, Undecodable};

    const SCALES: [ScalingFactor; 4] =
        [ScalingFactor::ONE_EIGHTH, ScalingFactor::ONE_QUARTER, ScalingFactor::ONE_HALF, ScalingFactor::ONE];

    pub(super) fn luma(
        bytes: &[u8],
        header: &Header,
        side_min: usize,
        limits: &PhotoLimits,
    ) -> Result<Luma, Undecodable> {
        let (width, height, pixels) = scaled(bytes, header, side_min, limits, PixelFormat::GRAY)?;
        Ok(Luma { width, height, pixels })
    }

    pub(super) fn rgb(
        bytes: &[u8],
        header: &Header,
        side_min: usize,
        limits: &PhotoLimits,
    ) -> Result<Rgb, Undecodable> {
        let (width, height, pixels) = scaled(bytes, header, side_min, limits, PixelFormat::RGB)?;
        Ok(Rgb { width, height, pixels })
    }

    fn scaled(
        bytes: &[u8],
        header: &Header,
        side_min: usize,
        limits: &PhotoLimits,
        format: PixelFormat,
    ) -> Result<(usize, usize, Vec<u8>), Undecodable> {
        let gives_up = |error: turbojpeg::Error| Undecodable(error.to_string());
        let mut decompressor = Decompressor::new().map_err(gives_up)?;
        decompressor.set_scan_limit(limits.scans_max).map_err(gives_up)?;
        let found = decompressor.read_header(bytes).map_err(gives_up)?;
        if (found.width, found.height) != (header.width as usize, header.height as usize) {
            return Err(Undecodable("its pixels are not those of its header".to_owned()));
        }
        let longer = found.width.max(found.height);
        let large_enough = |scale: &ScalingFactor| scale.scale(longer) >= side_min;
        let scale = SCALES.into_iter().find(large_enough).unwrap_or(ScalingFactor::ONE);
        decompressor.set_scaling_factor(scale).map_err(gives_up)?;
        let (width, height) = (scale.scale(found.width), scale.scale(found.height));
        let pitch = width * format.size();
        let mut pixels = vec![0; pitch * height];
        let image = Image { pixels: pixels.as_mut_slice(), width, pitch, height, format };
        decompressor.decompress(bytes, image).map_err(gives_up)?;
        Ok((width, height, pixels))
    }
}
