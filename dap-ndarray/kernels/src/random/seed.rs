//! Seeds: NumPy's `SeedSequence`, which makes keys of any numbers, and of streams of one seed.
//!
//! The algorithm is NumPy's, after M. E. O'Neill's `seed_seq_fe128`: a pool of four 32-bit words
//! into which each word of the seed is mixed, and from which words of a key are hashed.

const POOL: usize = 4;
const MIX_LEFT: u32 = 0xca01_f9dd;
const MIX_RIGHT: u32 = 0x4973_f715;

/// A hash whose constant advances from word to word.
struct Hash {
    constant: u32,
    factor: u32,
}

impl Hash {
    const fn of_entropy() -> Self {
        Self { constant: 0x43b0_d7e5, factor: 0x931e_8875 }
    }

    const fn of_state() -> Self {
        Self { constant: 0x8b51_f9dd, factor: 0x58f3_8ded }
    }

    fn next(&mut self, word: u32) -> u32 {
        let mixed = word ^ self.constant;
        self.constant = self.constant.wrapping_mul(self.factor);
        let hashed = mixed.wrapping_mul(self.constant);
        hashed ^ hashed >> 16
    }
}

fn mix(left: u32, right: u32) -> u32 {
    let mixed = MIX_LEFT.wrapping_mul(left).wrapping_sub(MIX_RIGHT.wrapping_mul(right));
    mixed ^ mixed >> 16
}

/// A seed with the numbers of a stream: NumPy's `SeedSequence(entropy, spawn_key=stream)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SeedSequence {
    pool: [u32; POOL],
}

impl SeedSequence {
    /// The sequence of some numbers, as NumPy makes it of a list of integers, or of a single one.
    #[must_use]
    pub fn new(entropy: &[u128]) -> Self {
        Self::with_stream(entropy, &[])
    }

    /// The sequence of one of many independent streams, which numbers name: NumPy's `spawn_key`.
    #[must_use]
    pub fn with_stream(entropy: &[u128], stream: &[u128]) -> Self {
        let mut words: Vec<u32> = entropy.iter().copied().flat_map(words_of).collect();
        if !stream.is_empty() {
            // A short seed is filled up: the seed 1 with the stream 2 is not the seed [1, 2].
            words.resize(words.len().max(POOL), 0);
            words.extend(stream.iter().copied().flat_map(words_of));
        }
        let mut hash = Hash::of_entropy();
        let mut pool: [u32; POOL] = std::array::from_fn(|at| hash.next(words.get(at).copied().unwrap_or(0)));
        for source in 0..POOL {
            for target in (0..POOL).filter(|target| *target != source) {
                pool[target] = mix(pool[target], hash.next(pool[source]));
            }
        }
        for &word in words.iter().skip(POOL) {
            for target in &mut pool {
                *target = mix(*target, hash.next(word));
            }
        }
        Self { pool }
    }

    /// `N` words of 64 bits: NumPy's `generate_state(N, uint64)`.
    #[must_use]
    pub fn words<const N: usize>(&self) -> [u64; N] {
        let mut hash = Hash::of_state();
        let mut source = self.pool.iter().cycle();
        let mut half = || u64::from(hash.next(source.next().copied().unwrap_or(0)));
        std::array::from_fn(|_| half() | half() << 32)
    }
}

/// A number as 32-bit words, the lowest first, at least one.
fn words_of(number: u128) -> impl Iterator<Item = u32> {
    let len = (128 - number.leading_zeros()).div_ceil(32).max(1);
    (0..len).map(move |word| (number >> (32 * word)) as u32)
}
