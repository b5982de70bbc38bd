//! Products of floats: in pairs of floats with a bound on the error.
//!
//! A product of n floats has up to 53 n bits; its exact value is out of reach. The product is kept
//! as a pair of about 106 bits and an exponent of its own, so that nothing overflows on the way. If
//! the bound decides the last bit, the result is the exact product, rounded once, hence independent
//! of the order. Otherwise, about once in 2^50 / n products, it is one of the two nearest floats,
//! and may depend on the order: [`PartialProduct::is_certain`].

use super::driver::{GATHERED, Reducer, Transposed, reducers};
use crate::element::Element;
use crate::environment::Environment;
use crate::isa::{Kernel, dispatch};
use crate::sum::{Ball, Finish, Real, power_of_two};

/// The product of some floats; a value that is merged in any order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartialProduct {
    /// The product is `ball * 2^exponent`, with a centre between 1/2 and 2 in magnitude.
    ball: Ball,
    exponent: i64,
    zeros: u64,
    infinities: u64,
    /// The factors that are negative, zeros and infinities among them.
    negatives: u64,
    nan: bool,
}

impl Default for PartialProduct {
    fn default() -> Self {
        Self { ball: Ball::exact(1.0), exponent: 0, zeros: 0, infinities: 0, negatives: 0, nan: false }
    }
}

/// Splits a finite magnitude that is not zero into one between 1 and 2, and an exponent.
#[inline(always)]
fn normalised(value: f64) -> (f64, i64) {
    let scaled = if value < f64::MIN_POSITIVE { value * power_of_two(64) } else { value };
    let bits = scaled.to_bits();
    let exponent = (bits >> 52) as i64 - 1023 - if value < f64::MIN_POSITIVE { 64 } else { 0 };
    (f64::from_bits(bits & !(0x7ff << 52) | 1023 << 52), exponent)
}

impl PartialProduct {
    /// Multiplies by the factors of another partial result.
    pub fn merge(&mut self, other: &Self) {
        self.ball = self.ball.multiply(other.ball);
        self.exponent = self.exponent.saturating_add(other.exponent);
        self.normalise();
        self.zeros += other.zeros;
        self.infinities += other.infinities;
        self.negatives += other.negatives;
        self.nan |= other.nan;
    }

    /// Multiplies by one factor.
    #[inline(always)]
    pub(crate) fn multiply<T: Real>(&mut self, factor: T) {
        if let Some((factor, exponent)) = self.count(factor.widen()) {
            self.ball = self.ball.multiply(Ball::exact(factor));
            self.exponent = self.exponent.saturating_add(exponent);
            self.normalise();
        }
    }

    /// Counts a factor's sign, and a zero, an infinity or a NaN; another factor's magnitude is
    /// returned, as a number between 1 and 2, and an exponent.
    #[inline(always)]
    fn count(&mut self, factor: f64) -> Option<(f64, i64)> {
        self.negatives += u64::from(factor.is_sign_negative());
        let magnitude = factor.abs();
        if magnitude == 0.0 {
            self.zeros += 1;
        } else if magnitude == f64::INFINITY {
            self.infinities += 1;
        } else if magnitude.is_nan() {
            self.nan = true;
        } else {
            return Some(normalised(magnitude));
        }
        None
    }

    #[inline(always)]
    fn normalise(&mut self) {
        let (_, shift) = normalised(self.ball.hi.abs());
        let factor = power_of_two(-shift as i32);
        // A power of two near 1: exact.
        self.ball = Ball { hi: self.ball.hi * factor, lo: self.ball.lo * factor, radius: self.ball.radius * factor };
        self.exponent += shift;
    }

    /// The rounded product; the exact one, rounded once, if [`is_certain`](Self::is_certain).
    #[must_use]
    pub fn value<T: Real>(&self) -> T {
        match self.finish() {
            Finish::Certain(value) => value,
            Finish::NeedsSecondPass => {
                let Ball { hi, lo, .. } = self.ball;
                let (first, second) = self.factors();
                T::narrow(self.sign() * ((hi + lo) * first * second))
            }
        }
    }

    /// Whether the value is the exact product, rounded once.
    #[must_use]
    pub fn is_certain<T: Real>(&self) -> bool {
        matches!(self.finish::<T>(), Finish::Certain(_))
    }

