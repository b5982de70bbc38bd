//! The ranks that own the rows of a selection.

use dap_core::dim::Dim;
use dap_core::index::{GlobalIndex, GridRank, Rank};
use dap_mpi::{Error, ErrorKind, Result};

use crate::array::DynArray;

/// The rank that owns each row, and the row's number there.
#[derive(Debug, Default)]
pub(super) struct Owners {
    pub(super) ranks: Vec<u32>,
    pub(super) numbers: Vec<u64>,
}

impl Owners {
    /// The owners of the rows at tuples of indices along some axes, `indices[axis][tuple]`, on the
    /// process grid's coordinates `kept` along the others.
    pub(super) fn of(array: &DynArray, axes: &[usize], indices: &[Vec<i64>], kept: &[GridRank]) -> Result<Owners> {
        let nowhere = || Error::new(ErrorKind::Layout, "no rank owns an element of the array");
        let layout = array.layout();
        let holders = Holders::of(array, axes, kept).ok_or_else(nowhere)?;
        let rows = indices.first().map_or(0, Vec::len);
        let mut owners = Owners { ranks: vec![0; rows], numbers: vec![0; rows] };
        for (&axis, indices) in axes.iter().zip(indices) {
            let dim = &layout.dims()[axis];
            if dim.grid_size() == 1 && matches!(dim, Dim::Block(_) | Dim::Cyclic(_)) {
                // One process has all in order.
                let len = dim.size() as u64;
                let numbers = owners.numbers.iter_mut().zip(indices);
                numbers.for_each(|(number, &index)| *number = *number * len + index as u64);
                continue;
            }
            let processes = dim.grid_size() as u32;
            // `Holders` has found room for one number for each process.
            let lengths: Vec<u64> = (0..dim.grid_size()).map(|rank| dim.owned_len(GridRank(rank)) as u64).collect();
            for ((rank, number), &index) in owners.ranks.iter_mut().zip(&mut owners.numbers).zip(indices) {
                let (at, local) = dim.owner(GlobalIndex(index)).ok_or_else(nowhere)?;
                *rank = *rank * processes + at.0 as u32;
                *number = *number * lengths[at.0 as usize] + local.0 as u64;
            }
        }
        if holders.ranks.iter().enumerate().any(|(at, rank)| at as u32 != *rank) {
            owners.ranks.iter_mut().for_each(|rank| *rank = holders.ranks[*rank as usize]);
        }
        Ok(owners)
    }
}

/// The ranks of the communicator along some axes of the process grid, in C order.
struct Holders {
    ranks: Vec<u32>,
}

impl Holders {
    /// `None` if a section is nowhere.
    fn of(array: &DynArray, axes: &[usize], kept: &[GridRank]) -> Option<Holders> {
        let grid = array.layout().grid();
        let mut sections = vec![kept.to_vec()];
        for &axis in axes {
            let extent = grid.shape()[axis];
            let along = |section: Vec<GridRank>| {
                (0..extent).map(move |at| {
                    let mut section = section.clone();
                    section[axis] = GridRank(at);
                    section
                })
            };
            sections = sections.into_iter().flat_map(along).collect();
        }
        let holder = |section: &Vec<GridRank>| {
            let section: Rank = grid.rank(section)?;
            u32::try_from(array.placement().ranks().holder(section)?.0).ok()
        };
        Some(Holders { ranks: sections.iter().map(holder).collect::<Option<_>>()? })
    }
}
