//! Lines and columns of places in a text, for any number of places after one pass over it.

use std::ops::Range;

/// Bytes between two places at which is counted once and for all, if no line of the text is cut
/// there.
const STEP: usize = 4096;

/// What lies before some of a text's places: a look-up counts on from the last of them.
#[derive(Debug, Clone)]
pub(crate) struct Positions {
    marks: Vec<Mark>,
    /// Where the text ends, white space aside.
    end: usize,
    length: usize,
}

/// A place where a character begins.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    at: usize,
    /// The line ends before it, and the characters of its line before it.
    lines: usize,
    characters: usize,
    /// Where what is shown of its line begins, and where the first line end at or behind it is.
    begin: usize,
    end: usize,
}

impl Mark {
    /// Counts on over bytes that are no UTF-8 where they are not valid: each shown as one
    /// character.
    fn pass(&mut self, text: &[u8], characters: usize) {
        match memchr::memrchr(b'\n', text) {
            Some(last) => {
                self.lines += memchr::memchr_iter(b'\n', text).count();
                self.characters = String::from_utf8_lossy(&text[last + 1..]).chars().count();
            }
            None => self.characters += characters,
        }
        if let Some(last) = memchr::memrchr2(b'\n', b'\r', text) {
            self.begin = self.at + last + 1;
        }
        self.at += text.len();
    }
}

impl Positions {
    /// Reads a text; what is no UTF-8 in it counts as it is shown.
    pub(crate) fn new(text: &[u8]) -> Self {
        let mut mark = Mark::default();
        let mut marks = vec![mark];
        let mut next = |mark: &mut Mark, piece: &[u8], characters: usize| {
            mark.pass(piece, characters);
            if marks.last().is_none_or(|last| mark.at - last.at >= STEP) {
                marks.push(*mark);
            }
        };
        for chunk in text.utf8_chunks() {
            let mut rest = chunk.valid();
            while !rest.is_empty() {
                let cut = (0..=STEP.min(rest.len())).rev().find(|cut| rest.is_char_boundary(*cut)).unwrap_or(0);
                let (piece, behind) = rest.split_at(cut);
                next(&mut mark, piece.as_bytes(), piece.chars().count());
                rest = behind;
            }
            if !chunk.invalid().is_empty() {
                next(&mut mark, chunk.invalid(), 1);
            }
        }
        let mut behind = text.len();
        for at in (0..marks.len()).rev() {
            let until = marks.get(at + 1).map_or(text.len(), |next| next.at);
            let first = memchr::memchr2(b'\n', b'\r', &text[marks[at].at..until]);
            behind = first.map_or(behind, |first| marks[at].at + first);
            marks[at].end = behind;
        }
        Self { marks, end: text.trim_ascii_end().len(), length: text.len() }
    }

    /// The last mark at or before `at`, which is drawn into the text.
    fn mark(&self, at: usize) -> (Mark, Option<&Mark>) {
        let next = self.marks.partition_point(|mark| mark.at <= at);
        (self.marks[next.saturating_sub(1)], self.marks.get(next))
    }

    /// Line and column of the byte `at` of `text`, both from 0.
    pub(crate) fn of(&self, text: &[u8], at: usize) -> (usize, usize) {
        let (mut mark, _) = self.mark(at);
        let before = &text[mark.at.min(at)..at];
        mark.pass(before, String::from_utf8_lossy(before).chars().count());
        (mark.lines, mark.characters)
    }

    /// The bytes of the line that the byte `at` of `text` is in, without its end; carriage returns
    /// end lines, too.
    pub(crate) fn line(&self, text: &[u8], at: usize) -> Range<usize> {
        let (mut mark, next) = self.mark(at);
        mark.pass(&text[mark.at.min(at)..at], 0);
        let until = next.map_or(self.length, |next| next.at);
        let first = memchr::memchr2(b'\n', b'\r', &text[at..until]);
        let end = first.map_or_else(|| next.map_or(self.length, |next| next.end), |first| at + first);
        mark.begin..end
    }

    /// A place in the blanks at the end, where a broken text ends, moved to where the last word
    /// ends.
    pub(crate) fn on_text(&self, span: Range<usize>) -> Range<usize> {
        if span.start < self.end { span.start..span.end.min(self.length) } else { self.end..self.end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agree_with_counting() {
        let long = "ä".repeat(3 * STEP) + "\n" + &"x".repeat(2 * STEP) + "\r\n" + &"ä\n".repeat(STEP);
        for text in [&b""[..], b"abc", b"a\nbc\r\n\xffd\xc3\n\n", long.as_bytes(), &[b'\xff'; 3 * STEP]] {
            let positions = Positions::new(text);
            let places = (0..=text.len()).filter(|at| text.len() < 50 || at % 1021 < 2);
            for at in places {
                let before = &text[..at];
                let line = before.iter().filter(|byte| **byte == b'\n').count();
                let begin = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                let column = String::from_utf8_lossy(&before[begin..]).chars().count();
                let found = positions.of(text, at);
                assert_eq!(found.0, line, "{at}");
                // A place within a character is no place of a finding.
                assert!(found.1.abs_diff(column) <= 1, "{at}: {found:?}, {column}");
                let is_end = |byte: &u8| matches!(*byte, b'\n' | b'\r');
                let start = before.iter().rposition(is_end).map_or(0, |at| at + 1);
                let end = text[at..].iter().position(is_end).map_or(text.len(), |end| at + end);
                assert_eq!(positions.line(text, at), start..end, "{at}");
            }
        }
    }
}
