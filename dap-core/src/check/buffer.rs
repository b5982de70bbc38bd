//! The buffer's description: item type, shape, strides.

use crate::check::local::{Local, missing_key, unknown_keys};
use crate::dtype::{DType, DTypeErrorKind};
use crate::export::{Buffer, Field, Found};
use crate::finding::{Finding, Key, Place};
use crate::rules::RuleId;

/// Judges the buffer; gives its shape if it has a usable one.
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
    local.dtype = dtype(&buffer.dtype, &mut local.findings).cloned();
    let shape = shape(&buffer.shape, &mut local.findings)?;
    let strides = strides(&buffer.strides, shape.len(), &mut local.findings);
    if let Some(itemsize) = local.dtype.as_ref().map(DType::itemsize) {
        local.findings.extend(memory(shape, strides, itemsize));
    }
    Some(shape)
}

const KEYS: [&str; 5] = ["dtype", "shape", "strides", "data", "offset"];

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
        Field::Is(strides) => format!("has {} items for {ndim} dimensions", strides.len()),
        Field::Wrong(found) => format!("is {found}"),
    };
    findings.push(Finding::new(RuleId::STRIDES_MALFORMED, Place::export(Key::Strides)).with("problem", problem));
    None
}

/// Whether the buffer's bytes can be counted and addressed, and whether its items lie apart.
fn memory(shape: &[i64], strides: Option<&[i64]>, itemsize: i64) -> Option<Finding> {
    let too_large = shape.iter().try_fold(itemsize, |bytes, &extent| bytes.checked_mul(extent)).is_none();
    if shape.contains(&0) {
        return None;
    }
    if too_large {
        return Some(Finding::new(RuleId::BUFFER_TOO_LARGE, Place::export(Key::Shape)));
    }
    let strides = strides?;
    let place = || Place::export(Key::Strides);
    // The stride of an extent of 1 means nothing.
    let axes = || shape.iter().zip(strides).filter(|(extent, _)| **extent > 1);
    let reach = axes()
        .try_fold(itemsize, |sum, (&extent, &stride)| stride.checked_abs()?.checked_mul(extent - 1)?.checked_add(sum));
    if reach.is_none() {
        return Some(Finding::new(RuleId::STRIDES_OUTSIDE_MEMORY, place()));
    }
    // Only what is certain: a stride shorter than an item makes neighbours share memory.
    let shared = axes().any(|(_, &stride)| stride.abs() < itemsize);
    shared.then(|| Finding::new(RuleId::OVERLAPPING_STRIDES, place()))
}
