//! The Distributed Array Protocol (DAP): on each process one buffer, plus one small dictionary per dimension.
#![forbid(unsafe_code)]

pub mod dim;
pub mod dtype;
pub mod error;
pub mod grid;
pub mod index;
pub mod layout;
pub mod runs;
