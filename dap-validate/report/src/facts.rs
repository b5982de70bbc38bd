//! Facts about a valid array: shape, grid, and the distribution of each dimension.

use dap_core::dim::Dim;
use dap_core::dtype::DType;
use dap_core::index::GridRank;
use dap_core::layout::Layout;
use serde::Serialize;

use crate::OwnedCounts;

/// A valid array whose ranks are all present.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ArrayFacts {
    /// The extents of the whole array.
    pub shape: Vec<i64>,
    /// The number of elements.
    pub elements: i64,
    /// The size of all elements in bytes, padding not counted; absent if it exceeds 2^63 - 1 or the
    /// item type is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<i64>,
    /// The extents of the process grid.
    pub grid: Vec<i64>,
    /// The distribution in one line, such as `(16, 16) over 2x2: block(8), cyclic(2)`.
    pub layout: String,
    /// Each dimension in order.
    pub dimensions: Vec<DimensionFacts>,
}

/// One dimension of a valid array.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DimensionFacts {
    /// `b`, `c` or `u`; an undistributed dimension is `b` on one process.
    pub dist_type: char,
    /// The number of global indices.
    pub size: i64,
    /// The number of processes along the dimension.
    pub proc_grid_size: i64,
    /// The distribution in words, such as `block(8) halo 1`.
    pub distribution: String,
    /// Of a cyclic dimension, the number of consecutive indices in each block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_size: Option<i64>,
    /// Whether a block dimension is periodic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub periodic: Option<bool>,
    /// Of a block dimension, the widths of the padding at its two outer ends; the process there
    /// owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boundary_padding: Option<[i64; 2]>,
    /// Of a block dimension, the largest width of the padding at inner edges, which holds copies of
    /// the neighbours' elements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub communication_padding: Option<i64>,
    /// Whether an unstructured dimension has each index on one process only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_to_one: Option<bool>,
    /// The number of indices that the processes own.
    pub owned: OwnedCounts,
}

impl ArrayFacts {
    /// The facts of a layout.
    #[must_use]
    pub fn new(layout: &Layout, dtype: Option<&DType>) -> Self {
        Self {
            shape: layout.shape().to_vec(),
            elements: layout.len(),
            bytes: dtype.and_then(|dtype| layout.len().checked_mul(dtype.itemsize())),
            grid: layout.grid().shape().to_vec(),
            layout: layout.to_string(),
            dimensions: layout.dims().iter().map(DimensionFacts::new).collect(),
        }
    }
}

impl DimensionFacts {
    fn new(dim: &Dim) -> Self {
        let mut facts = Self {
            dist_type: dim.dist_type(),
            size: dim.size(),
            proc_grid_size: dim.grid_size(),
            distribution: dim.to_string(),
            block_size: None,
            periodic: None,
            boundary_padding: None,
            communication_padding: None,
            one_to_one: None,
            owned: OwnedCounts::of(dim),
        };
        match dim {
            Dim::Block(block) => {
                let last = GridRank(block.grid_size() - 1);
                facts.periodic = Some(block.is_periodic());
                facts.boundary_padding =
                    Some([block.section(GridRank(0)).boundary_lo, block.section(last).boundary_hi]);
                let widths = (0..=last.0).map(|rank| {
                    let section = block.section(GridRank(rank));
                    section.comm_lo.max(section.comm_hi)
                });
                facts.communication_padding = Some(widths.max().unwrap_or(0));
            }
            Dim::Cyclic(cyclic) => facts.block_size = Some(cyclic.block_size()),
            Dim::Unstructured(unstructured) => facts.one_to_one = Some(unstructured.is_one_to_one()),
            _ => {}
        }
        facts
    }
}
