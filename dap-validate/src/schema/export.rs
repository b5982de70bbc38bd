//! The layout of export files, in a form from which their schemas are made.

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// One process's part of a distributed array, by the Distributed Array Protocol 0.10 (or 0.9).
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[schemars(rename = "Export")]
pub struct ExportSchema {
    /// The version of the protocol.
    #[schemars(rename = "__version__", regex(pattern = r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$"))]
    pub version: String,
    /// The local section, described.
    pub buffer: BufferSchema,
    /// One dictionary for each dimension, in order; none for an array without dimensions.
    pub dim_data: Vec<DimensionSchema>,
}

/// All processes' exports in one document.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "Bundle")]
pub struct BundleSchema {
    /// The exports in order of rank.
    pub ranks: Vec<ExportSchema>,
}

/// An integer that is at least 0.
#[derive(Debug, JsonSchema)]
#[schemars(inline, transparent)]
pub struct Natural(#[schemars(range(min = 0))] pub i64);

/// An integer that is at least 1.
#[derive(Debug, JsonSchema)]
#[schemars(inline, transparent)]
pub struct Positive(#[schemars(range(min = 1))] pub i64);

/// The memory that holds a local section.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "Buffer")]
pub struct BufferSchema {
    /// The item type.
    pub dtype: Dtype,
    /// The extents, padding included, one for each dimension.
    pub shape: Vec<Natural>,
    /// The distance of neighbours along each dimension, in bytes; C order without it.
    #[schemars(with = "Vec<i64>", skip_serializing_if = "Option::is_none")]
    pub strides: Option<Vec<i64>>,
    /// The file that holds the items, relative to this one: `.npy`, or raw.
    #[schemars(with = "String", skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// The offset of the items in a raw file, in bytes.
    #[schemars(with = "Natural", skip_serializing_if = "Option::is_none")]
    pub offset: Option<Natural>,
}

/// An item type.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Dtype {
    /// A NumPy typestr such as `<f8`, or a PEP-3118 format such as `d`.
    Text(String),
    /// The fields of a struct, as `numpy.dtype.descr` lists them: name, type, and optionally a
    /// sub-array's shape.
    Fields(Vec<serde_json::Value>),
}

/// The distribution of one dimension, as one process states it.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
#[schemars(rename = "Dimension")]
pub enum DimensionSchema {
    /// Distributed.
    Distributed(Distributed),
    /// `{}`: not distributed, one process along the dimension holds it all.
    Undistributed(#[schemars(extend("maxProperties" = 0))] BTreeMap<String, serde_json::Value>),
}

/// A dimension by its distribution type.
#[derive(Debug, JsonSchema)]
#[schemars(tag = "dist_type")]
pub enum Distributed {
    /// Block: each process holds one range of global indices.
    #[schemars(rename = "b")]
    Block(BlockKeys),
    /// Cyclic and block-cyclic: indices, or blocks of them, are distributed to the processes
    /// cyclically.
    #[schemars(rename = "c")]
    Cyclic(CyclicKeys),
    /// Unstructured: each process lists its global indices.
    #[schemars(rename = "u")]
    Unstructured(UnstructuredKeys),
    /// Undistributed, in version 0.9 only.
    #[schemars(rename = "n")]
    Undistributed(UndistributedKeys),
}

/// The keys of every distributed dimension.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "Common")]
pub struct CommonKeys {
    /// The number of global indices, boundary padding included.
    pub size: Natural,
    /// The number of processes along the dimension.
    pub proc_grid_size: Positive,
    /// This process's coordinate along the dimension, below `proc_grid_size`.
    pub proc_grid_rank: Natural,
}

/// `dist_type` 'b'.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "Block")]
pub struct BlockKeys {
    /// The keys of every distributed dimension.
    #[schemars(flatten)]
    pub common: CommonKeys,
    /// The first global index held, padding included.
    pub start: Natural,
    /// The global index behind the last one held, padding included.
    pub stop: Natural,
    /// The widths of the padding below and above.
    #[schemars(with = "[Natural; 2]", skip_serializing_if = "Option::is_none")]
    pub padding: Option<[Natural; 2]>,
    /// Whether the ends of the dimension are neighbours.
    #[schemars(with = "bool", skip_serializing_if = "Option::is_none")]
    pub periodic: Option<bool>,
}

/// `dist_type` 'c'.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "Cyclic")]
pub struct CyclicKeys {
    /// The keys of every distributed dimension.
    #[schemars(flatten)]
    pub common: CommonKeys,
    /// The first global index that the process owns.
    pub start: Natural,
    /// The number of consecutive indices in a block; 1 without it.
    #[schemars(with = "Positive", skip_serializing_if = "Option::is_none")]
    pub block_size: Option<Positive>,
}

/// `dist_type` 'u'.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "Unstructured")]
pub struct UnstructuredKeys {
    /// The keys of every distributed dimension.
    #[schemars(flatten)]
    pub common: CommonKeys,
    /// The global index of each local element, in local order.
    pub indices: Vec<i64>,
    /// Whether no index is on two processes; false without it.
    #[schemars(with = "bool", skip_serializing_if = "Option::is_none")]
    pub one_to_one: Option<bool>,
}

/// `dist_type` 'n' of version 0.9.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "Undistributed")]
pub struct UndistributedKeys {
    /// The number of global indices.
    pub size: Natural,
    /// The widths of the padding below and above.
    #[schemars(with = "[Natural; 2]", skip_serializing_if = "Option::is_none")]
    pub padding: Option<[Natural; 2]>,
}
