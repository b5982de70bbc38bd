//! The tiles of an array: boxes of a bounded number of items, large along the dimensions that lie
//! closely together in the files.
//!
//! If two files have the same memory order, a tile is a range of the slowest dimension that has
//! room for more than one index, with all of the faster ones. Otherwise it grows along the fastest
//! dimension of either file in turn, so that both are read and written in long runs.

use dap_core::dim::{Block, Dim};
use dap_core::error::Result;
use dap_core::index::Rank;
use dap_core::layout::Layout;
use dap_core::plan::{Endpoints, Plan};

use super::MemoryOrder;
use super::items::{FileItems, dense_strides};
use super::region::{Direction, IndexRun, Scratch};

/// The most bytes of a tile, unless an item is larger.
pub(crate) const TILE: i64 = 32 << 20;
/// The most items of a tile: lists of indices along a dimension may be as long.
const ITEMS: i64 = 1 << 20;

/// A grid of tiles.
pub(crate) struct Tiles {
    layout: Layout,
    itemsize: i64,
}

/// One tile.
pub(crate) struct Tile {
    number: Rank,
    /// Where it begins along each dimension.
    pub(crate) start: Vec<i64>,
    pub(crate) shape: Vec<i64>,
    /// In bytes, in C order.
    pub(crate) strides: Vec<i64>,
    pub(crate) bytes: usize,
}

/// The extents of an array in one piece: an index that several ranks hold counts once.
pub(crate) fn whole_shape(layout: &Layout) -> Vec<i64> {
    let extent = |dim: &Dim| match dim {
        Dim::Unstructured(map) => map.distinct(),
        dim => dim.size(),
    };
    layout.dims().iter().map(extent).collect()
}

impl Tiles {
    /// Tiles of an array whose files have these orders of dimensions, from the slowest to the
    /// fastest.
    pub(crate) fn new(shape: &[i64], itemsize: i64, orders: [&[usize]; 2]) -> Result<Self> {
        let extents = extents(shape, (TILE / itemsize.max(1)).clamp(1, ITEMS), orders);
        let dim = |(&size, &extent): (&i64, &i64)| {
            let tiles = if size == 0 { 1 } else { (size - 1) / extent + 1 };
            Block::with_width(size, tiles, extent).map(Dim::from)
        };
        let dims = shape.iter().zip(&extents).map(dim).collect::<Result<_>>()?;
        Ok(Self { layout: Layout::new(dims)?, itemsize })
    }

    /// The same tiles of an array whose items have another size.
    pub(crate) fn with_itemsize(&self, itemsize: i64) -> Self {
        Self { layout: self.layout.clone(), itemsize }
    }

    /// The tiles that have items, in C order of their places.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Tile> + '_ {
        (0..self.layout.processes()).map(Rank).filter_map(|number| self.tile(number))
    }

    fn tile(&self, number: Rank) -> Option<Tile> {
        let runs = self.layout.runs(number)?;
        let shape = self.layout.local_shape(number)?;
        let items: i64 = shape.iter().product();
        Some(Tile {
            number,
            start: runs.iter().map(|runs| runs.span().map(|(first, _)| first.0)).collect::<Option<_>>()?,
            strides: dense_strides(&shape, self.itemsize, MemoryOrder::C),
            bytes: usize::try_from(items.checked_mul(self.itemsize)?).ok()?,
            shape,
        })
    }

    /// The plan that brings the elements of a layout into a tile.
    pub(crate) fn from(&self, layout: &Layout, tile: &Tile) -> Result<Plan> {
        Plan::new(layout, &self.layout, Endpoints { source: None, target: Some(tile.number) })
    }

    /// The plan that brings the elements of a tile to a layout.
    pub(crate) fn to(&self, layout: &Layout, tile: &Tile) -> Result<Plan> {
        Plan::new(&self.layout, layout, Endpoints { source: Some(tile.number), target: None })
    }
}

impl Tile {
    /// The global index of the item number `at` of the tile, in C order.
    pub(crate) fn index(&self, at: usize) -> Vec<i64> {
        let mut rest = at as i64;
        let mut index = self.start.clone();
        for (index, extent) in index.iter_mut().zip(&self.shape).rev() {
            *index += rest % extent;
            rest /= extent;
        }
        index
    }

    /// Copies the tile between memory and the file of the whole array.
    pub(crate) fn copy(
        &self,
        direction: Direction,
        items: &FileItems,
        file: &std::fs::File,
        tile: &mut [u8],
        scratch: &mut Scratch,
    ) -> std::result::Result<(), String> {
        let run = |(&file, &len): (&i64, &i64)| vec![IndexRun { file, tile: 0, len }];
        let runs = self.start.iter().zip(&self.shape).map(run).collect();
        items.copy(direction, file, runs, (tile, &self.strides), scratch)
    }
}

/// The extents of a tile with room for `room` items.
fn extents(shape: &[i64], mut room: i64, orders: [&[usize]; 2]) -> Vec<i64> {
    let mut extents = vec![1; shape.len()];
    if orders[0] == orders[1] {
        for &dim in orders[0].iter().rev() {
            extents[dim] = shape[dim].clamp(1, room);
            room /= extents[dim];
        }
        return extents;
    }
    let mut turn = 0;
    loop {
        let grows = |order: &[usize]| order.iter().rev().copied().find(|&dim| extents[dim] < shape[dim]);
        let Some(dim) = grows(orders[turn % 2]) else { return extents };
        let others = extents.iter().product::<i64>() / extents[dim];
        let wider = (2 * extents[dim]).min(shape[dim]);
        if others.saturating_mul(wider) > room {
            return extents;
        }
        extents[dim] = wider;
        turn += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_long_where_files_are_dense() {
        let (c, f): (&[usize], &[usize]) = (&[0, 1, 2], &[2, 1, 0]);
        for (shape, room, orders, expected) in [
            ([100, 100, 100], 1 << 20, [c, c], [100, 100, 100]),
            ([100, 100, 100], 10_000, [c, c], [1, 100, 100]),
            ([100, 100, 100], 25_000, [c, c], [2, 100, 100]),
            ([100, 100, 100], 50, [c, c], [1, 1, 50]),
            ([100, 100, 100], 10_000, [f, f], [100, 100, 1]),
            ([1000, 1, 1000], 4096, [f, c], [64, 1, 64]),
            ([3, 1, 1000], 4096, [f, c], [3, 1, 1000]),
            ([0, 5, 5], 100, [f, c], [1, 5, 5]),
        ] {
            let found = extents(&shape, room, orders);
            assert!(found.iter().product::<i64>() <= room);
            assert_eq!(found, expected, "{shape:?} {room}");
        }
    }
}
