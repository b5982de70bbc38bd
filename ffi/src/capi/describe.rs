//! A struct as a description in words, and as JSON.

use std::ffi::c_char;
use std::fmt::Write as _;

use dap_core::export::{DimDict, DistType, Export, Field};
use dap_core::json;

use super::call::{Text, call};
use crate::{Code, DapArray, DapError, Refusal, describe};

/// A short description: shape, item type, and a line for each dimension.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_array_describe(
    array: *const DapArray,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: `describe` refuses null, misaligned and released structs, any other obeys
        // `spec/abi.md`; `text` has `capacity` bytes.
        unsafe { Text { text, capacity, needed }.write(&lines(&describe(array)?)) }
    })
}

/// The export as JSON, for a file or another process: one line, with a description of the buffer
/// instead of its items.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_array_to_json(
    array: *const DapArray,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: `describe` refuses null, misaligned and released structs, any other is unchanged
        // during the call; `text` has `capacity` bytes.
        unsafe {
            let json = as_json(&describe(array)?)?;
            Text { text, capacity, needed }.write(&json)
        }
    })
}

/// An export as JSON, in one line.
pub(super) fn as_json(export: &Export) -> Result<String, Refusal> {
    json::write(export).ok_or_else(|| Refusal::new(Code::INEXPRESSIBLE).what("JSON cannot express it"))
}

fn lines(export: &Export) -> String {
    let mut out = String::new();
    let buffer = export.buffer.get();
    let dims: Vec<&DimDict> = export.dim_data.get().into_iter().flatten().filter_map(Field::get).collect();
    let sizes: Vec<String> = dims.iter().map(|dim| number(&dim.size)).collect();
    let shape = buffer.and_then(|buffer| buffer.shape.get()).map_or(&[][..], Vec::as_slice);
    let dtype = match buffer.map(|buffer| &buffer.dtype) {
        Some(Field::Is(Ok(dtype))) => dtype.name(),
        _ => "unknown items".to_owned(),
    };
    let _ = writeln!(out, "array of shape ({}), {dtype}, local buffer {shape:?}", sizes.join(", "));
    for (at, dim) in dims.iter().enumerate() {
        let _ =
            write!(out, "dimension {at}: process {} of {}, ", number(&dim.proc_grid_rank), number(&dim.proc_grid_size));
        let _ = match dim.dist_type.get() {
            Some(DistType::Cyclic) => {
                let block = dim.block_size.get().copied().unwrap_or(1);
                writeln!(out, "cyclic from {} in blocks of {block}", number(&dim.start))
            }
            Some(DistType::Unstructured) => {
                writeln!(out, "{} listed indices", dim.indices.get().map_or(0, |indices| indices.len()))
            }
            _ => {
                let padding = dim.padding.get().map_or(String::new(), |[lo, hi]| format!(", padding {lo} and {hi}"));
                writeln!(out, "block {} to {}{padding}", number(&dim.start), number(&dim.stop))
            }
        };
    }
    out
}

fn number(field: &Field<i64>) -> String {
    field.get().map_or_else(|| "?".to_owned(), i64::to_string)
}
