//! JSON whose strings hold no character that could steer a terminal.
//!
//! JSON itself demands an escape only for the controls below the space. The names of files and keys
//! come from outside, and people read reports on terminals.

use std::io;

use serde::Serialize;

use crate::is_unsafe;

/// The value as JSON over several lines.
///
/// # Errors
/// The value cannot be written as JSON.
pub fn pretty(value: &impl Serialize) -> io::Result<String> {
    Ok(escaped(serde_json::to_string_pretty(value)?))
}

/// The value as JSON in one line.
///
/// # Errors
/// The value cannot be written as JSON.
pub fn line(value: &impl Serialize) -> io::Result<String> {
    Ok(escaped(serde_json::to_string(value)?))
}

/// Outside of strings JSON is plain ASCII, so every escaped character is part of a string.
fn escaped(json: String) -> String {
    let is_raw = |c: char| c > ' ' && is_unsafe(c);
    if !json.contains(is_raw) {
        return json;
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_raw(c) {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| safe += &format!("\\u{unit:04x}"));
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::{line, pretty};

    #[test]
    fn characters_that_steer_a_terminal_are_escaped() {
        for text in ["a\u{7f}b", "\u{9b}31m", "\u{202e}", "\u{e0001}", "\u{1b}[0m", "naïve 数 \u{1f980}"] {
            let json = line(&text).unwrap();
            assert!(!json.chars().any(crate::is_unsafe), "{json:?}");
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
        assert_eq!(line(&"\u{7f}").unwrap(), r#""\u007f""#);
        assert_eq!(line(&"\u{e0001}").unwrap(), r#""\udb40\udc01""#);
        assert_eq!(line(&"数").unwrap(), "\"数\"");
        assert_eq!(pretty(&["\u{7f}"]).unwrap(), "[\n  \"\\u007f\"\n]");
    }
}
