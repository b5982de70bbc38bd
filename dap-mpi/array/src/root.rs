//! Arrays and elements between one rank and all.

use dap_core::algebra::{Placement, RankMap, Subscript};
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_kernels::element::Element;
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::Item;
use ndarray::ArrayViewD;

use crate::access::nothing;
use crate::array::DynArray;
use crate::context::Context;
use crate::error::argument;
use crate::scalar::Scalar;

impl DynArray {
    /// The same elements on one rank of the communicator. Collective; the other ranks hold nothing
    /// of the result.
    ///
    /// # Errors
    /// A rank that is not there; not enough memory on it.
    #[track_caller]
    pub fn gather(&self, root: i32) -> Result<DynArray> {
        let _call = self.enter("gather", root)?;
        self.redistribute(on_rank(self.context(), self.shape(), root)?)
    }

    /// An array of one rank, distributed: `data` is read on rank `root`, and other ranks may give
    /// `None`. Collective.
    ///
    /// # Errors
    /// A rank that is not there; no data on it, or of another shape than the placement's; not
    /// enough memory.
    #[track_caller]
    pub fn from_root<T: Item + Element>(
        context: &Context,
        root: i32,
        data: Option<ArrayViewD<'_, T>>,
        placement: impl Into<Placement>,
    ) -> Result<DynArray> {
        let _call = context.enter("from_root", root)?;
        let placement = placement.into();
        let whole = DynArray::empty(context, on_rank(context, placement.shape(), root)?, &<T as Item>::dtype())?;
        let filled = if context.comm().rank() == root { whole.fill_from(data) } else { Ok(()) };
        context.comm().agree(filled)?;
        whole.redistribute(placement)
    }

    fn fill_from<T: Item + Element>(&self, data: Option<ArrayViewD<'_, T>>) -> Result<()> {
        let Some(data) = data else { return argument("this rank is to give the array, and gave none") };
        let shape: Vec<i64> = data.shape().iter().map(|&extent| extent as i64).collect();
        if shape != self.shape() {
            return argument(format!("the data have shape {shape:?}, the array {:?}", self.shape()));
        }
        self.local_mut::<T>()?.view().assign(&data);
        Ok(())
    }

    /// One element, on all ranks; negative indices count from the end. Collective.
    ///
    /// # Errors
    /// Another number of indices than of axes; an index out of bounds; items that cannot be
    /// computed with; a failure of an earlier operation on the rank that has the element.
    #[track_caller]
    pub fn get(&self, index: &[i64]) -> Result<Scalar> {
        let _call = self.enter("get", index)?;
        if index.len() != self.ndim() {
            return argument(format!("{} indices for {} axes: give one for each", index.len(), self.ndim()));
        }
        let element = self.number_type()?;
        let point = self.part(&index.iter().copied().map(Subscript::Index).collect::<Vec<_>>())?;
        // An array without axes has one section.
        let holder = point.placement().ranks().holder(Rank(0)).and_then(|holder| i32::try_from(holder.0).ok());
        let nobody = || Error::new(ErrorKind::Layout, "no rank holds the element");
        let holder = holder.ok_or_else(nobody)?;
        let comm = self.context().comm();
        let mine = if comm.rank() == holder { point.read_item() } else { Ok([0; 16]) };
        // In front stands whether the holder has failed: success needs no agreement of its own.
        let mut message = [0_u8; 17];
        message[0] = mine.is_err().into();
        message[1..].copy_from_slice(mine.as_ref().map_or(&[0; 16], |bytes| bytes));
        comm.broadcast(holder, &mut message)?;
        if message[0] != 0 {
            comm.agree(mine)?;
        }
        Ok(Scalar::from_bytes(element, &message[1..]))
    }

    /// The bytes of the only element, which this process has.
    fn read_item(&self) -> Result<[u8; 16]> {
        let reading = self.read()?.ok_or_else(nothing)?;
        let mut bytes = [0; 16];
        let item = reading.buffer().bytes()?;
        bytes[..item.len()].copy_from_slice(item);
        Ok(bytes)
    }
}

/// All elements on one rank.
fn on_rank(context: &Context, shape: &[i64], root: i32) -> Result<Placement> {
    let ranks = context.comm().size();
    if !(0..ranks).contains(&root) {
        return argument(format!("rank {root} is not there: the communicator has ranks 0 to {}", ranks - 1));
    }
    let layout = Layout::builder(shape.to_vec()).processes(1).build()?;
    let map = RankMap::listed(layout.grid(), [i64::from(root)])?;
    Ok(Placement::with_ranks(layout, map)?)
}
