//! Several dimensions as one: the overlaps of processes in the row-major sequence of their items.
//!
//! A row is the items with the same indices along all dimensions but the last. A process's row
//! overlaps the few rows of the other side that lie in the same interval of the sequence, and there
//! the last dimensions are intersected in closed form. So cost and length follow the rows, not the
//! items.

use std::collections::{BTreeMap, HashMap};

use smallvec::SmallVec;

use super::pairs::Pairs;
use super::peer_overlaps::PeerOverlaps;
use crate::dim::{Block, BlockSection, Cyclic, Dim};
use crate::error::{Error, ErrorKind, Result};
use crate::index::{GlobalIndex, GridRank, LocalIndex};
use crate::runs::{Overlap, RunGroup, Runs, group_overlaps};

/// The greatest number of rows and pieces of rows that one process's plan visits.
pub(in crate::plan) const MAX_PIECES: i64 = 1 << 22;

/// The greatest number of sections that are scaled one by one.
const MAX_SECTIONS: i64 = 1 << 20;

/// One side of a group: its dimensions, without those that make no difference.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Flat {
    leading: Vec<Dim>,
    last: Dim,
}

/// The side of a process in a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Direction {
    Outgoing,
    Incoming,
}

impl Flat {
    /// A side of neighbouring dimensions. A dimension that is not distributed makes the one before
    /// it longer.
    pub(in crate::plan) fn new(dims: &[Dim]) -> Result<Flat> {
        let mut folded: Vec<Dim> = Vec::new();
        for dim in dims {
            let whole = dim.grid_size() == 1 && dim.extent(GridRank(0)) == dim.size() && dim.dist_type() != 'u';
            if !whole {
                folded.push(dim.clone());
            } else if dim.size() != 1 {
                match folded.last().and_then(|last| scaled(last, dim.size())) {
                    Some(longer) => {
                        folded.pop();
                        folded.push(longer);
                    }
                    None => folded.push(dim.clone()),
                }
            }
        }
        let last = folded.pop().map_or_else(|| Dim::undistributed(1), Ok)?;
        Ok(Flat { leading: folded, last })
    }

    fn dims(&self) -> impl DoubleEndedIterator<Item = &Dim> {
        self.leading.iter().chain(std::iter::once(&self.last))
    }

    /// The single dimension that is equivalent to all, if there is one.
    pub(in crate::plan) fn single(&self) -> Option<&Dim> {
        self.leading.is_empty().then_some(&self.last)
    }

    /// The number of processes.
    pub(in crate::plan) fn processes(&self) -> i64 {
        self.dims().map(Dim::grid_size).product()
    }

    fn coordinates(&self, at: GridRank) -> Vec<GridRank> {
        let mut rest = at.0;
        let along = |dim: &Dim| {
            let at = GridRank(rest % dim.grid_size());
            rest /= dim.grid_size();
            at
        };
        let mut coordinates: Vec<GridRank> = self.dims().rev().map(along).collect();
        coordinates.reverse();
        coordinates
    }
}

/// The dimension in which every index stands for `times` indices; `None` if it has no simple form.
fn scaled(dim: &Dim, times: i64) -> Option<Dim> {
    let size = dim.size().checked_mul(times)?;
    match dim {
        Dim::Block(block) => {
            let width = block.owned_len(GridRank(0)).max(1);
            if Block::with_width(block.size(), block.grid_size(), width).is_ok_and(|plain| plain == *block) {
                return Block::with_width(size, block.grid_size(), width.checked_mul(times)?).ok().map(Dim::from);
            }
            if block.grid_size() > MAX_SECTIONS {
                return None;
            }
            let section = |rank| {
                let section = block.section(GridRank(rank));
                Some(BlockSection {
                    owned_start: section.owned_start.checked_mul(times)?,
                    owned_stop: section.owned_stop.checked_mul(times)?,
                    comm_lo: section.comm_lo.checked_mul(times)?,
                    comm_hi: section.comm_hi.checked_mul(times)?,
                    boundary_lo: section.boundary_lo.checked_mul(times)?,
                    boundary_hi: section.boundary_hi.checked_mul(times)?,
                })
            };
            let sections: Vec<BlockSection> = (0..block.grid_size()).map(section).collect::<Option<_>>()?;
            Block::from_sections(size, block.is_periodic(), &sections).ok().map(Dim::from)
        }
        Dim::Cyclic(cyclic) => {
            let width = cyclic.block_size().min(cyclic.size().max(1)).checked_mul(times)?;
            let longer = Cyclic::new(size, cyclic.grid_size(), width).ok()?;
            longer.with_source(cyclic.source()).ok().map(Dim::from)
        }
        Dim::CyclicSlice(_) | Dim::Unstructured(_) => None,
    }
}

