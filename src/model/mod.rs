//! The words of the service: ids, time, position, roles and the short closed lists every other folder speaks in.
//!
//! Invariant: nothing here reads a clock, a file, a socket or the environment.

pub mod actor;
pub mod chance;
pub mod geo;
pub mod ids;
pub mod time;
pub mod words;
