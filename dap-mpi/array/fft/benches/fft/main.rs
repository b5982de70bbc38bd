//! Times of forward transforms on all ranks: run by `make bench-fft`, beside mpi4py-fft.
//!
//! Arguments: extents, such as `2048x2048`. For each, and for both places of the result, rank 0
//! prints a line: the extents, `input` or `computed`, and the median time in milliseconds of the
//! slowest rank. Before, the inverse transform of the result is compared with the array.

use std::time::Instant;

use dap_array::{Context, DynArray, Expr, Op, Reduction, Value};
use dap_core::layout::Layout;
use dap_fft::{Norm, Options, Output, fftn, ifftn};
use dap_mpi::Comm;
use num_complex::Complex;

/// The timed repetitions.
const COUNT: usize = 9;

fn main() {
    // `cargo bench` and `cargo test --benches` give words of their own.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if words.is_empty() {
        println!("run by `make bench-fft`");
        return;
    }
    let universe = mpi::initialize().expect("MPI starts");
    let context = Context::new(&Comm::new(&universe.world()).expect("a communicator"));
    for word in words {
        let shape: Vec<i64> = word.split('x').map(|extent| extent.parse().expect("an extent")).collect();
        let layout = Layout::builder(shape).processes(context.comm().size().into()).build().expect("a layout");
        let item = |index: &[i64]| {
            let mixed = index.iter().fold(7_i64, |mixed, &at| mixed.wrapping_mul(31).wrapping_add(at * 7));
            Complex::new((mixed.rem_euclid(1021) - 510) as f64, (mixed.rem_euclid(509) - 254) as f64)
        };
        let x = DynArray::from_fn(&context, &layout, item).expect("an array");
        for (output, name) in [(Output::AsInput, "input"), (Output::AsComputed, "computed")] {
            let options = Options { norm: Norm::Backward, output };
            check(&x, options);
            let mut times: Vec<f64> = (0..COUNT + 2).map(|_| time(&context, &x, options)).skip(2).collect();
            times.sort_by(f64::total_cmp);
            if context.comm().rank() == 0 {
                println!("{word} {name} {:.3}", times[COUNT / 2] * 1e3);
            }
        }
    }
}

/// Compares the inverse of the transform with the array.
fn check(x: &DynArray, options: Options) {
    let back = fftn(x, None, None, options).and_then(|spectrum| ifftn(&spectrum, None, None, options));
    let back = back.and_then(|back| back.redistribute(x.placement())).expect("an array");
    let largest = |of: Expr<'_>| {
        let found = of.apply(Op::Abs).reduce(Reduction::Max).expect("an extreme");
        match found.value {
            Value::Float(value) => value,
            other => panic!("{other:?} is no float"),
        }
    };
    let (difference, size) = (largest(&back - x), largest(x.expr()));
    assert!(difference <= 1e-13 * size, "the inverse differs by {difference} of {size}");
}

/// Seconds of one transform, on the slowest rank.
fn time(context: &Context, x: &DynArray, options: Options) -> f64 {
    context.comm().barrier().expect("all ranks are there");
    let begin = Instant::now();
    let result = fftn(x, None, None, options).expect("a spectrum");
    let mine = begin.elapsed().as_secs_f64();
    drop(result);
    let all = context.comm().gather_words(&[mine.to_bits()]).expect("all ranks are there");
    all.into_iter().map(f64::from_bits).fold(0.0, f64::max)
}
