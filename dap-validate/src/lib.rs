//! `dap-validate`: checks exports of the Distributed Array Protocol, alone or across all ranks.
//!
//! The path of a run: [`cli`] reads the arguments, [`input`] finds the files and checks them with
//! `dap-core`. `dap-report` turns the results into messages, places and excerpts of the files, and
//! writes them in one of its formats.
//!
//! | task | here |
//! |---|---|
//! | the arguments and exit codes | [`cli`] |
//! | the commands | [`command`] |
//! | sets of exports, read and checked | [`input`] |
//! | JSON Schemas of the files | [`schema`] |
//! | the items of arrays in files | `values` |
//! | arrays in files of other formats | `stored` |
#![forbid(unsafe_code)]

pub mod cli;
pub mod command;
pub mod input;
mod item_type;
mod printed;
mod program;
pub mod schema;
mod stored;
mod values;

pub use program::run;
