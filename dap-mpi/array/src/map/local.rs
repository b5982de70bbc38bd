//! Closures over all elements of a process.

use dap_kernels::element::Element;
use dap_mpi::Result;
use dap_ndarray::Item;
use ndarray::{ArrayViewD, ArrayViewMutD};

use crate::access::{Reading, Writing};
use crate::array::DynArray;
use crate::owned;
use crate::typed::DistArray;

/// The global indices of a process's elements: a list for each axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlobalIndices {
    axes: Vec<Vec<i64>>,
}

impl GlobalIndices {
    /// The global indices along an axis, in the order of the local ones.
    ///
    /// # Panics
    /// There is no such axis.
    pub fn axis(&self, axis: usize) -> &[i64] {
        &self.axes[axis]
    }

    /// The number of axes.
    pub fn ndim(&self) -> usize {
        self.axes.len()
    }

    /// The global index of the element at a local one; `None` outside of the process's part.
    pub fn global(&self, local: &[usize]) -> Option<Vec<i64>> {
        let along = |(axis, &at): (&Vec<i64>, &usize)| axis.get(at).copied();
        (local.len() == self.axes.len()).then(|| self.axes.iter().zip(local).map(along).collect()).flatten()
    }
}

impl DynArray {
    /// The global indices of this process's elements; `None` if it holds no section. Local.
    pub fn global_indices(&self) -> Option<GlobalIndices> {
        let at = self.layout().grid().coordinates(self.section_rank()?)?;
        let axes = self.layout().dims().iter().zip(at).map(|(dim, at)| owned::indices(dim, at)).collect();
        Some(GlobalIndices { axes })
    }

    /// A new array in this distribution. `f` is called once on each process that holds a section,
    /// with the elements there, their global indices, and the elements of the result, which have
    /// unspecified values and are to be overwritten. It sends no message.
    ///
    /// # Errors
    /// None of an array that exists. The next collective operation with the result returns a
    /// failure of this array, and other types than the closure's, of some rank.
    pub fn map_local<T: Item + Element, R: Item + Element>(
        &self,
        f: impl FnOnce(ArrayViewD<'_, T>, &GlobalIndices, ArrayViewMutD<'_, R>),
    ) -> Result<DynArray> {
        self.check_type::<T>()?;
        let result = DynArray::zeros(self.context(), self.placement(), &<R as Element>::TYPE.dtype())?;
        let run = |(reading, writing): (Option<Reading<'_>>, Option<Writing<'_>>)| {
            let (Some(reading), Some(mut writing)) = (reading, writing) else { return Ok(()) };
            let Some(indices) = self.global_indices() else { return Ok(()) };
            f(reading.buffer().view::<T>()?, &indices, writing.buffer_mut().view_mut::<R>()?);
            writing.finish()
        };
        if let Err(error) = self.read().and_then(|reading| Ok((reading, result.write()?))).and_then(run) {
            result.storage().fail(error);
        }
        Ok(result)
    }

    /// Calls `f` once, if this process holds a section, with its elements, to be changed, and their
    /// global indices. Local.
    ///
    /// # Errors
    /// Elements of another type than `T`; memory that may only be read or is in use; elements that
    /// are repeated by broadcasting; a failure of an earlier operation on this process.
    pub fn map_local_mut<T: Item + Element>(&self, f: impl FnOnce(ArrayViewMutD<'_, T>, &GlobalIndices)) -> Result<()> {
        self.check_type::<T>()?;
        let (Some(mut writing), Some(indices)) = (self.write()?, self.global_indices()) else { return Ok(()) };
        f(writing.buffer_mut().view_mut::<T>()?, &indices);
        writing.finish()
    }
}

impl<T: Item + Element> DistArray<T> {
    /// As [`DynArray::map_local`].
    ///
    /// # Errors
    /// As [`DynArray::map_local`].
    pub fn map_local<R: Item + Element>(
        &self,
        f: impl FnOnce(ArrayViewD<'_, T>, &GlobalIndices, ArrayViewMutD<'_, R>),
    ) -> Result<DistArray<R>> {
        DynArray::map_local(self, f)?.typed()
    }

    /// As [`DynArray::map_local_mut`]. Local.
    ///
    /// # Errors
    /// As [`DynArray::map_local_mut`].
    pub fn map_local_mut(&mut self, f: impl FnOnce(ArrayViewMutD<'_, T>, &GlobalIndices)) -> Result<()> {
        DynArray::map_local_mut(self, f)
    }
}
