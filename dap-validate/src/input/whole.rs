//! Reading a regular file whole, within limits.

use std::io::Read;
use std::path::Path;

use dap_core::finding::{Finding, plural};
use dap_core::rules::RuleId;
pub(super) use dap_formats::file::{kind, open};

use super::error::words;
use super::{LONGEST, gzip, of_text};

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
    if gzip::is_compressed(text) {
        let compressed = std::mem::take(text);
        gzip::reader(&compressed[..])
            .take(LONGEST + 1)
            .read_to_end(text)
            .map_err(|error| cannot_read(words(&error)))?;
        if text.len() as u64 > LONGEST {
            return Err(cannot_read(too_long(text.len() as u64)));
        }
    }
    Ok(())
}

/// The finding for a file that cannot be read.
pub(super) fn cannot_read(problem: String) -> Box<Finding> {
    Box::new(of_text(RuleId::CANNOT_READ).with("problem", problem))
}

/// The finding for a file whose length changed.
pub(super) fn changed(before: u64, now: u64) -> Box<Finding> {
    let problem = format!(
        "it was {} long and is now {now}{}",
        plural(before, "byte"),
        if now > before { " or more" } else { "" }
    );
    Box::new(of_text(RuleId::CHANGED_WHILE_READ).with("problem", problem))
}

/// Why a text is refused.
pub(super) fn too_long(length: u64) -> String {
    format!("it is {length} bytes long, and one export may have {LONGEST}")
}
