//! Stencils as closures over neighbours.

use super::block::{Neighbours, ROWS};
use crate::element::Element;
use crate::environment::Environment;
use crate::isa::{Kernel, dispatch};
use crate::view::{View, ViewError, ViewMut};

/// Columns that are computed in all rows before the next ones.
const COLUMNS: usize = 64;

/// Sets each element of `output`: element `i` to what `body` makes of the neighbours of element
/// `start + i` of `input`, in the order of `offsets`.
///
/// The closure is compiled for each instruction set, and vectorised if it has no branches.
///
/// ```
/// use dap_kernels::stencil;
/// use dap_kernels::view::{View, ViewMut};
/// let input = [1.0_f64, 4.0, 9.0, 16.0];
/// let mut output = [0.0; 2];
/// let offsets = [&[-1][..], &[1]];
/// stencil::map(&View::of(&input), &[1], ViewMut::of(&mut output), offsets, |[left, right]: [f64; 2]| (right - left) / 2.0)?;
/// assert_eq!(output, [4.0, 6.0]);
/// # Ok::<(), dap_kernels::view::ViewError>(())
/// ```
///
/// # Errors
/// A neighbour lies outside the input; dimensions or types differ.
pub fn map<T: Element, F: Fn([T; N]) -> T + Sync, const N: usize>(
    input: &View<'_>,
    start: &[usize],
    output: ViewMut<'_>,
    offsets: [&[isize]; N],
    body: F,
) -> Result<(), ViewError> {
    let neighbours = Neighbours::new(input.ndim(), offsets.iter().copied())?;
    let taps: [(usize, usize); N] = std::array::from_fn(|tap| neighbours.taps[tap]);
    neighbours.for_each_block(input, start, output, |lines, rows| {
        let _environment = Environment::new();
        dispatch(Rows { lines, taps: &taps, rows, body: &body });
    })
}

struct Rows<'a, 'r, T, F, const N: usize> {
    lines: &'a [&'a [T]],
    taps: &'a [(usize, usize); N],
    rows: &'a mut [&'r mut [T]],
    body: &'a F,
}

impl<T: Element, F: Fn([T; N]) -> T, const N: usize> Kernel for Rows<'_, '_, T, F, N> {
    type Output = ();

    #[inline(always)]
    fn run(mut self) {
        let width = self.rows[0].len();
        let whole = width / COLUMNS * COLUMNS;
        for from in (0..whole).step_by(COLUMNS) {
            self.columns::<COLUMNS>(from);
        }
        for from in whole..width {
            self.columns::<1>(from);
        }
    }
}

impl<T: Element, F: Fn([T; N]) -> T, const N: usize> Rows<'_, '_, T, F, N> {
    /// Arrays of a fixed length have no bounds to check, so that the loop is vectorised.
    #[inline(always)]
    fn columns<const W: usize>(&mut self, from: usize) {
        for (row, targets) in self.rows.iter_mut().enumerate() {
            let taps: [&[T; W]; N] = std::array::from_fn(|tap| {
                let (line, column) = self.taps[tap];
                self.lines[line * ROWS + row][from + column..].first_chunk().expect("checked by Neighbours")
            });
            let mut results = [T::default(); W];
            for (at, result) in results.iter_mut().enumerate() {
                *result = (self.body)(std::array::from_fn(|tap| taps[tap][at]));
            }
            targets[from..from + W].copy_from_slice(&results);
        }
    }
}
