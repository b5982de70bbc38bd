//! The overlaps of the processes of an unstructured dimension with a target's runs: each index of
//! the runs is looked up, in order.

use super::overlaps::Overlaps;
use super::pairs::Pairs;
use super::peer_overlaps::PeerOverlaps;
use crate::dim::{Dim, Unstructured};
use crate::index::GridRank;
use crate::runs::{Run, Runs};

/// Density threshold: a process that holds at least 1/`MANY` of all indices is treated as dense.
const MANY: i64 = 16;
/// Up to this number of processes, each is asked for all indices, instead of looking up each
/// index's owner.
const FEW: i64 = 4;

/// Whether a process finds its owned indices faster by asking for the owner of every index that
/// others hold, in order, than by sorting its list. That visits every other process, and there may
/// be many more processes than indices.
pub(super) fn is_sooner_asked(lists: &Unstructured, at: GridRank, others: &Dim) -> bool {
    let owned = lists.owned_len(at);
    owned.saturating_mul(MANY) >= lists.distinct() && others.grid_size() <= owned
}

/// The indices of a target that one process of an unstructured dimension owns.
pub(super) fn owned_among(lists: &Unstructured, at: GridRank, target: &Runs) -> Overlaps {
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

/// Elements of one of the target's runs: their distance from its first element, and their positions
/// in the source.
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

    /// Takes an element if it is wanted. A branch would be unpredictable, so an unwanted element is
    /// overwritten instead.
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
        pairs.extend(run, &self.ahead[..count], &self.from[..count]);
    }
}

/// The indices of a target that each process of an unstructured dimension owns.
pub(super) fn owners_of(lists: &Unstructured, target: &Runs) -> PeerOverlaps {
    if lists.grid_size() <= FEW {
        return PeerOverlaps::of_all(lists.grid_size(), |peer| owned_among(lists, peer, target));
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
    PeerOverlaps::of((0..).map(GridRank).zip(peers.into_iter().map(Pairs::finish)))
}
