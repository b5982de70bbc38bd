//! Many lines of a distributed axis: they move, some at a time, to processes that have them whole.

use dap_array::{DynArray, Result};
use dap_core::algebra::{Slice, Subscript};

use crate::arguments::new_array;
use crate::element::Sorted;
use crate::line::Task;
use crate::local;
use crate::placement::{resized, whole_axes, with_axes_whole};

/// Bytes of a rank's part of the lines that are moved at once.
const SLAB: i64 = 24 << 20;

/// Sorts the lines of an array, into those of `result`; false if they are too few for all ranks.
/// Collective.
pub(crate) fn sort<T: Sorted, K: Task<T>>(task: &K, array: &DynArray, axis: usize, result: &DynArray) -> Result<bool> {
    if whole_axes(array, &[axis])?.is_none() {
        return Ok(false);
    }
    // The longest of the other axes is cut.
    let cut = (0..array.ndim()).filter(|&at| at != axis).max_by_key(|&at| array.shape()[at]).unwrap_or(axis);
    let item = array.dtype().itemsize().max(result.dtype().itemsize()).max(1);
    let bytes = array.len().saturating_mul(item) / array.layout().processes().max(1);
    let extent = array.shape()[cut];
    let slabs = (bytes / SLAB + 1).clamp(1, extent.max(1));
    for slab in 0..slabs {
        let bound = |slab: i64| extent / slabs * slab + (extent % slabs).min(slab);
        let mut subscripts = vec![Subscript::Slice(Slice::ALL); array.ndim()];
        subscripts[cut] = Subscript::Slice(Slice::range(bound(slab), bound(slab + 1)));
        let (source, target) = match slabs {
            1 => (array.clone(), result.clone()),
            _ => (array.part(&subscripts)?, result.part(&subscripts)?),
        };
        let to = with_axes_whole(&source, &[axis])?;
        let lines = source.redistribute(to.clone())?;
        let sorted = new_array::<K::Output>(array, resized(&to, axis, result.shape()[axis])?)?;
        array.context().comm().agree(local::lines(task, &lines, axis, &sorted))?;
        target.assign(&sorted)?;
    }
    Ok(true)
}
