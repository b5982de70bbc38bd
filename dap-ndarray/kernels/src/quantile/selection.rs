//! The search for order statistics: ranges of keys that are narrowed round by round.

use smallvec::SmallVec;

use super::key::OrderKey;

/// Counters of one round: the bins of a range are fewer if there are many ranges.
const COUNTERS: usize = 1 << 22;
/// The greatest and the least number of bits that a round decides.
pub(super) const MOST_BITS: u32 = if cfg!(test) { 6 } else { 16 };
const LEAST_BITS: u32 = 4;

/// A search for elements by their places in the sorted order, for some outputs at once: one output
/// for each index of the kept axes.
///
/// `places` takes the number of an output's elements, NaN left out, and says which places are
/// looked for. All ranks hold equal selections and give equal answers, so they end alike.
#[derive(Debug, Clone)]
pub struct Selection<T, P> {
    pub(super) outputs: usize,
    per_output: usize,
    places: P,
    /// Known after the first round, an output each.
    totals: Vec<Totals>,
    /// `per_output` of them an output.
    targets: Vec<Target>,
    /// The highest bits of the keys in the ranges that are counted, in order, without repetition;
    /// those of an output are `starts[output]..starts[output + 1]`.
    ranges: Vec<u64>,
    starts: Vec<usize>,
    /// The number of highest bits that are known, and that this round decides.
    known: u32,
    bits: u32,
    item: std::marker::PhantomData<fn(T)>,
}

#[derive(Debug, Clone, Copy)]
struct Totals {
    count: u64,
    nans: u64,
}

/// An element that is looked for: the known bits of its key, and its place among all elements with
/// these.
#[derive(Debug, Clone, Copy)]
struct Target {
    prefix: u64,
    place: u64,
}

/// The elements that were found for an output.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected<T> {
    /// The number of elements, NaN left out.
    pub count: u64,
    /// The number of NaN.
    pub nans: u64,
    /// The elements at the places; nothing if `count` is 0.
    pub values: SmallVec<[T; 2]>,
}

impl<T: OrderKey, P: Fn(u64, &mut [u64])> Selection<T, P> {
    /// A search for `per_output` elements of each of `outputs` outputs. `places(n, to)` writes the
    /// places for `n` elements, in any order; a place beyond the last one is taken for the last.
    #[must_use]
    pub fn new(outputs: usize, per_output: usize, places: P) -> Self {
        let (totals, targets) = (Vec::new(), Vec::new());
        let (ranges, starts) = (Vec::new(), Vec::new());
        let item = std::marker::PhantomData;
        let mut first = Self { outputs, per_output, places, totals, targets, ranges, starts, known: 0, bits: 0, item };
        first.choose_bits();
        first
    }

    /// Whether the elements are known.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.known == T::BITS
    }

    /// The number of counters of this round, the same on all ranks; 0 when the search is done.
    #[must_use]
    pub fn counters(&self) -> usize {
        if self.is_done() { 0 } else { self.counters_before(self.outputs) }
    }

    /// Takes the counts of this round, summed over all parts of the array.
    ///
    /// # Panics
    /// These are not the counts of this round: another number, or too few elements in a range.
    pub fn answer(&mut self, counts: &[u64]) {
        assert_eq!(counts.len(), self.counters(), "counts of this round");
        if self.is_done() {
            return;
        }
        if self.known == 0 {
            self.begin(counts);
        } else {
            self.narrow(counts);
        }
        self.known += self.bits;
        self.choose_bits();
        self.set_ranges();
    }

    /// The elements of an output that were found.
    ///
    /// # Panics
    /// The search is not done, or there is no such output.
    #[must_use]
    pub fn selected(&self, output: usize) -> Selected<T> {
        assert!(self.is_done() && output < self.outputs, "output {output} of a search that is done");
        let Totals { count, nans } = self.totals[output];
        let targets = &self.targets[output * self.per_output..][..self.per_output];
        let found = targets.iter().filter(|_| count > 0);
        Selected { count, nans, values: found.map(|target| T::from_key(target.prefix)).collect() }
    }

    /// Chooses the bits that the next round decides, by the number of ranges that it may have.
    fn choose_bits(&mut self) {
        let ranges = self.outputs.saturating_mul(self.per_output).max(1);
        let bits = (COUNTERS / ranges).checked_ilog2().unwrap_or(0);
        self.bits = bits.clamp(LEAST_BITS, MOST_BITS).min(T::BITS - self.known);
    }

    /// The bits that this round decides.
    pub(super) fn bits(&self) -> u32 {
        self.bits
    }

    /// Whether this is the first round, which counts all elements, and NaN in a bin of their own
    /// behind the others.
    pub(super) fn is_first(&self) -> bool {
        self.known == 0
    }

    /// The bits of a key that are not known.
    pub(super) fn unknown(&self) -> u32 {
        T::BITS - self.known
    }

    /// The ranges of an output.
    pub(super) fn ranges(&self, output: usize) -> &[u64] {
        &self.ranges[self.starts[output]..self.starts[output + 1]]
    }

    /// The counters of all outputs before this one.
    pub(super) fn counters_before(&self, output: usize) -> usize {
        let bins = 1 << self.bits;
        if self.is_first() { output * (bins + 1) } else { self.starts[output] * bins }
    }

    fn begin(&mut self, counts: &[u64]) {
        let bins = 1 << self.bits;
        let mut places = vec![0; self.per_output];
        for output in 0..self.outputs {
            let (counts, nans) = counts[output * (bins + 1)..][..=bins].split_at(bins);
            let count = counts.iter().sum::<u64>();
            self.totals.push(Totals { count, nans: nans[0] });
            (self.places)(count, &mut places);
            let target = |place: &u64| match count.checked_sub(1) {
                Some(last) => found(counts, 0, (*place).min(last)),
                None => Target { prefix: 0, place: 0 },
            };
            self.targets.extend(places.iter().map(target));
        }
    }

    fn narrow(&mut self, counts: &[u64]) {
        let bits = self.bits;
        for output in 0..self.outputs {
            if self.totals[output].count == 0 {
                continue;
            }
            let ranges = &self.ranges[self.starts[output]..self.starts[output + 1]];
            let counts = &counts[self.starts[output] << bits..];
            for target in &mut self.targets[output * self.per_output..][..self.per_output] {
                let range = ranges.binary_search(&target.prefix).unwrap_or_default();
                *target = found(&counts[range << bits..][..1 << bits], target.prefix << bits, target.place);
            }
        }
    }

    /// The ranges of the next round: those with a target.
    fn set_ranges(&mut self) {
        self.ranges.clear();
        self.starts.clear();
        for output in 0..self.outputs {
            let start = self.ranges.len();
            self.starts.push(start);
            if self.totals[output].count > 0 {
                let targets = &self.targets[output * self.per_output..][..self.per_output];
                let mut prefixes: Vec<u64> = targets.iter().map(|target| target.prefix).collect();
                prefixes.sort_unstable();
                prefixes.dedup();
                self.ranges.extend(prefixes);
            }
        }
        self.starts.push(self.ranges.len());
    }
}

/// The bin of the element at `place` of a range, and the place among the elements of the bin.
fn found(counts: &[u64], range: u64, place: u64) -> Target {
    let mut place = place;
    for (bin, &count) in (range..).zip(counts) {
        if place < count {
            return Target { prefix: bin, place };
        }
        place -= count;
    }
    panic!("a range has fewer elements than before; the counts are not those of this round");
}
