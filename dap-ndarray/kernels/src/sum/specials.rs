//! The infinities and NaN among the terms of a sum, which decide it before the finite ones.

/// The numbers of terms that are not finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Specials {
    /// Positive infinities.
    pub plus: u64,
    /// Negative infinities.
    pub minus: u64,
    /// NaN; in sums of columns at least one where there are some.
    pub nan: u64,
}

impl Specials {
    #[inline]
    pub(crate) fn count(&mut self, term: f64) {
        self.nan += u64::from(term.is_nan());
        self.plus += u64::from(term == f64::INFINITY);
        self.minus += u64::from(term == f64::NEG_INFINITY);
    }

    /// The sum, if a term is not finite: NaN for a NaN or both infinities, else the infinity.
    #[inline]
    pub(crate) fn sum(&self) -> Option<f64> {
        match (self.plus > 0, self.minus > 0, self.nan > 0) {
            (false, false, false) => None,
            (true, false, false) => Some(f64::INFINITY),
            (false, true, false) => Some(f64::NEG_INFINITY),
            _ => Some(f64::NAN),
        }
    }

    #[inline]
    pub(crate) fn any(&self) -> bool {
        self.sum().is_some()
    }

    #[inline]
    pub(crate) fn merge(&mut self, other: &Self) {
        self.plus += other.plus;
        self.minus += other.minus;
        self.nan += other.nan;
    }
}
