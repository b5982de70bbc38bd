//! The peers of a process along one factor, and the overlap with each of them.

use std::ops::Range;

use super::overlap_counts::OverlapCount;
use super::overlaps::Overlaps;
use crate::index::GridRank;

/// The processes of the other side that share indices with this one along one dimension, by
/// ascending grid rank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeerOverlaps {
    peers: Vec<(GridRank, Overlaps)>,
}

impl PeerOverlaps {
    /// The overlaps of peers in ascending order.
    pub(super) fn of(peers: impl Iterator<Item = (GridRank, Overlaps)>) -> PeerOverlaps {
        PeerOverlaps { peers: peers.filter(|(_, overlaps)| !overlaps.is_empty()).collect() }
    }

    /// The overlaps with each of `processes` processes of a dimension.
    pub(super) fn of_all(processes: i64, has: impl Fn(GridRank) -> Overlaps) -> PeerOverlaps {
        PeerOverlaps::of((0..processes).map(GridRank).map(|peer| (peer, has(peer))))
    }

    /// The peers, and the overlap with each of them, which is never empty.
    pub fn peers(&self) -> &[(GridRank, Overlaps)] {
        &self.peers
    }

    /// The peers, to be kept.
    pub(super) fn into_peers(self) -> Vec<(GridRank, Overlaps)> {
        self.peers
    }

    /// The overlap with a peer.
    pub fn with(&self, peer: GridRank) -> Option<&Overlaps> {
        let at = self.peers.binary_search_by_key(&peer, |(rank, _)| *rank).ok()?;
        self.peers.get(at).map(|(_, overlaps)| overlaps)
    }

    /// The same overlaps seen from the other end.
    pub(super) fn reversed(&self) -> PeerOverlaps {
        PeerOverlaps { peers: self.peers.iter().map(|(peer, overlaps)| (*peer, overlaps.clone().swapped())).collect() }
    }

    /// The elements at these positions of the target's buffer, for each peer that has some.
    pub(super) fn within(&self, targets: &Range<i64>) -> PeerOverlaps {
        PeerOverlaps::of(self.peers.iter().map(|(peer, overlaps)| (*peer, overlaps.within_target(targets.clone()))))
    }

    /// The number of elements of all peers together.
    pub fn elements(&self) -> i64 {
        self.peers.iter().map(|(_, overlaps)| overlaps.len()).sum()
    }

    /// The overlap counts of these peers.
    pub(super) fn counts(&self) -> Vec<OverlapCount> {
        let mut counts = Vec::new();
        for (peer, overlaps) in &self.peers {
            OverlapCount::join(&mut counts, OverlapCount { first: *peer, processes: 1, elements: overlaps.len() });
        }
        counts
    }
}
