//! The choice between reading and writing elements where they are, and moving them first.
//!
//! A rank whose elements are short runs of the file (columns of a file in C order) makes one
//! request for each run. Moving elements so that each rank has consecutive bytes of the file costs
//! one pass through memory more. Which is cheaper follows from the mean length of a run, which
//! the layout and the file's order say; so all ranks choose alike without a message.

use dap_core::dim::Dim;
use dap_core::index::GridRank;
use dap_core::layout::Layout;

use crate::place::FilePlace;

/// A request costs about as much as moving this number of bytes.
const BYTES_PER_REQUEST: i64 = 8 << 10;

/// Whether elements are moved first, so that each rank has consecutive bytes of the file.
pub(crate) fn moves_first(place: &FilePlace, layout: &Layout) -> bool {
    let dims = layout.dims();
    let direct = runs(place, dims, runs_along);
    // Consecutive bytes of the file, if the file has them at all.
    let moved = runs(place, dims, |_| 1);
    let bytes = layout.len().saturating_mul(place.item());
    bytes / direct.max(1) < BYTES_PER_REQUEST && moved.saturating_mul(4) <= direct
}

/// The runs of all processes together, if `along` tells those along one dimension.
fn runs(place: &FilePlace, dims: &[Dim], along: impl Fn(&Dim) -> i64) -> i64 {
    let (mut count, mut chunk, mut is_broken) = (1_i64, place.item(), false);
    for at in place.order().dims(dims.len()).rev() {
        let (dim, stride) = (&dims[at], place.strides()[at]);
        if dim.size() <= 1 {
            continue;
        }
        if is_broken || stride != chunk {
            is_broken = true;
            count = count.saturating_mul(dim.size());
            continue;
        }
        let runs = along(dim);
        is_broken = runs > 1;
        count = count.saturating_mul(runs.max(1));
        chunk = chunk.saturating_mul(dim.size());
    }
    count
}

/// The runs of all processes along a dimension.
fn runs_along(dim: &Dim) -> i64 {
    // Lists are not looked through.
    if let Dim::Unstructured(_) = dim {
        return dim.size();
    }
    (0..dim.grid_size()).map(|rank| dim.runs(GridRank(rank)).run_count()).fold(0, i64::saturating_add)
}
