//! JSON whose strings hold no character that could steer a terminal.
//!
//! JSON itself demands an escape only for the controls below the space. The names of files and keys
//! come from outside, and people read reports on terminals.

use std::io::{self, Write};

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

/// Writes the value as JSON over several lines, without holding the text in memory.
///
/// # Errors
/// The value cannot be written as JSON, or `out` fails.
pub fn write_pretty(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(Escaping(out), value).map_err(io::Error::from)
}

/// A writer of JSON that escapes its characters. `serde_json` cuts strings only at ASCII
/// characters, so each piece that it writes is a text.
struct Escaping<W>(W);

impl<W: Write> Write for Escaping<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match std::str::from_utf8(bytes) {
            Ok(text) if !bytes.is_ascii() || text.contains('\u{7f}') => {
                self.0.write_all(escaped(text.to_owned()).as_bytes())
            }
            _ => self.0.write_all(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
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
    use super::{line, pretty, write_pretty};

    #[test]
    fn characters_that_steer_a_terminal_are_escaped() {
        for text in ["a\u{7f}b", "\u{9b}31m", "\u{202e}", "\u{e0001}", "\u{1b}[0m", "naïve 数 \u{1f980}"] {
            let json = line(&text).unwrap();
            let mut written = Vec::new();
            write_pretty(&text, &mut written).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), json);
            assert!(!json.chars().any(crate::is_unsafe), "{json:?}");
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
        assert_eq!(line(&"\u{7f}").unwrap(), r#""\u007f""#);
        assert_eq!(line(&"\u{e0001}").unwrap(), r#""\udb40\udc01""#);
        assert_eq!(line(&"数").unwrap(), "\"数\"");
        assert_eq!(pretty(&["\u{7f}"]).unwrap(), "[\n  \"\\u007f\"\n]");
    }
}
