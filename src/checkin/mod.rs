//! The use case: one check-in from what a phone sends to the receipt it keeps. `submit` tells the story.

mod assurance;
pub mod cases;
pub mod challenge;
mod copies;
pub mod delivery;
pub mod draft;
pub mod examine;
pub mod history;
pub mod late;
mod look;
pub mod map;
pub mod permit;
pub mod photo;
pub mod positions;
pub mod preflight;
pub mod receipt;
mod record;
pub mod replay;
pub mod submit;

pub use submit::{Answer, SubmitError, submit};
