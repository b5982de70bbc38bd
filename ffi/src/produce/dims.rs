//! A dimension dictionary as a flat struct, in the one form that the structs have: that of version
//! 0.10.

use std::sync::Arc;

use dap_core::error::Error;
use dap_core::export::{DimDict, DistType, Field, Version};
use smallvec::SmallVec;

use crate::{Code, DIM_ONE_TO_ONE, DIM_PERIODIC, DapDim, Refusal};

/// Fills a [whole](DapDim::whole) dimension in place from a dictionary; `kept` keeps the list of
/// indices that it points to.
pub(super) fn fill(
    dim: &mut DapDim,
    dict: &DimDict,
    version: Version,
    kept: &mut SmallVec<[Arc<[i64]>; 1]>,
) -> Result<(), Refusal> {
    let needs_restating = version.is_0_9() || dict.dist_type == Field::Is(DistType::Undistributed);
    if needs_restating {
        let inexpressible = |error: Error| Refusal::of_error(Code::INEXPRESSIBLE, &error);
        return of_0_10(dim, &dict.restated(version, dim.size).map_err(inexpressible)?, kept);
    }
    of_0_10(dim, dict, kept)
}

fn of_0_10(dim: &mut DapDim, dict: &DimDict, kept: &mut SmallVec<[Arc<[i64]>; 1]>) -> Result<(), Refusal> {
    let dist_type = match dict.dist_type {
        Field::Is(dist_type) => dist_type,
        // The alias `{}`: an undistributed dimension.
        Field::Missing => return if dict.is_alias() { Ok(()) } else { missing("dist_type") },
        Field::Wrong(_) => return missing("dist_type"),
    };
    dim.size = number(&dict.size, "size")?;
    dim.proc_grid_size = number(&dict.proc_grid_size, "proc_grid_size")?;
    dim.proc_grid_rank = number(&dict.proc_grid_rank, "proc_grid_rank")?;
    if dict.periodic == Field::Is(true) {
        dim.flags |= DIM_PERIODIC;
    }
    dim.stop = 0;
    match dist_type {
        DistType::Block | DistType::Undistributed => {
            (dim.start, dim.stop) = (number(&dict.start, "start")?, number(&dict.stop, "stop")?);
            [dim.pad_lo, dim.pad_hi] = dict.padding.get().copied().unwrap_or([0, 0]);
        }
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
            // The list itself does not move if its reference-counted owner does.
            dim.indices = indices.as_ptr();
        }
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
