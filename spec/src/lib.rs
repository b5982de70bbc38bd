//! Reads the rule pages of `spec/rules` and writes them in the forms that other programs use.
//!
//! A page is the single source of a rule: identity, severity, message, help and explanation. Three
//! files are generated from the pages: the table that `dap-core` compiles in
//! (`dap-core/src/rules/table.rs`), the catalogue for other tools (`spec/rules.json`) and the index
//! for readers (`spec/rules/README.md`). All three are checked in; `cargo run -p dap-spec` writes
//! them, and `cargo test -p dap-spec` fails if one of them differs from the pages.
#![forbid(unsafe_code)]

mod outputs;
mod page;

pub use outputs::{Output, outputs};
pub use page::{PageError, RulePage, read_pages};

use std::path::PathBuf;

/// The root of the workspace, two levels above this crate's sources.
#[must_use]
pub fn workspace_root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
