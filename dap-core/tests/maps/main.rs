//! The index maps against an oracle that lists every index.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod any;
mod block;
mod cyclic;
mod cyclic_slice;
mod described;
mod extremes;
mod intersections;
mod layouts;
mod oracle;
mod unstructured;
