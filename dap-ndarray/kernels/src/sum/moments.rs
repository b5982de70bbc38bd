//! Mean, variance and norm: one pass for the sum of distances from a pivot and of their squares.
//!
//! With d = x - c for a pivot c, the variance is (sum d^2 - (sum d)^2 / n) / (n - ddof). Without a
//! pivot, terms like 10^8 + u lose 57 of 106 bits in that difference. Here c is a term near the
//! mean of the first ones if they are far from zero, compared to their spread; else 0. Then d is
//! exact: either c is 0, or all d of a block are at most |c| / 2, as watched, and Sterbenz's lemma
//! holds. A block where it does not hold takes the residual of d by 2Sum along.
//!
//! Squares are exact as pairs, by a fused multiply-add; distances and squares are cut in lanes as
//! terms are (see [`lanes`](super::lanes)). Data whose squares overflow, or have residuals below
//! the range, are scaled by a power of two. Results that the certificate cannot decide are left to
//! the second pass's [`MomentAccumulator`](super::MomentAccumulator).

use super::ball::{Ball, UNIT, two_product, two_sum};
use super::lanes::{ROOM, block_len, cut, fold, greatest, rests_and_steps};
use super::levels::dispatch_lanes;
use super::real::{Finish, Real, exponent_of, power_of_two};
use super::specials::Specials;
use crate::environment::Environment;
use crate::isa::{Isa, Kernel, dispatch_to};

/// Exponents of scaled terms: their squares and the bounds of these are normal numbers.
pub(super) const LEAST: i32 = -380;
pub(super) const GREATEST: i32 = 480;

/// The exponents of scales, apart from 0.
const SCALE: i32 = 600;

/// The sums of some terms and of their squares, about a pivot, with bounds on their errors.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PartialMoments {
    /// Terms are multiplied by 2^`scale`; what follows is of scaled terms.
    pub(super) scale: i32,
    pub(super) pivot: f64,
    pub(super) sum: Ball,
    pub(super) squares: Ball,
    pub(super) specials: Specials,
    pub(super) count: u64,
}

/// The lanes of one block.
struct Sums {
    sum: Ball,
    squares: Ball,
    top: f64,
}

/// Adds a block; `GENERAL`: terms are scaled, and distances may be inexact.
struct Deposit<'a, T, const GENERAL: bool, const L: usize> {
    terms: &'a [T],
    pivot: f64,
    scale: f64,
    /// The exponent of a power of two above each distance.
    exponent: i32,
}

type Exact<'a, T, const L: usize> = Deposit<'a, T, false, L>;
type General<'a, T, const L: usize> = Deposit<'a, T, true, L>;

impl<T: Real, const GENERAL: bool, const L: usize> Kernel for Deposit<'_, T, GENERAL, L> {
    type Output = Sums;

    #[inline(always)]
    fn run(self) -> Sums {
        let (k, square_k) = (self.exponent + ROOM, 2 * self.exponent + ROOM);
        let (mut s, mut rest) = ([1.5 * power_of_two(k); L], [0.0; L]);
        let (mut square, mut square_rest) = ([1.5 * power_of_two(square_k); L], [0.0; L]);
        let mut top = [0.0; L];
        let mut step = |terms: &[T; L]| {
            for lane in 0..L {
                let mut term = terms[lane].widen();
                if GENERAL {
                    term *= self.scale;
                }
                let (distance, residual) = if GENERAL { two_sum(term, -self.pivot) } else { (term - self.pivot, 0.0) };
                let (t, r) = cut(s[lane], distance);
                s[lane] = t;
                rest[lane] += if GENERAL { r + residual } else { r };
                let (product, error) = two_product(distance, distance);
                let (t, r) = cut(square[lane], product);
                square[lane] = t;
                let mut low = r + error;
                if GENERAL {
                    low += 2.0 * distance * residual;
                }
                square_rest[lane] += low;
                let magnitude = distance.abs();
                top[lane] = if magnitude > top[lane] { magnitude } else { top[lane] };
            }
        };
        let (chunks, tail) = self.terms.as_chunks::<L>();
        for chunk in chunks {
            step(chunk);
        }
        if !tail.is_empty() {
            // Padding has the distance 0. A pivot is a scaled term, or 0.
            let mut last = [T::narrow(self.pivot / self.scale); L];
            last[..tail.len()].copy_from_slice(tail);
            step(&last);
        }
        let nan = fold(&s, |left, right| left + right);
        let top = fold(&top, |left, right| if left > right { left } else { right });
        let steps = self.terms.len().div_ceil(L);
        if nan.is_nan() || top > power_of_two(self.exponent) {
            return Sums { sum: Ball::UNKNOWN, squares: Ball::UNKNOWN, top: if nan.is_nan() { nan } else { top } };
        }
        if top == 0.0 {
            return Sums { sum: Ball::default(), squares: Ball::default(), top };
        }
        let sum = rests_and_steps(&s, &rest, k, steps, if GENERAL { 2.0 } else { 1.0 });
        // Each low part has up to five roundings before it is added, and is at most three units of
        // the rest; the squares of residuals, below UNIT^2 of the squares, are left out.
        let mut squares = rests_and_steps(&square, &square_rest, square_k, steps, 3.0);
        let terms = (steps * L) as f64;
        squares.radius += power_of_two(square_k - ROOM) * (UNIT * UNIT) * terms * 8.0;
        Sums { sum, squares, top }
    }
}

