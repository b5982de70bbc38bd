//! Terms that come in strips: the lanes are kept from one strip to the next.

use super::lanes::Lanes;
use super::levels::dispatch_lanes;
use super::partial::PartialSum;
use super::real::Real;
use crate::environment::Environment;
use crate::isa::{Isa, Kernel, dispatch_to};

/// A sum in the making. Strips may have any length; those of at least some dozen terms are fast.
///
/// ```
/// use dap_kernels::sum::{Finish, SumStream};
/// let mut sum = SumStream::default();
/// sum.push(&[0.1; 10]);
/// sum.push(&[0.2; 5]);
/// assert_eq!(sum.finish().finish::<f64>(), Finish::Certain(2.0));
/// ```
#[derive(Debug, Clone)]
pub struct SumStream {
    isa: Isa,
    lanes: Lanes,
    count: u64,
}

impl Default for SumStream {
    fn default() -> Self {
        Self::with(Isa::in_use())
    }
}

struct Push<'a, T, const L: usize> {
    lanes: &'a mut Lanes,
    terms: &'a [T],
}

impl<T: Real, const L: usize> Kernel for Push<'_, T, L> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.lanes.add::<T, L>(self.terms, 1);
    }
}

impl SumStream {
    /// An empty sum that uses an instruction set.
    #[must_use]
    pub fn with(isa: Isa) -> Self {
        Self { isa, lanes: Lanes::default(), count: 0 }
    }

    /// Adds the terms of a strip.
    #[inline]
    pub fn push<T: Real>(&mut self, terms: &[T]) {
        let _environment = Environment::new();
        let Self { isa, lanes, count } = self;
        dispatch_lanes!(*isa, Push[T] { lanes, terms });
        *count += terms.len() as u64;
    }

    /// Adds terms without counting them.
    pub(crate) fn push_uncounted<T: Real>(&mut self, terms: &[T], counted: u64) {
        self.push(terms);
        self.count = self.count - terms.len() as u64 + counted;
    }

    /// The partial result.
    #[must_use]
    pub fn finish(self) -> PartialSum {
        let ([ball, _], [specials, _]) = match self.isa {
            Isa::Avx512 => self.lanes.finish::<32>(1),
            Isa::Avx2 => self.lanes.finish::<16>(1),
            Isa::Baseline => self.lanes.finish::<8>(1),
        };
        PartialSum { ball, specials, count: self.count }
    }
}

impl PartialSum {
    /// Sums terms.
    #[must_use]
    pub fn of<T: Real>(terms: &[T]) -> Self {
        Self::of_with(Isa::in_use(), terms)
    }

    /// Sums terms with an instruction set.
    #[must_use]
    pub fn of_with<T: Real>(isa: Isa, terms: &[T]) -> Self {
        let mut stream = SumStream::with(isa);
        stream.push(terms);
        stream.finish()
    }
}
