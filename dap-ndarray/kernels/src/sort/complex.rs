//! The words of complex numbers.

use crate::quantile::OrderKey;

/// The keys of a complex number: of the real and the imaginary part, or, with a NaN, a first key
/// behind that of each number and then the key of the part that is a number.
#[inline]
pub(super) fn complex_words<T: OrderKey + std::ops::Add<Output = T>>(re: T, im: T) -> [u64; 2] {
    // Keys between that of infinity and that of NaN belong to no number.
    let behind = |class: u64| T::NAN.key() - 4 + class;
    // Both zeros are one number.
    let key = |part: T| (part + T::default()).key();
    match (re.is_nan(), im.is_nan()) {
        (false, false) => [key(re), key(im)],
        (false, true) => [behind(1), key(re)],
        (true, false) => [behind(2), key(im)],
        (true, true) => [behind(3), 0],
    }
}

/// Numbers that differ where the bits of two numbers of equal [`complex_words`] do, NaN aside.
#[inline]
pub(super) fn lower_words<T: OrderKey>(re: T, im: T) -> [u64; 2] {
    [re.key(), im.key()]
}
