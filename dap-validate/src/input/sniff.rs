//! What a file named on the command line holds, by its first bytes.

use std::io::{self, Read};
use std::path::Path;

use dap_core::finding::Finding;
use dap_core::json::{self, Document};
use dap_core::rules::RuleId;
use memchr::memmem;
use serde::de::IgnoredAny;

use super::bundle::Bundle;
use super::lines::{Lines, Stream};
use super::{LONGEST, Source, dnpy, no_export, numpy, of_text, whole};

/// A bundle is read whole, so its length is bounded, too. Longer ones can be written one export per
/// line.
const LONGEST_BUNDLE: u64 = 4 * LONGEST;

/// So many bytes tell what most files are.
const BEGINNING: u64 = 1 << 16;

/// What a file holds.
pub(super) enum Content {
    /// One rank's export, or something that is none.
    Export,
    /// A `.dnpy`, or something that pretends to be one.
    Dnpy,
    /// All ranks.
    All(Source),
}

/// Looks into a regular file.
///
/// # Errors
/// It cannot be read.
pub(super) fn file(path: &Path) -> io::Result<Content> {
    let mut file = whole::open(path).map_err(io::Error::other)?;
    let mut text = Vec::new();
    let mut ended = (&mut file).take(BEGINNING).read_to_end(&mut text)? < BEGINNING as usize;
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "ndjson" | "jsonl" if goes_on(&text) => {
            let room = LONGEST_BUNDLE.saturating_sub(text.len() as u64);
            (&mut file).take(room + 1).read_to_end(&mut text)?;
            return Ok(several_over_lines(&text));
        }
        "ndjson" | "jsonl" => return Ok(Content::All(Source::Lines(Lines::file(path)))),
        "dnpy" => return Ok(Content::Dnpy),
        _ => {}
    }
    // Until the first line is whole, with something behind it.
    loop {
        if text.starts_with(dap_formats::npy::MAGIC) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            return Ok(Content::All(Source::Nothing(Box::new(numpy(*no_export("the file"), name)))));
        }
        if text.starts_with(dnpy::MAGIC) {
            return Ok(Content::Dnpy);
        }
        match lines(&text) {
            Some(true) => return Ok(Content::All(Source::Lines(Lines::file(path)))),
            Some(false) => break,
            None if ended || text.len() as u64 > LONGEST => break,
            None => {}
        }
        let more = text.len() as u64;
        ended |= ((&mut file).take(more).read_to_end(&mut text)? as u64) < more;
    }
    let expected = file.metadata()?.len();
    if expected > LONGEST_BUNDLE {
        return Ok(Content::All(Source::Nothing(too_long())));
    }
    if !ended {
        (&mut file).take(LONGEST_BUNDLE).read_to_end(&mut text)?;
    }
    Ok(match bundle(&text) {
        Some((exports, problems)) => Content::All(Source::Bundle(Bundle::file(path, text.len(), exports, problems))),
        None => Content::Export,
    })
}

/// Whether the first document of `text`, the beginning of a file, is a dictionary or list over
/// several lines.
fn goes_on(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let first = &text[..memchr::memchr(b'\n', text).unwrap_or(text.len())];
    let breaks_off = |error: &serde_json::Error| error.is_eof();
    if first.len() == text.len() || !serde_json::from_slice::<IgnoredAny>(first).is_err_and(|e| breaks_off(&e)) {
        return false;
    }
    // A line that was cut off is followed by another document, which is not how the first one goes
    // on.
    let mut documents = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    documents.next().is_some_and(|document| document.as_ref().err().is_none_or(breaks_off))
}

/// A file of lines whose first document goes over several. Where another document follows, it is
/// checked as a document, so that the sentence is the same under any name; where none does, its name
/// is wrong.
fn several_over_lines(text: &[u8]) -> Content {
    let mut documents = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    let first = documents.next();
    let follows = first.is_some_and(|first| first.is_ok()) && !text[documents.byte_offset()..].trim_ascii().is_empty();
    match text.len() as u64 {
        length if length > LONGEST_BUNDLE => Content::All(Source::Nothing(too_long())),
        _ if follows => Content::Export,
        _ => Content::All(Source::Nothing(over_lines())),
    }
}

/// The finding for a file of lines that has none. One, where each of its lines would be another.
fn over_lines() -> Box<Finding> {
    let problem = "its first line is only the beginning of a document, and a file of this name has one export per \
        line; write each without line breaks (no `indent`), or name the file `.json`";
    Box::new(of_text(RuleId::INVALID_JSON).with("problem", problem))
}

/// The finding for a document that is not read.
fn too_long() -> Box<Finding> {
    whole::cannot_read(format!("one document may have {LONGEST_BUNDLE} bytes; write one export per line"))
}

/// What a stream holds.
pub(super) struct StreamContent {
    pub(super) source: Source,
    /// The text is neither a bundle nor lines, so it is the export of one rank.
    pub(super) is_one_export: bool,
}

/// Looks at the first lines of a stream; a document is read whole.
pub(super) fn stream(stream: Stream) -> StreamContent {
    let several = |source| StreamContent { source, is_one_export: false };
    let Some(first) = stream.block(0) else {
        return several(Source::Lines(Lines::stream(stream)));
    };
    let more = || stream.block(1).is_some_and(|block| !block.text.trim_ascii().is_empty());
    // A block ends at a line end: if the first line is whole and alone in it, the next one tells.
    if first.too_long || lines(&first.text).unwrap_or_else(more) {
        return several(Source::Lines(Lines::stream(stream)));
    }
    drop(first);
    let path = stream.path.clone();
    let Some(text) = stream.into_text(LONGEST_BUNDLE) else {
        return several(Source::Nothing(too_long()));
    };
    match bundle(&text) {
        Some((exports, problems)) => several(Source::Bundle(Bundle::memory(path, text, exports, problems))),
        None => {
            let export = 0..text.len();
            let source = Source::Bundle(Bundle::memory(path, text, vec![export], Vec::new()));
            StreamContent { source, is_one_export: true }
        }
    }
}

/// Whether `text`, the beginning of a file, is one JSON value per line: its first line is whole,
/// and something follows. `None` when the text ends too early to tell.
fn lines(text: &[u8]) -> Option<bool> {
    let end = memchr::memchr(b'\n', text)?;
    let (first, rest) = text.split_at(end);
    if serde_json::from_slice::<IgnoredAny>(first).is_err() {
        return Some(false);
    }
    rest.iter().any(|byte| !byte.is_ascii_whitespace()).then_some(true)
}

type Split = (Vec<std::ops::Range<usize>>, Vec<Finding>);

/// The exports of a bundle; `None` for anything else.
fn bundle(text: &[u8]) -> Option<Split> {
    // Spares single exports, which hardly ever say so, a second reading.
    memmem::find(text, b"\"ranks\"")?;
    match json::split(text) {
        Document::Export => None,
        Document::Bundle { exports, problems } => Some((exports, problems)),
    }
}
