//! The star stencil of radius two of the Parallel Research Kernels, `B += star(A)`, and the same
//! without the addition.

use dap_kernels::stencil::{Stencil, Store};
use dap_kernels::threads::set_threads;
use dap_kernels::view::{View, ViewMut};

use crate::clock::time;
use crate::peers::{Library, contend};
use crate::report::{Case, Contender, Report};

type Star = unsafe extern "C" fn(*const f64, *mut f64, usize, *const f64, i32);

const N: usize = 8000;
const WEIGHTS: [f64; 3] = [0.5, 0.25, 0.125];

pub(crate) fn run(report: &mut Report, peers: &Library) {
    if !report.wants("star stencil") {
        return;
    }
    let input: Vec<f64> = (0..N * N).map(|at| (at % 1013) as f64).collect();
    let (mut ours, mut theirs) = (vec![0.0_f64; N * N], vec![0.0_f64; N * N]);
    let [c, near, far] = WEIGHTS;
    let taps = [
        (&[0, 0][..], c),
        (&[0, 1], near),
        (&[0, -1], near),
        (&[1, 0], near),
        (&[-1, 0], near),
        (&[0, 2], far),
        (&[0, -2], far),
        (&[2, 0], far),
        (&[-2, 0], far),
    ];
    let stencil = Stencil::weighted(2, &taps).unwrap_or_else(|error| panic!("{error}"));
    let stores = [("star stencil", "star", Store::Add), ("star stencil, set", "star_set", Store::Set)];
    for ((name, peer, store), threads) in stores.into_iter().flat_map(|store| [(store, 1), (store, 2)]) {
        set_threads(threads);
        let case = Case { name, n: N * N, threads, floors: &[("C", 0.9), ("numba", 2.0)] };
        let (input, result) = (&input, &mut ours);
        let work = || {
            time(|| {
                let view = View::shaped(input, &[N, N]).unwrap_or_else(|error| panic!("{error}"));
                let output = ViewMut::new(result, 2 * N + 2, &[N - 4, N - 4], &[N as isize, 1]);
                let applied = output.and_then(|output| stencil.apply(&view, &[2, 2], output, store));
                applied.unwrap_or_else(|error| panic!("{error}"));
            })
        };
        let mut contenders: Vec<Contender<'_>> = vec![("ours", Box::new(work))];
        // SAFETY: the type in `stencil.c`.
        if let Some(star) = unsafe { peers.function::<Star>(peer) } {
            let theirs = &mut theirs;
            contenders.push((
                "C",
                Box::new(move || {
                    // SAFETY: N x N elements each; three weights.
                    time(|| unsafe { star(input.as_ptr(), theirs.as_mut_ptr(), N, WEIGHTS.as_ptr(), threads as i32) })
                }),
            ));
        }
        if store == Store::Add {
            contend(&mut contenders, "numba", &case);
        }
        report.case(&case, contenders);
        assert!(ours.iter().zip(&theirs).all(|(left, right)| left.to_bits() == right.to_bits()), "the bits of C");
    }
    set_threads(0);
}
