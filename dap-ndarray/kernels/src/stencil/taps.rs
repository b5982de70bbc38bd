//! Stencils with declared taps.

use std::ops::{Add, Mul};

use super::block::{Neighbours, ROWS};
use crate::element::Element;
use crate::environment::Environment;
use crate::isa::{Isa, Kernel, dispatch_to};
use crate::view::{View, ViewError, ViewMut};

/// `f32` or `f64`.
pub trait Float: Element + Add<Output = Self> + Mul<Output = Self> {}

impl Float for f32 {}
impl Float for f64 {}

/// A stencil with declared taps.
#[derive(Debug, Clone)]
pub struct Stencil<T> {
    neighbours: Neighbours,
    weights: Option<Vec<T>>,
}

/// The use of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// It replaces the element of the output.
    Set,
    /// It is added to the element of the output.
    Add,
}

impl<T: Float> Stencil<T> {
    /// Sums products of neighbours and weights, in the order of the taps: an offset in each of
    /// `ndim` dimensions, and a weight.
    ///
    /// # Errors
    /// `ndim` is 0, or an offset has not one number a dimension.
    pub fn weighted(ndim: usize, taps: &[(&[isize], T)]) -> Result<Self, ViewError> {
        let neighbours = Neighbours::new(ndim, taps.iter().map(|tap| tap.0))?;
        Ok(Self { neighbours, weights: Some(taps.iter().map(|tap| tap.1).collect()) })
    }

    /// Sums neighbours, in the order of the offsets.
    ///
    /// # Errors
    /// As [`weighted`](Self::weighted).
    pub fn sum(ndim: usize, offsets: &[&[isize]]) -> Result<Self, ViewError> {
        Ok(Self { neighbours: Neighbours::new(ndim, offsets.iter().copied())?, weights: None })
    }

    /// Computes all elements of `output`: element `i` from the neighbours of element `start + i` of
    /// `input`. Without taps the result is 0.
    ///
    /// # Errors
    /// A neighbour lies outside the input; dimensions or types differ.
    pub fn apply(&self, input: &View<'_>, start: &[usize], output: ViewMut<'_>, store: Store) -> Result<(), ViewError> {
        self.apply_with(Isa::in_use(), input, start, output, store)
    }

    /// As [`apply`](Self::apply), with an instruction set.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    pub fn apply_with(
        &self,
        isa: Isa,
        input: &View<'_>,
        start: &[usize],
        output: ViewMut<'_>,
        store: Store,
    ) -> Result<(), ViewError> {
        let (taps, weights) = (&self.neighbours.taps[..], self.weights.as_deref());
        self.neighbours.for_each_block(input, start, output, |lines, rows| {
            let _environment = Environment::new();
            // Four vectors of f64 in flight, or eight of f32 where they are narrow.
            match isa {
                Isa::Avx512 => dispatch_to(isa, Rows::<T, 64> { lines, taps, weights, rows, store }),
                Isa::Avx2 => dispatch_to(isa, Rows::<T, 32> { lines, taps, weights, rows, store }),
                Isa::Baseline => dispatch_to(isa, Rows::<T, 16> { lines, taps, weights, rows, store }),
            }
        })
    }
}

struct Rows<'a, 'r, T, const COLUMNS: usize> {
    lines: &'a [&'a [T]],
    taps: &'a [(usize, usize)],
    weights: Option<&'a [T]>,
    rows: &'a mut [&'r mut [T]],
    store: Store,
}

impl<T: Float, const COLUMNS: usize> Kernel for Rows<'_, '_, T, COLUMNS> {
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

impl<T: Float, const COLUMNS: usize> Rows<'_, '_, T, COLUMNS> {
    #[inline(always)]
    fn columns<const N: usize>(&mut self, from: usize) {
        for row in 0..self.rows.len() {
            let line = |tap: &(usize, usize)| -> &[T; N] {
                self.lines[tap.0 * ROWS + row][from + tap.1..].first_chunk().expect("checked by Neighbours")
            };
            let mut sums = [T::default(); N];
            match self.weights {
                Some(weights) => {
                    for (number, (tap, weight)) in self.taps.iter().zip(weights).enumerate() {
                        let items = line(tap);
                        for at in 0..N {
                            let product = *weight * items[at];
                            sums[at] = if number == 0 { product } else { sums[at] + product };
                        }
                    }
                }
                None => {
                    for (number, tap) in self.taps.iter().enumerate() {
                        let items = line(tap);
                        for at in 0..N {
                            sums[at] = if number == 0 { items[at] } else { sums[at] + items[at] };
                        }
                    }
                }
            }
            let target: &mut [T; N] = self.rows[row][from..].first_chunk_mut().expect("within the width");
            match self.store {
                Store::Set => *target = sums,
                Store::Add => {
                    for at in 0..N {
                        target[at] = target[at] + sums[at];
                    }
                }
            }
        }
    }
}
