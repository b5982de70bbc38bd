//! The kind of a file named on the command line, found from its first bytes.

use std::io::{self, Read};
use std::path::Path;

use dap_core::finding::Finding;
use dap_core::json::{self, Document};
use dap_core::rules::RuleId;
use memchr::memmem;
use serde::de::IgnoredAny;

use super::bundle::InputBundle;
use super::lines::{InputLines, Stream};
use super::problem::{no_export, numpy, of_text};
use super::set::SetSource;
use super::whole::LONGEST;
use super::{dnpy, problem, whole};

/// The largest length of a bundle, which is read whole. Longer sets can be written one export per
/// line.
const LONGEST_BUNDLE: u64 = 4 * LONGEST;

/// The number of bytes that show the kind of most files.
const BEGINNING: u64 = 1 << 16;

/// The contents of a file.
pub(super) enum FileContent {
    /// One rank's export, or a text that is no export.
    Export,
    /// A `.dnpy` file, or a file with the beginning or the name of one.
    Dnpy,
    /// The exports of all ranks.
    All(SetSource),
}

/// Finds the kind of a regular file.
///
/// # Errors
/// The file cannot be read.
pub(super) fn file(path: &Path) -> io::Result<FileContent> {
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
        "ndjson" | "jsonl" => return Ok(FileContent::All(SetSource::Lines(InputLines::file(path)))),
        "dnpy" => return Ok(FileContent::Dnpy),
        _ => {}
    }
    // Read on until the first line is complete and more text follows it.
    loop {
        if text.starts_with(dap_formats::npy::MAGIC) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            return Ok(FileContent::All(SetSource::Nothing(Box::new(numpy(*no_export("the file"), name)))));
        }
        if text.starts_with(dnpy::MAGIC) {
            return Ok(FileContent::Dnpy);
        }
        match lines(&text) {
            Some(true) => return Ok(FileContent::All(SetSource::Lines(InputLines::file(path)))),
            Some(false) => break,
            None if ended || text.len() as u64 > LONGEST => break,
            None => {}
        }
        let more = text.len() as u64;
        ended |= ((&mut file).take(more).read_to_end(&mut text)? as u64) < more;
    }
    let expected = file.metadata()?.len();
    if expected > LONGEST_BUNDLE {
        return Ok(FileContent::All(SetSource::Nothing(too_long())));
    }
    if !ended {
        (&mut file).take(LONGEST_BUNDLE).read_to_end(&mut text)?;
    }
    Ok(match bundle(&text) {
        Some((exports, problems)) => {
            FileContent::All(SetSource::Bundle(InputBundle::file(path, text.len(), exports, problems)))
        }
        None => FileContent::Export,
    })
}

/// Whether the first document of `text`, the beginning of a file, is a dictionary or list that
/// takes several lines.
fn goes_on(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let first = &text[..memchr::memchr(b'\n', text).unwrap_or(text.len())];
    let breaks_off = |error: &serde_json::Error| error.is_eof();
    if first.len() == text.len() || !serde_json::from_slice::<IgnoredAny>(first).is_err_and(|e| breaks_off(&e)) {
        return false;
    }
    // A line that was cut off is followed by another document, which does not continue the first
    // one.
    let mut documents = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    documents.next().is_some_and(|document| document.as_ref().err().is_none_or(breaks_off))
}

/// The contents of a file of lines whose first document takes several lines. If another document
/// follows, the file is checked as one document: the finding is the same under any file name. If
/// none follows, the name of the file is wrong.
fn several_over_lines(text: &[u8]) -> FileContent {
    let mut documents = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    let first = documents.next();
    let follows = first.is_some_and(|first| first.is_ok()) && !text[documents.byte_offset()..].trim_ascii().is_empty();
    match text.len() as u64 {
        length if length > LONGEST_BUNDLE => FileContent::All(SetSource::Nothing(too_long())),
        _ if follows => FileContent::Export,
        _ => FileContent::All(SetSource::Nothing(over_lines())),
    }
}

/// The finding for a file of lines that holds a document over several lines: one finding, not one
/// for each line.
fn over_lines() -> Box<Finding> {
    let problem = "its first line is only the beginning of a document, and a file of this name has one export per \
        line; write each without line breaks (no `indent`), or name the file `.json`";
    Box::new(of_text(RuleId::INVALID_JSON).with("problem", problem))
}

/// The finding for a document that is too long to be read.
fn too_long() -> Box<Finding> {
    problem::cannot_read(format!("one document may have {LONGEST_BUNDLE} bytes; write one export per line"))
}

/// The contents of a stream.
pub(super) struct StreamContent {
    pub(super) source: SetSource,
    /// Whether the text is neither a bundle nor lines, and so the export of one rank.
    pub(super) is_one_export: bool,
}

/// Finds the kind of a stream from its first lines; a document is read whole.
pub(super) fn stream(stream: Stream) -> StreamContent {
    let several = |source| StreamContent { source, is_one_export: false };
    let Some(first) = stream.block(0) else {
        return several(SetSource::Lines(InputLines::stream(stream)));
    };
    let more = || stream.block(1).is_some_and(|block| !block.text.trim_ascii().is_empty());
    // A block ends at a line end. If the first line fills the first block, the next block decides.
    if first.too_long || lines(&first.text).unwrap_or_else(more) {
        return several(SetSource::Lines(InputLines::stream(stream)));
    }
    drop(first);
    let path = stream.path.clone();
    let Some(text) = stream.into_text(LONGEST_BUNDLE) else {
        return several(SetSource::Nothing(too_long()));
    };
    match bundle(&text) {
        Some((exports, problems)) => several(SetSource::Bundle(InputBundle::memory(path, text, exports, problems))),
        None => {
            let export = 0..text.len();
            let source = SetSource::Bundle(InputBundle::memory(path, text, vec![export], Vec::new()));
            StreamContent { source, is_one_export: true }
        }
    }
}

/// Whether `text`, the beginning of a file, is one JSON value per line: its first line is complete,
/// and more text follows. `None` if the text ends too early to decide.
fn lines(text: &[u8]) -> Option<bool> {
    let end = memchr::memchr(b'\n', text)?;
    let (first, rest) = text.split_at(end);
    if serde_json::from_slice::<IgnoredAny>(first).is_err() {
        return Some(false);
    }
    rest.iter().any(|byte| !byte.is_ascii_whitespace()).then_some(true)
}

type BundleParts = (Vec<std::ops::Range<usize>>, Vec<Finding>);

/// The exports of a bundle; `None` for anything else.
fn bundle(text: &[u8]) -> Option<BundleParts> {
    // Single exports rarely contain this word: the search saves them a second pass.
    memmem::find(text, b"\"ranks\"")?;
    match json::split(text) {
        Document::Export => None,
        Document::Bundle { exports, problems } => Some((exports, problems)),
    }
}
