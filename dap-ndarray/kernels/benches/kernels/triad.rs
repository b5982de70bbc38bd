//! `a += b + s * c` and `r = a + (b + s * c)` on f64.

use crate::peers::Library;
use crate::report::{Case, Contender, Report};
use crate::times::time;

type InPlace = unsafe extern "C" fn(*mut f64, *const f64, *const f64, f64, usize, i32);

const S: f64 = 1e-9;

pub(crate) fn run(report: &mut Report, peers: &Library) {
    for n in [10_000_000, 100_000_000] {
        for threads in [1, 2] {
            in_place(report, peers, n, threads);
        }
    }
}

fn in_place(report: &mut Report, peers: &Library, n: usize, threads: usize) {
    let case = Case { name: "triad in place, closure", n, threads, floors: &[("C", 0.88)] };
    if !report.wants(case.name) {
        return;
    }
    let (mut a, b, c) = (vec![1.0; n], vec![2.0; n], vec![3.0; n]);
    let mut other = a.clone();
    let ours = || {
        time(|| {
            for ((a, b), c) in a.iter_mut().zip(&b).zip(&c) {
                *a += b + S * c;
            }
        })
    };
    let mut contenders: Vec<Contender<'_>> = vec![("ours", Box::new(ours))];
    // SAFETY: the type in `triad.c`.
    if let Some(triad) = unsafe { peers.function::<InPlace>("triad_in_place") } {
        let (b, c, other) = (&b, &c, &mut other);
        contenders.push((
            "C",
            Box::new(move || {
                // SAFETY: three arrays of `n` elements; the first is ours to write.
                time(|| unsafe { triad(other.as_mut_ptr(), b.as_ptr(), c.as_ptr(), S, n, threads as i32) })
            }),
        ));
    }
    report.case(&case, contenders);
}
