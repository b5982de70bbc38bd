//! A distributed array: a layout, this process's section, a communicator.

use std::hash::Hash;
use std::marker::PhantomData;

use dap_core::index::{GlobalIndex, LocalIndex, Rank};
use dap_core::layout::Layout;
use dap_ndarray::copy::Order;
use dap_ndarray::{Buffer, Item, Section};
use ndarray::{ArrayD, ArrayViewD, ArrayViewMutD, IxDyn};

use crate::comm::Comm;
use crate::error::{Error, ErrorKind, Result};
use crate::memory;
use crate::ranks::Ranks;
use crate::redistribute::{Prepare, Redistribution};
use crate::watch::Call;

/// An array of `T` that is distributed over the ranks of a communicator. A rank beyond the layout's
/// processes holds no section.
#[derive(Debug)]
pub struct DistArray<T> {
    comm: Comm,
    layout: Layout,
    section: Option<Section>,
    items: PhantomData<T>,
}

impl<T: Item> DistArray<T> {
    /// An array of zeros in memory that the node can read, each section in C order. Collective.
    ///
    /// # Errors
    /// More processes than ranks; not enough memory on some rank.
    #[track_caller]
    pub fn zeros(comm: &Comm, layout: &Layout) -> Result<DistArray<T>> {
        let _call = comm.enter("zeros", (layout, T::dtype()))?;
        let mut array = Self::empty(comm, layout, Order::C)?;
        if let Some(section) = &mut array.section {
            section.buffer_mut().bytes_mut()?.fill(0);
        }
        Ok(array)
    }

    /// An array with unspecified content, each section in this order. Collective.
    ///
    /// # Errors
    /// As [`DistArray::zeros`].
    #[track_caller]
    pub fn empty(comm: &Comm, layout: &Layout, order: Order) -> Result<DistArray<T>> {
        let _call = comm.enter("empty", (layout, T::dtype()))?;
        let section = Ranks::First.check(layout, comm).and_then(|()| {
            let Some(rank) = Ranks::First.section(layout, comm.rank()) else { return Ok(None) };
            let shape = layout.local_shape(rank).unwrap_or_default();
            let buffer = memory::allocate(comm, &T::dtype(), &shape, order)?;
            Ok(Some(Section::of(layout, rank, buffer)?))
        });
        Self::agreed(comm, layout, section)
    }

    /// An array with the element `value(index)` at each global index. Padding gets the value of the
    /// element that it images. Collective.
    ///
    /// # Errors
    /// As [`DistArray::zeros`].
    #[track_caller]
    pub fn from_fn(comm: &Comm, layout: &Layout, mut value: impl FnMut(&[GlobalIndex]) -> T) -> Result<DistArray<T>> {
        let _call = comm.enter("from_fn", (layout, T::dtype()))?;
        let mut array = Self::empty(comm, layout, Order::C)?;
        let Some(rank) = array.rank() else { return Ok(array) };
        let layout = array.layout.clone();
        for (local_index, item) in array.local_mut()?.indexed_iter_mut() {
            let local: Vec<LocalIndex> = (0..layout.ndim()).map(|dim| LocalIndex(local_index[dim] as i64)).collect();
            if let Some(global) = layout.global(rank, &local) {
                *item = value(&global);
            }
        }
        Ok(array)
    }

    /// An array over existing sections, in any memory, without copying. `section` is this process's
    /// section, `None` if the process has none. Collective.
    ///
    /// # Errors
    /// A section that is missing, or that is not this rank's of the layout, or has other items.
    #[track_caller]
    pub fn from_section(comm: &Comm, layout: &Layout, section: Option<Section>) -> Result<DistArray<T>> {
        let _call = comm.enter("from_section", (layout, T::dtype()))?;
        let checked = Ranks::First.check(layout, comm).and_then(|()| {
            let wrong = |message: String| Err(Error::new(ErrorKind::Buffer, message));
            match (Ranks::First.section(layout, comm.rank()), section) {
                (Some(rank), Some(section)) => {
                    let dtype = section.buffer().dtype();
                    if *dtype != T::dtype() {
                        return wrong(format!("the items are {}, not {}", dtype.name(), T::dtype().name()));
                    }
                    if !section.is_part_of(layout, rank) {
                        return wrong(format!("the section's dictionaries are not those of rank {rank} of {layout}"));
                    }
                    Ok(Some(Section::of(layout, rank, section.into_parts().1)?))
                }
                (Some(rank), None) => wrong(format!("the section of rank {rank} of {layout} is missing")),
                (None, Some(_)) => wrong(format!("this rank holds nothing of {layout}, but was given a section")),
                (None, None) => Ok(None),
            }
        });
        Self::agreed(comm, layout, checked)
    }

