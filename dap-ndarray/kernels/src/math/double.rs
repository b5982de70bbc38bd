//! Numbers of two words: the unevaluated sum of two `f64`, of about 106 bits.
//!
//! Error-free sums are Knuth's and Dekker's; the error of a product is one fused multiply-add. The
//! operations on two words are not themselves correctly rounded: each is right to a few units of
//! 2^-104, which is far below what a function's last rounding needs. A result near the least
//! positive numbers has a low word of fewer bits.

/// `hi + lo`, where `lo` is at most about half a unit in the last place of `hi`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Double {
    pub(super) hi: f64,
    pub(super) lo: f64,
}

impl Double {
    #[inline(always)]
    pub(super) fn new(hi: f64, lo: f64) -> Self {
        Self { hi, lo }
    }

    /// `words[0] + words[1]`.
    #[inline(always)]
    pub(super) fn constant(words: [f64; 2]) -> Self {
        Self { hi: words[0], lo: words[1] }
    }

    /// `a + b`, exactly.
    #[inline(always)]
    pub(super) fn sum(a: f64, b: f64) -> Self {
        let hi = a + b;
        let part = hi - a;
        Self { hi, lo: (a - (hi - part)) + (b - part) }
    }

    /// `a + b`, exactly, if `a` is zero or has an exponent that is at least that of `b`.
    #[inline(always)]
    pub(super) fn ordered_sum(a: f64, b: f64) -> Self {
        let hi = a + b;
        Self { hi, lo: b - (hi - a) }
    }

    /// `a * b`, exactly unless the error is below the least positive number.
    #[inline(always)]
    pub(super) fn product(a: f64, b: f64) -> Self {
        let hi = a * b;
        Self { hi, lo: a.mul_add(b, -hi) }
    }

    #[inline(always)]
    pub(super) fn negative(self) -> Self {
        Self { hi: -self.hi, lo: -self.lo }
    }

    /// The sum, of which the greater part may be either.
    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        let sum = Self::sum(self.hi, other.hi);
        Self::ordered_sum(sum.hi, sum.lo + (self.lo + other.lo))
    }

    #[inline(always)]
    pub(super) fn times(self, other: Self) -> Self {
        let product = Self::product(self.hi, other.hi);
        let cross = self.hi.mul_add(other.lo, self.lo * other.hi);
        Self::ordered_sum(product.hi, product.lo + cross)
    }

    /// The product with a power of two.
    #[inline(always)]
    pub(super) fn scaled(self, power: f64) -> Self {
        Self { hi: self.hi * power, lo: self.lo * power }
    }

    /// The quotient by one division: `q = a / b`, and the remainder of `q` times the reciprocal.
    #[inline(always)]
    pub(super) fn over(self, other: Self) -> Self {
        let reciprocal = 1.0 / other.hi;
        let hi = self.hi * reciprocal;
        let remainder = (-hi).mul_add(other.hi, self.hi) + (-hi).mul_add(other.lo, self.lo);
        Self::ordered_sum(hi, remainder * reciprocal)
    }

    /// The square root of a positive number.
    #[inline(always)]
    pub(super) fn sqrt(self) -> Self {
        let hi = self.hi.sqrt();
        let remainder = (-hi).mul_add(hi, self.hi) + self.lo;
        Self { hi, lo: remainder / (hi + hi) }
    }

    /// The number, rounded once.
    #[inline(always)]
    pub(super) fn rounded(self) -> f64 {
        self.hi + self.lo
    }

    /// The first if `condition` holds, else the second.
    #[inline(always)]
    pub(super) fn select(condition: bool, yes: Self, no: Self) -> Self {
        Self { hi: if condition { yes.hi } else { no.hi }, lo: if condition { yes.lo } else { no.lo } }
    }
}

/// The polynomial with these coefficients, the lowest power first: its even and its odd powers by
/// Horner's rule with fused steps, which wait for each other half as long as one chain.
#[inline(always)]
pub(super) fn polynomial<const N: usize>(x: f64, coefficients: &[f64; N]) -> f64 {
    let square = x * x;
    let (mut even, mut odd) = (coefficients[(N - 1) / 2 * 2], coefficients[(N / 2) * 2 - 1]);
    let mut power = N - 2;
    while power > 0 {
        power -= 1;
        if power.is_multiple_of(2) {
            even = even.mul_add(square, coefficients[power]);
        } else {
            odd = odd.mul_add(square, coefficients[power]);
        }
    }
    odd.mul_add(x, even)
}
