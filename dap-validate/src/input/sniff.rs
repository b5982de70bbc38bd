//! What a file named on the command line holds, by its first bytes.

use std::io::Read;
use std::path::Path;

use dap_core::json::{self, Document};
use memchr::memmem;
use serde::de::IgnoredAny;

use super::bundle::Bundle;
use super::lines::{Lines, Stream};
use super::{LONGEST, Source, dnpy, whole};

/// A bundle is read whole, so its length is bounded, too. Longer ones can be written one export per line.
const LONGEST_BUNDLE: u64 = 4 * LONGEST;

/// What a file holds.
pub(super) enum Content {
    /// One rank's export, or something that is none.
    Export,
    /// A `.dnpy`, or something that pretends to be one.
    Dnpy,
    /// All ranks.
    All(Source),
}

/// Looks into a regular file. One that cannot be read is taken for an export: the judge will say why.
pub(super) fn file(path: &Path) -> Content {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "ndjson" | "jsonl" => return Content::All(Source::Lines(Lines::file(path))),
        "dnpy" => return Content::Dnpy,
        _ => {}
    }
    let Ok(mut file) = whole::open(path) else { return Content::Export };
    let mut text = Vec::new();
    let mut ended = false;
    // Until the first line is whole, with something behind it.
    loop {
        let more = if text.is_empty() { 1 << 16 } else { text.len() as u64 };
        match (&mut file).take(more).read_to_end(&mut text) {
            Ok(read) => ended |= (read as u64) < more,
            Err(_) => return Content::Export,
        }
        if text.starts_with(dnpy::MAGIC) || text.starts_with(b"\x93NUMPY") {
            return Content::Dnpy;
        }
        match lines(&text) {
            Some(true) => return Content::All(Source::Lines(Lines::file(path))),
            Some(false) => break,
            None if ended || text.len() as u64 > LONGEST => break,
            None => {}
        }
    }
    if !ended && (&mut file).take(LONGEST_BUNDLE).read_to_end(&mut text).is_err() {
        return Content::Export;
    }
    match bundle(&text) {
        Some((exports, problems)) => Content::All(Source::Bundle(Bundle::file(path, text.len(), exports, problems))),
        None => Content::Export,
    }
}

/// Looks at the first lines of a stream; a document is read whole. The flag says whether it holds all ranks.
pub(super) fn stream(stream: Stream) -> (Source, bool) {
    let Some(first) = stream.block(0) else {
        return (Source::Lines(Lines::stream(stream)), true);
    };
    let more = || stream.block(1).is_some_and(|block| !block.text.trim_ascii().is_empty());
    // A block ends at a line end: if the first line is whole and alone in it, the next one tells.
    if first.too_long || lines(&first.text).unwrap_or_else(more) {
        return (Source::Lines(Lines::stream(stream)), true);
    }
    drop(first);
    let path = stream.path.clone();
    let Some(text) = stream.into_text(LONGEST_BUNDLE) else {
        let problem = format!("one document may have {LONGEST_BUNDLE} bytes; write one export per line");
        return (Source::Nothing(whole::cannot_read(problem)), true);
    };
    match bundle(&text) {
        Some((exports, problems)) => (Source::Bundle(Bundle::memory(path, text, exports, problems)), true),
        None => {
            let export = 0..text.len();
            (Source::Bundle(Bundle::memory(path, text, vec![export], Vec::new())), false)
        }
    }
}

/// Whether `text`, the beginning of a file, is one JSON value per line: its first line is whole, and something
/// follows. `None` when the text ends too early to tell.
fn lines(text: &[u8]) -> Option<bool> {
    let end = memchr::memchr(b'\n', text)?;
    let (first, rest) = text.split_at(end);
    if serde_json::from_slice::<IgnoredAny>(first).is_err() {
        return Some(false);
    }
    rest.iter().any(|byte| !byte.is_ascii_whitespace()).then_some(true)
}

type Split = (Vec<std::ops::Range<usize>>, Vec<dap_core::finding::Finding>);

/// The exports of a bundle; `None` for anything else.
fn bundle(text: &[u8]) -> Option<Split> {
    // Spares single exports, which hardly ever say so, a second reading.
    memmem::find(text, b"\"ranks\"")?;
    match json::split(text) {
        Document::Export => None,
        Document::Bundle { exports, problems } => Some((exports, problems)),
    }
}
