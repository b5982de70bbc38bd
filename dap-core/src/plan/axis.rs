//! Whom a process meets along one dimension, and what it has in common with each.

use std::ops::Range;

use super::common::Common;
use super::places::Places;
use crate::dim::{Dim, Unstructured};
use crate::index::{GlobalIndex, GridRank, LocalIndex};
use crate::runs::{Overlap, Run, Runs, for_each_overlap, intersect};

/// The processes of the other side that hold some of my indices along one dimension, by ascending grid rank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Axis {
    peers: Vec<(GridRank, Common)>,
}

impl Axis {
    /// Who gets what the process at `at` owns. `kept` is what one target is known already to have in common with it.
    pub(super) fn outgoing(from: &Dim, at: GridRank, to: &Dim, kept: Option<(GridRank, &Common)>) -> Axis {
        match (from, to) {
            (Dim::Unstructured(lists), Dim::Block(_) | Dim::Cyclic(_)) if is_sooner_asked(lists, at, to) => {
                Axis::of_all(to, |peer| match kept {
                    Some((known, common)) if known == peer => common.clone(),
                    _ => claimed(lists, at, &to.runs(peer)),
                })
            }
            // One holder each: look it up, instead of meeting every process's list.
            (_, Dim::Unstructured(lists)) if lists.is_disjoint() => {
                let peers = looked_up(lists, &from.source_runs(at)).peers;
                Axis { peers: peers.into_iter().map(|(peer, common)| (peer, common.swapped())).collect() }
            }
            _ => {
                let mine = from.source_runs(at);
                met(&mine, to, |peer| common(&mine, &to.runs(peer)))
            }
        }
    }

    /// Who owns what the process at `at` is to hold.
    pub(super) fn incoming(from: &Dim, to: &Dim, at: GridRank) -> Axis {
        match (from, to) {
            (Dim::Unstructured(lists), _) => looked_up(lists, &to.runs(at)),
            // What is held is what is owned.
            (_, Dim::Unstructured(lists)) if lists.is_disjoint() && is_sooner_asked(lists, at, from) => {
                Axis::of_all(from, |peer| claimed(lists, at, &from.source_runs(peer)).swapped())
            }
            _ => {
                let mine = to.runs(at);
                met(&mine, from, |peer| common(&from.source_runs(peer), &mine))
            }
        }
    }

    /// Of peers in ascending order.
    pub(super) fn of(peers: impl Iterator<Item = (GridRank, Common)>) -> Axis {
        Axis { peers: peers.filter(|(_, common)| !common.is_empty()).collect() }
    }

    /// Of all processes of a dimension.
    fn of_all(others: &Dim, has: impl Fn(GridRank) -> Common) -> Axis {
        Axis::of((0..others.grid_size()).map(GridRank).map(|peer| (peer, has(peer))))
    }

    /// The peers, and what each has in common with me; never nothing.
    pub fn peers(&self) -> &[(GridRank, Common)] {
        &self.peers
    }

    /// What a peer has in common with me.
    pub fn with(&self, peer: GridRank) -> Option<&Common> {
        let at = self.peers.binary_search_by_key(&peer, |(rank, _)| *rank).ok()?;
        self.peers.get(at).map(|(_, common)| common)
    }

    /// What lies at these places of the target's buffer, for each peer that has something there.
    pub(super) fn within(&self, targets: &Range<i64>) -> Axis {
        let peers = self.peers.iter().map(|(peer, common)| (*peer, common.within(targets.clone())));
        Axis { peers: peers.filter(|(_, common)| !common.is_empty()).collect() }
    }

    /// The number of elements of all peers together.
    pub fn elements(&self) -> i64 {
        self.peers.iter().map(|(_, common)| common.len()).sum()
    }
}

/// Meets every candidate.
fn met(mine: &Runs, others: &Dim, mut meet: impl FnMut(GridRank) -> Common) -> Axis {
    let with = |peer| (peer, meet(peer));
    Axis { peers: candidates(mine, others).into_iter().map(with).filter(|(_, common)| !common.is_empty()).collect() }
}

fn common(from: &Runs, to: &Runs) -> Common {
    if from.is_listed() || to.is_listed() {
        let mut pairs = Pairs::default();
        for_each_overlap(from, to, |overlap| pairs.push(overlap));
        pairs.finish()
    } else {
        Common::Groups(intersect(from, to))
    }
}

