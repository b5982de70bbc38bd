//! The buffer's description: item type, shape, strides.

use crate::check::aliasing;
use crate::check::local::Local;
use crate::check::unknown_keys::{missing_key, unknown_keys};
use crate::dtype::{DType, DTypeErrorKind};
use crate::export::{Buffer, Field, Found};
use crate::finding::{Finding, Key, Place, plural};
use crate::rules::RuleId;

/// Checks the buffer; gives its shape if it has a usable one.
pub(super) fn check<'e>(buffer: &'e Field<Buffer>, local: &mut Local) -> Option<&'e [i64]> {
    let buffer = match buffer {
        Field::Is(buffer) => buffer,
        Field::Missing => {
            local.findings.push(missing_key(Key::Buffer));
            return None;
        }
        Field::Wrong(found) => {
            let finding = Finding::new(RuleId::BUFFER_NOT_DESCRIBED, Place::export(Key::Buffer));
            local.findings.push(finding.with("found", found.to_string()));
            return None;
        }
    };
    if !buffer.unknown.is_empty() {
        let findings = &mut local.findings;
        unknown_keys(&buffer.unknown, Key::UnknownInBuffer, None, RuleId::UNKNOWN_BUFFER_KEY, &KEYS, findings);
    }
    data(buffer, &mut local.findings);
    local.dtype = dtype(&buffer.dtype, &mut local.findings).cloned();
    let shape = shape(&buffer.shape, &mut local.findings)?;
    let strides = strides(&buffer.strides, shape.len(), &mut local.findings);
    if let Some(itemsize) = local.dtype.as_ref().map(DType::itemsize)
        && let Some(finding) = memory(shape, strides, itemsize)
    {
        local.findings.push(finding);
    }
    Some(shape)
}

const KEYS: [&str; 5] = ["dtype", "shape", "strides", "data", "offset"];

/// The data file's name and the offset of the items in it.
#[inline]
fn data(buffer: &Buffer, findings: &mut Vec<Finding>) {
    if let Field::Wrong(found) = &buffer.data {
        findings.push(malformed(Key::Data, found, "a string"));
    }
    let found = match &buffer.offset {
        Field::Missing | Field::Is(0..) => return,
        Field::Is(negative) => &Found::Int(*negative),
        Field::Wrong(found) => &**found,
    };
    findings.push(malformed(Key::Offset, found, "an integer that is at least 0"));
}

#[cold]
fn malformed(key: Key, found: &Found, expected: &'static str) -> Finding {
    let finding = Finding::new(RuleId::DATA_MALFORMED, Place::export(key));
    finding.with("found", found.to_string()).with("expected", expected)
}

fn missing(key: Key) -> Finding {
    Finding::new(RuleId::MISSING_BUFFER_KEY, Place::export(Key::Buffer)).with("key", key.as_str())
}

fn dtype<'e>(
    field: &'e Field<Result<DType, crate::dtype::DTypeError>>,
    findings: &mut Vec<Finding>,
) -> Option<&'e DType> {
    let place = Place::export(Key::Dtype);
    match field {
        Field::Is(Ok(dtype)) => {
            if !dtype.has_format() {
                let finding = Finding::new(RuleId::DTYPE_WITHOUT_FORMAT, place);
                findings.push(finding.with("dtype", dtype.name()).with("meaning", "a type that no format can spell"));
            } else if dtype.is_object() {
                findings.push(Finding::new(RuleId::OBJECT_DTYPE, place));
            }
            return Some(dtype);
        }
        Field::Is(Err(error)) => findings.push(match &error.kind {
            DTypeErrorKind::NoFormat { meaning } => Finding::new(RuleId::DTYPE_WITHOUT_FORMAT, place)
                .with("dtype", format!("{:?}", error.text))
                .with("meaning", *meaning),
            _ => Finding::new(RuleId::DTYPE_UNKNOWN, place).with("problem", error.to_string()),
        }),
        Field::Missing => findings.push(missing(Key::Dtype)),
        Field::Wrong(found) => findings.push(
            Finding::new(RuleId::DTYPE_UNKNOWN, place)
                .with("problem", format!("it is {found}, not a string or a list of fields")),
        ),
    }
    None
}

fn shape<'e>(field: &'e Field<Vec<i64>>, findings: &mut Vec<Finding>) -> Option<&'e [i64]> {
    let found = match field {
        Field::Is(shape) => match shape.iter().position(|&extent| extent < 0) {
            None => return Some(shape),
            Some(at) => Found::ListWith(shape.len(), at, Box::new(Found::Int(shape[at]))).to_string(),
        },
        Field::Missing => {
            findings.push(missing(Key::Shape));
            return None;
        }
        Field::Wrong(found) => found.to_string(),
    };
    findings.push(Finding::new(RuleId::SHAPE_MALFORMED, Place::export(Key::Shape)).with("found", found));
    None
}

fn strides<'e>(field: &'e Field<Vec<i64>>, ndim: usize, findings: &mut Vec<Finding>) -> Option<&'e [i64]> {
    let problem = match field {
        Field::Missing => return None,
        Field::Is(strides) if strides.len() == ndim => return Some(strides),
        Field::Is(strides) => {
            format!("has {} for {}", plural(strides.len(), "item"), plural(ndim, "dimension"))
        }
        Field::Wrong(found) => format!("is {found}"),
    };
    findings.push(Finding::new(RuleId::STRIDES_MALFORMED, Place::export(Key::Strides)).with("problem", problem));
    None
}

/// Whether the buffer's bytes can be counted and addressed, and whether its items lie apart.
#[inline]
fn memory(shape: &[i64], strides: Option<&[i64]>, itemsize: i64) -> Option<Finding> {
    let (mut bytes, mut reach) = (Some(itemsize), Some(itemsize));
    for (dim, &extent) in shape.iter().enumerate() {
        if extent == 0 {
            return None;
        }
        bytes = bytes.and_then(|bytes| bytes.checked_mul(extent));
        // The stride of an extent of 1 means nothing.
        if let (Some(strides), 2..) = (strides, extent) {
            let step = strides[dim].unsigned_abs();
            let span = i64::try_from(step).ok().and_then(|step| step.checked_mul(extent - 1));
            reach = reach.zip(span).and_then(|(reach, span)| reach.checked_add(span));
        }
    }
    let (rule, key) = match (bytes, reach) {
        (None, _) => (RuleId::BUFFER_TOO_LARGE, Key::Shape),
        (_, None) => (RuleId::STRIDES_OUTSIDE_MEMORY, Key::Strides),
        _ => match strides {
            Some(strides) if aliasing::is_certain(shape, strides, itemsize) => {
                (RuleId::OVERLAPPING_STRIDES, Key::Strides)
            }
            _ => return None,
        },
    };
    let finding = Finding::new(rule, Place::export(key));
    Some(match strides.filter(|_| rule == RuleId::OVERLAPPING_STRIDES) {
        Some(strides) => in_items(finding, shape, strides, itemsize),
        None => finding,
    })
}

/// Adds a note where the strides would lay the items side by side if they counted items.
#[cold]
fn in_items(finding: Finding, shape: &[i64], strides: &[i64], itemsize: i64) -> Finding {
    let bytes: Option<Vec<i64>> = strides.iter().map(|stride| stride.checked_mul(itemsize)).collect();
    let Some(bytes) = bytes else { return finding };
    let count_items = strides.contains(&1) && itemsize > 1 && memory(shape, Some(&bytes), itemsize).is_none();
    let shown = bytes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if count_items { finding.with("bytes", shown).note("items", true) } else { finding }
}
