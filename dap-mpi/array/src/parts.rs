//! Arrays from parts that the ranks made by themselves, and the sizes of parts.

use dap_core::algebra::Placement;
use dap_core::dim::{Block, Dim};
use dap_core::dtype::DType;
use dap_core::grid::Grid;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::Buffer;

use crate::array::DynArray;
use crate::context::Context;
use crate::error::argument;
use crate::owned::in_blocks;
use crate::storage::Storage;

impl DynArray {
    /// An array from parts that the ranks have made, without a copy: the first ranks of the
    /// communicator, as many as `grid` has, stand on a grid in C order. Parts with the same grid
    /// coordinate along an axis have the same extent along it, which may be 0. Other ranks give no
    /// part. Collective: the shapes go to all ranks.
    ///
    /// ```no_run
    /// # fn example(context: &dap_array::Context) -> dap_array::Result<()> {
    /// use dap_array::DynArray;
    /// use dap_ndarray::Buffer;
    /// let rank = context.comm().rank();
    /// let rows = ndarray::Array2::from_elem((1 + rank as usize, 5), f64::from(rank));
    /// let part = Buffer::from_array(rows);
    /// let dtype = part.dtype().clone();
    /// // 1, 2, 3, ... rows on ranks 0, 1, 2, ...
    /// let x = DynArray::from_local(context, &[context.comm().size().into(), 1], &dtype, Some(part))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A grid that the communicator has no ranks for; on some rank a part that is missing or too
    /// many, has other items, another number of dimensions, or another extent than the first part
    /// with its grid coordinate.
    #[track_caller]
    pub fn from_local(context: &Context, grid: &[i64], dtype: &DType, part: Option<Buffer>) -> Result<DynArray> {
        let _call = context.enter("from_local", (grid, dtype))?;
        let grid = Grid::new(grid)?;
        let (processes, size) = (grid.processes(), i64::from(context.comm().size()));
        if processes > size {
            return argument(format!("a grid of {processes} processes, and {size} ranks: the grid is too large"));
        }
        let part = context.comm().agree(checked(&grid, context, dtype, part))?;
        // Ranks without a part send words, too: each rank sends the same number.
        let mut words: Vec<u64> = part.iter().flat_map(|part| part.shape()).map(|&extent| extent as u64).collect();
        words.resize(grid.ndim(), 0);
        let all = context.comm().gather_words(&words)?;
        let layout = Layout::new(along_each_axis(&grid, &all)?)?;
        DynArray::over(context, &Placement::new(layout), Storage::new(dtype.clone(), Ok(part)))
    }

    /// An array over the buffer that this process has made for its section, with communication
    /// padding; `None` on a process that holds none. For functions that other crates add. It sends
    /// no message: an error instead of a section is kept, and the next collective operation with
    /// the array returns it on all ranks.
    ///
    /// # Errors
    /// More ranks than the communicator has. A section of another shape or item type, or one that
    /// is missing or too many, counts as the error of this process.
    pub fn from_buffer(
        context: &Context,
        placement: impl Into<Placement>,
        dtype: &DType,
        buffer: Result<Option<Buffer>>,
    ) -> Result<DynArray> {
        let placement = placement.into();
        context.check_ranks(&placement)?;
        let section = buffer.and_then(|buffer| check_section(context, &placement, dtype, buffer));
        DynArray::over(context, &placement, Storage::new(dtype.clone(), section))
    }

    /// The extents of each section's elements, in the order of the sections. Local.
    pub fn local_shapes(&self) -> impl Iterator<Item = Vec<i64>> + '_ {
        let layout = self.layout();
        (0..layout.processes()).filter_map(|section| layout.owned_shape(Rank(section)))
    }

    /// The same elements, in blocks along the same axes that are as even as can be: after a mask
    /// has left many elements on one rank and few on another. On the same ranks, in their order;
    /// the array itself if it is even already. Collective.
    ///
    /// # Errors
    /// Not enough memory on some rank; then on all.
    #[track_caller]
    pub fn balance(&self) -> Result<DynArray> {
        let _call = self.enter("balance", ())?;
        self.redistribute(in_blocks(self.placement(), |_, _| true)?)
    }

    /// Gives this process's memory back, while handles and views still exist: later operations with
    /// them fail. Local; each rank calls it.
    ///
    /// # Errors
    /// Memory that a local view uses.
    pub fn close(&self) -> Result<()> {
        self.storage().close()
    }
}

