//! The time at which all ranks have finished, by the clock that they share.

use dap_mpi::Comm;
use mpi::collective::SystemOperation;
use mpi::topology::SimpleCommunicator;
use mpi::traits::CommunicatorCollectives;

#[path = "../../../dap-ndarray/kernels/benches/kernels/times.rs"]
mod times;
pub(crate) use times::Times;

/// Seconds since the machine started. All ranks are on one machine.
fn now() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a local variable that the call writes.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// The seconds from the first rank's start to the last one's end of `work`. Collective.
pub(crate) fn time(comm: &Comm, work: impl FnOnce()) -> f64 {
    let world = SimpleCommunicator::world();
    comm.barrier().expect("a barrier");
    let start = now();
    work();
    let end = now();
    let mut ends = [0.0; 2];
    world.all_reduce_into(&[-start, end], &mut ends, SystemOperation::max());
    ends[1] + ends[0]
}

/// The number of times that each case is timed.
pub(crate) fn repetitions() -> usize {
    std::env::var("DAP_REPETITIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(10)
}
