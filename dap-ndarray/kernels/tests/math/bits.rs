//! The result of an element depends on its value: not on the instruction set, the alignment, its
//! place in the slice, or the way in which it is computed.

use dap_kernels::isa::Isa;
use dap_kernels::math::{self, Float, Function, Function2, binary_with, unary, unary_in_place, unary_with};

use crate::domain::{Random, argument, pair};

/// Numbers of any kind: of any bits, in the function's domain, and special ones.
fn mixed(function: Function, random: &mut Random) -> f64 {
    const SPECIAL: [f64; 8] = [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e-310, -1.0, 1e30];
    match random.bits() % 8 {
        0 => SPECIAL[(random.bits() % 8) as usize],
        1 => f64::from_bits(random.bits()),
        _ => argument(function, random),
    }
}

trait Bits: Float {
    fn of(x: f64) -> Self;
    fn bits(self) -> u64;
}

impl Bits for f64 {
    fn of(x: f64) -> Self {
        x
    }
    fn bits(self) -> u64 {
        if self.is_nan() { f64::NAN.to_bits() } else { self.to_bits() }
    }
}

impl Bits for f32 {
    fn of(x: f64) -> Self {
        x as f32
    }
    fn bits(self) -> u64 {
        f64::from(self).bits()
    }
}

fn bits<T: Bits>(items: &[T]) -> Vec<u64> {
    items.iter().map(|item| item.bits()).collect()
}

fn one_argument<T: Bits>() {
    for &function in Function::ALL {
        let mut random = Random(5);
        let x: Vec<T> = (0..300).map(|_| T::of(mixed(function, &mut random))).collect();
        // One element a call, the plain instruction set.
        let mut expected = vec![T::default(); x.len()];
        for (x, out) in x.iter().zip(&mut expected) {
            unary_with(Isa::Baseline, function, std::slice::from_ref(x), std::slice::from_mut(out));
        }
        for &isa in Isa::available() {
            for (first, last) in [(0, 300), (1, 300), (3, 34), (5, 69), (7, 7), (2, 130)] {
                let mut out = vec![T::default(); last - first];
                unary_with(isa, function, &x[first..last], &mut out);
                assert_eq!(
                    bits(&out),
                    bits(&expected[first..last]),
                    "{} {} {first}..{last}",
                    function.name(),
                    isa.name()
                );
            }
        }
        let mut in_place = x.clone();
        unary_in_place(function, &mut in_place);
        assert_eq!(bits(&in_place), bits(&expected), "{} in place", function.name());
    }
}

#[test]
fn of_f64_with_one_argument() {
    one_argument::<f64>();
}

#[test]
fn of_f32_with_one_argument() {
    one_argument::<f32>();
}

fn two_arguments<T: Bits>() {
    for &function in Function2::ALL {
        let mut random = Random(6);
        let pairs = (0..300).map(|_| match random.bits() % 4 {
            0 => (mixed(Function::Cbrt, &mut random), mixed(Function::Cbrt, &mut random)),
            _ => pair(function, &mut random),
        });
        let (x, y): (Vec<T>, Vec<T>) = pairs.map(|(x, y)| (T::of(x), T::of(y))).unzip();
        let mut expected = vec![T::default(); x.len()];
        for (index, out) in expected.iter_mut().enumerate() {
            let (x, y) = (&x[index..=index], &y[index..=index]);
            binary_with(Isa::Baseline, function, x, y, std::slice::from_mut(out));
        }
        for &isa in Isa::available() {
            for (first, last) in [(0, 300), (1, 300), (3, 34), (5, 69), (7, 7), (2, 130)] {
                let mut out = vec![T::default(); last - first];
                binary_with(isa, function, &x[first..last], &y[first..last], &mut out);
                assert_eq!(
                    bits(&out),
                    bits(&expected[first..last]),
                    "{} {} {first}..{last}",
                    function.name(),
                    isa.name()
                );
            }
        }
    }
}

#[test]
fn of_f64_with_two_arguments() {
    two_arguments::<f64>();
}

#[test]
fn of_f32_with_two_arguments() {
    two_arguments::<f32>();
}

type Value = fn(f64) -> f64;

/// A program's strip and a user's kernel give the same.
#[test]
fn of_values_and_slices() {
    let values: [(Function, Value); 22] = [
        (Function::Cbrt, math::cbrt),
        (Function::Exp, math::exp),
        (Function::Exp2, math::exp2),
        (Function::Expm1, math::expm1),
        (Function::Log, math::log),
        (Function::Log2, math::log2),
        (Function::Log10, math::log10),
        (Function::Log1p, math::log1p),
        (Function::Sin, math::sin),
        (Function::Cos, math::cos),
        (Function::Tan, math::tan),
        (Function::Arcsin, math::arcsin),
        (Function::Arccos, math::arccos),
        (Function::Arctan, math::arctan),
        (Function::Sinh, math::sinh),
        (Function::Cosh, math::cosh),
        (Function::Tanh, math::tanh),
        (Function::Arcsinh, math::arcsinh),
        (Function::Arccosh, math::arccosh),
        (Function::Arctanh, math::arctanh),
        (Function::Erf, math::erf),
        (Function::Erfc, math::erfc),
    ];
    for (function, value) in values {
        let mut random = Random(7);
        let x: Vec<f64> = (0..1000).map(|_| mixed(function, &mut random)).collect();
        let mut out = vec![0.0; x.len()];
        unary(function, &x, &mut out);
        for (x, out) in x.into_iter().zip(out) {
            assert_eq!(value(x).bits(), out.bits(), "{}({x:e})", function.name());
        }
    }
}

/// Odd and even functions, to the last bit.
#[test]
fn of_symmetric_arguments() {
    let odd = [
        Function::Cbrt,
        Function::Reciprocal,
        Function::Sin,
        Function::Tan,
        Function::Arcsin,
        Function::Arctan,
        Function::Sinh,
        Function::Tanh,
        Function::Arcsinh,
        Function::Arctanh,
        Function::Erf,
        Function::Trunc,
        Function::Round,
    ];
    let even = [Function::Cos, Function::Cosh, Function::Square];
    for function in odd.into_iter().chain(even) {
        let mut random = Random(8);
        let x: Vec<f64> = (0..1000).map(|_| mixed(function, &mut random)).collect();
        let negative: Vec<f64> = x.iter().map(|x| -x).collect();
        let (mut out, mut mirrored) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        unary(function, &x, &mut out);
        unary(function, &negative, &mut mirrored);
        for (index, (out, mirrored)) in out.into_iter().zip(mirrored).enumerate() {
            let expected = if even.contains(&function) { out } else { -out };
            assert_eq!(mirrored.bits(), expected.bits(), "{}({:e})", function.name(), -x[index]);
        }
    }
}
