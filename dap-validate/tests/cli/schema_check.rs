//! A validator for the keywords that our schemas use, so that the tests need none of the large
//! ones.
//!
//! It panics at a keyword that it does not know, so it cannot pass over one.

use serde_json::Value;

/// The first violation of `schema` by `value`, as a pointer and a keyword.
pub(crate) fn violation(schema: &Value, value: &Value) -> Option<String> {
    check(schema, schema, value, "").err()
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let Some(keywords) = schema.as_object() else {
        return if schema == &Value::Bool(true) { Ok(()) } else { Err(format!("{at}: nothing is allowed")) };
    };
    for (keyword, operand) in keywords {
        let holds = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "format" => true,
            "type" => match operand {
                Value::Array(types) => types.iter().any(|name| is(name.as_str().unwrap(), value)),
                name => is(name.as_str().unwrap(), value),
            },
            "const" => operand == value,
            "enum" => operand.as_array().unwrap().contains(value),
            "minimum" => value.as_f64().is_none_or(|number| number >= operand.as_f64().unwrap()),
            "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= operand.as_u64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= operand.as_u64().unwrap()),
            "minLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 >= operand.as_u64().unwrap()),
            "maxLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 <= operand.as_u64().unwrap()),
            "maxProperties" => value.as_object().is_none_or(|map| map.len() as u64 <= operand.as_u64().unwrap()),
            // There is one pattern, and this is what it means.
            "pattern" => value.as_str().is_none_or(|text| dap_core::export::Version::parse(text).is_some()),
            "required" => value.as_object().is_none_or(|map| {
                operand.as_array().unwrap().iter().all(|key| map.contains_key(key.as_str().unwrap()))
            }),
            "properties" => {
                for (key, schema) in operand.as_object().unwrap() {
                    if let Some(member) = value.get(key) {
                        check(root, schema, member, &format!("{at}/{key}"))?;
                    }
                }
                true
            }
            "additionalProperties" => value.as_object().is_none_or(|map| {
                let known = |key: &String| schema.get("properties").is_some_and(|known| known.get(key).is_some());
                map.iter().filter(|(key, _)| !known(key)).all(|(_, member)| check(root, operand, member, at).is_ok())
            }),
            "items" => {
                for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, operand, item, &format!("{at}/{i}"))?;
                }
                true
            }
            "anyOf" => operand.as_array().unwrap().iter().any(|schema| check(root, schema, value, at).is_ok()),
            "oneOf" => {
                operand.as_array().unwrap().iter().filter(|schema| check(root, schema, value, at).is_ok()).count() == 1
            }
            "$ref" => {
                let pointer = operand.as_str().unwrap().trim_start_matches('#');
                check(root, root.pointer(pointer).unwrap(), value, at)?;
                true
            }
            other => panic!("the keyword `{other}` is not known here"),
        };
        if !holds {
            return Err(format!("{at}: {keyword} {operand}"));
        }
    }
    Ok(())
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        // By the standard 8.0 is an integer.
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        other => panic!("the type `{other}` is not known here"),
    }
}
