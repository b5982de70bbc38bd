//! Philox4x64-10: a keyed function of counters, whose blocks of four words are a stream.
//!
//! J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2,
//! 3", SC 2011. Word `w` of the stream is word `w mod 4` of the block with counter `w div 4 + 1`,
//! as NumPy's `Philox` makes them. Its counters have 256 bits: blocks whose third or fourth word is
//! not zero lie beyond the words that can be named, and are free for other uses.

use super::seed::SeedSequence;
use crate::isa::{Kernel, dispatch};

const MULTIPLIERS: [u64; 2] = [0xd2e7_470e_e14c_6c93, 0xca5a_8263_9512_1157];
const WEYL: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xbb67_ae85_84ca_a73b];
const ROUNDS: usize = 10;

/// Blocks that are computed at once: enough for four vectors of eight lanes.
const LANES: usize = 32;
/// Words of these blocks.
const GROUP: usize = 4 * LANES;
/// The words from which on a part of a group is computed as a whole one.
const WORTH: usize = 20;

/// A stream of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Philox {
    key: [u64; 2],
}

impl Philox {
    /// The stream of a key.
    #[must_use]
    pub const fn new(key: [u64; 2]) -> Self {
        Self { key }
    }

    /// The stream of a seed: NumPy's `Philox(seed_sequence)`.
    #[must_use]
    pub fn of(seed: &SeedSequence) -> Self {
        Self { key: seed.words() }
    }

    /// The key.
    #[must_use]
    pub const fn key(&self) -> [u64; 2] {
        self.key
    }

    /// The block of a counter of 256 bits, the lowest word first.
    #[inline]
    #[must_use]
    pub fn block(&self, counter: [u64; 4]) -> [u64; 4] {
        let (mut block, mut key) = (counter, self.key);
        for _ in 0..ROUNDS {
            let (first, second) = (wide(block[0], MULTIPLIERS[0]), wide(block[2], MULTIPLIERS[1]));
            block = [second.0 ^ block[1] ^ key[0], second.1, first.0 ^ block[3] ^ key[1], first.1];
            key = advanced(key);
        }
        block
    }

    /// One word of the stream.
    #[inline]
    #[must_use]
    pub fn word(&self, at: u128) -> u64 {
        self.block_at(at / 4)[(at % 4) as usize]
    }

    /// The block that words `4 number` to `4 number + 3` of the stream are.
    #[inline]
    #[must_use]
    pub(super) fn block_at(&self, number: u128) -> [u64; 4] {
        let counter = number + 1;
        self.block([counter as u64, (counter >> 64) as u64, 0, 0])
    }

    /// Consecutive words of the stream, from word `from` on; behind word 2^128 - 1 stands word 0.
    pub fn words(&self, from: u128, out: &mut [u64]) {
        let (mut at, mut rest) = (from, out);
        while !rest.is_empty() {
            let (number, skipped) = (at / 4, (at % 4) as usize);
            // The lowest word of the counters does not overflow.
            let is_low = (number as u64) < u64::MAX - (rest.len() + GROUP) as u64;
            let taken = if is_low && skipped == 0 && rest.len() >= GROUP {
                let (groups, _) = rest.as_chunks_mut::<GROUP>();
                let taken = groups.len() * GROUP;
                dispatch(Groups { key: self.key, counter: number + 1, groups });
                taken
            } else if is_low && rest.len() >= WORTH {
                let mut group = [[0; GROUP]];
                dispatch(Groups { key: self.key, counter: number + 1, groups: &mut group });
                let taken = rest.len().min(GROUP - skipped);
                rest[..taken].copy_from_slice(&group[0][skipped..skipped + taken]);
                taken
            } else {
                let taken = rest.len().min(4 - skipped);
                rest[..taken].copy_from_slice(&self.block_at(number)[skipped..skipped + taken]);
                taken
            };
            at = at.wrapping_add(taken as u128);
            rest = &mut rest[taken..];
        }
    }
}

/// The high and the low half of a product.
fn wide(x: u64, y: u64) -> (u64, u64) {
    let product = u128::from(x) * u128::from(y);
    ((product >> 64) as u64, product as u64)
}

fn advanced(key: [u64; 2]) -> [u64; 2] {
    [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])]
}

/// As [`wide`], from products of 32 bits: those that vector instructions have.
#[inline(always)]
fn wide_in_lanes(x: u64, y: u64) -> (u64, u64) {
    const LOW: u64 = 0xffff_ffff;
    let (x_high, x_low, y_high, y_low) = (x >> 32, x & LOW, y >> 32, y & LOW);
    let upper = x_low * y_high + ((x_low * y_low) >> 32);
    let lower = x_high * y_low + (upper & LOW);
    (x_high * y_high + (upper >> 32) + (lower >> 32), x.wrapping_mul(y))
}

/// Blocks with consecutive counters, whose lowest words do not overflow.
struct Groups<'a> {
    key: [u64; 2],
    counter: u128,
    groups: &'a mut [[u64; GROUP]],
}

impl Kernel for Groups<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (mut low, high) = (self.counter as u64, (self.counter >> 64) as u64);
        for group in self.groups {
            blocks(self.key, low, high, group);
            low += LANES as u64;
        }
    }
}

/// The blocks of the counters `low + lane`, with the high word `high`.
#[inline(always)]
fn blocks(key: [u64; 2], low: u64, high: u64, out: &mut [u64; GROUP]) {
    // The upper words are the same in all lanes, so two of the products of the first two rounds
    // are computed once.
    let next = advanced(key);
    let shared = wide(high ^ key[0], MULTIPLIERS[0]);
    let (mut first, mut second, mut third, mut fourth) = ([0; LANES], [0; LANES], [0; LANES], [0; LANES]);
    for lane in 0..LANES {
        let (upper, lower) = wide_in_lanes(low + lane as u64, MULTIPLIERS[0]);
        let product = wide_in_lanes(upper ^ key[1], MULTIPLIERS[1]);
        first[lane] = product.0 ^ next[0];
        second[lane] = product.1;
        third[lane] = shared.0 ^ lower ^ next[1];
        fourth[lane] = shared.1;
    }
    let mut key = advanced(next);
    for _ in 2..ROUNDS {
        for lane in 0..LANES {
            let (upper, lower) = wide_in_lanes(first[lane], MULTIPLIERS[0]);
            let product = wide_in_lanes(third[lane], MULTIPLIERS[1]);
            first[lane] = product.0 ^ second[lane] ^ key[0];
            second[lane] = product.1;
            third[lane] = upper ^ fourth[lane] ^ key[1];
            fourth[lane] = lower;
        }
        key = advanced(key);
    }
    let (blocks, _) = out.as_chunks_mut();
    for lane in 0..LANES {
        blocks[lane] = [first[lane], second[lane], third[lane], fourth[lane]];
    }
}
