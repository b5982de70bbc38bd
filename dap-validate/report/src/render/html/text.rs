//! Text inside of HTML.

use crate::is_unsafe;
use crate::render::prose::{ProsePiece, pieces};

/// The text with everything escaped that is markup in an element or in an attribute between quotes.
///
/// Line ends and tabs are references, because an attribute would hold them as spaces. Characters
/// that HTML cannot hold, that a browser does not show, or that reorder a line are written out, as
/// `\u{1b}`. The result is well-formed XML, too.
pub(super) fn escape(text: &str) -> String {
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
            c if is_unsafe(c) => escaped.extend(c.escape_unicode()),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A sentence of this project, as HTML: words between backticks are code.
pub(super) fn prose(text: &str) -> String {
    let marked = |piece: ProsePiece<'_>| match piece {
        ProsePiece::Words(words) => escape(words),
        ProsePiece::Code(code) => format!("<code>{}</code>", escape(code)),
    };
    pieces(text).into_iter().map(marked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences() {
        for (text, expected) in [
            ("`stop` is 11", "<code>stop</code> is 11"),
            ("a <b>&\"`", "a &lt;b&gt;&amp;&quot;`"),
            ("`<script>` x", "<code>&lt;script&gt;</code> x"),
            ("`a\u{202e}\u{1b}` 数\u{feff}", "<code>a\\u{202e}\\u{1b}</code> 数\\u{feff}"),
        ] {
            assert_eq!(prose(text), expected);
        }
    }

    /// Every character of the two ends of the first plane, through a parser and back.
    #[test]
    fn any_character_can_be_written_and_read() {
        let text: String = (0..0x2100).chain(0xfff0..0x1_0010).filter_map(char::from_u32).collect();
        let xml = format!("<a b=\"{0}\">{0}</a>", escape(&text));
        let document = roxmltree::Document::parse(&xml).expect("the text is escaped");
        let expected: String = text
            .chars()
            .map(|c| match c {
                '\t' | '\n' | '\r' => c.to_string(),
                c if is_unsafe(c) => c.escape_unicode().to_string(),
                c => c.to_string(),
            })
            .collect();
        assert_eq!(document.root_element().attribute("b"), Some(expected.as_str()));
        assert_eq!(document.root_element().text(), Some(expected.as_str()));
    }
}
