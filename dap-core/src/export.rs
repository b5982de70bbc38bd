//! An export as it was written, every mistake still visible.
//!
//! These are the raw types: an [`Export`] can hold nonsense, and reading one never fails half-way.
//! A missing key stays missing, and a value of a wrong type is kept as a description of what was
//! [`Found`] there. The [checker](crate::check) checks it; only the checker makes a
//! [`Layout`](crate::layout::Layout).
//!
//! ```
//! use dap_core::export::{DimDict, DistType, Export, Field};
//! let mut dim = DimDict::block(10, 0, 10);
//! dim.stop = Field::Missing;
//! let export = Export::new("<f8", vec![10], vec![dim]);
//! assert!(matches!(&export.dim_data.get().unwrap()[0], Field::Is(d) if d.dist_type == Field::Is(DistType::Block)));
//! ```

mod field;
mod restate;
mod strides;
mod version;

pub(crate) use field::shorten;
pub use field::{Field, Found};
pub use strides::dense_strides;
pub use version::Version;

use std::ops::Range;
use std::sync::Arc;

use crate::dtype::{DType, DTypeError};
use crate::finding::Finding;

/// One rank's export: version, description of the buffer, one dictionary per dimension.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Export {
    /// `__version__`, where it is a string `major.minor.patch`.
    pub version: Field<Version>,
    /// `buffer`, described by its item type, shape and strides.
    pub buffer: Field<Buffer>,
    /// `dim_data`: an entry is [`Field::Wrong`] where it is no dictionary.
    pub dim_data: Field<Vec<Field<DimDict>>>,
    /// Keys that an export does not have.
    pub unknown: UnknownKeys,
    /// Problems that the reader saw and that the fields above cannot show: a duplicate key, a
    /// syntax error.
    pub problems: Vec<Finding>,
    /// Whether the whole text was read. If not, a missing key says nothing.
    pub complete: bool,
}

/// The local buffer, described.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Buffer {
    /// The item type; an error of the type's own is kept beside the text.
    pub dtype: Field<Result<DType, DTypeError>>,
    /// The extents, one per dimension.
    pub shape: Field<Vec<i64>>,
    /// The strides in bytes; missing means C order.
    pub strides: Field<Vec<i64>>,
    /// The file that holds the items, relative to the export's own.
    pub data: Field<Box<str>>,
    /// Where the items begin in a raw data file, in bytes.
    pub offset: Field<i64>,
    /// Keys that a buffer does not have.
    pub unknown: UnknownKeys,
}

/// The value of `dist_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DistType {
    /// `b`
    Block,
    /// `c`
    Cyclic,
    /// `u`
    Unstructured,
    /// `n`, of version 0.9
    Undistributed,
}

impl DistType {
    /// The type that a letter of the protocol means.
    #[must_use]
    pub fn from_letter(letter: &str) -> Option<Self> {
        Some(match letter {
            "b" => Self::Block,
            "c" => Self::Cyclic,
            "u" => Self::Unstructured,
            "n" => Self::Undistributed,
            _ => return None,
        })
    }

    /// The protocol's letter.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::Block => "b",
            Self::Cyclic => "c",
            Self::Unstructured => "u",
            Self::Undistributed => "n",
        }
    }
}

/// A dimension dictionary.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(missing_docs, reason = "the fields are the protocol's keys")]
pub struct DimDict {
    pub dist_type: Field<DistType>,
    pub size: Field<i64>,
    pub proc_grid_size: Field<i64>,
    pub proc_grid_rank: Field<i64>,
    pub start: Field<i64>,
    pub stop: Field<i64>,
    pub padding: Field<[i64; 2]>,
    pub periodic: Field<bool>,
    pub block_size: Field<i64>,
    pub indices: Field<Arc<[i64]>>,
    pub one_to_one: Field<bool>,
    /// Keys that the protocol does not have.
    pub unknown: UnknownKeys,
}

/// Keys that do not belong: the first few by name, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnknownKeys(Option<Box<(Vec<UnknownKey>, usize)>>);

/// A key that does not belong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// The key, shortened when it is very long.
    pub name: Box<str>,
    /// Its bytes in the rank's text, where there is a text.
    pub span: Option<Range<usize>>,
    /// Its value, where there is no text that shows it.
    pub value: Option<Found>,
}

impl UnknownKeys {
    /// The most keys that are kept by name: a million of them must not cost a million names.
    const KEPT: usize = 8;
    const LONGEST: usize = 80;

    /// Adds a key of a text.
    pub fn add(&mut self, name: &str, span: Range<usize>) {
        self.push(name, |name| UnknownKey { name, span: Some(span), value: None });
    }

    /// Adds a key that stands in no text, with its value.
    pub fn add_value(&mut self, name: &str, value: Found) {
        self.push(name, |name| UnknownKey { name, span: None, value: Some(value) });
    }

