//! The reference for every implementation of the protocol: a slow, obvious oracle and random
//! layouts.
//!
//! This crate uses no code of the implementations that it checks. The [`oracle`] is written from
//! the protocol's text and lists every index one by one, so that a reader can verify it by eye;
//! tests compare the formulas of other crates with it.
//!
//! - [`model`]: all ranks' exports as plain data, in which every mistake can be written; and as
//!   JSON.
//! - [`oracle`]: the verdict on one export and on an all-rank set, and the true maps of a valid
//!   one.
//! - [`generate`]: random valid sets, as proptest strategies.
//! - [`mutate`]: every single change of a set that a careless producer might make.
//!
//! ```
//! use dap_conformance::model::{DimDict, RankExport};
//! use dap_conformance::oracle::check_set;
//!
//! let rank = |r, start, stop| {
//!     RankExport::new("<f8", vec![stop - start], vec![DimDict::block(10, 2, r, start, stop)])
//! };
//! let good = check_set(&[rank(0, 0, 6), rank(1, 6, 10)]);
//! assert!(good.valid);
//!
//! let gap = check_set(&[rank(0, 0, 5), rank(1, 6, 10)]);
//! assert!(!gap.valid);
//! assert_eq!(gap.reasons[0].rule, "DAP612");
//! ```
#![forbid(unsafe_code)]

pub mod generate;
pub mod model;
pub mod mutate;
pub mod oracle;