impl PartialMoments {
    /// Sums terms.
    #[must_use]
    pub fn of<T: Real>(terms: &[T]) -> Self {
        Self::about(Self::pivot(terms), terms)
    }

    /// Sums terms about a pivot.
    #[must_use]
    pub fn about<T: Real>(pivot: T, terms: &[T]) -> Self {
        Self::of_with(Isa::in_use(), pivot, terms)
    }

    /// A pivot for terms of which these are the first: a term, or 0. Parts of one sum merge best if
    /// they have one pivot.
    #[must_use]
    pub fn pivot<T: Real>(terms: &[T]) -> T {
        let first = &terms[..terms.len().min(32)];
        let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / first.len() as f64;
        let middle = mean(&mut first.iter().map(|term| term.widen()));
        let spread = mean(&mut first.iter().map(|term| (term.widen() - middle).abs()));
        let distance = |term: &T| (term.widen() - middle).abs();
        let nearest = first.iter().copied().min_by(|left, right| distance(left).total_cmp(&distance(right)));
        nearest.filter(|term| term.widen().is_finite() && spread < middle.abs() / 8.0).unwrap_or_default()
    }

    /// Sums terms about a pivot, with an instruction set.
    #[must_use]
    pub fn of_with<T: Real>(isa: Isa, pivot: T, terms: &[T]) -> Self {
        let _environment = Environment::new();
        let mut partial = Self::default();
        let pivot = if pivot.widen().is_finite() { pivot.widen() } else { 0.0 };
        let mut exponent = LEAST;
        let block = block_len(isa);
        for (number, terms) in terms.chunks(block).enumerate() {
            if number == 0 {
                partial.scale = scale_for(terms, pivot);
                partial.pivot = pivot * power_of_two(partial.scale);
                // A pivot that does not survive the scale is not used.
                if partial.pivot * power_of_two(-partial.scale) != pivot {
                    partial.pivot = 0.0;
                }
                // Distances are at most that of the greatest term, and the pivot's.
                let top = greatest(terms).max(pivot.abs()) * power_of_two(partial.scale);
                let near = if partial.pivot == 0.0 { top } else { greatest_distance(terms, pivot) };
                exponent = (exponent_of(near) + 2).clamp(LEAST, GREATEST);
            }
            exponent = partial.add_block(isa, terms, exponent);
        }
        partial
    }