    /// The number of words of a value that is sent.
    pub const WORDS: usize = 8;

    /// The value as words.
    #[must_use]
    pub fn words(&self) -> [u64; Self::WORDS] {
        let Self { ball, exponent, zeros, infinities, negatives, nan } = *self;
        let [hi, lo, radius] = ball.words();
        [hi, lo, radius, exponent.cast_unsigned(), zeros, infinities, negatives, nan.into()]
    }

    /// The value whose words these are.
    #[must_use]
    pub fn from_words(words: &[u64; Self::WORDS]) -> Self {
        let [hi, lo, radius, exponent, zeros, infinities, negatives, nan] = *words;
        let ball = Ball::from_words([hi, lo, radius]);
        Self { ball, exponent: exponent.cast_signed(), zeros, infinities, negatives, nan: nan != 0 }
    }

    fn sign(&self) -> f64 {
        if self.negatives % 2 == 1 { -1.0 } else { 1.0 }
    }

    /// Two powers of two whose product is 2^exponent, or beyond the range as that is.
    fn factors(&self) -> (f64, f64) {
        let exponent = self.exponent.clamp(-2200, 2000) as i32;
        let half = exponent / 2;
        (power_of_two(half), power_of_two(exponent - half))
    }

    fn finish<T: Real>(&self) -> Finish<T> {
        let sign = self.sign();
        if self.nan || (self.zeros > 0 && self.infinities > 0) {
            return Finish::Certain(T::narrow(f64::NAN));
        }
        if self.zeros > 0 || self.infinities > 0 {
            return Finish::Certain(T::narrow(sign * if self.zeros > 0 { 0.0 } else { f64::INFINITY }));
        }
        // Far beyond the range the result is certain as well.
        if self.exponent > 1030 || self.exponent < -1090 {
            return Finish::Certain(T::narrow(sign * if self.exponent > 0 { f64::INFINITY } else { 0.0 }));
        }
        let (first, second) = self.factors();
        let signed = if sign < 0.0 { self.ball.negate() } else { self.ball };
        if self.exponent.abs() < 1000 { Finish::of(signed.scale(first, second)) } else { Finish::NeedsSecondPass }
    }
}

struct Multiply<'a, T> {
    items: &'a [T],
}

/// Factors of a lane between two normalisations: each is below 2.
const FACTORS: usize = 256;
const LANES: usize = 8;

impl<T: Real> Kernel for Multiply<'_, T> {
    type Output = PartialProduct;

    #[inline(always)]
    fn run(self) -> PartialProduct {
        let mut all = PartialProduct::default();
        for block in self.items.chunks(FACTORS * LANES) {
            let (mut high, mut low, mut exponent) = ([1.0_f64; LANES], [0.0_f64; LANES], 0_i64);
            for chunk in block.chunks(LANES) {
                for (lane, item) in chunk.iter().enumerate() {
                    if let Some((factor, shift)) = all.count(item.widen()) {
                        exponent += shift;
                        let product = high[lane] * factor;
                        let error = high[lane].mul_add(factor, -product);
                        low[lane] = low[lane].mul_add(factor, error);
                        high[lane] = product;
                    }
                }
            }
            for lane in 0..LANES {
                // Each step adds at most u of the product to `low`, which rounds by u of itself:
                // less than FACTORS^2 u^2 of the product in all.
                let radius = high[lane] * (FACTORS * FACTORS) as f64 * (f64::EPSILON * f64::EPSILON);
                let exact = block.len() <= lane;
                let ball = Ball { hi: high[lane], lo: low[lane], radius: if exact { 0.0 } else { radius } };
                let mut lane = PartialProduct { ball, exponent: 0, ..PartialProduct::default() };
                lane.normalise();
                all.merge(&lane);
            }
            all.exponent += exponent;
        }
        all
    }
}

/// Multiplies floats.
#[derive(Debug, Clone, Copy)]
pub struct Product<T>(std::marker::PhantomData<fn(T)>);

impl<T> Product<T> {
    /// The reducer.
    #[must_use]
    pub fn new() -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<T> Default for Product<T> {
    fn default() -> Self {
        Self::new()
    }
}

reducers! {
    [Real + Element] Product PartialProduct: |_this, to, items| {
        let _environment = Environment::new();
        to.merge(&dispatch(Multiply { items }));
    };
}
