//! A dataset as all ranks know it: read by rank 0 with the library, checked, and sent to the
//! others.

use std::path::Path;

use dap_core::dtype::DType;
use dap_core::layout::Layout;
use dap_formats::description;
use dap_formats::file::open;
use dap_formats::npy::{self, Npy};
use dap_hdf5::{Attribute, Description, File, Filter, Storage, apart};
use dap_mpi::Result;
use dap_ndarray::copy::Order;
use serde_json::{Value, json};

use super::attributes;
use super::places::{self, ChunkPlace};
use crate::chunks::{ChunkGrid, LARGEST_CHUNK};
use crate::direct::whole;
use crate::error::{file_error, io_error};
use crate::place::FilePlace;

/// A dataset that was described.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) dtype: DType,
    pub(super) shape: Vec<i64>,
    pub(super) elements: Elements,
    pub(super) attributes: Vec<(String, Attribute)>,
    /// The distribution that the file describes.
    pub(super) layout: Option<Layout>,
}

/// The place of the elements.
#[derive(Debug, Clone)]
pub(super) enum Elements {
    /// Consecutive in the file.
    Dense(FilePlace),
    /// In chunks.
    Chunked(Box<StoredChunks>),
}

/// The chunks of a dataset.
#[derive(Debug, Clone)]
pub(super) struct StoredChunks {
    pub(super) grid: ChunkGrid,
    pub(super) filters: Vec<Filter>,
    /// The places of the chunks that there are.
    pub(super) places: Vec<ChunkPlace>,
    /// The bytes of an element that was never written.
    pub(super) fill: Vec<u8>,
    /// The items of the only chunk, if they lie within the metadata.
    pub(super) inline: Option<Vec<u8>>,
    /// Whether the dataset itself is in chunks.
    pub(super) is_chunked: bool,
}

/// The message about a dataset, made by the rank that has the file.
///
/// # Errors
/// A file or a dataset that cannot be read here: why.
pub(super) fn describe(path: &Path, name: &str) -> Result<Vec<u8>> {
    // The kind is checked before the library opens it: opening a pipe would wait for a writer.
    let opened = open(path).map_err(|problem| file_error(path, problem))?;
    let length = opened.metadata().map_err(|error| io_error(path, &error))?.len();
    let found = apart(length, || {
        let file = File::open(path, false).map_err(|error| error.to_string())?;
        let dataset = file.dataset(name).map_err(|error| error.to_string())?;
        let found = dataset.describe(length).map_err(|error| error.to_string());
        found.and_then(|found| message(&found, length)).map_err(|problem| format!("`{name}`: {problem}"))
    });
    found.map_err(|error| file_error(path, error))
}

/// A length, a text as JSON, and the places of the chunks.
fn message(found: &Description, file_bytes: u64) -> std::result::Result<Vec<u8>, String> {
    let shape = integers(&found.shape).ok_or("an extent is 2^63 or more")?;
    whole(&shape).map_err(|error| error.to_string())?;
    let descr = found.dtype.descr();
    let descr = descr.ok_or_else(|| format!("an array cannot hold its items, {}", found.dtype.name()))?;
    let header = npy::header(&descr, false, &shape).ok_or("its items have no description")?;
    let item = found.dtype.itemsize();
    let mut text = json!({ "header": header, "fill": found.fill });
    let named = found.attributes.iter().map(|(name, value)| json!([name, attributes::write(value)]));
    text["attributes"] = named.collect::<Vec<_>>().into();
    let mut known = Vec::new();
    match &found.storage {
        Storage::Contiguous { offset: Some(offset) } => {
            let bytes = shape.iter().try_fold(item as u64, |bytes, &extent| bytes.checked_mul(extent as u64));
            let end = bytes.and_then(|bytes| bytes.checked_add(*offset));
            if end.is_none_or(|end| end > file_bytes) {
                return Err(format!("it is cut short: its elements begin at byte {offset} of {file_bytes}"));
            }
            text["offset"] = json!(offset);
        }
        // Elements that were never written are those of chunks that are not there.
        Storage::Contiguous { offset: None } => text["chunk"] = json!(ChunkGrid::default_chunk(&shape, item)),
        Storage::Compact(items) => {
            text["chunk"] = json!(shape.iter().map(|&extent| extent.max(1)).collect::<Vec<_>>());
            text["inline"] = json!(items);
        }
        Storage::Chunked { extents, filters, chunks } => {
            let chunk = integers(extents).ok_or("an extent of a chunk is 2^63 or more")?;
            let bytes = chunk.iter().try_fold(item, |bytes, &extent| bytes.checked_mul(extent));
            if bytes.is_none_or(|bytes| bytes > LARGEST_CHUNK) {
                return Err(format!("its chunks of {chunk:?} items are larger than {LARGEST_CHUNK} bytes"));
            }
            text["is_chunked"] = json!(true);
            text["chunk"] = json!(chunk);
            text["filters"] = filters.iter().map(|&filter| filter_number(filter)).collect::<Vec<_>>().into();
            known = places::of_chunks(&ChunkGrid { shape, chunk }, chunks, file_bytes)?;
        }
    }
    let text = text.to_string();
    Ok([&(text.len() as u64).to_le_bytes()[..], text.as_bytes(), &places::to_bytes(&known)].concat())
}

