//! Reading exports from JSON text, finding places in it again, and writing them.
//!
//! [`read`] turns one rank's text into an [`Export`]. It never fails half-way: what could be read
//! is kept, and what was wrong with the text itself (a duplicate key, a syntax error) is in the
//! export's `problems`. [`split`] says whether a document is one export or a bundle of all ranks'.
//! A [`Locator`] finds [`Place`](crate::finding::Place)s in the text.
//!
//! The tokens are read by [`jiter`], which is strict about JSON and fast; this module knows the
//! protocol's keys.
//!
//! ```
//! use dap_core::json;
//! let text = br#"{"__version__": "0.10.0", "buffer": {"dtype": "<f8", "shape": [10]}, "dim_data": [{}]}"#;
//! let export = json::read(text);
//! assert_eq!(export.extent(0), Some(10));
//! assert!(export.problems.is_empty());
//! ```

mod locate;
mod reader;
mod split;
mod syntax;
mod tokens;
mod write;

pub use locate::{Locator, locate};
pub use split::{Document, lines, split};
pub use write::{write, write_into};

use crate::export::Export;
use tokens::Reader;

/// Values nested deeper than this are refused: an export needs four levels.
pub const MAX_DEPTH: usize = 64;

/// Reads one rank's export.
#[must_use]
pub fn read(text: &[u8]) -> Export {
    Reader::new(text).export()
}
