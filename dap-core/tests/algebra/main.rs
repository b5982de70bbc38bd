//! The layout algebra against an oracle that moves indices one by one.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod assemblies;
mod dense;
mod diagonals;
mod exports;
mod large;
mod masks;
mod operands;
mod plans;
mod reductions;
mod takes;
mod views;
