//! The slow twins: sums in rational numbers, rounded by bisection over all floats.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::Real;

/// A type of floats, by the bits of its numbers that are not negative.
pub(crate) trait Bits: Real {
    const INFINITY: u64;
    fn from_bits(bits: u64) -> Self;
    fn bits(self) -> u64;
}

impl Bits for f64 {
    const INFINITY: u64 = 0x7ff << 52;
    fn from_bits(bits: u64) -> Self {
        Self::from_bits(bits)
    }
    fn bits(self) -> u64 {
        self.to_bits()
    }
}

impl Bits for f32 {
    const INFINITY: u64 = 0xff << 23;
    fn from_bits(bits: u64) -> Self {
        Self::from_bits(u32::try_from(bits).unwrap())
    }
    fn bits(self) -> u64 {
        self.to_bits().into()
    }
}

pub(crate) fn rational(value: f64) -> BigRational {
    BigRational::from_float(value).unwrap()
}

fn whole(value: u64) -> BigRational {
    BigRational::from_integer(value.into())
}

/// The number with these bits; that of infinity is the next power of two.
fn number<T: Bits>(bits: u64) -> BigRational {
    if bits < T::INFINITY {
        return rational(T::from_bits(bits).widen());
    }
    let below = |bits| rational(T::from_bits(bits).widen());
    below(T::INFINITY - 1) * whole(2) - below(T::INFINITY - 2)
}

/// The nearest float to a number that is not negative, ties to even; `compare` says how a number
/// compares with it.
fn nearest<T: Bits>(compare: impl Fn(&BigRational) -> Ordering) -> T {
    let (mut low, mut high) = (0, T::INFINITY);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if compare(&number::<T>(middle)) == Ordering::Greater { high = middle } else { low = middle }
    }
    let tie = (number::<T>(low) + number::<T>(low + 1)) / whole(2);
    let up = match compare(&tie) {
        Ordering::Less => true,
        Ordering::Greater => false,
        Ordering::Equal => low % 2 == 1,
    };
    T::from_bits(low + u64::from(up))
}

pub(crate) fn rounded<T: Bits>(value: &BigRational) -> T {
    let magnitude: T = nearest(|other| other.cmp(&value.abs()));
    if value.is_negative() { T::narrow(0.0 - magnitude.widen()) } else { magnitude }
}

/// The sum of floats if one of them is not finite.
fn special(terms: impl Iterator<Item = f64>) -> Option<f64> {
    let sum: f64 = terms.filter(|term| !term.is_finite()).sum();
    (!sum.is_finite()).then_some(sum)
}

fn total(terms: impl Iterator<Item = f64>) -> BigRational {
    // In units of 2^-2148, for speed: each product of two floats is such an integer.
    terms.fold(BigRational::zero(), |sum, term| sum + rational(term))
}

pub(crate) fn sum<T: Bits>(terms: &[T]) -> T {
    let floats = || terms.iter().map(|term| term.widen());
    special(floats()).map_or_else(|| rounded(&total(floats())), T::narrow)
}

pub(crate) fn mean<T: Bits>(terms: &[T]) -> T {
    let floats = || terms.iter().map(|term| term.widen());
    if terms.is_empty() {
        return T::narrow(f64::NAN);
    }
    special(floats()).map_or_else(|| rounded(&(total(floats()) / whole(terms.len() as u64))), T::narrow)
}

pub(crate) fn dot<T: Bits>(left: &[T], right: &[T]) -> T {
    let pairs = || left.iter().zip(right).map(|(left, right)| (left.widen(), right.widen()));
    let products = pairs().map(|(left, right)| {
        if (left * right).is_infinite() && left.is_finite() && right.is_finite() { 0.0 } else { left * right }
    });
    if let Some(sum) = special(products) {
        return T::narrow(sum);
    }
    rounded(&pairs().fold(BigRational::zero(), |sum, (left, right)| sum + rational(left) * rational(right)))
}

pub(crate) fn norm<T: Bits>(terms: &[T]) -> T {
    if let Some(sum) = special(terms.iter().map(|term| term.widen().abs())) {
        return T::narrow(sum);
    }
    let squares =
        terms.iter().fold(BigRational::zero(), |sum, term| sum + rational(term.widen()) * rational(term.widen()));
    nearest(|other| (other * other).cmp(&squares))
}

/// The variance and the standard deviation.
pub(crate) fn variance<T: Bits>(terms: &[T], ddof: f64) -> (T, T) {
    let nan = T::narrow(f64::NAN);
    if terms.is_empty() || terms.iter().any(|term| !term.widen().is_finite()) {
        return (nan, nan);
    }
    let mean = total(terms.iter().map(|term| term.widen())) / whole(terms.len() as u64);
    let spread = terms.iter().fold(BigRational::zero(), |sum, term| {
        let distance = rational(term.widen()) - &mean;
        sum + &distance * &distance
    });
    let divisor = rational((terms.len() as f64 - ddof).max(0.0));
    if divisor.is_zero() {
        let special = if spread.is_zero() { nan } else { T::narrow(f64::INFINITY) };
        return (special, special);
    }
    let variance = spread / divisor;
    (rounded(&variance), nearest(|other| (other * other).cmp(&variance)))
}

#[test]
fn floats_are_rounded_to_themselves_and_ties_to_even() {
    for value in [0.0, 1.0, -2.5, f64::MAX, f64::from_bits(1), 0.1] {
        assert_eq!(rounded::<f64>(&rational(value)), value);
    }
    let tie = rational(1.0) + rational(f64::EPSILON / 2.0);
    assert_eq!(rounded::<f64>(&tie), 1.0);
    assert_eq!(rounded::<f64>(&(tie + rational(1e-300))), 1.0 + f64::EPSILON);
    assert_eq!(rounded::<f64>(&(rational(f64::MAX) * BigRational::from_integer(BigInt::from(2)))), f64::INFINITY);
}