fn integers(extents: &[u64]) -> Option<Vec<i64>> {
    extents.iter().map(|&extent| i64::try_from(extent).ok()).collect()
}

/// A filter as a number: a level of deflate from 0 to 9, and the item's bytes of a shuffle behind
/// 11.
fn filter_number(filter: Filter) -> u64 {
    match filter {
        Filter::Deflate { level } => level.min(9).into(),
        Filter::Fletcher32 => 10,
        Filter::Shuffle { item } => 11 + u64::from(item),
    }
}

fn filter_of(number: u64) -> Filter {
    match number {
        level @ 0..=9 => Filter::Deflate { level: level as u32 },
        10 => Filter::Fletcher32,
        item => Filter::Shuffle { item: (item - 11) as u32 },
    }
}

/// The dataset of a message.
///
/// # Errors
/// An array that no layout has; `path` is for the error.
pub(super) fn read(message: &[u8], path: &Path) -> Result<Stored> {
    // `message` has made it, so that nothing of it can be wrong.
    let lost = || file_error(path, "its description was lost on the way");
    let (length, rest) = message.split_first_chunk().ok_or_else(lost)?;
    let (text, known) = rest.split_at_checked(u64::from_le_bytes(*length) as usize).ok_or_else(lost)?;
    let text: Value = serde_json::from_slice(text).map_err(|_| lost())?;
    let list = |key: &str| text[key].as_array().into_iter().flatten();
    let numbers = |key: &str| -> Vec<u64> { list(key).filter_map(Value::as_u64).collect() };
    let bytes = |key: &str| -> Vec<u8> { numbers(key).into_iter().map(|byte| byte as u8).collect() };
    let npy = Npy::read(&mut &bytes("header")[..], 0).map_err(|error| file_error(path, error))?;
    let (dtype, shape) = (npy.dtype.ok_or_else(lost)?, npy.shape);
    let elements = match text["offset"].as_u64() {
        Some(offset) => {
            let place = FilePlace::dense(offset, &shape, dtype.itemsize(), Order::C);
            Elements::Dense(place.ok_or_else(|| file_error(path, "it has 2^63 or more bytes of data"))?)
        }
        None => {
            let chunk = numbers("chunk").into_iter().map(|extent| extent as i64).collect();
            Elements::Chunked(Box::new(StoredChunks {
                grid: ChunkGrid { shape: shape.clone(), chunk },
                filters: numbers("filters").into_iter().map(filter_of).collect(),
                places: places::of_bytes(known),
                fill: bytes("fill"),
                inline: text["inline"].is_array().then(|| bytes("inline")),
                is_chunked: text["is_chunked"] == true,
            }))
        }
    };
    let named = list("attributes").filter_map(|pair| Some((pair[0].as_str()?.to_owned(), attributes::read(&pair[1])?)));
    let (described, attributes): (Vec<_>, Vec<_>) = named.partition(|(name, _)| name == description::ATTRIBUTE);
    let layout = described.into_iter().find_map(|(_, value)| match value {
        Attribute::Text(text) => description::read(&serde_json::from_str(&text).ok()?, &shape),
        _ => None,
    });
    Ok(Stored { dtype, shape, elements, attributes, layout })
}
