//! Every test, in one binary: linking the AWS SDK and both database drivers once is enough.
//!
//! `scripts/test` runs it. Without a PostgreSQL server the tests fail; they never skip.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a test that cannot go on has failed"
)]

mod architecture;
mod blobs;
mod board;
mod changes;
mod checkin;
mod claimers;
mod cli;
mod cluster;
mod config;
mod console;
mod crash;
mod decisions;
mod delegations;
mod delivery;
mod desks;
mod devices;
mod evidence;
mod explanations;
mod garage;
mod history;
mod import;
mod moving;
mod notify;
mod operations;
mod peak;
mod people;
mod phone;
mod places;
mod policy;
mod reuse;
mod reviews;
mod schedule;
mod sealing;
mod session;
mod spec;
mod store;
mod support;
mod trust;
mod units;
mod upkeep;
