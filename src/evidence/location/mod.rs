//! Location evidence: which fix counts, and whether it is inside, outside, or cannot tell.

pub mod assess;
pub mod fence;
pub mod fix;
pub mod plane;
pub mod probability;
pub mod remarks;
pub mod shape;
pub mod trust;
