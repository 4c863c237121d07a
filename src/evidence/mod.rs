//! PURE: bytes and numbers in, findings out. No clock, no file, no socket, no async.

pub mod catalogue;
pub mod device;
pub mod finding;
pub mod location;
pub mod moment;
pub mod photo;
pub mod titles;
