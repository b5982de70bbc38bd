//! Keys: unsigned integers that have the order of the elements.

use crate::reduce::Ordered;

/// A type whose elements have keys.
pub trait OrderKey: Ordered {
    /// The number of bits of a key.
    const BITS: u32;

    /// The key, less than `2^BITS`: the lesser element has the lesser key. -0 stands before +0, and
    /// all NaN have one key, the greatest of all.
    fn key(self) -> u64;

    /// The element with this key; NaN for that of NaN.
    fn from_key(key: u64) -> Self;

    /// The nearest `f64`.
    fn nearest(self) -> f64;

    /// The exact mean of two elements, rounded once.
    fn midpoint(self, other: Self) -> f64;
}

macro_rules! keys {
    (integers $($type:ty, $bits:ty;)*) => {
        $(impl OrderKey for $type {
            const BITS: u32 = <$type>::BITS;
            #[inline(always)]
            fn key(self) -> u64 {
                // The least value has the key 0.
                u64::from((self as $bits) ^ (<$type>::MIN as $bits))
            }
            #[inline(always)]
            fn from_key(key: u64) -> Self {
                (key as $bits ^ (<$type>::MIN as $bits)) as $type
            }
            #[inline(always)]
            fn nearest(self) -> f64 {
                self as f64
            }
            #[inline(always)]
            fn midpoint(self, other: Self) -> f64 {
                // The half of a float is exact.
                (i128::from(self) + i128::from(other)) as f64 / 2.0
            }
        })*
    };
    (floats $($type:ty, $bits:ty;)*) => {
        $(impl OrderKey for $type {
            const BITS: u32 = <$bits>::BITS;
            #[inline(always)]
            fn key(self) -> u64 {
                const SIGN: $bits = 1 << (<$bits>::BITS - 1);
                let bits = self.to_bits();
                // Magnitudes of negative numbers run backwards.
                let key = if bits & SIGN == 0 { bits | SIGN } else { !bits };
                u64::from(if self != self { <$bits>::MAX } else { key })
            }
            #[inline(always)]
            fn from_key(key: u64) -> Self {
                const SIGN: $bits = 1 << (<$bits>::BITS - 1);
                let key = key as $bits;
                Self::from_bits(if key & SIGN == 0 { !key } else { key ^ SIGN })
            }
            #[inline(always)]
            fn nearest(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn midpoint(self, other: Self) -> f64 {
                let (left, right) = (f64::from(self), f64::from(other));
                let sum = left + right;
                // Halves are exact where the sum of two numbers overflows, and sums of subnormal
                // numbers are exact.
                if sum.is_finite() { sum / 2.0 } else { left / 2.0 + right / 2.0 }
            }
        })*
    };
}

keys!(integers i8, u8; i16, u16; i32, u32; i64, u64; u8, u8; u16, u16; u32, u32; u64, u64;);
keys!(floats f32, u32; f64, u64;);
