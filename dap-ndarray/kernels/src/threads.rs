//! Threads that share the work of one call and sleep when there is none.
//!
//! Work is split into contiguous parts, one a thread; the calling thread takes the first one. Small
//! work stays on the caller. A panic in any part reaches the caller when all parts have ended.
//!
//! The number of threads is that of [`set_threads`], else of `DAP_NUM_THREADS`, else of the
//! processors that this process may use, and no more than its part of a machine that it shares
//! ([`limit_default`]). The parts of a split depend on it, so a kernel whose
//! result must not depend on the number of threads combines the parts' results accordingly.
//!
//! ```
//! use std::sync::atomic::{AtomicUsize, Ordering};
//! use dap_kernels::threads;
//! let sum = AtomicUsize::new(0);
//! threads::for_ranges(1000, 10, 4, |range| {
//!     sum.fetch_add(range.sum(), Ordering::Relaxed);
//! });
//! assert_eq!(sum.into_inner(), 499_500);
//! ```
//!
//! The workers are rayon-core's, whose idle threads sleep. Own workers were rejected: its scope on
//! the calling thread costs some microseconds, which is little beside the grain of a split.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use rayon_core::{ThreadPool, ThreadPoolBuilder};

/// The greatest number of threads; more are taken for this number.
pub const MOST: usize = 1024;

/// What [`set_threads`] set; 0: nothing.
static CHOSEN: AtomicUsize = AtomicUsize::new(0);
/// The least that [`limit_default`] has set.
static LIMIT: AtomicUsize = AtomicUsize::new(MOST);

/// The number of threads that kernels use unless a call names another one.
#[must_use]
pub fn threads() -> usize {
    static NAMED: OnceLock<Option<usize>> = OnceLock::new();
    static FOUND: OnceLock<usize> = OnceLock::new();
    let named = || {
        let named = std::env::var("DAP_NUM_THREADS").ok().and_then(|text| text.trim().parse().ok());
        named.filter(|threads| *threads > 0).map(|threads: usize| threads.min(MOST))
    };
    let found = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    match (CHOSEN.load(Ordering::Relaxed), NAMED.get_or_init(named)) {
        (0, Some(named)) => *named,
        (0, None) => LIMIT.load(Ordering::Relaxed).min(*FOUND.get_or_init(found)),
        (chosen, _) => chosen,
    }
}

/// Limits the default number of threads to this process's part of a machine: for programs of
/// several processes. The least of several limits counts; [`set_threads`] and `DAP_NUM_THREADS` are
/// not limited.
pub fn limit_default(threads: usize) {
    LIMIT.fetch_min(threads.max(1), Ordering::Relaxed);
}

/// Sets the number of threads of this process; 0 returns to the default.
pub fn set_threads(threads: usize) {
    CHOSEN.store(threads.min(MOST), Ordering::Relaxed);
}

/// The number of parts of `len` units of work of which a part has at least `grain`, for at most
/// `threads` threads. At least 1.
#[must_use]
pub fn parts(len: usize, grain: usize, threads: usize) -> usize {
    (len / grain.max(1)).min(threads).clamp(1, MOST)
}

/// Part number `part` of `len` units in `parts` parts that differ by one `unit` at most; each but
/// the last begins and ends at a multiple of `unit`.
#[must_use]
pub fn range_of(part: usize, parts: usize, len: usize, unit: usize) -> Range<usize> {
    let unit = unit.max(1);
    let units = len.div_ceil(unit);
    // Without overflow for any `units`: the remainder's share is below `parts` squared.
    let bound = |part: usize| (units / parts * part + units % parts * part / parts).saturating_mul(unit).min(len);
    bound(part)..bound(part + 1)
}

/// Calls `body` for the numbers from 0 to `parts` (excluded) at once, on the caller and on workers.
///
/// # Panics
/// When a call of `body` panics, after all have ended, with what the first one said.
pub fn for_parts(parts: usize, body: impl Fn(usize) + Sync) {
    if parts <= 1 {
        if parts == 1 {
            body(0);
        }
        return;
    }
    let body = &body;
    with_pool(|pool| match pool {
        Some(pool) => pool.in_place_scope(|scope| {
            for part in 1..parts {
                scope.spawn(move |_| body(part));
            }
            body(0);
        }),
        // No thread could be had: the caller does it all.
        None => (0..parts).for_each(body),
    });
}

/// Splits `len` units of work among at most `threads` threads, `grain` units a part at least.
///
/// # Panics
/// As [`for_parts`].
pub fn for_ranges(len: usize, grain: usize, threads: usize, body: impl Fn(Range<usize>) + Sync) {
    let parts = parts(len, grain, threads);
    for_parts(parts, |part| body(range_of(part, parts, len, 1)));
}

