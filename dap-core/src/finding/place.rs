//! Where in an export something lies: a key, an item of its list, or bytes of its text.

use std::fmt::Write as _;
use std::ops::Range;

/// A part of an export that a finding can point at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the variants are the protocol's keys, and the export file's")]
pub enum Key {
    Export,
    Version,
    Buffer,
    Dtype,
    Shape,
    Strides,
    Data,
    Offset,
    DimData,
    /// A whole dimension dictionary.
    Dim,
    DistType,
    Size,
    ProcGridSize,
    ProcGridRank,
    Start,
    Stop,
    Padding,
    Periodic,
    BlockSize,
    Indices,
    OneToOne,
    /// A key that the protocol does not have.
    Unknown,
    /// A key that a buffer's description does not have.
    UnknownInBuffer,
}

impl Key {
    /// Whether the key lies in the buffer's description.
    #[must_use]
    pub fn is_in_buffer(self) -> bool {
        matches!(self, Self::Dtype | Self::Shape | Self::Strides | Self::Data | Self::Offset | Self::UnknownInBuffer)
    }

    /// The key as it is written in an export; nothing for a whole export or dictionary.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Export | Self::Dim | Self::Unknown | Self::UnknownInBuffer => "",
            Self::Version => "__version__",
            Self::Buffer => "buffer",
            Self::Dtype => "dtype",
            Self::Shape => "shape",
            Self::Strides => "strides",
            Self::Data => "data",
            Self::Offset => "offset",
            Self::DimData => "dim_data",
            Self::DistType => "dist_type",
            Self::Size => "size",
            Self::ProcGridSize => "proc_grid_size",
            Self::ProcGridRank => "proc_grid_rank",
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Padding => "padding",
            Self::Periodic => "periodic",
            Self::BlockSize => "block_size",
            Self::Indices => "indices",
            Self::OneToOne => "one_to_one",
        }
    }
}

/// Where in one rank's export a finding lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The dimension, for what lies in a dimension dictionary.
    pub dim: Option<usize>,
    /// The key, or the whole.
    pub key: Key,
    /// An item of the key's list.
    pub item: Option<usize>,
    /// The bytes of the rank's text, where the reader saw something that no key names: a syntax
    /// error, an unknown key.
    pub span: Option<Range<usize>>,
    /// The name of an unknown key.
    pub name: Option<Box<str>>,
}

impl Place {
    /// A key of the export, or the whole of it.
    #[must_use]
    pub fn export(key: Key) -> Self {
        Self { dim: None, key, item: None, span: None, name: None }
    }

    /// A key of dimension `dim`'s dictionary.
    #[must_use]
    pub fn dim(dim: usize, key: Key) -> Self {
        Self { dim: Some(dim), ..Self::export(key) }
    }

    /// Item `item` of this place's list.
    #[must_use]
    pub fn item(self, item: usize) -> Self {
        Self { item: Some(item), ..self }
    }

    /// The place as a JSON pointer (RFC 6901), such as `/dim_data/0/start`.
    #[must_use]
    pub fn pointer(&self) -> String {
        let mut pointer = match (self.dim, self.key) {
            (Some(dim), _) => format!("/dim_data/{dim}"),
            (None, key) if key.is_in_buffer() => "/buffer".to_owned(),
            (None, _) => String::new(),
        };
        let key = self.name.as_deref().unwrap_or(self.key.as_str());
        if !key.is_empty() {
            let _ = write!(pointer, "/{}", key.replace('~', "~0").replace('/', "~1"));
        }
        if let Some(item) = self.item {
            let _ = write!(pointer, "/{item}");
        }
        pointer
    }
}
