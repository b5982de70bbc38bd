//! The processors that the ranks of a node may run on. Launchers bind each rank to its own, so no
//! rank sees all of them.

use std::mem::size_of_val;
use std::thread::available_parallelism;

/// The number of words of a mask of 1024 processors.
const WORDS: usize = 1024 / 64;

/// This process's processors, one bit each, as numbers that can be sent; the last number is how
/// many of them may be busy at a time.
pub(super) fn mine() -> [i64; WORDS + 1] {
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
pub(super) fn of_all<'n>(said: impl Iterator<Item = &'n [i64]>) -> usize {
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
}
