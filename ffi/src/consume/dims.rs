//! Flat structs as dimension dictionaries: those of version 0.10.

use std::slice::from_raw_parts;
use std::sync::Arc;

use dap_core::export::{DimDict, DistType, Field};

use super::good;
use crate::{Code, DIM_ONE_TO_ONE, DIM_PERIODIC, DapDim, Refusal};

/// The dictionaries. A list of indices is read only if it is as long as the buffer and no longer
/// than the dimension: a number alone is not trusted.
///
/// # Safety
/// `dims` obey `spec/abi.md`.
pub(crate) unsafe fn dicts(dims: &[DapDim], shape: Option<&[i64]>) -> Result<Vec<DimDict>, Refusal> {
    // Filled in place: a dictionary is too large to be moved often.
    let mut dicts: Vec<DimDict> = dims.iter().map(|_| DimDict::default()).collect();
    for (at, (dim, dict)) in dims.iter().zip(&mut dicts).enumerate() {
        let extent = shape.and_then(|shape| shape.get(at).copied());
        // SAFETY: the caller's `dims` obey `spec/abi.md`, so `dim.indices` has `n_indices` entries
        // or is refused by `indices`.
        unsafe { fill(dict, dim, extent) }.map_err(|refusal| refusal.dim_at(at))?;
    }
    Ok(dicts)
}

unsafe fn fill(dict: &mut DimDict, dim: &DapDim, extent: Option<i64>) -> Result<(), Refusal> {
    let unknown = dim.flags & !(DIM_PERIODIC | DIM_ONE_TO_ONE);
    if unknown != 0 {
        return Err(Refusal::new(Code::FLAGS).what("dims.flags").found(unknown));
    }
    dict.size = Field::Is(dim.size);
    dict.proc_grid_size = Field::Is(dim.proc_grid_size);
    dict.proc_grid_rank = Field::Is(dim.proc_grid_rank);
    if dim.flags & DIM_PERIODIC != 0 {
        dict.periodic = Field::Is(true);
    }
    match u8::try_from(dim.dist_type) {
        Ok(b'b') => {
            dict.dist_type = Field::Is(DistType::Block);
            dict.start = Field::Is(dim.start);
            dict.stop = Field::Is(dim.stop);
            if (dim.pad_lo, dim.pad_hi) != (0, 0) {
                dict.padding = Field::Is([dim.pad_lo, dim.pad_hi]);
            }
        }
        Ok(b'c') => {
            dict.dist_type = Field::Is(DistType::Cyclic);
            dict.start = Field::Is(dim.start);
            if dim.block_size != 1 {
                dict.block_size = Field::Is(dim.block_size);
            }
        }
        Ok(b'u') => {
            dict.dist_type = Field::Is(DistType::Unstructured);
            // SAFETY: `dim` is one of the caller's dimensions, whose `indices` has `n_indices`
            // entries; the count is checked before it is read.
            dict.indices = Field::Is(unsafe { indices(dim, extent) }?);
            if dim.flags & DIM_ONE_TO_ONE != 0 {
                dict.one_to_one = Field::Is(true);
            }
        }
        _ => return Err(Refusal::new(Code::DIST_TYPE).found(dim.dist_type)),
    }
    Ok(())
}

unsafe fn indices(dim: &DapDim, extent: Option<i64>) -> Result<Arc<[i64]>, Refusal> {
    // "Each process lists an index once", so there are at most `size` of them, and their number is
    // the buffer's extent.
    let most = extent.unwrap_or(dim.size).min(dim.size).min(i64::MAX / 16);
    let wrong = || Refusal::new(Code::INDICES).found(dim.n_indices).expected(most.max(0));
    if dim.n_indices < 0 || dim.n_indices > most || extent.is_some_and(|extent| extent != dim.n_indices) {
        return Err(wrong());
    }
    let count = usize::try_from(dim.n_indices).map_err(|_| wrong())?;
    if count == 0 {
        return Ok(Arc::default());
    }
    good(dim.indices, "indices")?;
    // SAFETY: `good` refused null and misaligned pointers; the producer promises `n_indices`
    // entries, and the count agrees with the buffer's.
    Ok(unsafe { from_raw_parts(dim.indices, count) }.into())
}
