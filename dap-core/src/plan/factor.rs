//! The overlaps of all processes along one dimension, in a few numbers for each.
//!
//! Each process of one side is visited once, with its list of overlap counts, from the side with
//! the shorter lists: a block has few different counts with the processes of a cyclic distribution,
//! but a process of a cyclic distribution overlaps every block. The other side's numbers follow
//! from them: sums from the differences at the ends of each interval of ranks, greatest counts by
//! assigning intervals in descending order of their counts.

use std::collections::BTreeMap;

use crate::dim::{Cyclic, Dim, numroc};
use crate::error::{Error, ErrorKind, Result};
use crate::index::GridRank;
use crate::plan::overlap_counts::{
    Blocks, OverlapCount, PeriodicCounts, RegularDim, Top, incoming, outgoing, overlaps, turn,
};

/// The greatest number of processes along one dimension, or over two grids of different shape.
pub(in crate::plan) const MAX_PROCESSES: i64 = 1 << 24;

/// The greatest number of intervals that are counted for all classes of processes together.
const MAX_INTERVALS: i64 = 1 << 28;

/// The overlap of a process with all others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(in crate::plan) struct Sum {
    pub(in crate::plan) elements: i64,
    /// The number of peers.
    pub(in crate::plan) peers: i64,
}

/// One source.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::plan) struct Source {
    pub(in crate::plan) sum: Sum,
    /// The targets with the greatest and the second greatest count; the lowest ranks if several
    /// have it.
    pub(in crate::plan) tops: [Top; 2],
}

/// Grid ranks of the source and of the target that belong to one process, and the number of
/// elements that they share. Ascending, each pair once.
#[derive(Debug, Default)]
pub(in crate::plan) struct SharedPairs {
    pairs: Vec<(u32, u32)>,
    elements: Vec<i64>,
}

impl SharedPairs {
    pub(in crate::plan) fn new(mut pairs: Vec<(u32, u32)>) -> SharedPairs {
        pairs.sort_unstable();
        pairs.dedup();
        SharedPairs { elements: vec![0; pairs.len()], pairs }
    }

    pub(in crate::plan) fn elements(&self, source: u32, target: u32) -> i64 {
        self.pairs.binary_search(&(source, target)).map_or(0, |at| self.elements[at])
    }

    fn of_source(&mut self, source: i64, count: impl Fn(i64) -> i64) {
        let mut at = self.pairs.partition_point(|pair| i64::from(pair.0) < source);
        while let Some(pair) = self.pairs.get(at).filter(|pair| i64::from(pair.0) == source) {
            self.elements[at] = count(pair.1.into());
            at += 1;
        }
    }
}

/// One dimension, or one group of dimensions of a reshape.
#[derive(Debug)]
pub(in crate::plan) struct Factor {
    pub(in crate::plan) sources: Vec<Source>,
    pub(in crate::plan) targets: Vec<Sum>,
    pub(in crate::plan) shared_pairs: SharedPairs,
}

/// Adds counts to intervals of ranks, and returns every rank's sum.
struct Differences(Vec<Sum>);

impl Differences {
    fn new(processes: usize) -> Differences {
        Differences(vec![Sum::default(); processes + 1])
    }

    fn add(&mut self, overlap_counts: &[OverlapCount]) {
        for count in overlap_counts {
            for (at, sign) in [(count.first.0, 1), (count.end(), -1)] {
                if let Some(sum) = usize::try_from(at).ok().and_then(|at| self.0.get_mut(at)) {
                    sum.elements += sign * count.elements;
                    sum.peers += sign;
                }
            }
        }
    }

    fn sums(mut self) -> Vec<Sum> {
        self.0.pop();
        let mut sum = Sum::default();
        for change in &mut self.0 {
            sum.elements += change.elements;
            sum.peers += change.peers;
            *change = sum;
        }
        self.0
    }
}

