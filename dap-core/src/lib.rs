//! The Distributed Array Protocol (DAP): on each process one buffer, plus one small dictionary per dimension.
#![forbid(unsafe_code)]
// Whatever the input, this crate does not panic.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

pub mod check;
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
pub mod ranks;
pub mod rules;
pub mod runs;
#[cfg(any(test, feature = "proptest"))]
pub mod strategy;
