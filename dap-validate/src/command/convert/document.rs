//! Reading the JSON: files, or standard input; with the NaN that Python writes and JSON does not have.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::Failure;
use super::cases;
use crate::report::printable;

/// One document for each path.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Value>, Failure> {
    paths.iter().map(|path| one(path)).collect()
}

/// A name for an array that has none: the file's.
pub(super) fn stem(paths: &[PathBuf]) -> String {
    let stem = paths.first().and_then(|path| path.file_stem()).map(|stem| stem.to_string_lossy().into_owned());
    stem.filter(|stem| stem != "-").unwrap_or_else(|| "array".to_owned())
}

fn one(path: &Path) -> Result<Value, Failure> {
    let name = printable(&path.display().to_string());
    let text = if path == Path::new("-") {
        let mut text = Vec::new();
        io::stdin().lock().read_to_end(&mut text)?;
        text
    } else {
        fs::read(path).map_err(|error| Failure::Usage(format!("cannot read {name}: {error}")))?
    };
    let text = String::from_utf8(text).map_err(|_| Failure::Usage(format!("{name} is not UTF-8")))?;
    let value =
        serde_json::from_str(&text).or_else(|error| serde_json::from_str(&without_nan(&text)).map_err(|_| error));
    value.map(cases::normalised).map_err(|error| Failure::Usage(format!("{name} is not JSON: {error}")))
}

/// `NaN` and `Infinity` as null, outside of texts.
fn without_nan(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, part) in quoted(text) {
        if at {
            out.push_str(part);
        } else {
            out.push_str(&part.replace("-Infinity", "null").replace("Infinity", "null").replace("NaN", "null"));
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

#[cfg(test)]
mod tests {
    #[test]
    fn nan_is_null_but_not_in_a_text() {
        let text = r#"{"a": [NaN, -Infinity, 1], "NaN \" Infinity": "NaN"}"#;
        assert_eq!(super::without_nan(text), r#"{"a": [null, null, 1], "NaN \" Infinity": "NaN"}"#);
    }
}
