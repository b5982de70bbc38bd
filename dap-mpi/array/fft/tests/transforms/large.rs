//! Larger arrays by properties: the inverse, Parseval's equation, and transforms that are known.

use std::f64::consts::PI;

use dap_array::{Context, DynArray, Expr, Op, Reduction};
use dap_array_testing::{ranks_of, value};
use dap_core::layout::{DimSpec, Layout};
use dap_fft::{Norm, fft, fftn, ifft, ifftn, irfftn, rfftn};
use num_complex::Complex;

/// The sum of the squares of magnitudes.
fn energy(expr: Expr<'_>) -> f64 {
    let size = expr.apply(Op::Abs);
    let sum = (size.clone() * size).reduce(Reduction::Sum).expect("a sum");
    match sum.value {
        dap_array::Value::Float(value) => value,
        other => panic!("{other:?} is no float"),
    }
}

fn is_close(found: &DynArray, expected: &DynArray, what: &str) {
    let (difference, size) = (energy(found - expected), energy(expected.expr()));
    assert!(difference.sqrt() <= 1e-14 * size.sqrt(), "{what}: {difference} of {size}");
}

/// Lines of one axis over all ranks: with factors, prime, and twice a prime.
pub(crate) fn lines(context: &Context) {
    let ranks = ranks_of(context);
    for (n, spec) in [(1 << 14, DimSpec::Block), (10_007, DimSpec::BlockCyclic(64)), (2 * 5003, DimSpec::Cyclic)] {
        let layout = Layout::builder([n]).dims([spec]).processes(ranks).build().expect("a layout");
        let complex = |salt| {
            let item = |index: &[i64]| Complex::new(value(index, salt), value(index, salt + 1));
            DynArray::from_fn(context, &layout, item).expect("an array")
        };
        let x = complex(1);
        let spectrum = fft(&x, None, 0, Norm::Ortho).expect("a spectrum");
        is_close(&ifft(&spectrum, None, 0, Norm::Ortho).expect("a line"), &x, "inverse");
        let (before, after) = (energy(x.expr()), energy(spectrum.expr()));
        assert!((before - after).abs() <= 1e-13 * before, "{n}: {before} and {after}");
        // A shift by s multiplies point k by exp(-2 pi i k s / n).
        let s = 1234;
        let shifted = fft(&x.roll(&[s], &[0]).expect("a shift"), None, 0, Norm::Ortho).expect("a spectrum");
        let factor = |index: &[i64]| {
            let angle = -2.0 * PI * ((index[0] * s % n) as f64 / n as f64);
            Complex::new(angle.cos(), angle.sin())
        };
        let factors = DynArray::from_fn(context, &layout, factor).expect("factors");
        is_close(&shifted, &(&spectrum * &factors).eval().expect("a product"), "shift");
        // One wave is one point.
        let wave = |index: &[i64]| {
            let angle = 2.0 * PI * ((index[0] * 77 % n) as f64 / n as f64);
            Complex::new(angle.cos(), angle.sin())
        };
        let wave = DynArray::from_fn(context, &layout, wave).expect("a wave");
        let point = |index: &[i64]| Complex::new(f64::from(u8::from(index[0] == 77)), 0.0);
        let point = DynArray::from_fn(context, &layout, point).expect("a point");
        is_close(&fft(&wave, None, 0, Norm::Forward).expect("a spectrum"), &point, "wave");
    }
}

/// Fields of two and three axes over one axis and over two, one axis prime.
pub(crate) fn fields(context: &Context) {
    let ranks = ranks_of(context);
    for (shape, specs) in [
        (vec![128, 131], vec![DimSpec::Block]),
        (vec![32, 27, 40], vec![DimSpec::Block, DimSpec::Block]),
        (vec![30, 32, 25], vec![DimSpec::Cyclic, DimSpec::Undistributed, DimSpec::Block]),
    ] {
        let layout = Layout::builder(shape.clone()).dims(specs).processes(ranks).build().expect("a layout");
        let x = DynArray::from_fn(context, &layout, |index| value(index, 4)).expect("an array");
        let n = x.len() as f64;
        let spectrum = fftn(&x, None, None, Norm::Backward).expect("a spectrum");
        let back = ifftn(&spectrum, None, None, Norm::Backward).expect("a field");
        is_close(&back, &x, "inverse");
        let (before, after) = (energy(x.expr()), energy(spectrum.expr()));
        assert!((before * n - after).abs() <= 1e-13 * after, "{shape:?}: {before} and {after}");
        let half = rfftn(&x, None, None, Norm::Backward).expect("a half spectrum");
        let last = shape.len() - 1;
        let mut subscripts = vec![":".to_owned(); shape.len()];
        subscripts[last] = format!(":{}", shape[last] / 2 + 1);
        is_close(&half, &spectrum.index(&subscripts.join(", ")).expect("a part"), "half spectrum");
        is_close(&irfftn(&half, Some(&shape), None, Norm::Backward).expect("a field"), &x, "inverse of half");
    }
}