    fn push(&mut self, name: &str, key: impl FnOnce(Box<str>) -> UnknownKey) {
        let (kept, count) = &mut **self.0.get_or_insert_default();
        *count += 1;
        if kept.len() < Self::KEPT {
            let short: String = name.chars().take(Self::LONGEST).collect();
            kept.push(key(short.into()));
        }
    }

    /// The keys kept by name.
    #[must_use]
    pub fn kept(&self) -> &[UnknownKey] {
        self.0.as_ref().map_or(&[], |unknown| &unknown.0)
    }

    /// How many there are in all.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.as_ref().map_or(0, |unknown| unknown.1)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl Export {
    /// An export of version 0.10.0 with a C-ordered buffer. `dtype` as in an export file, `shape`
    /// in items.
    #[must_use]
    pub fn new(dtype: &str, shape: Vec<i64>, dim_data: Vec<DimDict>) -> Self {
        let buffer = Buffer { dtype: Field::Is(DType::parse(dtype)), shape: Field::Is(shape), ..Buffer::default() };
        Self {
            version: Field::Is(Version::V0_10),
            buffer: Field::Is(buffer),
            dim_data: Field::Is(dim_data.into_iter().map(Field::Is).collect()),
            complete: true,
            ..Self::default()
        }
    }

    /// The extent of the buffer in dimension `dim`, if it has one.
    #[must_use]
    pub fn extent(&self, dim: usize) -> Option<i64> {
        self.buffer.get()?.shape.get()?.get(dim).copied()
    }
}

impl DimDict {
    /// A block on a grid of one process: change the fields for others.
    #[must_use]
    pub fn block(size: i64, start: i64, stop: i64) -> Self {
        Self { start: Field::Is(start), stop: Field::Is(stop), ..Self::common(DistType::Block, size) }
    }

    /// A cyclic dimension on a grid of one process: change the fields for others.
    #[must_use]
    pub fn cyclic(size: i64, block_size: i64) -> Self {
        let block_size = if block_size == 1 { Field::Missing } else { Field::Is(block_size) };
        Self { start: Field::Is(0), block_size, ..Self::common(DistType::Cyclic, size) }
    }

    /// An unstructured dimension on a grid of one process: change the fields for others.
    #[must_use]
    pub fn unstructured(size: i64, indices: impl Into<Arc<[i64]>>) -> Self {
        Self { indices: Field::Is(indices.into()), ..Self::common(DistType::Unstructured, size) }
    }

    /// The same dictionary at another place of the grid.
    #[must_use]
    pub fn on_grid(self, proc_grid_rank: i64, proc_grid_size: i64) -> Self {
        Self { proc_grid_rank: Field::Is(proc_grid_rank), proc_grid_size: Field::Is(proc_grid_size), ..self }
    }

    fn common(dist_type: DistType, size: i64) -> Self {
        Self { dist_type: Field::Is(dist_type), size: Field::Is(size), ..Self::default() }.on_grid(0, 1)
    }

    /// Whether this is `{}`, the alias for an undistributed dimension.
    #[must_use]
    pub fn is_alias(&self) -> bool {
        self.dist_type.is_missing()
            && self.size.is_missing()
            && self.proc_grid_size.is_missing()
            && self.proc_grid_rank.is_missing()
            && self.start.is_missing()
            && self.stop.is_missing()
            && self.padding.is_missing()
            && self.periodic.is_missing()
            && self.block_size.is_missing()
            && self.indices.is_missing()
            && self.one_to_one.is_missing()
            && self.unknown.is_empty()
    }

    /// Whether this and `whole`, of the same version and beside the same buffer, describe the same
    /// part of the same dimension. A key that is missing here has its default; nothing is missing
    /// in `whole`, as in what [`Dim::dim_dict`](crate::dim::Dim::dim_dict) makes.
    #[must_use]
    pub fn is_part_like(&self, whole: &Self) -> bool {
        let number = |field: &Field<i64>, default| field.get().copied().unwrap_or(default);
        let padding = |dict: &Self| *dict.padding.get().unwrap_or(&[0, 0]);
        let same_grid = number(&self.proc_grid_size, 1) == number(&whole.proc_grid_size, 1)
            && number(&self.proc_grid_rank, 0) == number(&whole.proc_grid_rank, 0);
        let same_size = self.size == whole.size;
        let same_padding = padding(self) == padding(whole)
            && self.periodic.get().unwrap_or(&false) == whole.periodic.get().unwrap_or(&false);
        match (self.dist_type.get(), whole.dist_type.get()) {
            // A whole dimension: all of the buffer's extent.
            (None, Some(DistType::Block)) => same_grid && self.is_alias() && same_padding,
            (Some(DistType::Undistributed), Some(DistType::Block)) => same_grid && same_size && same_padding,
            (mine, theirs) => {
                mine == theirs
                    && same_grid
                    && same_size
                    && same_padding
                    && (self.start.is_missing() || self.start == whole.start)
                    && (self.stop.is_missing() || self.stop == whole.stop)
                    && number(&self.block_size, 1) == number(&whole.block_size, 1)
                    && self.indices == whole.indices
            }
        }
    }
}
