//! One dimension in the form that a picture needs: a row of positions, the owners of each position,
//! and the contents of a process's buffer.
//!
//! Positions are the global indices. The indices of an unstructured dimension may have any value:
//! there, positions number the distinct indices in ascending order. An axis is asked about single
//! positions, so its cost does not grow with the dimension.

mod cyclic;
mod intervals;
mod listed;
mod map;
mod pieces;

use dap_core::check::{Holding, StatedDim};
use dap_core::dim::Dim;
use dap_core::index::{GlobalIndex, GridRank, Rank};

use cyclic::CyclicParts;
use intervals::Intervals;
use listed::Listed;
pub(super) use map::DimMap;
pub(super) use pieces::{BufferPiece, BufferPieces, Role};

/// The owner of a position, as a layout or the ranks' statements give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct AxisOwner {
    /// The place on the process grid along this dimension.
    pub(super) grid_rank: i64,
    /// The number of the stated part; `None` if the dimension belongs to a layout.
    pub(super) part: Option<u32>,
}

/// A dimension.
#[derive(Debug)]
pub(super) struct PlotAxis {
    /// The number of positions.
    pub(super) len: i64,
    /// Positions from here on are outside of the declared size.
    pub(super) declared: i64,
    /// The number of processes along the dimension.
    pub(super) grid_size: i64,
    pub(super) periodic: bool,
    /// Boundary padding at either end.
    pub(super) boundary: [i64; 2],
    /// Whether it is valid that several processes hold a position.
    pub(super) shares: bool,
    /// The distribution in a word or two.
    pub(super) words: String,
    source: AxisSource,
}

#[derive(Debug)]
enum AxisSource {
    /// A block or cyclic dimension of a layout finds the owner of a position itself.
    Settled(Dim),
    SettledList(Dim, Listed),
    Stated(StatedDim, OwnerMap),
}

#[derive(Debug)]
enum OwnerMap {
    Intervals(Intervals),
    CyclicParts(CyclicParts),
    Listed(Listed),
}

impl PlotAxis {
    /// A dimension of a layout.
    pub(super) fn settled(dim: &Dim) -> Self {
        let mut axis = Self {
            len: dim.size(),
            declared: dim.size(),
            grid_size: dim.grid_size(),
            periodic: false,
            boundary: [0, 0],
            shares: false,
            words: dim.to_string(),
            source: AxisSource::Settled(dim.clone()),
        };
        match dim {
            Dim::Block(block) => {
                axis.periodic = block.is_periodic();
                let last = GridRank(block.grid_size() - 1);
                axis.boundary = [block.section(GridRank(0)).boundary_lo, block.section(last).boundary_hi];
            }
            Dim::Unstructured(map) => {
                let of = |rank: i64| map.indices(GridRank(rank)).map(move |index| (index.0, rank));
                let entries = (0..map.grid_size()).flat_map(of);
                let listed = Listed::new(entries.map(|(index, rank)| (index, u32::try_from(rank).unwrap_or(u32::MAX))));
                axis.len = count(listed.len());
                axis.declared = axis.len;
                axis.shares = !map.is_one_to_one();
                axis.source = AxisSource::SettledList(dim.clone(), listed);
            }
            _ => {}
        }
        axis
    }

    /// A dimension that belongs to no layout: the ranks' statements are all that is known.
    pub(super) fn stated(dim: StatedDim) -> Self {
        let numbered = || (0_u32..).zip(&dim.parts);
        let mut len = dim.size.unwrap_or(0);
        let (mut boundary, mut shares) = ([0, 0], false);
        for part in &dim.parts {
            match &part.holding {
                Holding::Block(section) => {
                    len = len.max(section.owned_stop);
                    boundary = [boundary[0].max(section.boundary_lo), boundary[1].max(section.boundary_hi)];
                }
                Holding::Unstructured { one_to_one, .. } => shares |= !one_to_one,
                _ => {}
            }
        }
        let grid_size = dim.grid_size.unwrap_or(1).max(1);
        let first = dim.parts.first().map(|part| &part.holding);
        let (words, owners) = match first {
            Some(Holding::Cyclic { .. }) => {
                let starts = numbered().filter_map(|(at, part)| match part.holding {
                    Holding::Cyclic { start, block_size, owned } if owned > 0 => Some((start, block_size, at)),
                    _ => None,
                });
                ("cyclic", OwnerMap::CyclicParts(CyclicParts::new(starts, grid_size, len)))
            }
            Some(Holding::Unstructured { .. }) => {
                let entries = numbered().filter_map(|(at, part)| match &part.holding {
                    Holding::Unstructured { indices, .. } => Some(indices.iter().map(move |index| (*index, at))),
                    _ => None,
                });
                let listed = Listed::new(entries.flatten());
                len = count(listed.len());
                ("unstructured", OwnerMap::Listed(listed))
            }
            _ => {
                let ranges = numbered().filter_map(|(at, part)| match &part.holding {
                    Holding::Block(section) => Some((section.owned_start, section.owned_stop, at)),
                    _ => None,
                });
                let words = if first.is_some() { "block" } else { "unknown" };
                (words, OwnerMap::Intervals(Intervals::new(ranges, len)))
            }
        };
        Self {
            len,
            declared: if words == "unstructured" { len } else { dim.size.unwrap_or(len) },
            grid_size,
            periodic: dim.periodic,
            boundary,
            shares,
            words: format!("{words}{}", if dim.periodic { " periodic" } else { "" }),
            source: AxisSource::Stated(dim, owners),
        }
    }

