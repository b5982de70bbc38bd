//! Whom a process meets along one dimension, and what it has in common with each.

use std::ops::Range;

use super::common::Common;
use super::lists::{claimed, is_sooner_asked, looked_up};
use super::pairs::Pairs;
use super::shares::{Blocks, Wheel};
use crate::dim::{Cyclic, Dim};
use crate::error::{Error, ErrorKind, Result};
use crate::index::{GlobalIndex, GridRank};
use crate::runs::{Runs, for_each_overlap, intersect};

/// The processes of the other side that hold some of my indices along one dimension, by ascending grid rank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Axis {
    peers: Vec<(GridRank, Common)>,
}

impl Axis {
    /// Who gets what the process at `at` owns. `kept` is what one target is known already to have in common with it.
    ///
    /// # Errors
    /// Too many peers, or too many groups in common with them ([`ErrorKind::PlanTooLarge`]).
    pub(super) fn outgoing(from: &Dim, at: GridRank, to: &Dim, kept: Option<(GridRank, &Common)>) -> Result<Axis> {
        Ok(match (from, to) {
            (Dim::Unstructured(lists), Dim::Block(_) | Dim::Cyclic(_)) if is_sooner_asked(lists, at, to) => {
                Axis::of_all(to.grid_size(), |peer| match kept {
                    Some((known, common)) if known == peer => common.clone(),
                    _ => claimed(lists, at, &to.runs(peer)),
                })
            }
            // One holder each: look it up, instead of meeting every process's list.
            (_, Dim::Unstructured(lists)) if lists.is_disjoint() => {
                let peers = looked_up(lists, &from.source_runs(at)).peers;
                Axis::of(peers.into_iter().map(|(peer, common)| (peer, common.swapped())))
            }
            _ => {
                affordable(from, to)?;
                let mine = from.source_runs(at);
                met(&mine, to, |peer| common(&mine, &to.runs(peer)))?
            }
        })
    }

    /// Who owns what the process at `at` is to hold.
    ///
    /// # Errors
    /// As [`Axis::outgoing`].
    pub(super) fn incoming(from: &Dim, to: &Dim, at: GridRank) -> Result<Axis> {
        Ok(match (from, to) {
            (Dim::Unstructured(lists), _) => looked_up(lists, &to.runs(at)),
            // What is held is what is owned.
            (_, Dim::Unstructured(lists)) if lists.is_disjoint() && is_sooner_asked(lists, at, from) => {
                Axis::of_all(from.grid_size(), |peer| claimed(lists, at, &from.source_runs(peer)).swapped())
            }
            _ => {
                affordable(to, from)?;
                let mine = to.runs(at);
                met(&mine, from, |peer| common(&from.source_runs(peer), &mine))?
            }
        })
    }

    /// Of peers in ascending order.
    pub(super) fn of(peers: impl Iterator<Item = (GridRank, Common)>) -> Axis {
        Axis { peers: peers.filter(|(_, common)| !common.is_empty()).collect() }
    }

    /// Of so many processes, all of a dimension.
    pub(super) fn of_all(processes: i64, has: impl Fn(GridRank) -> Common) -> Axis {
        Axis::of((0..processes).map(GridRank).map(|peer| (peer, has(peer))))
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

    /// The same seen from the other end.
    pub(super) fn reversed(&self) -> Axis {
        Axis { peers: self.peers.iter().map(|(peer, common)| (*peer, common.clone().swapped())).collect() }
    }

    /// What lies at these places of the target's buffer, for each peer that has something there.
    pub(super) fn within(&self, targets: &Range<i64>) -> Axis {
        Axis::of(self.peers.iter().map(|(peer, common)| (*peer, common.within(targets.clone()))))
    }

    /// The number of elements of all peers together.
    pub fn elements(&self) -> i64 {
        self.peers.iter().map(|(_, common)| common.len()).sum()
    }
}

/// The most peers of one process, and pieces of its blocks that it meets, along one dimension.
const MOST: i64 = 1 << 24;

/// Refuses two dealings that may have too many groups in common: as many as there are pieces of my blocks until both are back where they
/// began. One block is cut into few.
fn affordable(mine: &Dim, others: &Dim) -> Result<()> {
    let (Dim::Cyclic(mine), Dim::Cyclic(others)) = (mine, others) else { return Ok(()) };
    let one_each = |dim: &Cyclic| dim.grid_size().saturating_mul(dim.block_size()) >= dim.size();
    if one_each(mine) || one_each(others) {
        return Ok(());
    }
    let blocks = Blocks::dealt(mine, 0, 1).map_or(0, |blocks| Wheel::arcs(&blocks, others));
    few("blocks", blocks.saturating_mul(mine.block_size() / others.block_size() + 1))
}

fn few(what: &'static str, count: i64) -> Result<()> {
    if count <= MOST {
        return Ok(());
    }
    Err(Error::new(ErrorKind::PlanTooLarge).with_value(what, count).with_expected(MOST))
}

/// Meets every candidate.
fn met(mine: &Runs, others: &Dim, mut meet: impl FnMut(GridRank) -> Common) -> Result<Axis> {
    Ok(Axis::of(candidates(mine, others)?.into_iter().map(|peer| (peer, meet(peer)))))
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
fn candidates(mine: &Runs, others: &Dim) -> Result<Vec<GridRank>> {
    let Some((first, last)) = mine.span() else { return Ok(Vec::new()) };
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
        few("peers", range.end - range.start)?;
        return Ok(range.map(GridRank).collect());
    }
    let mut ranks = Vec::new();
    for run in mine.iter() {
        match others {
            Dim::Cyclic(cyclic) => {
                let mut index = run.global;
                while index <= run.last() {
                    ranks.extend(cyclic.owner(index).map(|(rank, _)| rank));
                    few("peers", ranks.len() as i64)?;
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
                    few("peers", high - low + ranks.len() as i64)?;
                    ranks.extend((low..=high).map(GridRank));
                }
            }
        }
    }
    ranks.sort_unstable();
    ranks.dedup();
    Ok(ranks)
}
