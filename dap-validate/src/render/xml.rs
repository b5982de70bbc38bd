//! Text inside of XML.

/// The text with everything escaped that is markup in an element or an attribute. Line ends and
/// tabs in attributes would be read as spaces, so they are references; characters that XML cannot
/// hold at all are written out as `\u{1b}`.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\t' => escaped += "&#9;",
            '\n' => escaped += "&#10;",
            '\r' => escaped += "&#13;",
            '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => escaped += &c.escape_unicode().to_string(),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Several lines as the content of an element: as [`escape`], but the line ends stay, for people
/// who read the file.
pub(crate) fn lines(text: &str) -> String {
    text.split('\n').map(escape).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every character of the first plane's ends, through a parser and back.
    #[test]
    fn any_character_can_be_written_and_read() {
        let text: String = (0..0x2100).chain(0xfff0..0x1_0010).filter_map(char::from_u32).collect();
        let xml = format!("<a b=\"{}\">{}</a>", escape(&text), lines(&text));
        let document = roxmltree::Document::parse(&xml).expect("the text is escaped");
        let expected: String = text
            .chars()
            .map(|c| match c {
                '\t' | '\n' | '\r' => c.to_string(),
                c if c.is_control() || c == '\u{fffe}' || c == '\u{ffff}' => c.escape_unicode().to_string(),
                c => c.to_string(),
            })
            .collect();
        assert_eq!(document.root_element().attribute("b"), Some(expected.as_str()));
        assert_eq!(document.root_element().text(), Some(expected.as_str()));
    }
}
