//! The work of a cumulative function on the lines of one process.

use dap_kernels::element::ElementType;
use dap_kernels::view::{View, ViewMut};
use dap_mpi::Result;

/// A cumulative function of elements of one type. A partial result of a line is some words.
pub(super) trait Lines {
    /// The type of the result.
    fn output(&self) -> ElementType;

    /// The words of a partial result.
    fn words(&self) -> usize;

    /// The partial results of lines without elements.
    fn start(&self, count: usize) -> Vec<u64>;

    /// The partial results of all elements of each line.
    fn totals(&self, input: &View<'_>, axis: usize) -> Result<Vec<u64>>;

    /// Adds the partial results of elements behind those of `words`.
    fn merge(&self, words: &mut [u64], behind: &[u64]);

    /// Writes the result, with the partial results of the elements in front.
    fn scan(&self, input: &View<'_>, axis: usize, output: ViewMut<'_>, carries: &[u64]) -> Result<()>;
}
