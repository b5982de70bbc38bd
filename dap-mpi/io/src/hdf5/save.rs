//! Saving an array as a dataset.

mod compressed;
mod make;

use std::path::Path;

use dap_array::DynArray;
use dap_formats::description;
use dap_hdf5::{Attribute, File};
use dap_mpi::{Error, ErrorKind, Result};
use dap_ndarray::copy::Order;

use super::{change, places};
use crate::chunks::{self, ChunkGrid, LARGEST_CHUNK};
use crate::direct::NamedFile;
use crate::elements;
use crate::error::file_error;
use crate::place::FilePlace;
use crate::shared_file::{SharedFile, bytes_of_first};

/// Axes of a dataset, as HDF5 has it.
const MOST_AXES: usize = 32;

/// Saves an array as the dataset `name` of a new file, which replaces a file of this name.
/// Collective.
///
/// Options are in [`Save`].
///
/// # Errors
/// As [`Save::to`].
#[track_caller]
pub fn save(array: &DynArray, path: impl AsRef<Path>, name: &str) -> Result<()> {
    Save::new(array, name).to(path)
}

/// An array that is to be saved as a dataset, and how.
#[derive(Debug, Clone)]
#[must_use]
pub struct Save<'a> {
    array: &'a DynArray,
    name: String,
    attributes: Vec<(String, Attribute)>,
    chunk: Option<Vec<i64>>,
    max_shape: Option<Vec<Option<i64>>>,
    deflate: Option<u32>,
    is_shuffled: bool,
    is_added: bool,
    is_synced: bool,
}

impl<'a> Save<'a> {
    /// An array, a view of one included, as the dataset `name`, such as `group/field`: in C order,
    /// one element after the other, in a new file.
    pub fn new(array: &'a DynArray, name: &str) -> Save<'a> {
        Save {
            array,
            name: name.to_owned(),
            attributes: Vec::new(),
            chunk: None,
            max_shape: None,
            deflate: None,
            is_shuffled: false,
            is_added: false,
            is_synced: true,
        }
    }

    /// Adds an attribute of the dataset.
    pub fn attribute(mut self, name: &str, value: Attribute) -> Save<'a> {
        self.attributes.push((name.to_owned(), value));
        self
    }

