//! Closures over elements: compiled with the caller, at the speed of a loop in C.
//!
//! | the closure gets | makes a new array | in place |
//! |---|---|---|
//! | the elements of one to four arrays in the same place | [`map`](DynArray::map), [`zip`](DynArray::zip), [`zip3`](DynArray::zip3), [`zip4`](DynArray::zip4) | [`map_mut`](DynArray::map_mut), [`zip_mut`](DynArray::zip_mut), ... |
//! | an element and its global index | [`map_with_index`](DynArray::map_with_index) | [`map_with_index_mut`](DynArray::map_with_index_mut) |
//! | all elements of this process, and their global indices | [`map_local`](DynArray::map_local) | [`map_local_mut`](DynArray::map_local_mut) |
//!
//! Operands that lie on other ranks than the result move first, as those of an
//! [expression](crate::Expr); in place the target stays. Several threads of a process call the
//! closures of `map`, `zip` and `map_with_index` at the same time; a closure of `map_local` is
//! called once on each process that holds a section.
//!
//! ```no_run
//! # fn example(a: &dap_array::DistArray<f64>, b: &dap_array::DistArray<f32>) -> dap_array::Result<()> {
//! let larger = a.zip(b, |a, b| a.max(f64::from(b)))?;
//! let mut places = a.map_with_index(|[row, column], a| a + (row * column) as f64)?;
//! places.map_mut(|x| *x = x.sqrt())?;
//! # Ok(())
//! # }
//! ```
//!
//! An [expression](crate::Expr) is for operations that are known when the program runs. Its
//! mathematical functions have the same bits on every machine, those of a closure the bits of the
//! machine's C library.

mod index;
mod local;
mod zip;

pub use local::GlobalIndices;

use dap_core::algebra::Placement;
use dap_kernels::element::ElementType;
use dap_kernels::program::ProgramError;
use dap_kernels::view::{View, ViewMut};
use dap_mpi::Result;

use crate::access::{compute, compute_new, read_all};
use crate::align;
use crate::array::DynArray;
use crate::error::{Checked, argument};

/// A closure over the target's elements and the operands'.
trait Kernel: FnOnce(&mut ViewMut<'_>, &[View<'_>]) -> std::result::Result<(), ProgramError> {}
impl<F: FnOnce(&mut ViewMut<'_>, &[View<'_>]) -> std::result::Result<(), ProgramError>> Kernel for F {}

/// The kernel as [`compute`] calls it.
fn run_on(kernel: impl Kernel) -> impl FnOnce(ViewMut<'_>, &[View<'_>]) -> Result<()> {
    |mut target, views| kernel(&mut target, views).checked()
}

/// A new array of the results, in the distribution of the largest operand that has its shape.
/// Collective if an operand moves.
fn new_array(operands: &[&DynArray], element: ElementType, kernel: impl Kernel) -> Result<DynArray> {
    let arrays: Vec<DynArray> = operands.iter().map(|&array| array.clone()).collect();
    let Some(first) = arrays.first() else { return argument("no array is given: at least one is needed") };
    align::check_contexts(&arrays, first)?;
    let (placement, arrays): (Placement, _) = if arrays.iter().all(|array| array.placement() == first.placement()) {
        (first.placement().clone(), arrays)
    } else {
        let alignment = align::alignment(&arrays, None)?;
        (alignment.result().without_padding()?, align::moved(&arrays, &alignment, |_| false)?)
    };
    let result = DynArray::empty(operands[0].context(), placement, &element.dtype())?;
    compute_new(&result, &arrays, run_on(kernel));
    Ok(result)
}

/// Calls a closure that changes the target's elements. Collective.
fn in_place(target: &DynArray, operands: &[&DynArray], kernel: impl Kernel) -> Result<()> {
    target.check_single()?;
    let arrays: Vec<DynArray> = operands.iter().map(|&array| array.clone()).collect();
    align::check_contexts(&arrays, target)?;
    let alignment = align::alignment(&arrays, Some(target))?;
    let mut arrays = align::moved(&arrays, &alignment, |_| false)?;
    // The operands are as they were before the first write.
    for array in arrays.iter_mut().filter(|array| array.shares_memory(target)) {
        *array = array.copy()?;
    }
    let sides = read_all(&arrays).and_then(|readings| Ok((readings, target.write()?)));
    let (readings, writing) = target.context().comm().agree(sides)?;
    if let Err(error) = compute(writing, &readings, run_on(kernel)) {
        target.storage().fail(error);
    }
    Ok(())
}
