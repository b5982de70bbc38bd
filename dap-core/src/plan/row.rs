//! One row of the message matrix: the number of elements that one process sends to, or receives
//! from, each peer, without positions.
//!
//! A [`Plan`](super::Plan) holds the overlap with every peer along each dimension. If there are
//! very many peers and only numbers are needed, a row is smaller and faster: peers with equal
//! counts are stored together.
//!
//! ```
//! use dap_core::dim::{Block, Cyclic};
//! use dap_core::index::Rank;
//! use dap_core::layout::Layout;
//! use dap_core::plan::{Endpoints, Row};
//! let from = Layout::new(vec![Block::new(1 << 40, 1 << 20)?.into()])?;
//! let to = Layout::new(vec![Cyclic::new(1 << 40, 1 << 20, 64)?.into()])?;
//! let row = Row::sends(&from, &to, Endpoints::both(Rank(5)))?;
//! assert_eq!((row.messages(), row.moved()), (1 << 14, 1 << 20));
//! assert_eq!(row.iter().next(), Some((Rank(81920), 64)));
//! # Ok::<(), dap_core::error::Error>(())
//! ```

use super::Endpoints;
use super::factor::tops;
use super::factor_pair::FactorPair;
use super::overlap_counts::OverlapCount;
use super::reshape;
use super::totals::largest;
use crate::error::Result;
use crate::grid::Grid;
use crate::index::{GridRank, Rank};
use crate::layout::Layout;

/// The number of elements that a process sends to, or receives from, each process of the other
/// side.
#[derive(Debug, Clone)]
pub struct Row {
    /// Along each dimension, ascending.
    dims: Vec<Vec<OverlapCount>>,
    /// The grid of the other side.
    grid: Grid,
    /// The coordinates of the process itself on the other side.
    own: Option<Vec<GridRank>>,
}

impl Row {
    /// The row of a source; empty if the process is no source.
    ///
    /// # Errors
    /// As [`Plan::new`](super::Plan::new); cyclic distributions with millions of blocks in their
    /// common period.
    pub fn sends(from: &Layout, to: &Layout, endpoints: Endpoints) -> Result<Row> {
        let factor_pairs = FactorPair::all(from, to)?;
        Row::of(&factor_pairs, [from.grid(), to.grid()], [endpoints.source, endpoints.target], FactorPair::outgoing)
    }

    /// The row of a target; empty if the process is no target.
    ///
    /// # Errors
    /// As [`Row::sends`].
    pub fn receives(from: &Layout, to: &Layout, endpoints: Endpoints) -> Result<Row> {
        let factor_pairs = FactorPair::all(from, to)?;
        Row::of(&factor_pairs, [to.grid(), from.grid()], [endpoints.target, endpoints.source], FactorPair::incoming)
    }

    /// The row of a source in a reshape.
    ///
    /// # Errors
    /// As [`Plan::reshape`](super::Plan::reshape), and as [`Row::sends`].
    pub fn reshape_sends(from: &Layout, to: &Layout, endpoints: Endpoints) -> Result<Row> {
        let (_, factor_pairs) = reshape::groups(from, to)?;
        let [sources, targets] = reshape::grids(&factor_pairs)?;
        Row::of(&factor_pairs, [&sources, &targets], [endpoints.source, endpoints.target], FactorPair::outgoing)
    }

    /// The row of a target in a reshape.
    ///
    /// # Errors
    /// As [`Row::reshape_sends`].
    pub fn reshape_receives(from: &Layout, to: &Layout, endpoints: Endpoints) -> Result<Row> {
        let (_, factor_pairs) = reshape::groups(from, to)?;
        let [sources, targets] = reshape::grids(&factor_pairs)?;
        Row::of(&factor_pairs, [&targets, &sources], [endpoints.target, endpoints.source], FactorPair::incoming)
    }

    fn of(
        factor_pairs: &[FactorPair],
        [mine, others]: [&Grid; 2],
        [me, own]: [Option<Rank>; 2],
        overlap_counts: fn(&FactorPair, GridRank) -> Result<Vec<OverlapCount>>,
    ) -> Result<Row> {
        let place = |grid: &Grid, rank: Option<Rank>| rank.map(|rank| super::coordinates(grid, rank)).transpose();
        let own = place(others, own)?;
        let dims = match place(mine, me)? {
            Some(at) => {
                let along = |((dim, factor_pair), at): ((usize, &FactorPair), GridRank)| {
                    overlap_counts(factor_pair, at).map_err(|error| error.with_dim(dim))
                };
                factor_pairs.iter().enumerate().zip(at).map(along).collect::<Result<_>>()?
            }
            // One dimension more than exists, without peers, so that the product is 0.
            None => vec![Vec::new(); factor_pairs.len() + 1],
        };
        Ok(Row { dims, grid: others.clone(), own })
    }

    fn product(&self, of: impl Fn(&OverlapCount) -> i64) -> i64 {
        // At most the number of elements of the process, or the number of processes that have
        // elements.
        super::product(self.dims.iter().map(|overlap_counts| overlap_counts.iter().map(&of).sum()))
    }

