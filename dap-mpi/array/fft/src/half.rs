//! Half spectra as lines of complex numbers whose inverse transform has the real result as its real
//! part.

use num_complex::Complex;

use crate::float::Float;

/// Multiplies the points of a half spectrum, of which item `at` of a line is number `point(at)`, by
/// 2 where a point stands for two; those that stand for themselves lose their imaginary parts.
pub(crate) fn weigh_half<T: Float>(points: i64, line: &mut [Complex<T>], point: impl Fn(u64) -> u64) {
    let two = T::nearest(2.0);
    for (at, item) in (0..).zip(line) {
        let point = point(at);
        if point == 0 || point.checked_mul(2) == Some(points as u64) {
            item.im = <T as Default>::default();
        } else {
            *item = Complex::new(item.re * two, item.im * two);
        }
    }
}
