//! The part of one process of a layout: dimensions, for an array in memory, and the export as text.

use std::ffi::c_char;

use dap_core::dim::Dim;
use dap_core::export::Field;
use dap_core::index::{GridRank, Rank};
use dap_core::layout::{Edition, Layout};

use super::call::{Text, call};
use super::describe::as_json;
use super::layout::DapLayout;
use super::maps::{no_rank, of};
use crate::consume::{good, tensor};
use crate::{Code, DapDType, DapDim, DapError, Refusal, produce};

/// The dimensions of a process of the layout, one struct each, for `dap_array_from_memory`. Lists
/// of indices belong to the layout and are valid until it is freed. `DAP_E_INEXPRESSIBLE` for a
/// halo that wraps round the ends.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_dims(
    layout: *const DapLayout,
    rank: i64,
    dims: *mut DapDim,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: `of` refused a layout that is null or misaligned, any other is a live layout of
        // this library; `dims` has room for one struct for each dimension.
        unsafe {
            let coordinates = coordinates(of(layout)?, rank)?;
            let all = of(layout)?.dims().iter().zip(coordinates).enumerate();
            let flat = all.map(|(at, (dim, coordinate))| {
                flat(&*layout, at, dim, coordinate).map_err(|refusal| refusal.dim_at(at))
            });
            let flat = flat.collect::<Result<Vec<_>, _>>()?;
            if !flat.is_empty() {
                good(dims, "dims")?;
            }
            for (at, dim) in flat.into_iter().enumerate() {
                dims.add(at).write(dim);
            }
            Ok(())
        }
    })
}

/// The export of a process of the layout as JSON, with items of a type in C order: one line, as
/// from `dap_array_to_json`. The lines of all processes, in rank order, describe the layout again:
/// `dap_layout_from_json`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_to_json(
    layout: *const DapLayout,
    rank: i64,
    dtype: DapDType,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: `of` refuses null and misaligned pointers; any other is a live layout of this
        // library, which is not freed during the call.
        let layout = unsafe { of(layout) }?;
        coordinates(layout, rank)?;
        let export = layout.export_in(layout.export_edition(), Rank(rank), &tensor::item_type(dtype)?);
        let export = export.map_err(|error| inexpressible(&error))?;
        let json = as_json(&export)?;
        // SAFETY: `text` has `capacity` bytes and `needed` is null or may be written: the contract
        // of every function that returns text.
        unsafe { Text { text, capacity, needed }.write(&json) }
    })
}

fn coordinates(layout: &Layout, rank: i64) -> Result<Vec<GridRank>, Refusal> {
    layout.grid().coordinates(Rank(rank)).ok_or_else(|| no_rank(layout, rank))
}

/// A dimension as a struct; the layout keeps the list that it points to.
fn flat(layout: &DapLayout, at: usize, dim: &Dim, coordinate: GridRank) -> Result<DapDim, Refusal> {
    let mut dict = dim.dim_dict(Edition::V0_10, coordinate).map_err(|error| inexpressible(&error))?;
    if let Field::Is(indices) = &mut dict.indices {
        *indices = layout.kept((at, coordinate), indices);
    }
    produce::flat(&dict, dim.extent(coordinate))
}

fn inexpressible(error: &dap_core::error::Error) -> Refusal {
    Refusal::of_error(Code::INEXPRESSIBLE, error)
}
