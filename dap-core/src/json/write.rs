//! Writing an export as JSON text.

use std::fmt::Write;

use crate::dtype::Descr;
use crate::export::{Buffer, DimDict, Export, Field, Found};

/// The text of an export on one line, as [`read`](crate::json::read) reads it. Missing parts are
/// left out.
///
/// `None` if a part has no text: a value of a wrong type of which only a description was kept (a
/// list, a string), a key that the protocol does not have, an item type that is unknown or a bare
/// pointer, a text that was not read to its end.
///
/// ```
/// use dap_core::export::{DimDict, Export};
/// use dap_core::json;
/// let export = Export::new("<f8", vec![3], vec![DimDict::cyclic(10, 4).on_grid(1, 3)]);
/// let text = json::write(&export).unwrap();
/// assert_eq!(json::read(text.as_bytes()), export);
/// ```
#[must_use]
pub fn write(export: &Export) -> Option<String> {
    let mut text = String::with_capacity(128);
    write_into(export, &mut text)?;
    Some(text)
}

/// [`write()`] to the end of `text`, whose memory is used again. After `None` the end of `text` has
/// no meaning.
#[must_use]
pub fn write_into(export: &Export, text: &mut String) -> Option<()> {
    if !export.complete || !export.unknown.is_empty() || !export.problems.is_empty() {
        return None;
    }
    let mut members = Members::begin(text);
    members.field("__version__", &export.version, |text, version| write!(text, "\"{version}\"").ok())?;
    members.field("buffer", &export.buffer, buffer)?;
    members
        .field("dim_data", &export.dim_data, |text, dims| list(text, dims, |text, dim| value(text, dim, dim_dict)))?;
    members.end();
    Some(())
}

fn buffer(text: &mut String, buffer: &Buffer) -> Option<()> {
    if !buffer.unknown.is_empty() {
        return None;
    }
    let mut members = Members::begin(text);
    members.field("dtype", &buffer.dtype, |text, dtype| descr(text, &dtype.as_ref().ok()?.descr()?))?;
    members.field("shape", &buffer.shape, |text, shape| list(text, shape, integer))?;
    members.field("strides", &buffer.strides, |text, strides| list(text, strides, integer))?;
    members.field("data", &buffer.data, |text, data| string(text, data))?;
    members.field("offset", &buffer.offset, integer)?;
    members.end();
    Some(())
}

fn dim_dict(text: &mut String, dict: &DimDict) -> Option<()> {
    if !dict.unknown.is_empty() {
        return None;
    }
    let mut members = Members::begin(text);
    members.field("dist_type", &dict.dist_type, |text, dist_type| string(text, dist_type.letter()))?;
    members.field("size", &dict.size, integer)?;
    members.field("proc_grid_size", &dict.proc_grid_size, integer)?;
    members.field("proc_grid_rank", &dict.proc_grid_rank, integer)?;
    members.field("start", &dict.start, integer)?;
    members.field("stop", &dict.stop, integer)?;
    members.field("padding", &dict.padding, |text, padding| list(text, padding, integer))?;
    members.field("periodic", &dict.periodic, boolean)?;
    members.field("block_size", &dict.block_size, integer)?;
    members.field("indices", &dict.indices, |text, indices| list(text, indices, integer))?;
    members.field("one_to_one", &dict.one_to_one, boolean)?;
    members.end();
    Some(())
}

/// The members of one dictionary, as far as they are present.
struct Members<'t> {
    text: &'t mut String,
    next: &'static str,
}

impl<'t> Members<'t> {
    fn begin(text: &'t mut String) -> Self {
        Self { text, next: "{" }
    }

    fn field<T>(
        &mut self,
        key: &str,
        field: &Field<T>,
        write: impl FnOnce(&mut String, &T) -> Option<()>,
    ) -> Option<()> {
        if field.is_missing() {
            return Some(());
        }
        self.text.push_str(self.next);
        self.next = ", ";
        self.text.push('"');
        self.text.push_str(key);
        self.text.push_str("\": ");
        value(self.text, field, write)
    }

