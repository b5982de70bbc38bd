//! The processors that the ranks of a node may run on. Launchers bind each rank to its own, so no
//! rank sees all of them.

use std::mem::size_of_val;
use std::thread::available_parallelism;

use crate::error::Result;
use crate::raw::RawComm;

/// The number of words of a mask of 1024 processors.
const WORDS: usize = 1024 / 64;

/// The processors of one machine and the ranks that share them, all that are in the communicator:
/// also those of other nodes that `DAP_NODE_SIZE` makes of the machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProcessorShare {
    ranks: usize,
    /// Of all ranks together.
    processors: usize,
    /// That this rank may use.
    own: usize,
}

impl ProcessorShare {
    /// Of the ranks of a communicator on one machine. Collective.
    pub(super) fn of(machine: &RawComm) -> Result<ProcessorShare> {
        let mine = mine();
        let all = machine.gather_all(mine.iter().flat_map(|number| number.to_ne_bytes()).collect())?;
        let number = |bytes: &[u8]| bytes.try_into().map_or(0, i64::from_ne_bytes);
        let numbers: Vec<i64> = all.chunks_exact(size_of::<i64>()).map(number).collect();
        let said = || numbers.chunks_exact(mine.len());
        let own = of_all([&mine[..]].into_iter());
        Ok(ProcessorShare { ranks: said().count(), processors: of_all(said()), own })
    }

    /// Whether there are more ranks than processors.
    pub(super) fn is_oversubscribed(self) -> bool {
        self.ranks > self.processors
    }

    /// The number of processors for each rank: at least 1, and no more than this rank may use.
    pub(crate) fn processors_per_rank(self) -> usize {
        (self.processors / self.ranks.max(1)).min(self.own).max(1)
    }
}

/// This process's processors, one bit each, as numbers that can be sent; the last number is how
/// many of them may be busy at a time.
fn mine() -> [i64; WORDS + 1] {
    let mut mask = [0_u64; WORDS];
    // SAFETY: the kernel writes at most the size that is given, which is the mask's; 0 is the
    // calling thread. Where it fails the mask stays empty.
    unsafe { libc::sched_getaffinity(0, size_of_val(&mask), mask.as_mut_ptr().cast()) };
    let mut numbers = [0; WORDS + 1];
    for (number, word) in numbers.iter_mut().zip(mask) {
        *number = word as i64;
    }
    let allowed = count(&numbers[..WORDS]);
    let at_a_time = available_parallelism().map_or(1, usize::from);
    // Only a quota makes this number less than the number of allowed processors.
    numbers[WORDS] = if at_a_time < allowed { at_a_time as i64 } else { i64::MAX };
    numbers
}

/// The number of processors of all ranks that sent these numbers.
fn of_all<'n>(said: impl Iterator<Item = &'n [i64]>) -> usize {
    let mut all = [0; WORDS];
    let mut quota = i64::MAX;
    for numbers in said {
        all.iter_mut().zip(numbers).for_each(|(all, &number)| *all |= number);
        quota = quota.min(numbers.get(WORDS).copied().unwrap_or(0));
    }
    count(&all).min(usize::try_from(quota).unwrap_or(0))
}

fn count(mask: &[i64]) -> usize {
    mask.iter().map(|word| word.count_ones() as usize).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_that_are_bound_have_all_processors_together() {
        let bound = |processor: usize, quota: i64| {
            let mut numbers = [0; WORDS + 1];
            numbers[processor / 64] = 1 << (processor % 64);
            numbers[WORDS] = quota;
            numbers
        };
        let all = |said: &[[i64; WORDS + 1]]| of_all(said.iter().map(|numbers| &numbers[..]));
        assert_eq!(all(&[bound(0, i64::MAX), bound(63, i64::MAX), bound(64, i64::MAX)]), 3);
        assert_eq!(all(&[bound(7, i64::MAX), bound(7, i64::MAX)]), 1);
        assert_eq!(all(&[bound(0, 2), bound(1, 2), bound(2, 2)]), 2);
        assert!(of_all([&mine()[..]].into_iter()) >= 1);
    }

    #[test]
    fn each_rank_has_a_part_of_the_processors() {
        let parts = |ranks, processors, own| ProcessorShare { ranks, processors, own }.processors_per_rank();
        assert_eq!([parts(1, 8, 8), parts(2, 8, 8), parts(3, 8, 8), parts(9, 8, 8)], [8, 4, 2, 1]);
        // Ranks that are bound.
        assert_eq!([parts(2, 2, 1), parts(2, 8, 1), parts(2, 8, 7)], [1, 1, 4]);
        assert_eq!([parts(0, 0, 0), parts(1, 0, 0)], [1, 1]);
    }
}