/// This process's section, if it is there and fits.
fn check_section(
    context: &Context,
    placement: &Placement,
    dtype: &DType,
    section: Option<Buffer>,
) -> Result<Option<Buffer>> {
    let wrong = |message: String| Err(Error::new(ErrorKind::Buffer, message));
    let rank = placement.ranks().section(context.rank());
    match (rank.and_then(|rank| placement.layout().local_shape(rank)), &section) {
        (None, Some(_)) => wrong("this rank holds no section of the array, but has made one".to_owned()),
        (Some(_), None) => wrong("this rank's section is missing".to_owned()),
        (Some(_), Some(made)) if made.dtype() != dtype => {
            wrong(format!("the items are {}, not {}", made.dtype().name(), dtype.name()))
        }
        (Some(shape), Some(made)) if made.shape() != &shape[..] => {
            wrong(format!("the section has shape {:?}, not {shape:?}", made.shape()))
        }
        _ => Ok(section),
    }
}

/// This rank's part, if it is there and fits.
fn checked(grid: &Grid, context: &Context, dtype: &DType, part: Option<Buffer>) -> Result<Option<Buffer>> {
    let wrong = |message: String| Err(Error::new(ErrorKind::Buffer, message));
    let has_part = i64::from(context.comm().rank()) < grid.processes();
    match part {
        None if has_part => wrong(format!("the grid has {} processes: this rank's part is missing", grid.processes())),
        Some(_) if !has_part => {
            wrong(format!("the grid has {} processes: this rank has no place on it", grid.processes()))
        }
        Some(part) if part.ndim() != grid.ndim() => {
            wrong(format!("the part has {} dimensions, the grid {}", part.ndim(), grid.ndim()))
        }
        Some(part) if part.dtype() != dtype => {
            wrong(format!("the items are {}, not {}", part.dtype().name(), dtype.name()))
        }
        part => Ok(part),
    }
}

/// The dimensions of parts whose extents all ranks have sent: irregular blocks.
fn along_each_axis(grid: &Grid, extents: &[u64]) -> Result<Vec<Dim>> {
    let ndim = grid.ndim();
    // The extent at each coordinate of each axis, and the rank that it comes from.
    let mut found: Vec<Vec<Option<(i64, i64)>>> =
        grid.shape().iter().map(|&processes| vec![None; processes as usize]).collect();
    for rank in 0..grid.processes() {
        let coordinates = grid.coordinates(Rank(rank)).unwrap_or_default();
        for (axis, coordinate) in coordinates.iter().enumerate() {
            let extent = extents[rank as usize * ndim + axis] as i64;
            match &mut found[axis][coordinate.0 as usize] {
                Some((first, other)) if *first != extent => {
                    let message = format!(
                        "the part has extent {extent} along axis {axis}, but that of rank {other}, at the same grid \
                         coordinate {}, has {first}",
                        coordinate.0
                    );
                    return Err(Error::new(ErrorKind::Argument, message).on_rank(rank as i32));
                }
                known => {
                    known.get_or_insert((extent, rank));
                }
            }
        }
    }
    let dim = |extents: Vec<Option<(i64, i64)>>| -> Result<Dim> {
        let mut bounds = vec![0_i64];
        for (extent, _) in extents.into_iter().flatten() {
            let end = bounds[bounds.len() - 1].checked_add(extent);
            let too_large = || Error::new(ErrorKind::Argument, "the parts together have more than 2^63 indices");
            bounds.push(end.ok_or_else(too_large)?);
        }
        Ok(Dim::from(Block::from_bounds(bounds)?))
    };
    found.into_iter().map(dim).collect()
}
