//! Natural numbers of any size, with the few operations that an exact quotient and root need.
//!
//! They are slow but simple: a sum uses them once, in the second pass, if the bound on its error
//! (the certificate) does not decide the last bit.

use std::cmp::Ordering;

/// A natural number, in limbs of 64 bits, the lowest first, without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Natural(Vec<u64>);

impl Natural {
    /// From digits of 32 bits; each digit is in `0..2^32`, the highest may hold more.
    pub(crate) fn from_digits(digits: &[i64]) -> Self {
        let mut limbs: Vec<u64> =
            digits.chunks(2).map(|pair| pair[0] as u64 | pair.get(1).map_or(0, |high| (*high as u64) << 32)).collect();
        // The highest digit's excess.
        let highest = digits.last().map_or(0, |digit| *digit as u64);
        if digits.len().is_multiple_of(2) {
            limbs.push(highest >> 32);
        }
        Self(limbs).trimmed()
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }

    #[cfg(test)]
    pub(crate) fn limbs(&self) -> &[u64] {
        &self.0
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of bits of the number.
    pub(crate) fn bits(&self) -> usize {
        self.0.last().map_or(0, |limb| self.0.len() * 64 - limb.leading_zeros() as usize)
    }

    fn bit_range(&self, from: usize, count: usize) -> u128 {
        (0..count).fold(0, |value, bit| value | u128::from(self.bit(from + bit)) << bit)
    }

    fn bit(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|limb| limb >> (at % 64) & 1 == 1)
    }

    fn any_below(&self, at: usize) -> bool {
        (0..self.0.len()).any(|limb| {
            let kept = at.saturating_sub(limb * 64);
            kept > 0 && self.0[limb] << 64_usize.saturating_sub(kept) != 0
        })
    }

    /// The highest `count` bits (at most 128), the exponent of their unit, and whether a lower bit
    /// is set. The exponent has the parity that `even` asks for, at the price of one bit.
    pub(crate) fn top(&self, count: usize, even: bool) -> (u128, usize, bool) {
        let mut from = self.bits().saturating_sub(count);
        from += usize::from(even && from % 2 == 1);
        (self.bit_range(from, count), from, self.any_below(from))
    }

    pub(crate) fn times(&self, factor: u64) -> Self {
        let mut carry = 0_u128;
        let mut limbs: Vec<u64> = Vec::with_capacity(self.0.len() + 1);
        for limb in &self.0 {
            carry += u128::from(*limb) * u128::from(factor);
            limbs.push(carry as u64);
            carry >>= 64;
        }
        limbs.push(carry as u64);
        Self(limbs).trimmed()
    }

    pub(crate) fn square(&self) -> Self {
        let mut limbs = vec![0_u64; self.0.len() * 2];
        for (low, left) in self.0.iter().enumerate() {
            let mut carry = 0_u128;
            for (high, right) in self.0.iter().enumerate() {
                carry += u128::from(*left) * u128::from(*right) + u128::from(limbs[low + high]);
                limbs[low + high] = carry as u64;
                carry >>= 64;
            }
            limbs[low + self.0.len()] = carry as u64;
        }
        Self(limbs).trimmed()
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        let (long, short) = if self.0.len() < other.0.len() { (other, self) } else { (self, other) };
        let mut carry = false;
        let mut limbs: Vec<u64> = Vec::with_capacity(long.0.len() + 1);
        for (at, limb) in long.0.iter().enumerate() {
            let (first, over) = limb.overflowing_add(short.0.get(at).copied().unwrap_or(0));
            let (second, again) = first.overflowing_add(u64::from(carry));
            carry = over || again;
            limbs.push(second);
        }
        limbs.push(u64::from(carry));
        Self(limbs).trimmed()
    }

    /// The magnitude of the difference, and how the two compare.
    pub(crate) fn difference(&self, other: &Self) -> (Ordering, Self) {
        let order = self.compare(other);
        let (large, small) = if order == Ordering::Less { (other, self) } else { (self, other) };
        let mut borrow = false;
        let limbs = large.0.iter().enumerate().map(|(at, limb)| {
            let (first, under) = limb.overflowing_sub(small.0.get(at).copied().unwrap_or(0));
            let (second, again) = first.overflowing_sub(u64::from(borrow));
            borrow = under || again;
            second
        });
        (order, Self(limbs.collect()).trimmed())
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    /// The quotient by a positive number, and whether there is a remainder.
    pub(crate) fn divide(&self, by: u64) -> (Self, bool) {
        let mut remainder = 0_u128;
        let mut limbs = self.0.clone();
        for limb in limbs.iter_mut().rev() {
            let value = remainder << 64 | u128::from(*limb);
            *limb = (value / u128::from(by)) as u64;
            remainder = value % u128::from(by);
        }
        (Self(limbs).trimmed(), remainder != 0)
    }

    /// Times a power of two.
    pub(crate) fn shifted(&self, limbs: usize) -> Self {
        let mut shifted = vec![0; limbs];
        shifted.extend_from_slice(&self.0);
        Self(shifted).trimmed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigUint;
    use proptest::prelude::*;

    fn natural() -> impl Strategy<Value = Natural> {
        prop::collection::vec(prop_oneof![any::<u64>(), Just(0), Just(u64::MAX)], 0..5)
            .prop_map(|limbs| Natural(limbs).trimmed())
    }

    fn big(value: &Natural) -> BigUint {
        value.0.iter().rev().fold(BigUint::ZERO, |sum, limb| (sum << 64) + BigUint::from(*limb))
    }

    proptest! {
        #[test]
        fn operations_agree_with_big_integers(a in natural(), b in natural(), by in 1_u64.., count in 1..=128_usize, even: bool) {
            let (x, y) = (big(&a), big(&b));
            prop_assert_eq!(big(&a.times(by)), &x * by);
            prop_assert_eq!(big(&a.square()), &x * &x);
            prop_assert_eq!(big(&a.plus(&b)), &x + &y);
            let (order, difference) = a.difference(&b);
            prop_assert_eq!(order, x.cmp(&y));
            prop_assert_eq!(big(&difference), if x < y { &y - &x } else { &x - &y });
            let (quotient, rest) = a.divide(by);
            prop_assert_eq!((big(&quotient), rest), (&x / by, &x % by != BigUint::ZERO));
            prop_assert_eq!(big(&a.shifted(2)), &x << 128);
            prop_assert_eq!(a.bits() as u64, x.bits());
            let (top, from, below) = a.top(count, even);
            prop_assert!(!even || from % 2 == 0);
            prop_assert!(from + count >= a.bits() && from <= (a.bits() + 1).saturating_sub(count));
            prop_assert_eq!((BigUint::from(top) << from) + (&x & ((BigUint::from(1_u32) << from) - 1_u32)), x.clone());
            prop_assert_eq!(below, (&x & ((BigUint::from(1_u32) << from) - 1_u32)) != BigUint::ZERO);
        }
    }
}
