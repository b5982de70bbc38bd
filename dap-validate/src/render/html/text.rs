//! Text inside of HTML.

use crate::render::xml;

/// The text with everything escaped that is markup in an element or in an attribute between double quotes. What HTML cannot hold is
/// written out, as in XML.
pub(super) fn escape(text: &str) -> String {
    xml::escape(text)
}

/// A sentence of ours: what stands between backticks is code.
pub(super) fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // A backtick without a partner is one of the text's own.
    let paired = if parts.len() % 2 == 1 { parts.len() } else { parts.len() - 1 };
    let mut out = String::with_capacity(text.len() + 16);
    for (i, part) in parts.iter().enumerate() {
        match i {
            _ if i % 2 == 1 && i < paired => out += &format!("<code>{}</code>", escape(part)),
            _ if i == paired => out += &format!("`{}", escape(part)),
            _ => out += &escape(part),
        }
    }
    out
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
        ] {
            assert_eq!(prose(text), expected);
        }
    }
}
