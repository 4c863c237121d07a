//! Made-up photos: a person in uniform in a room, never the same twice.

use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};

/// Pixels across.
const WIDTH: u32 = 720;
/// Pixels down.
const HEIGHT: u32 = 960;
/// JPEG quality.
const QUALITY: u8 = 82;

/// What the picture shows.
pub struct Scene {
    /// As if the light were off.
    pub dark: bool,
    /// Room, light and noise.
    pub seed: [u8; 8],
}

/// Draws a scene as JPEG bytes.
pub fn draw(scene: &Scene) -> Vec<u8> {
    let [wall, light, shift, window, noise, skin, ..] = scene.seed;
    let mut state = u32::from_le_bytes([noise, wall, light, shift]) | 1;
    let centre = f64::from(WIDTH) / 2.0 + f64::from(shift % 80) - 40.0;
    let image = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let (fx, fy) = (f64::from(x), f64::from(y));
        let base = colour(fx, fy, centre, wall, window, skin);
        let glow = 0.75 + 0.4 * (1.0 - fy / f64::from(HEIGHT)) + f64::from(light % 40) / 200.0;
        let gain = if scene.dark { 0.05 } else { glow };
        // A small generator is enough for sensor noise.
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let grain = f64::from(state % 17) - 8.0;
        let grain = if scene.dark { grain / 4.0 } else { grain };
        Rgb(base.map(|channel| (channel * gain + grain).clamp(0.0, 255.0) as u8))
    });
    let mut bytes = Vec::new();
    // Writing into memory fails only for sizes a JPEG cannot have.
    let _ = JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&image);
    bytes
}

fn colour(x: f64, y: f64, centre: f64, wall: u8, window: u8, skin: u8) -> [f64; 3] {
    let inside = |cx: f64, cy: f64, rx: f64, ry: f64| ((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2) <= 1.0;
    let tone = f64::from(skin % 60);
    if inside(centre - 32.0, 395.0, 10.0, 7.0) || inside(centre + 32.0, 395.0, 10.0, 7.0) {
        return [40.0, 30.0, 28.0];
    }
    if inside(centre, 470.0, 34.0, 9.0) {
        return [150.0, 80.0, 78.0];
    }
    if inside(centre, 420.0, 95.0, 125.0) {
        return if y < 340.0 { [38.0, 32.0, 30.0] } else { [168.0 + tone, 124.0 + tone, 98.0 + tone / 2.0] };
    }
    if inside(centre, 860.0, 260.0, 300.0) {
        let buttons = (x - centre).abs() < 5.0 && (y as u32 / 45).is_multiple_of(2);
        return if buttons { [80.0, 64.0, 40.0] } else { [184.0, 160.0, 112.0] };
    }
    let left = 60.0 + f64::from(window);
    if x > left && x < left + 160.0 && y > 80.0 && y < 300.0 {
        let bars = (x - left) % 80.0 < 6.0 || (y - 80.0) % 110.0 < 6.0;
        return if bars { [92.0, 70.0, 52.0] } else { [188.0, 214.0, 235.0] };
    }
    let stripe = if (x as u32 / 36).is_multiple_of(2) { 8.0 } else { 0.0 };
    [120.0 + f64::from(wall % 70) + stripe, 128.0 + f64::from(wall % 50) + stripe, 132.0 + stripe]
}
