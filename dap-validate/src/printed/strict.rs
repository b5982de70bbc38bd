//! JSON without repeated keys: a key that occurs twice is an error. `serde_json` alone keeps the
//! last.
//!
//! Python's NaN and infinities, which are no JSON, stand for null. [`readable`] replaces them by
//! JSON of the same length, so that the line and column of an error are those of the file.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A value without repeated keys.
pub(super) struct Strict(pub(super) Value);

/// The replacement of `NaN`: a text of one character that does not occur, of the same length.
const NAN: &str = "\"\u{7f}\"";

/// The text with NaN and infinities, outside of JSON's strings, as JSON.
pub(super) fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (is_string, part) in quoted(text) {
        if is_string {
            out.push_str(part);
        } else {
            let finite = part.replace("-Infinity", "null     ").replace("Infinity", "null    ");
            out.push_str(&finite.replace("NaN", NAN));
        }
    }
    out
}

/// A text cut at the ends of JSON strings: whether a part is one, and the part.
fn quoted(text: &str) -> Vec<(bool, &str)> {
    let (mut parts, mut from, mut inside, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in text.char_indices() {
        let ends = c == '"' && !(inside && escaped);
        escaped = inside && c == '\\' && !escaped;
        if ends {
            let to = if inside { at + 1 } else { at };
            parts.push((inside, &text[from..to]));
            (from, inside) = (to, !inside);
        }
    }
    parts.push((inside, &text[from..]));
    parts
}

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(if NAN.trim_matches('"') == value { Value::Null } else { Value::String(value.to_owned()) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format_args!("`{}` is there twice", dap_report::printable(&key))));
            }
            let Strict(value) = members.next_value()?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::{Strict, readable};

    fn read(text: &str) -> Result<serde_json::Value, String> {
        serde_json::from_str::<Strict>(&readable(text)).map(|strict| strict.0).map_err(|error| error.to_string())
    }

    #[test]
    fn nan_is_null_but_not_in_a_text() {
        let text = r#"{"a": [NaN, -Infinity, Infinity, 1.5], "NaN \" Infinity": "NaN"}"#;
        let expected = r#"{"a": [null, null, null, 1.5], "NaN \" Infinity": "NaN"}"#;
        assert_eq!(read(text).unwrap(), serde_json::from_str::<serde_json::Value>(expected).unwrap());
        assert_eq!(readable(text).len(), text.len());
    }

    #[test]
    fn errors_are_at_their_place() {
        assert_eq!(read("[NaN, NaN, ?]").unwrap_err(), "expected value at line 1 column 12");
        assert_eq!(
            read("{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 2}}").unwrap_err(),
            "`c` is there twice at line 2 column 18"
        );
    }
}
