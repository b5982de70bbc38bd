//! How evenly a dimension is shared out.

use dap_core::dim::Dim;
use dap_core::index::GridRank;
use schemars::JsonSchema;
use serde::Serialize;

/// How many indices the processes along a dimension own.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Owned {
    /// The fewest.
    pub min: i64,
    /// The most.
    pub max: i64,
    /// The most over the mean: 1 when all own the same, 0 when there is nothing to own.
    pub imbalance: f64,
    /// How many grid ranks own nothing.
    pub empty: i64,
}

impl Owned {
    /// Of a whole dimension; costs one step for each process along it.
    #[must_use]
    pub fn of(dim: &Dim) -> Self {
        let counts = || (0..dim.grid_size()).map(|rank| dim.owned_len(GridRank(rank)));
        // The layout's own processes are the ranks that were read, so these loops are no longer
        // than the input.
        let (mut min, mut max, mut empty, mut sum) = (i64::MAX, 0, 0, 0_i64);
        for count in counts() {
            (min, max) = (min.min(count), max.max(count));
            empty += i64::from(count == 0);
            sum = sum.saturating_add(count);
        }
        let mean = sum as f64 / dim.grid_size() as f64;
        Self { min, max, imbalance: if sum > 0 { max as f64 / mean } else { 0.0 }, empty }
    }
}