    fn end(self) {
        self.text.push_str(if self.next == "{" { "{}" } else { "}" });
    }
}

fn value<T>(text: &mut String, field: &Field<T>, write: impl FnOnce(&mut String, &T) -> Option<()>) -> Option<()> {
    match field {
        Field::Is(value) => write(text, value),
        Field::Wrong(found) => describe(text, found),
        Field::Missing => None,
    }
}

/// A value of a wrong type, if the kept description is complete.
fn describe(text: &mut String, found: &Found) -> Option<()> {
    match found {
        Found::Null => text.push_str("null"),
        Found::Bool(value) => boolean(text, value)?,
        Found::Int(value) => integer(text, value)?,
        Found::BigInt(number) | Found::Float(number) => text.push_str(number),
        Found::Text(_) | Found::List(_) | Found::ListWith(..) | Found::Dict | Found::Other(_) => return None,
    }
    Some(())
}

fn list<T>(text: &mut String, items: &[T], write: impl Fn(&mut String, &T) -> Option<()>) -> Option<()> {
    text.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        write(text, item)?;
    }
    text.push(']');
    Some(())
}

fn integer(text: &mut String, value: &i64) -> Option<()> {
    write!(text, "{value}").ok()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as the other writers")]
fn boolean(text: &mut String, value: &bool) -> Option<()> {
    text.push_str(if *value { "true" } else { "false" });
    Some(())
}

fn string(text: &mut String, value: &str) -> Option<()> {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            '\0'..='\u{1f}' | '\u{7f}' => write!(text, "\\u{:04x}", u32::from(character)).ok()?,
            _ => text.push(character),
        }
    }
    text.push('"');
    Some(())
}

fn descr(text: &mut String, item: &Descr) -> Option<()> {
    match item {
        Descr::Text(value) => string(text, value),
        Descr::Int(value) => integer(text, value),
        Descr::List(items) => list(text, items, descr),
        Descr::Dict(entries) => {
            text.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                if at > 0 {
                    text.push_str(", ");
                }
                string(text, key)?;
                text.push_str(": ");
                descr(text, value)?;
            }
            text.push('}');
            Some(())
        }
        Descr::Other(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::json::read;

    #[test]
    fn what_was_read_is_written() {
        for text in [
            "{}",
            r#"{"dim_data": []}"#,
            r#"{"__version__": "0.9.0", "buffer": {}, "dim_data": [{}, null]}"#,
            r#"{"buffer": {"dtype": [["x", "<f8"], ["a \"\\\u0001é", "<i4", [2, 3]]], "shape": [2], "strides": [-20]}}"#,
            r#"{"buffer": {"dtype": {"names": ["a", "b"], "formats": ["<i4", "|u1"], "offsets": [0, 0], "itemsize": 9}}}"#,
            r#"{"buffer": {"data": "a\u0000/b.npy", "offset": -9223372036854775808}}"#,
            r#"{"dim_data": [{"dist_type": "u", "size": 1.50, "start": 99999999999999999999, "indices": [], "one_to_one": 1}]}"#,
            r#"{"dim_data": [{"dist_type": "n", "padding": [0, -3], "periodic": true, "one_to_one": false}]}"#,
        ] {
            let export = read(text.as_bytes());
            assert!(export.complete, "{text}");
            assert_eq!(write(&export).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_was_not_kept_is_not_written() {
        for text in [
            r#"{"__version__": "ten"}"#,
            r#"{"colour": 1}"#,
            r#"{"buffer": {"colour": 1}}"#,
            r#"{"dim_data": [{"colour": 1}]}"#,
            r#"{"buffer": {"dtype": "<f7"}}"#,
            r#"{"buffer": {"dtype": "&<d"}}"#,
            r#"{"dim_data": [{"padding": [1]}]}"#,
            r#"{"dim_data": [[]]}"#,
            r#"{"dim_data": 3, "dim_data": []}"#,
            r#"{"dim_data": ["#,
        ] {
            assert_eq!(write(&read(text.as_bytes())), None, "{text}");
        }
    }
}
