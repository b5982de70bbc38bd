//! The transforms by their defining sums.

use dap_array::{DynArray, Element};
use dap_fft::Norm;
use dap_ndarray::Item;
use ndarray::{Array1, ArrayD, ArrayViewD, Axis};
use num_complex::Complex;

use crate::double::{Double, Wide};

/// The whole array, in twice the precision.
pub(crate) type Whole = ArrayD<Wide>;

/// The kind of a transform along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Fft,
    Ifft,
    Rfft,
    Irfft,
    Hfft,
    Ihfft,
}

impl Kind {
    pub(crate) const ALL: [Kind; 6] = [Kind::Fft, Kind::Ifft, Kind::Rfft, Kind::Irfft, Kind::Hfft, Kind::Ihfft];

    /// Whether the exponent is negative.
    fn is_forward(self) -> bool {
        matches!(self, Kind::Fft | Kind::Rfft | Kind::Hfft)
    }

    pub(crate) fn takes_half(self) -> bool {
        matches!(self, Kind::Irfft | Kind::Hfft)
    }

    pub(crate) fn takes_reals(self) -> bool {
        matches!(self, Kind::Rfft | Kind::Ihfft)
    }

    /// The number of points without one.
    pub(crate) fn points(self, len: i64) -> i64 {
        if self.takes_half() { 2 * (len - 1) } else { len }
    }
}

pub(crate) fn wide(value: Complex<f64>) -> Wide {
    Wide { re: Double::of(value.re), im: Double::of(value.im) }
}

/// The transform along one axis, of `n` points.
pub(crate) fn along(whole: &Whole, kind: Kind, n: usize, axis: usize, norm: Norm) -> Whole {
    let output = if kind.takes_reals() { n / 2 + 1 } else { n };
    let mut shape = whole.raw_dim();
    shape[axis] = output;
    let mut result = ArrayD::from_elem(shape, Wide::ZERO);
    let roots: Vec<Wide> = (0..n as u64).map(|j| Wide::root(j, n as u64)).collect();
    let roots = Array1::from(roots).mapv(|root| if kind.is_forward() { root.conj() } else { root });
    let factor = match (norm, kind.is_forward()) {
        (Norm::Ortho, _) => Double::of(1.0).over((n as f64).sqrt()),
        (Norm::Backward, false) | (Norm::Forward, true) => Double::of(1.0).over(n as f64),
        _ => Double::of(1.0),
    };
    for (line, mut target) in whole.lanes(Axis(axis)).into_iter().zip(result.lanes_mut(Axis(axis))) {
        let at = |j: usize| line.get(j).copied().unwrap_or(Wide::ZERO);
        let real = |item: Wide| Wide { re: item.re, im: Double::ZERO };
        // A half spectrum stands for a whole one with Hermitian symmetry.
        let point = |j: usize| match kind.takes_half() {
            false => at(j),
            true if j == 0 || 2 * j == n => real(at(j)),
            true if 2 * j < n => at(j),
            true => at(n - j).conj(),
        };
        for (k, item) in target.iter_mut().enumerate() {
            let sum = (0..n).fold(Wide::ZERO, |sum, j| sum + point(j) * roots[j * k % n]);
            *item = sum.scaled(factor);
        }
    }
    result
}

/// Compares an array with the expected one: the difference is a few units in the last place of the
/// root mean square.
pub(crate) fn check(found: &DynArray, whole: &Whole, unit: f64, what: &str) {
    let extents: Vec<i64> = whole.shape().iter().map(|&extent| extent as i64).collect();
    assert_eq!(found.shape(), extents, "{what}");
    let gathered = found.gather(0).unwrap_or_else(|error| panic!("{what}: {error}"));
    if found.context().comm().rank() != 0 {
        return;
    }
    match found.element().expect("numbers") {
        dap_array::ElementType::F32 => compare::<f32>(&gathered, whole, unit, what, |&re| (f64::from(re), 0.0)),
        dap_array::ElementType::F64 => compare::<f64>(&gathered, whole, unit, what, |&re| (re, 0.0)),
        dap_array::ElementType::C64 => {
            compare::<Complex<f32>>(&gathered, whole, unit, what, |it| (it.re.into(), it.im.into()))
        }
        dap_array::ElementType::C128 => compare::<Complex<f64>>(&gathered, whole, unit, what, |it| (it.re, it.im)),
        other => panic!("{what}: a result of {other}"),
    }
}

fn compare<T: Item + Element>(
    gathered: &DynArray,
    whole: &Whole,
    unit: f64,
    what: &str,
    parts: impl Fn(&T) -> (f64, f64),
) {
    let local = gathered.local::<T>().unwrap_or_else(|error| panic!("{what}: {error}"));
    let view: ArrayViewD<'_, T> = local.view();
    let (mut difference, mut size) = (0.0, 0.0);
    for (item, expected) in view.iter().zip(whole) {
        let (re, im) = parts(item);
        let distance = ((expected.re - Double::of(re)).value(), (expected.im - Double::of(im)).value());
        difference += distance.0 * distance.0 + distance.1 * distance.1;
        size += expected.re.value().powi(2) + expected.im.value().powi(2);
    }
    let (difference, size): (f64, f64) = (difference, size);
    let bound = 16.0 * unit * size.sqrt();
    assert!(difference.sqrt() <= bound, "{what}: the difference is {} of {}", difference.sqrt(), size.sqrt());
}
