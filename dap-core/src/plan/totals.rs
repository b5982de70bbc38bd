//! Totals of a move over all processes, by counting: how much moves, in how many messages, and how
//! evenly.
//!
//! The elements that two processes exchange are a product over the dimensions, so sums over all
//! pairs are products of sums. Each dimension is counted by itself, never pair by pair: one side's
//! processes one by one, or one representative for a class of processes with equal counts. Kept
//! elements, of a process that is a source and a target under the same rank, are the one sum that
//! does not factor: between grids of different shape every rank is visited. A million ranks take
//! milliseconds to a second.
//!
//! ```
//! use dap_core::dim::{Block, Cyclic};
//! use dap_core::index::Rank;
//! use dap_core::layout::Layout;
//! use dap_core::plan::Totals;
//! // 2^40 elements, from one block on each of a million processes to a cyclic distribution.
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
mod on_ranks;

use super::factor::{Factor, SharedPairs};
use super::factor_pair::FactorPair;
use super::reshape;
use crate::error::Result;
use crate::grid::Grid;
use crate::index::Rank;
use crate::layout::Layout;
pub(super) use evaluate::largest;

/// The totals of a move from one layout to another, in which a rank is the same process in both.
#[derive(Debug, Clone, PartialEq)]
pub struct Totals {
    elements: i64,
    kept: i64,
    messages: i64,
    largest: Option<Largest>,
    sent: Spread,
    received: Spread,
}

/// The message with the most elements; if there are several, the one with the lowest source, and
/// then the lowest target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Largest {
    /// The sender: its rank in the source layout.
    pub source: Rank,
    /// The receiver: its rank in the target layout.
    pub target: Rank,
    /// The number of elements.
    pub elements: i64,
}

/// The distribution of the work over the processes of one side. Of several ranks with the same
/// number the lowest is given.
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
    /// The cost is time and memory for every process along each dimension (not for every pair, nor
    /// for the product over the dimensions), time for every process if the grids differ in shape,
    /// and the length of the lists of unstructured dimensions.
    ///
    /// # Errors
    /// As [`Plan::new`](super::Plan::new) for another array; more than 2^24 processes along a
    /// dimension, or altogether on grids of different shape; cyclic distributions with hundreds of
    /// millions of blocks in their common period; more than 2^63 - 1 elements, all holders counted.
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

    /// The elements that are written, moved or kept. Each holder of a shared unstructured index
    /// counts.
    pub fn elements(&self) -> i64 {
        self.elements
    }

    /// Elements whose source and target are the same process.
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

    /// The distribution of sending over the sources.
    pub fn sent(&self) -> &Spread {
        &self.sent
    }

    /// The distribution of receiving over the targets.
    pub fn received(&self) -> &Spread {
        &self.received
    }
}

impl Spread {
    /// The number of processes, including those without elements.
    pub fn processes(&self) -> i64 {
        self.processes
    }

    /// The mean number of elements of a process.
    pub fn mean(&self) -> f64 {
        self.total as f64 / self.processes as f64
    }

    /// The process with the most elements, and their number.
    pub fn most(&self) -> (Rank, i64) {
        self.most
    }

    /// The process with the fewest elements, and their number.
    pub fn least(&self) -> (Rank, i64) {
        self.least
    }

    /// The process with the most messages, and their number.
    pub fn most_messages(&self) -> (Rank, i64) {
        self.most_messages
    }

    /// The greatest number of elements divided by the mean: 1 if all are equal; `None` if there are
    /// no elements.
    pub fn imbalance(&self) -> Option<f64> {
        (self.total > 0).then(|| self.most.1 as f64 / self.mean())
    }
}

#[cfg(test)]
pub(in crate::plan) mod tests;
