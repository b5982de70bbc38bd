//! Normal numbers: the inverse of the distribution function, one word for each real number.
//!
//! The highest bit of a word is the sign, the others give the probability `p` of the tail beyond
//! the number, in steps of 2^-64 from 2^-65 to 1/2. `1/2 - p` is as exact near 0 as `p` is in the
//! tail, so that neither has gaps: numbers reach 9.2 standard deviations, and the next one beyond
//! has a probability of 2^-65. The quantile is M. J. Wichura's PPND16 (Algorithm AS 241, Applied
//! Statistics 37, 1988), whose relative error is about 10^-16; the logarithm is that of
//! [`math`](crate::math). The same word gives the same bits on every machine.
//!
//! An `f32` is the `f64`, rounded. A complex number takes two words, for its real and its imaginary
//! part, each with half the variance.

use std::f64::consts::FRAC_1_SQRT_2;
use std::marker::PhantomData;

use num_complex::Complex;

use super::distribution::{Distribution, STRIP};
use super::philox::Philox;
use super::uniform::RealFloat;
use crate::isa::{Kernel, dispatch};
use crate::math::{Function, unary};

/// Numerator and denominator of the centre, as functions of 0.180625 - q^2, lowest power first.
const CENTRE: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_6,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
];

/// Of the tail up to `r` = 5, as functions of `r` - 1.6.
const NEAR: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

/// Of the rest of the tail, as functions of `r` - 5.
const FAR: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_887_9,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

#[inline(always)]
fn ratio([numerator, denominator]: &[[f64; 8]; 2], x: f64) -> f64 {
    // Products and sums are rounded one by one, on every instruction set.
    let horner = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * x + term);
    horner(numerator) / horner(denominator)
}

/// 2^-65.
const STEP: f64 = 1.0 / (1_u128 << 65) as f64;

/// The probability of the tail, above 0 and at most 1/2.
#[inline(always)]
fn tail(word: u64) -> f64 {
    (word << 1 | 1) as f64 * STEP
}

/// 1/2 minus the probability of the tail.
#[inline(always)]
fn centre(word: u64) -> f64 {
    (!word << 1 | 1) as f64 * STEP
}

/// The greatest distance from 1/2 that belongs to the centre.
const CENTRAL: f64 = 0.425;

#[inline(always)]
fn signed(word: u64, magnitude: f64) -> f64 {
    f64::from_bits(magnitude.to_bits() | word & 1 << 63)
}

/// The numbers of words whose quantile lies in the centre; others get any value.
struct Central<'a>(&'a [u64], &'a mut [f64]);

impl Kernel for Central<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (&word, out) in self.0.iter().zip(self.1) {
            let q = centre(word);
            *out = signed(word, q * ratio(&CENTRE, 0.180_625 - q * q));
        }
    }
}

/// From the logarithms of tail probabilities to the numbers, for those of the near tail.
struct Near<'a>(&'a mut [f64]);

impl Kernel for Near<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for value in self.0 {
            *value = ratio(&NEAR, (-*value).sqrt() - 1.6);
        }
    }
}

/// The standard normal numbers of up to [`STRIP`] words.
pub(super) fn standard(words: &[u64], out: &mut [f64]) {
    dispatch(Central(words, out));
    // The tails, some 15 %, are computed together and put back.
    let (mut places, mut count) = ([0; STRIP], 0);
    for (at, &word) in words.iter().enumerate() {
        places[count] = at;
        count += usize::from(centre(word) > CENTRAL);
    }
    let places = &places[..count];
    let (mut probabilities, mut logarithms) = ([0.5; STRIP], [0.0; STRIP]);
    for (probability, &at) in probabilities.iter_mut().zip(places) {
        *probability = tail(words[at]);
    }
    let (probabilities, logarithms) = (&probabilities[..count], &mut logarithms[..count]);
    unary(Function::Log, probabilities, logarithms);
    let mut values = [0.0; STRIP];
    let values = &mut values[..count];
    values.copy_from_slice(logarithms);
    dispatch(Near(values));
    for ((&at, &logarithm), value) in places.iter().zip(&*logarithms).zip(values) {
        let r = (-logarithm).sqrt();
        let value = if r > 5.0 { ratio(&FAR, r - 5.0) } else { *value };
        out[at] = signed(words[at], value);
    }
}

/// Normal numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normal<T> {
    mean: f64,
    deviation: f64,
    item: PhantomData<fn() -> T>,
}

impl<T> Normal<T> {
    /// Numbers with this mean and this standard deviation. `None` if one is not finite, or the
    /// deviation is negative.
    #[must_use]
    pub fn new(mean: f64, deviation: f64) -> Option<Self> {
        let is_right = mean.is_finite() && deviation.is_finite() && deviation >= 0.0;
        is_right.then_some(Self { mean, deviation, item: PhantomData })
    }
}

impl<T: RealFloat> Distribution for Normal<T> {
    type Item = T;

    fn strip(&self, _: &Philox, words: &[u64], _: impl Fn(usize) -> u128, out: &mut [T]) {
        let mut values = [0.0; STRIP];
        let values = &mut values[..words.len()];
        standard(words, values);
        for (out, value) in out.iter_mut().zip(values) {
            *out = T::rounded(self.mean + self.deviation * *value);
        }
    }
}

/// Complex normal numbers: the real and the imaginary part are independent, and each has half the
/// variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ComplexNormal<T> {
    mean: Complex<f64>,
    /// Of a part.
    deviation: f64,
    item: PhantomData<fn() -> T>,
}

impl<T> ComplexNormal<T> {
    /// Numbers with this mean, whose squared distance from it has the mean `deviation` squared.
    /// `None` as of [`Normal::new`].
    #[must_use]
    pub fn new(mean: Complex<f64>, deviation: f64) -> Option<Self> {
        let is_right = mean.is_finite() && deviation.is_finite() && deviation >= 0.0;
        is_right.then_some(Self { mean, deviation: deviation * FRAC_1_SQRT_2, item: PhantomData })
    }
}

impl<T: RealFloat> Distribution for ComplexNormal<T> {
    type Item = Complex<T>;
    const UNITS: usize = 2;

    fn strip(&self, _: &Philox, words: &[u64], _: impl Fn(usize) -> u128, out: &mut [Complex<T>]) {
        let mut values = [0.0; STRIP];
        for (words, out) in words.chunks(STRIP).zip(out.chunks_mut(STRIP / 2)) {
            let values = &mut values[..words.len()];
            standard(words, values);
            for (out, pair) in out.iter_mut().zip(values.chunks_exact(2)) {
                out.re = T::rounded(self.mean.re + self.deviation * pair[0]);
                out.im = T::rounded(self.mean.im + self.deviation * pair[1]);
            }
        }
    }
}
