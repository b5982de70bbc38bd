//! Appending an array to a dataset, along an axis.

use std::path::Path;

use dap_array::DynArray;
use dap_formats::description;
use dap_formats::file::open;
use dap_hdf5::{Attribute, File};
use dap_mpi::{Error, ErrorKind, Result};

use super::change::{self, change, finish, take_room};
use super::chunked;
use super::filters;
use super::kept::KeptChunks;
use super::load::Dataset;
use super::stored::{Elements, Stored, StoredChunks};
use crate::chunks::{self, ChunkGrid, Stored as StoredElements};
use crate::direct::NamedFile;
use crate::error::{file_error, io_error};
use crate::fit;
use crate::shared_file::SharedFile;

/// Appends the elements of an array to the dataset `name` of a file, behind those that it has along
/// an axis. Collective.
///
/// Options are in [`Append`].
///
/// # Errors
/// As [`Append::to`].
#[track_caller]
pub fn append(array: &DynArray, path: impl AsRef<Path>, name: &str, axis: usize) -> Result<()> {
    Append::new(array, name, axis).to(path)
}

/// An array that is to be appended to a dataset, and how.
#[derive(Debug, Clone)]
#[must_use]
pub struct Append<'a> {
    array: &'a DynArray,
    name: String,
    axis: usize,
    is_synced: bool,
}

impl<'a> Append<'a> {
    /// An array, a view of one included, that comes behind the elements of the dataset `name` along
    /// this axis.
    pub fn new(array: &'a DynArray, name: &str, axis: usize) -> Append<'a> {
        Append { array, name: name.to_owned(), axis, is_synced: true }
    }

    /// Whether the call waits until the bytes are on the disk; it does by default.
    pub fn synced(self, is_synced: bool) -> Append<'a> {
        Append { is_synced, ..self }
    }

    /// Copies the file, each rank a part of it, extends the dataset in the copy, and gives the copy
    /// the name of the file. Collective: each rank writes whole chunks, by the filters of the
    /// dataset. A description of the distribution is extended: the axis keeps its kind and its
    /// number of processes.
    ///
    /// # Errors
    /// An axis that the array has not; items of another type or order of bytes than those of the
    /// dataset, extents that differ along another axis. On some rank, then on all: a dataset that
    /// cannot be read, is not in chunks or has no such [largest extent](super::Save::max_shape); a
    /// file that cannot be written, a full disk, a failure of an earlier operation with the array.
    /// The old file is unchanged then.
    #[track_caller]
    pub fn to(&self, path: impl AsRef<Path>) -> Result<()> {
        let (array, path) = (self.array, path.as_ref());
        let _call = array.enter("hdf5::append", (path, &self.name, self.axis, self.is_synced))?;
        let dataset = Dataset::open(array.context(), path, &self.name)?;
        let stored = &dataset.stored;
        let shape = chunks::appended(array, &stored.dtype, &stored.shape, self.axis)
            .map_err(|problem| Error::new(ErrorKind::Argument, problem))?;
        let chunks = match &stored.elements {
            Elements::Chunked(chunks) if chunks.is_chunked => chunks,
            _ => {
                let problem = format!("`{}` is not in chunks, and cannot grow: save it with max_shape", self.name);
                return Err(file_error(path, problem));
            }
        };
        let comm = array.context().comm();
        let bytes = change::old_bytes(comm, path)?.unwrap_or(0);
        let file = SharedFile { path, header: &[], length: bytes, is_synced: self.is_synced };
        file.write(array.context(), |file, name| {
            comm.agree(change::copy_share(file, bytes, comm))?;
            self.write(file, name, (stored, chunks), shape, bytes).map(Ok)
        })
    }

    fn write(
        &self,
        file: NamedFile<'_>,
        name: &Path,
        (stored, chunks): (&Stored, &StoredChunks),
        shape: Vec<i64>,
        bytes: u64,
    ) -> Result<()> {
        let (array, comm) = (self.array, self.array.context().comm());
        let old = comm.agree(open(file.path).map_err(|problem| file_error(file.path, problem)))?;
        let old = NamedFile { file: &old, path: file.path };
        let layout = stored.layout.as_ref().map(|layout| fit::extended(layout, self.axis, shape[self.axis]));
        let described = layout.transpose()?.as_ref().and_then(description::write);
        let grid = ChunkGrid { shape, chunk: chunks.grid.chunk.clone() };
        let empty = chunks.fill.repeat(grid.chunk_len() as usize);
        let mut kept = KeptChunks::new(comm, file.path)?;
        let fetch = |indices: &[u64]| chunked::read_whole(old, chunks, &stored.dtype, indices);
        let before = StoredElements { axis: self.axis, extent: stored.shape[self.axis], fetch: &fetch };
        chunks::append(array, &grid, &before, &empty, |indices, chunk| {
            let encoded = filters::encode(&chunks.filters, chunk).map_err(|error| io_error(file.path, &error))?;
            kept.add(&grid, indices, &encoded)
        })?;
        kept.put(comm, file, &grid, |rooms| {
            let more = (array.len() * array.dtype().itemsize()) as u64;
            change(file, bytes.saturating_add(more), || {
                let made = File::open(name, true)?;
                let dataset = made.dataset(&self.name)?;
                dataset.grow(&grid.shape.iter().map(|&extent| extent as u64).collect::<Vec<_>>())?;
                if let Some(described) = described {
                    dataset.set_attribute(description::ATTRIBUTE, &Attribute::Text(described.to_string()))?;
                }
                take_room(&dataset, &grid, rooms)?;
                finish(made, dataset, Some(&grid))
            })
        })
    }
}
