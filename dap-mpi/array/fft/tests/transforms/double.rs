//! Numbers of twice the precision of `f64`, as sums of two: for the oracle.

use std::ops::{Add, Mul, Neg, Sub};

/// `high + low`, where `low` is at most half a unit in the last place of `high`: 106 bits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Double {
    high: f64,
    low: f64,
}

/// Half of a circle: pi.
const PI: Double = Double { high: std::f64::consts::PI, low: 1.2246467991473532e-16 };

impl Double {
    pub(crate) const ZERO: Double = Double { high: 0.0, low: 0.0 };

    pub(crate) fn of(value: f64) -> Double {
        Double { high: value, low: 0.0 }
    }

    /// The exact sum of two numbers of which the first is no smaller in magnitude.
    fn ordered(high: f64, low: f64) -> Double {
        let sum = high + low;
        Double { high: sum, low: low - (sum - high) }
    }

    pub(crate) fn value(self) -> f64 {
        self.high + self.low
    }

    /// The quotient, by two steps of long division.
    pub(crate) fn over(self, divisor: f64) -> Double {
        let first = self.high / divisor;
        let rest = self - Double::of(divisor) * Double::of(first);
        let second = rest.high / divisor;
        Double::ordered(first, second)
    }
}

impl Add for Double {
    type Output = Double;
    fn add(self, other: Double) -> Double {
        // Knuth's sum of the high parts: exact without an order.
        let sum = self.high + other.high;
        let part = sum - self.high;
        let error = (self.high - (sum - part)) + (other.high - part);
        Double::ordered(sum, error + self.low + other.low)
    }
}

impl Neg for Double {
    type Output = Double;
    fn neg(self) -> Double {
        Double { high: -self.high, low: -self.low }
    }
}

impl Sub for Double {
    type Output = Double;
    fn sub(self, other: Double) -> Double {
        self + -other
    }
}

impl Mul for Double {
    type Output = Double;
    fn mul(self, other: Double) -> Double {
        let product = self.high * other.high;
        let error = self.high.mul_add(other.high, -product);
        Double::ordered(product, error + self.high * other.low + self.low * other.high)
    }
}

/// A complex number of this precision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Wide {
    pub(crate) re: Double,
    pub(crate) im: Double,
}

impl Wide {
    pub(crate) const ZERO: Wide = Wide { re: Double::ZERO, im: Double::ZERO };

    pub(crate) fn conj(self) -> Wide {
        Wide { re: self.re, im: -self.im }
    }

    pub(crate) fn scaled(self, factor: Double) -> Wide {
        Wide { re: self.re * factor, im: self.im * factor }
    }

    /// `exp(2 pi i j / n)` by Taylor's series.
    pub(crate) fn root(j: u64, n: u64) -> Wide {
        // Angles up to pi: the series ends with terms below 2^-106.
        let (j, below) = if 2 * (j % n) > n { (n - j % n, true) } else { (j % n, false) };
        let angle = (PI * Double::of(2.0 * j as f64)).over(n as f64);
        let (mut re, mut im, mut term) = (Double::of(1.0), Double::ZERO, Double::of(1.0));
        for power in 1..60 {
            term = (term * angle).over(f64::from(power));
            match power % 4 {
                0 => re = re + term,
                1 => im = im + term,
                2 => re = re - term,
                _ => im = im - term,
            }
        }
        let root = Wide { re, im };
        if below { root.conj() } else { root }
    }
}

impl Add for Wide {
    type Output = Wide;
    fn add(self, other: Wide) -> Wide {
        Wide { re: self.re + other.re, im: self.im + other.im }
    }
}

impl Mul for Wide {
    type Output = Wide;
    fn mul(self, other: Wide) -> Wide {
        Wide { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }
}

/// Roots of unity are right to 100 bits: their powers return to 1.
pub(crate) fn check() {
    for n in [1_u64, 2, 3, 5, 8, 17, 30, 101] {
        let root = Wide::root(1, n);
        let power = (0..n).fold(Wide { re: Double::of(1.0), im: Double::ZERO }, |power, j| {
            let (direct, difference) = (Wide::root(j, n), |a: Double, b: Double| (a - b).value().abs());
            assert!(difference(direct.re, power.re) < 1e-29 * (j + 1) as f64, "power {j} of {n}");
            power * root
        });
        assert!((power.re.value() - 1.0).abs() < 1e-15 && power.im.value().abs() < 1e-28, "{n}: {power:?}");
    }
}
