//! Work on all cores, with the results in order.
//!
//! Worker `i mod n` does job `i` and passes its results on through a short queue of its own; the
//! caller takes them from the queues in cyclic order. Results therefore come in the order of the
//! jobs, without sorting and without locks, and a worker that is ahead waits. Jobs have about equal
//! size here, and the queues balance the exceptions. (A work-stealing pool such as rayon's balances
//! better but gives no bounded, ordered stream, which keeps memory small. The standard library's
//! threads and channels are sufficient.)

use std::sync::mpsc::sync_channel;
use std::thread;

/// The capacity of a worker's queue, in results.
const DEPTH: usize = 4;

/// The number of workers for `jobs` jobs.
pub(super) fn workers(jobs: usize) -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(jobs).max(1)
}

/// Does jobs 0, 1, 2, ... until `work` returns false for a job that does not exist. Passes their
/// results to `reduce` in order.
///
/// `work` gets the number of its job, the worker's `scratch`, and a function that emits a result;
/// it may emit any number of results.
pub(super) fn in_order<S, T: Send>(
    workers: usize,
    scratch: impl Fn() -> S + Sync,
    work: impl Fn(usize, &mut S, &mut dyn FnMut(T)) -> bool + Sync,
    mut reduce: impl FnMut(T),
) {
    if workers <= 1 {
        let mut scratch = scratch();
        for job in 0.. {
            if !work(job, &mut scratch, &mut reduce) {
                return;
            }
        }
    }
    thread::scope(|scope| {
        let mut queues = Vec::new();
        for worker in 0..workers {
            let (sender, queue) = sync_channel(DEPTH);
            queues.push(queue);
            let (scratch, work) = (&scratch, &work);
            scope.spawn(move || {
                let mut scratch = scratch();
                for job in (worker..).step_by(workers) {
                    // Sending fails only when the caller has ended; then the worker ends after this
                    // job.
                    let there_was = work(job, &mut scratch, &mut |result| drop(sender.send(Some(result))));
                    if !there_was || sender.send(None).is_err() {
                        break;
                    }
                }
            });
        }
        // `None` ends a job; a closed queue ends all jobs.
        for job in 0.. {
            loop {
                match queues[job % workers].recv() {
                    Ok(Some(result)) => reduce(result),
                    Ok(None) => break,
                    Err(_) => return,
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whatever_their_number() {
        for workers in [1, 2, 3, 8] {
            for jobs in [0, 1, 2, 7, 100] {
                let mut seen = Vec::new();
                let work = |job: usize, scratch: &mut usize, emit: &mut dyn FnMut((usize, usize))| {
                    *scratch += 1;
                    if job.is_multiple_of(3) {
                        thread::yield_now();
                    }
                    // Jobs emit 0 to 9 results, more than a queue holds.
                    (0..job % 10).filter(|_| job < jobs).for_each(|part| emit((job, part)));
                    job < jobs
                };
                in_order(workers, || 0, work, |result| seen.push(result));
                let expected: Vec<_> = (0..jobs).flat_map(|job| (0..job % 10).map(move |part| (job, part))).collect();
                assert_eq!(seen, expected, "{workers} workers, {jobs} jobs");
            }
        }
    }
}
