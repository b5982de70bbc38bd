//! A dimension dictionary as a flat struct, in the one form that the structs have: that of version 0.10.

use std::ptr::null;
use std::sync::Arc;

use dap_core::export::{DimDict, DistType, Field, Version};
use smallvec::SmallVec;

use crate::{Code, DIM_ONE_TO_ONE, DIM_PERIODIC, DapDim, Refusal};

/// An undistributed dimension of so many items.
pub(super) fn whole(extent: i64) -> DapDim {
    DapDim {
        size: extent,
        proc_grid_size: 1,
        proc_grid_rank: 0,
        dist_type: u32::from(b'b'),
        flags: 0,
        start: 0,
        stop: extent,
        pad_lo: 0,
        pad_hi: 0,
        block_size: 0,
        n_indices: 0,
        indices: null(),
        reserved: [0; 5],
    }
}

/// Makes a [`whole`] dimension that of a dictionary, where it lies; the list of indices that it points to is kept in `kept`.
pub(super) fn fill(
    dim: &mut DapDim,
    dict: &DimDict,
    version: Version,
    kept: &mut SmallVec<[Arc<[i64]>; 1]>,
) -> Result<(), Refusal> {
    let dist_type = match dict.dist_type {
        Field::Is(dist_type) => dist_type,
        // The alias `{}`: an undistributed dimension.
        Field::Missing => return if dict.is_alias() { Ok(()) } else { missing("dist_type") },
        Field::Wrong(_) => return missing("dist_type"),
    };
    if dist_type == DistType::Undistributed {
        return Ok(());
    }
    dim.size = number(&dict.size, "size")?;
    dim.proc_grid_size = number(&dict.proc_grid_size, "proc_grid_size")?;
    dim.proc_grid_rank = number(&dict.proc_grid_rank, "proc_grid_rank")?;
    if dict.periodic == Field::Is(true) {
        dim.flags |= DIM_PERIODIC;
    }
    dim.stop = 0;
    match dist_type {
        DistType::Block | DistType::Undistributed => block(dim, dict, version)?,
        DistType::Cyclic => {
            dim.dist_type = u32::from(b'c');
            dim.start = number(&dict.start, "start")?;
            dim.block_size = dict.block_size.get().copied().unwrap_or(1);
        }
        DistType::Unstructured => {
            let Field::Is(indices) = &dict.indices else { return missing("indices") };
            kept.push(Arc::clone(indices));
            dim.dist_type = u32::from(b'u');
            if dict.one_to_one == Field::Is(true) {
                dim.flags |= DIM_ONE_TO_ONE;
            }
            // Below 2^60: they are in memory.
            dim.n_indices = indices.len() as i64;
            // The list itself does not move when the count that holds it does.
            dim.indices = indices.as_ptr();
        }
    }
    Ok(())
}

/// A block. In version 0.9 `start` and `stop` bound what is owned; here, as in 0.10, communication padding is in them.
fn block(dim: &mut DapDim, dict: &DimDict, version: Version) -> Result<(), Refusal> {
    (dim.start, dim.stop) = (number(&dict.start, "start")?, number(&dict.stop, "stop")?);
    [dim.pad_lo, dim.pad_hi] = dict.padding.get().copied().unwrap_or([0, 0]);
    if (version.major, version.minor) == (0, 9) {
        let is_first = dim.proc_grid_rank == 0;
        let is_last = dim.proc_grid_rank == dim.proc_grid_size - 1;
        let wraps = is_first && dim.pad_lo > 0 || is_last && dim.pad_hi > 0;
        if wraps && dim.flags & DIM_PERIODIC != 0 {
            let what = "a halo that wraps round the ends, which only a dictionary of version 0.9 can say";
            return Err(Refusal::new(Code::INEXPRESSIBLE).what(what));
        }
        let beyond = || Refusal::new(Code::INEXPRESSIBLE).what("a block and its padding reach beyond 64-bit integers");
        dim.start = dim.start.checked_sub(if is_first { 0 } else { dim.pad_lo }).ok_or_else(beyond)?;
        dim.stop = dim.stop.checked_add(if is_last { 0 } else { dim.pad_hi }).ok_or_else(beyond)?;
    }
    Ok(())
}

fn number(field: &Field<i64>, key: &'static str) -> Result<i64, Refusal> {
    match field {
        Field::Is(value) => Ok(*value),
        _ => missing(key),
    }
}

#[cold]
fn missing<T>(key: &'static str) -> Result<T, Refusal> {
    Err(Refusal::new(Code::INEXPRESSIBLE).what(format!("the dictionary has no `{key}`, and the structs need it")))
}
