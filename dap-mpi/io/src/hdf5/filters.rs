//! The filters of chunks, with a limit on what they decode to.

use std::io::{Read, Write};

use dap_hdf5::Filter;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// Words that are added before sums are reduced to 16 bits.
const WORDS: usize = 360;

/// Decodes a chunk to at most `limit` bytes. Bit k of `left_out` says that filter k was not
/// applied.
///
/// # Errors
/// Bytes that are damaged, or decode to more: why, in words.
pub(super) fn decode(filters: &[Filter], left_out: u32, bytes: Vec<u8>, limit: usize) -> Result<Vec<u8>, String> {
    let is_applied = |number: usize| left_out.checked_shr(number as u32).unwrap_or(0) & 1 == 0;
    let applied = filters.iter().enumerate().filter(|(number, _)| is_applied(*number));
    applied.rev().try_fold(bytes, |bytes, (_, filter)| match *filter {
        Filter::Deflate { .. } => inflate(&bytes, limit),
        Filter::Shuffle { item } => Ok(reorder(&bytes, item, |order| order)),
        Filter::Fletcher32 => match bytes.split_last_chunk() {
            Some((bytes, sum)) if fletcher32(bytes) == u32::from_le_bytes(*sum) => Ok(bytes.to_vec()),
            _ => Err("its checksum is wrong".to_owned()),
        },
    })
}

/// Encodes a chunk.
///
/// # Errors
/// Not enough memory.
pub(super) fn encode(filters: &[Filter], bytes: Vec<u8>) -> std::io::Result<Vec<u8>> {
    filters.iter().try_fold(bytes, |bytes, filter| match *filter {
        Filter::Deflate { level } => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(level));
            encoder.write_all(&bytes)?;
            encoder.finish()
        }
        Filter::Shuffle { item } => Ok(reorder(&bytes, item, |(from, to)| (to, from))),
        Filter::Fletcher32 => Ok([&bytes[..], &fletcher32(&bytes).to_le_bytes()].concat()),
    })
}

fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, String> {
    let mut decoded = Vec::new();
    // A checksum may follow the items.
    let mut decoder = ZlibDecoder::new(bytes).take(limit as u64 + 5);
    decoder.read_to_end(&mut decoded).map_err(|error| format!("it is damaged: {error}"))?;
    if decoded.len() > limit + 4 {
        return Err(format!("it decodes to more than the {limit} bytes of a chunk"));
    }
    Ok(decoded)
}

/// Shuffled bytes in the order of the items, or with the pair turned by `turn` the reverse. Bytes
/// behind the last whole item keep their place.
fn reorder(bytes: &[u8], item: u32, turn: impl Fn((usize, usize)) -> (usize, usize)) -> Vec<u8> {
    let item = item as usize;
    let mut reordered = bytes.to_vec();
    if item < 2 {
        return reordered;
    }
    let items = bytes.len() / item;
    for byte in 0..item.min(bytes.len()) {
        for number in 0..items {
            let (from, to) = turn((byte * items + number, number * item + byte));
            reordered[to] = bytes[from];
        }
    }
    reordered
}

/// Fletcher's checksum of 32 bits, of words in big-endian order; an odd last byte is the high one
/// of a word.
fn fletcher32(bytes: &[u8]) -> u32 {
    let fold = |sum: u32| (sum & 0xffff) + (sum >> 16);
    let (mut low, mut high) = (0_u32, 0_u32);
    for block in bytes.chunks(2 * WORDS) {
        for word in block.chunks(2) {
            low += u32::from(word[0]) << 8 | word.get(1).map_or(0, |&byte| byte.into());
            high += low;
        }
        (low, high) = (fold(low), fold(high));
    }
    fold(high) << 16 | fold(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(count: usize) -> Vec<u8> {
        (0..count as u32).map(|at| (at * at % 251) as u8).collect()
    }

    #[test]
    fn chunks_are_read_back() {
        for (item, count) in [(1, 10), (4, 4000), (8, 4001), (3, 17), (8, 0)] {
            let chunk = bytes(count);
            let filters = [Filter::Shuffle { item }, Filter::Deflate { level: 4 }];
            let encoded = encode(&filters, chunk.clone()).unwrap();
            assert_eq!(decode(&filters, 0, encoded.clone(), count).as_deref(), Ok(&chunk[..]), "{item}");
            let plain = encode(&[Filter::Deflate { level: 9 }], chunk.clone()).unwrap();
            assert_eq!(decode(&filters, 1, plain, count).as_deref(), Ok(&chunk[..]), "{item}");
            assert_eq!(decode(&filters, 3, chunk.clone(), count).as_deref(), Ok(&chunk[..]), "{item}");
            if count > 5 {
                assert!(decode(&filters, 0, encoded.clone(), count - 5).unwrap_err().contains("more than"));
                assert!(decode(&filters, 0, encoded[..encoded.len() / 2].to_vec(), count).is_err());
            }
        }
    }

    #[test]
    fn first_bytes_come_first() {
        let shuffled = reorder(b"a1b2c3x", 2, |(from, to)| (to, from));
        assert_eq!(shuffled, b"abc123x");
    }

    #[test]
    fn checksums_notice_a_bit() {
        // The sums of the words 0x6162, 0x6364 and 0x6500.
        assert_eq!(fletcher32(b"abcde"), 0x4ff0_29c7);
        let chunk = bytes(5000);
        let summed = encode(&[Filter::Fletcher32], chunk.clone()).unwrap();
        assert_eq!(decode(&[Filter::Fletcher32], 0, summed.clone(), 5000).as_deref(), Ok(&chunk[..]));
        for at in [0, 1, 2499, 5001] {
            let mut changed = summed.clone();
            changed[at] ^= 4;
            assert_eq!(decode(&[Filter::Fletcher32], 0, changed, 5000), Err("its checksum is wrong".to_owned()));
        }
        assert!(decode(&[Filter::Fletcher32], 0, vec![0; 3], 5000).is_err());
    }
}
