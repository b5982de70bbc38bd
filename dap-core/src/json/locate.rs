//! Finding places in the text again: one pass over the text, then a look-up for each place.

use std::ops::Range;

use jiter::Peek;

use crate::finding::{Key, Place};
use crate::json::tokens::{Read, Reader, known};
use crate::layout::MAX_NDIM;

/// The places of the values in one rank's text.
///
/// Construction reads the text once; a look-up reads at most the list that contains an item. So the
/// cost of all look-ups in a text does not grow with its length times their number.
///
/// ```
/// use dap_core::finding::{Key, Place};
/// use dap_core::json::Locator;
/// let text = br#"{"dim_data": [{"size": 10, "start": 0}]}"#;
/// let locator = Locator::new(text);
/// let found = |place| &text[locator.locate(text, &place).unwrap()];
/// assert_eq!(found(Place::dim(0, Key::Size)), b"10");
/// assert_eq!(found(Place::dim(0, Key::Start)), b"0");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Locator {
    export: Option<Object>,
    buffer: Option<Object>,
    /// The entries of `dim_data`, at most as many as an array can have, since no more are checked.
    dims: Vec<Object>,
}

/// A value and, if it is a dictionary, the values of its known keys. The first of two equal keys
/// counts.
#[derive(Debug, Clone)]
struct Object {
    whole: Range<usize>,
    keys: Vec<(Key, Range<usize>)>,
}

impl Object {
    fn get(&self, key: Key) -> Option<&Range<usize>> {
        self.keys.iter().find(|(known, _)| *known == key).map(|(_, at)| at)
    }
}

impl Locator {
    /// Reads a rank's text. A text that breaks off is read to that point.
    #[must_use]
    pub fn new(text: &[u8]) -> Self {
        let mut locator = Self::default();
        let _ = locator.read(&mut Reader::new(text));
        locator
    }

    /// The bytes of `place` in `text`, which must be the text that was read: those of the key's
    /// value or, without the key, of the innermost list or dictionary around it. `None` only for a
    /// text that cannot be read so far.
    #[must_use]
    pub fn locate(&self, text: &[u8], place: &Place) -> Option<Range<usize>> {
        if let Some(span) = &place.span {
            return Some(span.clone());
        }
        let export = self.export.as_ref()?;
        let within = match place.dim {
            Some(dim) => self.dims.get(dim).ok_or_else(|| export.get(Key::DimData)),
            None if place.key.is_in_buffer() => self.buffer.as_ref().ok_or(None),
            None => Ok(export),
        };
        let object = match within {
            Ok(object) => object,
            Err(outer) => return Some(outer.unwrap_or(&export.whole).clone()),
        };
        let Some(value) = object.get(place.key) else { return Some(object.whole.clone()) };
        let item = place.item.and_then(|item| nth(text, value, item));
        Some(item.unwrap_or_else(|| value.clone()))
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        let peek = reader.jiter.peek()?;
        let Self { export, buffer, dims } = self;
        export.insert(Object::at(reader)).read(reader, peek, 0, |reader, key, peek| match (key, peek) {
            (Some(Key::Buffer), _) => buffer.insert(Object::at(reader)).read_values(reader, peek),
            (Some(Key::DimData), Peek::Array) => read_dims(dims, reader),
            _ => reader.skip(peek, 1),
        })
    }
}

impl Object {
    /// The value at the reader's position. Until its end is known it extends to the end of the
    /// text.
    fn at(reader: &Reader<'_>) -> Self {
        Self { whole: reader.jiter.current_index()..reader.text.len(), keys: Vec::new() }
    }

    /// Reads the value. `read_value` reads the value of each member, and is given its key if that
    /// is a known one that comes for the first time. `depth` is that of the value in the text.
    fn read<'t>(
        &mut self,
        reader: &mut Reader<'t>,
        peek: Peek,
        depth: usize,
        mut read_value: impl FnMut(&mut Reader<'t>, Option<Key>, Peek) -> Read<()>,
    ) -> Read<()> {
        if peek == Peek::Object {
            let mut key = reader.jiter.known_object()?.map(known);
            while let Some(name) = key {
                let peek = reader.jiter.peek()?;
                let begin = reader.jiter.current_index();
                let new = name.filter(|name| self.get(*name).is_none());
                self.keys.extend(new.map(|name| (name, begin..reader.text.len())));
                read_value(reader, new, peek)?;
                if let (Some(_), Some((_, at))) = (new, self.keys.last_mut()) {
                    at.end = reader.jiter.current_index();
                }
                key = reader.jiter.next_key()?.map(known);
            }
        } else {
            reader.skip(peek, depth)?;
        }
        self.whole.end = reader.jiter.current_index();
        Ok(())
    }

