//! A grey picture and the two things done with it: making it smaller and turning it upright.

use fast_image_resize::{
    FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer,
    images::{Image, ImageRef},
};
use image::metadata::Orientation;

/// A grey picture, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Luma {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Brightness, 0 to 255.
    pub pixels: Vec<u8>,
}

/// A part of a picture, in pixels from its upper left corner; edges may lie inside a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Luma {
    /// The whole picture as a part of itself.
    pub fn whole(&self) -> Part {
        Part { left: 0.0, top: 0.0, width: self.width as f64, height: self.height as f64 }
    }

    /// A copy whose longer side is `side` pixels; the picture itself when it is not larger.
    pub fn fitted(self, side: usize) -> Self {
        let longer = self.width.max(self.height);
        if longer <= side {
            return self;
        }
        let (width, height) = (self.width * side / longer, self.height * side / longer);
        let whole = self.whole();
        self.resized(whole, width.max(1), height.max(1))
    }

    /// A part of the picture at another size. Each new pixel is the mean of the area it covers, weighted by overlap.
    pub fn resized(&self, part: Part, width: usize, height: usize) -> Self {
        // First down, then across: whole rows are added faster than pixels of a row, and fewer rows are left.
        let rows = self.scaled(Part { left: 0.0, width: self.width as f64, ..part }, self.width, height);
        rows.scaled(Part { top: 0.0, height: height as f64, ..part }, width, height)
    }

    fn scaled(&self, part: Part, width: usize, height: usize) -> Self {
        let (width_px, height_px) = (width as u32, height as u32);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Box)).crop(
            part.left,
            part.top,
            part.width,
            part.height,
        );
        let mut small = Image::new(width_px, height_px, PixelType::U8);
        let done = ImageRef::new(self.width as u32, self.height as u32, &self.pixels, PixelType::U8)
            .is_ok_and(|source| Resizer::new().resize(&source, &mut small, &options).is_ok());
        debug_assert!(done || self.pixels.is_empty(), "{part:?} of {} x {}", self.width, self.height);
        Self { width, height, pixels: small.into_vec() }
    }

    /// The picture turned the way its camera was held.
    pub fn upright(self, turn: Orientation) -> Self {
        if turn == Orientation::NoTransforms {
            return self;
        }
        let Self { width, height, pixels } = self;
        let (across, down) = match turn {
            Orientation::NoTransforms
            | Orientation::FlipHorizontal
            | Orientation::Rotate180
            | Orientation::FlipVertical => (width, height),
            _ => (height, width),
        };
        // Where the pixel that is shown at (x, y) is stored.
        let stored = |x: usize, y: usize| match turn {
            Orientation::NoTransforms => (x, y),
            Orientation::FlipHorizontal => (width - 1 - x, y),
            Orientation::Rotate180 => (width - 1 - x, height - 1 - y),
            Orientation::FlipVertical => (x, height - 1 - y),
            Orientation::Rotate90FlipH => (y, x),
            Orientation::Rotate90 => (y, height - 1 - x),
            Orientation::Rotate270FlipH => (width - 1 - y, height - 1 - x),
            Orientation::Rotate270 => (width - 1 - y, x),
        };
        let mut turned = Vec::with_capacity(pixels.len());
        for y in 0..down {
            turned.extend((0..across).map(|x| {
                let (column, row) = stored(x, y);
                pixels[row * width + column]
            }));
        }
        Self { width: across, height: down, pixels: turned }
    }
}

/// The orientation tag (EXIF 1 to 8) as a transformation; unknown values change nothing.
pub fn orientation(tag: Option<u32>) -> Orientation {
    tag.and_then(|value| u8::try_from(value).ok()).and_then(Orientation::from_exif).unwrap_or(Orientation::NoTransforms)
}
