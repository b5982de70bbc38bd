//! `show --output-format json`: the distribution for programs; its schema is
//! `spec/schema/show.schema.json`.
//!
//! The version grows when a field changes its meaning or is removed; fields may be added at any
//! time. Ranks and slices are written one by one, so a million ranks need no memory.

use dap_core::dim::Dim;
use dap_core::dtype::DType;
use dap_core::index::{GridRank, Rank};
use dap_core::layout::Layout;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::super::memory;
use super::super::slices::{PieceJson, PieceList};
use crate::input::CheckedSet;
use crate::item_type;
use crate::stored::StoredArray;
use dap_report::{ArrayFacts, printable};

/// The output of `dap-validate show --output-format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Show")]
pub(crate) struct ShowJson {
    /// The version of this form: 1.
    pub(super) version: u32,
    /// The arrays, in the order of the arguments.
    pub(super) arrays: Vec<ShownArray>,
}

/// One array.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Array")]
pub(crate) struct ShownArray {
    /// The path as given, or `<stdin>`.
    name: String,
    /// Whether no error was found in the exports that are there.
    valid: bool,
    /// The item type: NumPy's typestr, or the fields of a struct; null if it is not known.
    dtype: Option<Value>,
    /// The number of bytes of an item; null if it is not known.
    itemsize: Option<i64>,
    /// The memory order of the buffers, in words; null if no rank states it.
    memory: Option<String>,
    /// The edition of the protocol: 0.10 or 0.9; null if it is not known.
    protocol: Option<String>,
    /// The distribution; null if the array is not valid or some of its ranks are missing, or if a
    /// file describes none.
    distribution: Option<DistributionJson>,
    /// The file of an array that is stored in another format than exports.
    #[serde(skip_serializing_if = "Option::is_none")]
    stored: Option<StoredJson>,
}

/// An array in a file.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Stored")]
pub(crate) struct StoredJson {
    /// The name of the format.
    format: String,
    /// The extents.
    shape: Vec<i64>,
    /// The extents of a chunk; null without chunks, or without a regular grid of them.
    chunk: Option<Vec<i64>>,
    /// The names of the codecs, in the order in which they encode; null without chunks.
    codecs: Option<Vec<String>>,
}

/// The distribution of a valid array whose ranks are all present.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Distribution")]
pub(crate) struct DistributionJson {
    /// Shape, grid and dimensions.
    #[serde(flatten)]
    facts: ArrayFacts,
    /// The number of processes.
    processes: i64,
    /// The ranks in order.
    #[schemars(with = "Vec<RankJson>")]
    ranks: RankList,
}

/// All ranks of an array, as a list of [`RankJson`].
#[derive(Debug)]
struct RankList(Layout);

/// One rank's section.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Rank")]
struct RankJson {
    /// The rank.
    rank: i64,
    /// Its place in the process grid.
    coordinates: Vec<i64>,
    /// The shape of its buffer, padding included.
    local_shape: Vec<i64>,
    /// The number of indices that it owns along each dimension.
    owned_shape: Vec<i64>,
    /// Along each dimension, the widths of the communication padding below and above, which holds
    /// copies of other ranks' elements.
    padding: Vec<[i64; 2]>,
    /// Along each dimension, the indices that it owns. The owned elements are the products: one
    /// piece of each dimension.
    #[schemars(with = "Vec<Vec<PieceJson>>")]
    owned: Vec<PieceList>,
}

impl ShownArray {
    pub(super) fn new(checked: &CheckedSet) -> Self {
        let report = &checked.report;
        let distribution = report.layout.as_ref().map(|layout| DistributionJson::new(layout, report.dtype.as_ref()));
        Self {
            name: printable(&checked.name),
            valid: report.is_valid(),
            dtype: report.dtype.as_ref().and_then(item_type::to_value),
            itemsize: report.dtype.as_ref().map(DType::itemsize),
            memory: memory::of(checked),
            protocol: report.edition.map(|edition| edition.to_string()),
            distribution,
            stored: None,
        }
    }

    pub(super) fn of_stored(name: &str, array: &StoredArray) -> Self {
        let dtype = array.dtype.as_ref().ok();
        Self {
            name: printable(name),
            valid: true,
            dtype: dtype.and_then(item_type::to_value),
            itemsize: dtype.map(DType::itemsize),
            memory: Some(array.order.to_owned()),
            protocol: None,
            distribution: array.layout.as_ref().map(|layout| DistributionJson::new(layout, dtype)),
            stored: Some(StoredJson {
                format: array.format.to_owned(),
                shape: array.shape.clone(),
                chunk: array.chunk.clone(),
                codecs: array.codecs.clone(),
            }),
        }
    }
}

impl DistributionJson {
    fn new(layout: &Layout, dtype: Option<&DType>) -> Self {
        Self { facts: ArrayFacts::new(layout, dtype), processes: layout.processes(), ranks: RankList(layout.clone()) }
    }
}

impl Serialize for RankList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.0.processes()).filter_map(|rank| RankJson::new(&self.0, Rank(rank))))
    }
}

impl RankJson {
    fn new(layout: &Layout, rank: Rank) -> Option<Self> {
        let coordinates = layout.grid().coordinates(rank)?;
        Some(Self {
            rank: rank.0,
            local_shape: layout.local_shape(rank)?,
            owned_shape: layout.owned_shape(rank)?,
            padding: layout.dims().iter().zip(&coordinates).map(|(dim, &at)| padding(dim, at)).collect(),
            owned: layout.runs(rank)?.into_iter().map(PieceList).collect(),
            coordinates: coordinates.into_iter().map(|coordinate| coordinate.0).collect(),
        })
    }
}

/// The widths of communication padding.
fn padding(dim: &Dim, rank: GridRank) -> [i64; 2] {
    let Dim::Block(block) = dim else { return [0, 0] };
    let section = block.section(rank);
    [section.comm_lo, section.comm_hi]
}
