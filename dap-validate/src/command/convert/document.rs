//! Reading descriptions: from files, pipes or standard input, compressed by gzip or not.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use dap_formats::{file, npy};
use serde_json::Value;

use super::cases;
use super::order::Origin;
use super::ranges;
use crate::command::outcome::Failure;
use crate::input::{LONGEST, gzip};
use crate::printed;
use dap_report::printable;

/// The values of all paths in the order in which they were given, and their origin.
pub(super) fn read(paths: &[PathBuf]) -> Result<(Vec<Value>, Origin), Failure> {
    if let [path] = paths {
        return Ok((all(path)?, Origin::OneText));
    }
    let mut values = Vec::new();
    for path in paths {
        let mut of_path = all(path)?;
        match (of_path.pop(), of_path.len()) {
            (Some(only), 0) => values.push(only),
            (_, others) => {
                let name = printable(&path.display().to_string());
                return Err(Failure::Usage(format!(
                    "{name} holds {} descriptions, and of several files each is one rank's: convert it alone, or give \
                     a file for each rank",
                    others + 1
                )));
            }
        }
    }
    Ok((values, Origin::Files(paths.to_vec())))
}

/// The name of an array that has none of its own: that of the file.
pub(super) fn stem(paths: &[PathBuf]) -> String {
    let without_gz =
        |path: &PathBuf| if path.extension()? == "gz" { path.file_stem().map(PathBuf::from) } else { None };
    let stem = paths.first().map(|path| without_gz(path).unwrap_or_else(|| path.clone()));
    let stem = stem.as_ref().and_then(|path| path.file_stem()).map(|stem| stem.to_string_lossy().into_owned());
    stem.filter(|stem| stem != "-").unwrap_or_else(|| "array".to_owned())
}

/// The values of one path, at least one.
fn all(path: &Path) -> Result<Vec<Value>, Failure> {
    let name = printable(&path.display().to_string());
    let text = text(path).map_err(|why| Failure::Usage(format!("cannot read {name}: {why}")))?;
    let text = String::from_utf8(text).map_err(|_| Failure::Usage(format!("{name} is not UTF-8")))?;
    // What Julia, Chapel and Global Arrays print is neither.
    let values = printed::values(&text).or_else(|why| ranges::documents(&text).ok_or(why));
    let values = values.map_err(|why| Failure::Usage(format!("{name} {why}")))?;
    if values.is_empty() {
        return Err(Failure::Usage(format!(
            "{name} is empty; expected a library's description of its arrays, as JSON"
        )));
    }
    if let Some(at) = values.iter().position(|value| !(value.is_object() || value.is_array() || value.is_null())) {
        return Err(Failure::Usage(format!(
            "{name}: value {} is {}; a description is a dictionary, or a list of one for each rank",
            at + 1,
            printable(&values[at].to_string().chars().take(40).collect::<String>())
        )));
    }
    Ok(values.into_iter().map(cases::normalised).collect())
}

/// The bytes of a file, a pipe or standard input, or the reason why there are none. Devices are
/// refused, because some never end.
fn text(path: &Path) -> Result<Vec<u8>, String> {
    let failed = |error: io::Error| file::words(&error);
    let from: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else if fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo()) {
        Box::new(File::open(path).map_err(failed)?)
    } else {
        Box::new(file::open(path)?)
    };
    let text = bounded(from)?;
    let text = if gzip::is_compressed(&text) { bounded(gzip::reader(&text[..]))? } else { text };
    if text.starts_with(npy::MAGIC) {
        return Err("it is a NumPy file, which holds the items of one rank and nothing of how the array is distributed. \
             Convert what the library says of the distribution: for rows in rank order \
             {\"shape\": [...], \"typestr\": \"<f8\", \"axis\": 0} of each rank; `dap-validate convert --list` has the others"
            .to_owned());
    }
    Ok(text)
}

fn bounded(from: impl Read) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    from.take(LONGEST + 1).read_to_end(&mut text).map_err(|error| file::words(&error))?;
    if text.len() as u64 > LONGEST {
        return Err(format!("it is longer than the {LONGEST} bytes that one document may have"));
    }
    Ok(text)
}
