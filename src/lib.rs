//! `hadir` records that a person who works from home is at home during work hours, keeps the evidence, and lets other
//! people judge it fairly.
//!
//! The modules stand in the order in which a check-in meets them; `ARCHITECTURE.md` walks one through.

pub mod app;
pub mod blobs;
pub mod changes;
pub mod checkin;
pub mod cli;
pub mod config;
pub mod display;
pub mod evidence;
pub mod http;
pub mod jobs;
pub mod keys;
pub mod log;
pub mod model;
pub mod notify;
pub mod own_data;
pub mod people;
pub mod places;
pub mod policy;
pub mod presence;
pub mod reconcile;
pub mod reuse;
pub mod review;
pub mod seal;
pub mod server;
pub mod session;
pub mod store;
pub mod tally;
pub mod telemetry;
pub mod ways;
pub mod work;
