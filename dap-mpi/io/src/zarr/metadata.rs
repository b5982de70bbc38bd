//! The metadata of an array: `zarr.json`, and what is believed of it.

use std::path::Path;

use dap_core::dtype::{ByteOrder, DType};
use dap_core::layout::Layout;
use dap_formats::description;
use dap_formats::zarr::{LONGEST, ZarrHeader, codec_name, name_of};
use dap_mpi::Result;
use serde_json::{Map, Value};
use zarrs::array::{Array, ArrayBytes, ArrayMetadata, ArrayMetadataV3, ArrayToBytesCodecTraits, CodecOptions};
use zarrs::storage::store::MemoryStore;

use super::codecs::Compressor;
use crate::chunks::{ChunkGrid, LARGEST_CHUNK};
use crate::direct::whole;
use crate::error::file_error;

/// An array that metadata describe.
#[derive(Debug, Clone)]
pub(super) struct Metadata {
    pub(super) dtype: DType,
    pub(super) grid: ChunkGrid,
    pub(super) layout: Option<Layout>,
    /// The attributes but the description.
    pub(super) attributes: Map<String, Value>,
    compressors: Vec<Compressor>,
    /// The array up to the codecs that are from bytes to bytes; it is never stored.
    plain: std::sync::Arc<Array<MemoryStore>>,
}

impl Metadata {
    /// Reads `zarr.json`; `path` is the store's, for messages.
    ///
    /// # Errors
    /// Metadata that are none of version 3, or of an array that cannot be loaded: why.
    pub(super) fn read(text: &[u8], path: &Path) -> Result<Metadata> {
        Metadata::parse(text).map_err(|problem| file_error(path, problem))
    }

    fn parse(text: &[u8]) -> std::result::Result<Metadata, String> {
        let no_json = |error: serde_json::Error| format!("its zarr.json is not readable: {error}");
        let header = ZarrHeader::read(text)?;
        let dtype = header.dtype.ok_or_else(|| format!("an array cannot hold its items, {}", header.data_type))?;
        let (shape, mut attributes) = (header.shape, header.attributes);
        whole(&shape).map_err(|error| error.to_string())?;
        let chunk = header.chunk.ok_or("its chunk grid is not a regular one of as many axes")?;
        let bytes = chunk.iter().try_fold(dtype.itemsize(), |bytes, extent| bytes.checked_mul(*extent));
        if bytes.is_none_or(|bytes| bytes > LARGEST_CHUNK) {
            return Err(format!("its chunks of {chunk:?} items are larger than {LARGEST_CHUNK} bytes"));
        }
        let (compressors, codecs): (Vec<_>, Vec<Value>) =
            header.codecs.into_iter().partition(|it| Compressor::of(it).is_some());
        let compressors = compressors.iter().filter_map(Compressor::of).collect();
        if let Some(unbounded) = codecs.iter().find_map(unbounded) {
            return Err(format!("its codec {unbounded} is not supported here"));
        }
        let mut found: Map<String, Value> = serde_json::from_slice(text).map_err(no_json)?;
        found.remove("attributes");
        found.insert("codecs".to_owned(), Value::Array(codecs));
        let layout =
            attributes.remove(description::ATTRIBUTE).and_then(|described| description::read(&described, &shape));
        let metadata: ArrayMetadataV3 = serde_json::from_value(Value::Object(found)).map_err(no_json)?;
        let store = std::sync::Arc::new(MemoryStore::new());
        let plain =
            Array::new_with_metadata(store, "/", ArrayMetadata::V3(metadata)).map_err(|error| error.to_string())?;
        Ok(Metadata { dtype, grid: ChunkGrid { shape, chunk }, layout, attributes, compressors, plain: plain.into() })
    }

    /// The same array with codecs behind those that it has, and with attributes.
    pub(super) fn with(self, compressors: Vec<Compressor>, attributes: Map<String, Value>) -> Metadata {
        Metadata { compressors, attributes, ..self }
    }

    /// The text of `zarr.json`, with the description of a layout.
    pub(super) fn text(&self, layout: &Layout) -> std::result::Result<Vec<u8>, String> {
        let mut value = serde_json::to_value(self.plain.metadata()).map_err(|error| error.to_string())?;
        if let Some(codecs) = value.get_mut("codecs").and_then(Value::as_array_mut) {
            // zarr-python reads no codec by its name alone.
            for codec in codecs.iter_mut().filter(|codec| codec.is_string()) {
                *codec = serde_json::json!({ "name": codec.take() });
            }
            codecs.extend(self.compressors.iter().map(|compressor| compressor.metadata()));
        }
        value["attributes"] = Value::Object(self.attributes.clone());
        describe(&mut value, Some(layout));
        text_of(&value)
    }

    /// The file of a chunk, relative to the store.
    pub(super) fn key(&self, indices: &[u64]) -> String {
        self.plain.chunk_key(indices).as_str().trim_start_matches('/').to_owned()
    }

    /// The bytes of a whole chunk without elements of the array: its fill value.
    pub(super) fn empty_chunk(&self) -> Vec<u8> {
        self.plain.fill_value().as_ne_bytes().repeat(self.grid.chunk_len() as usize)
    }

