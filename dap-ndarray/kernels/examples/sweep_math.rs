//! The greatest errors of the vector mathematics, as a table: `make sweep-math` runs it.
//!
//! ```text
//! sweep_math [--millions N] [--every N] [f32|f64] [FUNCTION...]
//! ```
//!
//! `f32`: each of the 2^32 arguments (or every Nth), beside the C library's function of `f64`,
//! whose error of one unit in the last place is 2^-29 of one of `f32`. `f64`: N million arguments
//! of the tests' distribution, a quarter of them around hard points, beside the tests' oracle of
//! 2^-95. Rows of a Markdown table are printed as they are known.

#![expect(clippy::approx_constant, reason = "words of constants, and rounded numbers near them")]

#[expect(dead_code, reason = "a filter of the tests")]
#[path = "../tests/math/domain.rs"]
mod domain;
#[expect(dead_code, reason = "the sweep over f32 has another reference")]
#[path = "../tests/math/oracle.rs"]
mod oracle;

use std::thread;

use dap_kernels::math::{Function, Function2, binary, unary};
use domain::{Random, argument, pair};

// SAFETY: these are C99's functions of the C library that the standard library links; they take and
// give numbers, and have no other effect.
unsafe extern "C" {
    safe fn erf(x: f64) -> f64;
    safe fn erfc(x: f64) -> f64;
}

type Reference = fn(f64) -> f64;

fn reference(function: Function) -> Reference {
    let reference: Reference = match function {
        Function::Sqrt => f64::sqrt,
        Function::Cbrt => f64::cbrt,
        Function::Square => |x| x * x,
        Function::Reciprocal => |x| 1.0 / x,
        Function::Exp => f64::exp,
        Function::Exp2 => f64::exp2,
        Function::Expm1 => f64::exp_m1,
        Function::Log => f64::ln,
        Function::Log2 => f64::log2,
        Function::Log10 => f64::log10,
        Function::Log1p => f64::ln_1p,
        Function::Sin => f64::sin,
        Function::Cos => f64::cos,
        Function::Tan => f64::tan,
        Function::Arcsin => f64::asin,
        Function::Arccos => f64::acos,
        Function::Arctan => f64::atan,
        Function::Sinh => f64::sinh,
        Function::Cosh => f64::cosh,
        Function::Tanh => f64::tanh,
        // `f64::asinh` and its like are not within one unit in the last place.
        Function::Arcsinh => |x| match x.abs() {
            f64::INFINITY => x,
            a => (a + a * a / (1.0 + (1.0 + a * a).sqrt())).ln_1p().copysign(x),
        },
        Function::Arccosh => |x| {
            if x < 1.0 { f64::NAN } else { ((x - 1.0) + ((x - 1.0) * (x + 1.0)).sqrt()).ln_1p() }
        },
        Function::Arctanh => |x| 0.5 * (2.0 * x.abs() / (1.0 - x.abs())).ln_1p().copysign(x),
        Function::Erf => |x| erf(x),
        Function::Erfc => |x| erfc(x),
        Function::Floor => f64::floor,
        Function::Ceil => f64::ceil,
        Function::Trunc => f64::trunc,
        Function::Round => f64::round_ties_even,
        _ => unreachable!("{} has no reference", function.name()),
    };
    reference
}

/// The error in units in the last place of `f32`; 0 if both are NaN or the same infinity.
fn error_32(result: f32, expected: f64) -> f64 {
    if result.is_nan() && expected.is_nan() || f64::from(result) == expected {
        return 0.0;
    }
    // 2^128 is the number that overflow begins with.
    let overflow = |x: f64| if x.abs() >= 2.0_f64.powi(128) { 2.0_f64.powi(128).copysign(x) } else { x };
    let (result, expected) = (overflow(f64::from(result)), overflow(expected));
    let exponent = ((expected.to_bits() >> 52 & 0x7ff) as i32 - 1023).clamp(-126, 127);
    (result - expected).abs() * f64::from_bits(((1023 + 23 - exponent) as u64) << 52)
}

/// The greatest error so far and its argument; NaN is greater than all.
#[derive(Clone, Default)]
struct Worst {
    error: f64,
    argument: String,
    count: u64,
}

impl Worst {
    fn see(&mut self, error: f64, argument: impl Fn() -> String) {
        self.count += 1;
        if error.is_nan() || error > self.error {
            *self = Self { error, argument: argument(), count: self.count };
        }
    }

