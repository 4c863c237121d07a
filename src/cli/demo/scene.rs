//! Made-up photos: a person in uniform at home. The home stays the same, the phone is held differently each time.

use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};

/// Pixels across.
const WIDTH: u32 = 720;
/// Pixels down.
const HEIGHT: u32 = 960;
/// JPEG quality.
const QUALITY: u8 = 82;
/// Pieces of furniture, pictures and windows of a home.
const PIECES: usize = 26;

/// What the picture shows.
pub struct Scene {
    /// As if the light were off.
    pub dark: bool,
    /// The room and who is in it.
    pub home: u64,
    /// How the phone is held, the light and the noise.
    pub shot: u64,
}

/// Draws a scene as JPEG bytes.
pub fn draw(scene: &Scene) -> Vec<u8> {
    let (mut home, mut shot) = (Draw(scene.home | 1), Draw(scene.shot | 1));
    let room = Room::furnished(&mut home);
    let view = View::held(&mut shot);
    let image = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let (fx, fy) = (f64::from(x), f64::from(y));
        let (rx, ry) = view.in_room(fx, fy);
        let base = view.person(fx, fy, room.skin).unwrap_or_else(|| room.colour(rx, ry));
        let gain = if scene.dark { 0.05 } else { view.light(fx, fy) };
        let grain = (f64::from(shot.below(17)) - 8.0) * if scene.dark { 0.25 } else { 1.0 };
        Rgb(base.map(|channel| (channel * gain + grain).clamp(0.0, 255.0) as u8))
    });
    let mut bytes = Vec::new();
    // Writing into memory fails only for sizes a JPEG cannot have.
    let _ = JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&image);
    bytes
}

/// A small generator: enough for furniture and sensor noise.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) % u64::from(limit)) as u32
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * f64::from(self.below(10_000)) / 10_000.0
    }
}

/// A wall with things on it, larger than any view of it.
struct Room {
    wall: [f64; 3],
    pieces: Vec<([f64; 4], [f64; 3])>,
    skin: f64,
}

impl Room {
    fn furnished(home: &mut Draw) -> Self {
        for _ in 0..20 {
            home.below(2);
        }
        let wall = [home.between(90.0, 200.0), home.between(100.0, 200.0), home.between(100.0, 200.0)];
        let pieces = (0..PIECES)
            .map(|_| {
                let (left, top) = (home.between(-500.0, 1100.0), home.between(-500.0, 1300.0));
                let (width, height) = (home.between(60.0, 420.0), home.between(60.0, 420.0));
                let level = home.between(15.0, 245.0);
                let tint = [level, level * home.between(0.8, 1.1), level * home.between(0.7, 1.2)];
                ([left, top, left + width, top + height], tint)
            })
            .collect();
        Self { wall, pieces, skin: home.between(0.0, 60.0) }
    }

    fn colour(&self, x: f64, y: f64) -> [f64; 3] {
        let inside = |edge: &[f64; 4]| x >= edge[0] && y >= edge[1] && x < edge[2] && y < edge[3];
        self.pieces.iter().rev().find(|(edge, _)| inside(edge)).map_or(self.wall, |(_, tint)| *tint)
    }
}

/// How the phone is held.
struct View {
    zoom: f64,
    tilt: (f64, f64),
    shift: (f64, f64),
    head: (f64, f64),
    size: f64,
    lamp: (f64, f64),
}

impl View {
    fn held(shot: &mut Draw) -> Self {
        for _ in 0..20 {
            shot.below(2);
        }
        let angle = shot.between(-0.22, 0.22);
        Self {
            zoom: shot.between(0.7, 1.5),
            tilt: (angle.cos(), angle.sin()),
            shift: (shot.between(-420.0, 420.0), shot.between(-420.0, 420.0)),
            head: (shot.between(200.0, 520.0), shot.between(300.0, 560.0)),
            size: shot.between(0.55, 1.15),
            lamp: (shot.between(-0.35, 0.35), shot.between(-0.35, 0.35)),
        }
    }

    fn in_room(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = (x - f64::from(WIDTH) / 2.0, y - f64::from(HEIGHT) / 2.0);
        let (x, y) = (x * self.tilt.0 - y * self.tilt.1, x * self.tilt.1 + y * self.tilt.0);
        (x * self.zoom + f64::from(WIDTH) / 2.0 + self.shift.0, y * self.zoom + f64::from(HEIGHT) / 2.0 + self.shift.1)
    }

    fn light(&self, x: f64, y: f64) -> f64 {
        let across = x / f64::from(WIDTH) - 0.5;
        let down = y / f64::from(HEIGHT) - 0.5;
        0.95 + self.lamp.0 * across + self.lamp.1 * down
    }

    /// The person, if one is at this pixel.
    fn person(&self, x: f64, y: f64, tone: f64) -> Option<[f64; 3]> {
        let (x, y) = ((x - self.head.0) / self.size, (y - self.head.1) / self.size);
        let inside = |cx: f64, cy: f64, rx: f64, ry: f64| ((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2) <= 1.0;
        if inside(-32.0, -25.0, 10.0, 7.0) || inside(32.0, -25.0, 10.0, 7.0) {
            return Some([40.0, 30.0, 28.0]);
        }
        if inside(0.0, 50.0, 34.0, 9.0) {
            return Some([150.0, 80.0, 78.0]);
        }
        if inside(0.0, 0.0, 95.0, 125.0) {
            return Some(if y < -80.0 { [38.0, 32.0, 30.0] } else { [168.0 + tone, 124.0 + tone, 98.0 + tone / 2.0] });
        }
        inside(0.0, 440.0, 240.0, 300.0).then(|| {
            let buttons = x.abs() < 5.0 && (y as i64).rem_euclid(90) < 45;
            if buttons { [80.0, 64.0, 40.0] } else { [184.0, 160.0, 112.0] }
        })
    }
}
