//! Which of several ways is the fastest: found by trying, here and now.
//!
//! Which one it is depends on where the scheduler has put the ranks: through a cache that two cores
//! share memory goes at another speed than past it. So all ways are timed when an operation is
//! first repeated, and another one again now and then. All ranks decide alike, for each tells the
//! others what it saw.

use std::time::Instant;

/// The `N` ways of one operation.
#[derive(Debug)]
pub(crate) struct Autotuner<const N: usize> {
    uses: u64,
    /// This rank's last times, in nanoseconds; 0: not known.
    taken: [i64; N],
    started: Option<(usize, Instant)>,
}

/// Each strategy is used so often at first, as what is used for the first time is slow.
const TRIALS: u64 = 2;
/// From one new trial of another strategy to the next, in uses.
const AGAIN: u64 = 64;

impl<const N: usize> Autotuner<N> {
    pub(crate) fn new() -> Autotuner<N> {
        Autotuner { uses: 0, taken: [0; N], started: None }
    }

    /// What this rank tells the others, who take the least of all.
    pub(crate) fn said(&self) -> [i64; N] {
        self.taken.map(|taken| -taken)
    }

    /// The strategy to go, from the least of what all have said. The clock starts.
    pub(crate) fn start(&mut self, least: [i64; N]) -> usize {
        let fastest = (0..N).max_by_key(|&strategy| (least[strategy], N - strategy)).unwrap_or(0);
        let ways = N as u64;
        let strategy = if self.uses < TRIALS * ways {
            (self.uses / TRIALS) as usize
        } else if self.uses.is_multiple_of(AGAIN) {
            // One of the others, in turn.
            (fastest + 1 + (self.uses / AGAIN % (ways - 1)) as usize) % N
        } else {
            fastest
        };
        self.uses += 1;
        self.started = Some((strategy, Instant::now()));
        strategy
    }

    /// The clock stops.
    pub(crate) fn stop(&mut self) {
        let Some((strategy, start)) = self.started.take() else { return };
        self.taken[strategy] = i64::try_from(start.elapsed().as_nanos()).unwrap_or(i64::MAX).max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fastest_way_is_taken() {
        let mut autotuner = Autotuner::new();
        let mut ways = Vec::new();
        for _ in 0..260 {
            let strategy = autotuner.start(autotuner.said());
            autotuner.stop();
            autotuner.taken[strategy] = [50, 40, 60][strategy];
            ways.push(strategy);
        }
        assert_eq!(&ways[..8], [0, 0, 1, 1, 2, 2, 1, 1]);
        let others: Vec<usize> = ways[6..].iter().copied().filter(|&strategy| strategy != 1).collect();
        assert_eq!(others, [0, 2, 0, 2]);
        // Another rank sees it differently, and slower counts.
        assert_eq!(autotuner.start([-50, -70, -60]), 0);
    }
}
