//! The checker: one export, or all ranks together.
//!
//! A [`Checker`] takes one rank after another and reads each only once. The check of a rank by
//! itself ([`Checker::local`]) needs no other rank, so it may run on any thread. [`Checker::push`]
//! then adds the ranks in rank order, and [`Checker::finish`] reports mistakes across them or, if
//! there are none, returns the array's [`Layout`](crate::layout::Layout). Work and memory grow with
//! the number of ranks and of listed indices, never with the size of the array or with a number
//! that an export declares.
//!
//! ```
//! use dap_core::check::{Checker, Profile, Ranks};
//! use dap_core::export::{DimDict, Export};
//! use dap_core::index::Rank;
//!
//! let mut checker = Checker::new(Profile::Auto);
//! for (r, (start, stop)) in [(0, 5), (6, 10)].into_iter().enumerate() {
//!     let dim = DimDict::block(10, start, stop).on_grid(r as i64, 2);
//!     let local = checker.local(&Export::new("<f8", vec![stop - start], vec![dim]));
//!     checker.push(Some(Rank(r as i64)), local);
//! }
//! let report = checker.finish(Ranks::All);
//! let message = report.diagnostics[0].finding.message();
//! assert_eq!(message, "no rank owns index 5: grid rank 0 owns 0 to 4, grid rank 1 owns 6 to 9");
//! ```

mod across;
mod aliasing;
mod block;
mod buffer;
mod cyclic;
mod dictionary;
mod export;
mod key_values;
mod local;
mod majority;
mod plain;
mod reference;
mod section;
mod unknown_keys;
mod unstructured;

pub use across::{Checker, Holding, Ranks, Report, Stated, StatedDim, StatedPart};
pub use local::Local;
pub use reference::{Outcome, reference_outcome};

use crate::layout::Edition;

/// The rules to check by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Profile {
    /// The protocol's text and our calls, of version 0.10 or 0.9 as the export says.
    #[default]
    Auto,
    /// `Auto`, and what is only recommended.
    Strict,
    /// Nothing but the verdict of the 2014 validator, mistakes included, for comparison.
    Reference010,
}
