//! Reading the JSON: files, or standard input.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use dap_formats::file;
use serde_json::Value;

use super::super::Failure;
use super::cases;
use super::strict::{self, Strict};
use crate::input::LONGEST;
use crate::report::printable;

/// One document for each path.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Value>, Failure> {
    paths.iter().map(|path| one(path)).collect()
}

/// A name for an array that has none: the file's.
pub(super) fn stem(paths: &[PathBuf]) -> String {
    let stem = paths.first().and_then(|path| path.file_stem()).map(|stem| stem.to_string_lossy().into_owned());
    stem.filter(|stem| stem != "-").unwrap_or_else(|| "array".to_owned())
}

fn one(path: &Path) -> Result<Value, Failure> {
    let name = printable(&path.display().to_string());
    let text = text(path).map_err(|why| Failure::Usage(format!("cannot read {name}: {why}")))?;
    let text = String::from_utf8(text).map_err(|_| Failure::Usage(format!("{name} is not UTF-8")))?;
    let value = serde_json::from_str::<Strict>(&strict::readable(&text));
    value
        .map(|Strict(value)| cases::normalised(value))
        .map_err(|error| Failure::Usage(format!("{name} is not JSON: {error}")))
}

/// The bytes of a file, a pipe or standard input, or why there are none. Devices are refused: some never end.
fn text(path: &Path) -> Result<Vec<u8>, String> {
    let failed = |error: io::Error| file::words(&error);
    let from: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else if fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo()) {
        Box::new(File::open(path).map_err(failed)?)
    } else {
        Box::new(file::open(path)?)
    };
    let mut text = Vec::new();
    from.take(LONGEST + 1).read_to_end(&mut text).map_err(failed)?;
    if text.len() as u64 > LONGEST {
        return Err(format!("it is longer than the {LONGEST} bytes that one document may have"));
    }
    Ok(text)
}
