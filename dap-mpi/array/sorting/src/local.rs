//! Lines that one process has whole.

use dap_array::{DynArray, Result};
use ndarray::Axis;

use crate::element::Sorted;
use crate::line::Task;

/// Sorts this process's lines of an array along an axis that one process has whole, into those of
/// `result`, which lies alike. Local.
///
/// # Errors
/// Memory that is in use, or a failure of an earlier operation on this process.
pub(crate) fn lines<T: Sorted, K: Task<T>>(task: &K, array: &DynArray, axis: usize, result: &DynArray) -> Result<()> {
    if array.section_rank().is_none() {
        return Ok(());
    }
    let source = array.local::<T>()?;
    let mut target = result.local_mut::<K::Output>()?;
    let mut output = Vec::new();
    let source = source.view();
    for (line, mut to) in source.lanes(Axis(axis)).into_iter().zip(target.view().lanes_mut(Axis(axis))) {
        match to.as_slice_mut() {
            Some(to) => task.whole(line, to),
            None => {
                output.resize(to.len(), K::Output::default());
                task.whole(line, &mut output);
                to.iter_mut().zip(&output).for_each(|(to, item)| *to = *item);
            }
        }
    }
    Ok(())
}