/// The processes that hold an index of the other side, with its local index there.
enum Holders<'a> {
    Owner(&'a Dim),
    /// All holders, for an unstructured dimension whose indices are shared.
    All(HashMap<i64, Vec<(GridRank, LocalIndex)>>),
}

impl<'a> Holders<'a> {
    fn new(dim: &'a Dim, direction: Direction) -> Holders<'a> {
        match dim {
            Dim::Unstructured(lists) if direction == Direction::Outgoing && !lists.is_disjoint() => {
                let mut holders: HashMap<i64, Vec<_>> = HashMap::new();
                for rank in (0..lists.grid_size()).map(GridRank) {
                    for (index, local) in lists.indices(rank).zip((0..).map(LocalIndex)) {
                        holders.entry(index.0).or_default().push((rank, local));
                    }
                }
                Holders::All(holders)
            }
            _ => Holders::Owner(dim),
        }
    }

    fn of(&self, index: i64) -> SmallVec<[(GridRank, LocalIndex); 2]> {
        match self {
            Holders::Owner(dim) => dim.owner(GlobalIndex(index)).into_iter().collect(),
            Holders::All(holders) => holders.get(&index).into_iter().flatten().copied().collect(),
        }
    }
}

/// The other side, and the overlaps with it found so far.
struct Others<'a> {
    leading: &'a [Dim],
    last: &'a Dim,
    leading_holders: Vec<Holders<'a>>,
    last_holders: Holders<'a>,
    direction: Direction,
    /// The runs along the last dimension of the processes visited so far.
    runs: HashMap<i64, Vec<RunGroup>>,
    peers: BTreeMap<GridRank, Pairs>,
}

/// A process of the other side that holds a row, by the leading dimensions alone: its rank, and the
/// position of the row in its buffer.
type RowHolder = (i64, i64);

