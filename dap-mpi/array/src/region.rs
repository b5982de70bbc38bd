//! Regions: parts of an array that the ranks read or write, each rank its own.
//!
//! The ranks tell one another their regions. Each region is a view, so that a plan says which of
//! its elements each rank owns; these go in one message from each owner to the reader, or to each
//! owner from the writer. Large regions go piece by piece.

mod exchange;
mod pieces;

use std::sync::Arc;

use dap_core::algebra::Subscript;
use dap_kernels::element::Element;
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::{Buffer, Item};
use exchange::Direction;
use ndarray::{ArrayD, ArrayViewD};
use pieces::Regions;

use crate::array::DynArray;
use crate::error::{Checked, argument};

impl DynArray {
    /// The elements of this rank's region, in C order; each rank has a region of its own, or none.
    /// Collective: each owner sends the reader its part, in messages of at most 32 MiB.
    ///
    /// ```no_run
    /// # fn life(board: &dap_array::DistArray<u8>, above: i64) -> Result<(), Box<dyn std::error::Error>> {
    /// use dap_core::algebra::Subscript;
    /// // The row above this rank's part, from whichever rank has it.
    /// let row = board.read_region::<u8>(Some(&[Subscript::Index(above)]))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Elements of another type than `T`; on some rank a region that the array does not have, or
    /// not enough memory.
    #[track_caller]
    pub fn read_region<T: Item + Element>(&self, region: Option<&[Subscript]>) -> Result<Option<ArrayD<T>>> {
        let _call = self.enter("read_region", ())?;
        self.check_type::<T>()?;
        let read = self.read_buffer(region)?;
        read.map(|buffer| Ok(buffer.view::<T>()?.to_owned())).transpose()
    }

    /// As [`read_region`](DynArray::read_region), for items of any type.
    ///
    /// # Errors
    /// As [`read_region`](DynArray::read_region).
    #[track_caller]
    pub fn read_buffer(&self, region: Option<&[Subscript]>) -> Result<Option<Buffer>> {
        let _call = self.enter("read_region", ())?;
        let room = |region| Ok(Arc::new(Buffer::zeros(self.dtype().clone(), &self.region_shape(region)?)?));
        let ready = self.storage().read().and_then(|_| region.map(room).transpose());
        let (regions, room) = Regions::of(self, region, ready)?;
        regions.exchange(self, &Direction::Read(room.clone()))?;
        drop(regions);
        let in_use = |_| Error::new(ErrorKind::State, "the region is still in use");
        room.map(|room| Arc::try_unwrap(room).map_err(in_use)).transpose()
    }

    /// Overwrites this rank's region by values, broadcast to its shape; each rank has a region of
    /// its own, or none. Collective: each writer sends the owners their parts.
    ///
    /// # Errors
    /// As [`read_region`](DynArray::read_region); values that cannot be broadcast to the region, on
    /// some rank; an element in the regions of two ranks. Nothing is written then.
    #[track_caller]
    pub fn write_region<T: Item + Element>(&self, region: Option<(&[Subscript], ArrayViewD<'_, T>)>) -> Result<()> {
        let _call = self.enter("write_region", ())?;
        self.check_type::<T>()?;
        let broadcast = |(region, values): (&[Subscript], ArrayViewD<'_, T>)| {
            let shape: Vec<usize> = self.region_shape(region)?.iter().map(|&extent| extent as usize).collect();
            match values.broadcast(&shape[..]) {
                Some(all) => Ok(Arc::new(Buffer::from_array(all.to_owned()))),
                None => argument(format!("values of shape {:?} do not fit a region of {shape:?}", values.shape())),
            }
        };
        self.write_values(region.as_ref().map(|&(region, _)| region), region.map(broadcast).transpose())
    }

    /// As [`write_region`](DynArray::write_region), for items of any type; the values have the
    /// region's shape.
    ///
    /// # Errors
    /// As [`write_region`](DynArray::write_region); items of another type on some rank.
    #[track_caller]
    pub fn write_buffer(&self, region: Option<(&[Subscript], Arc<Buffer>)>) -> Result<()> {
        let _call = self.enter("write_region", ())?;
        let checked = |(region, values): (&[Subscript], Arc<Buffer>)| {
            let shape = self.region_shape(region)?;
            if values.shape() != shape {
                return argument(format!("values of shape {:?} do not fit a region of {shape:?}", values.shape()));
            }
            if values.dtype() != self.dtype() {
                let (given, own) = (values.dtype().name(), self.dtype().name());
                return argument(format!("the values are {given}, the elements {own}"));
            }
            Ok(values)
        };
        self.write_values(region.as_ref().map(|&(region, _)| region), region.map(checked).transpose())
    }

    fn write_values(&self, region: Option<&[Subscript]>, values: Result<Option<Arc<Buffer>>>) -> Result<()> {
        self.check_single()?;
        let ready = self.storage().write().and(values);
        let (regions, values) = Regions::of(self, region, ready)?;
        regions.check_disjoint()?;
        regions.exchange(self, &Direction::Write(values))
    }

    fn region_shape(&self, region: &[Subscript]) -> Result<Vec<i64>> {
        Ok(self.view().index(region).checked()?.shape().to_vec())
    }
}
