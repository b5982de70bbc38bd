//! The items of one file: where they begin, their type, shape and strides.

use std::fs::{File, OpenOptions};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use dap_core::dtype::DType;
use dap_core::export::{self, Buffer, Field};
use dap_formats::dnpy;
use dap_formats::file;
use dap_formats::npy::{self, Npy};

use super::MemoryOrder;
use super::region::{Direction, IndexRun, Region, Scratch};

/// An array in a file. All of its items lie within the file.
#[derive(Debug)]
pub(crate) struct FileItems {
    pub(crate) path: PathBuf,
    pub(crate) shape: Vec<i64>,
    begin: i64,
    itemsize: i64,
    /// In bytes, not negative.
    strides: Vec<i64>,
    /// The dimensions whose indices ascend where the bytes descend.
    is_reversed: Vec<bool>,
}

/// The strides of a dense array, in bytes.
pub(crate) fn dense_strides(shape: &[i64], itemsize: i64, order: MemoryOrder) -> Vec<i64> {
    let dims = 0..shape.len();
    let strides = match order {
        MemoryOrder::C => export::dense_strides(shape, itemsize, dims.rev()),
        MemoryOrder::Fortran => export::dense_strides(shape, itemsize, dims),
    };
    // Only the strides of memory without items can be beyond 64 bits, and these have no meaning.
    strides.unwrap_or_else(|| vec![itemsize; shape.len()])
}

impl FileItems {
    /// The items of a `.npy` file, and their type. It is an error, in words, if the file cannot be
    /// read, is cut short, or has items without a meaning in the protocol.
    pub(crate) fn npy(path: &Path) -> Result<(Self, DType), String> {
        let file = file::open(path)?;
        let npy = Npy::read(&mut BufReader::new(&file), 0).map_err(|error| error.to_string())?;
        let begin = npy.length;
        Self::behind(path, &file, npy, begin)
    }

    /// The items of a `.dnpy` file, and their type. Errors are those of [`npy`](Self::npy).
    pub(crate) fn dnpy(path: &Path) -> Result<(Self, DType), String> {
        let file = file::open(path)?;
        let header = dnpy::Header::read(&mut BufReader::new(&file)).map_err(|error| error.to_string())?;
        Self::behind(path, &file, header.npy, header.data_offset)
    }

    fn behind(path: &Path, file: &File, npy: Npy, begin: u64) -> Result<(Self, DType), String> {
        let unknown = || format!("its items, {}, have no meaning in the protocol", npy.descr.to_json().trim_end());
        let needed = npy.data_length().ok_or_else(unknown)?;
        let dtype = npy.dtype.clone().ok_or_else(unknown)?;
        let length = file.metadata().map_err(|error| file::words(&error))?.len();
        let there = length.saturating_sub(begin);
        if there < needed {
            return Err(format!("it is cut short: {there} of {} bytes of data are there", npy::in_words(needed)));
        }
        let order = if npy.fortran_order { MemoryOrder::Fortran } else { MemoryOrder::C };
        Ok((Self::dense(path, begin, npy.shape, &dtype, order), dtype))
    }

    /// A dense array that begins at byte `begin` of a file.
    pub(crate) fn dense(path: &Path, begin: u64, shape: Vec<i64>, dtype: &DType, order: MemoryOrder) -> Self {
        Self {
            path: path.to_owned(),
            strides: dense_strides(&shape, dtype.itemsize(), order),
            is_reversed: vec![false; shape.len()],
            shape,
            begin: i64::try_from(begin).unwrap_or(i64::MAX),
            itemsize: dtype.itemsize(),
        }
    }

    /// The items of a file without a header, as an export describes them. They were compared with
    /// the length of the file.
    pub(crate) fn raw(path: &Path, buffer: &Buffer, shape: Vec<i64>, dtype: &DType) -> Self {
        let begin = buffer.offset.get().copied().unwrap_or(0);
        let mut items = Self::dense(path, begin.unsigned_abs(), shape, dtype, MemoryOrder::C);
        if let (Field::Is(strides), false) = (&buffer.strides, items.shape.contains(&0)) {
            for (dim, &stride) in strides.iter().enumerate() {
                items.is_reversed[dim] = stride < 0;
                items.strides[dim] = stride.saturating_abs();
                items.begin += stride.min(0) * (items.shape[dim] - 1);
            }
        }
        items
    }

