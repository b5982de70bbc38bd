//! The values in a text: JSON documents, or Python literals that a program printed, one after
//! another.
//!
//! JSON is tried first, because its errors are exact. Text that is no JSON is read as printed
//! Python, which includes trailing commas, tuples, `np.int64(3)` and dictionaries with such keys.
//! Lists that JSON holds as printed texts, `"((4, 4), (2,))"`, become lists.

mod strict;

use dap_formats::python::{self, Literal};
use serde_json::{Map, Value};

use strict::Strict;

/// Keys whose values stay texts: types, and names.
const TEXTS: [&str; 5] = ["dtype", "typestr", "descr", "name", "format"];

/// All values of a text, in order; or the problem with the first that is none, as the middle of a
/// sentence.
pub(crate) fn values(text: &str) -> Result<Vec<Value>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let readable = strict::readable(text);
    let mut documents = serde_json::Deserializer::from_str(&readable).into_iter::<Strict>();
    let mut values = Vec::new();
    let wrong = loop {
        match documents.next() {
            None => break None,
            Some(Ok(Strict(value))) => values.push(value),
            Some(Err(error)) => break Some(error),
        }
    };
    let mut values = match wrong {
        None => values,
        // A repeated key is valid JSON syntax; it would be wrong in Python, too.
        Some(error) if error.is_data() => return Err(format!("is not JSON: {error}")),
        Some(error) => match python::sequence(text) {
            Ok(literals) => literals.into_iter().map(value).collect::<Result<_, _>>()?,
            Err(mistake) => {
                let (line, column) = place(text, mistake.at);
                if (line, column) > (error.line(), error.column() + 1) {
                    return Err(format!(
                        "is neither JSON nor a Python literal: {} at line {line} column {column}",
                        mistake.problem
                    ));
                }
                return Err(format!("is not JSON: {error}"));
            }
        },
    };
    values.iter_mut().for_each(listed);
    Ok(values)
}

/// Line and column of a byte, from 1, in characters.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// A literal as JSON.
pub(crate) fn value(literal: Literal) -> Result<Value, String> {
    Ok(match literal {
        Literal::None => Value::Null,
        Literal::Bool(flag) => Value::Bool(flag),
        Literal::Number(number) => serde_json::from_str(&number).unwrap_or(Value::Null),
        Literal::Text(text) => Value::String(text),
        Literal::List(items) => Value::Array(items.into_iter().map(value).collect::<Result<_, _>>()?),
        Literal::Dict(members) => {
            let mut map = Map::new();
            for (key, member) in members {
                let member = value(member)?;
                if map.contains_key(&key) {
                    return Err(format!("has `{}` twice in one dictionary", dap_report::printable(&key)));
                }
                map.insert(key, member);
            }
            Value::Object(map)
        }
    })
}

/// Turns texts that a program printed into the lists and numbers that they show.
fn listed(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(listed),
        Value::Object(members) => {
            members.iter_mut().filter(|(key, _)| !TEXTS.contains(&key.as_str())).for_each(|(_, member)| listed(member));
        }
        Value::String(text) => {
            if let Ok(list) = of_text(text)
                && (list.is_array() || list.is_number())
            {
                *value = list;
            }
        }
        _ => {}
    }
}

/// The one literal that a text holds, or the reason why it holds none.
pub(crate) fn of_text(text: &str) -> Result<Value, String> {
    let begins = text.trim_start().chars().next();
    if !begins.is_some_and(|letter| "([".contains(letter) || letter.is_ascii_alphabetic() && text.contains('(')) {
        return Err("it is no list".to_owned());
    }
    let mut literals = python::sequence(text).map_err(|mistake| mistake.problem)?;
    match (literals.pop(), literals.is_empty()) {
        (Some(only), true) => value(only),
        _ => Err("it holds several values".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    fn values(text: &str) -> Result<Value, String> {
        super::values(text).map(Value::Array)
    }

    #[test]
    fn json_and_python_one_after_another() {
        for (text, expected) in [
            ("{\"a\": 1}\n{\"a\": 2}\n", json!([{"a": 1}, {"a": 2}])),
            ("{\n \"a\": 1\n}\n{\n \"a\": 2\n}", json!([{"a": 1}, {"a": 2}])),
            ("\u{feff}{\"a\": [1, 2,],}", json!([{"a": [1, 2]}])),
            ("{'a': (1, np.int64(2))}\n{'a': [3, None]}", json!([{"a": [1, 2]}, {"a": [3, null]}])),
            ("{\"a\": \"((np.int64(4), 4), (2,))\"}", json!([{"a": [[4, 4], [2]]}])),
            ("{\"a\": \"array([3, 4])\", \"b\": \"torch.Size([2])\"}", json!([{"a": [3, 4], "b": [2]}])),
            ("{\"a\": \"np.int64(3)\", \"order\": \"Row\"}", json!([{"a": 3, "order": "Row"}])),
            // Types stay texts.
            (
                "{\"dtype\": \"[('x', '<f8')]\", \"typestr\": \"int(64)\"}",
                json!([{"dtype": "[('x', '<f8')]", "typestr": "int(64)"}]),
            ),
            (
                "{'a': dtype('float32'), (0, 1): <class 'x'>}",
                json!([{"a": "dtype('float32')", "(0, 1)": "<class 'x'>"}]),
            ),
            ("", json!([])),
        ] {
            assert_eq!(values(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn mistakes_are_at_their_place() {
        for (text, expected) in [
            ("{", "is not JSON: EOF while parsing an object at line 1 column 1"),
            ("{\"a\": 1,\n\"a\": 2}", "is not JSON: `a` is there twice at line 2 column 3"),
            ("{'a': 1, 'a': 2}", "has `a` twice in one dictionary"),
            ("{'a': 1}\n{'a': ?}", "is neither JSON nor a Python literal: a value was expected at line 2 column 7"),
            ("{\"a\": [1, 2}", "is not JSON: expected `,` or `]` at line 1 column 12"),
            ("hello", "is not JSON: expected value at line 1 column 1"),
        ] {
            assert_eq!(values(text), Err(expected.to_owned()), "{text}");
        }
    }
}
