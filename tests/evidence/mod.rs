//! PURE evidence: golden numbers, properties, hostile bytes.

mod location;
mod photo;
