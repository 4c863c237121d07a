//! Every test, in one binary: linking the AWS SDK and both database drivers once is enough.
//!
//! `scripts/test` runs it. Without a PostgreSQL server the tests fail; they never skip.

mod architecture;
mod blobs;
mod checkin;
mod config;
mod evidence;
mod import;
mod operations;
mod policy;
mod reviews;
mod schedule;
mod session;
mod spec;
mod store;
mod support;
