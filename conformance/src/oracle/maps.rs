//! The place of every index of a valid set, as lists: global to owner and back.

use std::collections::BTreeMap;

use super::Rank;
use super::place::{Kind, Place};
use super::stated::Stated;

/// The maps of a whole array.
#[derive(Clone, Debug)]
pub struct Maps {
    /// The global extents, one for each dimension.
    pub shape: Vec<i64>,
    /// The extents of the process grid, one for each dimension.
    pub grid: Vec<i64>,
    /// The elements of each rank: `sections[rank][dim]` in local order.
    pub sections: Vec<Vec<Vec<Place>>>,
    /// Each dimension by itself.
    pub dims: Vec<DimMaps>,
}

/// The maps of one dimension.
///
/// Processes of the same grid rank may differ in boundary padding only, so [`Kind::Boundary`] and
/// [`Kind::Interior`] differ in [`Maps::sections`] only.
#[derive(Clone, Debug)]
pub struct DimMaps {
    /// The global extent.
    pub size: i64,
    /// The indices of each grid rank, padding included: `global[grid_rank][local]`.
    pub global: Vec<Vec<i64>>,
    /// The owned count of each grid rank.
    pub owned: Vec<i64>,
    /// The (grid rank, local index) pairs that own an index, the lowest grid rank first. An index
    /// has more than one only if it is unstructured and held by several processes.
    pub holders: BTreeMap<i64, Vec<(i64, i64)>>,
    /// Whether the dimension is periodic.
    pub periodic: bool,
    /// The widths of the boundary padding below and above, when all processes at that end agree.
    pub boundary: Option<[i64; 2]>,
}

impl Maps {
    pub(super) fn new(ranks: &[Rank]) -> Maps {
        let first = &ranks[0].dims;
        Maps {
            shape: first.iter().map(|dim| dim.size).collect(),
            grid: first.iter().map(|dim| dim.grid_size).collect(),
            sections: ranks.iter().map(Rank::places).collect(),
            dims: (0..first.len()).map(|dim| DimMaps::new(ranks, dim)).collect(),
        }
    }

    /// The rank that owns a global index, and the index in its buffer; the lowest rank when several
    /// do.
    pub fn owner(&self, global: &[i64]) -> Option<(usize, Vec<i64>)> {
        let mut rank = 0;
        let mut local = Vec::new();
        for (dim, maps) in self.dims.iter().enumerate() {
            let (grid_rank, here) = maps.owner(global[dim])?;
            rank = rank * self.grid[dim] + grid_rank;
            local.push(here);
        }
        Some((rank as usize, local))
    }

    /// The number of elements that a rank owns.
    pub fn owned_len(&self, rank: usize) -> i64 {
        let owned = |section: &Vec<Place>| section.iter().filter(|place| place.is_owned()).count() as i64;
        self.sections[rank].iter().map(owned).product()
    }
}

impl DimMaps {
    fn new(ranks: &[Rank], dim: usize) -> DimMaps {
        let stated: Vec<&Stated> = ranks.iter().map(|rank| &rank.dims[dim]).collect();
        let mut maps = DimMaps {
            size: stated[0].size,
            global: Vec::new(),
            owned: Vec::new(),
            holders: BTreeMap::new(),
            periodic: stated[0].periodic,
            boundary: boundary(ranks, dim),
        };
        for grid_rank in 0..stated[0].grid_size {
            let of_grid_rank = (0..ranks.len()).find(|&rank| stated[rank].grid_rank == grid_rank);
            let places = of_grid_rank.map_or(&[][..], |rank| ranks[rank].sections[dim].places());
            for place in places.iter().filter(|place| place.is_owned()) {
                maps.holders.entry(place.global).or_default().push((grid_rank, place.local));
            }
            maps.global.push(places.iter().map(|place| place.global).collect());
            maps.owned.push(places.iter().filter(|place| place.is_owned()).count() as i64);
        }
        maps
    }

    /// The (grid rank, local index) that owns a global index; the lowest grid rank when several do.
    pub fn owner(&self, global: i64) -> Option<(i64, i64)> {
        self.holders.get(&global).map(|holders| holders[0])
    }

    /// The global indices that a grid rank holds, in local order, padding included.
    ///
    /// # Panics
    ///
    /// If there is no such grid rank.
    pub fn globals(&self, grid_rank: i64) -> &[i64] {
        &self.global[grid_rank as usize]
    }
}

/// The widths below and above, if they are the same for all processes at that end.
fn boundary(ranks: &[Rank], dim: usize) -> Option<[i64; 2]> {
    let width = |at_end: fn(&Stated) -> bool, side: usize| {
        let mut widths = Vec::new();
        for rank in ranks.iter().filter(|rank| at_end(&rank.dims[dim])) {
            // 0.9's wrap halo is at an outer end too, but is not a boundary.
            let places = rank.sections[dim].places();
            let outermost = if side == 0 { places.first() } else { places.last() };
            let is_boundary = outermost.is_some_and(|place| place.kind == Kind::Boundary);
            widths.push(if is_boundary { rank.dims[dim].padding()[side] } else { 0 });
        }
        widths.dedup();
        if widths.len() == 1 { Some(widths[0]) } else { None }
    };
    Some([width(Stated::is_first, 0)?, width(Stated::is_last, 1)?])
}

/// The source index of an image: of a boundary index of a periodic dimension of version 0.10;
/// `None` for other indices.
///
/// `lo` and `hi` are the widths of the boundary padding. The period is the length between them: the
/// letter of 0.10 counts the padding in `size`.
pub fn periodic_source(index: i64, size: i64, lo: i64, hi: i64) -> Option<i64> {
    let period = size - lo - hi;
    if index < lo {
        Some(index + period)
    } else if index >= size - hi {
        Some(index - period)
    } else {
        None
    }
}
