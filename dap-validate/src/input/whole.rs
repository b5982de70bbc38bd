//! Reading a regular file whole, within limits.

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use dap_core::finding::Finding;
use dap_core::rules::RuleId;

use super::error::words;
use super::{LONGEST, of_text};

/// Reads one rank's file into `text`, which is emptied first.
pub(super) fn read(path: &Path, text: &mut Vec<u8>) -> Result<(), Box<Finding>> {
    let mut file = open(path).map_err(cannot_read)?;
    let expected = file.metadata().map_err(|error| cannot_read(words(&error)))?.len();
    if expected > LONGEST {
        return Err(cannot_read(too_long(expected)));
    }
    text.clear();
    let read = (&mut file).take(LONGEST + 1).read_to_end(text).map_err(|error| cannot_read(words(&error)))?;
    if read as u64 != expected {
        return Err(changed(expected, read as u64));
    }
    Ok(())
}

/// Opens a regular file; what else it is, or why it cannot be opened, in words.
///
/// It is looked at before it is opened: opening a named pipe would wait for somebody to write into it.
pub(super) fn open(path: &Path) -> Result<File, String> {
    let metadata = fs::metadata(path).map_err(|error| words(&error))?;
    match kind(&metadata) {
        None => File::open(path).map_err(|error| words(&error)),
        Some(kind) => Err(format!("it is {kind}")),
    }
}

/// What it is, where it is no regular file.
pub(super) fn kind(metadata: &Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    Some(match () {
        () if kind.is_file() => return None,
        () if kind.is_dir() => "a directory",
        () if kind.is_fifo() => "a named pipe",
        () if kind.is_socket() => "a socket",
        () => "a device",
    })
}

/// The finding for a file that cannot be read.
pub(super) fn cannot_read(problem: String) -> Box<Finding> {
    Box::new(of_text(RuleId::CANNOT_READ).with("problem", problem))
}

/// The finding for a file whose length changed.
pub(super) fn changed(before: u64, now: u64) -> Box<Finding> {
    let problem = format!("it was {before} bytes long and is now {now}{}", if now > before { " or more" } else { "" });
    Box::new(of_text(RuleId::CHANGED_WHILE_READ).with("problem", problem))
}

/// Why a text is refused.
pub(super) fn too_long(length: u64) -> String {
    format!("it is {length} bytes long, and one export may have {LONGEST}")
}
