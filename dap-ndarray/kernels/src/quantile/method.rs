//! Quantiles: which places they need, and how the result lies between two elements.
//!
//! The definitions are those of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical
//! packages", The American Statistician 50 (1996), and NumPy's names for them.

use std::fmt;

use super::key::OrderKey;
use super::selection::Selected;

/// How a quantile is taken from the elements next to it; the names are NumPy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// The least element whose share of elements at or below it is at least the quantile.
    InvertedCdf,
    /// The same; on a step, the mean of both ends.
    AveragedInvertedCdf,
    /// The nearest element, counted from 1; the even one of two.
    ClosestObservation,
    /// Linear, with positions k / n.
    InterpolatedInvertedCdf,
    /// Linear, with positions (k - 1/2) / n.
    Hazen,
    /// Linear, with positions k / (n + 1).
    Weibull,
    /// Linear, with positions (k - 1) / (n - 1).
    #[default]
    Linear,
    /// Linear, with positions (k - 1/3) / (n + 1/3).
    MedianUnbiased,
    /// Linear, with positions (k - 3/8) / (n + 1/4).
    NormalUnbiased,
    /// The lower of the two elements next to the position of `Linear`.
    Lower,
    /// The higher of the two.
    Higher,
    /// The nearer of the two, counted from 0; the even one of two.
    Nearest,
    /// The mean of the two.
    Midpoint,
}

impl Method {
    /// All methods with their names.
    pub const ALL: [(Self, &'static str); 13] = [
        (Self::InvertedCdf, "inverted_cdf"),
        (Self::AveragedInvertedCdf, "averaged_inverted_cdf"),
        (Self::ClosestObservation, "closest_observation"),
        (Self::InterpolatedInvertedCdf, "interpolated_inverted_cdf"),
        (Self::Hazen, "hazen"),
        (Self::Weibull, "weibull"),
        (Self::Linear, "linear"),
        (Self::MedianUnbiased, "median_unbiased"),
        (Self::NormalUnbiased, "normal_unbiased"),
        (Self::Lower, "lower"),
        (Self::Higher, "higher"),
        (Self::Nearest, "nearest"),
        (Self::Midpoint, "midpoint"),
    ];

    /// The method of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|method| method.1 == name).map(|method| method.0)
    }

    /// The position of a quantile among `n` elements, counted from 0: between two elements, or
    /// outside of them.
    fn position(self, n: f64, q: f64) -> f64 {
        // Plotting positions (k - alpha) / (n + 1 - alpha - beta), solved for k - 1.
        let plotted = |alpha: f64, beta: f64| n * q + (alpha + q * (1.0 - alpha - beta)) - 1.0;
        match self {
            Self::InvertedCdf => (n * q).ceil() - 1.0,
            // Of two nearest places the one that is even counted from 1.
            Self::ClosestObservation => (n * q).round_ties_even() - 1.0,
            Self::AveragedInvertedCdf => n * q - 1.0,
            Self::InterpolatedInvertedCdf => plotted(0.0, 1.0),
            Self::Hazen => plotted(0.5, 0.5),
            Self::Weibull => plotted(0.0, 0.0),
            Self::MedianUnbiased => plotted(1.0 / 3.0, 1.0 / 3.0),
            Self::NormalUnbiased => plotted(3.0 / 8.0, 3.0 / 8.0),
            Self::Lower => ((n - 1.0) * q).floor(),
            Self::Higher => ((n - 1.0) * q).ceil(),
            Self::Nearest => ((n - 1.0) * q).round_ties_even(),
            Self::Linear | Self::Midpoint => (n - 1.0) * q,
        }
    }

    /// The weight of the higher element, from the fraction of the position.
    fn weight(self, fraction: f64) -> f64 {
        match self {
            Self::AveragedInvertedCdf if fraction > 0.0 => 1.0,
            Self::AveragedInvertedCdf => 0.5,
            Self::Midpoint if fraction > 0.0 => 0.5,
            _ => fraction,
        }
    }
}

/// How NaN among the elements count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NanRule {
    /// A NaN makes the result NaN.
    Propagate,
    /// NaN are left out.
    Skip,
}

