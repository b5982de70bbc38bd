//! The types of floats whose sums are exact, and their one rounding: from a ball, or from integers.

use super::ball::Ball;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// `f32` or `f64`.
pub trait Real: Copy + Default + PartialEq + Send + Sync + std::fmt::Debug + sealed::Sealed + 'static {
    /// The same number.
    fn widen(self) -> f64;

    /// The nearest number of this type, ties to even; overflow gives an infinity.
    fn narrow(value: f64) -> Self;

    /// `(-1)^negative * (top + s) * 2^exponent`, rounded to nearest, ties to even, where s is zero,
    /// or in (0, 1) if `sticky`. The highest bit of `top` is set.
    #[doc(hidden)]
    fn round_parts(negative: bool, top: u64, exponent: i32, sticky: bool) -> Self;

    /// The members of the ball as the numbers of this type that they are rounded to, if there is
    /// one.
    #[doc(hidden)]
    fn certain(ends: Option<(f64, f64)>, exact: bool) -> Option<Self>;
}

/// Rounds to a binary format of `digits` bits whose least number is 2^`least`; the result is an
/// integer of at most `digits` bits and its exponent.
fn round_to(top: u64, exponent: i32, sticky: bool, digits: u32, least: i32) -> (u64, i32) {
    let drop = (64 - digits as i32).max(least - exponent);
    let target = exponent + drop;
    if drop > 64 {
        return (0, target);
    }
    let (kept, rest, half) =
        if drop == 64 { (0, top, 1 << 63) } else { (top >> drop, top & !(!0 << drop), 1 << (drop - 1)) };
    let up = rest > half || (rest == half && (sticky || kept & 1 == 1));
    (kept + u64::from(up), target)
}

impl Real for f64 {
    #[inline(always)]
    fn widen(self) -> f64 {
        self
    }

    #[inline(always)]
    fn narrow(value: f64) -> Self {
        value
    }

    fn round_parts(negative: bool, top: u64, exponent: i32, sticky: bool) -> Self {
        let (kept, unit) = round_to(top, exponent, sticky, 53, -1074);
        let magnitude = if unit > 971 {
            Self::INFINITY
        } else {
            // Both factors are powers of two in range, and the product is exact or overflows.
            kept as Self * power_of_two(unit / 2) * power_of_two(unit - unit / 2)
        };
        // A zero is +0, also one that was rounded.
        if negative { 0.0 - magnitude } else { magnitude }
    }

    fn certain(ends: Option<(f64, f64)>, _exact: bool) -> Option<Self> {
        // A zero is +0.
        ends.filter(|(low, high)| low == high && low.is_finite()).map(|(low, _)| low + 0.0)
    }
}

impl Real for f32 {
    #[inline(always)]
    fn widen(self) -> f64 {
        f64::from(self)
    }

    #[inline(always)]
    fn narrow(value: f64) -> Self {
        value as Self
    }

    fn round_parts(negative: bool, top: u64, exponent: i32, sticky: bool) -> Self {
        let (kept, unit) = round_to(top, exponent, sticky, 24, -149);
        // 24 bits above 2^-149 are a number of f64, if they are not far beyond f32's range.
        let magnitude = if unit > 104 { Self::INFINITY } else { Self::narrow(kept as f64 * power_of_two(unit)) };
        // A zero is +0, also one that was rounded.
        if negative { 0.0 - magnitude } else { magnitude }
    }

    fn certain(ends: Option<(f64, f64)>, exact: bool) -> Option<Self> {
        let (low, high) = ends?;
        // The ends were rounded to f64; a neighbour lies on the far side of what was rounded.
        let (low, high) = if exact {
            (Self::narrow(low), Self::narrow(high))
        } else {
            (Self::narrow(low.next_down()), Self::narrow(high.next_up()))
        };
        (low == high && low.is_finite()).then_some(low + 0.0)
    }
}

