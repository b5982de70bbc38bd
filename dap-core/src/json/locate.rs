//! Finding a place in the text again.

use std::ops::Range;

use jiter::Peek;

use crate::finding::Place;
use crate::json::reader::{Read, Reader};

/// One step on the way to a place.
enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

/// The bytes of `place` in one rank's text: of the key's value, or, where the key is not there, of the innermost list
/// or dictionary that is. `None` only for a text that cannot be read so far.
///
/// ```
/// use dap_core::finding::{Key, Place};
/// let text = br#"{"dim_data": [{"size": 10, "start": 0}]}"#;
/// let at = dap_core::json::locate(text, &Place::dim(0, Key::Size)).unwrap();
/// assert_eq!(&text[at], b"10");
/// ```
#[must_use]
pub fn locate(text: &[u8], place: &Place) -> Option<Range<usize>> {
    if let Some(span) = &place.span {
        return Some(span.clone());
    }
    let mut steps = Vec::new();
    match place.dim {
        Some(dim) => steps.extend([Step::Key("dim_data"), Step::Item(dim)]),
        None if place.key.is_in_buffer() => steps.push(Step::Key("buffer")),
        None => {}
    }
    if !place.key.as_str().is_empty() {
        steps.push(Step::Key(place.key.as_str()));
    }
    steps.extend(place.item.map(Step::Item));
    let mut best = None;
    // A text that breaks off behind the place is good enough.
    let _ = walk(&mut Reader::new(text), &steps, &mut best);
    best
}

/// Walks down `steps`, keeping the innermost value that is there.
fn walk(reader: &mut Reader<'_>, steps: &[Step<'_>], best: &mut Option<Range<usize>>) -> Read<()> {
    let peek = reader.jiter.peek()?;
    let start = reader.jiter.current_index();
    let end = {
        let mut whole = Reader { text: reader.text, jiter: reader.jiter.clone(), problems: Vec::new() };
        // A value that breaks off goes as far as the text does.
        whole.skip(peek, 0).map_or(reader.text.len(), |()| whole.jiter.current_index())
    };
    *best = Some(start..end);
    match (steps, peek) {
        ([Step::Key(wanted), rest @ ..], Peek::Object) => {
            let mut key = reader.jiter.known_object()?.map(|key| key == *wanted);
            while let Some(is_wanted) = key {
                if is_wanted {
                    return walk(reader, rest, best);
                }
                let peek = reader.jiter.peek()?;
                reader.skip(peek, 1)?;
                key = reader.jiter.next_key()?.map(|key| key == *wanted);
            }
        }
        ([Step::Item(wanted), rest @ ..], Peek::Array) => {
            let mut next = reader.jiter.known_array()?;
            for _ in 0..*wanted {
                let Some(peek) = next else { return Ok(()) };
                reader.skip(peek, 1)?;
                next = reader.jiter.array_step()?;
            }
            if next.is_some() {
                return walk(reader, rest, best);
            }
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Key;

    /// What is left of a text that breaks off can be shown.
    #[test]
    fn a_text_that_breaks_off() {
        let text = br#"{"buffer": {"dtype": "<f8", "shape": [3]}, "dim_data": [{"size": 10, "start": 0"#;
        let found = |place| locate(text, &place).map(|at| std::str::from_utf8(&text[at]).unwrap());
        assert_eq!(found(Place::dim(0, Key::Size)), Some("10"));
        assert_eq!(found(Place::export(Key::Dtype)), Some(r#""<f8""#));
        assert_eq!(found(Place::dim(0, Key::Stop)), Some(r#"{"size": 10, "start": 0"#));
        assert_eq!(locate(b"", &Place::dim(0, Key::Stop)), None);
    }
}
