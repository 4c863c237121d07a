//! INBOUND EDGE: the only folder that names actix. `routes` lists every route with who may use it and its limits.

#![expect(clippy::missing_errors_doc, reason = "the problems of each handler stand in its row of `routes`")]

pub mod assets;
pub mod auth;
pub mod cases;
pub mod challenges;
pub mod changes;
pub mod checkins;
pub mod console;
pub mod delegations;
pub mod devices;
pub mod docs;
pub mod home_readings;
pub mod me;
mod middleware;
pub mod my_reviews;
pub mod ops;
pub mod own_data;
pub mod pages;
pub mod people;
pub mod photo_checks;
pub mod place_cases;
pub mod places;
pub mod policy;
pub mod preflight;
pub mod presence;
pub mod problem;
pub mod problem_map;
pub mod queue;
mod refusals;
pub mod reviews;
pub mod routes;
pub mod session;
pub mod spec;
pub mod today;
pub mod unit_today;
pub mod units;
pub mod upload;

pub use middleware::request_log;
