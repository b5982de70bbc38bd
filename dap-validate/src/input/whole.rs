//! Regular files that are read whole, within limits.

use std::io::Read;
use std::path::Path;

use dap_core::finding::Finding;
pub(super) use dap_formats::file::{kind, open};

use super::error::words;
use super::gzip;
use super::problem::{cannot_read, changed, too_long};

/// The largest length of one rank's export in bytes. An unstructured section with fifty million
/// indices fits.
pub const LONGEST: u64 = 1 << 30;

/// Reads one rank's file into `text`, which is emptied first.
pub(super) fn read(path: &Path, text: &mut Vec<u8>) -> Result<(), Box<Finding>> {
    let mut file = open(path).map_err(cannot_read)?;
    let expected = file.metadata().map_err(|error| cannot_read(words(&error)))?.len();
    if expected > LONGEST {
        return Err(cannot_read(too_long(expected, LONGEST)));
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
            return Err(cannot_read(too_long(text.len() as u64, LONGEST)));
        }
    }
    Ok(())
}
