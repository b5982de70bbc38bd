//! Regions of items in a file: a product of index runs, copied to or from a tile in memory.
//!
//! The dimensions are walked from the largest stride to the smallest. As soon as the inner
//! dimensions of the region lie closely together in the file, they are read or written at once.
//! Runs with small gaps between them are read in one piece, gaps included; when such a piece is
//! written, it is read first.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use dap_core::plan::{OverlapForm, Overlaps};

/// The most bytes that one call reads or writes, unless an item is larger.
const PIECE: i64 = 4 << 20;
/// Gaps of up to this number of bytes are read with the items around them, so that scattered items
/// cost many times their bytes. A call costs as much processor time as reading about 10 KiB of the
/// page cache (0.4 us): together is 2.7 times as fast at a distance of 4 KiB, 1.4 times at 8 KiB,
/// and slower from 16 KiB on. A file that is not cached is read in pages of 4 KiB or more in either
/// way.
const GAP: i64 = 8 << 10;
/// Inner dimensions are read at once if at least one byte of this number belongs to the region.
const SPARSE: i64 = 4;

/// The direction of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// From the file to the tile.
    Read,
    /// From the tile to the file.
    Write,
}

/// `len` consecutive indices along a dimension, which begin at `file` in the file's array and at
/// `tile` in the tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IndexRun {
    pub(crate) file: i64,
    pub(crate) tile: i64,
    pub(crate) len: i64,
}

impl IndexRun {
    /// The runs of overlaps, by ascending index in the file. The file is their source, or else
    /// their target; the tile is the other side.
    pub(crate) fn of(overlaps: &Overlaps, file_is_source: bool) -> Vec<Self> {
        let run = |source: i64, target: i64, len: i64| {
            let (file, tile) = if file_is_source { (source, target) } else { (target, source) };
            Self { file, tile, len }
        };
        joined(match overlaps.form() {
            OverlapForm::Groups(groups) => {
                let runs = groups.iter().flat_map(|group| group.iter());
                runs.map(|(_, source, target, len)| run(source.0, target.0, len)).collect()
            }
            OverlapForm::Listed { .. } => overlaps.iter().map(|(source, target)| run(source, target, 1)).collect(),
        })
    }
}

/// The runs of overlaps on one side, with the ordinal numbers of their elements as places in the
/// tile.
pub(crate) fn ordinal_runs(overlaps: &Overlaps, of_source: bool) -> Vec<IndexRun> {
    let places = overlaps.iter().map(|(source, target)| if of_source { source } else { target });
    joined((0..).zip(places).map(|(tile, file)| IndexRun { file, tile, len: 1 }).collect())
}

/// Sorts runs and joins those that continue each other on both sides.
fn joined(mut runs: Vec<IndexRun>) -> Vec<IndexRun> {
    runs.sort_unstable_by_key(|run| run.file);
    runs.dedup_by(|next, run| {
        let continues = run.file + run.len == next.file && run.tile + run.len == next.tile;
        run.len += if continues { next.len } else { 0 };
        continues
    });
    runs
}

/// Memory for the pieces of a file.
pub(crate) type Scratch = Vec<u8>;

/// One dimension of a region.
struct RegionDim {
    /// By ascending index in the file.
    runs: Vec<IndexRun>,
    /// In bytes; not negative in the file.
    file_stride: i64,
    tile_stride: i64,
}

impl RegionDim {
    fn count(&self) -> i64 {
        self.runs.iter().map(|run| run.len).sum()
    }

    /// The first index, and the distance to the last one.
    fn span(&self) -> (i64, i64) {
        let first = self.runs.first().map_or(0, |run| run.file);
        (first, self.runs.last().map_or(0, |run| run.file + run.len - 1 - first))
    }
}

/// Items of a file and their places in a tile: a product of runs. All of them exist in the file and
/// in the tile.
pub(crate) struct Region {
    begin: i64,
    itemsize: i64,
    /// From the largest stride in the file to the smallest.
    dims: Vec<RegionDim>,
    /// For each dimension and behind the last one: the bytes from the first item to the end of the
    /// last one, of all dimensions from there on; and those of items among them.
    spans: Vec<(i64, i64)>,
}

impl Region {
    /// A region of an array in a file that begins at byte `begin`. Strides are in bytes, those of
    /// the file not negative.
    pub(crate) fn new(
        begin: i64,
        itemsize: i64,
        file_strides: &[i64],
        tile_strides: &[i64],
        runs: Vec<Vec<IndexRun>>,
    ) -> Self {
        let strides = file_strides.iter().zip(tile_strides);
        let mut dims: Vec<RegionDim> = runs
            .into_iter()
            .zip(strides)
            .map(|(runs, (&file_stride, &tile_stride))| RegionDim { runs, file_stride, tile_stride })
            .collect();
        dims.sort_by_key(|dim| std::cmp::Reverse(dim.file_stride));
        let mut spans = vec![(itemsize, itemsize)];
        for dim in dims.iter().rev() {
            let (span, bytes) = spans[spans.len() - 1];
            spans.push((span + dim.span().1 * dim.file_stride, bytes * dim.count()));
        }
        spans.reverse();
        Self { begin, itemsize, dims, spans }
    }

    /// Copies the items between the file and the tile.
    pub(crate) fn copy(
        &self,
        direction: Direction,
        file: &File,
        tile: &mut [u8],
        scratch: &mut Scratch,
    ) -> io::Result<()> {
        if self.dims.iter().any(|dim| dim.runs.is_empty()) {
            return Ok(());
        }
        RegionCopy { region: self, direction, file, tile, scratch }.walk(0, self.begin, 0)
    }
}

