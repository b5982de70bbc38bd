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
    let spec = |dim: &Dim| match dim {
        _ if dim.grid_size() == 1 => DimSpec::Undistributed,
        Dim::Cyclic(cyclic) => DimSpec::BlockCyclic(cyclic.block_size()),
        _ => DimSpec::Balanced,
    };
    let specs: Vec<DimSpec> = layout.dims().iter().map(spec).collect();
    Ok(Layout::builder(layout.shape()).dims(specs).processes(ranks).build()?)
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
