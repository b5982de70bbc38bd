//! Arrays beside an oracle, for the tests of the array and of the crates on it.
//!
//! | task | here |
//! |---|---|
//! | a test program that launches itself, with cases that each rank runs | [`run`] |
//! | an array of `f64` and the same elements on each rank | [`Twin`] |
//! | the elements of an array beside the expected ones | [`check`], [`check_items`] |
//! | random shapes, placements, and views by Python's rules | [`shapes`], [`placements_of`], [`steps`] |
//!
//! [`dap_launch`] has the variables that choose launches and cases.

mod launch;
mod python;
mod twin;

pub use launch::{Case, run};
pub use python::{Step, indices, steps};
pub use twin::{Twin, check, check_items, extents, placements_of, ranks_of, shapes, shares_elements, value};
