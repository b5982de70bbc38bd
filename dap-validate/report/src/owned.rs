//! The number of indices that each process owns along a dimension.

use dap_core::dim::Dim;
use dap_core::index::GridRank;
use serde::Serialize;

/// The number of indices that the processes along a dimension own.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Owned"))]
pub struct OwnedCounts {
    /// The smallest number.
    pub min: i64,
    /// The largest number.
    pub max: i64,
    /// The largest number divided by the mean: 1 if all own the same number, 0 if the dimension is
    /// empty.
    pub imbalance: f64,
    /// The number of grid ranks that own nothing.
    pub empty: i64,
}

impl OwnedCounts {
    /// The counts of a whole dimension, in one step for each process along it.
    #[must_use]
    pub fn of(dim: &Dim) -> Self {
        // The processes of a layout are the ranks that were read: the loop is no longer than the
        // input.
        let (mut min, mut max, mut empty, mut sum) = (i64::MAX, 0, 0, 0_i64);
        for rank in 0..dim.grid_size() {
            let count = dim.owned_len(GridRank(rank));
            (min, max) = (min.min(count), max.max(count));
            empty += i64::from(count == 0);
            sum = sum.saturating_add(count);
        }
        let mean = sum as f64 / dim.grid_size() as f64;
        Self { min, max, imbalance: if sum > 0 { max as f64 / mean } else { 0.0 }, empty }
    }
}
