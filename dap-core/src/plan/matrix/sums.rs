//! One factor of the message matrix: the elements that parts of the sources share with parts of the
//! targets.
//!
//! A dimension that lists its indices is counted rank by rank, any other for all ranks of a part at
//! once.

use std::ops::Range;

use super::{Matrix, Parts};
use crate::dim::{Block, Cyclic, Dim};
use crate::error::{Error, ErrorKind, Result};
use crate::index::GridRank;
use crate::plan::factor_pair::FactorPair;
use crate::plan::overlap_counts::{Blocks, OverlapCount, PeriodicCounts, RegularDim, incoming, outgoing, turn};

/// Sums over parts, row by row.
pub(super) struct Sums {
    sources: Parts,
    targets: Parts,
    elements: Vec<i64>,
}

impl Sums {
    /// The number of indices that each part of the sources shares with each part of the targets,
    /// row by row.
    pub(super) fn of(factor_pair: &FactorPair, sources: Parts, targets: Parts) -> Result<Vec<i64>> {
        let mut sums = Sums { sources, targets, elements: vec![0; sources.count() * targets.count()] };
        let FactorPair::Dims { from, to } = factor_pair else {
            factor_pair.every_source(|at, overlap_counts| sums.row((at / sources.width) as usize, overlap_counts))?;
            return Ok(sums.elements);
        };
        match (from, to) {
            (_, Dim::Unstructured(_)) => {
                for at in 0..targets.processes {
                    sums.column((at / targets.width) as usize, &incoming(from, to, GridRank(at))?);
                }
            }
            (Dim::Unstructured(_) | Dim::CyclicSlice(_), _) | (_, Dim::CyclicSlice(_)) => {
                for at in 0..sources.processes {
                    sums.row((at / sources.width) as usize, &outgoing(from, GridRank(at), to)?);
                }
            }
            _ => match (RegularDim::of(from)?, RegularDim::of(to)?) {
                (RegularDim::Block(from), RegularDim::Block(to)) => sums.intervals(&from, &to),
                (RegularDim::Block(from), RegularDim::Cyclic(to)) => {
                    for at in 0..sources.count() {
                        let mine = interval(&from, sources.ranks(at));
                        sums.row(
                            at,
                            &PeriodicCounts::interval(mine.start, mine.end, &to).overlap_counts(to.source().0),
                        );
                    }
                }
                (RegularDim::Cyclic(from), RegularDim::Block(to)) => {
                    for at in 0..targets.count() {
                        let mine = interval(&to, targets.ranks(at));
                        sums.column(
                            at,
                            &PeriodicCounts::interval(mine.start, mine.end, &from).overlap_counts(from.source().0),
                        );
                    }
                }
                (RegularDim::Cyclic(from), RegularDim::Cyclic(to)) => sums.both_cyclic(&from, &to)?,
            },
        }
        Ok(sums.elements)
    }

    fn add(&mut self, row: usize, column: usize, elements: i64) {
        if let Some(sum) = self.elements.get_mut(row * self.targets.count() + column) {
            *sum += elements;
        }
    }

    /// Adds the counts of a part of the sources.
    fn row(&mut self, row: usize, overlap_counts: &[OverlapCount]) {
        for count in overlap_counts {
            self.targets.of(count).for_each(|(column, processes)| self.add(row, column, processes * count.elements));
        }
    }

    /// Adds the counts of a part of the targets.
    fn column(&mut self, column: usize, overlap_counts: &[OverlapCount]) {
        for count in overlap_counts {
            self.sources.of(count).for_each(|(row, processes)| self.add(row, column, processes * count.elements));
        }
    }

    fn intervals(&mut self, from: &Block, to: &Block) {
        let (sources, targets) = (self.sources, self.targets);
        for (at, mine) in (0..sources.count()).map(|at| (at, interval(from, sources.ranks(at)))) {
            for (with, theirs) in (0..targets.count()).map(|with| (with, interval(to, targets.ranks(with)))) {
                self.add(at, with, (mine.end.min(theirs.end) - mine.start.max(theirs.start)).max(0));
            }
        }
    }

    /// Counts from the side with fewer intervals.
    fn both_cyclic(&mut self, from: &Cyclic, to: &Cyclic) -> Result<()> {
        let (by_source, by_target) = (cyclic(from, self.sources), cyclic(to, self.targets));
        let (source_arcs, target_arcs) = (interval_count(&by_source, to), interval_count(&by_target, from));
        if source_arcs.min(target_arcs) > Matrix::MAX_INTERVALS {
            let error = Error::new(ErrorKind::PlanTooLarge).with_value("blocks", source_arcs.min(target_arcs));
            return Err(error.with_expected(Matrix::MAX_INTERVALS));
        }
        if source_arcs <= target_arcs {
            for (at, blocks) in by_source {
                self.row(at, &PeriodicCounts::blocks(&blocks, to)?.overlap_counts(to.source().0));
            }
        } else {
            for (at, blocks) in by_target {
                self.column(at, &PeriodicCounts::blocks(&blocks, from)?.overlap_counts(from.source().0));
            }
        }
        Ok(())
    }
}

/// The indices that consecutive ranks own together.
fn interval(block: &Block, ranks: Range<i64>) -> Range<i64> {
    let (first, last) = (block.section(GridRank(ranks.start)), block.section(GridRank(ranks.end - 1)));
    first.owned_start..last.owned_stop
}

/// The blocks of each part: the positions of its ranks in the cycle are consecutive, except where
/// the cycle ends.
fn cyclic(cyclic: &Cyclic, parts: Parts) -> Vec<(usize, Blocks)> {
    let turns = cyclic.grid_size();
    let of = |part: usize| {
        let ranks = parts.ranks(part);
        let first = turn(cyclic, GridRank(ranks.start));
        let count = ranks.end - ranks.start;
        let before = count.min(turns - first);
        let pieces = [Blocks::cyclic(cyclic, first, before), Blocks::cyclic(cyclic, 0, count - before)];
        let second = if count > before { pieces[1] } else { None };
        [pieces[0], second].into_iter().flatten().map(move |blocks| (part, blocks))
    };
    (0..parts.count()).flat_map(of).collect()
}

fn interval_count(blocks: &[(usize, Blocks)], others: &Cyclic) -> i64 {
    blocks.iter().fold(0, |sum, (_, blocks)| sum.saturating_add(PeriodicCounts::interval_count(blocks, others)))
}