    /// Encodes the items of a whole chunk, in C order and this machine's byte order.
    ///
    /// # Errors
    /// A codec fails: why.
    pub(super) fn encode(&self, chunk: Vec<u8>) -> std::result::Result<Vec<u8>, String> {
        let bytes = ArrayBytes::new_flen(chunk);
        let (shape, plain) = (self.chunk_shape()?, &self.plain);
        let encoded = plain.codecs().encode(bytes, &shape, plain.data_type(), plain.fill_value(), &options());
        let encoded = encoded.map_err(|error| error.to_string())?.into_owned();
        let encode = |bytes: Vec<u8>, codec: &Compressor| codec.encode(&bytes).map_err(|error| error.to_string());
        self.compressors.iter().try_fold(encoded, encode)
    }

    /// Bytes of the longest file of a chunk that is believed.
    pub(super) fn longest_file(&self) -> u64 {
        let bytes = self.grid.chunk_len() * self.dtype.itemsize();
        // Bytes that do not compress, and the index of a shard with a chunk for each item.
        (bytes + bytes / 4 + 16 * self.grid.chunk_len() + 1024) as u64
    }

    /// Decodes the file of a chunk.
    ///
    /// # Errors
    /// Bytes that are damaged, or decode to another number than a chunk has: why, in words.
    pub(super) fn decode(&self, file: Vec<u8>) -> std::result::Result<Vec<u8>, String> {
        let limit = self.longest_file() as usize;
        let decode = |bytes: Vec<u8>, codec: &Compressor| codec.decode(&bytes, limit);
        let encoded = self.compressors.iter().rev().try_fold(file, decode)?;
        let (shape, plain) = (self.chunk_shape()?, &self.plain);
        let decoded = plain.codecs().decode(encoded.into(), &shape, plain.data_type(), plain.fill_value(), &options());
        let decoded = decoded
            .and_then(|bytes| Ok(bytes.into_fixed()?.into_owned()))
            .map_err(|error| format!("it is damaged: {error}"))?;
        let expected = (self.grid.chunk_len() * self.dtype.itemsize()) as usize;
        if decoded.len() == expected {
            Ok(decoded)
        } else {
            Err(format!("it has {} bytes of items, not {expected}", decoded.len()))
        }
    }

    fn chunk_shape(&self) -> std::result::Result<Vec<std::num::NonZeroU64>, String> {
        let extents = self.grid.chunk.iter().map(|&extent| std::num::NonZeroU64::new(extent as u64));
        extents.collect::<Option<_>>().ok_or_else(|| "a chunk has no elements".to_owned())
    }
}

/// Replaces the description in metadata by that of a layout, if it has one.
pub(super) fn describe(metadata: &mut Value, layout: Option<&Layout>) {
    let Some(members) = metadata.as_object_mut() else { return };
    let attributes = members.entry("attributes").or_insert_with(|| Value::Object(Map::new()));
    let Some(attributes) = attributes.as_object_mut() else { return };
    attributes.remove(description::ATTRIBUTE);
    attributes
        .extend(layout.and_then(description::write).map(|described| (description::ATTRIBUTE.to_owned(), described)));
}

/// Metadata as text.
///
/// # Errors
/// A text that is longer than what is read.
pub(super) fn text_of(metadata: &Value) -> std::result::Result<Vec<u8>, String> {
    let text = serde_json::to_vec_pretty(metadata).map_err(|error| error.to_string())?;
    match text.len() as u64 {
        ..=LONGEST => Ok(text),
        length => Err(format!("its zarr.json has {length} bytes with its attributes, expected at most {LONGEST}")),
    }
}

/// One thread a rank: the ranks are the parallelism.
fn options() -> CodecOptions {
    CodecOptions::default().with_concurrent_target(1)
}

/// The name of a codec that may decode to more than a chunk, or is not known.
fn unbounded(codec: &Value) -> Option<String> {
    let name = codec_name(codec).unwrap_or("without a name");
    match name {
        "bytes" | "transpose" | "crc32c" => None,
        "sharding_indexed" => {
            let inner = |key| codec.get("configuration")?.get(key)?.as_array();
            let nested = |codec: &Value| {
                if codec.get("name").is_some_and(|name| name == "sharding_indexed") {
                    Some("of shards within shards".to_owned())
                } else {
                    unbounded(codec)
                }
            };
            let all = ["codecs", "index_codecs"].map(inner).into_iter().flatten().flatten();
            all.filter_map(nested).next().map(|inner| format!("{inner} within shards"))
        }
        name => Some(format!("`{name}`")),
    }
}

/// Metadata of a new array.
///
/// # Errors
/// No such array: why.
pub(super) fn new(dtype: &DType, shape: &[i64], chunk: &[i64]) -> std::result::Result<Metadata, String> {
    let name = name_of(dtype).ok_or_else(|| format!("Zarr v3 has no items of {}", dtype.name()))?;
    let endian = if ByteOrder::NATIVE == ByteOrder::Big { "big" } else { "little" };
    let zero = match name {
        "bool" => Value::from(false),
        "complex64" | "complex128" => serde_json::json!([0.0, 0.0]),
        _ => Value::from(0),
    };
    let bytes = match dtype.itemsize() {
        1 => serde_json::json!({ "name": "bytes" }),
        _ => serde_json::json!({ "name": "bytes", "configuration": { "endian": endian } }),
    };
    let text = serde_json::json!({
        "zarr_format": 3, "node_type": "array", "shape": shape, "data_type": name,
        "chunk_grid": { "name": "regular", "configuration": { "chunk_shape": chunk } },
        "chunk_key_encoding": { "name": "default", "configuration": { "separator": "/" } },
        "fill_value": zero, "codecs": [bytes],
    });
    Metadata::parse(text.to_string().as_bytes())
}
