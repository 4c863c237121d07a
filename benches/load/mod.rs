//! What a check-in costs and how many go through, beside the least that could be done with the same bytes.
//!
//! Every server runs in a process of its own, so that its CPU time and memory are its own; the phones run in this one and
//! share the machine with it.

mod album;
mod city;
pub mod cost;
pub mod curve;
mod floor;
pub mod peak;
mod phone;
mod process;
pub mod slow;

pub use city::serve;
pub use floor::serve as serve_floor;
pub use process::serve_s3;

use self::album::Album;
use crate::support::Engine;

/// On which stores the servers work.
#[derive(Clone, Copy)]
pub struct Stores {
    pub engine: Engine,
}

impl Stores {
    /// As the environment says: `ENGINE=postgres` behind `scripts/scratch-postgres`, else SQLite and a folder.
    pub fn chosen() -> Self {
        let engine = match std::env::var("ENGINE").as_deref() {
            Ok("postgres") => Engine::Postgres,
            _ => Engine::Sqlite,
        };
        Self { engine }
    }

    pub fn name(self) -> &'static str {
        match self.engine {
            Engine::Sqlite => "SQLite and a folder",
            Engine::Postgres => "PostgreSQL and S3",
        }
    }
}

/// Photos as the page sends them, of about 180 kB.
pub fn page_photos() -> Album {
    Album::new(1280, 960, 78)
}

/// Photos as a camera makes them, of about 2.5 MB.
pub fn camera_photos() -> Album {
    Album::new(4032, 3024, 86)
}

/// The value that so many of a hundred thousand do not exceed.
pub fn quantile(sorted: &[f64], of_100_000: usize) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((sorted.len() * of_100_000 / 100_000).min(last)).copied().unwrap_or(f64::NAN)
}
