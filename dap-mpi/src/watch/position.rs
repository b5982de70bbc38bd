//! The position of a rank: the number and the site of its last call, and whether it is in it.

use crate::node::SITES;

/// A position, which is published as one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    /// The number of the last call; 0 before the first one.
    pub(super) number: u64,
    /// The place of its text.
    pub(super) site: usize,
    /// Whether the rank is in the call.
    pub(super) is_inside: bool,
}

impl Position {
    pub(super) fn word(self) -> u64 {
        self.number << 8 | (self.site as u64) << 1 | u64::from(self.is_inside)
    }

    pub(super) fn from_word(word: u64) -> Position {
        Position { number: word >> 8, site: (word >> 1) as usize % SITES, is_inside: word & 1 == 1 }
    }

    /// Whether this call cannot end because a rank left at `left`: before it has made the call, or
    /// in the call. Outside of a call nothing is known.
    pub(super) fn needs(self, left: Position) -> bool {
        self.is_inside && (left.number < self.number || left.number == self.number && left.is_inside)
    }

    /// In words; `text` describes the call.
    pub(super) fn describe(self, text: &str) -> String {
        match self {
            Position { number: 0, .. } => "before its first call".to_owned(),
            Position { number, is_inside: true, .. } => format!("in call {number}, {text}"),
            Position { number, .. } => format!("after call {number}, {text}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(number: u64, is_inside: bool) -> Position {
        Position { number, site: 3, is_inside }
    }

    #[test]
    fn a_word_is_a_position() {
        for position in [at(0, false), at(1, true), at(1 << 40, false), Position { site: SITES - 1, ..at(7, true) }] {
            assert_eq!(Position::from_word(position.word()), position);
        }
    }

    #[test]
    fn a_call_needs_ranks_that_have_not_ended_it() {
        let here = at(5, true);
        assert!(here.needs(at(4, false)) && here.needs(at(4, true)) && here.needs(at(5, true)));
        assert!(!here.needs(at(5, false)) && !here.needs(at(6, true)) && !here.needs(at(6, false)));
        assert!(!at(5, false).needs(at(4, false)));
    }
}
