//! The transform of one contiguous line, by rustfft and realfft, and plans that are kept.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::{Fft, FftPlanner};

use crate::float::Float;
use crate::norm::Direction;

/// The kind of a one-dimensional transform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// n complex numbers to n complex numbers.
    Complex(Direction),
    /// n real numbers to n / 2 + 1 complex numbers, forward.
    FromReal,
    /// n / 2 + 1 complex numbers to n real numbers, inverse.
    ToReal,
}

impl Kind {
    /// The number of elements of a line of the result, for `n` points.
    pub(crate) fn output_len(self, n: i64) -> i64 {
        if self == Kind::FromReal { n / 2 + 1 } else { n }
    }

    /// The number of elements of a line of the input that are used, for `n` points.
    pub(crate) fn input_len(self, n: i64) -> i64 {
        if self == Kind::ToReal { n / 2 + 1 } else { n }
    }
}

/// A transform of lines of `n` points, with tables.
pub(crate) enum Line<T: Float> {
    Complex(Arc<dyn Fft<T>>),
    FromReal(Arc<dyn RealToComplex<T>>),
    ToReal(Arc<dyn ComplexToReal<T>>),
}

/// Kept plans: the last ones that were used, of this length at most.
const KEPT: usize = 16;
const LONGEST_KEPT: usize = 1 << 16;

struct Kept {
    key: (TypeId, Kind, usize),
    line: Rc<dyn Any>,
}

thread_local! {
    static LINES: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
}

impl<T: Float> Line<T> {
    /// The plan for `n` points, at least 1.
    pub(crate) fn of(kind: Kind, n: usize) -> Rc<Line<T>> {
        let key = (TypeId::of::<T>(), kind, n);
        LINES.with_borrow_mut(|lines| {
            if let Some(at) = lines.iter().position(|it| it.key == key) {
                let kept = lines.remove(at);
                let found = Rc::clone(&kept.line).downcast::<Line<T>>();
                lines.push(kept);
                if let Ok(line) = found {
                    return line;
                }
            }
            let line = Rc::new(Line::new(kind, n));
            if n <= LONGEST_KEPT {
                if lines.len() == KEPT {
                    lines.remove(0);
                }
                lines.push(Kept { key, line: Rc::clone(&line) as Rc<dyn Any> });
            }
            line
        })
    }

    fn new(kind: Kind, n: usize) -> Line<T> {
        match kind {
            Kind::Complex(Direction::Forward) => Line::Complex(FftPlanner::new().plan_fft_forward(n)),
            Kind::Complex(Direction::Inverse) => Line::Complex(FftPlanner::new().plan_fft_inverse(n)),
            Kind::FromReal => Line::FromReal(RealFftPlanner::new().plan_fft_forward(n)),
            Kind::ToReal => Line::ToReal(RealFftPlanner::new().plan_fft_inverse(n)),
        }
    }

    /// The number of complex numbers of work space.
    pub(crate) fn scratch_len(&self) -> usize {
        match self {
            Line::Complex(fft) => fft.get_inplace_scratch_len(),
            Line::FromReal(fft) => fft.get_scratch_len(),
            Line::ToReal(fft) => fft.get_scratch_len(),
        }
    }
}

/// Multiplies a line by a factor.
pub(crate) fn scale<T: Float>(line: &mut [Complex<T>], factor: T) {
    line.iter_mut().for_each(|item| *item = Complex::new(item.re * factor, item.im * factor));
}
