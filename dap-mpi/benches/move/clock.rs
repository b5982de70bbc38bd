//! The time at which all ranks have finished, by the clock that they share.

use dap_mpi::Comm;
use mpi::collective::SystemOperation;
use mpi::topology::SimpleCommunicator;
use mpi::traits::CommunicatorCollectives;

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

/// Times of repeated work.
#[derive(Debug, Clone, Default)]
pub(crate) struct Times(pub(crate) Vec<f64>);

impl Times {
    pub(crate) fn best(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub(crate) fn median(&self) -> f64 {
        median(self.0.clone())
    }

    /// The ratio to times that were taken in turns with these: of the best times, and the median
    /// over the pairs.
    pub(crate) fn over(&self, ours: &Times) -> (f64, f64) {
        (self.best() / ours.best(), median(self.0.iter().zip(&ours.0).map(|(a, b)| a / b).collect()))
    }
}

pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    match numbers.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => numbers[half],
        _ => (numbers[half - 1] + numbers[half]) / 2.0,
    }
}

/// The number of times that each case is timed.
pub(crate) fn repetitions() -> usize {
    std::env::var("DAP_REPETITIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(10)
}
