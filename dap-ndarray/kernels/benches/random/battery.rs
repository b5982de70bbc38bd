//! The battery: each test gives a statistic that is about normal with mean 0 and variance 1, if the
//! words are independent and uniform.

use crate::sources::{NAMES, Source, source};

/// The words of a test.
const WORDS: usize = 1 << 21;

type Test = (&'static str, fn(&mut Source) -> f64);

const TESTS: [Test; 7] = [
    ("bytes", |source| pieces(source, 8)),
    ("16-bit pieces", |source| pieces(source, 16)),
    ("neighbouring high bits", pairs),
    ("weights", weights),
    ("weights of neighbours", weight_pairs),
    ("birthday spacings", birthdays),
    ("matrix ranks", ranks),
];

/// All tests on all sources.
pub(crate) fn run(seed: u64) {
    let mut failed = 0;
    for name in NAMES {
        for (test, statistic) in TESTS {
            let mut source = source(name, seed).expect("a source for each name");
            let found = statistic(&mut source);
            let is_bad = found.is_nan() || found.abs() > 5.0;
            failed += usize::from(is_bad);
            println!("{name:10} {test:24} {found:7.2}{}", if is_bad { "  BEYOND 5" } else { "" });
        }
    }
    println!("{} tests, seed {seed}: {failed} beyond 5 standard deviations", NAMES.len() * TESTS.len());
    if failed > 0 {
        std::process::exit(1);
    }
}

/// A chi-square with many degrees of freedom, by Wilson and Hilferty.
fn chi_square(counts: &[u64], expected: impl Fn(usize) -> f64) -> f64 {
    let terms = counts.iter().enumerate().map(|(at, &count)| (count as f64 - expected(at)).powi(2) / expected(at));
    let freedom = counts.len() as f64 - 1.0;
    let width = 2.0 / (9.0 * freedom);
    ((terms.sum::<f64>() / freedom).cbrt() - (1.0 - width)) / width.sqrt()
}

/// Equal counts of all pieces of some bits.
fn pieces(source: &mut Source, bits: u32) -> f64 {
    let mut counts = vec![0; 1 << bits];
    for _ in 0..WORDS {
        let word = source();
        (0..64 / bits).for_each(|piece| counts[(word >> (piece * bits)) as usize & ((1 << bits) - 1)] += 1);
    }
    let expected = WORDS as f64 * f64::from(64 / bits) / counts.len() as f64;
    chi_square(&counts, |_| expected)
}

/// Equal counts of pairs of the highest 8 bits of neighbours.
fn pairs(source: &mut Source) -> f64 {
    let mut counts = vec![0; 1 << 16];
    (0..WORDS).for_each(|_| counts[(source() >> 56 << 8 | source() >> 56) as usize] += 1);
    chi_square(&counts, |_| WORDS as f64 / 65_536.0)
}

/// Classes of words by their number of ones: up to 25, pairs of numbers, 38 and more.
const CLASSES: usize = 8;

/// The probabilities of the classes.
fn weight_classes() -> [f64; CLASSES] {
    let mut classes = [0.0; CLASSES];
    let mut probability = 0.5_f64.powi(64);
    for ones in 0..=64 {
        classes[class(ones)] += probability;
        probability *= f64::from(64 - ones) / f64::from(ones + 1);
    }
    classes
}

fn class(ones: u32) -> usize {
    (ones.clamp(25, 39) as usize - 25).div_ceil(2)
}

fn weights(source: &mut Source) -> f64 {
    let mut counts = [0; CLASSES];
    (0..WORDS).for_each(|_| counts[class(source().count_ones())] += 1);
    let classes = weight_classes();
    chi_square(&counts, |at| WORDS as f64 * classes[at])
}

fn weight_pairs(source: &mut Source) -> f64 {
    let mut counts = [0; CLASSES * CLASSES];
    (0..WORDS).for_each(|_| counts[class(source().count_ones()) * CLASSES + class(source().count_ones())] += 1);
    let classes = weight_classes();
    chi_square(&counts, |at| WORDS as f64 * classes[at / CLASSES] * classes[at % CLASSES])
}

/// G. Marsaglia's test: of 2^12 birthdays in 2^32 days, the number of spacings that occur again is
/// about Poisson with mean 4.
fn birthdays(source: &mut Source) -> f64 {
    const ROUNDS: u32 = 400;
    let mut repeated = 0;
    for _ in 0..ROUNDS {
        let mut days: Vec<u64> = (0..1 << 12).map(|_| source() >> 32).collect();
        days.sort_unstable();
        let mut spacings: Vec<u64> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
        spacings.sort_unstable();
        repeated += spacings.windows(2).filter(|pair| pair[0] == pair[1]).count();
    }
    let expected = 4.0 * f64::from(ROUNDS);
    (repeated as f64 - expected) / expected.sqrt()
}

/// The ranks of matrices of 64 words.
fn ranks(source: &mut Source) -> f64 {
    // Full rank, one less, fewer: the product over k of 1 - 2^-k, and so on.
    const EXPECTED: [f64; 3] = [0.288_788_095_086_602_4, 0.577_576_190_173_204_8, 0.133_635_714_740_192_8];
    let mut counts = [0; 3];
    for _ in 0..WORDS / 64 {
        let mut rows: [u64; 64] = std::array::from_fn(|_| source());
        let mut rank = 0;
        for bit in 0..64 {
            if let Some(pivot) = (rank..64).find(|&row| rows[row] >> bit & 1 == 1) {
                rows.swap(rank, pivot);
                let pivot = rows[rank];
                rows[rank + 1..].iter_mut().filter(|row| **row >> bit & 1 == 1).for_each(|row| *row ^= pivot);
                rank += 1;
            }
        }
        counts[(64 - rank).min(2)] += 1;
    }
    chi_square(&counts, |at| (WORDS / 64) as f64 * EXPECTED[at])
}
