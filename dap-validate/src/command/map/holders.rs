//! All processes that hold an element: its owner, neighbours in their padding, further holders of
//! an unstructured index.

use dap_core::dim::Dim;
use dap_core::index::{GlobalIndex, GridRank, LocalIndex, Rank};
use dap_core::layout::Layout;
use serde::Serialize;

use crate::command::tuple::tuple;

/// The largest number of holders that are listed; in many dimensions there may be 3^64.
pub(super) const MOST: usize = 64;

/// The role of an element for the process that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum HolderKind {
    /// Owned, and not padding.
    Owned,
    /// Owned, in the padding at the array's outer end.
    Boundary,
    /// An unstructured index that a lower grid rank holds, too.
    Copy,
    /// In the padding that holds copies of a neighbour's elements.
    Communication,
}

/// A process that holds an element, and the place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct ElementHolder {
    pub(super) rank: i64,
    pub(super) coordinates: Vec<i64>,
    pub(super) local: Vec<i64>,
    pub(super) kind: HolderKind,
}

impl ElementHolder {
    /// The holder of an existing place.
    pub(super) fn new(layout: &Layout, rank: Rank, local: &[LocalIndex]) -> Self {
        let coordinates = layout.grid().coordinates(rank).unwrap_or_default();
        let places = layout.dims().iter().zip(&coordinates).zip(local);
        let kind = places.map(|((dim, &coordinate), &local)| kind(dim, coordinate, local)).max();
        Self {
            rank: rank.0,
            coordinates: numbers(&coordinates),
            local: local.iter().map(|index| index.0).collect(),
            kind: kind.unwrap_or(HolderKind::Owned),
        }
    }

    /// `rank 2, grid (1, 0), local (0, 1), owned`.
    pub(super) fn in_words(&self) -> String {
        let Self { rank, coordinates, local, kind } = self;
        format!("rank {rank}, grid {}, local {}, {}", tuple(coordinates), tuple(local), kind.in_words())
    }
}

/// The role of the element at a place of a process's buffer.
fn kind(dim: &Dim, rank: GridRank, local: LocalIndex) -> HolderKind {
    match dim {
        Dim::Block(block) => {
            let section = block.section(rank);
            let at = local.0 - section.comm_lo;
            let owned = section.owned_len();
            if at < 0 || at >= owned {
                HolderKind::Communication
            } else if at < section.boundary_lo || at >= owned - section.boundary_hi {
                HolderKind::Boundary
            } else {
                HolderKind::Owned
            }
        }
        Dim::Unstructured(map) => {
            let owner = map.global(rank, local).and_then(|global| map.owner(global));
            if owner.is_some_and(|(owner, _)| owner == rank) { HolderKind::Owned } else { HolderKind::Copy }
        }
        _ => HolderKind::Owned,
    }
}

/// The first [`MOST`] holders other than the `known` ones, and their number.
pub(super) fn others(layout: &Layout, global: &[GlobalIndex], known: &[&ElementHolder]) -> (Vec<ElementHolder>, u64) {
    let places: Vec<Vec<(GridRank, LocalIndex)>> =
        layout.dims().iter().zip(global).map(|(dim, &index)| along(dim, index)).collect();
    let all = places.iter().try_fold(1_u64, |product, places| product.checked_mul(u64::try_from(places.len()).ok()?));
    let mut holders = Vec::new();
    let mut at = vec![0; places.len()];
    'all: while holders.len() < MOST {
        let chosen: Option<Vec<_>> = places.iter().zip(&at).map(|(places, &at)| places.get(at).copied()).collect();
        let Some(chosen) = chosen else { break };
        let (coordinates, local): (Vec<_>, Vec<_>) = chosen.into_iter().unzip();
        if let Some(rank) = layout.grid().rank(&coordinates) {
            let holder = ElementHolder::new(layout, rank, &local);
            if !known.contains(&&holder) {
                holders.push(holder);
            }
        }
        for (at, places) in at.iter_mut().zip(&places).rev() {
            *at += 1;
            if *at < places.len() {
                continue 'all;
            }
            *at = 0;
        }
        break;
    }
    let known = u64::try_from(known.len()).unwrap_or(u64::MAX);
    (holders, all.unwrap_or(u64::MAX).saturating_sub(known))
}

/// The processes along one dimension that hold an index, with its places; takes one step for each
/// process.
fn along(dim: &Dim, index: GlobalIndex) -> Vec<(GridRank, LocalIndex)> {
    let ranks = (0..dim.grid_size()).map(GridRank);
    match dim {
        Dim::Block(block) => {
            let places = |rank: GridRank| {
                let section = block.section(rank);
                let periods: &[i64] = if block.wraps() { &[0, -1, 1] } else { &[0] };
                let local = periods.iter().filter_map(move |period| {
                    let start = section.owned_start.checked_sub(section.comm_lo)?;
                    let local = period.checked_mul(block.size())?.checked_add(index.0)?.checked_sub(start)?;
                    (0..section.extent()).contains(&local).then_some((rank, LocalIndex(local)))
                });
                local.collect::<Vec<_>>()
            };
            ranks.flat_map(places).collect()
        }
        Dim::Unstructured(map) => ranks.filter_map(|rank| Some((rank, map.held(rank, index)?))).collect(),
        _ => dim.owner(index).into_iter().collect(),
    }
}

/// Grid coordinates as numbers.
fn numbers(coordinates: &[GridRank]) -> Vec<i64> {
    coordinates.iter().map(|coordinate| coordinate.0).collect()
}

impl HolderKind {
    fn in_words(self) -> &'static str {
        match self {
            Self::Owned => "owned",
            Self::Boundary => "owned, boundary padding",
            Self::Communication => "communication padding",
            Self::Copy => "a copy",
        }
    }
}
