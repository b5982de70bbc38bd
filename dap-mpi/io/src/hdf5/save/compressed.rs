//! Compressed chunks: their sizes are known when all are compressed.

use std::path::Path;

use dap_hdf5::Filter;
use dap_mpi::Result;

use super::Save;
use crate::chunks::{self, ChunkGrid};
use crate::direct::NamedFile;
use crate::error::io_error;
use crate::hdf5::filters;
use crate::hdf5::kept::KeptChunks;

impl Save<'_> {
    /// Compresses all chunks and writes them. Rank 0 takes the room for all of them, and each rank
    /// copies its own into it.
    pub(super) fn write_compressed(
        &self,
        file: NamedFile<'_>,
        name: &Path,
        grid: &ChunkGrid,
        level: u32,
    ) -> Result<()> {
        let comm = self.array.context().comm();
        let mut kept = KeptChunks::new(comm, file.path)?;
        let item = self.array.dtype().itemsize() as u32;
        let shuffle = self.is_shuffled.then_some(Filter::Shuffle { item });
        let filters: Vec<Filter> = shuffle.into_iter().chain([Filter::Deflate { level }]).collect();
        chunks::write(self.array, grid, &self.empty_chunk(grid), |indices, chunk| {
            let encoded = filters::encode(&filters, chunk).map_err(|error| io_error(file.path, &error))?;
            kept.add(grid, indices, &encoded)
        })?;
        kept.put(comm, file, grid, |chunks| self.make_room(file, name, grid, chunks))
    }
}