    fn merge(self, other: Self) -> Self {
        let count = self.count + other.count;
        Self { count, ..if other.error.is_nan() || other.error > self.error { other } else { self } }
    }
}

/// The worst of what `work` finds on each thread, which is given its number and their count.
fn on_threads(work: impl Fn(u64, u64) -> Worst + Sync) -> Worst {
    let threads = thread::available_parallelism().map_or(1, usize::from) as u64;
    thread::scope(|scope| {
        let work = &work;
        let handles: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread, threads))).collect();
        handles
            .into_iter()
            .map(|handle| handle.join().expect("a sweep does not panic"))
            .fold(Worst::default(), Worst::merge)
    })
}

fn row(name: &str, kind: &str, worst: &Worst) {
    println!("| {name} | {kind} | {} | {:.3} | {} |", worst.count, worst.error, worst.argument);
}

fn sweep_f32(function: Function, every: u64) -> Worst {
    let expected = reference(function);
    on_threads(|thread, threads| {
        let mut worst = Worst::default();
        let (mut x, mut out) = ([0.0_f32; 4096], [0.0_f32; 4096]);
        let blocks = (1_u64 << 32).div_ceil(every * 4096);
        for block in (thread..blocks).step_by(threads as usize) {
            for (index, x) in x.iter_mut().enumerate() {
                *x = f32::from_bits(((block * 4096 + index as u64) * every) as u32);
            }
            unary(function, &x, &mut out);
            for (&x, &out) in x.iter().zip(&out) {
                worst.see(error_32(out, expected(f64::from(x))), || format!("{x:e}"));
            }
        }
        worst
    })
}

fn sweep_f64(function: Function, millions: u64) -> Worst {
    on_threads(|thread, threads| {
        let mut worst = Worst::default();
        let mut random = Random(1000 + thread);
        let (mut x, mut out) = ([0.0; 4096], [0.0; 4096]);
        for _ in 0..(millions * 1_000_000).div_ceil(threads * 4096) {
            x.fill_with(|| argument(function, &mut random));
            unary(function, &x, &mut out);
            for (&x, &out) in x.iter().zip(&out) {
                worst.see(oracle::error_64(out, oracle::unary(function, x)), || format!("{x:e}"));
            }
        }
        worst
    })
}

fn sweep_two(function: Function2, millions: u64) -> Worst {
    on_threads(|thread, threads| {
        let mut worst = Worst::default();
        let mut random = Random(1000 + thread);
        let (mut x, mut y, mut out) = ([0.0; 4096], [0.0; 4096], [0.0; 4096]);
        for _ in 0..(millions * 1_000_000).div_ceil(threads * 4096) {
            for (x, y) in x.iter_mut().zip(&mut y) {
                (*x, *y) = pair(function, &mut random);
            }
            binary(function, &x, &y, &mut out);
            for index in 0..x.len() {
                let (x, y, out) = (x[index], y[index], out[index]);
                // The bound of `logaddexp` is relative where its terms do not cancel.
                if function != Function2::Logaddexp || out.abs() >= 1.0 / 128.0 {
                    worst.see(oracle::error_64(out, oracle::binary(function, x, y)), || format!("{x:e}, {y:e}"));
                }
            }
        }
        worst
    })
}

fn main() {
    let (mut millions, mut every, mut names) = (10, 1, Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|text| text.parse().ok()).expect("a number follows the option");
        match argument.as_str() {
            "--millions" => millions = number(),
            "--every" => every = number(),
            _ => names.push(argument),
        }
    }
    let kind =
        |kind: &str| !names.iter().any(|name| name == "f32" || name == "f64") || names.iter().any(|name| name == kind);
    let named = |name: &str| names.iter().all(|name| name == "f32" || name == "f64") || names.iter().any(|n| n == name);
    println!("| function | type | arguments | greatest error in ulp | at |\n|---|---|---|---|---|");
    for &function in Function::ALL.iter().filter(|function| named(function.name())) {
        let exact = matches!(function, Function::Floor | Function::Ceil | Function::Trunc | Function::Round);
        if kind("f64") && !exact {
            row(function.name(), "f64", &sweep_f64(function, millions));
        }
        if kind("f32") {
            row(function.name(), "f32", &sweep_f32(function, every));
        }
    }
    for function in [Function2::Power, Function2::Arctan2, Function2::Hypot, Function2::Logaddexp] {
        if kind("f64") && named(function.name()) {
            row(function.name(), "f64", &sweep_two(function, millions));
        }
    }
}
