//! Making the metadata of a file, and the room for elements.

use std::os::unix::fs::FileExt;
use std::path::Path;

use dap_formats::file::open;
use dap_hdf5::{Attribute, Dataset, File, NewChunks, NewDataset, Storage, apart};
use dap_mpi::{Comm, Result};

use super::Save;
use crate::chunks::ChunkGrid;
use crate::description;
use crate::direct::NamedFile;
use crate::error::{file_error, io_error};
use crate::hdf5::places::{self, ChunkPlace};
use crate::shared_file::bytes_of_first;
use crate::temporary::reserve;

/// Bytes of a copy's requests.
const REQUEST: u64 = 8 << 20;

/// The bytes of a file that is added to; `None` if there is none. Collective.
pub(super) fn old_bytes(comm: &Comm, path: &Path) -> Result<Option<u64>> {
    let found = || {
        if !path.try_exists().map_err(|error| io_error(path, &error))? {
            return Ok(Vec::new());
        }
        let file = open(path).map_err(|problem| file_error(path, problem))?;
        let bytes = file.metadata().map_err(|error| io_error(path, &error))?.len();
        Ok(bytes.to_le_bytes().to_vec())
    };
    let found = comm.agree((comm.rank() == 0).then(found).transpose())?;
    let found = bytes_of_first(comm, found.unwrap_or_default())?;
    Ok(found.first_chunk().map(|bytes| u64::from_le_bytes(*bytes)))
}

/// Copies this rank's share of the old file into the new one.
pub(super) fn copy_share(to: NamedFile<'_>, bytes: u64, comm: &Comm) -> Result<()> {
    let old = open(to.path).map_err(|problem| file_error(to.path, problem))?;
    let bound = |rank: i32| (u128::from(bytes) * rank as u128 / comm.size() as u128) as u64;
    let (mut at, end) = (bound(comm.rank()), bound(comm.rank() + 1));
    let mut block = Vec::new();
    while at < end {
        block.resize((end - at).min(REQUEST) as usize, 0);
        let copied = old.read_exact_at(&mut block, at).and_then(|()| to.file.write_all_at(&block, at));
        copied.map_err(|error| io_error(to.path, &error))?;
        at += block.len() as u64;
    }
    Ok(())
}

/// Writes a chunk to its place.
pub(super) fn store(
    to: NamedFile<'_>,
    places: &[ChunkPlace],
    grid: &ChunkGrid,
    indices: &[u64],
    chunk: &[u8],
) -> Result<()> {
    let no_room = || file_error(to.path, format!("HDF5 gave no room to the chunk {indices:?}"));
    let place = places::find(places, grid, indices).filter(|place| place.bytes == chunk.len() as u64);
    to.file.write_all_at(chunk, place.ok_or_else(no_room)?.address).map_err(|error| io_error(to.path, &error))
}

impl Save<'_> {
    /// Makes the metadata in the file, which has the name `name` meanwhile, and takes the room for
    /// the elements. Returns the first byte of consecutive elements, or the places of the chunks.
    pub(super) fn make(
        &self,
        file: NamedFile<'_>,
        name: &Path,
        grid: Option<&ChunkGrid>,
        old: Option<u64>,
    ) -> Result<Vec<u8>> {
        change(file, self.bytes(old), || {
            let made = if old.is_some() { File::open(name, true)? } else { File::create(name)? };
            if made.has(&self.name)? {
                let problem = format!("it has `{}` already: choose another name, or another file", self.name);
                return Err(problem.into());
            }
            let unsigned = |extents: &[i64]| extents.iter().map(|&extent| extent as u64).collect::<Vec<_>>();
            let chunked = grid.map(|grid| NewChunks {
                extents: unsigned(&grid.chunk),
                deflate: self.deflate,
                shuffle: self.is_shuffled,
            });
            let new = NewDataset { dtype: self.array.dtype().clone(), shape: unsigned(self.array.shape()), chunked };
            let dataset = made.create_dataset(&self.name, &new)?;
            for (name, value) in &self.attributes {
                dataset.set_attribute(name, value)?;
            }
            if let Some(described) = description::write(self.array.layout()) {
                let text = Attribute::Text(described.to_string());
                dataset.set_attribute(description::ATTRIBUTE, &text)?;
            }
            finish(made, dataset, grid)
        })
    }

    /// About the bytes of the file, for a file that is added to of `old` bytes.
    fn bytes(&self, old: Option<u64>) -> u64 {
        (self.array.len() * self.array.dtype().itemsize()) as u64 + old.unwrap_or(0)
    }

    /// Takes the room for compressed chunks: their numbers and bytes, in rising order. Returns
    /// their places.
    pub(super) fn make_room(
        &self,
        file: NamedFile<'_>,
        name: &Path,
        grid: &ChunkGrid,
        chunks: &[(u64, u64)],
    ) -> Result<Vec<u8>> {
        change(file, self.bytes(None), || {
            let made = File::open(name, true)?;
            let dataset = made.dataset(&self.name)?;
            // The library takes room for a chunk when it writes one; the ranks write over it.
            let zeros = vec![0; chunks.iter().map(|&(_, bytes)| bytes).max().unwrap_or(0) as usize];
            for &(number, bytes) in chunks {
                dataset.write_chunk(&grid.first(number), &zeros[..bytes as usize])?;
            }
            finish(made, dataset, Some(grid))
        })
    }
}

/// Lets the library change the file, and takes room for it from the file system.
///
/// `bytes` is the size of the file when it is changed.
fn change(file: NamedFile<'_>, bytes: u64, body: impl FnOnce() -> dap_hdf5::Result<Vec<u8>>) -> Result<Vec<u8>> {
    let told = apart(bytes, || body().map_err(|error| error.to_string()));
    let told = told.map_err(|error| file_error(file.path, error))?;
    let room = file.file.metadata().and_then(|found| reserve(file.file, found.len()));
    room.map_err(|error| io_error(file.path, &error))?;
    Ok(told)
}

/// Closes the file. Returns the place of the elements.
fn finish(made: File, dataset: Dataset, grid: Option<&ChunkGrid>) -> dap_hdf5::Result<Vec<u8>> {
    let found = dataset.describe(u64::MAX)?;
    drop(dataset);
    made.close()?;
    match (found.storage, grid) {
        (Storage::Chunked { chunks, .. }, Some(grid)) => {
            Ok(places::to_bytes(&places::of_chunks(grid, &chunks, u64::MAX)?))
        }
        (Storage::Contiguous { offset }, None) => Ok(offset.unwrap_or(0).to_le_bytes().to_vec()),
        _ => Err("HDF5 has given the dataset another storage".into()),
    }
}
