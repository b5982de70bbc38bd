//! Arguments: random ones over the whole domain of a function, and the regions where it is hard.

use dap_kernels::math::{Function, Function2};

/// SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// From 0 to 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Of any exponent between those of `low` and `high`, both positive.
    pub(crate) fn exponents(&mut self, low: f64, high: f64) -> f64 {
        let (low, high) = (low.to_bits(), high.to_bits());
        f64::from_bits(low + self.bits() % (high - low))
    }
}

/// The greatest angle that the oracle takes.
pub(crate) const ANGLE: f64 = (1_u64 << 40) as f64;

/// Functions whose domain ends inside of -1 to 1, or at it.
pub(crate) const ARCS: [Function; 3] = [Function::Arcsin, Function::Arccos, Function::Arctanh];

/// Where a function has results that are finite and not zero: the least and the greatest argument.
pub(crate) fn domain(function: Function) -> (f64, f64) {
    match function {
        Function::Sqrt | Function::Log | Function::Log2 | Function::Log10 => (f64::from_bits(1), f64::MAX),
        Function::Square => (-1.3e154, 1.3e154),
        Function::Exp => (-744.4, 709.7827128933841),
        Function::Exp2 => (-1074.5, 1023.9999999999999),
        Function::Expm1 => (-f64::MAX, 709.7827128933841),
        Function::Log1p => (-1.0 + f64::EPSILON / 2.0, f64::MAX),
        Function::Sin | Function::Cos | Function::Tan => (-ANGLE, ANGLE),
        Function::Arcsin | Function::Arccos => (-1.0, 1.0),
        Function::Arctanh => (-1.0 + f64::EPSILON / 2.0, 1.0 - f64::EPSILON / 2.0),
        Function::Sinh | Function::Cosh => (-710.4758600739439, 710.4758600739439),
        Function::Arccosh => (1.0 + f64::EPSILON, f64::MAX),
        Function::Erfc => (-f64::MAX, 27.2),
        _ => (-f64::MAX, f64::MAX),
    }
}

/// Points around which a function changes its formula, cancels or overflows.
fn hard_points(function: Function) -> &'static [f64] {
    match function {
        Function::Exp | Function::Expm1 | Function::Sinh | Function::Cosh | Function::Tanh => &[
            0.0,
            0.34657359027997264,
            0.6931471805599453,
            -0.6931471805599453,
            1.0397207708399179,
            20.0,
            40.0,
            -708.4,
            709.78,
            710.47,
            -37.4,
        ],
        Function::Exp2 => &[0.0, 0.5, -0.5, 1.0, -1022.0, 1023.99],
        Function::Log | Function::Log2 | Function::Log10 => {
            &[1.0, 0.7071067811865476, 1.4142135623730951, 2.0, 0.5, 10.0, 2.2250738585072014e-308]
        }
        Function::Log1p => &[0.0, -0.29289321881345254, 0.41421356237309503, 1.0, -0.9999],
        Function::Sin | Function::Cos | Function::Tan => &[
            0.0,
            0.7853981633974483,
            1.5707963267948966,
            2.356194490192345,
            3.141592653589793,
            4.71238898038469,
            6.283185307179586,
            355.0,
            710.0,
            103993.0,
            52707.17,
            1e9,
            1.073741824e9,
            4194304.0,
            1.6e9,
        ],
        Function::Arcsin | Function::Arccos => &[0.5, -0.5, 1.0, -1.0, 0.0, 0.7071067811865476],
        Function::Arctan => &[0.41421356237309503, 1.0, 2.414213562373095, 0.0],
        Function::Arcsinh | Function::Arctanh => &[0.0, 0.17157287525380993, 0.5, 0.999, 0.5773502691896258, 0.4142],
        Function::Arccosh => &[1.0, 1.0606601717798212, 1.25, 1.5, 1e9, 1.2e18],
        Function::Erf | Function::Erfc => {
            &[0.0, 0.25, 0.5, 0.625, 0.875, 1.0, -1.0, 2.0, 4.0, 5.9, 6.0, 26.5, 27.0, -5.8]
        }
        Function::Cbrt => &[1.0, 8.0, 2.0, 4.0, 0.7, 5.65, 1e-310],
        _ => &[1.0],
    }
}

/// The `index`th argument of a stream for the function: a quarter each over the exponents of the
/// domain, uniform near the origin, uniform over the domain's middle, and around hard points.
pub(crate) fn argument(function: Function, random: &mut Random) -> f64 {
    let (low, high) = domain(function);
    let points = hard_points(function);
    let x = match random.bits() % 4 {
        0 => {
            let positive = high > 0.0 && (low >= 0.0 || random.bits().is_multiple_of(2));
            if positive {
                random.exponents(low.max(f64::from_bits(1)), high)
            } else {
                -random.exponents(f64::from_bits(1), -low)
            }
        }
        1 => random.between(low.max(-3.0), high.min(3.0)),
        2 => random.between(low.max(-750.0), high.min(750.0)),
        _ => {
            let point = points[(random.bits() % points.len() as u64) as usize];
            point + random.exponents(1e-17, 0.5) * if random.bits().is_multiple_of(2) { 1.0 } else { -1.0 }
        }
    };
    // The domain's edge, and a zero, which the table of special values judges.
    if x == 0.0 { 0.5_f64.clamp(low, high) } else { x.clamp(low, high) }
}

/// Two arguments of a function of two that is not exact.
pub(crate) fn pair(function: Function2, random: &mut Random) -> (f64, f64) {
    let sign = |random: &mut Random, x: f64| if random.bits().is_multiple_of(2) { x } else { -x };
    let any = |random: &mut Random| {
        let x = random.exponents(f64::from_bits(1), f64::MAX);
        sign(random, x)
    };
    match (function, random.bits() % 3) {
        // Powers from underflow to overflow: the exponent is chosen for the base.
        (Function2::Power, kind) => {
            let x = match kind {
                0 => random.exponents(f64::from_bits(1), f64::MAX),
                1 => random.between(0.5, 2.0),
                _ => random.between(0.0, 100.0) + f64::MIN_POSITIVE,
            };
            let y = random.between(-745.0, 709.7) / x.ln();
            // Small exponents too, and integers, where the base may be negative.
            match random.bits() % 4 {
                0 => (sign(random, x), y.clamp(-1e15, 1e15).round()),
                1 => (x, (y * random.exponents(1e-20, 1.0)).clamp(-1e300, 1e300)),
                _ => (x, y.clamp(-1e300, 1e300)),
            }
        }
        (Function2::Logaddexp, 0) => (random.between(-800.0, 800.0), random.between(-800.0, 800.0)),
        (Function2::Logaddexp, 1) => (random.between(0.0, 40.0), random.between(-3.0, 40.0)),
        (_, 0) => (any(random), any(random)),
        (_, 1) => (random.between(-3.0, 3.0), random.between(-3.0, 3.0)),
        // Near each other in size, anywhere.
        _ => {
            let (x, ratio) = (any(random), random.exponents(1e-3, 1e3));
            (x, sign(random, (x * ratio).clamp(-f64::MAX, f64::MAX)))
        }
    }
}
