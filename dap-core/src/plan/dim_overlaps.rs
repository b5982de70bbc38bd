//! The overlaps of one process with its peers along a pair of dimensions.

use super::overlap_counts::{Blocks, PeriodicCounts};
use super::overlaps::Overlaps;
use super::pairs::Pairs;
use super::peer_overlaps::PeerOverlaps;
use super::slices;
use super::unstructured::{is_sooner_asked, owned_among, owners_of};
use crate::dim::{Cyclic, Dim};
use crate::error::{Error, ErrorKind, Result};
use crate::index::{GlobalIndex, GridRank};
use crate::runs::{Runs, for_each_overlap, intersect};

/// The targets of the indices that the process at `at` owns. `kept` is the overlap with one
/// target, if it is known already.
///
/// # Errors
/// Too many peers, or overlaps of too many groups ([`ErrorKind::PlanTooLarge`]).
pub(super) fn outgoing(
    from: &Dim,
    at: GridRank,
    to: &Dim,
    kept: Option<(GridRank, &Overlaps)>,
) -> Result<PeerOverlaps> {
    Ok(match (from, to) {
        (Dim::Unstructured(lists), Dim::Block(_) | Dim::Cyclic(_) | Dim::CyclicSlice(_))
            if is_sooner_asked(lists, at, to) =>
        {
            PeerOverlaps::of_all(to.grid_size(), |peer| match kept {
                Some((known, overlaps)) if known == peer => overlaps.clone(),
                _ => owned_among(lists, at, &to.runs(peer)),
            })
        }
        // Each index has one holder: it is looked up, instead of intersecting every process's
        // list.
        (_, Dim::Unstructured(lists)) if lists.is_disjoint() => {
            let peers = owners_of(lists, &from.source_runs(at)).into_peers();
            PeerOverlaps::of(peers.into_iter().map(|(peer, overlaps)| (peer, overlaps.swapped())))
        }
        _ => {
            check_cost(from, to)?;
            let mine = from.source_runs(at);
            overlaps_of_candidates(&mine, to, |peer| overlaps(&mine, &to.runs(peer)))?
        }
    })
}

/// The owners of the indices that the process at `at` will hold.
///
/// # Errors
/// As [`PeerOverlaps::outgoing`].
pub(super) fn incoming(from: &Dim, to: &Dim, at: GridRank) -> Result<PeerOverlaps> {
    Ok(match (from, to) {
        (Dim::Unstructured(lists), _) => owners_of(lists, &to.runs(at)),
        // The process owns all indices that it holds.
        (_, Dim::Unstructured(lists)) if lists.is_disjoint() && is_sooner_asked(lists, at, from) => {
            PeerOverlaps::of_all(from.grid_size(), |peer| owned_among(lists, at, &from.source_runs(peer)).swapped())
        }
        _ => {
            check_cost(to, from)?;
            let mine = to.runs(at);
            overlaps_of_candidates(&mine, from, |peer| overlaps(&from.source_runs(peer), &mine))?
        }
    })
}

/// The greatest number of peers of one process, and of pieces of its blocks, along one dimension.
const MOST: i64 = 1 << 24;

/// Refuses two cyclic distributions whose overlaps may have too many groups: one for each piece of
/// a block within their common period. A single block is cut into few pieces.
fn check_cost(mine: &Dim, others: &Dim) -> Result<()> {
    slices::check_cost(mine, others)?;
    let (Dim::Cyclic(mine), Dim::Cyclic(others)) = (mine, others) else { return Ok(()) };
    let one_each = |dim: &Cyclic| dim.grid_size().saturating_mul(dim.block_size()) >= dim.size();
    if one_each(mine) || one_each(others) {
        return Ok(());
    }
    let blocks = Blocks::cyclic(mine, 0, 1).map_or(0, |blocks| PeriodicCounts::interval_count(&blocks, others));
    check_count("blocks", blocks.saturating_mul(mine.block_size() / others.block_size() + 1))
}

fn check_count(what: &'static str, count: i64) -> Result<()> {
    if count <= MOST {
        return Ok(());
    }
    Err(Error::new(ErrorKind::PlanTooLarge).with_value(what, count).with_expected(MOST))
}

/// The overlaps with every candidate.
fn overlaps_of_candidates(
    mine: &Runs,
    others: &Dim,
    mut meet: impl FnMut(GridRank) -> Overlaps,
) -> Result<PeerOverlaps> {
    Ok(PeerOverlaps::of(candidates(mine, others)?.into_iter().map(|peer| (peer, meet(peer)))))
}

fn overlaps(from: &Runs, to: &Runs) -> Overlaps {
    if from.is_listed() || to.is_listed() {
        let mut pairs = Pairs::default();
        for_each_overlap(from, to, |overlap| pairs.push(overlap));
        pairs.finish()
    } else {
        Overlaps::groups_of(intersect(from, to))
    }
}

/// The processes that may own some of these indices, ascending: few more than really do.
fn candidates(mine: &Runs, others: &Dim) -> Result<Vec<GridRank>> {
    let Some((first, last)) = mine.span() else { return Ok(Vec::new()) };
    let everyone = others.grid_size();
    // The range of owners, and the number of processes that the runs touch if each is visited by
    // itself.
    let (range, touched) = match others {
        Dim::Block(block) => {
            let owner = |index: GlobalIndex| block.owner(index).map_or(0, |(rank, _)| rank.0);
            (owner(first)..owner(last) + 1, mine.run_count())
        }
        Dim::Cyclic(cyclic) => {
            let blocks = mine.len() / cyclic.block_size();
            (0..everyone, blocks.saturating_add(mine.run_count().saturating_mul(2)))
        }
        Dim::CyclicSlice(_) | Dim::Unstructured(_) => (0..everyone, i64::MAX),
    };
    if range.end - range.start <= touched {
        check_count("peers", range.end - range.start)?;
        return Ok(range.map(GridRank).collect());
    }
    let mut ranks = Vec::new();
    for run in mine.iter() {
        match others {
            Dim::Cyclic(cyclic) => {
                let mut index = run.global;
                while index <= run.last() {
                    ranks.extend(cyclic.owner(index).map(|(rank, _)| rank));
                    check_count("peers", ranks.len() as i64)?;
                    // The start of the next block. The last block ends at the size, which is beyond
                    // the runs.
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
                    check_count("peers", high - low + ranks.len() as i64)?;
                    ranks.extend((low..=high).map(GridRank));
                }
            }
        }
    }
    ranks.sort_unstable();
    ranks.dedup();
    Ok(ranks)
}
