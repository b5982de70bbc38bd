//! Ball arithmetic in double-double: an unevaluated sum of two `f64`, and a bound on its error.
//!
//! A [`Ball`] with centre `hi + lo` holds each number within `radius` of it. Each operation returns
//! a ball that holds all results for members of its operands: the radius counts the rounding of the
//! operation, also in the subnormal range. A value that is not finite makes the centre or the
//! radius infinite or NaN, and such a ball is never certain.
//!
//! Rounding: `UNIT` is twice the unit roundoff. The factor of two covers the rounding of the bound
//! itself, also where `UNIT * x` is subnormal; sums of bounds are inflated by `INFLATE`.

/// Twice the unit roundoff of `f64`, 2^-52.
pub(crate) const UNIT: f64 = f64::EPSILON;

/// Covers the rounding of a few additions of bounds.
const INFLATE: f64 = 1.0 + 16.0 * UNIT;

/// More than what products lose to underflow: a few units of 2^-1074.
const TINY: f64 = 1e-320;

/// The sum of two numbers and its rounding error: `s + e == a + b` exactly, unless it overflows
/// (Knuth's 2Sum).
#[inline(always)]
pub(crate) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    let t = s - a;
    (s, (a - (s - t)) + (b - t))
}

/// The product of two numbers and its rounding error, exactly unless it overflows or the product is
/// below 2^-969.
#[inline(always)]
pub(crate) fn two_product(a: f64, b: f64) -> (f64, f64) {
    let p = a * b;
    (p, a.mul_add(b, -p))
}

/// All numbers within `radius` of `hi + lo`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Ball {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
    pub(crate) radius: f64,
}

impl Ball {
    /// A ball that holds every number: nothing is certain.
    pub(crate) const UNKNOWN: Self = Self { hi: 0.0, lo: 0.0, radius: f64::INFINITY };

    /// The ball of one number.
    #[inline]
    pub(crate) const fn exact(value: f64) -> Self {
        Self { hi: value, lo: 0.0, radius: 0.0 }
    }

    /// The ball around `hi + lo`, which need not be a normalised pair.
    #[cfg(test)]
    pub(crate) fn new(hi: f64, lo: f64, radius: f64) -> Self {
        let (hi, lo) = two_sum(hi, lo);
        Self { hi, lo, radius }
    }

    /// The ball of a count; exact.
    #[inline]
    pub(crate) fn count(count: u64) -> Self {
        // Both halves are exact, so their 2Sum is.
        let (hi, lo) = two_sum((count >> 32) as f64 * 4_294_967_296.0, (count & 0xffff_ffff) as f64);
        Self { hi, lo, radius: 0.0 }
    }

    #[inline]
    pub(crate) fn is_finite(&self) -> bool {
        (self.hi + self.lo).is_finite() && self.radius.is_finite()
    }

    pub(crate) fn words(&self) -> [u64; 3] {
        [self.hi, self.lo, self.radius].map(f64::to_bits)
    }

    pub(crate) fn from_words(words: [u64; 3]) -> Self {
        let [hi, lo, radius] = words.map(f64::from_bits);
        Self { hi, lo, radius }
    }

    #[inline]
    pub(crate) fn negate(self) -> Self {
        Self { hi: -self.hi, lo: -self.lo, radius: self.radius }
    }

    /// Members of the ball are smaller than this in magnitude.
    #[inline(always)]
    fn magnitude(&self) -> f64 {
        ((self.hi.abs() + self.lo.abs()) + self.radius) * INFLATE
    }

    #[inline]
    pub(crate) fn add(self, other: Self) -> Self {
        let (sum, error) = two_sum(self.hi, other.hi);
        let low = self.lo + other.lo;
        let rest = low + error;
        let (hi, lo) = two_sum(sum, rest);
        // 2Sum is exact; the two additions of low parts round, unless one operand is zero.
        let rounding = if self.lo == 0.0 || other.lo == 0.0 { 0.0 } else { low.abs() }
            + if error == 0.0 || low == 0.0 { 0.0 } else { rest.abs() };
        Self { hi, lo, radius: ((self.radius + other.radius) + UNIT * rounding) * INFLATE }
    }

    #[inline(always)]
    pub(crate) fn multiply(self, other: Self) -> Self {
        let (product, error) = two_product(self.hi, other.hi);
        let cross = self.hi * other.lo + self.lo * other.hi;
        let (hi, lo) = two_sum(product, error + cross);
        // Three roundings of `cross`, one of its sum with `error`, and the product of the low
        // parts, which is less than UNIT^2 of the product of the high parts.
        let rounding = UNIT * (UNIT * product.abs() * 8.0 + cross.abs() * 4.0 + error.abs() * 2.0)
            + (self.hi * other.lo).abs() * (4.0 * UNIT)
            + (self.lo * other.hi).abs() * (4.0 * UNIT)
            + (self.lo * other.lo).abs() * 2.0;
        let spread = self.radius * other.magnitude() + other.radius * self.magnitude();
        Self { hi, lo, radius: ((rounding + spread) + TINY) * INFLATE }
    }

