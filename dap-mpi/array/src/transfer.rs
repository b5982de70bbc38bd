//! Elements from one array to another of the same shape, wherever each of them lies.

use dap_core::algebra::Placement;
use dap_core::dim::Dim;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::plan::{Endpoints, Plan};
use dap_mpi::Result;
use dap_ndarray::{Buffer, copy};

use crate::access::{Reading, Writing, agreed};
use crate::align::check_contexts;
use crate::array::DynArray;
use crate::calls::Same;
use crate::error::argument;

impl DynArray {
    /// The same elements on other ranks. Collective; no message is sent, and memory is shared, if
    /// they are there already.
    ///
    /// # Errors
    /// A placement of another shape; more ranks than the communicator has; not enough memory.
    #[track_caller]
    pub fn redistribute(&self, to: impl Into<Placement>) -> Result<DynArray> {
        let to = to.into();
        let _call = self.enter("redistribute", &to)?;
        if self.placement() == &to {
            return Ok(self.clone());
        }
        let moved = DynArray::empty_like_on(self, &to)?;
        moved.copy_from(self)?;
        Ok(moved)
    }

    /// The same elements in blocks, on the same number of ranks. Collective.
    pub(crate) fn in_blocks(&self) -> Result<DynArray> {
        self.redistribute(Layout::builder(self.shape().to_vec()).processes(self.layout().processes()).build()?)
    }

    /// A new array with the same elements in the same distribution. It sends no message.
    ///
    /// # Errors
    /// None of an array that exists: a rank without enough memory is named by the next collective
    /// operation.
    pub fn copy(&self) -> Result<DynArray> {
        let copied = DynArray::empty_like_on(self, self.placement())?;
        if let Err(error) = copied.copy_locally_from(self) {
            copied.storage().fail(error);
        }
        Ok(copied)
    }

    /// Overwrites the elements by those of an array of the same shape and item type, moved to where
    /// they belong; items of any type, as they are. Collective.
    ///
    /// # Errors
    /// Another shape or item type, memory that may only be read or is in use on some rank. Then
    /// nothing is written.
    #[track_caller]
    pub fn copy_from(&self, source: &DynArray) -> Result<()> {
        let _call = self.enter("copy_from", Same(source))?;
        if source.shape() != self.shape() {
            return argument(format!("an array of shape {:?} has no room for {:?}", self.shape(), source.shape()));
        }
        if source.dtype() != self.dtype() {
            let (found, expected) = (source.dtype().name(), self.dtype().name());
            return argument(format!("the items are {found}, those of the target {expected}"));
        }
        self.check_single()?;
        if source.is_same(self) {
            return Ok(());
        }
        // The right side as it was before the first write.
        let source = if source.shares_memory(self) { source.copy()? } else { source.clone() };
        let (reading, writing) = agreed(&source, self)?;
        if source.placement().holds_the_same(self.placement()) {
            return copy_section(reading.as_ref(), writing);
        }
        self.execute(&source, reading.as_ref(), writing)
    }

    /// Overwrites the elements by those of an array with as many, in C order. Collective: each
    /// element moves to where it belongs, in whatever shape and distribution both arrays are.
    ///
    /// # Errors
    /// Another number of elements or another item type; arrays that share memory; memory that may
    /// only be read or is in use on some rank. Then nothing is written.
    #[track_caller]
    pub fn copy_in_order(&self, source: &DynArray) -> Result<()> {
        let _call = self.enter("copy_in_order", Same(source))?;
        check_contexts([source], self)?;
        if source.len() != self.len() || source.dtype() != self.dtype() {
            return argument(format!("{source:?} has other items than {self:?}: equal numbers and types are needed"));
        }
        if source.shares_memory(self) {
            return argument(format!("{source:?} shares memory with {self:?}: copy it first"));
        }
        self.move_from(source)
    }

    /// Overwrites the elements by those of an array with as many, in C order. Collective.
    pub(crate) fn move_from(&self, source: &DynArray) -> Result<()> {
        let (reading, writing) = agreed(source, self)?;
        self.execute(source, reading.as_ref(), writing)
    }

    fn execute(
        &self,
        source: &DynArray,
        reading: Option<&Reading<'_>>,
        mut writing: Option<Writing<'_>>,
    ) -> Result<()> {
        self.context().with_move(source.placement(), self.placement(), self.dtype(), |redistribution| {
            let target = writing.as_mut().map(Writing::buffer_mut);
            redistribution.execute(reading.map(Reading::buffer), target)
        })?;
        writing.map_or(Ok(()), Writing::finish)
    }

    /// Overwrites this process's elements by those of an array whose elements lie on the same ranks
    /// in the same order. Local.
    fn copy_locally_from(&self, source: &DynArray) -> Result<()> {
        let writing = self.write()?;
        copy_section(source.read()?.as_ref(), writing)
    }
}

/// Copies this process's elements.
fn copy_section(reading: Option<&Reading<'_>>, writing: Option<Writing<'_>>) -> Result<()> {
    let (Some(reading), Some(mut writing)) = (reading, writing) else { return Ok(()) };
    copy_items(reading.buffer(), writing.buffer_mut())?;
    writing.finish()
}

/// Copies all items of a buffer to another one of the same shape and item type.
pub(crate) fn copy_items(source: &Buffer, target: &mut Buffer) -> Result<()> {
    if source.is_empty() {
        return Ok(());
    }
    let dims: Vec<Dim> =
        source.shape().iter().map(|&extent| Dim::undistributed(extent)).collect::<std::result::Result<_, _>>()?;
    let layout = Layout::new(dims)?;
    let endpoints = Endpoints { source: Some(Rank(0)), target: Some(Rank(0)) };
    let plan = Plan::new(&layout, &layout, endpoints)?;
    match plan.kept() {
        Some(kept) => Ok(copy::copy_local(&kept, source, target)?),
        None => Ok(()),
    }
}
