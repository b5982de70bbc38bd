//! A stored distribution on the ranks that there are.

use dap_core::dim::Dim;
use dap_core::layout::{DimSpec, Layout};
use dap_mpi::Result;

/// The same distribution if there are ranks for it, and without padding. Otherwise dimensions of
/// the same kinds, over all ranks: blocks, or blocks in turn; lists of indices become blocks.
///
/// # Errors
/// A layout that is too large.
pub(crate) fn fit(layout: &Layout, ranks: i64) -> Result<Layout> {
    if layout.processes() <= ranks {
        let placement = dap_core::algebra::Placement::new(layout.clone()).without_padding()?;
        return Ok(placement.layout().clone());
    }
    let specs: Vec<DimSpec> = layout.dims().iter().map(kind).collect();
    Ok(Layout::builder(layout.shape()).dims(specs).processes(ranks).build()?)
}

/// The same distribution of an array that is longer along an axis: the axis keeps its kind, blocks
/// or blocks in turn, and its number of processes; lists of indices become blocks.
///
/// # Errors
/// A layout that is too large.
#[cfg(any(feature = "hdf5", feature = "zarr"))]
pub(crate) fn extended(layout: &Layout, axis: usize, extent: i64) -> Result<Layout> {
    let mut dims = layout.dims().to_vec();
    let alone = Layout::builder([extent]).dims([kind(&dims[axis])]).grid([dims[axis].grid_size()]).build()?;
    dims[axis] = alone.dims()[0].clone();
    Ok(Layout::new(dims)?)
}

/// The kind of a dimension, for another extent or another number of processes.
fn kind(dim: &Dim) -> DimSpec {
    match dim {
        _ if dim.grid_size() == 1 => DimSpec::Undistributed,
        Dim::Cyclic(cyclic) => DimSpec::BlockCyclic(cyclic.block_size()),
        _ => DimSpec::Balanced,
    }
}

/// The distribution that a file describes, see [`fit`]; without one, blocks along the first axis.
///
/// # Errors
/// As `fit`.
#[cfg(any(feature = "hdf5", feature = "zarr"))]
pub(crate) fn fit_or_blocks(described: Option<&Layout>, shape: &[i64], ranks: i64) -> Result<Layout> {
    match described {
        Some(layout) => fit(layout, ranks),
        None => Ok(Layout::builder(shape).processes(ranks).build()?),
    }
}
