//! The places of chunks in the file, by their numbers in C order.

use dap_hdf5::Chunk;

use crate::chunks::ChunkGrid;

/// The place of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChunkPlace {
    pub(super) number: u64,
    pub(super) address: u64,
    pub(super) bytes: u64,
    /// The filters that were left out, by their bits.
    pub(super) left_out: u32,
}

/// Words of a place in a message.
const WORDS: usize = 4;

/// The places of chunks in a file of this length, in rising order.
///
/// # Errors
/// A chunk beyond the end of the file, or of a grid that is too large: why.
pub(super) fn of_chunks(grid: &ChunkGrid, chunks: &[Chunk], file_bytes: u64) -> Result<Vec<ChunkPlace>, String> {
    let mut places = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        let indices = chunk.first.iter().zip(&grid.chunk).map(|(&first, &extent)| first / extent as u64);
        let number = grid.number(indices).ok_or("it has 2^63 or more chunks")?;
        if chunk.address.checked_add(chunk.bytes).is_none_or(|end| end > file_bytes) {
            return Err(format!("it is cut short: the chunk at {:?} is beyond its end", chunk.first));
        }
        let (address, bytes, left_out) = (chunk.address, chunk.bytes, chunk.left_out);
        places.push(ChunkPlace { number, address, bytes, left_out });
    }
    places.sort_by_key(|place| place.number);
    Ok(places)
}

/// The place of the chunk with these indices, if there is one.
pub(super) fn find(places: &[ChunkPlace], grid: &ChunkGrid, indices: &[u64]) -> Option<ChunkPlace> {
    let number = grid.number(indices.iter().copied())?;
    places.binary_search_by_key(&number, |place| place.number).ok().map(|at| places[at])
}

/// Places as a message.
pub(super) fn to_bytes(places: &[ChunkPlace]) -> Vec<u8> {
    let words = |place: &ChunkPlace| [place.number, place.address, place.bytes, place.left_out.into()];
    places.iter().flat_map(words).flat_map(u64::to_le_bytes).collect()
}

/// The places of a message.
pub(super) fn of_bytes(bytes: &[u8]) -> Vec<ChunkPlace> {
    let words: Vec<u64> = bytes.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
    let place = |&[number, address, bytes, left_out]: &[u64; WORDS]| {
        // The last word was made of 32 bits.
        ChunkPlace { number, address, bytes, left_out: left_out as u32 }
    };
    words.as_chunks().0.iter().map(place).collect()
}
