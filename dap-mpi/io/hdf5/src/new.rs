//! Descriptions of datasets that are to be created.

use dap_core::dtype::DType;

/// A dataset that is to be created.
#[derive(Debug, Clone)]
pub struct NewDataset {
    /// The type of the items.
    pub dtype: DType,
    /// The extents.
    pub shape: Vec<u64>,
    /// The largest extents, `None` for one without a limit; none at all for a dataset that cannot
    /// grow.
    pub max_shape: Option<Vec<Option<u64>>>,
    /// The chunks; `None` for consecutive elements in C order.
    pub chunked: Option<NewChunks>,
}

/// The chunks of a dataset that is to be created.
#[derive(Debug, Clone)]
pub struct NewChunks {
    /// The extents of a chunk, each at least 1.
    pub extents: Vec<u64>,
    /// The level of the filter deflate, from 0 to 9.
    pub deflate: Option<u32>,
    /// Whether the bytes of items are shuffled before.
    pub shuffle: bool,
}
