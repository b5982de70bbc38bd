//! Whether the items of a buffer share memory, by its extents and strides.
//!
//! To decide it for any number of dimensions is NP-hard, so only what is certain is said: two items
//! of a plane of two dimensions overlap (decided exactly), or the items of some dimensions need
//! more bytes than there are between the first and the last of them.

/// Whether some items overlap for certain. `strides` are in bytes; no extent is 0.
pub(super) fn is_certain(shape: &[i64], strides: &[i64], itemsize: i64) -> bool {
    let itemsize = i128::from(itemsize);
    if itemsize <= 0 || is_nested(shape, strides, itemsize) {
        return false;
    }
    // The stride of an extent of 1 means nothing, and its sign changes no distance between items.
    let used = shape.iter().zip(strides).filter(|(extent, _)| **extent > 1);
    let mut dims: Vec<(i128, i128)> =
        used.map(|(extent, stride)| (i128::from(stride.unsigned_abs()), i128::from(*extent))).collect();
    dims.sort_unstable();
    if dims.first().is_some_and(|(stride, _)| *stride < itemsize) {
        return true;
    }
    // The dimensions with the shortest strides lie in the fewest bytes.
    let (mut items, mut span) = (Some(1_i128), itemsize);
    for (stride, extent) in &dims {
        items = items.and_then(|items| items.checked_mul(*extent));
        span = span.saturating_add(stride.saturating_mul(*extent - 1));
        if items.and_then(|items| items.checked_mul(itemsize)).is_none_or(|bytes| bytes > span) {
            return true;
        }
    }
    let planes =
        || dims.iter().enumerate().flat_map(|(at, short)| dims[at + 1..].iter().map(move |long| (short, long)));
    planes().any(|(short, long)| plane(*short, *long, itemsize))
}

/// Whether each dimension steps over all items of those with shorter strides, in the order of C or
/// of Fortran: then nothing overlaps. Most buffers are so.
#[inline]
fn is_nested(shape: &[i64], strides: &[i64], itemsize: i128) -> bool {
    let mut nested = [true; 2];
    let mut reach = [itemsize; 2];
    let step = |(extent, stride): (&i64, &i64), nested: &mut bool, reach: &mut i128| {
        if *extent > 1 {
            let stride = i128::from(stride.unsigned_abs());
            *nested &= stride >= *reach;
            *reach = reach.saturating_add(stride.saturating_mul(i128::from(*extent) - 1));
        }
    };
    shape.iter().zip(strides).rev().for_each(|dim| step(dim, &mut nested[0], &mut reach[0]));
    shape.iter().zip(strides).for_each(|dim| step(dim, &mut nested[1], &mut reach[1]));
    nested[0] || nested[1]
}

/// Whether two items of a plane lie less than `itemsize` bytes apart: some steps of the short
/// stride come near to some steps of the long one.
fn plane(short: (i128, i128), long: (i128, i128), itemsize: i128) -> bool {
    let ((short, short_extent), (long, long_extent)) = (short, long);
    // Steps of the short stride that end just behind, or just before, a multiple of the long one.
    // The first such number of steps is the least, and so is the multiple.
    let near = itemsize.min(long) - 1;
    let fits = |steps: i128| {
        let multiple = (steps * short + near) / long;
        steps < short_extent && multiple < long_extent
    };
    let behind = first_in(short % long, long, 0, near);
    let before = first_in(short % long, long, (long - near).min(long - 1), long - 1);
    behind.is_some_and(fits) || before.filter(|_| near > 0).is_some_and(fits)
}

/// The least `x >= 1` for which `a * x mod m` lies in `low..=high`, by Euclid's algorithm; `0 <=
/// a < m`, `0 <= low <= high < m`.
fn first_in(a: i128, m: i128, low: i128, high: i128) -> Option<i128> {
    if low == 0 {
        // x = 0 does not count: the least is one more than the least for which the sum with one
        // step does.
        if a <= high {
            return Some(1);
        }
        let (from, to) = (m - a, (m - a).checked_add(high)?);
        let first = if to < m { least(a, m, from, to) } else { least(a, m, from, m - 1) };
        return first.map(|x| x + 1);
    }
    least(a, m, low, high)
}

/// The least `x >= 0` for which `a * x mod m` lies in `low..=high`; `0 <= low <= high < m`.
fn least(a: i128, m: i128, low: i128, high: i128) -> Option<i128> {
    if low == 0 {
        return Some(0);
    }
    let a = a % m;
    if a == 0 {
        return None;
    }
    let x = (low + a - 1) / a;
    if x * a <= high {
        return Some(x);
    }
    // No multiple of `a` lies in the range before the first wrap: look for the number of wraps.
    let wraps = least(a - m % a, a, low % a, high % a)?;
    Some((low + wraps * m + a - 1) / a)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All items, their bytes marked.
    fn enumerated(shape: &[i64], strides: &[i64], itemsize: i64) -> bool {
        let mut places = vec![0_i64];
        for (extent, stride) in shape.iter().zip(strides) {
            places = places.iter().flat_map(|place| (0..*extent).map(move |at| place + at * stride)).collect();
        }
        places.sort_unstable();
        places.windows(2).any(|pair| pair[1] - pair[0] < itemsize)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn two_dimensions_are_decided(
            shape in prop::collection::vec(1_i64..9, 2),
            strides in prop::collection::vec(-40_i64..40, 2),
            itemsize in 1_i64..12,
        ) {
            prop_assert_eq!(is_certain(&shape, &strides, itemsize), enumerated(&shape, &strides, itemsize));
        }

        #[test]
        fn what_is_said_is_so(
            shape in prop::collection::vec(1_i64..5, 0..5),
            strides in prop::collection::vec(-60_i64..60, 5),
            itemsize in 1_i64..9,
        ) {
            let strides = &strides[..shape.len()];
            prop_assert!(!is_certain(&shape, strides, itemsize) || enumerated(&shape, strides, itemsize));
        }

        #[test]
        fn the_first_multiple(a in 0_i128..60, m in 1_i128..60, low in 0_i128..60, width in 0_i128..60) {
            let (a, low) = (a % m, low % m);
            let high = (low + width).min(m - 1);
            let slow = (1..=m).find(|x| (low..=high).contains(&(a * x % m)));
            prop_assert_eq!(first_in(a, m, low, high), slow);
        }
    }

    #[test]
    fn the_ends_of_64_bits() {
        let (most, least) = (i64::MAX, i64::MIN);
        assert!(!is_certain(&[2, 2], &[most, 8], 8));
        assert!(!is_certain(&[2], &[least], 8));
        assert!(is_certain(&[most, most], &[8, 8], 8));
        assert!(!is_certain(&[1 << 30, 3], &[8, 8 << 30], 8));
        assert!(is_certain(&[1 << 30, 3], &[8, (8 << 30) - 8], 8));
        assert!(is_certain(&[3, 3], &[8, 8], 8));
        assert!(is_certain(&[2, 2], &[8, 12], 8));
    }
}
