//! The greatest errors over random and hard arguments, beside the oracle.

use dap_kernels::math::{Function, Function2, binary, unary};

use crate::domain::{ARCS, Random, argument, pair};
use crate::oracle::{self, Exact, error_32, error_64};

const ARGUMENTS: usize = 20_000;

/// The functions whose results are rounded values of real numbers.
fn inexact() -> impl Iterator<Item = Function> {
    let exact = [Function::Floor, Function::Ceil, Function::Trunc, Function::Round];
    Function::ALL.iter().copied().filter(move |function| !exact.contains(function))
}

const INEXACT2: [Function2; 4] = [Function2::Power, Function2::Arctan2, Function2::Hypot, Function2::Logaddexp];

/// Panics with the argument of the greatest error if that is above `bound`; NaN is above.
fn judge(name: &str, bound: f64, errors: impl Iterator<Item = (f64, String)>) {
    let mut worst = (0.0, String::new());
    for (error, argument) in errors {
        if error.is_nan() || error > worst.0 {
            worst = (error, argument);
        }
        assert!(worst.0 <= bound, "{name}({}): {} ulp", worst.1, worst.0);
    }
    println!("{name:10} {:.3} {}", worst.0, worst.1);
}

#[test]
fn functions_of_f64_are_within_one_unit_in_the_last_place() {
    for function in inexact() {
        let mut random = Random(1);
        let x: Vec<f64> = (0..ARGUMENTS).map(|_| argument(function, &mut random)).collect();
        let mut out = vec![0.0; x.len()];
        unary(function, &x, &mut out);
        let errors = x.iter().zip(&out).map(|(&x, &out)| (error_64(out, oracle::unary(function, x)), format!("{x:e}")));
        judge(function.name(), 1.0, errors);
    }
}

/// They are computed in `f64`, or are one instruction.
#[test]
fn functions_of_f32_are_almost_correctly_rounded() {
    for function in inexact() {
        let mut random = Random(2);
        let in_range = |x: &f32| x.is_finite() && *x != 0.0;
        let x: Vec<f32> = std::iter::repeat_with(|| argument(function, &mut random) as f32)
            .filter(in_range)
            .filter(|&x| !ARCS.contains(&function) || f64::from(x).abs() < 1.0)
            .filter(|&x| function != Function::Arccosh || x > 1.0)
            .filter(|&x| function != Function::Log1p || x > -1.0)
            .take(ARGUMENTS)
            .collect();
        let mut out = vec![0.0; x.len()];
        unary(function, &x, &mut out);
        let errors = x
            .iter()
            .zip(&out)
            .map(|(&x, &out)| (error_32(out, oracle::unary(function, f64::from(x))), format!("{x:e}")));
        judge(function.name(), 0.500_01, errors);
    }
}

/// The bound of `logaddexp` near zero, where its two terms cancel, is absolute.
fn error_of(function: Function2, result: f64, exact: Exact) -> f64 {
    let value = exact.value.hi;
    if function == Function2::Logaddexp && value.abs() < 1.0 / 128.0 && exact.exponent == 0 {
        return ((result - value) - exact.value.lo).abs() / 2.0_f64.powi(-60);
    }
    error_64(result, exact)
}

#[test]
fn functions_of_two_are_within_one_unit_in_the_last_place_and_powers_two() {
    for function in INEXACT2 {
        let mut random = Random(3);
        let (x, y): (Vec<f64>, Vec<f64>) = (0..ARGUMENTS).map(|_| pair(function, &mut random)).unzip();
        let mut out = vec![0.0; x.len()];
        binary(function, &x, &y, &mut out);
        let errors = (0..ARGUMENTS).map(|index| {
            let (x, y) = (x[index], y[index]);
            (error_of(function, out[index], oracle::binary(function, x, y)), format!("{x:e}, {y:e}"))
        });
        judge(function.name(), if function == Function2::Power { 2.0 } else { 1.0 }, errors);
    }
}

#[test]
fn functions_of_two_of_f32_are_almost_correctly_rounded() {
    for function in INEXACT2 {
        let mut random = Random(4);
        let in_range = |&(x, y): &(f32, f32)| x.is_finite() && y.is_finite() && x != 0.0 && y != 0.0;
        // The cancellation of `logaddexp` is judged in f64.
        let cancels = |&(x, y): &(f32, f32)| function == Function2::Logaddexp && x.max(y).abs() < 1.0;
        let (x, y): (Vec<f32>, Vec<f32>) = std::iter::repeat_with(|| pair(function, &mut random))
            .map(|(x, y)| (x as f32, y as f32))
            .filter(in_range)
            .filter(|pair| !cancels(pair))
            .filter(|&(x, y)| function != Function2::Power || x > 0.0 || y.trunc() == y)
            .take(ARGUMENTS)
            .unzip();
        let mut out = vec![0.0; x.len()];
        binary(function, &x, &y, &mut out);
        let errors = (0..ARGUMENTS).map(|index| {
            let (x, y) = (f64::from(x[index]), f64::from(y[index]));
            (error_32(out[index], oracle::binary(function, x, y)), format!("{x:e}, {y:e}"))
        });
        judge(function.name(), 0.500_01, errors);
    }
}

/// Where the result is a number, it is that number.
#[test]
fn exact_cases_are_exact() {
    for k in -1074..1024 {
        let power = oracle::scale(1.0, k);
        assert_eq!(one(Function::Exp2, f64::from(k)), power, "2^{k}");
        assert_eq!(one(Function::Log2, power), f64::from(k), "log2(2^{k})");
        assert_eq!(two(Function2::Power, 2.0, f64::from(k)), power, "2^{k}");
        assert_eq!(two(Function2::Power, -2.0, f64::from(k)), if k % 2 == 0 { power } else { -power }, "(-2)^{k}");
    }
    for k in 0..=22 {
        let power: f64 = format!("1e{k}").parse().unwrap();
        assert_eq!(one(Function::Log10, power), f64::from(k));
        assert_eq!(two(Function2::Power, 10.0, f64::from(k)), power);
    }
    for k in -1000..=1000 {
        let k = f64::from(k);
        assert_eq!(one(Function::Cbrt, k * k * k), k);
        assert_eq!(two(Function2::Hypot, 3.0 * k, -4.0 * k), 5.0 * k.abs());
        assert_eq!(two(Function2::Power, k, 3.0), k * k * k);
    }
}

fn one(function: Function, x: f64) -> f64 {
    let mut out = [0.0];
    unary(function, &[x], &mut out);
    out[0]
}

fn two(function: Function2, x: f64, y: f64) -> f64 {
    let mut out = [0.0];
    binary(function, &[x], &[y], &mut out);
    out[0]
}
