//! Sums of complex numbers: of their real and imaginary parts, each by itself.

use dap_kernels::element::ElementType;
use dap_kernels::view::{View, ViewMut};
use dap_mpi::Result;

use super::lines::Lines;
use super::missing;

/// A function of real numbers, of both parts of complex ones: a line is two lines.
pub(super) struct OfParts {
    pub(super) real: Box<dyn Lines>,
    pub(super) output: ElementType,
}

impl Lines for OfParts {
    fn output(&self) -> ElementType {
        self.output
    }

    fn words(&self) -> usize {
        2 * self.real.words()
    }

    fn start(&self, count: usize) -> Vec<u64> {
        self.real.start(2 * count)
    }

    fn totals(&self, input: &View<'_>, axis: usize) -> Result<Vec<u64>> {
        self.real.totals(&input.with_parts().ok_or_else(missing)?, axis)
    }

    fn merge(&self, words: &mut [u64], behind: &[u64]) {
        self.real.merge(words, behind);
    }

    fn scan(&self, input: &View<'_>, axis: usize, output: ViewMut<'_>, carries: &[u64]) -> Result<()> {
        let (input, output) = (input.with_parts().ok_or_else(missing)?, output.with_parts().ok_or_else(missing)?);
        self.real.scan(&input, axis, output, carries)
    }
}
