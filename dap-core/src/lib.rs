//! The Distributed Array Protocol (DAP): on each process one buffer, plus one small dictionary per
//! dimension.
//!
//! | task | here |
//! |---|---|
//! | an export as it was written, every mistake still visible | [`export`], read from text by [`json`] |
//! | what is wrong with one rank's export, or with all ranks' together | [`check`], in the words of [`rules`] as a [`finding`] |
//! | an array that is right: owners, local and global indices, counts | [`layout`], of a [`dim`] each over a [`grid`] |
//! | all that a process owns, without listing it | [`runs`] |
//! | what goes where when an array moves, is reshaped, or fills its padding | [`plan`] |
//! | how long that takes on a described machine | [`cost_model`] |
//! | item types: NumPy's type strings, PEP-3118 formats, lists of fields | [`dtype`] |
//!
//! From the text of every rank to the owner of an element:
//!
//! ```
//! use dap_core::check::{Checker, Profile, Ranks};
//! use dap_core::index::{GlobalIndex, LocalIndex, Rank};
//! use dap_core::json;
//!
//! // Ten items in two blocks.
//! let texts = [(0, 5), (5, 10)].into_iter().enumerate().map(|(rank, (start, stop))| {
//!     format!(
//!         r#"{{"__version__": "0.10.0", "buffer": {{"dtype": "<f8", "shape": [5]}}, "dim_data": [{{"dist_type": "b",
//!             "size": 10, "proc_grid_size": 2, "proc_grid_rank": {rank}, "start": {start}, "stop": {stop}}}]}}"#
//!     )
//! });
//! let mut checker = Checker::new(Profile::Auto);
//! for (rank, text) in (0..).zip(texts) {
//!     let local = checker.local(&json::read(text.as_bytes()));
//!     checker.push(Some(Rank(rank)), local);
//! }
//! let report = checker.finish(Ranks::All);
//! assert!(report.diagnostics.is_empty());
//! let layout = report.layout.ok_or("all ranks are here, and nothing is wrong")?;
//! assert_eq!(layout.owner(&[GlobalIndex(7)]), Some((Rank(1), vec![LocalIndex(2)])));
//! # Ok::<(), &str>(())
//! ```
//!
//! # Limits
//!
//! The crate knows no file, no process, no communicator and no foreign pointer. Nothing panics on
//! any input, all arithmetic on numbers from outside is checked, and nothing is allocated in
//! proportion to a number that was found, only to what was written. Sizes, indices and ranks are
//! signed 64-bit integers; an array has at most 2^63 - 1 elements.
#![forbid(unsafe_code)]
// This crate does not panic on any input.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

pub mod algebra;
mod bit_set;
pub mod check;
pub mod cost_model;
pub mod dim;
pub mod dtype;
pub mod error;
pub mod export;
pub mod finding;
pub mod grid;
pub mod index;
pub mod json;
pub mod layout;
pub mod plan;
#[cfg(any(test, feature = "proptest"))]
pub mod random_layouts;
pub mod ranks;
pub mod rules;
pub mod runs;
