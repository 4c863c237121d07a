//! `hadir` records that a person who works from home is at home during work hours, keeps the evidence, and lets other
//! people judge it fairly.
//!
//! The modules stand in the order in which a check-in meets them; `ARCHITECTURE.md` walks one through.

pub mod app;
pub mod blobs;
pub mod config;
pub mod evidence;
pub mod keys;
pub mod log;
pub mod model;
pub mod policy;
pub mod presence;
pub mod session;
pub mod store;
pub mod telemetry;
pub mod work;
