//! The clock: wall time, or with `DAP_CLOCK=cpu` the processor time of all threads, which the
//! programs of others on the same machine disturb less.

/// Seconds since some moment.
fn now() -> f64 {
    let is_cpu = std::env::var_os("DAP_CLOCK").is_some_and(|clock| clock == "cpu");
    let clock = if is_cpu { libc::CLOCK_PROCESS_CPUTIME_ID } else { libc::CLOCK_MONOTONIC };
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a local variable that the call writes.
    unsafe { libc::clock_gettime(clock, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// Seconds that `work` takes.
pub(crate) fn time(work: impl FnOnce()) -> f64 {
    let start = now();
    work();
    now() - start
}

/// Seconds of one call of `work`, averaged over `calls`: for work shorter than the clock's steps.
pub(crate) fn time_each(calls: u32, mut work: impl FnMut()) -> f64 {
    let start = now();
    for _ in 0..calls {
        work();
    }
    (now() - start) / f64::from(calls)
}
