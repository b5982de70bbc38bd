//! Compressed chunks: their sizes are known when all are compressed, and their places after that.

use std::os::unix::fs::FileExt;
use std::path::Path;

use dap_mpi::Result;

use super::{Save, make};
use crate::chunks::{self, ChunkGrid};
use crate::direct::NamedFile;
use crate::error::io_error;
use crate::hdf5::{filters, places};
use crate::shared_file::bytes_of_first;
use crate::temporary::without_name;

/// A compressed chunk of this rank.
struct Compressed {
    indices: Vec<u64>,
    number: u64,
    /// Its first byte in the rank's own file, and its bytes.
    at: u64,
    bytes: u64,
}

impl Save<'_> {
    /// Compresses all chunks and writes them. Each rank keeps its compressed chunks in a file
    /// without a name in the folder of the target, so that memory does not grow with the array.
    /// Rank 0 takes the room for all of them, and each rank copies its own into it.
    pub(super) fn write_compressed(
        &self,
        file: NamedFile<'_>,
        name: &Path,
        grid: &ChunkGrid,
        level: u32,
    ) -> Result<()> {
        let comm = self.array.context().comm();
        let failed = |error: std::io::Error| io_error(file.path, &error);
        let kept = comm.agree(without_name(file.path))?;
        let (mut own, mut end) = (Vec::new(), 0);
        let item = self.is_shuffled.then_some(self.array.dtype().itemsize() as u32);
        chunks::write(self.array, grid, &self.empty_chunk(grid), |indices, chunk| {
            let encoded = filters::encode(&chunk, item, level).map_err(failed)?;
            kept.write_all_at(&encoded, end).map_err(failed)?;
            let number = grid.number(indices.iter().copied()).unwrap_or(0);
            own.push(Compressed { indices: indices.to_vec(), number, at: end, bytes: encoded.len() as u64 });
            end += encoded.len() as u64;
            Ok(())
        })?;
        let told: Vec<u8> =
            own.iter().flat_map(|chunk| [chunk.number, chunk.bytes]).flat_map(u64::to_le_bytes).collect();
        let all = comm.gather_all(&told)?;
        let made = (comm.rank() == 0).then(|| {
            let words: Vec<u64> =
                all.iter().flat_map(|told| told.as_chunks().0).map(|word| u64::from_le_bytes(*word)).collect();
            let mut chunks: Vec<(u64, u64)> =
                words.as_chunks().0.iter().map(|&[number, bytes]| (number, bytes)).collect();
            chunks.sort_unstable();
            self.make_room(file, name, grid, &chunks)
        });
        let message = bytes_of_first(comm, comm.agree(made.transpose())?.unwrap_or_default())?;
        let places = places::of_bytes(&message);
        let copied = own.iter().try_for_each(|chunk| {
            let mut bytes = vec![0; chunk.bytes as usize];
            kept.read_exact_at(&mut bytes, chunk.at).map_err(failed)?;
            make::store(file, &places, grid, &chunk.indices, &bytes)
        });
        comm.agree(copied)
    }
}