    /// Adds a block; returns a guess for the next one's exponent.
    fn add_block<T: Real>(&mut self, isa: Isa, terms: &[T], guess: i32) -> i32 {
        let Self { scale, pivot, .. } = *self;
        self.count += terms.len() as u64;
        let factor = power_of_two(scale);
        let general = |exponent| dispatch_lanes!(isa, General[T] { terms, pivot, scale: factor, exponent });
        let exact = |exponent| dispatch_lanes!(isa, Exact[T] { terms, pivot, scale: 1.0, exponent });
        let mut exponent = guess;
        for _ in 0..3 {
            let mut sums = if scale == 0 { exact(exponent) } else { general(exponent) };
            if scale == 0 && pivot != 0.0 && sums.top > pivot.abs() / 2.0 && sums.squares.is_finite() {
                sums = general(exponent);
            }
            if sums.squares.is_finite() {
                self.sum = self.sum.add(sums.sum);
                self.squares = self.squares.add(sums.squares);
                let wanted = (exponent_of(sums.top) + 2).max(LEAST);
                return if wanted + 3 < exponent { wanted } else { exponent };
            }
            // A distance may be rounded up to the next power of two.
            exponent = (exponent_of(sums.top) + 2).max(LEAST);
            if !sums.top.is_finite() || exponent > GREATEST {
                break;
            }
        }
        terms.iter().for_each(|term| self.specials.count(term.widen()));
        (self.sum, self.squares) = (Ball::UNKNOWN, Ball::UNKNOWN);
        guess
    }

