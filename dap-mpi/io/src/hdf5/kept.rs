//! Encoded chunks: their sizes are known when all are encoded, and their places after that.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use dap_mpi::{Comm, Result};

use super::change;
use super::places;
use crate::chunks::ChunkGrid;
use crate::direct::NamedFile;
use crate::error::io_error;
use crate::shared_file::bytes_of_first;
use crate::temporary::without_name;

/// The encoded chunks of this rank, in a file without a name in the folder of the target: memory
/// does not grow with the array.
pub(super) struct KeptChunks<'p> {
    path: &'p Path,
    file: File,
    chunks: Vec<KeptChunk>,
    bytes: u64,
}

struct KeptChunk {
    indices: Vec<u64>,
    /// Its number in C order.
    number: u64,
    /// Its first byte in the rank's own file, and its bytes.
    at: u64,
    bytes: u64,
}

impl<'p> KeptChunks<'p> {
    /// No chunks, for a file at `path`. Collective.
    ///
    /// # Errors
    /// A folder that may not be written on some rank, then on all.
    pub(super) fn new(comm: &Comm, path: &'p Path) -> Result<KeptChunks<'p>> {
        Ok(KeptChunks { path, file: comm.agree(without_name(path))?, chunks: Vec::new(), bytes: 0 })
    }

    /// Keeps a chunk.
    ///
    /// # Errors
    /// A full disk.
    pub(super) fn add(&mut self, grid: &ChunkGrid, indices: &[u64], encoded: &[u8]) -> Result<()> {
        self.file.write_all_at(encoded, self.bytes).map_err(|error| io_error(self.path, &error))?;
        let (number, bytes) = (grid.number(indices.iter().copied()).unwrap_or(0), encoded.len() as u64);
        self.chunks.push(KeptChunk { indices: indices.to_vec(), number, at: self.bytes, bytes });
        self.bytes += bytes;
        Ok(())
    }

    /// Copies the chunks of all ranks to their places. On rank 0, `make_room` gets the numbers and
    /// bytes of all chunks in rising order, and returns the places. Collective.
    ///
    /// # Errors
    /// Those of `make_room`, or failed writing on some rank; then on all.
    pub(super) fn put(
        &self,
        comm: &Comm,
        to: NamedFile<'_>,
        grid: &ChunkGrid,
        make_room: impl FnOnce(&[(u64, u64)]) -> Result<Vec<u8>>,
    ) -> Result<()> {
        let own = self.chunks.iter().flat_map(|chunk| [chunk.number, chunk.bytes]).flat_map(u64::to_le_bytes);
        let all = comm.gather_all(&own.collect::<Vec<_>>())?;
        let made = (comm.rank() == 0).then(|| {
            let words: Vec<u64> =
                all.iter().flat_map(|own| own.as_chunks().0).map(|word| u64::from_le_bytes(*word)).collect();
            let mut chunks: Vec<(u64, u64)> =
                words.as_chunks().0.iter().map(|&[number, bytes]| (number, bytes)).collect();
            chunks.sort_unstable();
            make_room(&chunks)
        });
        let places = places::of_bytes(&bytes_of_first(comm, comm.agree(made.transpose())?.unwrap_or_default())?);
        let copied = self.chunks.iter().try_for_each(|chunk| {
            let mut bytes = vec![0; chunk.bytes as usize];
            self.file.read_exact_at(&mut bytes, chunk.at).map_err(|error| io_error(self.path, &error))?;
            change::store(to, &places, grid, &chunk.indices, &bytes)
        });
        comm.agree(copied)
    }
}
