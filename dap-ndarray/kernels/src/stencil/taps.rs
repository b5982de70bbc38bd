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
            // Bound by memory: neighbours are loads that cross cache lines, all those of 512 bits
            // and half of those of 256.
            dispatch_to(isa.min(Isa::Avx2), Rows { lines, taps, weights, rows, store });
        })
    }
}

/// Columns, and rows, whose sums are in registers at once.
const COLUMNS: usize = 16;
const TOGETHER: usize = 2;
/// Columns of the same rows before the next rows. Each row is read in pieces of this length, which
/// the processor's prefetchers follow; on a Zen 5 core half of it took 1.7 times as long.
const TURN: usize = 2 * COLUMNS;

struct Rows<'a, 'r, T> {
    lines: &'a [&'a [T]],
    taps: &'a [(usize, usize)],
    weights: Option<&'a [T]>,
    rows: &'a mut [&'r mut [T]],
    store: Store,
}

impl<T: Float> Kernel for Rows<'_, '_, T> {
    type Output = ();

    #[inline(always)]
    fn run(mut self) {
        let (width, rows) = (self.rows[0].len(), self.rows.len());
        let whole = width / COLUMNS * COLUMNS;
        for turn in (0..whole).step_by(TURN) {
            let end = (turn + TURN).min(whole);
            let mut row = 0;
            while row + TOGETHER <= rows {
                for from in (turn..end).step_by(COLUMNS) {
                    self.columns::<COLUMNS, TOGETHER>(row, from);
                }
                row += TOGETHER;
            }
            while row < rows {
                for from in (turn..end).step_by(COLUMNS) {
                    self.columns::<COLUMNS, 1>(row, from);
                }
                row += 1;
            }
        }
        for from in whole..width {
            for row in 0..rows {
                self.columns::<1, 1>(row, from);
            }
        }
    }
}

impl<T: Float> Rows<'_, '_, T> {
    /// Computes `N` columns of `R` rows.
    #[inline(always)]
    fn columns<const N: usize, const R: usize>(&mut self, row: usize, from: usize) {
        let line = |tap: &(usize, usize)| -> [&[T; N]; R] {
            let lines: &[&[T]; R] = self.lines[tap.0 * ROWS + row..].first_chunk().expect("ROWS lines a tap");
            std::array::from_fn(|row| lines[row][from + tap.1..].first_chunk().expect("checked by Neighbours"))
        };
        let (first, others) = self.taps.split_first().map_or((None, &[][..]), |(first, others)| (Some(first), others));
        let mut sums = first.map_or([[T::default(); N]; R], |first| line(first).map(|items| *items));
        if let Some((weight, weights)) = self.weights.and_then(<[T]>::split_first) {
            for sum in sums.as_flattened_mut() {
                *sum = *weight * *sum;
            }
            for (tap, weight) in others.iter().zip(weights) {
                for (sums, items) in sums.iter_mut().zip(line(tap)) {
                    for at in 0..N {
                        sums[at] = sums[at] + *weight * items[at];
                    }
                }
            }
        } else {
            for tap in others {
                for (sums, items) in sums.iter_mut().zip(line(tap)) {
                    for at in 0..N {
                        sums[at] = sums[at] + items[at];
                    }
                }
            }
        }
        for (sums, target) in sums.iter().zip(&mut self.rows[row..row + R]) {
            let target: &mut [T; N] = target[from..].first_chunk_mut().expect("within the width");
            match self.store {
                Store::Set => *target = *sums,
                Store::Add => {
                    for at in 0..N {
                        target[at] = target[at] + sums[at];
                    }
                }
            }
        }
    }
}
