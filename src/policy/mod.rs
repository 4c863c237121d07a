//! PURE: findings and the rules in force make a verdict. The rules have a version that is stored with each verdict.

pub mod rules;
pub mod values;
pub mod verdict;

pub use rules::Rules;
pub use verdict::{Decided, EarlierDays, decide};
