//! The message matrix: single ranks if there are few processes, groups of ranks if there are many.
//!
//! ```
//! use dap_core::dim::{Block, Cyclic};
//! use dap_core::layout::Layout;
//! use dap_core::plan::Matrix;
//! let from = Layout::new(vec![Block::new(1 << 30, 1 << 20)?.into()])?;
//! let to = Layout::new(vec![Cyclic::new(1 << 30, 1 << 20, 1 << 8)?.into()])?;
//! let matrix = Matrix::new(&from, &to, 4)?;
//! assert_eq!(matrix.sources()[1], 1 << 18..1 << 19);
//! assert_eq!((0..4).map(|to| matrix.elements(0, to)).collect::<Vec<_>>(), [1 << 26; 4]);
//! # Ok::<(), dap_core::error::Error>(())
//! ```
//!
//! A group is a box of the process grid: one coordinate along the first dimensions, a range along
//! one, all coordinates along the rest. So groups exchange products, too, and pairs of ranks are
//! never listed.

mod sums;

use std::ops::Range;

use super::factor_pair::FactorPair;
use super::overlap_counts::OverlapCount;
use super::reshape;
use crate::error::Result;
use crate::grid::Grid;
use crate::layout::Layout;
use sums::Sums;

/// The number of elements from each group of sources to each group of targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    sources: Vec<Range<i64>>,
    targets: Vec<Range<i64>>,
    /// Row by row.
    elements: Vec<i64>,
}

impl Matrix {
    /// The greatest number of groups on a side, whatever is asked for.
    pub const MOST_GROUPS: usize = 4096;
    /// The greatest number of intervals of cyclic distributions that are counted for all groups
    /// together.
    const MAX_INTERVALS: i64 = 1 << 26;

    /// The matrix with at most `most` groups on either side, of one rank each if these are enough.
    ///
    /// # Errors
    /// As [`Plan::new`](super::Plan::new) for another array; cyclic distributions with many
    /// millions of blocks in their common period.
    pub fn new(from: &Layout, to: &Layout, most: usize) -> Result<Matrix> {
        Matrix::of(&FactorPair::all(from, to)?, from.grid(), to.grid(), most)
    }

    /// The matrix of a reshape, as [`Matrix::new`] makes that of a move.
    ///
    /// # Errors
    /// As [`Plan::reshape`](super::Plan::reshape), the rows of all sources counted: at most 2^26.
    pub fn of_reshape(from: &Layout, to: &Layout, most: usize) -> Result<Matrix> {
        let (_, factor_pairs) = reshape::groups(from, to)?;
        let [sources, targets] = reshape::grids(&factor_pairs)?;
        Matrix::of(&factor_pairs, &sources, &targets, most)
    }

    fn of(factor_pairs: &[FactorPair], from: &Grid, to: &Grid, most: usize) -> Result<Matrix> {
        let (sources, targets) = (partition(from, most), partition(to, most));
        let mut matrix = Matrix { sources: ranges(&sources), targets: ranges(&targets), elements: vec![1] };
        let (mut rows, mut columns) = (1, 1);
        for (dim, (factor_pair, parts)) in factor_pairs.iter().zip(sources.iter().zip(&targets)).enumerate() {
            let factor = Sums::of(factor_pair, *parts.0, *parts.1).map_err(|error| error.with_dim(dim))?;
            // The Kronecker product of the matrix so far and the factor.
            let (more_rows, more_columns) = (parts.0.count(), parts.1.count());
            let mut product = Vec::with_capacity(matrix.elements.len() * factor.len());
            for row in 0..rows * more_rows {
                for column in 0..columns * more_columns {
                    let before = matrix.elements[row / more_rows * columns + column / more_columns];
                    product
                        .push(super::product([before, factor[row % more_rows * more_columns + column % more_columns]]));
                }
            }
            (rows, columns) = (rows * more_rows, columns * more_columns);
            matrix.elements = product;
        }
        Ok(matrix)
    }

    /// The ranks of each group of sources, ascending.
    pub fn sources(&self) -> &[Range<i64>] {
        &self.sources
    }

    /// The ranks of each group of targets, ascending.
    pub fn targets(&self) -> &[Range<i64>] {
        &self.targets
    }

    /// The number of elements that a group of sources has for a group of targets, elements that
    /// stay on their process included; 0 for groups that do not exist.
    pub fn elements(&self, source: usize, target: usize) -> i64 {
        if target >= self.targets.len() {
            return 0;
        }
        let at = source.checked_mul(self.targets.len()).and_then(|row| row.checked_add(target));
        at.and_then(|at| self.elements.get(at)).copied().unwrap_or(0)
    }

