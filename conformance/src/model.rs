//! All ranks' exports as plain data, in which every mistake can be written.
//!
//! An all-rank set is a slice of [`RankExport`]; the position is the rank. Nothing is checked here:
//! a [`DimDict`] holds any value under any key, also the same key twice. The text form is in
//! [`RankExport::to_json`], [`bundle`] and [`ndjson`].
//!
//! ```
//! use dap_conformance::model::{DimDict, RankExport, Value};
//!
//! let mut dict = DimDict::block(4, 1, 0, 0, 4);
//! dict.set("size", Value::Text("four".into()));
//! let export = RankExport::new("<f8", vec![4], vec![dict]);
//! assert!(export.to_json().contains(r#""size":"four""#));
//! ```

mod dict;
mod json;

use std::fmt;

pub use dict::{DimDict, Value};
pub use json::{bundle, ndjson};

/// The export of one process, its buffer described instead of held.
#[derive(Clone, PartialEq)]
pub struct RankExport {
    /// `__version__`.
    pub version: String,
    /// The buffer's item type, a NumPy typestr.
    pub dtype: String,
    /// The buffer's extents, in elements.
    pub shape: Vec<i64>,
    /// The buffer's strides in bytes; absent means C order.
    pub strides: Option<Vec<i64>>,
    /// Keys of the buffer about its data file, `data` and `offset`, with any values.
    pub file: Vec<(String, Value)>,
    /// One dictionary for each dimension.
    pub dim_data: Vec<DimDict>,
    /// Keys beside the export's three: always a mistake.
    pub extra: Vec<(String, Value)>,
}

impl RankExport {
    /// An export of version 0.10.0 with a C-ordered buffer.
    pub fn new(dtype: &str, shape: Vec<i64>, dim_data: Vec<DimDict>) -> RankExport {
        RankExport {
            version: "0.10.0".into(),
            dtype: dtype.into(),
            shape,
            strides: None,
            file: Vec::new(),
            dim_data,
            extra: Vec::new(),
        }
    }

    /// The same export under another version.
    pub fn with_version(mut self, version: &str) -> RankExport {
        self.version = version.into();
        self
    }

    /// The same export with strides in bytes.
    pub fn with_strides(mut self, strides: Vec<i64>) -> RankExport {
        self.strides = Some(strides);
        self
    }
}

/// Shown as its JSON, so that a failing case can be pasted into a file and checked by hand.
impl fmt::Debug for RankExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}
