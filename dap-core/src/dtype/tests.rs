//! What NumPy says of the same types, what users write wrong, and properties of any text.

mod errors;
mod limits;
mod numpy;
mod properties;

use super::{DType, DTypeErrorKind, Descr};

/// Reads a JSON description as the export reader would.
fn descr(json: &str) -> Descr {
    let value = jiter::JsonValue::parse(json.as_bytes(), false).expect("the test's JSON");
    from_json(&value)
}

fn from_json(value: &jiter::JsonValue<'_>) -> Descr {
    use jiter::JsonValue;
    match value {
        JsonValue::Str(text) => Descr::Text(text.to_string()),
        JsonValue::Int(n) => Descr::Int(*n),
        JsonValue::Array(list) => Descr::List(list.iter().map(from_json).collect()),
        JsonValue::Object(object) => {
            Descr::Dict(object.iter().map(|(key, value)| (key.to_string(), from_json(value))).collect())
        }
        JsonValue::Bool(_) => Descr::Other("a bool"),
        JsonValue::Float(_) => Descr::Other("a float"),
        _ => Descr::Other("null"),
    }
}

fn parse(text: &str) -> DType {
    DType::parse(text).unwrap_or_else(|e| panic!("{text:?}: {e}"))
}

fn fields(json: &str) -> DType {
    DType::from_descr(&descr(json)).unwrap_or_else(|e| panic!("{json}: {e}"))
}

fn why(text: &str) -> DTypeErrorKind {
    DType::parse(text).expect_err(text).kind
}