/// The overlaps of one process with each process of the other side. `left` is the number of pieces
/// that may still be visited.
pub(in crate::plan) fn meet(
    mine: &Flat,
    at: GridRank,
    others: &Flat,
    direction: Direction,
    left: &mut i64,
) -> Result<PeerOverlaps> {
    let coordinates = mine.coordinates(at);
    let held = |(dim, &at): (&Dim, &GridRank)| {
        if direction == Direction::Outgoing { dim.source_runs(at) } else { dim.runs(at) }
    };
    let runs: Vec<Runs> = mine.dims().zip(&coordinates).map(held).collect();
    let Some((last_runs, leading_runs)) = runs.split_last().filter(|_| runs.iter().all(|runs| !runs.is_empty())) else {
        return Ok(PeerOverlaps::default());
    };
    let extents: Vec<i64> = mine.dims().zip(&coordinates).map(|(dim, &at)| dim.extent(at)).collect();
    if extents.iter().try_fold(1_i64, |product, &extent| product.checked_mul(extent)).is_none() {
        return Err(Error::new(ErrorKind::Overflow).with_value("extent", i64::MAX));
    }
    let rows = leading_runs.iter().try_fold(1_i64, |product, runs| product.checked_mul(runs.len()));
    if rows.is_none_or(|rows| rows > *left) {
        return Err(too_large());
    }
    let Flat { leading, last } = others;
    let mut others = Others {
        leading,
        last,
        leading_holders: leading.iter().map(|dim| Holders::new(dim, direction)).collect(),
        last_holders: Holders::new(last, direction),
        direction,
        runs: HashMap::new(),
        peers: BTreeMap::new(),
    };
    if last_runs.ascending_count() > *left {
        return Err(too_large());
    }
    let groups: Vec<RunGroup> = last_runs.ascending_groups();
    // The number and the position of each row of this process.
    let mut rows = vec![(0_i64, 0_i64)];
    for ((dim, runs), extent) in mine.leading.iter().zip(leading_runs).zip(&extents) {
        let indices: Vec<(i64, i64)> =
            runs.iter().flat_map(|run| (0..run.len).map(move |k| (run.global.0 + k, run.local.0 + k))).collect();
        let longer = |(row, place): (i64, i64)| {
            indices.iter().map(move |&(index, local)| (row * dim.size() + index, place * extent + local))
        };
        rows = rows.into_iter().flat_map(longer).collect();
    }
    let extent = extents.last().copied().unwrap_or(1);
    for (row, place) in rows {
        let shifted = |group: &RunGroup| RunGroup {
            global_start: GlobalIndex(group.global_start.0 + row * mine.last.size()),
            local_start: LocalIndex(group.local_start.0 + place * extent),
            ..*group
        };
        let groups: Vec<RunGroup> = groups.iter().map(shifted).collect();
        others.meet(&groups, left)?;
    }
    Ok(PeerOverlaps::of(others.peers.into_iter().map(|(rank, pairs)| (rank, pairs.finish()))))
}

fn too_large() -> Error {
    Error::new(ErrorKind::PlanTooLarge).with_value("rows", MAX_PIECES + 1).with_expected(MAX_PIECES)
}

