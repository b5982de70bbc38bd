//! The verdict of the 2014 validator (`validator.py` of version 0.10.0) on an export, mistakes
//! included.
//!
//! The checks come in its order, since it stops at the first finding. It never looks at another
//! rank, nor at the buffer's extents. A list stands for a Python tuple, since JSON has no tuples.

use crate::dtype::DTypeErrorKind;
use crate::export::{Buffer, DimDict, DistType, Export, Field, Found, Version};
use crate::finding::{Finding, Key, Place, irregular, plural};
use crate::rules::RuleId;

/// The 2014 validator's verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It finds nothing.
    Accepts,
    /// It returns false, with this message.
    Rejects(String),
    /// It raises an exception.
    Crashes(String),
}

/// The 2014 validator's verdict on `export`.
#[must_use]
pub fn reference_outcome(export: &Export) -> Outcome {
    match export_outcome(export) {
        Ok(()) => Outcome::Accepts,
        Err(outcome) => outcome,
    }
}

/// The verdict as a finding, unless it accepts.
pub(super) fn finding(export: &Export) -> Option<Finding> {
    let (rule, message) = match reference_outcome(export) {
        Outcome::Accepts => return None,
        Outcome::Rejects(message) => (RuleId::REFERENCE_REJECTS, message),
        Outcome::Crashes(message) => (RuleId::REFERENCE_CRASHES, message),
    };
    Some(Finding::new(rule, Place::export(Key::Export)).with("message", message))
}

type Verdict = Result<(), Outcome>;

fn rejects(message: impl Into<String>) -> Verdict {
    Err(Outcome::Rejects(message.into()))
}

fn export_outcome(export: &Export) -> Verdict {
    if let Some(key) = export.unknown.kept().first() {
        return rejects(format!("extra key {:?}", key.name));
    }
    let missing = [
        ("__version__", export.version.is_missing()),
        ("buffer", export.buffer.is_missing()),
        ("dim_data", export.dim_data.is_missing()),
    ];
    if let Some((key, _)) = missing.iter().find(|(_, missing)| *missing) {
        return rejects(format!("key {key:?} missing"));
    }
    version(&export.version)?;
    let ndim = buffer(&export.buffer)?;
    let dims = match &export.dim_data {
        Field::Is(dims) => dims,
        Field::Missing | Field::Wrong(_) => return rejects("dim_data is not a tuple"),
    };
    if let Some(dim) = dims.iter().position(|dim| dim.get().is_none()) {
        return rejects(format!("dimension {dim} is not a dictionary"));
    }
    for (dim, dict) in dims.iter().filter_map(Field::get).enumerate() {
        dim_dict(dim, dict)?;
    }
    match ndim {
        Some(ndim) if ndim != dims.len() => rejects(format!(
            "{}, the buffer has {}",
            irregular(dims.len(), "dictionary", "dictionaries"),
            plural(ndim, "dimension")
        )),
        _ => Ok(()),
    }
}

fn version(version: &Field<Version>) -> Verdict {
    match version {
        Field::Is(Version { major: 0, minor: 10, patch: 0 }) => Ok(()),
        // `StrictVersion` takes two numbers as well, and only strings.
        Field::Wrong(found) if matches!(&**found, Found::Text(text) if &**text == "0.10") => Ok(()),
        Field::Wrong(found) if !matches!(**found, Found::Text(_)) => {
            Err(Outcome::Crashes(format!("__version__ is {found}")))
        }
        Field::Is(version) => rejects(format!("__version__ {version} is not supported")),
        Field::Wrong(_) | Field::Missing => rejects("__version__ is not valid"),
    }
}

/// `memoryview(buffer)`: the number of dimensions, if the file states it.
fn buffer(buffer: &Field<Buffer>) -> Result<Option<usize>, Outcome> {
    let Field::Is(buffer) = buffer else {
        return Err(Outcome::Rejects("the buffer does not have the buffer interface".to_owned()));
    };
    if let Field::Is(Err(error)) = &buffer.dtype
        && matches!(error.kind, DTypeErrorKind::NoFormat { .. })
    {
        return Err(Outcome::Crashes(format!("memoryview() cannot include dtype {:?} in a buffer", error.text)));
    }
    Ok(buffer.shape.get().map(Vec::len))
}

fn dim_dict(dim: usize, dict: &DimDict) -> Verdict {
    if dict.is_alias() {
        return Ok(());
    }
    match &dict.dist_type {
        Field::Missing => Err(Outcome::Crashes("KeyError: 'dist_type'".to_owned())),
        Field::Wrong(found) if matches!(**found, Found::List(_) | Found::ListWith(..) | Found::Dict) => {
            Err(Outcome::Crashes(format!("TypeError: dist_type is {found}, which is unhashable")))
        }
        Field::Is(DistType::Block) => block(dim, dict),
        Field::Is(DistType::Cyclic) => cyclic(dim, dict),
        Field::Is(DistType::Unstructured) => unstructured(dim, dict),
        Field::Is(DistType::Undistributed) | Field::Wrong(_) => {
            rejects(format!("dimension {dim} has no valid dist_type"))
        }
    }
}