    /// The elements that stay on the process.
    pub fn kept(&self) -> i64 {
        let Some(own) = self.own.as_ref().filter(|own| own.len() == self.dims.len()) else { return 0 };
        super::product(self.dims.iter().zip(own).map(|(overlap_counts, at)| OverlapCount::at(overlap_counts, at.0)))
    }

    /// The elements that are sent to, or received from, other processes.
    pub fn moved(&self) -> i64 {
        self.product(|count| count.processes * count.elements) - self.kept()
    }

    /// The number of messages.
    pub fn messages(&self) -> i64 {
        self.product(|count| count.processes) - i64::from(self.kept() > 0)
    }

    /// The message with the most elements, and the lowest rank if there are several: the rank of
    /// the other process, and the number of elements. `None` without messages.
    pub fn largest(&self) -> Option<(Rank, i64)> {
        if self.dims.len() != self.grid.ndim() {
            return None;
        }
        let tops: Vec<_> = self.dims.iter().map(|overlap_counts| tops(overlap_counts)).collect();
        let own = self.own.as_ref();
        largest(tops.len(), own.is_some(), |dim| (tops[dim], own.map_or(0, |own| own[dim].0)), self.grid.shape())
    }

    /// Every message, by ascending rank of the other process: its rank, and the number of elements.
    /// The first few cost little.
    pub fn iter(&self) -> impl Iterator<Item = (Rank, i64)> + '_ {
        let own = self.own.as_ref().and_then(|own| self.grid.rank(own));
        let any = self.dims.iter().all(|overlap_counts| !overlap_counts.is_empty());
        // An odometer: along each dimension the count, and the process in it.
        let mut next = any.then(|| vec![(0_usize, 0_i64); self.dims.len()]);
        std::iter::from_fn(move || {
            let at = next.as_mut()?;
            let (mut rank, mut elements) = (0, 1);
            for ((overlap_counts, &(count, process)), extent) in self.dims.iter().zip(at.iter()).zip(self.grid.shape())
            {
                let count = overlap_counts.get(count)?;
                (rank, elements) = (rank * extent + count.first.0 + process, elements * count.elements);
            }
            if !step(&self.dims, at) {
                next = None;
            }
            Some((Rank(rank), elements))
        })
        .filter(move |(rank, _)| Some(*rank) != own)
    }
}

/// Advances to the next process along the last dimension, or to the first one there and the next
/// one along the dimension before; false after the last process.
fn step(dims: &[Vec<OverlapCount>], at: &mut [(usize, i64)]) -> bool {
    for (overlap_counts, (count, process)) in dims.iter().zip(at).rev() {
        *process += 1;
        if overlap_counts.get(*count).is_some_and(|count| *process < count.processes) {
            return true;
        }
        (*count, *process) = (*count + 1, 0);
        if *count < overlap_counts.len() {
            return true;
        }
        *count = 0;
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Plan;
    use super::*;
    use crate::dim::{Block, Cyclic};
    use crate::random_layouts::pairs;

    fn agrees(row: &Row, expected: Vec<(Rank, i64)>, kept: i64) {
        assert_eq!(row.iter().collect::<Vec<_>>(), expected);
        assert_eq!((row.messages(), row.kept()), (expected.len() as i64, kept));
        assert_eq!(row.moved(), expected.iter().map(|(_, elements)| elements).sum::<i64>());
        assert_eq!(row.largest(), expected.into_iter().min_by_key(|&(rank, elements)| (-elements, rank)));
    }

    proptest! {
        #[test]
        fn as_the_plan_says((from, to) in pairs(8), shift in 0..3_i64) {
            for who in 0..from.processes() + shift {
                let endpoints = Endpoints {
                    source: (who < from.processes()).then_some(Rank(who)),
                    target: (who >= shift && who - shift < to.processes()).then_some(Rank(who - shift)),
                };
                let plan = Plan::new(&from, &to, endpoints).unwrap();
                let kept = plan.kept().map_or(0, |kept| kept.elements());
                let sends = plan.sends().map(|send| (send.peer(), send.elements())).collect();
                agrees(&Row::sends(&from, &to, endpoints).unwrap(), sends, kept);
                let receives = plan.receives().map(|receive| (receive.peer(), receive.elements())).collect();
                agrees(&Row::receives(&from, &to, endpoints).unwrap(), receives, kept);
            }
        }
    }

    #[test]
    fn many_peers_cost_little() {
        let line = |dim| Layout::new(vec![dim]).unwrap();
        let from = line(Block::new(1 << 60, 1 << 30).unwrap().into());
        let to = line(Cyclic::new(1 << 60, 1 << 30, 1).unwrap().into());
        let row = Row::sends(&from, &to, Endpoints::both(Rank(1))).unwrap();
        assert_eq!((row.messages(), row.moved(), row.kept()), ((1 << 30) - 1, (1 << 30) - 1, 1));
        assert_eq!(row.iter().take(2).collect::<Vec<_>>(), [(Rank(0), 1), (Rank(2), 1)]);
        assert_eq!(row.largest(), Some((Rank(0), 1)));
    }
}
