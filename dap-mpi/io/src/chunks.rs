//! The chunks of an array: pieces of them that all ranks share out, and single chunks in memory.
//!
//! Elements move, in pieces of 8 MiB a rank or of one chunk a rank, such that each rank has whole
//! chunks. So one rank alone reads or writes a chunk.

mod read;
mod write;

use std::ops::Range;

use dap_core::algebra::{Slice, Subscript};
use dap_core::index::Rank;
use dap_core::layout::{DimSpec, Layout};
use dap_mpi::{Pieces, Result};
use dap_ndarray::copy::Order;

pub(crate) use read::{part_of_chunk, read};
pub(crate) use write::{Stored, append, appended, write};

/// Bytes of a piece on each rank, unless a chunk is larger.
const BYTES: i64 = 8 << 20;
/// Bytes of the largest chunk that is read or written.
pub(crate) const LARGEST_CHUNK: i64 = 1 << 30;
/// Bytes of a chunk, unless the caller names its extents.
const CHUNK: i64 = 4 << 20;

/// The chunks of an array.
#[derive(Debug, Clone)]
pub(crate) struct ChunkGrid {
    /// The extents of the array.
    pub(crate) shape: Vec<i64>,
    /// The extents of a chunk, at least 1.
    pub(crate) chunk: Vec<i64>,
}

/// A box of chunks.
pub(crate) struct ChunkPiece {
    pub(crate) subscripts: Vec<Subscript>,
    /// Its elements: whole chunks on each rank.
    pub(crate) layout: Layout,
    /// The first index of the piece along each axis.
    pub(crate) first: Vec<i64>,
    chunks: Vec<Range<i64>>,
    /// The axis that is shared out, and the number of ranks.
    axis: Option<usize>,
    ranks: i64,
}

/// A chunk of a piece on one rank.
pub(crate) struct LocalChunk {
    /// Its place in the grid of chunks.
    pub(crate) indices: Vec<u64>,
    /// Its elements in the rank's section.
    pub(crate) ranges: Vec<Option<Range<i64>>>,
    /// The number of its elements along each axis that the array has.
    pub(crate) extents: Vec<i64>,
}

impl ChunkGrid {
    /// The number of chunks along each axis.
    pub(crate) fn counts(&self) -> Vec<i64> {
        self.shape
            .iter()
            .zip(&self.chunk)
            .map(|(extent, chunk)| extent / chunk + i64::from(extent % chunk > 0))
            .collect()
    }

    /// The number of a chunk in C order, from its place in the grid; `None` from 2^63 on.
    #[cfg(feature = "hdf5")]
    pub(crate) fn number(&self, indices: impl Iterator<Item = u64>) -> Option<u64> {
        let step = |number: i64, (count, index): (i64, u64)| {
            number.checked_mul(count)?.checked_add(i64::try_from(index).ok()?)
        };
        Some(self.counts().into_iter().zip(indices).try_fold(0, step)? as u64)
    }

    /// The first index of a chunk along each axis, from its number in C order.
    #[cfg(feature = "hdf5")]
    pub(crate) fn first(&self, mut number: u64) -> Vec<u64> {
        let mut first = vec![0; self.chunk.len()];
        for ((first, count), &chunk) in first.iter_mut().zip(self.counts()).zip(&self.chunk).rev() {
            *first = number % count as u64 * chunk as u64;
            number /= count as u64;
        }
        first
    }

    /// The elements of a chunk.
    pub(crate) fn chunk_len(&self) -> i64 {
        self.chunk.iter().product()
    }

