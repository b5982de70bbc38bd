//! Lines and columns of places in a text, for any number of places after one pass over it.

use std::ops::Range;

/// The least number of bytes between two marks.
const STEP: usize = 4096;

/// The line and column of some places of a text, its marks. A look-up counts on from the last mark
/// before its place, so that it reads a few thousand bytes. It does not keep the text: pass the
/// same text to every look-up.
#[derive(Debug, Clone)]
pub struct LineIndex {
    marks: Vec<LineMark>,
    /// The length of the text without the blanks at its end.
    end: usize,
    /// The length of the text.
    length: usize,
}

/// A byte offset at which a character begins, with its line and column. Lines end at a newline; the
/// stretch of a line that can be shown also ends at a carriage return.
#[derive(Debug, Clone, Copy, Default)]
struct LineMark {
    at: usize,
    /// The number of newlines before the mark.
    line: usize,
    /// The number of characters between the last newline and the mark.
    column: usize,
    /// The offset behind the last newline or carriage return before the mark.
    begin: usize,
    /// The offset of the first newline or carriage return at or behind the mark.
    end: usize,
}

impl LineMark {
    /// Moves the mark over `text`, which has `characters` characters.
    fn advance(&mut self, text: &[u8], characters: usize) {
        match memchr::memrchr(b'\n', text) {
            Some(last) => {
                self.line += memchr::memchr_iter(b'\n', text).count();
                self.column = String::from_utf8_lossy(&text[last + 1..]).chars().count();
            }
            None => self.column += characters,
        }
        if let Some(last) = memchr::memrchr2(b'\n', b'\r', text) {
            self.begin = self.at + last + 1;
        }
        self.at += text.len();
    }
}

impl LineIndex {
    /// Reads a text. Each invalid sequence of UTF-8 counts as one character, U+FFFD, as it is
    /// shown.
    #[must_use]
    pub fn new(text: &[u8]) -> Self {
        let mut mark = LineMark::default();
        let mut marks = vec![mark];
        let mut next = |mark: &mut LineMark, piece: &[u8], characters: usize| {
            mark.advance(piece, characters);
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

    /// The last mark at or before `at`, and the mark behind it.
    fn mark(&self, at: usize) -> (LineMark, Option<&LineMark>) {
        let next = self.marks.partition_point(|mark| mark.at <= at);
        (self.marks[next.saturating_sub(1)], self.marks.get(next))
    }

    /// Line and column of the byte `at` of `text`, both from 0. An offset beyond the text is its
    /// end.
    #[must_use]
    pub fn line_column(&self, text: &[u8], at: usize) -> (usize, usize) {
        let at = at.min(text.len());
        let (mut mark, _) = self.mark(at);
        let before = &text[mark.at.min(at)..at];
        mark.advance(before, String::from_utf8_lossy(before).chars().count());
        (mark.line, mark.column)
    }

    /// The bytes of the line that holds the byte `at` of `text`, without its end. Carriage returns
    /// end lines, too.
    #[must_use]
    pub fn line_bytes(&self, text: &[u8], at: usize) -> Range<usize> {
        let at = at.min(text.len());
        let (mut mark, next) = self.mark(at);
        mark.advance(&text[mark.at.min(at)..at], 0);
        let until = next.map_or(self.length, |next| next.at).clamp(at, text.len());
        let first = memchr::memchr2(b'\n', b'\r', &text[at..until]);
        let end = first.map_or_else(|| next.map_or(self.length, |next| next.end), |first| at + first);
        mark.begin..end
    }

    /// The span without the blanks at the end of the text. A span within these blanks, as that of a
    /// text that breaks off, becomes the empty span before them.
    #[must_use]
    pub fn without_trailing_blanks(&self, span: Range<usize>) -> Range<usize> {
        if span.start < self.end { span.start..span.end.min(self.length) } else { self.end..self.end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting() {
        let long = "ä".repeat(3 * STEP) + "\n" + &"x".repeat(2 * STEP) + "\r\n" + &"ä\n".repeat(STEP);
        for text in [&b""[..], b"abc", b"a\nbc\r\n\xffd\xc3\n\n", long.as_bytes(), &[b'\xff'; 3 * STEP]] {
            let index = LineIndex::new(text);
            let places = (0..=text.len()).filter(|at| text.len() < 50 || at % 1021 < 2);
            for at in places {
                let before = &text[..at];
                let line = before.iter().filter(|byte| **byte == b'\n').count();
                let begin = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                let column = String::from_utf8_lossy(&before[begin..]).chars().count();
                let found = index.line_column(text, at);
                assert_eq!(found.0, line, "{at}");
                // An offset within a character is never the place of a finding.
                assert!(found.1.abs_diff(column) <= 1, "{at}: {found:?}, {column}");
                let is_end = |byte: &u8| matches!(*byte, b'\n' | b'\r');
                let start = before.iter().rposition(is_end).map_or(0, |at| at + 1);
                let end = text[at..].iter().position(is_end).map_or(text.len(), |end| at + end);
                assert_eq!(index.line_bytes(text, at), start..end, "{at}");
            }
        }
    }
}
