//! The check of the data file that a buffer names: whether it exists and holds the buffer.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use dap_core::export::{Buffer, Export, Field};
use dap_core::finding::{Finding, Key, Place, plural};
use dap_core::rules::RuleId;
use dap_formats::npy::{self, Npy};

use super::whole;

/// The finding about the data file of an export that lies in the directory `beside`. The items are
/// not read.
#[inline]
pub(super) fn check(export: &Export, beside: &Path) -> Option<Finding> {
    let buffer = export.buffer.get()?;
    let name = buffer.data.get()?;
    let problem = problem(buffer, &beside.join(&**name))?;
    Some(
        Finding::new(RuleId::DATA_FILE, Place::export(Key::Data))
            .with("file", name.to_string())
            .with("problem", problem),
    )
}

/// The problem of a data file, as the end of a sentence that begins "the data file"; `None` if the
/// file holds the buffer.
pub(crate) fn problem(buffer: &Buffer, path: &Path) -> Option<String> {
    let file = match whole::open(path) {
        Ok(file) => file,
        Err(problem) => {
            return Some(match problem.strip_prefix("it ") {
                Some(rest) => rest.to_owned(),
                None => format!("cannot be read: {problem}"),
            });
        }
    };
    let length = file.metadata().ok()?.len();
    if is_npy(path, &file) { npy_problem(buffer, file, length) } else { raw_problem(buffer, length) }
}

/// Whether a data file has a header, by its name or its beginning.
pub(crate) fn is_npy_file(path: &Path) -> bool {
    whole::open(path).is_ok_and(|file| is_npy(path, &file))
}

fn is_npy(path: &Path, file: &File) -> bool {
    path.extension().is_some_and(|extension| extension == "npy") || begins_as_npy(file)
}

fn begins_as_npy(mut file: &File) -> bool {
    let mut magic = [0; 6];
    let is_npy = file.read_exact(&mut magic).is_ok() && magic == npy::MAGIC;
    file.rewind().is_ok() && is_npy
}

fn npy_problem(buffer: &Buffer, file: File, length: u64) -> Option<String> {
    let npy = match Npy::read(&mut BufReader::new(file), 0) {
        Ok(npy) => npy,
        Err(problem) => return Some(format!("is no readable .npy file: {problem}")),
    };
    if let (Some(Ok(stated)), Some(dtype)) = (buffer.dtype.get(), &npy.dtype)
        && stated != dtype
    {
        return Some(format!("holds items of {}, but the export states {}", dtype.name(), stated.name()));
    }
    if let Some(shape) = buffer.shape.get().filter(|shape| **shape != npy.shape) {
        return Some(format!("has the shape {:?}, but the export states {shape:?}", npy.shape));
    }
    let (there, needed) = (length.saturating_sub(npy.length), npy.data_length()?);
    (there < needed).then(|| format!("is cut short: {there} of {} bytes of data are there", npy::in_words(needed)))
}

/// The problem of a file without a header: whether the items fit into it, the first of them at
/// `offset`.
fn raw_problem(buffer: &Buffer, length: u64) -> Option<String> {
    let itemsize = i128::from(buffer.dtype.get()?.as_ref().ok()?.itemsize());
    let shape = buffer.shape.get()?;
    let offset = match &buffer.offset {
        Field::Is(offset) => *offset,
        Field::Missing => 0,
        Field::Wrong(_) => return None,
    };
    if shape.contains(&0) {
        return None;
    }
    // The first byte of all items and the end of the last one, from the strides. In C order the end
    // follows from the product of the extents.
    let (mut first, mut end) = (i128::from(offset), i128::from(offset).checked_add(itemsize)?);
    let strides = match &buffer.strides {
        Field::Is(strides) => Some(strides),
        Field::Missing => None,
        Field::Wrong(_) => return None,
    };
    let mut step = itemsize;
    for (at, extent) in shape.iter().enumerate().rev() {
        let stride = strides.map_or(Some(step), |strides| strides.get(at).copied().map(i128::from))?;
        let reach = stride.saturating_mul(i128::from(*extent) - 1);
        if reach < 0 {
            first = first.saturating_add(reach)
        } else {
            end = end.saturating_add(reach)
        }
        step = step.saturating_mul(i128::from(*extent));
    }
    if first < 0 {
        return Some(format!("begins {} after the buffer's first item", plural(first.unsigned_abs(), "byte")));
    }
    (end > i128::from(length)).then(|| format!("has {}, and the buffer ends at byte {end}", plural(length, "byte")))
}
