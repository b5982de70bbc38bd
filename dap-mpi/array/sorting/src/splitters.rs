//! Splitters: the records at which the parts of a sorted line begin, found by counting.
//!
//! A round counts the records of all ranks by a digit of their words, and keeps for each position
//! that is looked for the value in which it lies. The next round counts the records with that value
//! by the next digit. It ends where a position is the first of its value, or where records do not
//! differ any more: these are shared out in the order of the ranks. No record is moved or sorted,
//! and each position is met exactly.

use std::cmp::Ordering;

use dap_kernels::sort::{Digit, Histogram, Record, Varying};
use dap_mpi::{Comm, Result};

use crate::bounds::Bounds;
use crate::source::Source;

/// Counters of a round, of all ranks together.
const COUNTERS: usize = 1 << 20;
/// The most bits of the first round and of a later one.
const FIRST: u32 = 16;
const LATER: u32 = 10;
/// Records that may be kept for later rounds, instead of being looked for again.
const KEPT: u64 = 1 << 19;

/// The first record behind a position.
#[derive(Debug, Clone)]
pub(crate) struct Splitter {
    words: Vec<u64>,
    /// Of the records of this rank with exactly these words, the number before the position.
    ties: u64,
}

impl Splitter {
    /// Whether a record is less than the splitter, equal to it, or greater.
    #[inline]
    pub(crate) fn compare<R: Record>(&self, record: &R) -> Ordering {
        (0..R::WORDS)
            .map(|at| record.word(at).cmp(&self.words[at]))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// See the field.
    pub(crate) fn ties(&self) -> u64 {
        self.ties
    }
}

/// The splitters of a line, and the counts of its first round.
pub(crate) struct Splitters {
    /// The most records that a rank has.
    pub(crate) longest: u64,
    /// The counts of all ranks by the first digit.
    pub(crate) histogram: Histogram,
    /// A splitter behind each part; `None` where no record is behind it.
    pub(crate) splitters: Vec<Option<Splitter>>,
}

/// Records with the same leading bits, among which positions lie.
struct Open<R> {
    /// The bits that are known; the others are 0.
    words: Vec<u64>,
    /// The known bits are those before bit `end` of this word.
    word: usize,
    end: u32,
    /// The parts whose end lies here, with its position among the records here.
    places: Vec<(usize, u64)>,
    /// The number of records here, on each rank.
    counts: Vec<u64>,
    /// The records of this rank, if they are few.
    kept: Option<Vec<R>>,
}

impl<R: Record> Open<R> {
    fn has(&self, record: &R) -> bool {
        (0..self.word).all(|at| record.word(at) == self.words[at])
            && self.end < 64
            && (record.word(self.word) ^ self.words[self.word]) >> self.end == 0
    }

