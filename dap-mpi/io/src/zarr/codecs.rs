//! The codecs from bytes to bytes, with a limit on what they decode to.
//!
//! Those of the crate `zarrs` decode whatever is encoded: a chunk of a kilobyte may be a terabyte.

use std::io::Read;

use serde_json::{Value, json};

/// A codec behind the one that makes bytes of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compressor {
    Gzip,
    Zstd { level: i32 },
    Crc32c,
}

impl Compressor {
    /// The codec that metadata name; `None` for one that is not from bytes to bytes.
    pub(super) fn of(codec: &Value) -> Option<Compressor> {
        match dap_formats::zarr::codec_name(codec)? {
            "gzip" => Some(Compressor::Gzip),
            "zstd" => {
                let level = codec.get("configuration").and_then(|options| options.get("level")?.as_i64());
                // 0 is the level that the library recommends.
                Some(Compressor::Zstd { level: level.and_then(|level| level.try_into().ok()).unwrap_or(0) })
            }
            "crc32c" => Some(Compressor::Crc32c),
            _ => None,
        }
    }

    /// As metadata name it.
    pub(super) fn metadata(self) -> Value {
        match self {
            Compressor::Gzip => json!({ "name": "gzip", "configuration": { "level": 5 } }),
            Compressor::Zstd { level } => {
                json!({ "name": "zstd", "configuration": { "level": level, "checksum": false } })
            }
            Compressor::Crc32c => json!({ "name": "crc32c" }),
        }
    }

    /// Encodes bytes.
    ///
    /// # Errors
    /// Not enough memory.
    pub(super) fn encode(self, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        match self {
            Compressor::Gzip => {
                let mut encoded = Vec::new();
                flate2::read::GzEncoder::new(bytes, flate2::Compression::new(5)).read_to_end(&mut encoded)?;
                Ok(encoded)
            }
            Compressor::Zstd { level } => zstd::bulk::compress(bytes, level),
            Compressor::Crc32c => Ok([bytes, &crc32c::crc32c(bytes).to_le_bytes()].concat()),
        }
    }

    /// Decodes to at most `limit` bytes.
    ///
    /// # Errors
    /// Bytes that are damaged, or decode to more: why, in words.
    pub(super) fn decode(self, bytes: &[u8], limit: usize) -> Result<Vec<u8>, String> {
        let damaged = |error: std::io::Error| format!("it is damaged: {error}");
        match self {
            Compressor::Gzip => read(flate2::read::GzDecoder::new(bytes), limit),
            Compressor::Zstd { .. } => read(zstd::stream::read::Decoder::new(bytes).map_err(damaged)?, limit),
            Compressor::Crc32c => match bytes.split_last_chunk() {
                Some((bytes, sum)) if crc32c::crc32c(bytes) == u32::from_le_bytes(*sum) => Ok(bytes.to_vec()),
                _ => Err("its checksum is wrong".to_owned()),
            },
        }
    }
}

fn read(decoder: impl Read, limit: usize) -> Result<Vec<u8>, String> {
    let mut decoded = Vec::new();
    decoder.take(limit as u64 + 1).read_to_end(&mut decoded).map_err(|error| format!("it is damaged: {error}"))?;
    if decoded.len() > limit {
        return Err(format!("it decodes to more than the {limit} bytes of a chunk"));
    }
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codecs_return_what_they_were_given() {
        let bytes: Vec<u8> = (0..10_000_u32).map(|at| (at * at % 251) as u8).collect();
        for codec in [Compressor::Gzip, Compressor::Zstd { level: 3 }, Compressor::Crc32c] {
            let encoded = codec.encode(&bytes).unwrap();
            assert_eq!(codec.decode(&encoded, bytes.len()).as_deref(), Ok(&bytes[..]), "{codec:?}");
            assert_eq!(
                Compressor::of(&codec.metadata()).map(|of| of.metadata()["name"].clone()),
                Some(codec.metadata()["name"].clone())
            );
            let mut changed = encoded.clone();
            changed[encoded.len() / 2] ^= 1;
            assert_ne!(codec.decode(&changed, bytes.len()).as_deref(), Ok(&bytes[..]), "{codec:?}");
            if codec != Compressor::Crc32c {
                assert!(codec.decode(&encoded, bytes.len() - 1).unwrap_err().contains("more than"), "{codec:?}");
            }
        }
    }
}
