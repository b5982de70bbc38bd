//! Text inside of HTML.

use crate::render::prose::{Piece, pieces};
use crate::render::xml;
use crate::report::is_unsafe;

/// The text with everything escaped that is markup in an element or in an attribute between double
/// quotes. What HTML cannot hold is written out, as in XML, and so is what a browser would not
/// show, or reorder the line by.
pub(super) fn escape(text: &str) -> String {
    let is_hidden = |c: char| is_unsafe(c) && !c.is_control();
    if !text.contains(is_hidden) {
        return xml::escape(text);
    }
    let seen = |c: char| if is_hidden(c) { c.escape_unicode().to_string() } else { c.to_string() };
    xml::escape(&text.chars().map(seen).collect::<String>())
}

/// A sentence of ours: what stands between backticks is code.
pub(super) fn prose(text: &str) -> String {
    let marked = |piece: Piece<'_>| match piece {
        Piece::Words(words) => escape(words),
        Piece::Code(code) => format!("<code>{}</code>", escape(code)),
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
}
