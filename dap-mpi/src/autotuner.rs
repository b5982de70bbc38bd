//! An autotuner: finds the fastest of several alternatives by timing them.
//!
//! The answer depends on where the scheduler has put the ranks: memory is copied at another speed
//! through a cache that two cores share. So all alternatives are timed when an operation is first
//! repeated, and one of them is timed again now and then. All ranks choose alike, since they
//! exchange their timings.

use std::time::Instant;

/// The timings of `N` alternatives of one operation.
#[derive(Debug)]
pub(crate) struct Autotuner<const N: usize> {
    uses: u64,
    /// This rank's latest times, in nanoseconds; 0 if unknown.
    taken: [i64; N],
    started: Option<(usize, Instant)>,
}

/// The number of times that each alternative runs at first; a first run is slow.
const TRIALS: u64 = 2;
/// The number of uses between two trials of another alternative.
const AGAIN: u64 = 64;

impl<const N: usize> Autotuner<N> {
    pub(crate) fn new() -> Autotuner<N> {
        Autotuner { uses: 0, taken: [0; N], started: None }
    }

    /// Negated timings, so that an element-wise MPI minimum yields the slowest rank's time.
    pub(crate) fn negated_times(&self) -> [i64; N] {
        self.taken.map(|taken| -taken)
    }

    /// The alternative to use, chosen from the minima of all ranks' negated timings. The clock
    /// starts.
    pub(crate) fn start(&mut self, least: [i64; N]) -> usize {
        let fastest = (0..N).max_by_key(|&alternative| (least[alternative], N - alternative)).unwrap_or(0);
        let alternatives = N as u64;
        let alternative = if self.uses < TRIALS * alternatives {
            (self.uses / TRIALS) as usize
        } else if self.uses.is_multiple_of(AGAIN) {
            // The other alternatives are tried in turn.
            (fastest + 1 + (self.uses / AGAIN % (alternatives - 1)) as usize) % N
        } else {
            fastest
        };
        self.uses += 1;
        self.started = Some((alternative, Instant::now()));
        alternative
    }

    /// The clock stops.
    pub(crate) fn stop(&mut self) {
        let Some((alternative, start)) = self.started.take() else { return };
        self.taken[alternative] = i64::try_from(start.elapsed().as_nanos()).unwrap_or(i64::MAX).max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fastest_is_used() {
        let mut autotuner = Autotuner::new();
        let mut alternatives = Vec::new();
        for _ in 0..260 {
            let alternative = autotuner.start(autotuner.negated_times());
            autotuner.stop();
            autotuner.taken[alternative] = [50, 40, 60][alternative];
            alternatives.push(alternative);
        }
        assert_eq!(&alternatives[..8], [0, 0, 1, 1, 2, 2, 1, 1]);
        let others: Vec<usize> = alternatives[6..].iter().copied().filter(|&alternative| alternative != 1).collect();
        assert_eq!(others, [0, 2, 0, 2]);
        // Another rank measured other times; the slowest rank counts.
        assert_eq!(autotuner.start([-50, -70, -60]), 0);
    }
}
