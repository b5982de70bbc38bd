//! Attributes as JSON, in the message from the rank that has read them to the others.

use dap_hdf5::Attribute;
use serde_json::{Value, json};

/// A value as JSON; floats by their bits, for JSON has no infinities.
pub(super) fn write(value: &Attribute) -> Value {
    match value {
        Attribute::Text(text) => json!({ "text": text }),
        Attribute::Integer(integer) => json!({ "integer": integer }),
        Attribute::Integers(integers) => json!({ "integers": integers }),
        Attribute::Float(float) => json!({ "float": float.to_bits() }),
        Attribute::Floats(floats) => {
            json!({ "floats": floats.iter().map(|float| float.to_bits()).collect::<Vec<_>>() })
        }
    }
}

/// The value of [`write`].
pub(super) fn read(value: &Value) -> Option<Attribute> {
    let (kind, value) = value.as_object()?.iter().next()?;
    let floats = || value.as_array()?.iter().map(|bits| bits.as_u64().map(f64::from_bits)).collect::<Option<_>>();
    Some(match &kind[..] {
        "text" => Attribute::Text(value.as_str()?.to_owned()),
        "integer" => Attribute::Integer(value.as_i64()?),
        "integers" => Attribute::Integers(value.as_array()?.iter().map(Value::as_i64).collect::<Option<_>>()?),
        "float" => Attribute::Float(f64::from_bits(value.as_u64()?)),
        "floats" => Attribute::Floats(floats()?),
        _ => return None,
    })
}
