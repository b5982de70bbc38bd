//! Reading the JSON: files, or standard input.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::Failure;
use super::cases;
use super::strict::{self, Strict};
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
    let text = if path == Path::new("-") {
        let mut text = Vec::new();
        io::stdin().lock().read_to_end(&mut text)?;
        text
    } else {
        fs::read(path).map_err(|error| Failure::Usage(format!("cannot read {name}: {error}")))?
    };
    let text = String::from_utf8(text).map_err(|_| Failure::Usage(format!("{name} is not UTF-8")))?;
    let value = serde_json::from_str::<Strict>(&strict::readable(&text));
    value
        .map(|Strict(value)| cases::normalised(value))
        .map_err(|error| Failure::Usage(format!("{name} is not JSON: {error}")))
}
