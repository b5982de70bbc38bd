//! The sum of terms so far, as a pair with a bound, for scans.

use super::ball::{Ball, UNIT, two_sum};
use super::exact::Accumulator;
use super::real::{Finish, Real};

/// A running sum that begins with an exact one.
#[derive(Debug)]
pub(crate) struct Prefix {
    ball: Ball,
}

impl Prefix {
    /// The exact sum as a pair.
    pub(crate) fn of(carry: &Accumulator) -> Self {
        let hi: f64 = carry.finish();
        if !hi.is_finite() {
            return Self { ball: Ball::UNKNOWN };
        }
        let mut rest = carry.clone();
        rest.add_term(-hi);
        let lo: f64 = rest.finish();
        Self { ball: Ball { hi, lo, radius: if lo == 0.0 { 0.0 } else { UNIT * lo.abs() } } }
    }

    /// Adds a term; returns the sum.
    #[inline]
    pub(crate) fn add<T: Real>(&mut self, term: T) -> Finish<T> {
        let (hi, error) = two_sum(self.ball.hi, term.widen());
        let lo = self.ball.lo + error;
        // One rounding, unless an operand is zero; the bound's own is covered by UNIT.
        let rounding = if self.ball.lo == 0.0 || error == 0.0 { 0.0 } else { UNIT * lo.abs() };
        self.ball = Ball { hi, lo, radius: (self.ball.radius + rounding) * (1.0 + 4.0 * UNIT) };
        Finish::of(self.ball)
    }
}