/// 2^`exponent`, for exponents of normal numbers; lesser ones give 0.
#[inline(always)]
pub(crate) fn power_of_two(exponent: i32) -> f64 {
    if exponent < -1022 { 0.0 } else { f64::from_bits(((exponent + 1023) as u64) << 52) }
}

/// The exponent e of a positive finite number x: 2^e <= x < 2^(e+1); -1023 for subnormal numbers
/// and zero.
#[inline]
pub(crate) fn exponent_of(value: f64) -> i32 {
    (value.to_bits() >> 52 & 0x7ff) as i32 - 1023
}

/// A result that may need a second pass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Finish<T> {
    /// The exact result, rounded.
    Certain(T),
    /// The partial results do not decide the last bit: add the terms again, into an accumulator.
    NeedsSecondPass,
}

impl<T> Finish<T> {
    /// The result, or that of the second pass.
    pub fn or_else(self, second: impl FnOnce() -> T) -> T {
        match self {
            Self::Certain(value) => value,
            Self::NeedsSecondPass => second(),
        }
    }
}

impl<T: Real> Finish<T> {
    pub(crate) fn of(ball: Ball) -> Self {
        let exact = ball.radius == 0.0 && super::ball::two_sum(ball.hi, ball.lo).1 == 0.0;
        T::certain(ball.rounded_ends(), exact).map_or(Self::NeedsSecondPass, Self::Certain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_are_rounded_to_themselves(bits: u64) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite() && value != 0.0);
            let (mantissa, exponent) = crate::sum::accumulator::decode(value.abs());
            let shift = mantissa.leading_zeros();
            let (top, exponent) = ((mantissa as u64) << shift, exponent - shift as i32);
            prop_assert_eq!(f64::round_parts(value < 0.0, top, exponent, false).to_bits(), bits);
            // The conversion of the processor is the oracle for the narrow type.
            prop_assert_eq!(f32::round_parts(value < 0.0, top, exponent, false).to_bits(), (f32::narrow(value) + 0.0).to_bits());
        }

        #[test]
        fn a_pair_is_certain_where_it_is_rounded_once(hi in -1e30..1e30_f64, lo in -1.0..1.0_f64, radius in 0.0..1e-3_f64) {
            let ball = Ball::new(hi, lo * hi * f64::EPSILON, radius * hi.abs() * f64::EPSILON);
            if let Finish::Certain(value) = Finish::<f32>::of(ball) {
                let distance = |to: f32| ((f64::from(to) - ball.hi) - ball.lo).abs();
                prop_assert!(distance(value) <= distance(value.next_up()) && distance(value) <= distance(value.next_down()));
            }
        }
    }

    #[test]
    fn a_tie_of_the_narrow_type_is_not_rounded_twice() {
        // 1 + 2^-24 is a tie of f32, and 2^-80 more is above it; f64 rounds it to the tie.
        let tie = 1.0 + 2.0_f64.powi(-24);
        assert_eq!(Finish::<f32>::of(Ball::exact(tie)), Finish::Certain(1.0));
        assert_eq!(Finish::<f32>::of(Ball::new(tie, 2.0_f64.powi(-80), 0.0)), Finish::NeedsSecondPass);
        assert_eq!(f32::round_parts(false, 1 << 63 | 1 << 39, -63, true), 1.0_f32.next_up());
        assert_eq!(f32::round_parts(false, 1 << 63 | 1 << 39, -63, false), 1.0);
    }

    #[test]
    fn what_is_too_large_is_infinite() {
        assert_eq!(f64::round_parts(true, u64::MAX, 960, false), f64::NEG_INFINITY);
        assert_eq!(f64::round_parts(false, u64::MAX, 959, false), 2.0_f64.powi(1023));
        assert_eq!(f64::round_parts(false, ((1 << 53) - 1) << 11, 960, true), f64::MAX);
        assert_eq!(f32::round_parts(false, u64::MAX, 64, false), f32::INFINITY);
        assert_eq!(f64::round_parts(false, 1 << 63, -1138, false), 0.0);
        assert_eq!(f64::round_parts(false, 1 << 63, -1138, true), f64::from_bits(1));
    }
}