/// As [`for_parts`]; returns what `body` returned, in the order of the parts.
///
/// # Panics
/// As [`for_parts`].
pub fn map_parts<R: Send>(parts: usize, body: impl Fn(usize) -> R + Sync) -> Vec<R> {
    if parts == 1 {
        return vec![body(0)];
    }
    let results: Vec<Mutex<Option<R>>> = (0..parts).map(|_| Mutex::new(None)).collect();
    for_parts(parts, |part| {
        let result = body(part);
        *results[part].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    });
    let taken = |cell: Mutex<Option<R>>| cell.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.into_iter().map(|cell| taken(cell).expect("each part has ended")).collect()
}

/// The workers: one fewer than the processors, for the caller takes part. A process that was forked
/// has none of its parent's threads, hence makes its own.
fn with_pool(run: impl FnOnce(Option<&ThreadPool>)) {
    static FIRST: OnceLock<(u32, Option<ThreadPool>)> = OnceLock::new();
    static FORKED: Mutex<Option<(u32, &'static Option<ThreadPool>)>> = Mutex::new(None);
    let process = std::process::id();
    let (owner, pool) = FIRST.get_or_init(|| (process, new_pool()));
    if *owner == process {
        return run(pool.as_ref());
    }
    let mut forked = FORKED.lock().unwrap_or_else(PoisonError::into_inner);
    let pool = match *forked {
        Some((owner, pool)) if owner == process => pool,
        // One pool a generation of forks stays until the process ends.
        _ => {
            let pool: &'static Option<ThreadPool> = Box::leak(Box::new(new_pool()));
            *forked = Some((process, pool));
            pool
        }
    };
    drop(forked);
    run(pool.as_ref());
}

fn new_pool() -> Option<ThreadPool> {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let workers = threads().max(cores).saturating_sub(1).max(1);
    ThreadPoolBuilder::new().num_threads(workers).thread_name(|number| format!("dap-{number}")).build().ok()
}

/// Calls two bodies at once.
///
/// # Panics
/// As [`for_parts`].
pub fn join<A: Send, B: Send>(left: impl FnOnce() -> A + Send, right: impl FnOnce() -> B + Send) -> (A, B) {
    let mut result = (None, None);
    let (first, second) = (&mut result.0, &mut result.1);
    with_pool(|pool| match pool {
        Some(pool) => pool.in_place_scope(|scope| {
            scope.spawn(|_| *second = Some(right()));
            *first = Some(left());
        }),
        None => {
            *first = Some(left());
            *second = Some(right());
        }
    });
    match result {
        (Some(left), Some(right)) => (left, right),
        _ => resume_unwind(Box::new("a part did not end")),
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ranges_cover_the_work_in_order(len in 0_usize..5000, parts in 1_usize..20, unit in 0_usize..70) {
            let mut next = 0;
            for part in 0..parts {
                let range = range_of(part, parts, len, unit);
                prop_assert_eq!(range.start, next);
                prop_assert!(range.start == len || range.start.is_multiple_of(unit.max(1)));
                prop_assert!(range.len() <= (len.div_ceil(unit.max(1)).div_ceil(parts)) * unit.max(1));
                next = range.end;
            }
            prop_assert_eq!(next, len);
        }
    }

    #[test]
    fn a_split_of_the_greatest_length_does_not_overflow() {
        let last = range_of(MOST - 1, MOST, usize::MAX, 1);
        assert_eq!(last.end, usize::MAX);
        assert!(range_of(1, 3, usize::MAX, 64).start > 0);
    }

    #[test]
    fn small_work_stays_on_the_caller() {
        assert_eq!((parts(99, 100, 8), parts(200, 100, 8), parts(1 << 40, 100, 8), parts(5, 0, 0)), (1, 2, 8, 1));
        let caller = std::thread::current().id();
        for_ranges(99, 100, 8, |_| assert_eq!(std::thread::current().id(), caller));
    }

    #[test]
    fn results_come_in_order() {
        assert_eq!(map_parts(9, |part| part * part), [0, 1, 4, 9, 16, 25, 36, 49, 64]);
        assert_eq!(map_parts(0, |part| part), []);
        assert_eq!(join(|| 1, || "two"), (1, "two"));
    }

    #[test]
    fn a_panic_reaches_the_caller_and_the_workers_live_on() {
        for culprit in [0, 3] {
            let found = catch_unwind(AssertUnwindSafe(|| {
                for_parts(4, |part| assert_ne!(part, culprit, "part {culprit}"));
            }));
            let said = found.unwrap_err().downcast::<String>().unwrap();
            assert!(said.contains(&format!("part {culprit}")), "{said}");
            assert_eq!(map_parts(4, |part| part), [0, 1, 2, 3]);
        }
    }

    #[test]
    fn calls_within_calls_end() {
        let sums = map_parts(4, |outer| map_parts(4, |inner| outer * inner).into_iter().sum::<usize>());
        assert_eq!(sums, [0, 6, 12, 18]);
    }
}
