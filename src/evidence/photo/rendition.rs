//! Display copies: upright, small, in the colours every screen shows, without metadata.

use fast_image_resize::{
    FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer,
    images::{Image, ImageRef},
};
use image::{DynamicImage, RgbImage};
use moxcms::{ColorProfile, Layout, TransformOptions};

use super::{
    decode::{self, Rgb, Undecodable},
    exif,
    header::{self, PhotoLimits, Walked},
    jpeg::PROFILE_MARK,
    luma,
};

/// JPEG quality of a copy.
const QUALITY: u8 = 80;
/// A colour profile with more bytes than this is left aside.
const PROFILE_BYTES_MAX: usize = 1 << 20;

/// Makes upright JPEGs of a stored photo, one for each longer side in pixels, largest first, from one decode.
///
/// # Errors
/// [`Undecodable`] when the photo cannot be read.
pub fn copies(bytes: &[u8], sides_px: &[u32], limits: &PhotoLimits) -> Result<Vec<Vec<u8>>, Undecodable> {
    let walked = header::walk(bytes, limits).map_err(|refused| Undecodable(refused.to_string()))?;
    let largest = sides_px.iter().copied().max().unwrap_or(0) as usize;
    let mut picture = decode::colours(bytes, &walked.header, largest, limits)?;
    let turn = luma::orientation(exif::read(bytes).orientation);
    let mut copies = Vec::with_capacity(sides_px.len());
    for (number, side) in sides_px.iter().enumerate() {
        picture = fitted(picture, *side as usize)?;
        if number == 0 {
            picture = turned(to_srgb(picture, bytes, &walked), turn);
        }
        copies.push(encoded(&picture)?);
    }
    Ok(copies)
}

fn fitted(picture: Rgb, side: usize) -> Result<Rgb, Undecodable> {
    let longer = picture.width.max(picture.height);
    if longer <= side {
        return Ok(picture);
    }
    let (width, height) = ((picture.width * side / longer).max(1), (picture.height * side / longer).max(1));
    let failed = |error: &dyn std::fmt::Display| Undecodable(error.to_string());
    let source = ImageRef::new(picture.width as u32, picture.height as u32, &picture.pixels, PixelType::U8x3)
        .map_err(|error| failed(&error))?;
    let mut small = Image::new(width as u32, height as u32, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    Resizer::new().resize(&source, &mut small, &options).map_err(|error| failed(&error))?;
    Ok(Rgb { width, height, pixels: small.into_vec() })
}

/// The colours of a camera's own profile, like Display P3 of many phones, as those that pages assume.
fn to_srgb(mut picture: Rgb, bytes: &[u8], walked: &Walked) -> Rgb {
    let mut profile = Vec::new();
    for range in &walked.profile {
        // Behind the heading stand the number of this part and of all parts.
        profile.extend(bytes.get(range.start + PROFILE_MARK.len() + 2..range.end).unwrap_or_default());
    }
    if profile.is_empty() || profile.len() > PROFILE_BYTES_MAX {
        return picture;
    }
    let transform = ColorProfile::new_from_slice(&profile).and_then(|from| {
        from.create_transform_8bit(Layout::Rgb, &ColorProfile::new_srgb(), Layout::Rgb, TransformOptions::default())
    });
    let Ok(transform) = transform else { return picture };
    let mut pixels = vec![0; picture.pixels.len()];
    if transform.transform(&picture.pixels, &mut pixels).is_ok() {
        picture.pixels = pixels;
    }
    picture
}

fn turned(picture: Rgb, turn: image::metadata::Orientation) -> Rgb {
    if turn == image::metadata::Orientation::NoTransforms {
        return picture;
    }
    let Rgb { width, height, pixels } = picture;
    let Some(image) = RgbImage::from_raw(width as u32, height as u32, pixels) else {
        return Rgb { width: 0, height: 0, pixels: Vec::new() };
    };
    let mut image = DynamicImage::ImageRgb8(image);
    image.apply_orientation(turn);
    let image = image.into_rgb8();
    Rgb { width: image.width() as usize, height: image.height() as usize, pixels: image.into_raw() }
}

#[cfg(feature = "turbo")]
fn encoded(picture: &Rgb) -> Result<Vec<u8>, Undecodable> {
    let failed = |error: turbojpeg::Error| Undecodable(error.to_string());
    let mut compressor = turbojpeg::Compressor::new().map_err(failed)?;
    compressor.set_quality(i32::from(QUALITY)).map_err(failed)?;
    compressor.set_subsamp(turbojpeg::Subsamp::Sub2x2).map_err(failed)?;
    let image = turbojpeg::Image {
        pixels: picture.pixels.as_slice(),
        width: picture.width,
        pitch: picture.width * 3,
        height: picture.height,
        format: turbojpeg::PixelFormat::RGB,
    };
    compressor.compress_to_vec(image).map_err(failed)
}

#[cfg(not(feature = "turbo"))]
fn encoded(picture: &Rgb) -> Result<Vec<u8>, Undecodable> {
    let failed = |error: &dyn std::fmt::Display| Undecodable(error.to_string());
    let width = u16::try_from(picture.width).map_err(|error| failed(&error))?;
    let height = u16::try_from(picture.height).map_err(|error| failed(&error))?;
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, QUALITY);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
    encoder.encode(&picture.pixels, width, height, jpeg_encoder::ColorType::Rgb).map_err(|error| failed(&error))?;
    Ok(out)
}
