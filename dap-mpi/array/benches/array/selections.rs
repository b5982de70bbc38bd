//! Selections by arrays of indices, beside a loop over the same indices in one process's memory.

use std::hint::black_box;

use dap_array::{Context, DistArray};
use dap_core::layout::Layout;

use crate::pairs::{Floor, Report};

/// A permutation of `0..len`, a power of two: an odd factor and a shift.
fn place(at: i64, len: i64) -> i64 {
    (at.wrapping_mul(0x9e37_79b9) + 12_345) & (len - 1)
}

/// A permutation of 16 M elements: read by it, and written by it. The peers move the elements
/// of one process, in its own memory.
pub(crate) fn permutation(report: &mut Report, context: &Context) {
    const LEN: i64 = 1 << 24;
    let ranks = i64::from(context.comm().size());
    let layout = Layout::builder([LEN]).processes(ranks).build().expect("a layout");
    let a = DistArray::<f64>::from_fn(context, &layout, |at| at[0] as f64).expect("memory");
    let indices = DistArray::<i64>::from_fn(context, &layout, |at| place(at[0], LEN)).expect("memory");
    let part = LEN / ranks;
    let own: Vec<usize> = (0..part).map(|at| (place(at, LEN) % part) as usize).collect();
    let source: Vec<f64> = (0..part).map(|at| at as f64).collect();
    let mut target = source.clone();
    let alone = ("a loop", || drop(black_box(own.iter().map(|&at| source[at]).collect::<Vec<f64>>())));
    let take = || drop(black_box(a.take(0, &*indices).expect("a result")));
    report.row("take by a permutation, 16 M", Floor::Ratio(0.3), 1, take, alone);
    let b = DistArray::<f64>::zeros(context, &layout).expect("memory");
    let put = || b.put_along(&[0], &[(&*indices).into()], &a).expect("a result");
    let alone = ("a loop", || own.iter().zip(&source).for_each(|(&at, item)| target[at] = *item));
    report.row("put by a permutation, 16 M", Floor::Ratio(0.2), 1, put, alone);
}