    /// The dimensions from the slowest to the fastest; those of C order if both orders are the
    /// same.
    pub(crate) fn slow_to_fast(&self) -> Vec<usize> {
        let mut dims: Vec<usize> = (0..self.shape.len()).collect();
        match (self.has_order(MemoryOrder::C), self.has_order(MemoryOrder::Fortran)) {
            (true, _) => {}
            (false, true) => dims.reverse(),
            (false, false) => dims.sort_by_key(|&dim| std::cmp::Reverse(self.strides[dim])),
        }
        dims
    }

    /// The memory order; `None` if both orders are the same, or neither holds.
    pub(crate) fn order(&self) -> Option<MemoryOrder> {
        match (self.has_order(MemoryOrder::C), self.has_order(MemoryOrder::Fortran)) {
            (true, false) => Some(MemoryOrder::C),
            (false, true) => Some(MemoryOrder::Fortran),
            _ => None,
        }
    }

    /// Whether the items lie densely in this order. The strides of dimensions of one index do not
    /// matter.
    fn has_order(&self, order: MemoryOrder) -> bool {
        let strides = dense_strides(&self.shape, self.itemsize, order);
        let matters = |dim: &usize| self.shape[*dim] != 1;
        let holds = |dim: usize| strides[dim] == self.strides[dim] && !self.is_reversed[dim];
        self.shape.contains(&0) || (0..self.shape.len()).filter(matters).all(holds)
    }

    /// The length of a file that ends with the items of a dense array; `None` beyond 2^63 - 1
    /// bytes.
    pub(crate) fn length(&self) -> Option<u64> {
        let items = if self.shape.contains(&0) { Some(0) } else { product(&self.shape) };
        let length = items?.checked_mul(self.itemsize)?.checked_add(self.begin)?;
        Some(length.unsigned_abs())
    }

    /// Opens the file to be read, or to be written as well.
    pub(crate) fn open(&self, direction: Direction) -> Result<File, String> {
        file::open_with(&self.path, OpenOptions::new().read(true).write(direction == Direction::Write))
    }

    /// Copies a product of runs between the file and a tile with these strides in bytes. The error
    /// is in words.
    pub(crate) fn copy(
        &self,
        direction: Direction,
        file: &File,
        runs: Vec<Vec<IndexRun>>,
        (tile, tile_strides): (&mut [u8], &[i64]),
        scratch: &mut Scratch,
    ) -> Result<(), String> {
        let along = |(dim, runs): (usize, Vec<IndexRun>)| match self.is_reversed[dim] {
            false => runs,
            true => self.reversed(dim, &runs),
        };
        let runs = runs.into_iter().enumerate().map(along).collect();
        let region = Region::new(self.begin, self.itemsize, &self.strides, tile_strides, runs);
        region.copy(direction, file, tile, scratch).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => "it became shorter while it was read".to_owned(),
            _ => file::words(&error),
        })
    }

    /// Runs of a dimension whose last index lies first.
    fn reversed(&self, dim: usize, runs: &[IndexRun]) -> Vec<IndexRun> {
        let last = self.shape[dim] - 1;
        let single = |run: &IndexRun| {
            let run = *run;
            (0..run.len).map(move |k| IndexRun { file: last - (run.file + k), tile: run.tile + k, len: 1 })
        };
        let mut single: Vec<IndexRun> = runs.iter().flat_map(single).collect();
        single.sort_unstable_by_key(|run| run.file);
        single
    }
}

fn product(extents: &[i64]) -> Option<i64> {
    extents.iter().try_fold(1_i64, |product, extent| product.checked_mul(*extent))
}