/// The processes that may hold some of these indices, ascending: not many more than do.
fn candidates(mine: &Runs, others: &Dim) -> Vec<GridRank> {
    let Some((first, last)) = mine.span() else { return Vec::new() };
    let everyone = others.grid_size();
    // How many processes the runs touch, were each looked at by itself.
    let (range, touched) = match others {
        Dim::Block(block) => {
            let owner = |index: GlobalIndex| block.owner(index).map_or(0, |(rank, _)| rank.0);
            (owner(first)..owner(last) + 1, mine.run_count())
        }
        Dim::Cyclic(cyclic) => {
            let blocks = mine.len() / cyclic.block_size();
            (0..everyone, blocks.saturating_add(mine.run_count().saturating_mul(2)))
        }
        Dim::Unstructured(_) => (0..everyone, i64::MAX),
    };
    if range.end - range.start <= touched {
        return range.map(GridRank).collect();
    }
    let mut ranks = Vec::new();
    for run in mine.iter() {
        match others {
            Dim::Cyclic(cyclic) => {
                let mut index = run.global;
                while index <= run.last() {
                    ranks.extend(cyclic.owner(index).map(|(rank, _)| rank));
                    // To the start of the next block; the last one ends at the size, which is beyond.
                    let width = cyclic.block_size();
                    match (index.0 / width + 1).checked_mul(width) {
                        Some(next) => index = GlobalIndex(next),
                        None => break,
                    }
                }
            }
            _ => {
                let owner = |index| others.owner(index).map(|(rank, _)| rank.0);
                if let (Some(low), Some(high)) = (owner(run.global), owner(run.last())) {
                    ranks.extend((low..=high).map(GridRank));
                }
            }
        }
    }
    ranks.sort_unstable();
    ranks.dedup();
    ranks
}

/// A process that holds one of so many indices, or more, holds many.
const MANY: i64 = 16;

/// Whether a process finds what it owns by asking for the owner of every index that others hold, in order, sooner than by sorting its
/// list. That looks at every one of the others, of which there may be many more than indices.
fn is_sooner_asked(lists: &Unstructured, at: GridRank, others: &Dim) -> bool {
    let owned = lists.owned_len(at);
    owned.saturating_mul(MANY) >= lists.distinct() && others.grid_size() <= owned
}

/// What a process of an unstructured dimension owns among the indices of a target.
fn claimed(lists: &Unstructured, at: GridRank, target: &Runs) -> Common {
    let mut pairs = Pairs::default();
    let mut batch = Batch::default();
    for run in target.iter() {
        lists.for_each_of(at, run.global, run.len, |k, local, is_owned| {
            batch.offer(k, local.0, is_owned);
            if batch.is_full() {
                batch.empty_into(&mut pairs, &run);
            }
        });
        batch.empty_into(&mut pairs, &run);
    }
    pairs.finish()
}

/// Elements of one of the target's runs: how far behind its first one, and the source's place.
struct Batch {
    ahead: [i64; Batch::SIZE],
    from: [i64; Batch::SIZE],
    count: usize,
}

impl Default for Batch {
    fn default() -> Batch {
        Batch { ahead: [0; Batch::SIZE], from: [0; Batch::SIZE], count: 0 }
    }
}

impl Batch {
    const SIZE: usize = 512;

    /// Takes an element if it is wanted. That cannot be guessed in general, so there is no branch on it: what is not is written over.
    #[inline]
    fn offer(&mut self, ahead: i64, from: i64, is_wanted: bool) {
        self.ahead[self.count] = ahead;
        self.from[self.count] = from;
        self.count += usize::from(is_wanted);
    }

    #[inline]
    fn is_full(&self) -> bool {
        self.count == Batch::SIZE
    }

    fn empty_into(&mut self, pairs: &mut Pairs, run: &Run) {
        let count = std::mem::take(&mut self.count);
        let (ahead, from) = (&self.ahead[..count], &self.from[..count]);
        if let Some((sources, targets)) = &mut pairs.single {
            sources.extend(from.iter().copied());
            targets.extend(ahead.iter().map(|k| run.local.0 + k));
        } else {
            ahead.iter().zip(from).for_each(|(k, &from)| pairs.add(run.global.0 + k, from, run.local.0 + k));
        }
    }
}

/// So few processes are asked one after the other, sooner than each index for its owner.
const FEW: i64 = 4;

