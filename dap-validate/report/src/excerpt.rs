//! The line of a file at a finding's place, cut to a width that can be shown.

use std::ops::Range;

use crate::printable;

/// One line of a text, or the part of it around a place, with the place marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The text, safe to print, with `...` at each end where the line was cut.
    pub text: String,
    /// The byte range of the place in `text`.
    pub mark: Range<usize>,
}

/// Lines of at most this length, in bytes, are shown whole.
const WHOLE: usize = 100;
/// The bytes of a longer line that are shown before the beginning of the place. Near the end of the
/// line the excerpt has more.
const BEFORE: usize = 40;
/// The bytes of a longer line that are shown from the beginning of the place on. Near the beginning
/// of the line the excerpt has more.
const BEHIND: usize = 60;
/// The mark of a cut.
const CUT: &str = "...";

impl Excerpt {
    /// The excerpt of `text` around `span`. The mark ends at the end of the span's first line.
    #[must_use]
    pub fn new(text: &[u8], span: Range<usize>) -> Self {
        let is_end = |byte: &u8| *byte == b'\n' || *byte == b'\r';
        let at = span.start.min(text.len());
        let start = text[..at].iter().rposition(is_end).map_or(0, |at| at + 1);
        let end = text[at..].iter().position(is_end).map_or(text.len(), |end| at + end);
        Self::within(text, start..end, span)
    }

    /// As [`Excerpt::new`], with the bytes of the line in which the span begins.
    pub(crate) fn within(text: &[u8], line: Range<usize>, span: Range<usize>) -> Self {
        let span = span.start.min(text.len())..span.end.min(text.len());
        let (start, end) = (line.start, line.end);
        let mark = span.start..marked_end(text, &span).min(end).max(span.start);
        let window = if end - start <= WHOLE {
            start..end
        } else {
            // Near an end of the line, the other side takes the room that is left.
            let from = mark.start.saturating_sub(BEFORE).min(end - WHOLE).max(start);
            let to = mark.start.saturating_add(BEHIND).max(start + WHOLE).min(end);
            let from = boundary(text, from);
            from..boundary(text, to).max(from)
        };
        let part = |range: Range<usize>| {
            let range = range.start.clamp(window.start, window.end)..range.end.clamp(window.start, window.end);
            // The width of a tab depends on the terminal: a space keeps the mark below its text.
            printable(&String::from_utf8_lossy(&text[range]).replace('\t', " "))
        };
        let mut shown = if window.start > start { CUT.to_owned() } else { String::new() };
        shown += &part(window.start..mark.start);
        let from = shown.len();
        shown += &part(mark.clone());
        let to = shown.len();
        shown += &part(mark.end..window.end);
        if window.end < end {
            shown += CUT;
        }
        Self { text: shown, mark: from..to }
    }
}

/// The end of the mark: it covers the opening brace of a dictionary, and the opening bracket of a
/// long list.
fn marked_end(text: &[u8], span: &Range<usize>) -> usize {
    match text.get(span.start) {
        Some(b'{') => span.start + 1,
        Some(b'[') if span.len() > BEHIND || text[span.clone()].contains(&b'\n') => span.start + 1,
        _ => span.end,
    }
}

/// The last beginning of a character at or before `at`.
fn boundary(text: &[u8], at: usize) -> usize {
    let is_inside = |at: &usize| text.get(*at).is_some_and(|byte| byte & 0xc0 == 0x80);
    (at.saturating_sub(3)..=at).rev().find(|at| !is_inside(at)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, place: &str) -> (String, String) {
        let at = text.find(place).expect("the place is in the text");
        let excerpt = Excerpt::new(text.as_bytes(), at..at + place.len());
        let marked = excerpt.text[excerpt.mark].to_owned();
        (excerpt.text, marked)
    }

    #[test]
    fn a_short_line_is_whole() {
        assert_eq!(of("{\n  \"size\": 10,\n}", "10"), ("  \"size\": 10,".into(), "10".into()));
    }

    #[test]
    fn a_dictionary_is_its_brace() {
        assert_eq!(of("[{\"a\": 1}, {}]", "{\"a\": 1}"), ("[{\"a\": 1}, {}]".into(), "{".into()));
    }

    #[test]
    fn a_long_list_is_its_bracket() {
        let list = format!("[{}]", "1, ".repeat(50));
        assert_eq!(of(&list, &list).1, "[");
        assert_eq!(of("[1,\n2]", "[1,\n2]").1, "[");
        assert_eq!(of("[1, 2]", "[1, 2]").1, "[1, 2]");
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let text = format!("{}\"här\"{}", "ä".repeat(5000), "ö".repeat(5000));
        let (shown, marked) = of(&text, "\"här\"");
        assert_eq!(marked, "\"här\"");
        assert!(shown.starts_with("...ä") && shown.ends_with("ö..."), "{shown}");
        assert!(shown.len() < 2 * WHOLE, "{shown}");
    }

    #[test]
    fn a_long_mark_is_cut() {
        let text = format!("x{}", "y".repeat(1_000_000));
        let (shown, marked) = of(&text, &text[1..]);
        assert_eq!((shown.len(), marked.len()), (WHOLE + 3, WHOLE - 1));
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(of("\t\x1b[2J10", "10"), (" \\u{1b}[2J10".into(), "10".into()));
    }

    #[test]
    fn any_place_of_any_text() {
        let text = "\u{1f980}ab\ncd\r\n\u{e9}\u{1b}".as_bytes();
        for start in 0..=text.len() + 1 {
            for end in start..=text.len() + 2 {
                let excerpt = Excerpt::new(text, start..end);
                assert!(excerpt.text.get(excerpt.mark).is_some());
            }
        }
    }
}
