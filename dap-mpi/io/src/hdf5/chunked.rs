//! Single chunks of a dataset that is loaded.

use dap_core::dtype::DType;
use dap_mpi::Result;

use super::stored::StoredChunks;
use super::{filters, places};
use crate::chunks::{LocalChunk, part_of_chunk};
use crate::direct::NamedFile;
use crate::error::{file_error, io_error};

/// The items of a chunk that the array has.
///
/// # Errors
/// As [`read_whole`].
pub(super) fn read(from: NamedFile<'_>, stored: &StoredChunks, dtype: &DType, chunk: &LocalChunk) -> Result<Vec<u8>> {
    let whole = read_whole(from, stored, dtype, &chunk.indices)?;
    Ok(part_of_chunk(whole, &stored.grid, chunk, dtype))
}

/// The items of a whole chunk.
///
/// # Errors
/// A chunk that cannot be read, is damaged or decodes to more than its size.
pub(super) fn read_whole(
    from: NamedFile<'_>,
    stored: &StoredChunks,
    dtype: &DType,
    indices: &[u64],
) -> Result<Vec<u8>> {
    let expected = (stored.grid.chunk_len() * dtype.itemsize()) as usize;
    let problem = |problem: String| file_error(from.path, format!("the chunk {indices:?}: {problem}"));
    let bytes = match places::find(&stored.places, &stored.grid, indices) {
        Some(place) => {
            // Bytes that do not compress, and a checksum.
            if place.bytes > (expected + expected / 4 + 1024) as u64 {
                return Err(problem(format!("it has {} bytes, for {expected} of items", place.bytes)));
            }
            let mut encoded = vec![0; place.bytes as usize];
            from.read_exact_at(&mut encoded, place.address).map_err(|error| io_error(from.path, &error))?;
            filters::decode(&stored.filters, place.left_out, encoded, expected).map_err(problem)?
        }
        None => stored.inline.clone().unwrap_or_else(|| stored.fill.repeat(stored.grid.chunk_len() as usize)),
    };
    if bytes.len() != expected {
        return Err(problem(format!("it has {} bytes of items, not {expected}", bytes.len())));
    }
    Ok(bytes)
}
