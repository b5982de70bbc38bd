//! What all processes together move, from counting: how much, in how many messages, and how evenly.
//!
//! What two processes exchange is a product of what they have in common along each dimension, so
//! sums over all pairs are products of sums, and a dimension is counted by itself: never pair by
//! pair, but one side's processes one by one, or one for all of a class that meets the other side
//! alike. What stays, with a process that is a source and a target under the same rank, is the one
//! sum that does not factor; between grids of different shape it takes a look at every rank. A
//! million ranks take milliseconds to a second.
//!
//! ```
//! use dap_core::dim::{Block, Cyclic};
//! use dap_core::index::Rank;
//! use dap_core::layout::Layout;
//! use dap_core::plan::Totals;
//! // 2^40 elements, from a block each on a million processes to be cyclic out one by one.
//! let (size, processes) = (1 << 40, 1 << 20);
//! let from = Layout::new(vec![Block::new(size, processes)?.into()])?;
//! let to = Layout::new(vec![Cyclic::new(size, processes, 1)?.into()])?;
//! let totals = Totals::new(&from, &to)?;
//! assert_eq!(totals.messages(), processes * (processes - 1));
//! assert_eq!((totals.moved(), totals.kept()), (size - processes, processes));
//! assert_eq!(totals.sent().imbalance(), Some(1.0));
//! # Ok::<(), dap_core::error::Error>(())
//! ```

mod evaluate;
mod factor;

use super::factor_pair::FactorPair;
use super::reshape;
use crate::error::Result;
use crate::grid::Grid;
use crate::index::Rank;
use crate::layout::Layout;
pub(super) use evaluate::largest;
pub(super) use factor::{Factor, SharedPairs, tops};

/// Along one dimension, or over two grids of different shape, there are at most so many processes.
pub(super) const MOST_PROCESSES: i64 = 1 << 24;

/// What all processes together move from one layout to another, a rank being the same process in
/// both.
#[derive(Debug, Clone, PartialEq)]
pub struct Totals {
    elements: i64,
    kept: i64,
    messages: i64,
    largest: Option<Largest>,
    sent: Spread,
    received: Spread,
}

/// The message with the most elements: the one with the lowest source, and then the lowest target,
/// of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Largest {
    /// Who sends it: the rank in the layout that is moved from.
    pub source: Rank,
    /// Who gets it: the rank in the layout that is moved to.
    pub target: Rank,
    /// The number of elements.
    pub elements: i64,
}

/// How what is moved is spread over the processes of one side. The lowest rank stands for several.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    processes: i64,
    total: i64,
    most: (Rank, i64),
    least: (Rank, i64),
    most_messages: (Rank, i64),
}

impl Totals {
    /// The totals of moving an array from one layout to another.
    ///
    /// Costs time and memory for every process along each dimension (not for every pair, nor for
    /// the product over the dimensions), time for every process where the grids differ in shape,
    /// and what they list for unstructured dimensions.
    ///
    /// # Errors
    /// As [`Plan::new`](super::Plan::new) for another array; more than 2^24 processes along a
    /// dimension, or altogether on grids of different shape, and dealings that take hundreds of
    /// millions of blocks to meet again; a number of elements, all holders counted, beyond
    /// 2^63 - 1.
    pub fn new(from: &Layout, to: &Layout) -> Result<Totals> {
        Totals::of(&FactorPair::all(from, to)?, from.grid(), to.grid())
    }

    /// The totals of a reshape, as [`Totals::new`] gives those of a move.
    ///
    /// # Errors
    /// As [`Plan::reshape`](super::Plan::reshape), the rows of all sources counted: at most 2^26;
    /// and as [`Totals::new`].
    pub fn of_reshape(from: &Layout, to: &Layout) -> Result<Totals> {
        let (_, factor_pairs) = reshape::groups(from, to)?;
        let [sources, targets] = reshape::grids(&factor_pairs)?;
        Totals::of(&factor_pairs, &sources, &targets)
    }

    fn of(factor_pairs: &[FactorPair], from: &Grid, to: &Grid) -> Result<Totals> {
        let shared_pairs = evaluate::shared_pairs(from, to)?;
        let factor = |((dim, factor_pair), shared_pairs): ((usize, &FactorPair), SharedPairs)| {
            factor_pair.factor(shared_pairs).map_err(|error| error.with_dim(dim))
        };
        let factors: Vec<Factor> =
            factor_pairs.iter().enumerate().zip(shared_pairs).map(factor).collect::<Result<_>>()?;
        evaluate::totals(from, to, &factors)
    }

    /// The elements that are written: those moved and those kept. Each holder of a shared
    /// unstructured index counts.
    pub fn elements(&self) -> i64 {
        self.elements
    }

    /// The elements that stay on their process, though elsewhere in its buffer.
    pub fn kept(&self) -> i64 {
        self.kept
    }

    /// The elements that go from one process to another.
    pub fn moved(&self) -> i64 {
        self.elements - self.kept
    }

    /// The number of messages: pairs of different processes that exchange something, in one
    /// direction.
    pub fn messages(&self) -> i64 {
        self.messages
    }

    /// The message with the most elements; `None` when there are no messages.
    pub fn largest(&self) -> Option<Largest> {
        self.largest
    }

    /// How sending is spread over the sources.
    pub fn sent(&self) -> &Spread {
        &self.sent
    }

    /// How receiving is spread over the targets.
    pub fn received(&self) -> &Spread {
        &self.received
    }
}

impl Spread {
    /// The number of processes, those with nothing to do included.
    pub fn processes(&self) -> i64 {
        self.processes
    }

    /// Elements a process on average.
    pub fn mean(&self) -> f64 {
        self.total as f64 / self.processes as f64
    }

    /// The process with the most elements, and how many.
    pub fn most(&self) -> (Rank, i64) {
        self.most
    }

    /// The process with the fewest elements, and how many.
    pub fn least(&self) -> (Rank, i64) {
        self.least
    }

    /// The process with the most messages, and how many.
    pub fn most_messages(&self) -> (Rank, i64) {
        self.most_messages
    }

    /// The most over the mean: 1 when all have the same to do; `None` when there is nothing to do.
    pub fn imbalance(&self) -> Option<f64> {
        (self.total > 0).then(|| self.most.1 as f64 / self.mean())
    }
}

#[cfg(test)]
pub(in crate::plan) mod tests;
