//! Roots of unity: powers of `exp(2 pi i / n)`, each part nearly rounded right, from small tables.
//!
//! A power is the product of one entry of each of two tables of about the square root of n entries:
//! `w^j = w^(h * step) * w^l` with `j = h * step + l`, where `step` is a power of two. The entries
//! are computed after the angle was reduced to an eighth of the circle in integers, so that no
//! digit is lost for large j. A product in `f64` has an error of at most 3 units in the last place
//! of 1; for `f32` it is rounded once.

use std::f64::consts::FRAC_PI_4;

use dap_mpi::Result;
use num_complex::Complex;

use crate::error::zeros;
use crate::float::Float;
use crate::norm::Direction;

/// The powers of one root of unity.
pub(crate) struct Roots {
    n: u64,
    /// The binary logarithm of the step.
    bits: u32,
    fine: Vec<Complex<f64>>,
    coarse: Vec<Complex<f64>>,
    sign: f64,
}

impl Roots {
    /// The powers of `exp(-2 pi i / n)`, or with the other sign for the inverse; `n` is at least 1.
    ///
    /// # Errors
    /// Not enough memory.
    pub(crate) fn of(n: u64, direction: Direction) -> Result<Roots> {
        let bits = n.isqrt().ilog2() + 1;
        let step = 1 << bits;
        let mut fine = zeros(step as usize)?;
        let mut coarse = zeros(n.div_ceil(step) as usize)?;
        (0..).zip(&mut fine).for_each(|(j, root)| *root = root_of(j, n));
        (0..).zip(&mut coarse).for_each(|(j, root)| *root = root_of(j * step, n));
        let sign = if direction == Direction::Forward { -1.0 } else { 1.0 };
        Ok(Roots { n, bits, fine, coarse, sign })
    }

    /// Power `j`, which is below `n`.
    #[inline]
    pub(crate) fn power<T: Float>(&self, j: u64) -> Complex<T> {
        let low = j & ((1 << self.bits) - 1);
        let root = self.coarse[(j >> self.bits) as usize] * self.fine[low as usize];
        Complex::new(T::nearest(root.re), T::nearest(self.sign * root.im))
    }

    /// Power `j * k`, for any `j` and `k`.
    #[inline]
    pub(crate) fn power_of_product<T: Float>(&self, j: u64, k: u64) -> Complex<T> {
        let product = match j.checked_mul(k) {
            Some(product) => product % self.n,
            None => (u128::from(j) * u128::from(k) % u128::from(self.n)) as u64,
        };
        self.power(product)
    }

    /// Multiplies item k of a line by power `j * k`, for each k.
    pub(crate) fn twist<T: Float>(&self, j: u64, line: &mut [Complex<T>]) {
        let j = j % self.n;
        let mut power = 0;
        for item in line {
            *item *= self.power::<T>(power);
            power += j;
            // Both are below n, which is at most 2^63.
            if power >= self.n {
                power -= self.n;
            }
        }
    }
}

/// `exp(2 pi i j / n)`, for `j` up to `n`.
fn root_of(j: u64, n: u64) -> Complex<f64> {
    // The angle as eighths of the circle, and the rest of one as a fraction.
    let eighths = u128::from(j) * 8;
    let (octant, rest) = ((eighths / u128::from(n)) % 8, (eighths % u128::from(n)) as f64);
    // In odd octants the angle is measured from the other end.
    let rest = if octant % 2 == 0 { rest } else { n as f64 - rest };
    let (sin, cos) = (rest / n as f64 * FRAC_PI_4).sin_cos();
    match octant {
        0 => Complex::new(cos, sin),
        1 => Complex::new(sin, cos),
        2 => Complex::new(-sin, cos),
        3 => Complex::new(-cos, sin),
        4 => Complex::new(-cos, -sin),
        5 => Complex::new(-sin, -cos),
        6 => Complex::new(sin, -cos),
        _ => Complex::new(cos, -sin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The oracle rotates step by step in exact integers: powers of the root of 8 are known.
    #[test]
    fn roots_lie_on_the_circle_and_powers_multiply() {
        for n in [1_u64, 2, 3, 4, 5, 7, 8, 12, 97, 1000, 65537, 1 << 40] {
            let roots = Roots::of(n.min(1 << 20), Direction::Inverse).unwrap();
            let n = n.min(1 << 20);
            for j in (0..n).step_by((n / 50 + 1) as usize) {
                let root = roots.power::<f64>(j);
                assert!((root.norm_sqr() - 1.0).abs() < 1e-15, "{n} {j} {root}");
                // Angles of this size are exact to half a unit in the last place.
                let angle = 2.0 * std::f64::consts::PI * (j as f64 / n as f64);
                assert!((root - Complex::new(angle.cos(), angle.sin())).norm() < 2e-15, "{n} {j} {root}");
                let back = roots.power::<f64>((n - j) % n);
                assert!((root * back - 1.0).norm() < 1e-15, "{n} {j}");
            }
        }
    }

    #[test]
    fn quarters_are_exact_and_directions_are_conjugate() {
        for n in [4_u64, 8, 12, 400] {
            let (forward, inverse) =
                (Roots::of(n, Direction::Forward).unwrap(), Roots::of(n, Direction::Inverse).unwrap());
            let quarters = [0, 1, 2, 3].map(|quarter| inverse.power::<f64>(n / 4 * quarter));
            let expected = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)].map(|(re, im)| Complex::new(re, im));
            for (found, expected) in quarters.into_iter().zip(expected) {
                assert!((found - expected).norm() < 1e-15, "{n}: {found}");
            }
            for j in 0..n {
                assert_eq!(forward.power::<f64>(j), inverse.power::<f64>(j).conj());
            }
        }
    }

    #[test]
    fn products_are_reduced_without_overflow() {
        let roots = Roots::of(1009, Direction::Forward).unwrap();
        let (j, k) = (u64::MAX - 5, u64::MAX / 3);
        let expected = roots.power::<f64>(((j % 1009) * (k % 1009)) % 1009);
        assert_eq!(roots.power_of_product::<f64>(j, k), expected);
        let mut line = vec![Complex::new(1.0, 0.0); 30];
        roots.twist(500, &mut line);
        for (k, item) in line.into_iter().enumerate() {
            assert_eq!(item, roots.power_of_product::<f64>(500, k as u64));
        }
    }
}
