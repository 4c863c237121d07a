//! From bytes to pixels, under limits; the only place that decodes.

use std::io::Cursor;

use image::{DynamicImage, ImageReader, Limits, metadata::Orientation};

use super::header::{Format, Header, PhotoLimits};

/// The bytes could not be turned into pixels although their header is sound.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the photo could not be decoded: {0}")]
pub struct Undecodable(pub String);

/// A grey picture, row by row, upright.
#[derive(Clone, Debug, PartialEq)]
pub struct Luma {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Brightness, 0 to 255.
    pub pixels: Vec<u8>,
}

/// Decodes a photo whose header was checked.
///
/// # Errors
/// [`Undecodable`] when the decoder gives up or would need more memory than allowed.
pub fn decode(bytes: &[u8], header: &Header, limits: &PhotoLimits) -> Result<DynamicImage, Undecodable> {
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

/// The orientation tag (EXIF 1 to 8) as a transformation; unknown values change nothing.
pub fn orientation(tag: Option<u32>) -> Orientation {
    tag.and_then(|value| u8::try_from(value).ok()).and_then(Orientation::from_exif).unwrap_or(Orientation::NoTransforms)
}

impl Luma {
    /// A small upright grey copy whose longer side is at most `side` pixels, by averaging areas.
    pub fn shrink(image: DynamicImage, turn: Orientation, side: usize) -> Self {
        let grey = image.into_luma8();
        let (from_width, from_height) = (grey.width() as usize, grey.height() as usize);
        let longer = from_width.max(from_height);
        let (width, height) = if longer <= side {
            (from_width, from_height)
        } else {
            ((from_width * side / longer).max(1), (from_height * side / longer).max(1))
        };
        let source = Self { width: from_width, height: from_height, pixels: grey.into_raw() };
        let small = source.averaged(width, height);
        let buffer =
            image::GrayImage::from_raw(small.width as u32, small.height as u32, small.pixels).unwrap_or_default();
        let mut upright = DynamicImage::ImageLuma8(buffer);
        upright.apply_orientation(turn);
        let upright = upright.into_luma8();
        Self { width: upright.width() as usize, height: upright.height() as usize, pixels: upright.into_raw() }
    }

    /// The same picture at another, not larger size; each new pixel is the mean of the area it covers.
    pub fn averaged(&self, width: usize, height: usize) -> Self {
        let mut sums = vec![0_u32; width * height];
        let mut counts = vec![0_u32; width * height];
        let columns: Vec<usize> = (0..self.width).map(|x| x * width / self.width.max(1)).collect();
        for (y, row) in self.pixels.chunks_exact(self.width.max(1)).enumerate() {
            let start = y * height / self.height.max(1) * width;
            for (pixel, column) in row.iter().zip(&columns) {
                sums[start + column] += u32::from(*pixel);
                counts[start + column] += 1;
            }
        }
        let pixels = sums.iter().zip(&counts).map(|(sum, count)| (sum / (*count).max(1)) as u8).collect();
        Self { width, height, pixels }
    }

    /// The brightness at a pixel.
    pub fn at(&self, x: usize, y: usize) -> f64 {
        f64::from(self.pixels[y * self.width + x])
    }
}
