//! A step that is repeated for each element until a condition fails: escape times, fixed points,
//! Newton's iteration.
//!
//! Elements need different numbers of steps. A block of elements takes each step
//! together, which the compiler vectorises; elements that are done are not counted on, but take
//! the steps with the others. Threads share the blocks: each takes the next ones when it is ready.
//!
//! ```
//! use dap_kernels::iterate::iterate;
//!
//! // Collatz: the number of steps to 1.
//! let mut counts = [0; 4];
//! iterate(&[&[1_u64, 7, 8, 27]], &mut counts, 1000, |[n]| n != 1, |[n]| {
//!     [if n % 2 == 0 { n / 2 } else { 3 * n + 1 }]
//! });
//! assert_eq!(counts, [0, 16, 3, 111]);
//! ```

use std::sync::Mutex;

use crate::environment::Environment;
use crate::isa::{Isa, Kernel, dispatch_to};
use crate::threads;

/// Elements that a thread takes at once: enough to hide the taking.
const CHUNK: usize = 1024;

/// Writes to each of `counts` how often `step` was applied to an element's state, which begins with
/// the element of each of `start`, until `go_on` failed; `most` at most.
///
/// Both closures are also called with states that follow one for which `go_on` failed, without
/// effect on the result.
///
/// # Panics
/// If the lengths differ.
pub fn iterate<T: Copy + Default + Sync, const N: usize>(
    start: &[&[T]; N],
    counts: &mut [u32],
    most: u32,
    go_on: impl Fn([T; N]) -> bool + Sync,
    step: impl Fn([T; N]) -> [T; N] + Sync,
) {
    iterate_with(Isa::in_use(), threads::threads(), start, counts, most, go_on, step);
}

/// As [`iterate`], with an instruction set and a number of threads.
///
/// # Panics
/// If the lengths differ.
pub fn iterate_with<T: Copy + Default + Sync, const N: usize>(
    isa: Isa,
    wanted: usize,
    start: &[&[T]; N],
    counts: &mut [u32],
    most: u32,
    go_on: impl Fn([T; N]) -> bool + Sync,
    step: impl Fn([T; N]) -> [T; N] + Sync,
) {
    for state in start {
        assert_eq!(state.len(), counts.len(), "each element has a start and a count");
    }
    let parts = threads::parts(counts.len(), CHUNK, wanted);
    let chunks = Mutex::new(counts.chunks_mut(CHUNK).enumerate());
    threads::for_parts(parts, |_| {
        let _environment = Environment::new();
        loop {
            let next = chunks.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).next();
            let Some((number, counts)) = next else { break };
            let start = start.map(|state| &state[number * CHUNK..][..counts.len()]);
            let (go_on, step) = (&go_on, &step);
            // The blocks fit the registers: 32 of 512 bits, or 16 of 256.
            if isa == Isa::Avx512 {
                dispatch_to(isa, Iteration::<_, N, 64, _, _> { start, counts, most, go_on, step });
            } else {
                dispatch_to(isa, Iteration::<_, N, 32, _, _> { start, counts, most, go_on, step });
            }
        }
    });
}

/// The steps of blocks of `LANES` elements.
struct Iteration<'a, T, const N: usize, const LANES: usize, G, S> {
    start: [&'a [T]; N],
    counts: &'a mut [u32],
    most: u32,
    go_on: &'a G,
    step: &'a S,
}

impl<T: Copy + Default, const N: usize, const LANES: usize, G, S> Kernel for Iteration<'_, T, N, LANES, G, S>
where
    G: Fn([T; N]) -> bool,
    S: Fn([T; N]) -> [T; N],
{
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (block, counts) in self.counts.chunks_mut(LANES).enumerate() {
            let n = counts.len();
            // The last block is filled with its first element, so that it needs no more steps.
            let mut states = [[T::default(); LANES]; N];
            for (states, start) in states.iter_mut().zip(self.start) {
                let start = &start[block * LANES..][..n];
                states.fill(start[0]);
                states[..n].copy_from_slice(start);
            }
            let (mut taken, mut going) = ([0_u32; LANES], [1_u32; LANES]);
            for _ in 0..self.most {
                let mut any = 0_u32;
                for lane in 0..LANES {
                    let state: [T; N] = std::array::from_fn(|part| states[part][lane]);
                    let next = (self.step)(state);
                    for part in 0..N {
                        states[part][lane] = next[part];
                    }
                    going[lane] &= u32::from((self.go_on)(state));
                    taken[lane] += going[lane];
                    any |= going[lane];
                }
                if any == 0 {
                    break;
                }
            }
            counts.copy_from_slice(&taken[..n]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One element at a time.
    fn slowly(start: &[f32], most: u32) -> Vec<u32> {
        let count = |&start: &f32| {
            let (mut x, mut n) = (start, 0);
            while n < most && x < 100.0 {
                (x, n) = (x * 1.5 + 0.25, n + 1);
            }
            n
        };
        start.iter().map(count).collect()
    }

    #[test]
    fn counts_are_those_of_single_elements() {
        for len in [0, 1, 63, 64, 65, 1000, CHUNK, 3 * CHUNK + 17] {
            let start: Vec<f32> = (0..len).map(|item| (item * 37 % 211) as f32 - 20.0).collect();
            for most in [0, 1, 12, 40] {
                let expected = slowly(&start, most);
                for isa in Isa::available() {
                    for threads in [1, 3] {
                        let mut counts = vec![7; len];
                        iterate_with(
                            *isa,
                            threads,
                            &[&start],
                            &mut counts,
                            most,
                            |[x]| x < 100.0,
                            |[x]| [x * 1.5 + 0.25],
                        );
                        assert_eq!(counts, expected, "{len} {most} {}", isa.name());
                    }
                }
            }
        }
    }

    /// The Julia set of -0.045 + 0.45 i with 100 steps at most: a published number of iterations.
    #[test]
    fn a_julia_set_takes_its_number_of_iterations() {
        let axis: Vec<f32> = (0..1024).map(|index| index as f32 * (3.0 / 1024.0) - 1.5).collect();
        let re: Vec<f32> = axis.iter().flat_map(|&re| [re; 1024]).collect();
        let im: Vec<f32> = axis.iter().cycle().take(re.len()).copied().collect();
        let mut counts = vec![0; re.len()];
        let inside = |[re, im]: [f32; 2]| re * re + im * im <= 4.0;
        iterate(&[&re, &im], &mut counts, 100, inside, |[re, im]| [re * re - im * im - 0.045, 2.0 * re * im + 0.45]);
        assert_eq!(counts.iter().map(|&count| u64::from(count)).sum::<u64>(), 32_763_832);
    }

    #[test]
    #[should_panic(expected = "each element has a start and a count")]
    fn other_lengths_are_refused() {
        iterate(&[&[1.0, 2.0]], &mut [0], 1, |[x]| x < 2.0, |[x]| [x + 1.0]);
    }
}