    /// The digit of the next round; `None` if the records do not differ.
    fn digit(&self, varying: &Varying, bits: u32) -> Option<Digit> {
        let below = |word: usize, end: u32| {
            let differs = varying.differs(word) & if end == 64 { u64::MAX } else { (1 << end) - 1 };
            (differs != 0).then(|| Digit::below(word, 64 - differs.leading_zeros(), bits))
        };
        below(self.word, self.end).or_else(|| (self.word + 1..R::WORDS).find_map(|word| below(word, 64)))
    }
}

/// Finds the splitters. Collective.
pub(crate) fn find<R: Record>(comm: &Comm, source: &impl Source<Record = R>, bounds: &Bounds) -> Result<Splitters> {
    let (ranks, here) = (comm.size() as usize, comm.rank() as usize);
    let mut varying = Varying::none::<R>();
    source.for_each_block(|block| varying.add(block));
    let mut words = varying.words();
    words.push(source.len() as u64);
    let all = comm.gather_words(&words)?;
    let lens: Vec<u64> = all.chunks(words.len()).map(|words| words[words.len() - 1]).collect();
    for words in all.chunks(words.len()) {
        varying.add_words(&words[..words.len() - 1]);
    }
    let total: u64 = lens.iter().sum();
    let longest = lens.iter().copied().max().unwrap_or(0);
    let bits = (COUNTERS / ranks).max(16).ilog2().min(total.max(2).ilog2() + 1).clamp(4, FIRST);
    let digit = varying.digit(bits).unwrap_or(Digit { word: 0, shift: 0, bits: 1 });
    let mut mine = Histogram::new(digit);
    source.for_each_block(|block| mine.add(block));
    let by_rank = comm.gather_words(&mine.counts)?;
    let mut histogram = Histogram::new(digit);
    for counts in by_rank.chunks(digit.values()) {
        histogram.counts.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    let mut found: Vec<Option<Splitter>> = vec![None; bounds.holders.len()];
    let first = Open {
        words: constant_bits::<R>(&varying),
        word: 0,
        end: 64,
        places: (0..bounds.holders.len())
            .map(|part| (part, bounds.range(part).end))
            .filter(|it| it.1 < total)
            .collect(),
        counts: lens,
        kept: None,
    };
    let mut open = narrowed(first, digit, &by_rank, here, &varying, &mut found);
    while !open.is_empty() {
        keep(source, &mut open, here);
        let bits = (COUNTERS / ranks / open.len()).max(2).ilog2().clamp(2, LATER);
        let digits: Vec<Digit> = open.iter().filter_map(|it| it.digit(&varying, bits)).collect();
        let mut counts: Vec<Histogram> = digits.iter().map(|&digit| Histogram::new(digit)).collect();
        for (it, counts) in open.iter().zip(&mut counts) {
            it.kept.iter().for_each(|kept| counts.add(kept));
        }
        if open.iter().any(|it| it.kept.is_none()) {
            source.for_each_block(|block| {
                for (it, counts) in open.iter().zip(&mut counts).filter(|(it, _)| it.kept.is_none()) {
                    for record in block.iter().filter(|record| it.has(record)) {
                        counts.counts[counts.digit.of(record)] += 1;
                    }
                }
            });
        }
        let words: Vec<u64> = counts.iter().flat_map(|counts| counts.counts.iter().copied()).collect();
        let all = comm.gather_words(&words)?;
        let mut next = Vec::new();
        let mut from = 0;
        for (it, digit) in open.into_iter().zip(digits) {
            let by_rank: Vec<u64> =
                all.chunks(words.len()).flat_map(|words| words[from..][..digit.values()].to_vec()).collect();
            from += digit.values();
            next.extend(narrowed(it, digit, &by_rank, here, &varying, &mut found));
        }
        open = next;
    }
    Ok(Splitters { longest, histogram, splitters: found })
}

/// The bits that all records have, where they do not differ; the others are 0.
fn constant_bits<R: Record>(varying: &Varying) -> Vec<u64> {
    let words = varying.words();
    (0..R::WORDS).map(|at| words[at] & !varying.differs(at)).collect()
}

/// Has this rank keep the records of those ranges that have few on it.
fn keep<R: Record>(source: &impl Source<Record = R>, open: &mut [Open<R>], here: usize) {
    let mut left = KEPT;
    let mut chosen = Vec::new();
    for (at, it) in open.iter_mut().enumerate() {
        if it.kept.is_some() {
            left = left.saturating_sub(it.counts[here]);
        } else if it.counts[here] <= left {
            left -= it.counts[here];
            it.kept = Some(Vec::with_capacity(it.counts[here] as usize));
            if it.counts[here] > 0 {
                chosen.push(at);
            }
        }
    }
    if !chosen.is_empty() {
        source.for_each_block(|block| {
            for &at in &chosen {
                let it = &mut open[at];
                let mut kept = it.kept.take().unwrap_or_default();
                kept.extend(block.iter().filter(|record| it.has(record)));
                it.kept = Some(kept);
            }
        });
    }
}

/// The ranges that follow from the counts of a range by a digit, on each rank; positions that are
/// decided become splitters.
fn narrowed<R: Record>(
    open: Open<R>,
    digit: Digit,
    by_rank: &[u64],
    here: usize,
    varying: &Varying,
    found: &mut [Option<Splitter>],
) -> Vec<Open<R>> {
    let mut next: Vec<Open<R>> = Vec::new();
    let values = digit.values();
    let (mut value, mut before) = (0, 0);
    let count = |value: usize| by_rank.iter().skip(value).step_by(values).sum::<u64>();
    let mut here_now = count(0);
    let mut begun = usize::MAX;
    for &(part, place) in &open.places {
        while place >= before + here_now && value + 1 < values {
            before += here_now;
            value += 1;
            here_now = count(value);
        }
        let mut words = open.words.clone();
        words[digit.word] |= (value as u64) << digit.shift;
        if place == before {
            found[part] = Some(Splitter { words, ties: 0 });
            continue;
        }
        if begun != value {
            begun = value;
            let counts = by_rank.iter().skip(value).step_by(values).copied().collect();
            let kept =
                open.kept.as_ref().map(|kept| kept.iter().filter(|it| digit.of(*it) == value).copied().collect());
            next.push(Open { words, word: digit.word, end: digit.shift, places: Vec::new(), counts, kept });
        }
        if let Some(last) = next.last_mut() {
            last.places.push((part, place - before));
        }
    }
    // Records that do not differ any more are shared out in the order of the ranks.
    next.retain(|it| {
        if it.digit(varying, 1).is_some() {
            return true;
        }
        let lower: u64 = it.counts[..here].iter().sum();
        for &(part, place) in &it.places {
            let ties = place.saturating_sub(lower).min(it.counts[here]);
            found[part] = Some(Splitter { words: it.words.clone(), ties });
        }
        false
    });
    next
}