/// Quantiles that are looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantiles {
    q: Vec<f64>,
    method: Method,
}

/// A quantile that is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileError {
    /// The place in the list.
    pub at: usize,
    /// The number.
    pub found: f64,
}

impl fmt::Display for QuantileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, found } = self;
        write!(f, "quantile {found} at place {at}, expected 0 to 1; a percentage is divided by 100")
    }
}

impl std::error::Error for QuantileError {}

impl Quantiles {
    /// Quantiles between 0 and 1.
    ///
    /// # Errors
    /// The first one that is outside, or NaN.
    pub fn new(q: &[f64], method: Method) -> Result<Self, QuantileError> {
        match q.iter().position(|q| !(0.0..=1.0).contains(q)) {
            Some(at) => Err(QuantileError { at, found: q[at] }),
            None => Ok(Self { q: q.to_vec(), method }),
        }
    }

    /// The median: the middle element, or the exact mean of the two in the middle, rounded once.
    #[must_use]
    pub fn median() -> Self {
        Self { q: vec![0.5], method: Method::Linear }
    }

    /// The number of quantiles.
    #[must_use]
    pub fn len(&self) -> usize {
        self.q.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.q.is_empty()
    }

    /// The number of places that are needed: two for each quantile.
    #[must_use]
    pub fn places_len(&self) -> usize {
        2 * self.q.len()
    }

    /// The places of the elements next to each quantile, for `count` elements: the lower one and
    /// the higher one. They may be the same.
    ///
    /// # Panics
    /// `places` has not the length of [`places_len`](Self::places_len).
    pub fn places(&self, count: u64, places: &mut [u64]) {
        assert_eq!(places.len(), self.places_len(), "two places for each quantile");
        for (q, pair) in self.q.iter().zip(places.as_chunks_mut::<2>().0) {
            *pair = self.between(*q, count).0;
        }
    }

    /// The places of a quantile, and the weight of the higher one.
    fn between(&self, q: f64, count: u64) -> ([u64; 2], f64) {
        let Some(last) = count.checked_sub(1) else { return ([0; 2], 0.0) };
        // Casts of floats to integers saturate.
        let position = self.method.position(count as f64, q);
        let lower = position.floor();
        if lower < 0.0 {
            return ([0; 2], 0.0);
        }
        let place = lower as u64;
        if place >= last {
            return ([last; 2], 0.0);
        }
        ([place, place + 1], self.method.weight(position - lower))
    }

    /// The quantiles, from the elements at their places; NaN without elements.
    ///
    /// A result between two elements is NumPy's `a + (b - a) t`, from the nearer side, with these
    /// exceptions. Halfway it is the exact mean, rounded once. Of two equal elements it is their
    /// value, also if they are infinite (NumPy: NaN). Where `b - a` overflows, or one of them is
    /// infinite, it is `a (1 - t) + b t`.
    ///
    /// # Panics
    /// These are not the elements at the places of these quantiles.
    #[must_use]
    pub fn values<T: OrderKey>(&self, selected: &Selected<T>, nan: NanRule) -> Vec<f64> {
        if selected.count == 0 || (nan == NanRule::Propagate && selected.nans > 0) {
            return vec![f64::NAN; self.q.len()];
        }
        assert_eq!(selected.values.len(), self.places_len(), "two elements for each quantile");
        let pairs = selected.values.as_chunks::<2>().0;
        let value = |(q, [low, high]): (&f64, &[T; 2])| match self.between(*q, selected.count).1 {
            0.0 => low.nearest(),
            _ if low == high => high.nearest(),
            0.5 => low.midpoint(*high),
            1.0 => high.nearest(),
            weight => {
                let (low, high) = (low.nearest(), high.nearest());
                let difference = high - low;
                if !difference.is_finite() {
                    low * (1.0 - weight) + high * weight
                } else if weight > 0.5 {
                    high - difference * (1.0 - weight)
                } else {
                    low + difference * weight
                }
            }
        };
        self.q.iter().zip(pairs).map(value).collect()
    }
}
