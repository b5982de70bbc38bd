//! One export, or a bundle of all ranks' exports.

use std::ops::Range;

use jiter::Peek;

use crate::finding::{Finding, Key, Place};
use crate::json::reader::{Read, Reader};
use crate::json::syntax;
use crate::rules::RuleId;

/// What a JSON document holds.
#[derive(Debug)]
pub enum Document {
    /// One rank's export: the whole text.
    Export,
    /// A bundle `{"ranks": [...]}`: the bytes of each rank's export, in rank order.
    Bundle {
        /// Where each export lies in the text.
        exports: Vec<Range<usize>>,
        /// What is wrong with the bundle itself.
        problems: Vec<Finding>,
    },
}

/// Looks whether `text` is an export or a bundle, without reading the exports.
///
/// A dictionary with the key `ranks` is a bundle. Everything else, valid or not, is left to [`read`](crate::json::read).
#[must_use]
pub fn split(text: &[u8]) -> Document {
    let mut reader = Reader::new(text);
    let mut found = None;
    let outcome = bundle(&mut reader, &mut found);
    let Some(exports) = found else { return Document::Export };
    if let Err(stop) = outcome.and_then(|()| Ok(reader.jiter.finish()?)) {
        reader.problems.push(syntax::finding(text, reader.jiter.current_index(), &stop));
    }
    Document::Bundle { exports, problems: reader.problems }
}

/// Walks the outermost dictionary; `found` is set when it turns out to be a bundle.
fn bundle(reader: &mut Reader<'_>, found: &mut Option<Vec<Range<usize>>>) -> Read<()> {
    if reader.jiter.peek()? != Peek::Object {
        return Ok(());
    }
    let mut key = reader.jiter.known_object()?.map(|key| key == "ranks");
    while let Some(is_ranks) = key {
        let peek = reader.jiter.peek()?;
        if is_ranks && found.is_some() {
            let start = reader.jiter.current_index();
            reader.skip(peek, 1)?;
            let place = Place { span: Some(start..reader.jiter.current_index()), ..Place::export(Key::Export) };
            reader.problems.push(Finding::new(RuleId::DUPLICATE_KEY, place).with("key", "ranks"));
        } else if is_ranks {
            let exports = found.insert(Vec::new());
            if peek == Peek::Array {
                let mut next = reader.jiter.known_array()?;
                while let Some(peek) = next {
                    let (start, known) = (reader.jiter.current_index(), reader.problems.len());
                    reader.skip(peek, 2)?;
                    // What is wrong within an export is found again when it is read.
                    reader.problems.truncate(known);
                    exports.push(start..reader.jiter.current_index());
                    next = reader.jiter.array_step()?;
                }
            } else {
                let start = reader.jiter.current_index();
                reader.skip(peek, 1)?;
                let span = start..reader.jiter.current_index();
                let what = match peek {
                    Peek::Object => "a dictionary",
                    Peek::String => "a string",
                    _ => "something else",
                };
                let place = Place { span: Some(span), ..Place::export(Key::Export) };
                reader.problems.push(Finding::new(RuleId::NOT_A_BUNDLE, place).with("found", what));
            }
        } else {
            reader.skip(peek, 1)?;
        }
        key = reader.jiter.next_key()?.map(|key| key == "ranks");
    }
    Ok(())
}
