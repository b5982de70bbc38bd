//! zarr: the chunk grid of an array's metadata, `.zarray` of format 2 or `zarr.json` of format 3.

use super::dask;
use super::library::{ConvertOptions, LibraryCase};
use super::part::Converted;
use super::raw::{ConvertResult, RawValue};

/// The fields of an array's metadata.
pub(super) const FIELDS: &[&str] = &[
    "zarr_format",
    "shape",
    "chunks",
    "chunk_grid",
    "dtype",
    "data_type",
    "owners",
    "node_type",
    "order",
    "compressor",
    "filters",
    "fill_value",
    "dimension_separator",
    "chunk_key_encoding",
    "codecs",
    "attributes",
    "dimension_names",
    "storage_transformers",
];

pub(super) fn recognises(raw: &RawValue<'_>) -> bool {
    raw.has("zarr_format")
}

pub(super) fn convert(case: &LibraryCase<'_>, options: &ConvertOptions<'_>) -> ConvertResult<Converted> {
    let [raw] = &case.ranks[..] else {
        return Err("a zarr array is described once, its chunks know no rank".to_owned());
    };
    if let Some(group) = raw.maybe("node_type").filter(|node| node.value() != "array") {
        return Err(format!("{group} is {}: convert the metadata of an array in it", group.short()));
    }
    let shape = raw.get("shape")?.counts()?;
    let extents = chunk_shape(raw, shape.len())?;
    let along = |(&size, &extent): (&i64, &i64)| -> ConvertResult<Vec<i64>> {
        if extent < 1 {
            return Err(format!("{raw} has chunks of {extent}, they have at least 1 index along each dimension"));
        }
        let count = if size == 0 { 1 } else { (size - 1) / extent + 1 };
        dask::few(count)?;
        Ok((0..count).map(|chunk| extent.min(size - chunk * extent)).collect())
    };
    let chunks = shape.iter().zip(&extents).map(along).collect::<ConvertResult<Vec<_>>>()?;
    dask::array(raw, &chunks, options)
}

/// The shape of a chunk. In format 3 with shards, the shards are the files, and the chunks here.
fn chunk_shape(raw: &RawValue<'_>, ndim: usize) -> ConvertResult<Vec<i64>> {
    let stated = match raw.maybe("chunk_grid") {
        None => raw.get("chunks")?,
        Some(grid) => {
            if let Some(name) = grid.maybe("name").filter(|name| name.value() != "regular") {
                return Err(format!("{name} is {}, and only regular chunk grids are known here", name.short()));
            }
            grid.get("configuration")?.get("chunk_shape")?
        }
    };
    stated.exactly(stated.counts()?, ndim)
}