impl Factor {
    /// The factor of a pair of dimensions.
    pub(in crate::plan) fn new(from: &Dim, to: &Dim, shared_pairs: SharedPairs) -> Result<Factor> {
        match (from, to) {
            (_, Dim::Unstructured(_)) => {
                Factor::of_targets(from.grid_size(), to.grid_size(), shared_pairs, |at| incoming(from, to, at))
            }
            (Dim::Unstructured(_) | Dim::CyclicSlice(_), _) | (_, Dim::CyclicSlice(_)) => {
                Factor::of_sources(from.grid_size(), to.grid_size(), shared_pairs, |at| outgoing(from, at, to))
            }
            _ => match (RegularDim::of(from)?, RegularDim::of(to)?) {
                (RegularDim::Cyclic(from), RegularDim::Cyclic(to)) => Factor::cyclic(&from, &to, shared_pairs),
                (RegularDim::Cyclic(cyclic), RegularDim::Block(block)) => {
                    Factor::of_targets(from.grid_size(), to.grid_size(), shared_pairs, |at| {
                        let section = block.section(at);
                        let counts = PeriodicCounts::interval(section.owned_start, section.owned_stop, &cyclic);
                        Ok(counts.overlap_counts(cyclic.source().0))
                    })
                }
                (RegularDim::Block(block), others) => {
                    Factor::of_sources(from.grid_size(), to.grid_size(), shared_pairs, |at| {
                        let section = block.section(at);
                        Ok(match &others {
                            RegularDim::Block(others) => overlaps(section.owned_start, section.owned_stop, others),
                            RegularDim::Cyclic(cyclic) => {
                                let counts = PeriodicCounts::interval(section.owned_start, section.owned_stop, cyclic);
                                counts.overlap_counts(cyclic.source().0)
                            }
                        })
                    })
                }
            },
        }
    }

    /// The number of elements of each target.
    pub(in crate::plan) fn targets(&self) -> impl Iterator<Item = i64> + '_ {
        self.targets.iter().map(|target| target.elements)
    }

    /// The factor, from the counts of every source with the targets.
    pub(in crate::plan) fn of_sources(
        sources: i64,
        targets: i64,
        mut shared_pairs: SharedPairs,
        mut overlap_counts: impl FnMut(GridRank) -> Result<Vec<OverlapCount>>,
    ) -> Result<Factor> {
        let (count, targets) = (length(sources)?, length(targets)?);
        let mut differences = Differences::new(targets);
        let mut sources = Vec::with_capacity(count);
        for (rank, _) in (0..).zip(0..count) {
            let overlap_counts = overlap_counts(GridRank(rank))?;
            differences.add(&overlap_counts);
            shared_pairs.of_source(rank, |target| OverlapCount::at(&overlap_counts, target));
            let sum = overlap_counts.iter().fold(Sum::default(), |sum, count| Sum {
                elements: sum.elements + count.processes * count.elements,
                peers: sum.peers + count.processes,
            });
            sources.push(Source { sum, tops: tops(&overlap_counts) });
        }
        Ok(Factor { sources, targets: differences.sums(), shared_pairs })
    }

    /// The factor, from the counts of every target with the sources.
    fn of_targets(
        sources: i64,
        targets: i64,
        mut shared_pairs: SharedPairs,
        mut overlap_counts: impl FnMut(GridRank) -> Result<Vec<OverlapCount>>,
    ) -> Result<Factor> {
        let (sources, count) = (length(sources)?, length(targets)?);
        let mut by_target: Vec<usize> = (0..shared_pairs.pairs.len()).collect();
        by_target.sort_unstable_by_key(|&at| shared_pairs.pairs[at].1);
        let mut by_target = by_target.into_iter().peekable();
        let mut differences = Differences::new(sources);
        let mut targets = Vec::with_capacity(count);
        let mut intervals = Vec::new();
        for (rank, _) in (0_u32..).zip(0..count) {
            let overlap_counts = overlap_counts(GridRank(rank.into()))?;
            differences.add(&overlap_counts);
            while let Some(at) = by_target.next_if(|&at| shared_pairs.pairs[at].1 == rank) {
                shared_pairs.elements[at] = OverlapCount::at(&overlap_counts, shared_pairs.pairs[at].0.into());
            }
            targets.push(overlap_counts.iter().fold(Sum::default(), |sum, count| Sum {
                elements: sum.elements + count.processes * count.elements,
                peers: sum.peers + count.processes,
            }));
            // The ranks fit, see `length`.
            let interval = |count: &OverlapCount| TargetInterval {
                elements: count.elements,
                target: rank,
                first: count.first.0 as u32,
                end: count.end() as u32,
            };
            intervals.extend(overlap_counts.iter().map(interval));
        }
        let sums = differences.sums();
        let sources =
            sums.into_iter().zip(two_greatest(intervals, sources)).map(|(sum, tops)| Source { sum, tops }).collect();
        Ok(Factor { sources, targets, shared_pairs })
    }

    /// Between two cyclic distributions. Sources with equally many blocks that begin at the same
    /// position of a target's block share the same counts, with other targets.
    fn cyclic(from: &Cyclic, to: &Cyclic, mut shared_pairs: SharedPairs) -> Result<Factor> {
        let (source_count, target_count) = (length(from.grid_size())?, length(to.grid_size())?);
        let mut sources = vec![Source::default(); source_count];
        let mut interval_count = 0;
        for class in classes(from, to) {
            let counts = class.counts(from, to, &mut interval_count)?;
            let sum = Sum { elements: counts.elements(), peers: counts.peers() };
            for (rank, shift) in class.members {
                let shift = to.source().0 + shift;
                shared_pairs.of_source(rank, |target| counts.at(target, shift));
                if let Some(source) = usize::try_from(rank).ok().and_then(|rank| sources.get_mut(rank)) {
                    *source = Source { sum, tops: counts.tops(shift) };
                }
            }
        }
        let mut targets = vec![Sum::default(); target_count];
        for class in classes(to, from) {
            let counts = class.counts(to, from, &mut interval_count)?;
            for (rank, _) in class.members {
                if let Some(target) = usize::try_from(rank).ok().and_then(|rank| targets.get_mut(rank)) {
                    *target = Sum { elements: counts.elements(), peers: counts.peers() };
                }
            }
        }
        Ok(Factor { sources, targets, shared_pairs })
    }
}