    /// Puts the owners of a position into `owners`. Returns the next position at which they may
    /// change: behind `position`, at most `len`.
    pub(super) fn owners(&self, position: i64, owners: &mut Vec<AxisOwner>) -> i64 {
        owners.clear();
        let end = match &self.source {
            AxisSource::Settled(dim) => {
                let owner = dim.owner(GlobalIndex(position)).map(|(owner, _)| owner);
                owners.extend(owner.map(|owner| AxisOwner { grid_rank: owner.0, part: None }));
                match (dim, owner) {
                    (Dim::Block(block), Some(owner)) => block.section(owner).owned_stop,
                    (Dim::Cyclic(cyclic), _) => {
                        (position / cyclic.block_size() + 1).saturating_mul(cyclic.block_size())
                    }
                    _ => self.len,
                }
            }
            AxisSource::SettledList(_, listed) => {
                let at = place(position);
                owners.extend(
                    listed.at(at).iter().map(|(_, rank)| AxisOwner { grid_rank: i64::from(*rank), part: None }),
                );
                count(listed.end(at))
            }
            AxisSource::Stated(dim, stated) => {
                let mut parts = Vec::new();
                let end = match stated {
                    OwnerMap::Intervals(intervals) => {
                        let (end, found) = intervals.at(position);
                        parts.extend_from_slice(found);
                        end
                    }
                    OwnerMap::CyclicParts(cyclic) => cyclic.at(position, &mut parts),
                    OwnerMap::Listed(listed) => {
                        parts.extend(listed.at(place(position)).iter().map(|(_, part)| *part));
                        count(listed.end(place(position)))
                    }
                };
                let owner = |part: &u32| {
                    let grid_rank = dim.parts.get(*part as usize).map_or(0, |part| part.grid_rank.0);
                    AxisOwner { grid_rank, part: Some(*part) }
                };
                owners.extend(parts.iter().map(owner));
                end
            }
        };
        let end = if position < self.declared { end.min(self.declared) } else { end };
        end.min(self.len).max(position.saturating_add(1))
    }

    /// Whether `rank` stated the part of `owner`, given that it has the grid rank of `owner`.
    pub(super) fn is_owned_by(&self, owner: AxisOwner, rank: Rank) -> bool {
        let (AxisSource::Stated(dim, _), Some(part)) = (&self.source, owner.part) else { return true };
        let part = dim.parts.get(part as usize);
        part.is_some_and(|part| part.ranks.as_ref().is_none_or(|ranks| ranks.contains(rank)))
    }

