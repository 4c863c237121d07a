//! The words of the service: ids, time, position, roles and the short closed lists every other folder speaks in.
//!
//! Invariant: nothing here reads a clock, a file, a socket or the environment.

pub mod actor;
pub mod chance;
pub mod geo;
pub mod ids;
pub mod time;
pub mod words;

use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};

/// A JSON text of a known format, for the API's description.
fn text_schema(format: KnownFormat, example: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(format)))
        .examples([serde_json::Value::from(example)])
        .into()
}
