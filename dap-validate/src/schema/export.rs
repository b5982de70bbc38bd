//! The layout of export files, in a form from which their schemas are made.

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// One process's part of a distributed array, by the Distributed Array Protocol 0.10 (or 0.9).
#[derive(Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Export {
    /// The version of the protocol.
    #[schemars(rename = "__version__", regex(pattern = r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$"))]
    pub version: String,
    /// The local section, described.
    pub buffer: Buffer,
    /// One dictionary for each dimension, in order; none for an array without dimensions.
    pub dim_data: Vec<Dimension>,
}

/// All processes' exports in one document.
#[derive(Debug, JsonSchema)]
pub struct Bundle {
    /// The exports in order of rank.
    pub ranks: Vec<Export>,
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
pub struct Buffer {
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
    /// Where the items begin in a raw file, in bytes.
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

/// How one dimension is distributed, as one process sees it.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Dimension {
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
    Block(Block),
    /// Cyclic and block-cyclic: indices, or blocks of them, are dealt to the processes in turn.
    #[schemars(rename = "c")]
    Cyclic(Cyclic),
    /// Unstructured: each process lists its global indices.
    #[schemars(rename = "u")]
    Unstructured(Unstructured),
    /// Undistributed, in version 0.9 only.
    #[schemars(rename = "n")]
    Undistributed(Undistributed),
}

/// What every distributed dimension has.
#[derive(Debug, JsonSchema)]
pub struct Common {
    /// The number of global indices, boundary padding included.
    pub size: Natural,
    /// The number of processes along the dimension.
    pub proc_grid_size: Positive,
    /// This process's coordinate along the dimension, below `proc_grid_size`.
    pub proc_grid_rank: Natural,
}

/// `dist_type` 'b'.
#[derive(Debug, JsonSchema)]
pub struct Block {
    /// What every distributed dimension has.
    #[schemars(flatten)]
    pub common: Common,
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
pub struct Cyclic {
    /// What every distributed dimension has.
    #[schemars(flatten)]
    pub common: Common,
    /// The first global index that the process owns.
    pub start: Natural,
    /// How many consecutive indices are dealt at a time; 1 without it.
    #[schemars(with = "Positive", skip_serializing_if = "Option::is_none")]
    pub block_size: Option<Positive>,
}

/// `dist_type` 'u'.
#[derive(Debug, JsonSchema)]
pub struct Unstructured {
    /// What every distributed dimension has.
    #[schemars(flatten)]
    pub common: Common,
    /// The global index of each local element, in local order.
    pub indices: Vec<i64>,
    /// Whether no index is on two processes; false without it.
    #[schemars(with = "bool", skip_serializing_if = "Option::is_none")]
    pub one_to_one: Option<bool>,
}

/// `dist_type` 'n' of version 0.9.
#[derive(Debug, JsonSchema)]
pub struct Undistributed {
    /// The number of global indices.
    pub size: Natural,
    /// The widths of the padding below and above.
    #[schemars(with = "[Natural; 2]", skip_serializing_if = "Option::is_none")]
    pub padding: Option<[Natural; 2]>,
}
