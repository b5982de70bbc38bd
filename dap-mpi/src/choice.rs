//! Which of two ways is the faster one: found by trying, here and now.
//!
//! Which one it is depends on where the scheduler has put the ranks: through a cache that two cores share memory goes at another speed than
//! past it. So both ways are timed when an operation is first repeated, and the other one again now and then. All ranks decide
//! alike, for each tells the others what it saw.

use std::time::Instant;

/// The two ways of one operation.
#[derive(Debug, Default)]
pub(crate) struct Choice {
    uses: u64,
    /// This rank's last times, in nanoseconds; 0: not known.
    taken: [i64; 2],
    started: Option<(usize, Instant)>,
}

impl Choice {
    /// The first uses go this way: each way is used twice, as what is used for the first time is slow.
    const TRIALS: [usize; 4] = [0, 0, 1, 1];
    /// From one new trial of the slower way to the next, in uses.
    const AGAIN: u64 = 64;

    /// What this rank tells the others, who take the least of all.
    pub(crate) fn said(&self) -> [i64; 2] {
        self.taken.map(|taken| -taken)
    }

    /// The way to go, from the least of what all have said. The clock starts.
    pub(crate) fn start(&mut self, least: [i64; 2]) -> usize {
        let faster = usize::from(-least[1] < -least[0]);
        let way = match usize::try_from(self.uses).ok().and_then(|uses| Self::TRIALS.get(uses)) {
            Some(&way) => way,
            None if self.uses.is_multiple_of(Self::AGAIN) => 1 - faster,
            None => faster,
        };
        self.uses += 1;
        self.started = Some((way, Instant::now()));
        way
    }

    /// The clock stops.
    pub(crate) fn stop(&mut self) {
        let Some((way, start)) = self.started.take() else { return };
        self.taken[way] = i64::try_from(start.elapsed().as_nanos()).unwrap_or(i64::MAX).max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faster_way_is_taken() {
        let mut choice = Choice::default();
        let mut ways = Vec::new();
        for _ in 0..200 {
            let way = choice.start(choice.said());
            choice.stop();
            choice.taken[way] = [50, 40][way];
            ways.push(way);
        }
        assert_eq!(&ways[..6], [0, 0, 1, 1, 1, 1]);
        assert_eq!(ways[4..].iter().filter(|&&way| way == 0).count(), 3);
        // The other rank sees it differently, and slower counts.
        assert_eq!(choice.start([-50, -60]), 0);
    }
}