    /// Adds the terms of another partial result.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let scale = self.scale.min(other.scale);
        let (left, right) = (self.scaled(scale), other.scaled(scale));
        // About the pivot of the left one: x - a = (x - b) + (b - a).
        let shift = right.pivot.add(left.pivot.negate());
        let (mut sum, mut squares) = (right.sum, right.squares);
        if shift != Ball::default() {
            let count = Ball::count(other.count);
            let twice = right.sum.add(right.sum);
            squares = squares.add(shift.multiply(twice)).add(shift.multiply(shift).multiply(count));
            sum = sum.add(shift.multiply(count));
        }
        let pivot = left.pivot;
        // The pivot remains a number: it is scaled exactly, or the sums become unknown.
        let known = pivot.radius == 0.0 || pivot == Ball::default();
        let unknown = |ball: Ball| if known { ball } else { Ball::UNKNOWN };
        self.sum = unknown(left.sum.add(sum));
        self.squares = unknown(left.squares.add(squares));
        self.pivot = pivot.hi;
        self.scale = scale;
        self.specials.merge(&other.specials);
        self.count += other.count;
    }

    fn scaled(&self, scale: i32) -> Scaled {
        let step = scale - self.scale;
        if step == 0 {
            return Scaled { pivot: Ball::exact(self.pivot), sum: self.sum, squares: self.squares };
        }
        // A step is at least -1200; factors are powers of two of normal size.
        let (first, second) = (power_of_two(step / 2), power_of_two(step - step / 2));
        let pivot = self.pivot * first * second;
        let exact = pivot / first / second == self.pivot;
        Scaled {
            pivot: Ball { hi: pivot, lo: 0.0, radius: if exact { 0.0 } else { f64::MIN_POSITIVE } },
            sum: self.sum.scale(first, second),
            squares: self.squares.scale(first, second).scale(first, second),
        }
    }

    /// The number of terms.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    fn counted(&self) -> Option<f64> {
        (self.count > 0 && self.count < 1 << 53).then_some(self.count as f64)
    }

    /// The exact mean of the terms, rounded once. NaN without terms.
    #[must_use]
    pub fn mean<T: Real>(&self) -> Finish<T> {
        if let Some(sum) = self.specials.sum() {
            return Finish::Certain(T::narrow(sum));
        }
        if self.count == 0 {
            return Finish::Certain(T::narrow(f64::NAN));
        }
        let Some(count) = self.counted() else { return Finish::NeedsSecondPass };
        let mean = self.sum.divide(count).add(Ball::exact(self.pivot));
        Finish::of(unscale(mean, -self.scale))
    }

    /// The sum of squared distances from the mean, of scaled terms.
    fn spread(&self) -> Ball {
        let Some(count) = self.counted() else { return Ball::UNKNOWN };
        if self.sum == Ball::default() {
            return self.squares;
        }
        self.squares.add(self.sum.multiply(self.sum).divide(count).negate())
    }

    /// The variance in scaled units, or a value that is not finite.
    fn quotient(parts: &[Self], ddof: f64) -> Result<(Ball, i32), f64> {
        let count = parts.first().map_or(0, |part| part.count);
        if count == 0 || parts.iter().any(|part| part.specials.any()) || ddof.is_nan() {
            return Err(f64::NAN);
        }
        let scale = parts.iter().map(|part| part.scale).min().unwrap_or(0);
        let spread = parts.iter().fold(Ball::default(), |sum, part| {
            let step = scale - part.scale;
            let (first, second) = (power_of_two(step / 2), power_of_two(step - step / 2));
            sum.add(if step == 0 { part.spread() } else { part.spread().scale(first, second).scale(first, second) })
        });
        let divisor = count as f64 - ddof;
        // Unusual divisors are left to the second pass.
        Ok((if (1.0..1e18).contains(&divisor) { spread.divide(divisor) } else { Ball::UNKNOWN }, scale))
    }

    /// The variance of numbers whose parts (one, or the real and the imaginary ones) these are; see
    /// [`MomentAccumulator::variance`](super::MomentAccumulator::variance).
    #[must_use]
    pub fn variance<T: Real>(parts: &[Self], ddof: f64) -> Finish<T> {
        match Self::quotient(parts, ddof) {
            Err(special) => Finish::Certain(T::narrow(special)),
            Ok((ball, scale)) => Finish::of(unscale(unscale(ball, -scale), -scale)),
        }
    }

    /// The standard deviation: the exact root of the exact variance, rounded once.
    #[must_use]
    pub fn deviation<T: Real>(parts: &[Self], ddof: f64) -> Finish<T> {
        match Self::quotient(parts, ddof) {
            Err(special) => Finish::Certain(T::narrow(special)),
            Ok((ball, scale)) => Finish::of(unscale(ball.sqrt(), -scale)),
        }
    }

    /// The number of words of a value that is sent.
    pub const WORDS: usize = 12;

    /// The value as words.
    #[must_use]
    pub fn words(&self) -> [u64; Self::WORDS] {
        let Self { scale, pivot, sum, squares, specials, count } = *self;
        let [a, b, c] = sum.words();
        let [d, e, f] = squares.words();
        let scale = i64::from(scale).cast_unsigned();
        [scale, pivot.to_bits(), a, b, c, d, e, f, specials.plus, specials.minus, specials.nan, count]
    }

    /// The value whose words these are.
    #[must_use]
    pub fn from_words(words: &[u64; Self::WORDS]) -> Self {
        let [scale, pivot, a, b, c, d, e, f, plus, minus, nan, count] = *words;
        let scale = match scale.cast_signed() {
            0 => 0,
            less if less < 0 => -SCALE,
            _ => SCALE,
        };
        Self {
            scale,
            pivot: f64::from_bits(pivot),
            sum: Ball::from_words([a, b, c]),
            squares: Ball::from_words([d, e, f]),
            specials: Specials { plus, minus, nan },
            count,
        }
    }
}

/// The greatest distance of the first terms from the pivot, for a guess.
fn greatest_distance<T: Real>(terms: &[T], pivot: f64) -> f64 {
    terms[..terms.len().min(64)].iter().fold(0.0, |top: f64, term| top.max((term.widen() - pivot).abs()))
}

/// Numbers in other units.
struct Scaled {
    pivot: Ball,
    sum: Ball,
    squares: Ball,
}

/// Times 2^`exponent`. Subnormal results are left to the second pass.
pub(super) fn unscale(ball: Ball, exponent: i32) -> Ball {
    if exponent == 0 || ball == Ball::default() {
        return ball;
    }
    ball.scale(power_of_two(exponent), 1.0)
}

/// The exponent of the scale for data that begin with these terms.
pub(super) fn scale_for<T: Real>(terms: &[T], pivot: f64) -> i32 {
    let top = greatest(terms).max(pivot.abs());
    match exponent_of(top) {
        _ if top == 0.0 => 0,
        large if large > 400 => -SCALE,
        small if small < -300 => SCALE,
        _ => 0,
    }
}