    fn agreed(comm: &Comm, layout: &Layout, section: Result<Option<Section>>) -> Result<DistArray<T>> {
        let section = comm.agree(section)?;
        Ok(DistArray { comm: comm.clone(), layout: layout.clone(), section, items: PhantomData })
    }

    /// The communicator.
    pub fn comm(&self) -> &Comm {
        &self.comm
    }

    /// The distribution.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// This process's rank in the layout; `None` if it holds no section.
    pub fn rank(&self) -> Option<Rank> {
        Ranks::First.section(&self.layout, self.comm.rank())
    }

    /// This process's section, as it is exported: dictionaries and buffer.
    pub fn section(&self) -> Option<&Section> {
        self.section.as_ref()
    }

    /// Gives the section away, to be exported: its memory stays where it is.
    pub fn into_section(self) -> Option<Section> {
        self.section
    }

    /// The local items, padding included.
    ///
    /// # Errors
    /// This process holds no section; or as [`Section::view`].
    pub fn local(&self) -> Result<ArrayViewD<'_, T>> {
        Ok(self.section.as_ref().ok_or_else(nothing)?.view()?)
    }

    /// The local items, padding included, to be written.
    ///
    /// # Errors
    /// As [`DistArray::local`]; read-only memory.
    pub fn local_mut(&mut self) -> Result<ArrayViewMutD<'_, T>> {
        Ok(self.section.as_mut().ok_or_else(nothing)?.view_mut()?)
    }

    /// The element at a global index, if this process owns it.
    ///
    /// # Errors
    /// As [`Layout::try_owner`], so that an index of no process is not taken for one of another
    /// process; as [`DistArray::local`].
    pub fn get_local(&self, index: &[GlobalIndex]) -> Result<Option<T>> {
        let Some(local_index) = self.local_index(index)? else { return Ok(None) };
        Ok(self.local()?.get(IxDyn(&local_index)).copied())
    }

    /// The element at a global index, on every rank. Collective.
    ///
    /// # Errors
    /// As [`Layout::try_owner`]; ranks that ask for different indices.
    #[track_caller]
    pub fn get(&self, index: &[GlobalIndex]) -> Result<T> {
        let _call = self.enter("get", index)?;
        let owner = self.layout.try_owner(index).map_err(Error::from);
        let mine = owner.and_then(|(owner, _)| Ok((owner, self.get_local(index)?)));
        let (owner, value) = self.comm.agree(mine)?;
        self.comm.same(&format!("a request for the element {:?}", plain(index)), &index)?;
        let mut bytes = vec![0; size_of::<T>()];
        if let Some(value) = value {
            let mut one = Buffer::from_array(ndarray::arr0(value));
            bytes.copy_from_slice(one.bytes_mut()?);
        }
        self.comm.world().broadcast(Ranks::First.holder(owner), &mut bytes)?;
        let mut one = Buffer::zeros(T::dtype(), &[])?;
        one.bytes_mut()?.copy_from_slice(&bytes);
        Ok(one.view::<T>()?[IxDyn(&[])])
    }

    /// Sets the element at a global index, on the process that owns it; other processes do nothing.
    /// Returns whether this process owns it.
    ///
    /// # Errors
    /// As [`Layout::try_owner`]; read-only memory.
    pub fn set(&mut self, index: &[GlobalIndex], value: T) -> Result<bool> {
        let Some(local_index) = self.local_index(index)? else { return Ok(false) };
        if let Some(item) = self.local_mut()?.get_mut(IxDyn(&local_index)) {
            *item = value;
        }
        Ok(true)
    }

    /// The local index of an element that this process owns.
    fn local_index(&self, index: &[GlobalIndex]) -> Result<Option<Vec<usize>>> {
        let (owner, local_index) = self.layout.try_owner(index)?;
        Ok((Some(owner) == self.rank()).then(|| local_index.iter().map(|at| at.0 as usize).collect()))
    }

    /// The same array in another distribution. Collective.
    ///
    /// # Errors
    /// As [`Redistribution::new`].
    #[track_caller]
    pub fn redistribute(&self, to: &Layout) -> Result<DistArray<T>> {
        let _call = self.enter("redistribute", to)?;
        let mut moved = Self::empty(&self.comm, to, Order::C)?;
        self.redistribute_into(&mut moved)?;
        Ok(moved)
    }

    /// Writes this array's elements into an array of another distribution. A [`Redistribution`]
    /// prepares a move that is repeated. Collective.
    ///
    /// # Errors
    /// As [`Redistribution::execute`].
    #[track_caller]
    pub fn redistribute_into(&self, target: &mut DistArray<T>) -> Result<()> {
        let _call = self.enter("redistribute_into", &target.layout)?;
        self.move_into(target, Redistribution::new)
    }

    /// The same items in the same row-major order, as an array of another shape: the shape of `to`,
    /// with the same number of items. Collective.
    ///
    /// ```no_run
    /// # fn reshaped(array: &dap_mpi::DistArray<f64>, ranks: i64) -> Result<(), Box<dyn std::error::Error>> {
    /// use dap_core::{dim::Block, layout::Layout};
    /// // 1000 x 60 becomes 20 x 50 x 60, in blocks along the second dimension.
    /// let dims = [Block::new(20, 1)?, Block::new(50, ranks)?, Block::new(60, 1)?];
    /// let reshaped = array.reshape(&Layout::new(dims.map(Into::into).to_vec())?)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Redistribution::reshape`].
    #[track_caller]
    pub fn reshape(&self, to: &Layout) -> Result<DistArray<T>> {
        let _call = self.enter("reshape", to)?;
        let mut reshaped = Self::empty(&self.comm, to, Order::C)?;
        self.reshape_into(&mut reshaped)?;
        Ok(reshaped)
    }

    /// Writes this array's items in row-major order into an array of another shape. Collective.
    ///
    /// # Errors
    /// As [`Redistribution::reshape`] and [`Redistribution::execute`].
    #[track_caller]
    pub fn reshape_into(&self, target: &mut DistArray<T>) -> Result<()> {
        let _call = self.enter("reshape_into", &target.layout)?;
        self.move_into(target, Redistribution::reshape)
    }

    /// Begins a call on this array.
    #[track_caller]
    fn enter(&self, name: &'static str, arguments: impl Hash) -> Result<Call> {
        self.comm.enter(name, (&self.layout, T::dtype(), arguments))
    }

    fn move_into(&self, target: &mut DistArray<T>, prepare: Prepare) -> Result<()> {
        let sides = ((&self.layout, Ranks::First), (&target.layout, Ranks::First));
        prepare(&self.comm, sides.0, sides.1, &T::dtype())?.execute(self.buffer(), target.buffer_mut())
    }

    /// The local memory.
    pub fn buffer(&self) -> Option<&Buffer> {
        self.section.as_ref().map(Section::buffer)
    }

    /// The local memory, to be written.
    pub fn buffer_mut(&mut self) -> Option<&mut Buffer> {
        self.section.as_mut().map(Section::buffer_mut)
    }

    /// The whole array on rank `root`, `None` elsewhere. Collective.
    ///
    /// # Errors
    /// No such rank; not enough memory there.
    #[track_caller]
    pub fn gather(&self, root: i32) -> Result<Option<ArrayD<T>>> {
        let _call = self.enter("gather", root)?;
        let dims = self.layout.shape().iter().map(|&size| dap_core::dim::Dim::undistributed(size));
        let whole = dims.collect::<dap_core::error::Result<Vec<_>>>().and_then(Layout::new);
        let (from, to) = ((&self.layout, Ranks::First), Ranks::These(vec![root]));
        let whole = self.comm.agree(whole.map_err(Error::from))?;
        let mut redistribution = Redistribution::new(&self.comm, from, (&whole, to), &T::dtype())?;
        let mine = self.comm.rank() == root;
        let room = mine.then(|| Buffer::zeros(T::dtype(), whole.shape())).transpose();
        let mut gathered = self.comm.agree(room.map_err(Error::from))?;
        redistribution.execute(self.buffer(), gathered.as_mut())?;
        let view = |buffer: Buffer| buffer.view::<T>().map(|view| view.to_owned());
        Ok(gathered.map(view).transpose()?)
    }
}

fn nothing() -> Error {
    Error::new(ErrorKind::State, "this rank holds nothing of the array")
}

fn plain(index: &[GlobalIndex]) -> Vec<i64> {
    index.iter().map(|index| index.0).collect()
}
