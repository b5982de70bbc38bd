//! Reductions of f64, beside the bandwidth of reading: a C loop that sums with sixteen vectors.

use std::hint::black_box;

use dap_kernels::reduce::{
    CountNonzero, ExactSum, Extremes, Moments, Places, Reducer, Squares, Sum, arg_extremes, reduce, reduce_axes,
};
use dap_kernels::sum::{Finish, PartialMoments};
use dap_kernels::threads::set_threads;
use dap_kernels::view::View;

use crate::clock::time;
use crate::peers::{Library, contend};
use crate::report::{Case, Contender, Report};

type Read = unsafe extern "C" fn(*const f64, usize, i32) -> f64;
type Axis0 = unsafe extern "C" fn(*const f64, *mut f64, *mut f64, usize, usize, i32);
type Axis1 = unsafe extern "C" fn(*const f64, *mut f64, usize, usize, i32);

const N: usize = 50_000_000;
const SIDE: usize = 10_000;

/// Numbers in [0, 1).
fn uniform(count: usize) -> Vec<f64> {
    let mut state = 88_172_645_463_325_252_u64;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64
        })
        .collect()
}

pub(crate) fn run(report: &mut Report, peers: &Library) {
    let names =
        ["sum", "norm", "variance", "sum, cancelling", "min", "min and max", "argmin", "all", "any", "count_nonzero"];
    if names.iter().any(|name| report.wants(name)) {
        let items = uniform(N);
        // Pairs cancel all but the last bits: the second pass is needed.
        let cancelling: Vec<f64> = (0..N).map(|at| (items[at] - 0.5) * 2.0_f64.powi((at % 80) as i32 - 40)).collect();
        // Zeros that were written: untouched pages of zeros are one page.
        let (shifted, zeros) = (items.iter().map(|item| item + 0.25).collect::<Vec<_>>(), vec![black_box(-0.0); N]);
        for threads in [1, 2] {
            set_threads(threads);
            whole(report, peers, threads, &items, &cancelling, &shifted, &zeros);
        }
    }
    if report.wants("sum over axis 0") || report.wants("sum over axis 1") {
        let items = uniform(SIDE * SIDE);
        for threads in [1, 2] {
            set_threads(threads);
            axes(report, peers, threads, &items);
        }
    }
    set_threads(0);
}

fn reduced<R: Reducer>(items: &[f64], reducer: &R) -> R::Output {
    reduce(&View::of(items), reducer).unwrap_or_else(|error| panic!("{error}"))
}

fn whole(
    report: &mut Report,
    peers: &Library,
    threads: usize,
    items: &[f64],
    cancelling: &[f64],
    shifted: &[f64],
    zeros: &[f64],
) {
    let wide = dap_kernels::isa::Isa::in_use() == dap_kernels::isa::Isa::Avx512;
    let floor = |avx2: &'static [(&'static str, f64)], avx512| if wide { avx512 } else { avx2 };
    let sums = floor(&[("read", 0.75)], &[("read", 0.85)]);
    let mut case = |name, floors, items: &[f64], work: &dyn Fn()| {
        let case = Case { name, n: N, threads, floors };
        if !report.wants(name) {
            return;
        }
        let mut contenders: Vec<Contender<'_>> = vec![("ours", Box::new(|| time(work)))];
        // SAFETY: the type in `reductions.c`.
        if let Some(read) = unsafe { peers.function::<Read>("read_all") } {
            contenders.push((
                "read",
                Box::new(move || {
                    time(|| {
                        // SAFETY: `items.len()` elements to be read.
                        black_box(unsafe { read(items.as_ptr(), items.len(), threads as i32) });
                    })
                }),
            ));
        }
        if ["sum", "variance", "min"].contains(&name) {
            contend(&mut contenders, "numba", &case);
        }
        report.case(&case, contenders);
    };
    case("sum", sums, items, &|| {
        black_box(reduced(items, &Sum::<f64>::new()).finish::<f64>());
    });
    case("norm", sums, items, &|| {
        black_box(reduced(items, &Squares::<f64>::default()).root::<f64>());
    });
    case("variance", floor(&[("read", 0.3), ("numba", 3.0)], &[("read", 0.45), ("numba", 3.0)]), items, &|| {
        let moments = reduced(items, &Moments::about(PartialMoments::pivot(items)));
        black_box(PartialMoments::variance::<f64>(&[moments], 0.0));
    });
    case("sum, cancelling", &[("read", 0.25)], cancelling, &|| {
        let first: Finish<f64> = reduced(cancelling, &Sum::<f64>::new()).finish();
        black_box(first);
        black_box(reduced(cancelling, &ExactSum::<f64>::default()).finish::<f64>());
    });
    case("min", &[("read", 0.9)], items, &|| {
        black_box(reduced(items, &Extremes::<f64>::least()).least());
    });
    case("min and max", &[("read", 0.9)], items, &|| {
        black_box(reduced(items, &Extremes::<f64>::new()));
    });
    case("argmin", &[("read", 0.9)], items, &|| {
        black_box(arg_extremes::<f64>(&View::of(items), Places::Least).is_ok());
    });
    case("all", &[("read", 0.9)], shifted, &|| {
        assert!(reduced(shifted, &CountNonzero::<f64>::all()).all());
    });
    case("any", &[("read", 0.9)], zeros, &|| {
        assert!(!reduced(zeros, &CountNonzero::<f64>::any()).any());
    });
    case("count_nonzero", &[("read", 0.9)], items, &|| {
        black_box(reduced(items, &CountNonzero::<f64>::new()).nonzero);
    });
}

fn axes(report: &mut Report, peers: &Library, threads: usize, items: &[f64]) {
    let view = View::shaped(items, &[SIDE, SIDE]).unwrap_or_else(|error| panic!("{error}"));
    let view = &view;
    let (mut out, mut scratch) = (vec![0.0; SIDE], vec![0.0; SIDE * threads]);
    for (name, axis) in [("sum over axis 0", 0), ("sum over axis 1", 1)] {
        let case = Case { name, n: SIDE * SIDE, threads, floors: &[("C", 0.85)] };
        let ours = move || {
            time(|| {
                let sums = reduce_axes(view, &[axis], &Sum::<f64>::new()).unwrap_or_default();
                black_box(sums.iter().map(|sum| sum.finish().or_else(|| f64::NAN)).collect::<Vec<f64>>());
            })
        };
        let mut contenders: Vec<Contender<'_>> = vec![("ours", Box::new(ours))];
        let (out, scratch) = (&mut out, &mut scratch);
        // SAFETY: the types in `reductions.c`.
        let functions = unsafe { (peers.function::<Axis0>("sum_axis0"), peers.function::<Axis1>("sum_axis1")) };
        if let (Some(axis0), Some(axis1)) = functions {
            contenders.push((
                "C",
                Box::new(move || {
                    // SAFETY: SIDE x SIDE elements, SIDE results, SIDE scratch sums a thread.
                    time(|| unsafe {
                        if axis == 0 {
                            axis0(items.as_ptr(), out.as_mut_ptr(), scratch.as_mut_ptr(), SIDE, SIDE, threads as i32);
                        } else {
                            axis1(items.as_ptr(), out.as_mut_ptr(), SIDE, SIDE, threads as i32);
                        }
                    })
                }),
            ));
        }
        report.case(&case, contenders);
    }
}
