//! Text from files, made safe to print.

use std::fmt::Write as _;

/// The text with every character escaped that could steer a terminal or reorder a line: controls,
/// and Unicode's invisible and bidirectional marks. The two noncharacters that XML cannot hold are
/// escaped, too.
///
/// ```
/// assert_eq!(dap_report::printable("a\x1b[31m\u{202e}b"), r"a\u{1b}[31m\u{202e}b");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    if !text.chars().any(is_unsafe) {
        return text.to_owned();
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => safe += "\\n",
            '\r' => safe += "\\r",
            '\t' => safe += "\\t",
            c if is_unsafe(c) => {
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    safe
}

/// Whether [`printable`] escapes a character.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}