    /// At most `most` intervals without an owner, or with more owners than allowed: start, end,
    /// number of owners. Empty if they can be found by a look at every position only.
    pub(super) fn faults(&self, most: usize) -> Vec<(i64, i64, usize)> {
        match &self.source {
            // Ranks with the same grid coordinates may differ: then an interval may be right on
            // some of them.
            AxisSource::Stated(dim, OwnerMap::Intervals(intervals))
                if dim.parts.iter().all(|part| part.ranks.is_none()) =>
            {
                intervals.faults().take(most).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether processes own ranges, which may have padding.
    pub(super) fn is_block(&self) -> bool {
        match &self.source {
            AxisSource::Settled(dim) => matches!(dim, Dim::Block(_)),
            AxisSource::SettledList(..) => false,
            AxisSource::Stated(_, owners) => matches!(owners, OwnerMap::Intervals(_)),
        }
    }

    /// The first positions of at most `most` processes. The search goes from one change of owners
    /// to the next, for a bounded number of steps, and misses processes beyond.
    pub(super) fn firsts(&self, most: usize) -> Vec<i64> {
        let (mut firsts, mut seen): (Vec<i64>, Vec<i64>) = (Vec::new(), Vec::new());
        let (mut position, mut owners) = (0, Vec::new());
        for _ in 0..64 {
            if position >= self.len || firsts.len() >= most {
                break;
            }
            let end = self.owners(position, &mut owners);
            if let Some(owner) = owners.first().filter(|owner| !seen.contains(&owner.grid_rank)) {
                seen.push(owner.grid_rank);
                firsts.push(position);
            }
            position = end;
        }
        if firsts.is_empty() { vec![0] } else { firsts }
    }

    /// The global index at a position.
    pub(super) fn index(&self, position: i64) -> i64 {
        self.listed().and_then(|listed| listed.label(place(position))).unwrap_or(position)
    }

    /// The position of a global index.
    pub(super) fn position(&self, index: i64) -> Option<i64> {
        match self.listed() {
            Some(listed) => listed.position(index).map(count),
            None => (0..self.len).contains(&index).then_some(index),
        }
    }

    /// Whether positions differ from the global indices.
    pub(super) fn is_compressed(&self) -> bool {
        self.listed().is_some_and(|_| self.len > 0 && (self.index(0) != 0 || self.index(self.len - 1) != self.len - 1))
    }

    fn listed(&self) -> Option<&Listed> {
        match &self.source {
            AxisSource::SettledList(_, listed) | AxisSource::Stated(_, OwnerMap::Listed(listed)) => Some(listed),
            _ => None,
        }
    }

    /// The number of elements that `rank`, at `grid_rank`, owns along the dimension; `None` if it
    /// did not state it.
    pub(super) fn owned(&self, grid_rank: i64, rank: Rank) -> Option<i64> {
        match &self.source {
            AxisSource::Settled(dim) | AxisSource::SettledList(dim, _) => Some(dim.owned_len(GridRank(grid_rank))),
            AxisSource::Stated(dim, _) => part_of(dim, grid_rank, rank).map(|part| match &part.holding {
                Holding::Block(section) => section.owned_len(),
                Holding::Cyclic { owned, .. } => *owned,
                Holding::Unstructured { indices, .. } => count(indices.len()),
                _ => 0,
            }),
        }
    }

    /// The grid ranks that own nothing: their number and the first few of them.
    pub(super) fn empty(&self) -> i64 {
        match &self.source {
            AxisSource::Settled(dim) | AxisSource::SettledList(dim, _) => {
                // A regular split over 2^40 processes has too many ranks to count.
                let most = self.grid_size.min(1 << 21);
                count((0..most).filter(|rank| dim.owned_len(GridRank(*rank)) == 0).count())
            }
            AxisSource::Stated(dim, _) => {
                let empty = |holding: &Holding| match holding {
                    Holding::Block(section) => section.owned_len() == 0,
                    Holding::Cyclic { owned, .. } => *owned == 0,
                    Holding::Unstructured { indices, .. } => indices.is_empty(),
                    _ => false,
                };
                count(dim.parts.iter().filter(|part| empty(&part.holding)).count())
            }
        }
    }

    /// The contents of the buffer of `rank`, at `grid_rank`; `None` if it did not state them.
    pub(super) fn pieces(&self, grid_rank: i64, rank: Rank) -> Option<BufferPieces> {
        match &self.source {
            AxisSource::Settled(dim) | AxisSource::SettledList(dim, _) => {
                Some(BufferPieces::settled(dim, GridRank(grid_rank)))
            }
            AxisSource::Stated(dim, _) => part_of(dim, grid_rank, rank)
                .map(|part| BufferPieces::stated(&part.holding, self.declared, self.grid_size)),
        }
    }
}

fn part_of(dim: &StatedDim, grid_rank: i64, rank: Rank) -> Option<&dap_core::check::StatedPart> {
    let says = |part: &&dap_core::check::StatedPart| {
        part.grid_rank.0 == grid_rank && part.ranks.as_ref().is_none_or(|ranks| ranks.contains(rank))
    };
    dim.parts.iter().find(says)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn place(position: i64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
