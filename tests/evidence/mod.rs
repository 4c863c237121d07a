//! PURE evidence: golden numbers, properties, hostile bytes.
mod faces;
mod location;
mod photo;
mod shapes;
mod zoo;