    /// Whether every group is one rank.
    pub fn is_exact(&self) -> bool {
        self.sources.iter().chain(&self.targets).all(|ranks| ranks.end - ranks.start == 1)
    }
}

/// A dimension of the grid in ranges of equal width; the last one may be shorter.
#[derive(Debug, Clone, Copy)]
struct Parts {
    processes: i64,
    width: i64,
}

impl Parts {
    fn count(&self) -> usize {
        // At most `MOST_GROUPS`.
        ((self.processes - 1) / self.width + 1) as usize
    }

    fn ranks(&self, part: usize) -> Range<i64> {
        let start = part as i64 * self.width;
        start..(start + self.width).min(self.processes)
    }

    /// The parts that contain the processes of `count`, and the number of processes in each.
    fn of(self, count: &OverlapCount) -> impl Iterator<Item = (usize, i64)> + use<> {
        let (first, end) = (count.first.0, count.end());
        (first / self.width..=(end - 1) / self.width).map(move |part| {
            let start = part * self.width;
            (part as usize, end.min(start + self.width) - first.max(start))
        })
    }
}

fn partition(grid: &Grid, most: usize) -> Vec<Parts> {
    let mut room = most.clamp(1, Matrix::MOST_GROUPS) as i64;
    let split = |&processes: &i64| {
        let width = (processes - 1) / room + 1;
        // Dimensions behind a split one stay whole.
        room = if width == 1 { room / processes } else { 1 };
        Parts { processes, width }
    };
    grid.shape().iter().map(split).collect()
}

/// Since all further dimensions are whole, the boxes are intervals of ranks.
fn ranges(parts: &[Parts]) -> Vec<Range<i64>> {
    let mut ranges = vec![Range { start: 0, end: 1 }];
    for parts in parts {
        // Either the group is one coordinate so far, or this whole dimension belongs to it.
        let within = |range: Range<i64>| {
            (0..parts.count()).map(move |part| {
                let (ranks, below) = (parts.ranks(part), range.start * parts.processes);
                below + ranks.start..below + (range.end - 1 - range.start) * parts.processes + ranks.end
            })
        };
        ranges = ranges.into_iter().flat_map(within).collect();
    }
    ranges
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::totals::tests::exchanged;
    use super::*;
    use crate::dim::Cyclic;
    use crate::index::Rank;
    use crate::random_layouts::pairs;

    proptest! {
        #[test]
        fn sums_over_groups((from, to) in pairs(9), most in 1_usize..12) {
            let exchanged = exchanged(&from, &to);
            let matrix = Matrix::new(&from, &to, most).unwrap();
            for (groups, layout) in [(matrix.sources(), &from), (matrix.targets(), &to)] {
                prop_assert!(groups.len() <= most);
                let ranks: Vec<i64> = groups.iter().cloned().flatten().collect();
                prop_assert_eq!(ranks, (0..layout.processes()).collect::<Vec<_>>());
            }
            let group = |groups: &[Range<i64>], rank: Rank| groups.iter().position(|group| group.contains(&rank.0)).unwrap();
            let mut sums: BTreeMap<(usize, usize), i64> = BTreeMap::new();
            for ((source, target), elements) in exchanged {
                *sums.entry((group(matrix.sources(), source), group(matrix.targets(), target))).or_default() += elements;
            }
            for source in 0..matrix.sources().len() + 1 {
                for target in 0..matrix.targets().len() + 1 {
                    prop_assert_eq!(matrix.elements(source, target), sums.get(&(source, target)).copied().unwrap_or(0));
                }
            }
            prop_assert_eq!(matrix.is_exact(), most as i64 >= from.processes().max(to.processes()));
        }
    }

    /// Groups of a million ranks with cyclic distributions of different periods.
    #[test]
    fn many_ranks() {
        let line =
            |processes, width| Layout::new(vec![Cyclic::new(1 << 40, processes, width).unwrap().into()]).unwrap();
        let matrix = Matrix::new(&line(1_000_000, 64), &line(1_000_000, 256), 64).unwrap();
        let sum = (0..64).flat_map(|source| (0..64).map(move |target| (source, target)));
        assert_eq!(sum.map(|(source, target)| matrix.elements(source, target)).sum::<i64>(), 1 << 40);
    }
}
