//! The two presence endpoints, over real HTTP on both engines.

mod attempts;
mod network;
mod recorded;
mod refused;
mod repeated;
