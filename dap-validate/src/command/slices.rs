//! Index sets as slices, as NumPy, h5py and zarr take them.
//!
//! A strided group of runs is a few slices: one for each run, or one for each position within a
//! run, where these are fewer. A block is one slice, a cyclic section of single indices one slice
//! with a step, and a block-cyclic section one slice for each block, or for each index of a block.

use dap_core::runs::{Overlap, RunGroup, Runs};
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

/// The same number of indices of a message on three sides, in the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "MessagePiece")]
pub(crate) struct MovedPieceJson {
    /// Global indices: start, stop (not included) and step.
    pub(super) global: SliceJson,
    /// Their places in the sender's buffer, padding included.
    pub(super) source: SliceJson,
    /// Their places in the receiver's buffer, padding included.
    pub(super) target: SliceJson,
}

impl SliceJson {
    pub(super) fn new(start: i64, step: i64, count: i64) -> Self {
        Self([start, start + (count - 1) * step + 1, step])
    }

    /// The slice in Python's notation: `3:9`, `1:8:2`.
    pub(super) fn in_words(self) -> String {
        let Self([start, stop, step]) = self;
        if step == 1 { format!("{start}:{stop}") } else { format!("{start}:{stop}:{step}") }
    }
}

/// Runs at equal distances on several sides: their first starts, and the distances.
struct Sides<const N: usize> {
    len: i64,
    count: i64,
    starts: [i64; N],
    strides: [i64; N],
}

impl<const N: usize> Sides<N> {
    /// The slices of all sides.
    fn slices(self) -> Box<dyn Iterator<Item = [SliceJson; N]>> {
        let Self { len, count, starts, strides } = self;
        // A slice's step is positive, and places that do not ascend are single runs.
        if count == 1 || count <= len || strides.iter().any(|stride| *stride < 1) {
            let run = move |k| std::array::from_fn(|side| SliceJson::new(starts[side] + k * strides[side], 1, len));
            return Box::new((0..count).map(run));
        }
        let position = move |at| std::array::from_fn(|side| SliceJson::new(starts[side] + at, strides[side], count));
        Box::new((0..len).map(position))
    }
}

/// The slices of a group of runs.
pub(super) fn pieces(group: RunGroup) -> impl Iterator<Item = PieceJson> {
    let sides = Sides {
        len: group.len,
        count: group.count,
        starts: [group.global_start.0, group.local_start.0],
        strides: [group.global_stride, group.local_stride],
    };
    sides.slices().map(|[global, local]| PieceJson { global, local })
}

/// The slices of the overlaps of a source, side a, and a target, side b.
pub(super) fn moved_pieces(overlap: &Overlap) -> impl Iterator<Item = MovedPieceJson> + use<> {
    let sides = Sides {
        len: overlap.run_len(),
        count: overlap.count(),
        starts: [overlap.global_start().0, overlap.a_start().0, overlap.b_start().0],
        strides: [overlap.global_stride(), overlap.a_stride(), overlap.b_stride()],
    };
    sides.slices().map(|[global, source, target]| MovedPieceJson { global, source, target })
}

#[cfg(test)]
mod tests {
    use dap_core::index::GridRank;
    use dap_core::random_layouts::dims_of;
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
