//! Changes of a file by the library: of a copy of the old file, or of a new one.

use std::path::Path;

use dap_formats::file::open;
use dap_hdf5::{Dataset, File, Storage, apart};
use dap_mpi::{Comm, Result};

use super::places::{self, ChunkPlace};
use crate::chunks::ChunkGrid;
use crate::direct::NamedFile;
use crate::error::{file_error, io_error};
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
    let old = NamedFile { file: &old, path: to.path };
    let bound = |rank: i32| (u128::from(bytes) * rank as u128 / comm.size() as u128) as u64;
    let (mut at, end) = (bound(comm.rank()), bound(comm.rank() + 1));
    let mut block = Vec::new();
    while at < end {
        block.resize((end - at).min(REQUEST) as usize, 0);
        let copied = old.read_exact_at(&mut block, at).and_then(|()| to.write_all_at(&block, at));
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
    to.write_all_at(chunk, place.ok_or_else(no_room)?.address).map_err(|error| io_error(to.path, &error))
}

/// Lets the library change the file, and takes room for it from the file system.
///
/// `bytes` is the size of the file when it is changed.
pub(super) fn change(
    file: NamedFile<'_>,
    bytes: u64,
    body: impl FnOnce() -> dap_hdf5::Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    let told = apart(bytes, || body().map_err(|error| error.to_string()));
    let told = told.map_err(|error| file_error(file.path, error))?;
    let room = file.file.metadata().and_then(|found| reserve(file.file, found.len()));
    room.map_err(|error| io_error(file.path, &error))?;
    Ok(told)
}

/// Takes the room for chunks of these numbers and bytes. The library does so when it writes one;
/// the ranks write over it.
pub(super) fn take_room(dataset: &Dataset, grid: &ChunkGrid, chunks: &[(u64, u64)]) -> dap_hdf5::Result<()> {
    let zeros = vec![0; chunks.iter().map(|&(_, bytes)| bytes).max().unwrap_or(0) as usize];
    chunks.iter().try_for_each(|&(number, bytes)| dataset.write_chunk(&grid.first(number), &zeros[..bytes as usize]))
}

/// Closes the file. Returns the place of the elements.
pub(super) fn finish(made: File, dataset: Dataset, grid: Option<&ChunkGrid>) -> dap_hdf5::Result<Vec<u8>> {
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
