//! The record of this process: one entry for each file and direction.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Files that have an entry of their own.
const FILES: usize = 1000;
/// Runs of an entry that are kept.
const RUNS: usize = 256;

/// Whether requests are recorded: not yet known, no, or yes.
static STATE: AtomicU8 = AtomicU8::new(UNKNOWN);
const UNKNOWN: u8 = 0;
const OFF: u8 = 1;
const ON: u8 = 2;

static RECORD: Mutex<Record> = Mutex::new(Record::new());

type Record = BTreeMap<(PathBuf, Direction), Requests>;

/// The direction of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Read,
    Write,
}

/// The requests to a file in one direction.
#[derive(Debug, Default)]
pub(super) struct Requests {
    pub(super) bytes: u64,
    pub(super) count: u64,
    pub(super) seconds: f64,
    runs: Vec<Range<u64>>,
}

/// Records the requests of this process from now on. Local.
pub fn start() {
    STATE.store(ON, Ordering::Relaxed);
}

/// Records no more requests. Local.
pub fn stop() {
    STATE.store(OFF, Ordering::Relaxed);
}

fn is_on() -> bool {
    match STATE.load(Ordering::Relaxed) {
        OFF => false,
        ON => true,
        _ => {
            let is_on = std::env::var_os("DAP_IO_TRACE").is_some_and(|value| !value.is_empty() && value != "0");
            STATE.store(if is_on { ON } else { OFF }, Ordering::Relaxed);
            is_on
        }
    }
}

/// Makes a request for `len` bytes from byte `at` of a file on, and records it if it succeeds.
pub(crate) fn timed<T, E>(
    path: &Path,
    direction: Direction,
    (at, len): (u64, usize),
    request: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    if !is_on() {
        return request();
    }
    let began = Instant::now();
    let done = request()?;
    let seconds = began.elapsed().as_secs_f64();
    let mut record = RECORD.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (path.to_owned(), direction);
    let is_named = record.len() < FILES || record.contains_key(&key);
    let key = if is_named { key } else { (PathBuf::new(), direction) };
    record.entry(key).or_default().add(at..at + len as u64, seconds);
    Ok(done)
}

/// The record so far; it is empty afterwards.
pub(super) fn take() -> Record {
    std::mem::take(&mut *RECORD.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Requests {
    fn add(&mut self, run: Range<u64>, seconds: f64) {
        self.bytes += run.end - run.start;
        self.count += 1;
        self.seconds += seconds;
        match self.runs.last_mut() {
            Some(last) if last.end == run.start => last.end = run.end,
            _ => self.runs.push(run),
        }
        if self.runs.len() > 2 * RUNS {
            self.runs = joined(std::mem::take(&mut self.runs));
        }
    }

    /// The runs in rising order.
    pub(super) fn runs(&self) -> Vec<Range<u64>> {
        joined(self.runs.clone())
    }
}

/// Runs in rising order that do not touch, at most [`RUNS`]: the narrowest gaps are closed.
fn joined(mut runs: Vec<Range<u64>>) -> Vec<Range<u64>> {
    runs.sort_unstable_by_key(|run| run.start);
    let mut joined: Vec<Range<u64>> = Vec::with_capacity(runs.len());
    for run in runs.into_iter().filter(|run| !run.is_empty()) {
        match joined.last_mut() {
            Some(last) if last.end >= run.start => last.end = last.end.max(run.end),
            _ => joined.push(run),
        }
    }
    if joined.len() <= RUNS {
        return joined;
    }
    let mut gaps: Vec<u64> = joined.windows(2).map(|pair| pair[1].start - pair[0].end).collect();
    gaps.sort_unstable();
    let widest_closed = gaps[joined.len() - RUNS - 1];
    let mut fewer: Vec<Range<u64>> = Vec::with_capacity(RUNS);
    for run in joined {
        match fewer.last_mut() {
            Some(last) if run.start - last.end <= widest_closed => last.end = run.end,
            _ => fewer.push(run),
        }
    }
    fewer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_joined_across_the_narrowest_gaps() {
        assert_eq!(joined(vec![4..6, 0..2, 2..3, 5..9, 12..12]), [0..3, 4..9]);
        // Gaps of 1 and of 5 in turn.
        let starts = (0..RUNS as u64).flat_map(|pair| [pair * 8, pair * 8 + 2]);
        let runs: Vec<_> = starts.map(|start| start..start + 1).collect();
        let expected: Vec<_> = (0..RUNS as u64).map(|pair| pair * 8..pair * 8 + 3).collect();
        assert_eq!(joined(runs), expected);
    }

    #[test]
    fn many_requests_take_bounded_memory() {
        let mut requests = Requests::default();
        for number in (0..100_000_u64).rev() {
            requests.add(number * 10..number * 10 + 4, 0.5);
        }
        assert!(requests.runs.len() <= 2 * RUNS);
        let runs = requests.runs();
        assert!(runs.len() <= RUNS && runs[0].start == 0 && runs.last().unwrap().end == 999_994, "{runs:?}");
        assert_eq!((requests.bytes, requests.count, requests.seconds), (400_000, 100_000, 50_000.0));
    }
}