/// Sources whose counts are equal, but shifted in the cycle of the targets.
struct CyclicClass {
    blocks: Blocks,
    /// Each rank, and its shift in turns.
    members: Vec<(i64, i64)>,
}

impl CyclicClass {
    fn counts(&self, mine: &Cyclic, others: &Cyclic, interval_count: &mut i64) -> Result<PeriodicCounts> {
        *interval_count += PeriodicCounts::interval_count(&self.blocks, others);
        if *interval_count > MAX_INTERVALS {
            let error = Error::new(ErrorKind::PlanTooLarge).with_value("block_size", mine.block_size());
            return Err(error);
        }
        PeriodicCounts::blocks(&self.blocks, others)
    }
}

/// The classes of the processes that own something.
fn classes(mine: &Cyclic, others: &Cyclic) -> Vec<CyclicClass> {
    let rest = PeriodicCounts::rest(mine, others);
    let mut classes: BTreeMap<(i64, i64), (i64, CyclicClass)> = BTreeMap::new();
    for rank in 0..mine.grid_size() {
        let place = turn(mine, GridRank(rank));
        let Some(blocks) = Blocks::cyclic(mine, place, 1) else { continue };
        let (at, within) = (blocks.start / others.block_size(), blocks.start % others.block_size());
        let key = (within, numroc(rest, mine.block_size(), place, mine.grid_size()));
        let (first, class) = classes.entry(key).or_insert_with(|| (at, CyclicClass { blocks, members: Vec::new() }));
        class.members.push((rank, (at - *first) % others.grid_size()));
    }
    classes.into_values().map(|(_, class)| class).collect()
}

/// The number of processes along a dimension, if it is not too great.
fn length(processes: i64) -> Result<usize> {
    match usize::try_from(processes) {
        Ok(length) if processes <= MAX_PROCESSES => Ok(length),
        _ => Err(Error::new(ErrorKind::PlanTooLarge)
            .with_value("proc_grid_size", processes)
            .with_expected(MAX_PROCESSES)),
    }
}

/// The greatest and the second greatest count.
pub(in crate::plan) fn tops(overlap_counts: &[OverlapCount]) -> [Top; 2] {
    let mut tops = [Top::default(); 2];
    for count in overlap_counts {
        // A second process of the same interval may come second.
        for k in 0..count.processes.min(2) {
            let top = Top { elements: count.elements, at: count.first.0 + k };
            if top.elements > tops[0].elements {
                tops = [top, tops[0]];
            } else if top.elements > tops[1].elements {
                tops[1] = top;
            }
        }
    }
    tops
}

/// The count of one target with consecutive sources.
struct TargetInterval {
    elements: i64,
    target: u32,
    first: u32,
    end: u32,
}

/// The two greatest counts of each source: intervals are assigned in descending order of their
/// counts, and a source with two is skipped.
fn two_greatest(mut intervals: Vec<TargetInterval>, sources: usize) -> Vec<[Top; 2]> {
    intervals.sort_unstable_by_key(|interval| (std::cmp::Reverse(interval.elements), interval.target));
    let mut tops = vec![[Top::default(); 2]; sources];
    // The next source, from each on, that has fewer than two: a forest whose paths are shortened
    // while it is searched.
    let mut open: Vec<usize> = (0..=sources).collect();
    let mut find = |mut at: usize, close: Option<usize>| {
        if let Some(full) = close {
            open[full] = full + 1;
        }
        while open[at] != at {
            open[at] = open[open[at]];
            at = open[at];
        }
        at
    };
    for interval in intervals {
        let top = Top { elements: interval.elements, at: interval.target.into() };
        let mut at = find(interval.first as usize, None);
        while at < interval.end as usize {
            if tops[at][0].elements == 0 {
                tops[at][0] = top;
                at = find(at + 1, None);
            } else {
                tops[at][1] = top;
                at = find(at + 1, Some(at));
            }
        }
    }
    tops
}