    /// Reads a buffer or a dimension dictionary.
    fn read_values(&mut self, reader: &mut Reader<'_>, peek: Peek) -> Read<()> {
        self.read(reader, peek, 1, |reader, _, peek| reader.skip(peek, 1))
    }
}

fn read_dims(dims: &mut Vec<Object>, reader: &mut Reader<'_>) -> Read<()> {
    let mut next = reader.jiter.known_array()?;
    while let Some(peek) = next {
        if dims.len() < MAX_NDIM {
            let mut object = Object::at(reader);
            let read = object.read_values(reader, peek);
            dims.push(object);
            read?;
        } else {
            reader.skip(peek, 1)?;
        }
        next = reader.jiter.array_step()?;
    }
    Ok(())
}

/// Item `item` of the list in these bytes of the text.
fn nth(text: &[u8], list: &Range<usize>, item: usize) -> Option<Range<usize>> {
    let mut reader = Reader::new(text.get(list.clone())?);
    if reader.jiter.peek().ok()? != Peek::Array {
        return None;
    }
    let mut next = reader.jiter.known_array().ok()?;
    for _ in 0..item {
        reader.skip(next?, 1).ok()?;
        next = reader.jiter.array_step().ok()?;
    }
    let begin = reader.jiter.current_index();
    // A value that breaks off extends to the end of the text.
    let end = reader.skip(next?, 1).map_or(list.len(), |()| reader.jiter.current_index());
    Some(list.start + begin..list.start + end)
}

/// The bytes of one place, as [`Locator::locate`] finds them. For several places of one text, make
/// a [`Locator`].
#[must_use]
pub fn locate(text: &[u8], place: &Place) -> Option<Range<usize>> {
    Locator::new(text).locate(text, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The remains of a text that breaks off can be shown.
    #[test]
    fn a_text_that_breaks_off() {
        let text = br#"{"buffer": {"dtype": "<f8", "shape": [3]}, "dim_data": [{"size": 10, "start": 0"#;
        let found = |place| locate(text, &place).map(|at| std::str::from_utf8(&text[at]).unwrap());
        assert_eq!(found(Place::dim(0, Key::Size)), Some("10"));
        assert_eq!(found(Place::export(Key::Dtype)), Some(r#""<f8""#));
        assert_eq!(found(Place::dim(0, Key::Stop)), Some(r#"{"size": 10, "start": 0"#));
        assert_eq!(locate(b"", &Place::dim(0, Key::Stop)), None);
    }

    #[test]
    fn the_innermost_that_is_there() {
        let text = br#"{"size": 7, "buffer": {"shape": [3, 40]}, "dim_data": [{"size": 1, "size": 2}, 5, {"indices": [7, [8]]}]} "#;
        let locator = Locator::new(text);
        let found = |place| locator.locate(text, &place).map(|at| std::str::from_utf8(&text[at]).unwrap());
        assert_eq!(found(Place::dim(0, Key::Size)), Some("1"));
        assert_eq!(found(Place::dim(1, Key::Size)), Some("5"));
        assert_eq!(found(Place::dim(1, Key::Dim)), Some("5"));
        assert_eq!(found(Place::dim(2, Key::Indices).item(1)), Some("[8]"));
        assert_eq!(found(Place::dim(2, Key::Indices).item(2)), Some("[7, [8]]"));
        assert_eq!(found(Place::dim(3, Key::Size)).map(|text| &text[..8]), Some("[{\"size\""));
        assert_eq!(found(Place::export(Key::Shape).item(1)), Some("40"));
        assert_eq!(found(Place::export(Key::Strides)), Some(r#"{"shape": [3, 40]}"#));
        assert_eq!(found(Place::export(Key::Version)).map(str::len), Some(text.len() - 1));
        assert_eq!(found(Place::export(Key::Export)).map(str::len), Some(text.len() - 1));
        let no_list = br#"{"dim_data": 3, "buffer": null}"#;
        let found = |place| locate(no_list, &place).map(|at| std::str::from_utf8(&no_list[at]).unwrap());
        assert_eq!(found(Place::dim(0, Key::Size)), Some("3"));
        assert_eq!(found(Place::export(Key::Shape)), Some("null"));
    }
}
