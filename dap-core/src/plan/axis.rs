//! Whom a process meets along one dimension, and what it has in common with each.

use std::ops::Range;

use super::common::Common;
use super::places::Places;
use crate::dim::{Dim, Unstructured};
use crate::index::{GlobalIndex, GridRank, LocalIndex};
use crate::runs::{Overlap, Runs, for_each_overlap, intersect};

/// The processes of the other side that hold some of my indices along one dimension, by ascending grid rank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Axis {
    peers: Vec<(GridRank, Common)>,
}

impl Axis {
    /// Who gets what the process at `at` owns. `kept` is what one target is known already to have in common with it.
    pub(super) fn outgoing(from: &Dim, at: GridRank, to: &Dim, kept: Option<(GridRank, &Common)>) -> Axis {
        match (from, to) {
            // Whoever holds a good part of all finds it by asking for the owner of each, in order, sooner than by sorting its list: that
            // looks at every target, of which there may be many more than indices.
            (Dim::Unstructured(lists), Dim::Block(_) | Dim::Cyclic(_))
                if lists.owned_len(at).saturating_mul(MANY) >= lists.distinct()
                    && to.grid_size() <= lists.owned_len(at) =>
            {
                claimed(lists, at, to, kept)
            }
            // One holder each: look it up, instead of meeting every process's list.
            (_, Dim::Unstructured(lists)) if lists.is_disjoint() => {
                looked_up(&from.source_runs(at), lists, |mine, theirs| (mine, theirs))
            }
            _ => {
                let mine = from.source_runs(at);
                met(&mine, to, |peer| common(&mine, &to.runs(peer)))
            }
        }
    }

    /// Who owns what the process at `at` is to hold.
    pub(super) fn incoming(from: &Dim, to: &Dim, at: GridRank) -> Axis {
        let mine = to.runs(at);
        match from {
            Dim::Unstructured(lists) => looked_up(&mine, lists, |mine, theirs| (theirs, mine)),
            _ => met(&mine, from, |peer| common(&from.source_runs(peer), &mine)),
        }
    }

    /// Of peers in ascending order.
    pub(super) fn of(peers: impl Iterator<Item = (GridRank, Common)>) -> Axis {
        Axis { peers: peers.filter(|(_, common)| !common.is_empty()).collect() }
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

/// What each process of a structured dimension gets from a process of an unstructured one that owns many indices; for one of them, that
/// may be known already.
fn claimed(lists: &Unstructured, at: GridRank, to: &Dim, kept: Option<(GridRank, &Common)>) -> Axis {
    let peers = (0..to.grid_size()).map(GridRank).map(|peer| {
        if let Some((_, common)) = kept.filter(|(known, _)| *known == peer) {
            return (peer, common.clone());
        }
        let mut pairs = Pairs::default();
        // Whether an index is mine cannot be guessed in general, so there is no branch on it: what is not is written over.
        let mut found = [(0, 0, 0); 512];
        let mut count = 0;
        for run in to.runs(peer).iter() {
            lists.for_each_of(at, run.global, run.len, |k, local, is_mine| {
                found[count] = (run.global.0 + k, local.0, run.local.0 + k);
                count += usize::from(is_mine);
                if count == found.len() {
                    found.iter().for_each(|&(global, from, to)| pairs.add(global, from, to));
                    count = 0;
                }
            });
        }
        found[..count].iter().for_each(|&(global, from, to)| pairs.add(global, from, to));
        (peer, pairs.finish())
    });
    Axis::of(peers)
}

/// Finds the holder of each of my indices. `sides` puts my place and theirs in the order source, target.
fn looked_up(mine: &Runs, lists: &Unstructured, sides: fn(i64, i64) -> (i64, i64)) -> Axis {
    let processes = usize::try_from(lists.grid_size()).unwrap_or(0);
    let mut peers: Vec<Pairs> = Vec::new();
    peers.resize_with(processes, Pairs::default);
    for run in mine.iter() {
        lists.for_each_owner(run.global, run.len, |k, rank, theirs| {
            if let Some(pairs) = usize::try_from(rank.0).ok().and_then(|rank| peers.get_mut(rank)) {
                let (from, to) = sides(run.local.0 + k, theirs.0);
                pairs.add(run.global.0 + k, from, to);
            }
        });
    }
    let finished = (0..).map(GridRank).zip(peers.into_iter().map(Pairs::finish));
    Axis { peers: finished.filter(|(_, common)| !common.is_empty()).collect() }
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

    #[cold]
    fn widen(&mut self, number: i64) {
        self.wide.extend(self.narrow.drain(..).map(i64::from));
        self.wide.push(number);
    }

    fn finish(self) -> Places {
        if self.wide.is_empty() { Places::narrow(self.narrow) } else { Places::wide(self.wide) }
    }
}
