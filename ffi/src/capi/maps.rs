//! Queries of a layout: counts, owners, local indices. Lists have one entry for each dimension.

use std::ffi::c_char;

use dap_core::error::Error;
use dap_core::finding::irregular;
use dap_core::index::{GlobalIndex, LocalIndex, Rank};
use dap_core::layout::Layout;

use super::call::{Text, call, list, set};
use super::layout::DapLayout;
use crate::consume::good;
use crate::{Code, DapError, Refusal};

/// The number of dimensions.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_ndim(layout: *const DapLayout, ndim: *mut i32, error: *mut DapError) -> i32 {
    // SAFETY: `of` and `set` refuse null and misaligned pointers; any other layout is live, and any
    // other `ndim` may be written. There are at most 64.
    call(error, || unsafe { set(ndim, "ndim", i32::try_from(of(layout)?.ndim()).unwrap_or(i32::MAX)) })
}

/// The number of processes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_processes(
    layout: *const DapLayout,
    processes: *mut i64,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `of` and `set` refuse null and misaligned pointers; any other layout is live, and any
    // other `processes` may be written.
    call(error, || unsafe { set(processes, "processes", of(layout)?.processes()) })
}

/// The extents of the whole array.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_shape(layout: *const DapLayout, shape: *mut i64, error: *mut DapError) -> i32 {
    // SAFETY: `of` and `fill` refuse null and misaligned pointers; any other layout is live, and
    // `shape` has room for one number a dimension.
    call(error, || unsafe { fill(shape, "shape", of(layout)?.shape().iter().copied()) })
}

/// The number of processes along each dimension.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_grid(layout: *const DapLayout, grid: *mut i64, error: *mut DapError) -> i32 {
    // SAFETY: `of` and `fill` refuse null and misaligned pointers; any other layout is live, and
    // `grid` has room for one number a dimension.
    call(error, || unsafe { fill(grid, "grid", of(layout)?.grid().shape().iter().copied()) })
}

/// The shape of a process's buffer, communication padding included.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_local_shape(
    layout: *const DapLayout,
    rank: i64,
    shape: *mut i64,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: `of` and `fill` refuse null and misaligned pointers; any other layout is live,
        // and `shape` has room for one number a dimension.
        unsafe {
            let layout = of(layout)?;
            let found = layout.local_shape(Rank(rank)).ok_or_else(|| no_rank(layout, rank))?;
            fill(shape, "shape", found.into_iter())
        }
    })
}

/// The number of elements that a process owns along each dimension.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_owned_shape(
    layout: *const DapLayout,
    rank: i64,
    shape: *mut i64,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: `of` and `fill` refuse null and misaligned pointers; any other layout is live,
        // and `shape` has room for one number a dimension.
        unsafe {
            let layout = of(layout)?;
            let found = layout.owned_shape(Rank(rank)).ok_or_else(|| no_rank(layout, rank))?;
            fill(shape, "shape", found.into_iter())
        }
    })
}

/// The owner of an element, and its index in the owner's buffer; `local` may be null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_owner(
    layout: *const DapLayout,
    global: *const i64,
    rank: *mut i64,
    local: *mut i64,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: null and misaligned pointers are refused; any other layout is live, `global` and
        // `local` have one number a dimension, `rank` may be written.
        unsafe {
            let layout = of(layout)?;
            let global: Vec<_> =
                list(global, layout.ndim() as i64, "global")?.iter().copied().map(GlobalIndex).collect();
            let (owner, place) = layout.try_owner(&global).map_err(|error| outside(&error, "element"))?;
            if !local.is_null() {
                fill(local, "local", place.into_iter().map(|place| place.0))?;
            }
            set(rank, "rank", owner.0)
        }
    })
}

/// The element at a position of a process's buffer; for communication padding, the element that it
/// is a copy of.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_global(
    layout: *const DapLayout,
    rank: i64,
    local: *const i64,
    global: *mut i64,
    error: *mut DapError,
) -> i32 {
    call(error, || {
        // SAFETY: null and misaligned pointers are refused; any other layout is live, `local` and
        // `global` have one number a dimension.
        unsafe {
            let layout = of(layout)?;
            let local: Vec<_> = list(local, layout.ndim() as i64, "local")?.iter().copied().map(LocalIndex).collect();
            layout.grid().contains(Rank(rank)).then_some(()).ok_or_else(|| no_rank(layout, rank))?;
            let found =
                layout.try_global(Rank(rank), &local).map_err(|error| outside(&error, "place in the buffer"))?;
            fill(global, "global", found.into_iter().map(|index| index.0))
        }
    })
}

/// A line about the layout, such as "(16, 16) over 2x2: block(8), cyclic(2)".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dap_layout_describe(
    layout: *const DapLayout,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
    error: *mut DapError,
) -> i32 {
    // SAFETY: `of` refuses a layout that is null or misaligned, any other is live; `text` has
    // `capacity` bytes, and `needed` is null or may be written.
    call(error, || unsafe { Text { text, capacity, needed }.write(&of(layout)?.to_string()) })
}

/// # Safety
/// `layout` is null, misaligned, or a layout, for `'a`.
pub(super) unsafe fn of<'a>(layout: *const DapLayout) -> Result<&'a Layout, Refusal> {
    good(layout, "layout")?;
    // SAFETY: not null and aligned, by `good`; the caller promises a live layout of this library
    // for `'a`.
    Ok(unsafe { &(*layout).layout })
}

/// # Safety
/// `to` is null, misaligned, or has room for all values.
unsafe fn fill(to: *mut i64, what: &'static str, values: impl ExactSizeIterator<Item = i64>) -> Result<(), Refusal> {
    if values.len() > 0 {
        good(to, what)?;
    }
    for (at, value) in values.enumerate() {
        // SAFETY: not null and aligned, by `good`; the caller promises room for all values, and
        // `at` is below their number.
        unsafe { to.add(at).write(value) };
    }
    Ok(())
}

/// The refusal of a rank that the layout does not have.
pub(super) fn no_rank(layout: &Layout, rank: i64) -> Refusal {
    let processes = layout.processes();
    let what = match processes {
        0 => format!("rank {rank} is not in the layout, which has no processes"),
        _ => format!(
            "rank {rank} is not in the layout, which has {}: give a rank from 0 to {}",
            irregular(processes, "process", "processes"),
            processes - 1
        ),
    };
    Refusal::new(Code::NOT_FOUND).what(what)
}

/// The refusal of an index without an element or a place, `what`: the dimension, and the nearest
/// index that has one.
fn outside(error: &Error, what: &str) -> Refusal {
    let rank = error.rank().map_or_else(String::new, |rank| format!(" of rank {rank}"));
    let index = error.value().unwrap_or_default();
    let bound = match error.expected() {
        Some(nearest) if nearest < index => format!(": the indices of the dimension are 0 to {nearest}"),
        Some(_) => ": the indices of the dimension begin at 0".to_owned(),
        None => String::new(),
    };
    let refusal = Refusal::new(Code::NOT_FOUND).what(format!("no {what}{rank} with the index {index}{bound}"));
    match error.dim() {
        Some(dim) => refusal.dim_at(dim),
        None => refusal,
    }
}