/// What each process of an unstructured dimension owns among the indices of a target.
fn looked_up(lists: &Unstructured, target: &Runs) -> Axis {
    if lists.grid_size() <= FEW {
        return Axis::of((0..lists.grid_size()).map(GridRank).map(|peer| (peer, claimed(lists, peer, target))));
    }
    let processes = usize::try_from(lists.grid_size()).unwrap_or(0);
    let mut peers: Vec<Pairs> = Vec::new();
    peers.resize_with(processes, Pairs::default);
    for run in target.iter() {
        lists.for_each_owner(run.global, run.len, |k, rank, theirs| {
            if let Some(pairs) = usize::try_from(rank.0).ok().and_then(|rank| peers.get_mut(rank)) {
                pairs.add(run.global.0 + k, theirs.0, run.local.0 + k);
            }
        });
    }
    Axis::of((0..).map(GridRank).zip(peers.into_iter().map(Pairs::finish)))
}

/// Collects elements that come in ascending order of their global index, in whatever form turns out to be the smaller one.
#[derive(Default)]
pub(super) struct Pairs {
    /// Runs, while they are long enough to pay.
    runs: Vec<Overlap>,
    elements: usize,
    /// Single elements, once they are not.
    single: Option<(Numbers, Numbers)>,
}

impl Pairs {
    /// So many runs are kept before single elements are thought of.
    const FEW: usize = 64;
    /// A run takes as much memory as so many single elements.
    const WORTH: usize = size_of::<Overlap>() / (2 * size_of::<u32>());

    #[inline]
    pub(super) fn add(&mut self, global: i64, from: i64, to: i64) {
        if let Some((sources, targets)) = &mut self.single {
            sources.push(from);
            targets.push(to);
            return;
        }
        if let Some(last) = self.runs.last_mut()
            && last.count == 1
            && last.global_start.0 + last.len == global
            && last.a_local_start.0 + last.len == from
            && last.b_local_start.0 + last.len == to
        {
            last.len += 1;
            self.elements += 1;
            return;
        }
        self.push(Overlap {
            global_start: GlobalIndex(global),
            a_local_start: LocalIndex(from),
            b_local_start: LocalIndex(to),
            len: 1,
            count: 1,
            ..Overlap::default()
        });
    }

    pub(super) fn push(&mut self, overlap: Overlap) {
        if self.single.is_some() {
            for (global, from, to, len) in overlap.iter() {
                (0..len).for_each(|k| self.add(global.0 + k, from.0 + k, to.0 + k));
            }
            return;
        }
        self.elements += usize::try_from(overlap.elements()).unwrap_or(usize::MAX);
        if self.runs.last_mut().is_none_or(|last| !last.extend(&overlap)) {
            self.runs.push(overlap);
        }
        if self.runs.len() > Self::FEW && self.elements / Self::WORTH < self.runs.len() {
            let (mut sources, mut targets) = (Numbers::default(), Numbers::default());
            for (_, from, to, len) in self.runs.drain(..).flat_map(|run| run.iter()) {
                (0..len).for_each(|k| {
                    sources.push(from.0 + k);
                    targets.push(to.0 + k);
                });
            }
            self.single = Some((sources, targets));
        }
    }

    pub(super) fn finish(self) -> Common {
        match self.single {
            Some((from, to)) => Common::Single { from: from.finish(), to: to.finish() },
            None => Common::Groups(self.runs),
        }
    }
}

/// A growing list of numbers that are not negative, narrow until one is not.
#[derive(Default)]
struct Numbers {
    narrow: Vec<u32>,
    wide: Vec<i64>,
}

impl Numbers {
    #[inline]
    fn push(&mut self, number: i64) {
        match u32::try_from(number) {
            Ok(number) if self.wide.is_empty() => self.narrow.push(number),
            _ => self.widen(number),
        }
    }

    fn extend(&mut self, numbers: impl Iterator<Item = i64> + Clone) {
        let any_bit = numbers.clone().fold(0, |all, number| all | number);
        if self.wide.is_empty() && u32::try_from(any_bit).is_ok() {
            // Each of them fits, where all of their bits do.
            self.narrow.extend(numbers.map(|number| number as u32));
        } else {
            numbers.for_each(|number| self.push(number));
        }
    }

    #[cold]
    fn widen(&mut self, number: i64) {
        self.wide.extend(self.narrow.drain(..).map(i64::from));
        self.wide.push(number);
    }

    fn finish(self) -> Places {
        if self.wide.is_empty() { Places::narrow(self.narrow) } else { Places::wide(self.wide) }
    }
}