/// Python's `isinstance(value, int)`, which is true for booleans, too.
fn integer(dim: usize, key: &str, field: &Field<i64>) -> Result<i128, Outcome> {
    match field {
        Field::Is(value) => Ok(i128::from(*value)),
        Field::Wrong(found) => match &**found {
            Found::Bool(value) => Ok(i128::from(*value)),
            // Greater than any number it is compared with.
            Found::BigInt(text) if text.starts_with('-') => Ok(i128::MIN),
            Found::BigInt(_) => Ok(i128::MAX),
            found => Err(Outcome::Rejects(format!("{key} for dimension {dim} is {found}"))),
        },
        Field::Missing => Err(Outcome::Rejects(format!("key {key:?} missing for dimension {dim}"))),
    }
}

fn place(dim: usize, dict: &DimDict) -> Result<i128, Outcome> {
    if dict.proc_grid_rank.is_missing() || dict.proc_grid_size.is_missing() {
        return Err(Outcome::Rejects(format!("keys missing for dimension {dim}")));
    }
    let size = integer(dim, "proc_grid_size", &dict.proc_grid_size)?;
    let rank = integer(dim, "proc_grid_rank", &dict.proc_grid_rank)?;
    if size < 1 {
        return Err(Outcome::Rejects(format!("proc_grid_size for dimension {dim} is less than one")));
    }
    if rank >= size {
        return Err(Outcome::Rejects(format!("proc_grid_rank >= proc_grid_size for dimension {dim}")));
    }
    Ok(rank)
}

fn block(dim: usize, dict: &DimDict) -> Verdict {
    let rank = place(dim, dict)?;
    let start = integer(dim, "start", &dict.start)?;
    let stop = integer(dim, "stop", &dict.stop)?;
    if start < 0 {
        return rejects(format!("start for dimension {dim} is negative"));
    }
    if stop < start {
        return rejects(format!("stop for dimension {dim} is less than start"));
    }
    let beyond = match &dict.size {
        Field::Missing => return Err(Outcome::Crashes("KeyError: 'size'".to_owned())),
        Field::Wrong(found) if matches!(**found, Found::Float(_)) => beyond(stop, found),
        size => match integer(dim, "size", size) {
            Ok(size) => stop > size,
            Err(_) => return Err(Outcome::Crashes("TypeError: stop and size cannot be compared".to_owned())),
        },
    };
    if beyond {
        return rejects(format!("stop for dimension {dim} is greater than size"));
    }
    padding_and_start(dim, dict, rank, start)
}

/// Whether `stop` is greater than a `size` that is not an integer. The validator compares them
/// without checking the type.
fn beyond(stop: i128, size: &Found) -> bool {
    matches!(size, Found::Float(text) if text.parse::<f64>().is_ok_and(|size| stop as f64 > size))
}

fn padding_and_start(dim: usize, dict: &DimDict, rank: i128, start: i128) -> Verdict {
    let tolerable = |found: &Found| match found {
        // Booleans and large integers are integers in Python. The two items need not be
        // distinguished.
        Found::ListWith(2, _, inner) => matches!(**inner, Found::Bool(_) | Found::BigInt(_)),
        _ => false,
    };
    if let Field::Wrong(found) = &dict.padding
        && !tolerable(found)
    {
        return rejects(format!("padding for dimension {dim} is {found}"));
    }
    first_start(dim, rank, start)
}

fn first_start(dim: usize, rank: i128, start: i128) -> Verdict {
    if rank == 0 && start != 0 {
        return rejects(format!("start should be zero for dimension {dim} with proc_grid_rank 0"));
    }
    Ok(())
}

fn cyclic(dim: usize, dict: &DimDict) -> Verdict {
    let rank = place(dim, dict)?;
    let start = integer(dim, "start", &dict.start)?;
    let block_size = if dict.block_size.is_missing() { 1 } else { integer(dim, "block_size", &dict.block_size)? };
    if block_size < 1 {
        return rejects(format!("block_size for dimension {dim} is less than one"));
    }
    if rank.checked_mul(block_size) != Some(start) {
        return rejects(format!("proc_grid_rank * block_size != start for dimension {dim}"));
    }
    first_start(dim, rank, start)
}

fn unstructured(dim: usize, dict: &DimDict) -> Verdict {
    place(dim, dict)?;
    match &dict.indices {
        Field::Missing => return rejects(format!("indices missing for dimension {dim}")),
        // A list becomes a buffer of its items; any other value has no buffer.
        Field::Wrong(found) if !matches!(**found, Found::ListWith(..)) => {
            return rejects(format!("indices for dimension {dim} do not support the buffer interface"));
        }
        _ => {}
    }
    if matches!(dict.one_to_one, Field::Wrong(_)) {
        return rejects(format!("one_to_one for dimension {dim} is not a boolean"));
    }
    Ok(())
}
