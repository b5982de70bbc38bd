//! New arrays.

use dap_core::algebra::Placement;
use dap_core::dtype::DType;
use dap_kernels::element::{Element, ElementType};
use dap_kernels::program::Value;
use dap_mpi::{Error, ErrorKind, Result, memory};
use dap_ndarray::copy::Order;
use dap_ndarray::{Buffer, Item, Section};
use ndarray::Dimension;

use crate::array::DynArray;
use crate::context::Context;
use crate::owned;
use crate::storage::Storage;

impl DynArray {
    /// An array whose content is unspecified, each section in C order, padding as the layout says.
    /// It sends no message: a rank without enough memory is named by the next collective operation.
    ///
    /// # Errors
    /// More processes than ranks.
    pub fn empty(context: &Context, placement: impl Into<Placement>, dtype: &DType) -> Result<DynArray> {
        let placement = placement.into();
        context.check_ranks(&placement)?;
        let section = match placement.ranks().section(context.rank()) {
            Some(rank) => {
                let shape = placement.layout().local_shape(rank).unwrap_or_default();
                memory::allocate(context.comm(), dtype, &shape, Order::C).map(Some)
            }
            None => Ok(None),
        };
        DynArray::over(context, &placement, Storage::new(dtype.clone(), section))
    }

    /// Zeros. It sends no message.
    ///
    /// # Errors
    /// As [`empty`](DynArray::empty).
    pub fn zeros(context: &Context, placement: impl Into<Placement>, dtype: &DType) -> Result<DynArray> {
        let array = DynArray::empty(context, placement, dtype)?;
        array.fill_bytes();
        Ok(array)
    }

    /// One value everywhere, padding included. It sends no message.
    ///
    /// # Errors
    /// As [`empty`](DynArray::empty); a value that the type does not have.
    pub fn full(
        context: &Context,
        placement: impl Into<Placement>,
        element: ElementType,
        value: Value,
    ) -> Result<DynArray> {
        let array = DynArray::empty(context, placement, &element.dtype())?;
        array.fill_new(value, array.write_padded())?;
        Ok(array)
    }

    /// An array of this item type on the ranks of a placement.
    pub(crate) fn empty_like_on(&self, placement: &Placement) -> Result<DynArray> {
        DynArray::empty(self.context(), placement.clone(), self.dtype())
    }

    /// The element `value(index)` at each global index. Communication padding gets the value of the
    /// element that it images. It sends no message.
    ///
    /// # Errors
    /// As [`empty`](DynArray::empty).
    pub fn from_fn<T: Item + Element>(
        context: &Context,
        placement: impl Into<Placement>,
        mut value: impl FnMut(&[i64]) -> T,
    ) -> Result<DynArray> {
        let placement = placement.into();
        let array = DynArray::zeros(context, placement.clone(), &<T as Item>::dtype())?;
        let Some(rank) = placement.ranks().section(context.rank()) else { return Ok(array) };
        // A process whose memory is missing has no elements; the next collective operation says so.
        if let Ok(Some(mut section)) = array.write_padded() {
            let indices = owned::imaged(placement.layout(), rank);
            let mut global = vec![0; placement.ndim()];
            for (at, item) in section.buffer_mut().view_mut::<T>()?.indexed_iter_mut() {
                let places = indices.iter().zip(at.slice()).zip(&mut global);
                // Boundary padding has no element.
                let has_element = places.fold(true, |so_far, ((indices, &local), global)| {
                    *global = indices[local].unwrap_or(0);
                    so_far && indices[local].is_some()
                });
                if has_element {
                    *item = value(&global);
                }
            }
        }
        Ok(array)
    }

    /// An array over existing sections, in any memory, without a copy. `section` is this process's
    /// section, `None` if it holds none. Collective.
    ///
    /// # Errors
    /// A section that is missing, that is not this rank's of the layout, or has other items, on
    /// some rank.
    #[track_caller]
    pub fn from_section(
        context: &Context,
        placement: impl Into<Placement>,
        dtype: &DType,
        section: Option<Section>,
    ) -> Result<DynArray> {
        let _call = context.enter("from_section", dtype)?;
        let placement = placement.into();
        let wrong = |message: String| Err(Error::new(ErrorKind::Buffer, message));
        let layout = placement.layout();
        let checked = match (placement.ranks().section(context.rank()), section) {
            (None, None) => Ok(None),
            (Some(rank), None) => wrong(format!("the section of rank {rank} of {layout} is missing")),
            (None, Some(_)) => wrong(format!("this rank holds nothing of {layout}, but was given a section")),
            (Some(_), Some(section)) if section.buffer().dtype() != dtype => {
                wrong(format!("the items are {}, not {}", section.buffer().dtype().name(), dtype.name()))
            }
            (Some(rank), Some(section)) if !section.is_part_of(layout, rank) => {
                wrong(format!("the section's dictionaries are not those of rank {rank} of {layout}"))
            }
            (Some(_), Some(section)) => Ok(Some(section.into_parts().1)),
        };
        let buffer: Option<Buffer> = context.comm().agree(checked)?;
        let storage = Storage::new(dtype.clone(), Ok(buffer));
        storage.expose();
        DynArray::over(context, &placement, storage)
    }

    fn fill_bytes(&self) {
        // A process whose memory is missing has nothing to fill; the next collective operation says
        // so.
        if let Ok(Some(mut section)) = self.write_padded()
            && let Ok(bytes) = section.buffer_mut().bytes_mut()
        {
            bytes.fill(0);
        }
    }
}