    /// Divides by a positive number that is exact.
    #[inline]
    pub(crate) fn divide(self, by: f64) -> Self {
        if self == Self::default() {
            return self;
        }
        let first = self.hi / by;
        // The remainder of a quotient is a number, unless it underflows.
        let rest = (-first).mul_add(by, self.hi) + self.lo;
        let second = rest / by;
        let (hi, lo) = two_sum(first, second);
        // The sum and the quotient round; what underflows in the remainder is at most 2^-1074, and
        // is divided by a number of at least one.
        let rounding = UNIT * (second.abs() * 4.0) + TINY;
        Self { hi, lo, radius: (self.radius / by + rounding) * INFLATE }
    }

    /// The square root of the members, which are not negative. Unknown outside of 2^-900 to 2^1000.
    #[inline]
    pub(crate) fn sqrt(self) -> Self {
        if self == Self::default() {
            return self;
        }
        if !(self.hi > 1e-270 && self.hi < 1e300 && self.radius < self.hi / 4.0) {
            return Self::UNKNOWN;
        }
        let first = self.hi.sqrt();
        let rest = (-first).mul_add(first, self.hi) + self.lo;
        let second = rest / (2.0 * first);
        let (hi, lo) = two_sum(first, second);
        // sqrt(f^2 + r) = f + r/(2f) - r^2/(8f^3) + ...; |second| is at most a few UNIT * first.
        let rounding = second.abs() * (4.0 * UNIT) + second * second / first;
        Self { hi, lo, radius: (self.radius / first + rounding) * INFLATE }
    }

    /// Multiplies by a power of two, given as two factors whose product may be no `f64`.
    #[inline]
    pub(crate) fn scale(self, factor: f64, again: f64) -> Self {
        let radius = self.radius * factor * again;
        let rounding = if self == Self::default() { 0.0 } else { TINY };
        Self { hi: self.hi * factor * again, lo: self.lo * factor * again, radius: radius + rounding }
    }

    /// Numbers below and above all members, at most two units in the last place of `f64` farther
    /// out than needed; `None` if that is not known. Equal ends are both the rounded member.
    #[inline]
    pub(crate) fn rounded_ends(&self) -> Option<(f64, f64)> {
        if !self.is_finite() {
            return None;
        }
        if self.radius == 0.0 {
            let value = self.hi + self.lo;
            return Some((value, value));
        }
        // Rounding is monotonic. `reach` also covers the rounding of `lo - reach`.
        let reach = (self.radius + UNIT * self.lo.abs()) * INFLATE;
        Some((self.hi + (self.lo - reach), self.hi + (self.lo + reach)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigInt;
    use num_rational::BigRational;
    use num_traits::Signed;
    use proptest::prelude::*;

    fn rational(value: f64) -> BigRational {
        BigRational::from_float(value).unwrap()
    }

    /// Whether the ball holds a number.
    fn holds(ball: Ball, value: &BigRational) -> bool {
        !ball.is_finite() || (value - rational(ball.hi) - rational(ball.lo)).abs() <= rational(ball.radius)
    }

    /// A ball, and one of its members.
    fn ball() -> impl Strategy<Value = (Ball, BigRational)> {
        (-1e3..1e3_f64, -200..200_i32, -1.0..1.0_f64, 0..60_i32, prop_oneof![Just(0.0), 0.0..1.0_f64], -1..=1_i32)
            .prop_map(|(hi, exponent, lo, below, radius, side)| {
                let hi = hi * f64::from(exponent).exp2();
                let ball = Ball::new(hi, lo * hi * UNIT, radius * hi.abs() * UNIT * f64::from(-below).exp2());
                let member = rational(ball.hi)
                    + rational(ball.lo)
                    + rational(ball.radius) * BigRational::from_integer(BigInt::from(side));
                (ball, member)
            })
    }

    proptest! {
        #[test]
        fn results_hold_the_results_of_members((a, x) in ball(), (b, y) in ball(), n in 1_u64..1 << 53) {
            prop_assert!(holds(a.add(b), &(&x + &y)));
            prop_assert!(holds(a.multiply(b), &(&x * &y)));
            let quotient = a.divide(n as f64);
            prop_assert!(holds(quotient, &(&x / BigRational::from_integer(n.into()))));
            // The root of a member lies between the ends if their squares enclose the member.
            if x.is_positive() && a.hi > 0.0 {
                let root = a.sqrt();
                if root.is_finite() {
                    let centre = rational(root.hi) + rational(root.lo);
                    let (below, above) = (&centre - rational(root.radius), centre + rational(root.radius));
                    prop_assert!(!below.is_negative() && &below * &below <= x && &above * &above >= x);
                }
            }
        }

        #[test]
        fn counts_are_exact(count: u64) {
            let ball = Ball::count(count);
            prop_assert_eq!(rational(ball.hi) + rational(ball.lo), BigRational::from_integer(count.into()));
        }

        #[test]
        fn equal_ends_are_the_rounded_member((a, x) in ball()) {
            if let Some((low, high)) = a.rounded_ends()
                && low == high
            {
                let error = |value: f64| (rational(value) - &x).abs();
                prop_assert!(error(low) <= error(low.next_up()) && error(low) <= error(low.next_down()));
            }
        }
    }

    #[test]
    fn what_is_not_finite_is_not_certain() {
        let large = Ball::exact(f64::MAX);
        assert_eq!(large.add(large).rounded_ends(), None);
        assert_eq!(Ball::exact(f64::NAN).rounded_ends(), None);
        assert_eq!(Ball::UNKNOWN.add(Ball::exact(1.0)).rounded_ends(), None);
    }
}
