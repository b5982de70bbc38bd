//! Programs against the oracle, over random graphs, shapes, strides, types, and ways to run.

mod graphs;
mod memory;
mod special;
