//! Text inside of Markdown: escaped, or as code.

use crate::render::prose::{ProsePiece, pieces};

/// A sentence of this project, as Markdown: words between backticks are code, all others text
/// without markup.
pub(super) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for piece in pieces(text) {
        match piece {
            ProsePiece::Words(words) => out += &escaped(words),
            ProsePiece::Code("") => {}
            ProsePiece::Code(text) => {
                // Two backticks in a row would begin another kind of code.
                out += if out.ends_with('`') { " " } else { "" };
                out += &code(text);
            }
        }
    }
    out
}

/// The text as code within a line.
pub(super) fn code(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    // Markdown removes one blank on each side.
    let blank = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) || text.is_empty() { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// The text as a block of code.
pub(super) fn fenced(text: &str) -> String {
    let fence = "`".repeat((longest_run(text) + 1).max(3));
    format!("{fence}text\n{text}\n{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '<' => out += "&lt;",
            '&' => out += "&amp;",
            '`' | '\\' | '*' | '_' | '[' | ']' | '~' | '|' | '#' | '$' => out.extend(['\\', c]),
            // GitHub notifies the users that a text mentions, in spite of a backslash.
            '@' => out += "@<!-- -->",
            c => out.push(c),
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
            ("`stop` is 11, `size` 10", "`stop` is 11, `size` 10"),
            ("key __version__ <b> a|b", "key \\_\\_version\\_\\_ &lt;b> a\\|b"),
            ("`a``b`", "`a` `b`"),
            ("one ` alone", "one \\` alone"),
            ("`` twice", " twice"),
            ("hello @everyone", "hello @<!-- -->everyone"),
            ("![x](http://y)", "!\\[x\\](http://y)"),
        ] {
            assert_eq!(prose(text), expected, "{text}");
        }
    }

    #[test]
    fn code_with_backticks() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(fenced("```"), "````text\n```\n````");
    }
}