/// A copy that is carried out.
struct RegionCopy<'a> {
    region: &'a Region,
    direction: Direction,
    file: &'a File,
    tile: &'a mut [u8],
    scratch: &'a mut Scratch,
}

impl RegionCopy<'_> {
    /// Copies the dimensions from `level` on. The indices before it make the offsets `at` in the
    /// file and `tile_at` in the tile.
    fn walk(&mut self, level: usize, at: i64, tile_at: i64) -> io::Result<()> {
        let region = self.region;
        let Some(dim) = region.dims.get(level) else { return self.piece(level, &[], at, tile_at) };
        let (span, bytes) = region.spans[level + 1];
        if span > PIECE.max(region.itemsize) || bytes.saturating_mul(SPARSE) < span {
            for run in &dim.runs {
                for k in 0..run.len {
                    let (file, tile) = ((run.file + k) * dim.file_stride, (run.tile + k) * dim.tile_stride);
                    self.walk(level + 1, at + file, tile_at + tile)?;
                }
            }
            return Ok(());
        }
        let longest = match dim.file_stride {
            0 => i64::MAX,
            stride => ((PIECE - span).max(0) / stride).saturating_add(1),
        };
        let mut together: Vec<IndexRun> = Vec::new();
        for run in &dim.runs {
            let mut rest = *run;
            while rest.len > 0 {
                let len = rest.len.min(longest);
                if let (Some(first), Some(last)) = (together.first(), together.last()) {
                    let gap = (rest.file - (last.file + last.len - 1)) * dim.file_stride - span;
                    let length = (rest.file + len - 1 - first.file) * dim.file_stride + span;
                    if gap > GAP || length > PIECE {
                        self.piece(level, &together, at, tile_at)?;
                        together.clear();
                    }
                }
                together.push(IndexRun { len, ..rest });
                rest = IndexRun { file: rest.file + len, tile: rest.tile + len, len: rest.len - len };
            }
        }
        self.piece(level, &together, at, tile_at)
    }

    /// Copies some runs of a dimension with all of the inner dimensions, through one piece of the
    /// file.
    fn piece(&mut self, level: usize, runs: &[IndexRun], at: i64, tile_at: i64) -> io::Result<()> {
        let region = self.region;
        let (mut first, (mut length, mut bytes)) = (at, region.spans[(level + 1).min(region.dims.len())]);
        if let (Some(dim), Some(begin), Some(last)) = (region.dims.get(level), runs.first(), runs.last()) {
            first += begin.file * dim.file_stride;
            length += (last.file + last.len - 1 - begin.file) * dim.file_stride;
            bytes *= runs.iter().map(|run| run.len).sum::<i64>();
        }
        first += region.dims.iter().skip(level + 1).map(|dim| dim.span().0 * dim.file_stride).sum::<i64>();
        let length = usize::try_from(length).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let mut scratch = std::mem::take(self.scratch);
        scratch.resize(length.max(scratch.len()), 0);
        let (piece, place) = (&mut scratch[..length], first.unsigned_abs());
        if self.direction == Direction::Read || (bytes as usize) < length {
            self.file.read_exact_at(piece, place)?;
        }
        if region.dims.is_empty() {
            self.items(piece, 1, (0, 0), (tile_at, 0));
        } else {
            self.inner(level, runs, piece, at - first, tile_at);
        }
        if self.direction == Direction::Write {
            self.file.write_all_at(piece, place)?;
        }
        *self.scratch = scratch;
        Ok(())
    }

    /// Copies between a piece, whose first byte has the offset `-at` here, and the tile.
    fn inner(&mut self, level: usize, runs: &[IndexRun], piece: &mut [u8], at: i64, tile_at: i64) {
        let region = self.region;
        let dim = &region.dims[level];
        for run in runs {
            let (file, tile) = (at + run.file * dim.file_stride, tile_at + run.tile * dim.tile_stride);
            let Some(next) = region.dims.get(level + 1) else {
                self.items(piece, run.len, (file, dim.file_stride), (tile, dim.tile_stride));
                continue;
            };
            for k in 0..run.len {
                self.inner(level + 1, &next.runs, piece, file + k * dim.file_stride, tile + k * dim.tile_stride);
            }
        }
    }

    /// Copies items at equal distances, each side given by offset and stride.
    fn items(
        &mut self,
        piece: &mut [u8],
        count: i64,
        (file, file_stride): (i64, i64),
        (tile, tile_stride): (i64, i64),
    ) {
        let size = self.region.itemsize;
        if file_stride == size && tile_stride == size {
            let bytes = (count * size) as usize;
            let (piece, tile) = (&mut piece[file as usize..][..bytes], &mut self.tile[tile as usize..][..bytes]);
            match self.direction {
                Direction::Read => tile.copy_from_slice(piece),
                Direction::Write => piece.copy_from_slice(tile),
            }
            return;
        }
        for k in 0..count {
            let (file, tile) = ((file + k * file_stride) as usize, (tile + k * tile_stride) as usize);
            let (piece, tile) = (&mut piece[file..][..size as usize], &mut self.tile[tile..][..size as usize]);
            match self.direction {
                Direction::Read => tile.copy_from_slice(piece),
                Direction::Write => piece.copy_from_slice(tile),
            }
        }
    }
}