    /// The extents of a chunk, which need not divide those of the array. An extent beyond that of
    /// the array is cut to it.
    pub fn chunks(self, extents: impl Into<Vec<i64>>) -> Save<'a> {
        Save { chunk: Some(extents.into()), ..self }
    }

    /// The largest extents that the dataset may have later, `None` for one without a limit: the
    /// dataset is in chunks, and arrays can be [appended](super::append) to it.
    pub fn max_shape(self, extents: impl Into<Vec<Option<i64>>>) -> Save<'a> {
        Save { max_shape: Some(extents.into()), ..self }
    }

    /// Compresses chunks by zlib, at a level from 0 (fast) to 9 (small). Without
    /// [`chunks`](Save::chunks) they have up to 4 MiB, consecutive in C order.
    pub fn deflate(self, level: u32) -> Save<'a> {
        Save { deflate: Some(level), ..self }
    }

    /// Sorts the bytes of items by their place in the item before chunks are compressed, which then
    /// mostly takes less room.
    pub fn shuffle(self) -> Save<'a> {
        Save { is_shuffled: true, ..self }
    }

    /// Keeps the content of a file that is there, and adds the dataset to it. The file is copied.
    pub fn added(self) -> Save<'a> {
        Save { is_added: true, ..self }
    }

    /// Whether the call waits until the bytes are on the disk; it does by default.
    pub fn synced(self, is_synced: bool) -> Save<'a> {
        Save { is_synced, ..self }
    }

    /// Writes the file. Collective: each rank writes the elements that it owns, or whole chunks.
    ///
    /// # Errors
    /// Items that HDF5 has no type for; a name that is none; extents of a chunk that are not one of
    /// at least 1 for each axis, or make more than 1 GiB; largest extents that are smaller than
    /// those of the array; a level above 9. On some rank, then on all: a file that cannot be
    /// written, or that is none of HDF5 or has a dataset of this name already if it is added to; a
    /// full disk; a failure of an earlier operation with the array. The old file is unchanged then.
    #[track_caller]
    pub fn to(&self, path: impl AsRef<Path>) -> Result<()> {
        let (array, path) = (self.array, path.as_ref());
        let flags = (self.deflate, self.is_shuffled, self.is_added, self.is_synced);
        let attributes = format!("{:?}", self.attributes);
        let _call = array.enter("hdf5::save", (path, &self.name, (&self.chunk, &self.max_shape), attributes, flags))?;
        let grid = self.check().map_err(|problem| Error::new(ErrorKind::Argument, problem))?;
        let comm = array.context().comm();
        let old = if self.is_added { change::old_bytes(comm, path)? } else { None };
        let file = SharedFile { path, header: &[], length: old.unwrap_or(0), is_synced: self.is_synced };
        file.write(array.context(), |file, name| {
            if let Some(bytes) = old {
                comm.agree(change::copy_share(file, bytes, comm))?;
            }
            let made = (comm.rank() == 0).then(|| self.make(file, name, grid.as_ref(), old)).transpose();
            let message = bytes_of_first(comm, comm.agree(made)?.unwrap_or_default())?;
            match (&grid, self.deflate) {
                (None, _) => self.write_dense(file, &message),
                (Some(grid), None) => self.write_chunks(file, grid, &message).map(Ok),
                (Some(grid), Some(level)) => self.write_compressed(file, name, grid, level).map(Ok),
            }
        })
    }

    /// The chunks, if there are some; a mistake of the call in words.
    fn check(&self) -> std::result::Result<Option<ChunkGrid>, String> {
        let (shape, dtype) = (self.array.shape(), self.array.dtype());
        if !File::takes_items(dtype) {
            return Err(format!("HDF5 has no items of {}", dtype.name()));
        }
        if !File::takes_name(&self.name) {
            return Err(format!("{:?} is no name of a dataset: expected `name` or `group/name`", self.name));
        }
        description::check_name(self.attributes.iter().map(|(name, _)| name))?;
        if shape.len() > MOST_AXES {
            return Err(format!("HDF5 has datasets of up to {MOST_AXES} axes, the array has {}", shape.len()));
        }
        if let Some(level) = self.deflate.filter(|level| *level > 9) {
            return Err(format!("the level of deflate is {level}, expected 0 to 9"));
        }
        if self.is_shuffled && self.deflate.is_none() {
            return Err("a shuffle without compression saves no room: add `deflate`".to_owned());
        }
        let chunk = match &self.chunk {
            None if self.deflate.is_none() && self.max_shape.is_none() => return Ok(None),
            None => ChunkGrid::default_chunk(shape, dtype.itemsize()),
            Some(chunk) => chunk.clone(),
        };
        let bytes = chunk.iter().try_fold(dtype.itemsize(), |bytes, &extent| bytes.checked_mul(extent));
        if chunk.len() != shape.len() || chunk.iter().any(|&extent| extent < 1) || shape.is_empty() {
            return Err(format!(
                "chunks of {chunk:?} do not fit the shape {shape:?}: expected an extent for each axis"
            ));
        }
        if bytes.is_none_or(|bytes| bytes > LARGEST_CHUNK) {
            return Err(format!("chunks of {chunk:?} items are larger than {LARGEST_CHUNK} bytes"));
        }
        let mut largest: Vec<Option<i64>> = shape.iter().map(|&extent| Some(extent)).collect();
        if let Some(maxima) = &self.max_shape {
            let fits = |(maximum, extent): (&Option<i64>, &i64)| maximum.is_none_or(|maximum| maximum >= *extent);
            if maxima.len() != shape.len() || !maxima.iter().zip(shape).all(fits) {
                return Err(format!(
                    "the largest extents {maxima:?} do not fit the shape {shape:?}: expected for each axis \
                     at least its extent, or none"
                ));
            }
            largest.clone_from(maxima);
        }
        let cut = |(&chunk, &largest): (&i64, &Option<i64>)| largest.map_or(chunk, |largest| chunk.min(largest.max(1)));
        let chunk = chunk.iter().zip(&largest).map(cut).collect();
        Ok(Some(ChunkGrid { shape: shape.to_vec(), chunk }))
    }

    /// Writes consecutive elements, whose first byte the message tells.
    fn write_dense(&self, file: NamedFile<'_>, message: &[u8]) -> Result<Result<()>> {
        let offset = message.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let place = FilePlace::dense(offset, self.array.shape(), self.array.dtype().itemsize(), Order::C);
        let too_large = || file_error(file.path, "a file has at most 2^63 - 1 bytes, the array has more");
        elements::write(file, &place.ok_or_else(too_large)?, self.array)
    }

    /// Writes chunks to their places, which the message tells.
    fn write_chunks(&self, file: NamedFile<'_>, grid: &ChunkGrid, message: &[u8]) -> Result<()> {
        let places = places::of_bytes(message);
        chunks::write(self.array, grid, &self.empty_chunk(grid), |indices, chunk| {
            change::store(file, &places, grid, indices, &chunk)
        })
    }

    /// The items of a chunk that lies beyond the array.
    fn empty_chunk(&self, grid: &ChunkGrid) -> Vec<u8> {
        vec![0; (grid.chunk_len() * self.array.dtype().itemsize()) as usize]
    }
}
