//! Sentences of this project, in which the words between backticks are code.

/// A stretch of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProsePiece<'t> {
    Words(&'t str),
    /// Without its backticks.
    Code(&'t str),
}

/// The sentence in pieces. A backtick without a partner is an ordinary character.
pub(super) fn pieces(text: &str) -> Vec<ProsePiece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, behind)) = rest.split_once('`')
        && let Some((code, behind)) = behind.split_once('`')
    {
        pieces.extend([ProsePiece::Words(words), ProsePiece::Code(code)]);
        rest = behind;
    }
    pieces.push(ProsePiece::Words(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use super::ProsePiece::{Code, Words};
    use super::*;

    #[test]
    fn backticks_come_in_pairs() {
        assert_eq!(pieces("`a` is `b`"), [Words(""), Code("a"), Words(" is "), Code("b"), Words("")]);
        assert_eq!(pieces("`a` and ` alone"), [Words(""), Code("a"), Words(" and ` alone")]);
        assert_eq!(pieces("`` twice"), [Words(""), Code(""), Words(" twice")]);
        assert_eq!(pieces("`"), [Words("`")]);
        assert_eq!(pieces(""), [Words("")]);
    }
}