impl Others<'_> {
    /// Intersects the groups of one row of this process, as positions in the sequence.
    fn meet(&mut self, mine: &[RunGroup], left: &mut i64) -> Result<()> {
        let (Some(first), Some(last)) = (mine.first(), mine.last()) else { return Ok(()) };
        let size = self.last.size();
        let (first, last) = (first.global_start.0, last.last().0);
        for row in first / size..=last / size {
            take(left, 1)?;
            let (low, high) = ((row * size).max(first), (row * size + (size - 1)).min(last));
            let from = mine.partition_point(|group| group.last().0 < low);
            let to = mine.partition_point(|group| group.global_start.0 <= high);
            let Some(mine) = mine.get(from..to).filter(|mine| !mine.is_empty()) else { continue };
            let holders = self.row_holders(row)?;
            if let Dim::Unstructured(_) = self.last {
                self.listed(mine, &holders, row * size, low, high, left)?;
            } else {
                let (first, count) = candidates(self.last, low - row * size, high - row * size);
                take(left, count)?;
                for rank in (first..first + count).map(|rank| rank % self.last.grid_size()) {
                    self.structured(mine, &holders, row * size, rank, left)?;
                }
            }
        }
        Ok(())
    }

    fn row_holders(&self, row: i64) -> Result<SmallVec<[RowHolder; 2]>> {
        let mut rest = row;
        let mut indices: SmallVec<[i64; 4]> = SmallVec::new();
        for dim in self.leading.iter().rev() {
            indices.push(rest % dim.size());
            rest /= dim.size();
        }
        let mut rows: SmallVec<[RowHolder; 2]> = SmallVec::from_elem((0, 0), 1);
        for ((dim, holders), index) in self.leading.iter().zip(&self.leading_holders).zip(indices.iter().rev()) {
            let mut longer = SmallVec::new();
            for (rank, place) in rows {
                for (at, local) in holders.of(*index) {
                    let place = place_in(place, dim.extent(at), local.0)?;
                    longer.push((rank * dim.grid_size() + at.0, place));
                }
            }
            rows = longer;
        }
        Ok(rows)
    }

    fn structured(
        &mut self,
        mine: &[RunGroup],
        holders: &[RowHolder],
        start: i64,
        rank: i64,
        left: &mut i64,
    ) -> Result<()> {
        let last = self.last;
        take(left, last.runs(GridRank(rank)).ascending_count())?;
        let theirs = self.runs.entry(rank).or_insert_with(|| last.runs(GridRank(rank)).ascending_groups());
        let theirs: SmallVec<[RunGroup; 2]> = theirs
            .iter()
            .map(|group| RunGroup { global_start: GlobalIndex(group.global_start.0 + start), ..*group })
            .collect();
        let mut overlaps: Vec<Overlap> = Vec::new();
        for a in mine {
            for b in &theirs {
                let (source, target) = if self.direction == Direction::Outgoing { (a, b) } else { (b, a) };
                group_overlaps(source, target, &mut |overlap| overlaps.push(overlap));
            }
        }
        take(left, overlaps.len() as i64)?;
        overlaps.sort_unstable_by_key(Overlap::global_start);
        if overlaps.is_empty() {
            return Ok(());
        }
        let extent = last.extent(GridRank(rank));
        for &(leading, place) in holders {
            let place = place_in(place, extent, 0)?;
            let pairs = self.peers.entry(GridRank(leading * last.grid_size() + rank)).or_default();
            let (source, target) = if self.direction == Direction::Outgoing { (0, place) } else { (place, 0) };
            for overlap in &overlaps {
                pairs.push(overlap.moved(source, target).ok_or_else(|| beyond(extent))?);
            }
        }
        Ok(())
    }

    /// Intersects item by item, if the last dimension of the other side lists its indices.
    fn listed(
        &mut self,
        mine: &[RunGroup],
        holders: &[RowHolder],
        start: i64,
        low: i64,
        high: i64,
        left: &mut i64,
    ) -> Result<()> {
        let runs = mine.iter().flat_map(|group| {
            // The runs before `low` are skipped in one step.
            let skipped =
                if group.global_stride > 0 { (low - group.global_start.0).max(0) / group.global_stride } else { 0 };
            group.iter().skip(skipped as usize).take_while(|run| run.global.0 <= high)
        });
        for run in runs {
            for index in run.global.0.max(low)..=run.last().0.min(high) {
                take(left, 1)?;
                let my_place = run.local.0 + (index - run.global.0);
                for (rank, local) in self.last_holders.of(index - start) {
                    let extent = self.last.extent(rank);
                    for &(leading, place) in holders {
                        let their_place = place_in(place, extent, local.0)?;
                        let (from, to) = if self.direction == Direction::Outgoing {
                            (my_place, their_place)
                        } else {
                            (their_place, my_place)
                        };
                        let peer = GridRank(leading * self.last.grid_size() + rank.0);
                        self.peers.entry(peer).or_default().add(index, from, to);
                    }
                }
            }
        }
        Ok(())
    }
}

/// The processes that may own an index between two indices of a structured dimension: the first
/// one, and their number. The first grid rank follows the last one.
fn candidates(dim: &Dim, low: i64, high: i64) -> (i64, i64) {
    let owner = |index| dim.owner(GlobalIndex(index)).map_or(0, |(rank, _)| rank.0);
    let behind = match dim {
        Dim::Cyclic(cyclic) => (high / cyclic.block_size() - low / cyclic.block_size()).min(cyclic.grid_size() - 1),
        Dim::CyclicSlice(slice) => slice.grid_size() - 1,
        _ => owner(high) - owner(low),
    };
    (owner(low), behind + 1)
}

fn take(left: &mut i64, pieces: i64) -> Result<()> {
    *left -= pieces;
    if *left < 0 { Err(too_large()) } else { Ok(()) }
}

/// Adds one dimension to a position in a buffer.
fn place_in(place: i64, extent: i64, local: i64) -> Result<i64> {
    let place = place.checked_mul(extent).and_then(|place| place.checked_add(local));
    place.ok_or_else(|| beyond(extent))
}

fn beyond(extent: i64) -> Error {
    Error::new(ErrorKind::Overflow).with_value("extent", extent)
}
