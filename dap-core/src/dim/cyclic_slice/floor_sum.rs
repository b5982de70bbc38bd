//! Sums of quotients of an arithmetic progression, in a logarithmic number of steps.

/// The sum of `floor((a * i + b) / m)` over i from 0 to `n - 1`, by Euclid's algorithm on `m` and
/// `a` (Graham, Knuth, Patashnik, *Concrete Mathematics*, section 3.5: counting lattice points
/// under a line, with the axes exchanged in each step).
///
/// `n` is at least 0, `m` at least 1, `a` at least 0 and less than `m`. With all of them, and `b`,
/// below 2^63 in magnitude no step leaves 128 bits.
pub(super) fn floor_sum(mut n: i128, mut m: i128, mut a: i128, b: i128) -> i128 {
    let mut sum = n * b.div_euclid(m);
    let mut b = b.rem_euclid(m);
    loop {
        if a >= m {
            sum += n * (n - 1) / 2 * (a / m);
            a %= m;
        }
        if b >= m {
            sum += n * (b / m);
            b %= m;
        }
        let reach = a * n + b;
        if reach < m {
            return sum;
        }
        // The points under the line, counted by rows instead of columns.
        n = reach / m;
        b = reach % m;
        (m, a) = (a, m);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn as_added_up(n in 0..40_i128, m in 1..60_i128, a in 0..60_i128, b in -300..300_i128) {
            let a = a % m;
            let sum: i128 = (0..n).map(|i| (a * i + b).div_euclid(m)).sum();
            prop_assert_eq!(floor_sum(n, m, a, b), sum);
        }

        /// The greatest numbers do not overflow: halves add up to the whole.
        #[test]
        fn extremes(n in 0..i64::MAX, m in 1..i64::MAX, a in 0..i64::MAX, b in i64::MIN..i64::MAX) {
            let (n, m, a, b) = (i128::from(n), i128::from(m), i128::from(a) % i128::from(m), i128::from(b));
            let half = n / 2;
            let shift = (a * half + b).rem_euclid(m);
            let turns = (a * half + b).div_euclid(m);
            let rest = floor_sum(n - half, m, a, shift) + turns * (n - half);
            prop_assert_eq!(floor_sum(n, m, a, b), floor_sum(half, m, a, b) + rest);
        }
    }
}
