//! Halos: the elements of neighbours that a process reads, whatever memory its own elements have.
//!
//! A [`Halo`] is computed from two placements and a set of taps, on every rank alike and without a
//! message: which boxes of whose sections each process reads. An [`Exchange`] packs them, posts the
//! messages, and calls a function first with the interior and then with the edges. Stencils, and
//! expressions of shifted views, are such functions.
//!
//! Padding of the arrays' own memory is neither needed nor changed.

mod axis;
mod exchange;
mod plan;
mod regions;

use std::ops::Range;

use dap_kernels::view::ViewMut;
use dap_mpi::Result;

use crate::error::Checked;
pub(crate) use axis::Outside;
pub(crate) use exchange::Exchange;
pub(crate) use plan::{Halo, MOST_EXTENT, Offset};

/// The elements of a region.
pub(crate) fn region_of<'v>(view: ViewMut<'v>, region: &[Range<i64>]) -> Result<ViewMut<'v>> {
    region.iter().enumerate().try_fold(view, |view, (axis, range)| {
        // A region lies within the view, whose extents fit.
        view.slice_axis(axis, range.start as usize, (range.end - range.start) as usize, 1).checked()
    })
}