    /// The pieces of the chunks that have indices within `bounds`, for items of this number of
    /// bytes and this number of ranks.
    pub(crate) fn pieces(
        &self,
        bounds: &[Range<i64>],
        item: i64,
        ranks: i64,
    ) -> impl Iterator<Item = Result<ChunkPiece>> + '_ {
        let counts = self.counts();
        let chunks = bounds.iter().zip(&self.chunk).zip(&counts).map(|((range, chunk), &count)| {
            let end = if range.is_empty() { 0 } else { (range.end - 1) / chunk + 1 };
            (range.start / chunk).min(count)..end.min(count)
        });
        let chunks: Vec<Range<i64>> = chunks.collect();
        let counts: Vec<i64> = chunks.iter().map(|range| (range.end - range.start).max(0)).collect();
        let bytes = self.chunk_len().saturating_mul(item.max(1)).max(1);
        let pieces = Pieces::new(&counts, Order::C, (BYTES / bytes).max(1).saturating_mul(ranks));
        (0..pieces.count()).map(move |number| {
            let ranges = pieces.get(number).into_iter().zip(&chunks).map(|(range, all)| match range {
                Some(range) => all.start + range.start..all.start + range.end,
                None => all.clone(),
            });
            self.piece(ranges.collect(), ranks)
        })
    }

    /// Chunks of consecutive elements in C order, of up to 4 MiB.
    pub(crate) fn default_chunk(shape: &[i64], item: i64) -> Vec<i64> {
        let mut room = (CHUNK / item.max(1)).max(1);
        let mut chunk = vec![1; shape.len()];
        for (chunk, &extent) in chunk.iter_mut().zip(shape).rev() {
            *chunk = extent.clamp(1, room);
            room /= *chunk;
            if *chunk < extent {
                break;
            }
        }
        chunk
    }

    fn piece(&self, chunks: Vec<Range<i64>>, ranks: i64) -> Result<ChunkPiece> {
        let bounds = |axis: usize, at: i64| at.saturating_mul(self.chunk[axis]).min(self.shape[axis]);
        let first: Vec<i64> = chunks.iter().enumerate().map(|(axis, range)| bounds(axis, range.start)).collect();
        let ends: Vec<i64> = chunks.iter().enumerate().map(|(axis, range)| bounds(axis, range.end)).collect();
        let extents: Vec<i64> = first.iter().zip(&ends).map(|(first, end)| end - first).collect();
        let subscripts = first.iter().zip(&ends).map(|(&first, &end)| Subscript::Slice(Slice::range(first, end)));
        let axis = (0..chunks.len()).rev().max_by_key(|&axis| chunks[axis].end - chunks[axis].start);
        let (mut dims, mut grid) = (vec![DimSpec::Undistributed; chunks.len()], vec![1; chunks.len()]);
        if let Some(axis) = axis {
            let bounds = (0..=ranks).map(|rank| bounds(axis, share(&chunks[axis], rank, ranks)) - first[axis]);
            dims[axis] = DimSpec::Bounds(bounds.collect());
            grid[axis] = ranks;
        }
        let layout = Layout::builder(extents).dims(dims).grid(grid).build()?;
        Ok(ChunkPiece { subscripts: subscripts.collect(), layout, first, chunks, axis, ranks })
    }
}

/// The first chunk of a rank.
fn share(chunks: &Range<i64>, rank: i64, ranks: i64) -> i64 {
    // At most 2^63 chunks on 2^31 ranks.
    let count = i128::from(chunks.end - chunks.start);
    chunks.start + (count * i128::from(rank) / i128::from(ranks)) as i64
}

impl ChunkPiece {
    /// The chunks of a section.
    pub(crate) fn local<'p>(&'p self, grid: &'p ChunkGrid, section: Rank) -> impl Iterator<Item = LocalChunk> + 'p {
        let range = |axis: usize| match self.axis {
            Some(shared) if shared == axis => {
                let chunks = &self.chunks[axis];
                share(chunks, section.0, self.ranks)..share(chunks, section.0 + 1, self.ranks)
            }
            _ => self.chunks[axis].clone(),
        };
        let ranges: Vec<Range<i64>> = (0..self.chunks.len()).map(range).collect();
        let count = ranges.iter().map(|range| range.end - range.start).product::<i64>();
        (0..count).map(move |number| {
            let mut rest = number;
            let mut at = vec![0; ranges.len()];
            for (at, range) in at.iter_mut().zip(&ranges).rev() {
                let len = range.end - range.start;
                *at = range.start + rest % len;
                rest /= len;
            }
            // The section begins with its first chunk.
            let origin = |axis: usize| match self.axis {
                Some(shared) if shared == axis => ranges[axis].start * grid.chunk[axis],
                _ => self.first[axis],
            };
            let start = |axis: usize| at[axis] * grid.chunk[axis];
            let extents: Vec<i64> =
                (0..at.len()).map(|axis| grid.chunk[axis].min(grid.shape[axis] - start(axis))).collect();
            let ranges = (0..at.len()).map(|axis| {
                let first = start(axis) - origin(axis);
                Some(first..first + extents[axis])
            });
            LocalChunk { ranges: ranges.collect(), indices: at.iter().map(|&at| at as u64).collect(), extents }
        })
    }
}

/// Copies a box at the origin of both arrays, which are in C order: row by row of its last axis.
pub(crate) fn copy_box(
    (source, source_shape): (&[u8], &[i64]),
    (target, target_shape): (&mut [u8], &[i64]),
    extents: &[i64],
    item: usize,
) {
    let Some((&row, outer)) = extents.split_last() else {
        target[..item].copy_from_slice(&source[..item]);
        return;
    };
    let bytes = row as usize * item;
    let rows: i64 = outer.iter().product();
    for number in 0..rows {
        let mut rest = number;
        let (mut from, mut to, mut from_stride, mut to_stride) = (0, 0, 1, 1);
        for axis in (0..extents.len()).rev() {
            let at = if axis + 1 == extents.len() { 0 } else { rest % extents[axis] };
            rest = if axis + 1 == extents.len() { rest } else { rest / extents[axis] };
            from += at * from_stride;
            to += at * to_stride;
            from_stride *= source_shape[axis];
            to_stride *= target_shape[axis];
        }
        let (from, to) = (from as usize * item, to as usize * item);
        target[to..to + bytes].copy_from_slice(&source[from..from + bytes]);
    }
}
