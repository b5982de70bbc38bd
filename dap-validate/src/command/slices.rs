//! Index sets as slices, as NumPy, h5py and zarr take them.
//!
//! A strided group of runs is a few slices: one for each run, or one for each position within a
//! run, where these are fewer. A block is one slice, a cyclic section of single indices one slice
//! with a step, and a block-cyclic section one slice for each block, or for each index of a block.

use dap_core::runs::{Run, RunGroup, Runs};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

/// A slice: start, stop (not included) and step, which is at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(rename = "Slice")]
pub(crate) struct SliceJson(pub(super) [i64; 3]);

/// The same number of indices on two sides, in the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Piece")]
pub(crate) struct PieceJson {
    /// Global indices: start, stop (not included) and step.
    pub(super) global: SliceJson,
    /// Their places in the rank's buffer, padding included: start, stop (not included) and step.
    pub(super) local: SliceJson,
}

/// The owned indices of one rank along one dimension, as a list of [`PieceJson`].
#[derive(Debug)]
pub(crate) struct PieceList(pub(super) Runs);

impl Serialize for PieceList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.groups().flat_map(pieces))
    }
}

impl SliceJson {
    fn new(start: i64, step: i64, count: i64) -> Self {
        Self([start, start + (count - 1) * step + 1, step])
    }
}

/// The slices of a group of runs.
pub(super) fn pieces(group: RunGroup) -> Box<dyn Iterator<Item = PieceJson>> {
    // A slice's step is positive, and places that do not ascend are single runs.
    if group.count == 1 || group.count <= group.len || group.local_stride < 1 {
        return Box::new(group.iter().map(|Run { global, local, len }| PieceJson {
            global: SliceJson::new(global.0, 1, len),
            local: SliceJson::new(local.0, 1, len),
        }));
    }
    Box::new((0..group.len).map(move |at| PieceJson {
        global: SliceJson::new(group.global_start.0 + at, group.global_stride, group.count),
        local: SliceJson::new(group.local_start.0 + at, group.local_stride, group.count),
    }))
}

#[cfg(test)]
mod tests {
    use dap_core::index::GridRank;
    use dap_core::strategy::dims_of;
    use proptest::prelude::*;

    use super::*;

    fn listed(slice: SliceJson) -> Vec<i64> {
        let SliceJson([start, stop, step]) = slice;
        (start..stop).step_by(step as usize).collect()
    }

    proptest! {
        /// The slices hold the owned indices and their places, each once.
        #[test]
        fn pieces_are_the_owned_indices(dim in (0..60_i64, 1..6_i64).prop_flat_map(|(size, processes)| dims_of(size, processes))) {
            for rank in (0..dim.grid_size()).map(GridRank) {
                let runs = dim.runs(rank);
                let mut found: Vec<(i64, i64)> = Vec::new();
                let mut count = 0;
                for piece in runs.groups().flat_map(pieces) {
                    let (global, local) = (listed(piece.global), listed(piece.local));
                    prop_assert_eq!(global.len(), local.len());
                    prop_assert!(!global.is_empty());
                    found.extend(global.into_iter().zip(local));
                    count += 1;
                }
                prop_assert!(count <= runs.run_count());
                found.sort_unstable();
                let slow = (0..dim.size()).map(dap_core::index::GlobalIndex);
                let held = |index| match &dim {
                    dap_core::dim::Dim::Unstructured(map) => map.held(rank, index),
                    dim => dim.local(rank, index),
                };
                let expected: Vec<(i64, i64)> = slow.filter_map(|index| Some((index.0, held(index)?.0))).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }

    /// The last index of the largest dimension has a stop.
    #[test]
    fn at_the_end_of_64_bits() {
        let cyclic = dap_core::dim::Cyclic::new(i64::MAX, 2, 1).unwrap();
        let last: Vec<_> = cyclic.runs(GridRank(0)).groups().flat_map(pieces).map(|piece| piece.global).collect();
        assert_eq!(last.last().unwrap().0[1], i64::MAX);
    }
}
